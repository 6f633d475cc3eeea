"""While a Mininet file is read, nothing may come of it: no network, no interface, no process.

Mininet's own classes are refused by name, so that the message can name what the file does. What
goes around them is refused where Python meets the kernel (PEP 578), and what goes around Python
(ctypes, a library) meets a network namespace that ends with this process.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from typing import Any, Callable

import mininet.cli
import mininet.link
import mininet.net
import mininet.node
import mininet.util

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
#: Families of sockets by which interfaces are made and frames are sent.
NETLINK, PACKET = 16, 17
PROCESS_EVENTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn",
                  "os.fork", "os.forkpty", "pty.spawn"}
STANDARD = (sysconfig.get_path("stdlib"), "<frozen", "<string>")
INSTALLED = ("/site-packages/", "/dist-packages/")
MININET = os.path.dirname(mininet.util.__file__) + os.sep


class Built(BaseException):
    """The file makes something; no `except Exception` of its own may hide it."""


class Guard:
    """Refuses, and keeps what was refused first: a file may catch the exception."""

    def __init__(self, path: str) -> None:
        self.path = path
        #: `network`, `program` or `socket`, what it was, and the file's line.
        self.refused: dict[str, Any] | None = None
        self.watches = False

    def start(self) -> None:
        """Refuse from here on."""
        for cls in (mininet.net.Mininet, mininet.node.Node, mininet.link.Intf,
                    mininet.link.Link, mininet.cli.CLI):
            cls.__init__ = self.instead_of_init()
        # The only program that a description may need: grep over /proc/cpuinfo.
        mininet.util.numCores.ncores = os.cpu_count() or 1
        self.watch()

    def watch(self) -> None:
        """Refuse what Python asks of the kernel from here on, and no constructors."""
        sys.addaudithook(self.audit)
        self.watches = True

    def stop(self) -> None:
        """Refuse nothing more: what is to be said has to be written."""
        self.watches = False

    def instead_of_init(self) -> Callable[..., None]:
        """A constructor that refuses."""
        def refuse(made: Any, *_arguments: Any, **_options: Any) -> None:
            self.refuse("network", f"{type(made).__name__}(…)")
        return refuse

    def refuse(self, kind: str, what: str) -> None:
        """Keep the first, and raise."""
        if self.refused is None:
            self.refused = {"kind": kind, "what": what, "line": self.line()}
        raise Built(what)

    def line(self) -> int | None:
        """The innermost line of the file that led here."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self.path:
            frame = frame.f_back
        return frame.f_lineno if frame is not None else None

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """What Python is about to ask of the kernel."""
        if not self.watches:
            return
        if event in PROCESS_EVENTS:
            if not of_library():
                self.refuse("program", command_of(event, arguments))
        elif event == "socket.__new__" and arguments[1] in (NETLINK, PACKET):
            self.refuse("socket", "netlink socket" if arguments[1] == NETLINK else "packet socket")
        elif event == "open" and arguments[0] == "/dev/net/tun":
            self.refuse("socket", "tun device (/dev/net/tun)")


def of_library() -> bool:
    """An installed library looks for its parts by programs (`ctypes.util.find_library`)."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        installed = any(part in name for part in INSTALLED)
        if installed or not name.startswith(STANDARD):
            return installed and not name.startswith(MININET)
        frame = frame.f_back
    return False


def command_of(event: str, arguments: tuple[Any, ...]) -> str:
    """The command as a user would type it, in at most 120 characters."""
    if event == "os.system":
        words: Any = arguments[0]
    elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
        words = arguments[1]
    else:
        words = f"{event}()"
    if isinstance(words, (list, tuple)):
        # Of `sh -c command` the command is the useful part.
        words = words[2:] if list(map(text, words[:2])) == ["/bin/sh", "-c"] else words
        words = " ".join(map(text, words))
    return text(words)[:120]


def text(word: Any) -> str:
    """A word of a command."""
    return os.fsdecode(word) if isinstance(word, (bytes, str, os.PathLike)) else str(word)


def leave_network() -> None:
    """Give this process a network namespace of its own where the kernel lets it; nothing of the
    file's is started otherwise, so it continues without."""
    user, group = os.getuid(), os.getgid()
    kinds = NEW_NETWORK if user == 0 else NEW_NETWORK | NEW_USER
    if ctypes.CDLL(None, use_errno=True).unshare(kinds) != 0 or user == 0:
        return
    # Without these the process would run as the user nobody.
    for name, line in (("setgroups", "deny"), ("gid_map", f"{group} {group} 1"),
                       ("uid_map", f"{user} {user} 1")):
        try:
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(line)
        except OSError:
            pass

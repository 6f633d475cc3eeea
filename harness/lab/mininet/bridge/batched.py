"""Mininet's nodes and links, without a process for each thing that they set.

Mininet's own classes start a shell, wait for it, and have it run `ifconfig` and `ip` for every
interface. Here they remain the model (names, ports, addresses, `cmd`), and what they would set one
by one is set for all of them by the network (`network.py`). A node's shell in a namespace starts
beside all others; a shell in the lab's root namespace starts when there is something to run.
"""

from __future__ import annotations

import os
import pty
import select
import subprocess
import termios
from typing import Any

from mininet.link import Intf, Link
from mininet.node import Host

PROMPT = chr(127)


class Batched:
    """Mixed into a class of Mininet's nodes, before it."""

    #: Set by Mininet's node.
    name: str
    inNamespace: bool
    #: While the network is built, commands of Mininet's own are left out: see above.
    under_construction = True
    #: Of the shell, beside the bridge's own.
    environment: dict[str, str] = {}
    prompted = False

    def startShell(self, mnopts: str | None = None) -> None:
        """Start it and go on; a node in the root namespace has none yet."""
        if self.inNamespace or not self.under_construction:
            self.spawn_shell(mnopts)

    def spawn_shell(self, mnopts: str | None = None) -> None:
        """As Mininet's node does it, but what it has its shell run is set before it starts: the
        prompt, no echo, no history and no notice of jobs."""
        self.master, self.slave = pty.openpty()
        settings = termios.tcgetattr(self.slave)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(self.slave, termios.TCSANOW, settings)
        options = mnopts or ("-dn" if self.inNamespace else "-d")
        self.shell = subprocess.Popen(
            ["mnexec", options, "bash", "--norc", "--noediting", "+m", "-is",
             "mininet:" + self.name],
            stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env={**os.environ, **self.environment, "PS1": PROMPT, "HISTFILE": ""})
        self.adopt_shell()

    def adopt_shell(self) -> None:
        """What Mininet keeps of a shell."""
        self.stdin = self.stdout = os.fdopen(self.master, "r")
        self.pid = self.shell.pid
        self.pollOut = select.poll()
        self.pollOut.register(self.stdout)
        self.outToNode[self.stdout.fileno()] = self  # type: ignore[attr-defined]
        self.inToNode[self.stdin.fileno()] = self  # type: ignore[attr-defined]
        self.execed, self.lastCmd, self.lastPid, self.readbuf = False, None, None, ""
        self.waiting = False

    def await_prompt(self) -> None:
        """The shell is in its namespace when it prompts."""
        if self.shell is None or self.prompted:
            return
        while not self.read(1024).endswith(PROMPT):  # type: ignore[attr-defined]
            self.pollOut.poll()
        self.prompted = True

    def wake(self) -> None:
        """Have a shell."""
        if self.shell is None and not self.under_construction:
            self.spawn_shell()
        self.await_prompt()

    def cmd(self, *words: Any, **options: Any) -> Any:
        """Mininet's own, with a shell; nothing while the network is built."""
        if self.under_construction:
            return ""
        self.wake()
        return super().cmd(*words, **options)  # type: ignore[misc]

    def sendCmd(self, *words: Any, **options: Any) -> Any:
        """See cmd."""
        self.wake()
        return super().sendCmd(*words, **options)  # type: ignore[misc]

    def popen(self, *words: Any, **options: Any) -> Any:
        """See cmd: it enters the namespaces of the shell."""
        self.wake()
        return super().popen(*words, **options)  # type: ignore[misc]


class BatchedHost(Batched, Host):
    """Mininet's own host."""


class QuietIntf(Intf):
    """An interface that is set up later, with all others."""

    def config(self, *_words: Any, **_options: Any) -> dict[str, Any]:
        """Nothing now."""
        return {}


class BatchedLink(Link):
    """A veth pair that is made later, with all others."""

    def __init__(self, node1: Any, node2: Any, **options: Any) -> None:
        super().__init__(node1, node2, **{**options, "intf": QuietIntf})

    @classmethod
    def makeIntfPair(cls, *_words: Any, **_options: Any) -> None:
        """Nothing now: the network makes all pairs of `net.links`."""

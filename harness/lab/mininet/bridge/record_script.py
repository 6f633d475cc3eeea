"""Runs a script that builds its own Mininet, with nothing built, and prints what it states as JSON.

Usage: record_script.py FILE

Mininet's classes record (`recorded_nodes.py`, `recorded_network.py`), programs that the script starts
are kept as texts, and files that it writes go nowhere. What goes around all that is refused by the
audit hook of the guard, in a network namespace of its own.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import signal
import subprocess
import sys
import time
from types import ModuleType
from typing import Any

import mininet.clean
import mininet.cli
import mininet.net
import mininet.node
import mininet.nodelib
import mininet.term
import mininet.util
from construction_guard import Built, Guard, leave_network
from describe import ANSWER, line_in, message_of
from element_description import class_of, plain
from recorded_network import NETWORKS, RecordedNetwork
from recorded_nodes import LINKLESS, LINKS, NODES, Anything, inert, record_classes, text_of

#: Programs that the script would have started by itself, not on a node.
PROGRAMS: list[str] = []
#: Of lists in the answer.
LIST_LENGTH = 10_000


#: What a script may take, and how often it may wait: a loop that waits for what never comes.
TIME_LIMIT_S = 10
WAITS_MAX = 10_000


class TooLong(BaseException):
    """The script does not end; no `except Exception` of its own may hide it."""


class Waits:
    """Sleeping takes no time, and is counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _seconds: float) -> None:
        self.count += 1
        if self.count > WAITS_MAX:
            raise TooLong(f"it waits without end ({WAITS_MAX} times)")


def too_long(_signal: int, _frame: Any) -> None:
    raise TooLong(f"it did not end within {TIME_LIMIT_S} s")


def keep_program(arguments: tuple[Any, ...]) -> None:
    """Once each: a script may ask again and again."""
    command = text_of(arguments[:1])
    if command not in PROGRAMS and len(PROGRAMS) < LIST_LENGTH:
        PROGRAMS.append(command)


class Program(Anything):
    """A process that ended well and printed nothing."""

    def __init__(self, *arguments: Any, **_options: Any) -> None:
        keep_program(arguments)
        self.returncode = self.pid = 0
        self.stdout = self.stderr = io.StringIO()

    def communicate(self, *_arguments: Any, **_options: Any) -> tuple[str, str]:
        return "", ""


def started(answer: Any) -> Any:
    """A function that keeps the program it was to start."""
    def call(*arguments: Any, **_options: Any) -> Any:
        keep_program(arguments)
        return answer
    return call


def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
    """What is written goes nowhere."""
    if isinstance(mode, str) and any(letter in mode for letter in "wax+"):
        return OPEN(os.devnull, "wb" if "b" in mode else "w")
    return OPEN(file, mode, *arguments, **options)


OPEN = builtins.open


def pretend() -> None:
    """From here on nothing is started, waited for or written."""
    record_classes()
    for name in ("Mininet", "MininetWithControlNet"):
        setattr(mininet.net, name, RecordedNetwork)
    mininet.cli.CLI = mininet.net.CLI = inert
    mininet.clean.cleanup = mininet.clean.sh = inert
    for name in ("quietRun", "errRun", "errFail", "oldQuietRun"):
        setattr(mininet.util, name, started("" if name != "errRun" else ("", "", 0)))
    mininet.util.ensureRoot = mininet.util.fixLimits = inert
    mininet.util.waitListening = lambda *_arguments, **_options: True
    mininet.term.makeTerms = mininet.term.makeTerm = lambda *_arguments, **_options: []
    subprocess.Popen = Program  # type: ignore[misc]
    for name, answer in (("call", 0), ("check_call", 0), ("check_output", ""), ("getoutput", ""),
                         ("getstatusoutput", (0, ""))):
        setattr(subprocess, name, started(answer))
    subprocess.run = lambda *arguments, **_options: Program(*arguments)  # type: ignore[assignment]
    os.system, os.popen = started(0), Program  # type: ignore[assignment]
    os.mkdir = os.makedirs = lambda *_arguments, **_options: None
    os.geteuid = os.getuid = lambda: 0
    time.sleep = Waits()  # type: ignore[assignment]
    builtins.open = opened  # type: ignore[assignment]
    builtins.input = lambda *_arguments: ""


def run(path: str) -> dict[str, Any]:
    """Run the script as `python3 FILE` does; what it defines."""
    module = ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.path[:] = [os.path.dirname(os.path.abspath(path)), *sys.path[1:]]
    sys.argv[:] = [path]
    with OPEN(path, "rb") as source:
        exec(compile(source.read(), path, "exec"), module.__dict__)  # noqa: S102
    return module.__dict__


def kind_of(node: Any) -> str:
    if isinstance(node, mininet.node.Switch):
        return "switch"
    return "controller" if isinstance(node, mininet.node.Controller) else "host"


def node_description(node: Any) -> dict[str, Any]:
    """A node with what it was given, and what was run on it."""
    cls, _bound = class_of(type(node))
    if isinstance(node, mininet.nodelib.NAT):
        # Its own methods would have set it.
        node.commands.insert(0, "sysctl net.ipv4.ip_forward=1")
    options = {key: one for key, one in node.params.items() if key not in ("cls", "ip")}
    stated = getattr(node, "isAddressStated", True)
    address = getattr(node, "ownAddress", node.params.get("ip"))
    return {
        "name": node.name, "made": kind_of(node), "cls": cls,
        "address": {"stated": stated, "value": plain(address)},
        "options": {str(key): plain(one) for key, one in options.items()},
        "addresses": node.addresses[:LIST_LENGTH],
        "commands": node.commands[:LIST_LENGTH],
        "isNAT": getattr(node, "isNAT", False),
    }


def link_description(link: Any) -> dict[str, Any]:
    cls, _bound = class_of(type(link))
    ends = [{"node": one.node.name, "interface": one.name} for one in (link.intf1, link.intf2)]
    # Mininet counts ports by itself: what is stated is what the script wanted.
    return {"cls": cls, "ends": ends, "ports": [plain(port) for port in link.stated],
            "options": {str(key): plain(one) for key, one in link.options.items()}}


def build_topo(defined: dict[str, Any]) -> None:
    """Of a file for `mn --custom`, which builds nothing by itself: its first topology."""
    topos = defined.get("topos")
    if not isinstance(topos, dict) or not topos or any(len(one) > 0 for one in NETWORKS):
        return
    RecordedNetwork(topo=next(iter(topos.values()))())


def description(defined: dict[str, Any]) -> dict[str, Any]:
    """Of the network with the most nodes."""
    topos = defined.get("topos")
    names = [str(name) for name in topos] if isinstance(topos, dict) else []
    built = [one for one in NETWORKS if len(one) > 0]
    # A script may join nodes by itself, without a Mininet.
    nodes = max(built, key=len).values() if built else NODES
    known = {id(node) for node in nodes}
    links = [link for link in LINKS if {id(link.intf1.node), id(link.intf2.node)} <= known]
    return {
        "networks": len(built),
        "topos": names,
        "nodes": [node_description(node) for node in nodes],
        "links": [link_description(link) for link in links],
        "cards": [{"node": one.node.name, "interface": one.name} for one in LINKLESS
                  if one.node is not None],
        "programs": PROGRAMS[:LIST_LENGTH],
    }


def main(path: str) -> dict[str, Any]:
    """The description; `ended`: what ended the script before its end, with its line."""
    guard = Guard(path)
    leave_network()
    pretend()
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(TIME_LIMIT_S)
    guard.watch()
    ended: dict[str, Any] | None = None
    defined: dict[str, Any] = {}
    try:
        defined = run(path)
        build_topo(defined)
    except Built:
        pass
    except TooLong as thrown:
        ended = {"error": str(thrown), "line": line_in(path, thrown)}
    except SystemExit as thrown:
        if thrown.code not in (None, 0):
            ended = {"error": f"sys.exit({thrown.code!r})"[:200], "line": line_in(path, thrown)}
    except BaseException as thrown:  # noqa: BLE001 - a script may raise anything.
        ended = {"error": message_of(thrown), "line": line_in(path, thrown)}
    finally:
        signal.alarm(0)
        guard.stop()
    if guard.refused is not None:
        ended = {"error": f"{guard.refused['kind']}: {guard.refused['what']}",
                 "line": guard.refused["line"]}
    return {**description(defined), "ended": ended}


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), ANSWER)
    ANSWER.flush()
    os._exit(0)

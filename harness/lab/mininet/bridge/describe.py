"""Prints the nodes and links of a Mininet topology file as one JSON document; builds nothing.

Usage: describe.py FILE TOPOLOGY [ARGUMENTS AS A JSON LIST]

The file is loaded as `mn --custom` loads it, and TOPOLOGY is looked up in its `topos`; a Topo class
of that name will do as well, since Mininet's own topolib has no `topos`. Nothing else is called but
`config` of hosts whose class is the file's own, with nothing built and no command run.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable

from construction_guard import Built, Guard, leave_network
from element_description import Calls, describe, shown
from host_commands import add_commands
from mininet.topo import Topo

# The protocol alone may use standard output: Mininet and the file print elsewhere.
ANSWER = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

#: Of the file while it runs: dataclasses and annotations look it up in sys.modules.
MODULE = "mininet_custom_file"
#: Dictionaries that `mn` reads, and uses for what its options name.
CHOICES = ("switches", "hosts", "links", "controllers")
#: More of a message is not read.
MESSAGE_CHARACTERS = 500


class Refused(Exception):
    """The file cannot be described; the message is for its author."""


class NotCalled(Exception):
    """The name is that of a function, which could do anything."""

    def __init__(self, line: int | None) -> None:
        super().__init__()
        self.line = line


def is_topo(cls: type) -> bool:
    """By name: Mininet's topo.py, run as a topology file, defines a Topo of its own."""
    return any(base.__name__ == "Topo" for base in cls.__mro__)


def load(path: str) -> dict[str, Any]:
    """Run the file as `mn --custom` does; what it defines."""
    module = ModuleType(MODULE)
    module.__file__ = path
    sys.modules[MODULE] = module
    # The bridge's own modules must not be found under a name that the file imports. The file's
    # folder comes last: under `mn`, a file named argparse.py does not hide Python's argparse.
    sys.path[:] = [*sys.path[1:], os.path.dirname(os.path.abspath(path))]
    # The words of this program's own command line are not meant for the file.
    sys.argv[:] = [path]
    # As bytes, so that Python reads a byte order mark and a declared encoding as it always does.
    with open(path, "rb") as source:
        exec(compile(source.read(), path, "exec"), module.__dict__)  # noqa: S102
    return module.__dict__


def builder_of(defined: dict[str, Any], name: str, path: str) -> Callable[..., Any]:
    """The topology's class, or the function that `topos` names."""
    topos = defined.get("topos", {})
    if not isinstance(topos, dict):
        raise Refused(f"topos is {shown(topos)}; a dict is expected, such as "
                      "topos = {'lab': MyTopo}")
    found = topos.get(name, defined.get(name))
    if is_topo(type(found)):
        return lambda: found
    if callable(found) and (name in topos or (isinstance(found, type) and is_topo(found))):
        return found
    if callable(found):
        code = getattr(found, "__code__", None)
        raise NotCalled(code.co_firstlineno if code and code.co_filename == path else None)
    classes = [key for key, value in defined.items() if isinstance(value, type)
               and is_topo(value) and key != "Topo"]
    known = ", ".join(sorted({*map(str, topos), *classes})) or "none"
    raise Refused(f"there is no topology {name!r} (topologies: {known})")


def line_in(path: str, thrown: BaseException) -> int | None:
    """The last line of the file that the error passed through."""
    if isinstance(thrown, SyntaxError) and thrown.filename == path:
        return thrown.lineno
    frames = traceback.extract_tb(thrown.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == path), None)


def message_of(thrown: BaseException) -> str:
    """Its class and its text; a class of the file's own may have no text that can be made."""
    try:
        text = str(thrown)
    except Exception:  # noqa: BLE001
        text = "(its text is not available)"
    return f"{type(thrown).__name__}: {text}"[:MESSAGE_CHARACTERS]


def ended_with(ended: SystemExit) -> str:
    """`sys.exit(2)`, as it stands in the file or in a library that it calls, such as argparse."""
    return f"the file exits Python while it is loaded, with sys.exit({shown(ended.code)})"


def read(path: str, name: str, arguments: list[Any]) -> dict[str, Any]:
    """The description of the topology."""
    calls = Calls()
    calls.watch(Topo)
    defined = load(path)
    own = defined.get("Topo")
    if isinstance(own, type) and own is not Topo and hasattr(own, "addNode"):
        calls.watch(own)
    topology = builder_of(defined, name, path)(*arguments)
    if not is_topo(type(topology)):
        raise Refused(f"{name!r} made a {type(topology).__name__}, not a Topo")
    odd = [name for name in topology.nodes(sort=False) if not isinstance(name, str)]
    if odd:
        raise Refused(f"the name of a node is a string, such as 'h1'; got {odd[0]!r}")
    choices = [key for key in CHOICES if isinstance(defined.get(key), dict) and defined[key]]
    description = describe(topology, calls)
    add_commands(description, topology)
    return {**description, "choices": choices}


def main(path: str, name: str, arguments: str = "[]") -> dict[str, Any]:
    """The description, or what is wrong as `{"error": …, "line": …}`, or what was refused as
    `{"refused": kind, "what": …, "line": …}`. `ended`: by sys.exit. `arguments`: of a wrong number
    or type, perhaps those that the scenario hands over."""
    guard = Guard(path)
    leave_network()
    guard.start()
    try:
        answer = read(path, name, json.loads(arguments))
    except NotCalled as thrown:
        answer = {"refused": "function", "what": name, "line": thrown.line}
    except Refused as refused:
        answer = {"error": str(refused), "line": None}
    except Built:
        answer = {}
    except SystemExit as ended:
        answer = {"error": ended_with(ended), "line": line_in(path, ended), "ended": True}
    except BaseException as thrown:  # A file may raise anything.
        answer = {"error": message_of(thrown), "line": line_in(path, thrown),
                  "arguments": isinstance(thrown, TypeError)}
    finally:
        guard.stop()
    if guard.refused is None:
        return answer
    return {"refused": guard.refused["kind"], "what": guard.refused["what"],
            "line": guard.refused["line"]}


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), ANSWER)
    ANSWER.flush()
    # Threads and exit handlers of the file's have nothing more to do.
    os._exit(0)

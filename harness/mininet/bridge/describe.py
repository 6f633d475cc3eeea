"""Prints the nodes and links of a Mininet topology file as one JSON document; builds nothing.

Usage: describe.py FILE TOPOLOGY [ARGUMENTS AS A JSON LIST]

The file is loaded as `mn --custom` loads it, and TOPOLOGY is looked up in its `topos`; a Topo class
of that name will do as well, since Mininet's own topolib has no `topos`. Nothing else is called.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable

from construction_guard import Built, Guard, leave_network
from element_description import Calls, describe
from mininet.topo import Topo

# The protocol alone may use standard output: Mininet and the file print elsewhere.
ANSWER = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

#: Of the file while it runs: dataclasses and annotations look it up in sys.modules.
MODULE = "mininet_custom_file"
#: Dictionaries that `mn` reads, and uses for what its options name.
CHOICES = ("switches", "hosts", "links", "controllers")


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
    # The bridge's own modules must not be found under a name that the file imports.
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    with open(path, encoding="utf-8") as source:
        exec(compile(source.read(), path, "exec"), module.__dict__)  # noqa: S102
    return module.__dict__


def builder_of(defined: dict[str, Any], name: str, path: str) -> Callable[..., Any]:
    """The topology's class, or the function that `topos` names."""
    topos = defined.get("topos", {})
    if not isinstance(topos, dict):
        raise Refused("topos is not a dict")
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
        raise Refused(f"the name of a node is a text, such as 'h1'; got {odd[0]!r}")
    choices = [key for key in CHOICES if isinstance(defined.get(key), dict) and defined[key]]
    return {**describe(topology, calls), "choices": choices}


def main(path: str, name: str, arguments: str = "[]") -> dict[str, Any]:
    """The description, or what is wrong as `{"error": …, "line": …}`, or what was refused as
    `{"refused": kind, "what": …, "line": …}`."""
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
    except BaseException as thrown:  # A file may raise anything, SystemExit included.
        answer = {"error": f"{type(thrown).__name__}: {thrown}", "line": line_in(path, thrown)}
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

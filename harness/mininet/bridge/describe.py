"""Prints the nodes and links of a Mininet topology file as one JSON document; builds nothing.

Usage: describe.py FILE TOPOLOGY [ARGUMENTS AS A JSON LIST]

The file is loaded as `mn --custom` loads it, and TOPOLOGY is looked up in its `topos`; a class of
that name will do as well, since Mininet's own topolib has no `topos`.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from typing import Any, Callable

# The protocol alone may use standard output: Mininet and the file print elsewhere.
ANSWER = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

class Refused(Exception):
    """The file cannot be described; the message is for its author."""


def is_topo(cls: type) -> bool:
    """By name: Mininet's topo.py, run as a topology file, defines a Topo of its own."""
    return any(base.__name__ == "Topo" for base in cls.__mro__)


def load(path: str) -> dict[str, Any]:
    """Run the file as `mn --custom` does; what it defines."""
    defined: dict[str, Any] = {"__name__": "custom", "__file__": path}
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    with open(path, encoding="utf-8") as source:
        exec(compile(source.read(), path, "exec"), defined)  # noqa: S102
    return defined


def builder_of(defined: dict[str, Any], name: str) -> Callable[..., Any]:
    """The topology's class or function."""
    topos = defined.get("topos", {})
    if not isinstance(topos, dict):
        raise Refused("topos is not a dict")
    if name in topos:
        return topos[name]
    if callable(defined.get(name)):
        return defined[name]
    classes = [key for key, value in defined.items() if isinstance(value, type)
               and is_topo(value) and key != "Topo"]
    known = ", ".join(sorted({*map(str, topos), *classes})) or "none"
    raise Refused(f"there is no topology {name!r} (topologies: {known})")


def dpid_of(name: str, options: dict[str, Any]) -> str | None:
    """The datapath id that Mininet gives a switch: stated, or the first number in its name."""
    if options.get("dpid"):
        return str(options["dpid"])
    number = re.search(r"\d+", name)
    return f"{int(number.group()):x}" if number else None


def options_of(options: dict[str, Any], known: set[str]) -> tuple[dict[str, Any], list[str]]:
    """The options we understand, and the names of those we do not and that say something."""
    kept = {key: value for key, value in options.items() if key in known and value is not None}
    other = [key for key, value in options.items() if key not in known and value not in (None, {})]
    return kept, sorted(other)


HOST_OPTIONS = {"ip", "mac"}
SWITCH_OPTIONS = {"dpid", "stp", "failMode"}
LINK_OPTIONS = {"bw", "delay", "jitter", "loss", "max_queue_size"}
PLAIN = {"cls", "isSwitch", "isHost", "node1", "node2", "port1", "port2", "intfName1", "intfName2",
         "use_htb", "autoStaticArp", "inNamespace", "protocols", "datapath"}
CLASSES = {"Host", "Node", "OVSSwitch", "OVSKernelSwitch", "OVSBridge", "UserSwitch", "TCLink",
           "Link", "TCULink"}


def described(name: str, options: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """One node's or link's options; `unknown` lists what cannot be built the same."""
    kept, other = options_of({k: v for k, v in options.items() if k not in PLAIN}, known)
    cls = options.get("cls")
    if cls is not None and getattr(cls, "__name__", str(cls)) not in CLASSES:
        other.append(f"cls={getattr(cls, '__name__', cls)}")
    return {"name": name, "options": {key: str(value) for key, value in kept.items()},
            "unknown": other}


def describe(topology: Any) -> dict[str, Any]:
    """All nodes in Mininet's order, and all links with the ports Mininet gives them."""
    hosts = [described(name, topology.nodeInfo(name), HOST_OPTIONS) for name in topology.hosts()]
    switches = []
    for name in topology.switches():
        options = topology.nodeInfo(name)
        switches.append({**described(name, options, SWITCH_OPTIONS), "dpid": dpid_of(name, options)})
    links = []
    for a, b, options in topology.links(sort=False, withInfo=True):
        if options.get("node1") == b:
            a, b = b, a
        ports = [options.get("intfName1") or f"{a}-eth{options['port1']}",
                 options.get("intfName2") or f"{b}-eth{options['port2']}"]
        links.append({**described(f"{a}-{b}", options, LINK_OPTIONS), "a": a, "b": b,
                      "ports": ports})
    return {"hosts": hosts, "switches": switches, "links": links}


def line_in(path: str, thrown: BaseException) -> int | None:
    """The last line of the file that the error passed through."""
    if isinstance(thrown, SyntaxError) and thrown.filename == path:
        return thrown.lineno
    frames = traceback.extract_tb(thrown.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == path), None)


def main(path: str, name: str, arguments: str = "[]") -> dict[str, Any]:
    """The description, or what is wrong as `{"error": …, "line": …}`."""
    try:
        topology = builder_of(load(path), name)(*json.loads(arguments))
        if not is_topo(type(topology)):
            raise Refused(f"{name!r} made a {type(topology).__name__}, not a Topo")
        return describe(topology)
    except Refused as refused:
        return {"error": str(refused), "line": None}
    except BaseException as thrown:  # A file may raise anything, SystemExit included.
        return {"error": f"{type(thrown).__name__}: {thrown}", "line": line_in(path, thrown)}


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), ANSWER)
    ANSWER.flush()

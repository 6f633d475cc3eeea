"""A Mininet topology as plain data: every node and link with all that the file states of it."""

from __future__ import annotations

import functools
import math
import numbers
from typing import Any

#: Of the graph itself: they state where an element is, and Mininet sets them.
STRUCTURE = {"cls", "isSwitch", "isHost", "node1", "node2", "port1", "port2", "key"}


def plain(value: Any) -> Any:
    """What JSON can carry; anything else as Python shows it."""
    if value is None or isinstance(value, (bool, str)):
        return value
    try:
        if isinstance(value, numbers.Real) and math.isfinite(value):
            return int(value) if float(value).is_integer() else float(value)
    except OverflowError:
        pass  # A whole number that no float can hold is shown, and judged as it stands.
    return {"python": shown(value)}


def shown(value: Any) -> str:
    """A value as it stands in a call, in at most 80 characters."""
    try:
        name = getattr(value, "__name__", None)
        return (name if isinstance(name, str) else repr(value))[:80]
    except Exception:  # noqa: BLE001 - a class of the file's own may fail at anything.
        return f"<{type(value).__name__}>"


def class_of(chosen: Any) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The class that a file chose, whether it is Mininet's own, and the options it was bound to
    (`cls=partial(OVSSwitch, protocols='OpenFlow13')`)."""
    bound: dict[str, Any] = {}
    while isinstance(chosen, functools.partial):
        bound = {**chosen.keywords, **bound}
        chosen = chosen.func
    if chosen is None:
        return None, bound
    own = isinstance(chosen, type) and chosen.__module__.startswith("mininet.")
    return {"name": shown(chosen), "mininet": own}, bound


def of_ends(options: dict[str, Any]) -> list[dict[str, Any]]:
    """What `params1` and `params2` state for the interfaces of a link; taken out of its options where
    they can be read."""
    ends: list[dict[str, Any]] = []
    for key in ("params1", "params2"):
        stated = options.get(key)
        if isinstance(stated, dict):
            options.pop(key)
        ends.append({str(name): plain(one) for name, one in stated.items()}
                    if isinstance(stated, dict) else {})
    return ends


def element(stated: dict[str, Any]) -> dict[str, Any]:
    """Class and options of one node or link."""
    cls, bound = class_of(stated.get("cls"))
    options = {**bound, **{key: one for key, one in stated.items() if key not in STRUCTURE}}
    return {"cls": cls, "options": {str(key): plain(one) for key, one in options.items()
                                    if one != {}}}


class Calls:
    """What a topology was told, call by call: its graph keeps the last of two equal names only."""

    def __init__(self) -> None:
        self.added: list[tuple[Any, str]] = []
        self.links: list[tuple[frozenset[Any], Any]] = []

    def watch(self, cls: type) -> None:
        """Record the calls of a Topo class."""
        calls, add_node, add_link = self, cls.addNode, cls.addLink

        def addNode(self: Any, name: Any, **options: Any) -> Any:
            calls.added.append((name, "switch" if options.get("isSwitch") else "host"))
            return add_node(self, name, **options)

        def addLink(self: Any, node1: Any, node2: Any, *more: Any, **options: Any) -> Any:
            key = add_link(self, node1, node2, *more, **options)
            calls.links.append((frozenset((node1, node2)), key))
            return key

        cls.addNode, cls.addLink = addNode, addLink

    def twice(self, names: list[str]) -> list[dict[str, Any]]:
        """Names that were added more than once, with the kind each time."""
        kinds: dict[str, list[str]] = {}
        for name, kind in self.added:
            kinds.setdefault(name, []).append(kind)
        return [{"name": name, "kinds": kinds[name]} for name in names
                if len(kinds.get(name, [])) > 1]

    def by_link_alone(self, names: list[str]) -> list[str]:
        """Names that only a link mentions, which makes them hosts."""
        added = {name for name, _kind in self.added}
        return [name for name in names if name not in added]

    def replaced(self) -> list[str]:
        """Links whose place another link with the same key took."""
        seen: set[tuple[frozenset[Any], Any]] = set()
        lost = []
        for ends, key in self.links:
            if (ends, key) in seen:
                lost.append("-".join(sorted(map(str, ends))))
            seen.add((ends, key))
        return lost


def describe(topology: Any, calls: Calls) -> dict[str, Any]:
    """All nodes in the order in which Mininet makes them, and all links with their port numbers."""
    hosts, switches = topology.hosts(), topology.switches()
    links = []
    for a, b, options in topology.links(sort=False, withInfo=True):
        if options.get("node1") == b:
            a, b = b, a
        options = {**options}
        links.append({"a": a, "b": b, "params": of_ends(options), **element(options),
                      "ports": [plain(options.get("port1")), plain(options.get("port2"))]})
    names = [*hosts, *switches]
    return {
        "hosts": [{"name": name, **element(topology.nodeInfo(name))} for name in hosts],
        "switches": [{"name": name, **element(topology.nodeInfo(name))} for name in switches],
        "links": links,
        "twice": calls.twice(names),
        "byLinkAlone": calls.by_link_alone(names),
        "replaced": calls.replaced(),
    }

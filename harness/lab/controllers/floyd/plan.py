"""What each switch should hold, and in which order to get there: pure functions.

Packets are forwarded by their destination address. With reaction `groups` a switch also gets, for
each destination, a second way that it takes alone when the first port is dead:

* a neighbour nearer to the destination, whose own way avoids the failed switch: the packet is
  simply given to it (RFC 5286 calls it a downstream, node-protecting alternate); or else
* a detour around the failed switch: the destination address is replaced by one that means
  "to this host, not via that switch" (the idea of RFC 6981), and the switch at the end of the
  detour puts the host's address back. Nothing is added to the frame, so no MTU shrinks.

An untouched packet gets nearer to its destination with every hop and a packet on a detour follows
one tree that has no second way, so no combination of failures can make a loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Iterable, Mapping, NamedTuple, Optional

from floyd.graph import Graph, Link, Routes, tree_toward

#: First byte of detour addresses: locally administered, unicast.
DETOUR_PREFIX = 0x0EFA


class Bucket(NamedTuple):
    """One way out of a switch. `rewrite` replaces the destination address before sending;
    `bounce` allows sending back through the port the packet came from."""

    port: int
    rewrite: Optional[str] = None
    bounce: bool = False


class Rule(NamedTuple):
    """What a switch does with a destination address: kind is `deliver`, `forward` or `group`.

    A group sends to its first bucket whose port is live; the others have one bucket only.
    """

    kind: str
    buckets: tuple[Bucket, ...]


class Host(NamedTuple):
    mac: str
    switch: str
    port: int


class Operation(NamedTuple):
    """Install `rule` for `key` at `switch`; a rule of None removes what is there."""

    switch: str
    key: str
    rule: Optional[Rule]


Tables = dict[str, dict[str, Rule]]


Place = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """An ordered change of many tables, and removals that may wait until all is calm.

    An operation may be sent only when every operation in its `needs` has been confirmed; both are
    named by (switch, key).
    """

    operations: dict[Place, Operation]
    needs: dict[Place, frozenset[Place]]
    removals: list[Operation]


class Rollout:
    """Walks a plan: which operations may be sent now, given what has been confirmed."""

    def __init__(self, plan: Plan) -> None:
        self._waiting = dict(plan.operations)
        self._needs = plan.needs
        self._confirmed: set[Place] = set()

    def take_ready(self) -> list[Operation]:
        """The operations that may be sent now; each is handed out once."""
        ready = [
            place
            for place in self._waiting
            if self._needs.get(place, frozenset()) <= self._confirmed
        ]
        return [self._waiting.pop(place) for place in ready]

    def confirm(self, operations: Iterable[Operation]) -> None:
        """A switch has confirmed these with a barrier."""
        self._confirmed.update((operation.switch, operation.key) for operation in operations)


def detour_address(avoided: int, host: int) -> str:
    """The address that means: to host number `host`, around obstacle number `avoided`."""
    octets = DETOUR_PREFIX.to_bytes(2, "big") + avoided.to_bytes(2, "big") + host.to_bytes(2, "big")
    return ":".join(f"{octet:02x}" for octet in octets)


def is_detour(address: str) -> bool:
    return address.startswith("0e:fa:")


class Numbering:
    """Numbers that keep their meaning while the controller lives: hosts and obstacles."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, what: str) -> int:
        return self._numbers.setdefault(what, len(self._numbers) + 1)


def desired_tables(
    graph: Graph, routes: Routes, hosts: Iterable[Host], with_backups: bool, numbering: Numbering
) -> Tables:
    """What every switch should hold. Where a host cannot be reached from there is no rule."""
    tables: Tables = {switch: {} for switch in graph.switches}
    for host in sorted(hosts):
        if host.switch not in tables:
            continue
        tables[host.switch][host.mac] = Rule("deliver", (Bucket(host.port),))
        for switch in graph.switches:
            link = routes.first_link[switch].get(host.switch)
            if switch == host.switch or link is None:
                continue
            primary = Bucket(link.port_at(switch))
            if not with_backups:
                tables[switch][host.mac] = Rule("forward", (primary,))
                continue
            backup = _backup(graph, routes, host, switch, link, numbering, tables)
            tables[switch][host.mac] = Rule("group", (primary,) + ((backup,) if backup else ()))
    return tables


def _backup(
    graph: Graph,
    routes: Routes,
    host: Host,
    switch: str,
    failed: Link,
    numbering: Numbering,
    tables: Tables,
) -> Optional[Bucket]:
    """The second way of `switch` to a host when `failed` is dead; fills in the detour's rules."""
    obstacle = failed.far_end(switch)
    # First a way that would survive the whole next switch; else one that survives the link alone.
    for around_switch in (True, False):
        if around_switch and obstacle == host.switch:
            continue
        nearer = _nearer_neighbour(graph, routes, host.switch, switch, failed, around_switch)
        if nearer is not None:
            return Bucket(nearer.port_at(switch))
        if around_switch:
            avoided, toward = f"switch {obstacle}", tree_toward(graph, host.switch, obstacle)
        else:
            avoided = f"link {failed}"
            toward = tree_toward(graph, host.switch, without_link=failed)
        if switch in toward:
            address = detour_address(numbering.number(avoided), numbering.number(host.mac))
            return _lay_detour(host, switch, address, toward, tables)
    return None


def _lay_detour(
    host: Host, switch: str, address: str, toward: Mapping[str, Link], tables: Tables
) -> Bucket:
    """Gives the switches along `toward` their detour rules; returns the way into the detour."""
    node = toward[switch].far_end(switch)
    while node != host.switch:
        tables[node][address] = Rule("forward", (Bucket(toward[node].port_at(node)),))
        node = toward[node].far_end(node)
    tables[node][address] = Rule("deliver", (Bucket(host.port, rewrite=host.mac),))
    return Bucket(toward[switch].port_at(switch), rewrite=address, bounce=True)


def _nearer_neighbour(
    graph: Graph, routes: Routes, target: str, switch: str, failed: Link, around_switch: bool
) -> Optional[Link]:
    """The cheapest link to a neighbour that is nearer to target and does not need the obstacle."""
    obstacle = failed.far_end(switch)
    own = routes.weight[switch][target]
    found: list[tuple[int, Link]] = []
    for link in graph.neighbours[switch]:
        neighbour = link.far_end(switch)
        rest = routes.weight[neighbour].get(target)
        if link == failed or rest is None or rest >= own:
            continue
        if around_switch and obstacle in (routes.path(neighbour, target) or []):
            continue
        found.append((graph.weights[link] + rest, link))
    return min(found)[1] if found else None


def plan_update(
    installed: Mapping[str, Mapping[str, Rule]],
    desired: Mapping[str, Mapping[str, Rule]],
    next_switch: Mapping[tuple[str, int], str],
    known_hosts: Collection[str],
) -> Plan:
    """The ordered change from what is installed to what is desired: make before break.

    Each switch changes only after every switch that its new rule leads to has changed (from the
    destination back to the source), so at any moment a packet either goes the old way or has
    entered the new one for good. Rules toward known hosts out of reach are left alone.
    `installed` holds the switches that can be changed, with what they have confirmed;
    `next_switch` maps (switch, port) to the neighbour behind it.
    """
    changes = {
        (switch, key): Operation(switch, key, rule)
        for switch, table in desired.items()
        if switch in installed
        for key, rule in table.items()
        if installed[switch].get(key) != rule
    }
    needs: dict[Place, frozenset[Place]] = {}

    def needs_of(switch: str, key: str) -> frozenset[Place]:
        """The nearest changes on every way that the new rule leads to."""
        if (switch, key) in needs:
            return needs[switch, key]
        needs[switch, key] = frozenset()
        rule = desired.get(switch, {}).get(key)
        found: set[Place] = set()
        for bucket in rule.buckets if rule is not None and rule.kind != "deliver" else ():
            far = (next_switch.get((switch, bucket.port), ""), bucket.rewrite or key)
            found |= {far} if far in changes else needs_of(*far)
        needs[switch, key] = frozenset(found)
        return needs[switch, key]

    for place in changes:
        needs_of(*place)
    removals = [
        Operation(switch, key, None)
        for switch, table in sorted(installed.items())
        for key in sorted(table)
        if key not in desired.get(switch, {}) and key not in known_hosts
    ]
    return Plan(changes, needs, removals)

"""Shortest paths over the switches: pure functions, no clock, no input or output.

Every link gets a weight that no other set of links can add up to (its cost, then one bit of its
own), so the shortest path between two switches is unique, the same in both directions, and the
same again when the same links are there again.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Iterable, Mapping, Optional, Sequence


@dataclass(frozen=True, order=True)
class Link:
    """An undirected link between two switches; ports are OpenFlow port numbers."""

    a: str
    a_port: int
    b: str
    b_port: int

    def far_end(self, switch: str) -> str:
        return self.b if switch == self.a else self.a

    def port_at(self, switch: str) -> int:
        return self.a_port if switch == self.a else self.b_port


def make_link(a: str, a_port: int, b: str, b_port: int) -> Link:
    """The one canonical form of a link, whichever end it was seen from."""
    return Link(*min((a, a_port, b, b_port), (b, b_port, a, a_port)))


class Graph:
    """The usable links with their costs (microseconds of delay, whole numbers)."""

    def __init__(self, switches: Iterable[str], costs_us: Mapping[Link, int]) -> None:
        self.switches: list[str] = sorted(switches)
        self.costs_us = {link: costs_us[link] for link in sorted(costs_us)}
        self.neighbours: dict[str, list[Link]] = {switch: [] for switch in self.switches}
        count = len(self.costs_us)
        self.weights: dict[Link, int] = {}
        for rank, (link, cost_us) in enumerate(self.costs_us.items()):
            # One microsecond a hop: among paths of equal delay the one with fewer hops wins.
            self.weights[link] = ((max(0, cost_us) + 1) << count) | (1 << rank)
            self.neighbours[link.a].append(link)
            self.neighbours[link.b].append(link)
        self._shift = count

    def cost_us(self, weight: int) -> int:
        """The cost part of a path's weight: delay plus one microsecond a hop."""
        return weight >> self._shift


@dataclass(frozen=True)
class Routes:
    """All-pairs shortest paths. `first_link[s][d]` is the link from s toward d."""

    weight: Mapping[str, Mapping[str, int]]
    first_link: Mapping[str, Mapping[str, Link]]

    def path(self, source: str, target: str) -> Optional[list[str]]:
        """The switches from source to target, both included; None when there is no path."""
        nodes = [source]
        while nodes[-1] != target:
            link = self.first_link.get(nodes[-1], {}).get(target)
            if link is None:
                return None
            nodes.append(link.far_end(nodes[-1]))
        return nodes


def floyd_warshall(graph: Graph) -> Routes:
    """All-pairs shortest paths (Floyd 1962, Warshall 1962) in O(n^3)."""
    weight: dict[str, dict[str, int]] = {switch: {switch: 0} for switch in graph.switches}
    first: dict[str, dict[str, Link]] = {switch: {} for switch in graph.switches}
    for link, link_weight in graph.weights.items():
        for near, far in ((link.a, link.b), (link.b, link.a)):
            if near != far and link_weight < weight[near].get(far, link_weight + 1):
                weight[near][far] = link_weight
                first[near][far] = link
    for middle in graph.switches:
        onward = list(weight[middle].items())
        for source in graph.switches:
            to_middle = weight[source].get(middle)
            if to_middle is None or source == middle:
                continue
            row, first_row = weight[source], first[source]
            hop = first_row[middle]
            for target, rest in onward:
                known = row.get(target)
                if known is None or to_middle + rest < known:
                    row[target] = to_middle + rest
                    first_row[target] = hop
    return Routes(weight, first)


def tree_toward(
    graph: Graph,
    root: str,
    without_switch: Optional[str] = None,
    without_link: Optional[Link] = None,
) -> dict[str, Link]:
    """The link each switch uses toward root when a switch or a link is left out (Dijkstra)."""
    toward: dict[str, Link] = {}
    best = {root: 0}
    queue: list[tuple[int, str]] = [(0, root)]
    while queue:
        weight, switch = heapq.heappop(queue)
        if weight > best[switch]:
            continue
        for link in graph.neighbours[switch]:
            far = link.far_end(switch)
            through = weight + graph.weights[link]
            if link == without_link or far == without_switch:
                continue
            if far in best and best[far] <= through:
                continue
            best[far] = through
            toward[far] = link
            heapq.heappush(queue, (through, far))
    return toward


def components(switches: Iterable[str], links: Iterable[Link]) -> list[list[str]]:
    """The connected parts of the network, each sorted, the first names first."""
    parent = {switch: switch for switch in switches}

    def root_of(switch: str) -> str:
        while parent[switch] != switch:
            parent[switch] = parent[parent[switch]]
            switch = parent[switch]
        return switch

    for link in links:
        if link.a in parent and link.b in parent:
            parent[root_of(link.a)] = root_of(link.b)
    parts: dict[str, list[str]] = {}
    for switch in sorted(parent):
        parts.setdefault(root_of(switch), []).append(switch)
    return sorted(parts.values())


def improves(
    graph: Graph, old: Routes, new: Routes, ends: Sequence[str], share: float, floor_us: float
) -> bool:
    """Whether some pair of ends gets a path cheaper by more than `share` of the old path's cost
    and by more than `floor_us`.

    Both paths are priced by the graph's present costs. A pair whose old path is gone counts too.
    """
    for source in ends:
        for target in ends:
            if source == target or target not in new.weight.get(source, {}):
                continue
            old_us = _present_cost_us(graph, old, source, target)
            if old_us is None:
                return True
            new_us = graph.cost_us(new.weight[source][target])
            if old_us - new_us > max(share * old_us, floor_us):
                return True
    return False


def _present_cost_us(graph: Graph, routes: Routes, source: str, target: str) -> Optional[int]:
    total, node = 0, source
    while node != target:
        link = routes.first_link.get(node, {}).get(target)
        if link is None or link not in graph.weights:
            return None
        total += graph.weights[link]
        node = link.far_end(node)
    return graph.cost_us(total)

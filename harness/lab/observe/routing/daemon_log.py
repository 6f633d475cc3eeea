"""Adjacencies that a daemon reports in its own log, by its own stamp. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Iterator, NamedTuple, Optional


class Adjacency(NamedTuple):
    """`wall_ns` is the daemon's stamp, on the wall clock."""

    wall_ns: int
    protocol: str
    neighbour: str
    up: bool
    text: str


class Member(NamedTuple):
    """The member by which a bond of Open vSwitch sends now; None: none is left."""

    wall_ns: int
    bond: str
    active: Optional[str]


#: FRR: `2026/11/28 22:10:01.123456 OSPF: [XXXXX-XXXXX] text`; BIRD: `2026-11-28 22:10:01.123456 <TRACE> text`.
STAMPED = re.compile(r"^(\d{4})[/-](\d\d)[/-](\d\d) (\d\d):(\d\d):(\d\d)\.(\d{6}) (.*)$")
FRR_OSPF = re.compile(r"AdjChg: Nbr ([\d.]+),? .*?on \S+?: (\S+) -> (\S+) \((\S+)\)")
FRR_BGP = re.compile(r"ADJCHANGE: neighbor (\S+?)\(.*?\) in vrf \S+ (Up|Down)(.*)")
FRR_ISIS = re.compile(r"ADJCHANGE: Adjacency to (\S+) \((\S+)\).* changed from (\S+) to (\w+),? ?(.*)")
OVS_BOND = re.compile(r"bond (\S+?)(?:-members)?: (?:active member is now ([^\s,]+)|all members disabled)")
BIRD_OSPF = re.compile(r"Neighbor (\S+) on (\S+) changed state from (\S+) to (\S+)")
BIRD_BGP = re.compile(r"(bgp\d+): (BGP session established|BGP session closed|State changed to stop)")


def read_lines(text: str) -> Iterator[Adjacency | Member]:
    """All changes to or from a working adjacency in some lines, and of active members of bonds."""
    for line in text.splitlines():
        match = STAMPED.match(line)
        if match and (member := OVS_BOND.search(match.group(8))):
            bond, active = member.groups()
            yield Member(wall_ns_of(match), bond, active)
            continue
        found = match and adjacency_of(match.group(8))
        if match and found:
            protocol, neighbour, up, said = found
            yield Adjacency(wall_ns_of(match), protocol, neighbour, up, said)


def wall_ns_of(match: re.Match[str]) -> int:
    year, month, day, hour, minute, second, micro = (int(match.group(n)) for n in range(1, 8))
    moment = datetime(year, month, day, hour, minute, second)
    return int(moment.timestamp()) * 1_000_000_000 + micro * 1000


def adjacency_of(said: str) -> Optional[tuple[str, str, bool, str]]:
    """Protocol, neighbour, whether it is up, and the words of the change."""
    if match := FRR_OSPF.search(said):
        neighbour, before, after, why = match.groups()
        if (before == "Full") != (after == "Full"):
            return "ospf", neighbour, after == "Full", f"{before} -> {after} ({why})"
    elif match := FRR_BGP.search(said):
        neighbour, state, why = match.groups()
        return "bgp", neighbour, state == "Up", f"{state}{why}".strip()
    elif match := FRR_ISIS.search(said):
        neighbour, _, before, after, why = match.groups()
        if (before == "Up") != (after == "Up"):
            return "isis", neighbour, after == "Up", f"{before} to {after} {why}".strip()
    elif match := BIRD_OSPF.search(said):
        neighbour, _, before, after = match.groups()
        if (before == "Full") != (after == "Full"):
            return "ospf", neighbour, after == "Full", f"{before} to {after}"
    elif match := BIRD_BGP.search(said):
        name, what = match.groups()
        return "bgp", name, what.endswith("established"), what
    return None

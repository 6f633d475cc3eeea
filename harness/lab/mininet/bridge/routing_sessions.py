"""What routers themselves report of their adjacencies, BFD sessions and routes."""

from __future__ import annotations

import re
import socket
import struct
from typing import Any

from commands import check
from protocol import BridgeError
from routing_daemons import RoutingDaemons
from vty import ask, ask_bird, ask_json

#: The daemon that has a protocol's sessions.
DAEMON = {"ospf": "ospfd", "bgp": "bgpd", "isis": "isisd", "bfd": "bfdd"}
#: What each protocol calls a session that is up.
UP = {"ospf": ("Full",), "bgp": ("Established",), "isis": ("Up",), "bfd": ("up", "Up")}


def sessions_of(router: dict[str, Any], daemons: RoutingDaemons) -> list[dict[str, Any]]:
    """Every session that the router is to have, with the state that its daemon reports now."""
    running = daemons.pids()
    states: dict[str, dict[str, str] | None] = {}
    found = []
    for session in router["sessions"]:
        protocol = session["protocol"]
        state: str | None
        program = daemons.suite if daemons.suite in daemons.configs else DAEMON[protocol]
        if program not in running:
            state = f"{program} does not run"
        else:
            if protocol not in states:
                states[protocol] = reported(daemons, protocol)
            known = states[protocol]
            state = (f"{program} does not answer" if known is None
                     else known.get(key_of(session, protocol)))
        found.append({**session, "state": state, "up": is_up(router, session, state)})
    return found


def reported(daemons: RoutingDaemons, protocol: str) -> dict[str, str] | None:
    """The states that a daemon reports; None: it was started a moment ago, or hangs."""
    try:
        return READERS[daemons.suite, protocol](daemons)
    except BridgeError:
        return None


def key_of(session: dict[str, Any], protocol: str) -> str:
    """Adjacencies are identified by interface and neighbour, sessions by the neighbour's address."""
    return session["port"] if protocol == "isis" else session["address"]


def is_up(router: dict[str, Any], session: dict[str, Any], state: str | None) -> bool:
    """Two of more routers on one link need no adjacency beside that with the designated router."""
    protocol = session["protocol"]
    if state is None:
        return False
    if protocol == "vrrp":
        return state == ("master" if router["protocols"]["vrrp"]["master"] else "backup")
    if state.split("/")[0] in UP[protocol]:
        return True
    shared = any(one["port"] == session["port"] and len(one["routers"]) > 1
                 for one in router["interfaces"])
    return protocol == "ospf" and shared and state.startswith("2-Way")


def frr_ospf(daemons: RoutingDaemons) -> dict[str, str]:
    shown = ask_json(daemons.socket_path("ospfd"), "show ip ospf neighbor json")
    rows = [row for group in shown.get("neighbors", {}).values() for row in group]
    return {str(row.get("address") or row.get("ifaceAddress")):
            str(row.get("nbrState") or row.get("state")) for row in rows}


def frr_bfd(daemons: RoutingDaemons) -> dict[str, str]:
    shown = ask_json(daemons.socket_path("bfdd"), "show bfd peers json")
    return {str(row["peer"]): str(row["status"]) for row in shown}


def frr_bgp(daemons: RoutingDaemons) -> dict[str, str]:
    shown = ask_json(daemons.socket_path("bgpd"), "show bgp ipv4 unicast summary json")
    peers = shown.get("peers") or shown.get("ipv4Unicast", {}).get("peers", {})
    return {address: str(row["state"]) for address, row in peers.items()}


def frr_isis(daemons: RoutingDaemons) -> dict[str, str]:
    """A table: system, interface, level, state, holding time, address."""
    rows = [line.split() for line in ask(daemons.socket_path("isisd"), "show isis neighbor").splitlines()]
    return {row[1]: row[3] for row in rows if len(row) >= 5 and row[2] in ("1", "2", "3")}


def bird_ospf(daemons: RoutingDaemons) -> dict[str, str]:
    """A table: router id, priority, state, dead time, interface, address."""
    rows = [line.split() for line in
            ask_bird(daemons.socket_path("bird"), "show ospf neighbors").splitlines()]
    return {row[5]: row[2] for row in rows if len(row) >= 6 and row[0][0].isdigit()}


def bird_bfd(daemons: RoutingDaemons) -> dict[str, str]:
    """A table: address, interface, state, since, interval, timeout."""
    rows = [line.split() for line in
            ask_bird(daemons.socket_path("bird"), "show bfd sessions").splitlines()]
    return {row[0]: row[2] for row in rows if len(row) >= 5 and row[0][0].isdigit()}


def bird_bgp(daemons: RoutingDaemons) -> dict[str, str]:
    text = ask_bird(daemons.socket_path("bird"), "show protocols all")
    found = re.findall(r"BGP state:\s+(\S+).*?Neighbor address:\s+(\S+)", text, re.DOTALL)
    return {address: state for state, address in found}


def keepalived_vrrp(daemons: RoutingDaemons) -> dict[str, str]:
    """Who has a virtual address is master: its daemon gives it to the interface."""
    shown = check(["ip", "-4", "-o", "address", "show"], daemons.pid)
    own = set(re.findall(r"inet (\S+)", shown))
    return {one["address"].split("/")[0]: "master" if one["address"] in own else "backup"
            for one in daemons.virtual}


READERS = {("keepalived", "vrrp"): keepalived_vrrp,
           ("frr", "ospf"): frr_ospf, ("frr", "bfd"): frr_bfd, ("frr", "bgp"): frr_bgp,
           ("frr", "isis"): frr_isis, ("bird", "ospf"): bird_ospf, ("bird", "bfd"): bird_bfd,
           ("bird", "bgp"): bird_bgp}


def networks_in_table(pid: int) -> set[str]:
    """Networks of the main table of a process's network namespace, `10.0.1.0/24`."""
    found = set()
    with open(f"/proc/{pid}/net/route", encoding="ascii") as table:
        for line in table.read().splitlines()[1:]:
            fields = line.split()
            address = socket.inet_ntoa(struct.pack("=I", int(fields[1], 16)))
            found.add(f"{address}/{bin(int(fields[7], 16)).count('1')}")
    return found

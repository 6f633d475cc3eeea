"""Watches routers from outside: what they send to each other, how their kernels' routes change, and
what their daemons log. Neither routers nor daemons take part.

The first line of standard input is the plan, `{"nodes": [{"name", "pid", "logs": [path], "tap": bool,
"virtual": [address]}]}`: all routers, the hosts that have gateways, which see who answers for an
address, and the hosts that have bonds. Without `tap` no packets are looked at. Then one JSON object a line on standard output, `{"kind": "observe.…", "atNs", …}` as a history has it,
and `{"ready": true}` when all sockets are open. Packets bear the kernel's stamps, lines of logs
their daemon's; what the kernel reports about routes is stamped when it is read, so this process runs
before others where it may. Ends when its input does.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import socket
import struct
import sys
import time
from typing import Any

import daemon_log
import netlink
import packets

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 0x0003
SO_TIMESTAMPNS = 35
OUTGOING = 4
#: A stamp that claims to be older was read across a step of the wall clock.
OLDEST_STAMP_NS = 1_000_000_000
LOGS_EVERY_S = 0.1
PRIORITY = 5

_libc = ctypes.CDLL(None, use_errno=True)


def enter(path: str) -> None:
    """Move this thread into a network namespace."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if _libc.setns(descriptor, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {path}")
    finally:
        os.close(descriptor)


def open_tap() -> socket.socket:
    """Sees what passes by any interface of this thread's namespace."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    packets.attach_filter(tap)
    try:
        tap.setsockopt(socket.SOL_SOCKET, netlink.SO_RCVBUFFORCE, 4 << 20)
    except OSError:
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.setblocking(False)
    return tap


def tell(kind: str, at_ns: int, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"kind": kind, "atNs": at_ns, **fields}, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def stamp_of(ancillary: list[Any]) -> int:
    """The moment on CLOCK_MONOTONIC: now, less the age of the kernel's stamp."""
    wall_ns, now_ns = time.time_ns(), time.monotonic_ns()
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack_from("qq", data)
            age_ns = wall_ns - seconds * 1_000_000_000 - nanoseconds
            if 0 <= age_ns <= OLDEST_STAMP_NS:
                return now_ns - age_ns
    return now_ns


class Node:
    """The sockets and logs of one router or host, and what was seen last."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.name: str = plan["name"]
        enter(f"/proc/{plan['pid']}/ns/net")
        self.tap = open_tap() if plan["tap"] else None
        self.kernel = netlink.open_socket()
        self.logs: dict[str, int] = {path: 0 for path in plan["logs"]}
        self.virtual: set[str] = set(plan["virtual"])
        self.sent: dict[str, str] = {}
        #: Who advertised last, by port and virtual router; which MAC address a virtual one was at.
        self.masters: dict[tuple[str, int], str] = {}
        self.claimed: dict[str, str] = {}
        self.links: dict[str, bool] = {}
        #: Names of interfaces by their numbers, and the number of each bond's active member.
        self.ports: dict[int, str] = dict(socket.if_nameindex())
        self.active: dict[str, int] = {}

    def read_tap(self) -> None:
        """BFD as this router sends it, when its state changes; messages as it receives them."""
        while self.tap is not None:
            try:
                frame, ancillary, _, address = self.tap.recvmsg(2048, 128)
            except OSError:
                return
            port, kind = address[0], address[2]
            found = packets.read_packet(frame)
            if isinstance(found, packets.Bfd):
                if kind == OUTGOING and self.sent.get(port) != found.state:
                    self.sent[port] = found.state
                    tell("observe.bfd", stamp_of(ancillary), node=self.name, port=port,
                         state=found.state, forwarding=found.state == "up", flapCount=None,
                         diagnostic=found.diagnostic)
            elif isinstance(found, packets.Advertisement):
                self.read_advertisement(found, port, kind == OUTGOING, stamp_of(ancillary))
            elif isinstance(found, packets.Claim):
                if kind != OUTGOING:
                    self.read_claim(found, stamp_of(ancillary))
            elif found and kind != OUTGOING:
                for message in found:
                    tell("observe.routing", stamp_of(ancillary), node=self.name, port=port,
                         message=message.what)

    def read_advertisement(self, one: packets.Advertisement, port: str, own: bool, at_ns: int) -> None:
        """A gateway that advertises itself has missed its master; for others there is a new one."""
        before = self.masters.get((port, one.group))
        self.masters[port, one.group] = one.sender
        if before == one.sender:
            return
        if own:
            tell("observe.adjacency", at_ns, node=self.name, protocol="vrrp",
                 neighbour=before or f"group {one.group}", up=False, text="missed: advertises itself")
        else:
            tell("observe.routing", at_ns, node=self.name, port=port, message="vrrp-advertisement")

    def read_claim(self, one: packets.Claim, at_ns: int) -> None:
        """A virtual address that is at another MAC address than before."""
        if one.address not in self.virtual or self.claimed.get(one.address) == one.mac:
            return
        change = "replaced" if one.address in self.claimed else "added"
        self.claimed[one.address] = one.mac
        tell("observe.route", at_ns, node=self.name, change=change, prefix=f"{one.address}/32",
             via=[one.mac], protocol="arp")

    def read_kernel(self) -> None:
        """Routes, and carrier where it changes."""
        while True:
            try:
                data = self.kernel.recv(65536)
            except OSError:
                return
            at_ns = time.monotonic_ns()
            for change in netlink.read_messages(data):
                if isinstance(change, netlink.Route):
                    tell("observe.route", at_ns, node=self.name, change=change.change,
                         prefix=change.prefix, via=change.via, protocol=change.protocol)
                elif isinstance(change, netlink.Address):
                    if change.address in self.virtual:
                        tell("observe.route", at_ns, node=self.name, prefix=f"{change.address}/32",
                             change="added" if change.there else "removed", via=[], protocol="vrrp")
                else:
                    self.read_link(change, at_ns)

    def read_link(self, one: netlink.Link, at_ns: int) -> None:
        """Carrier where it changes, and the active member of a bond of the kernel's."""
        self.ports[one.index] = one.port
        if self.links.get(one.port) != one.up:
            self.links[one.port] = one.up
            tell("observe.link", at_ns, node=self.name, port=one.port,
                 state="up" if one.up else "down")
        if one.active is not None and self.active.get(one.port) != one.active:
            self.active[one.port] = one.active
            tell("observe.bond", at_ns, node=self.name, bond=one.port,
                 active=self.ports.get(one.active))

    def read_logs(self) -> None:
        """Whole lines that were added since."""
        for path, place in self.logs.items():
            try:
                if os.path.getsize(path) <= place:
                    continue
                with open(path, "rb") as log:
                    log.seek(place)
                    added = log.read(1 << 20)
            except OSError:
                continue
            whole = added[:added.rfind(b"\n") + 1]
            self.logs[path] = place + len(whole)
            age_ns = time.time_ns() - time.monotonic_ns()
            for one in daemon_log.read_lines(whole.decode(errors="replace")):
                at_ns = max(0, one.wall_ns - age_ns)
                if isinstance(one, daemon_log.Member):
                    tell("observe.bond", at_ns, node=self.name, bond=one.bond, active=one.active)
                    continue
                tell("observe.adjacency", at_ns, node=self.name,
                     protocol=one.protocol, neighbour=one.neighbour, up=one.up, text=one.text)


def main() -> None:
    """Runs until the input ends."""
    plan = json.loads(sys.stdin.buffer.readline())
    home = f"/proc/{os.getpid()}/ns/net"
    kept = os.open(home, os.O_RDONLY)
    nodes = [Node(one) for one in plan["nodes"]]
    enter(f"/proc/self/fd/{kept}")
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    except OSError:
        pass  # An ordinary user may not: stamps of routes are then a little late.
    readers = {one.tap: one.read_tap for one in nodes if one.tap is not None}
    readers |= {one.kernel: one.read_kernel for one in nodes}
    poll = select.epoll()
    by_descriptor = {each.fileno(): read for each, read in readers.items()}
    for descriptor in [*by_descriptor, sys.stdin.fileno()]:
        poll.register(descriptor, select.EPOLLIN)
    sys.stdout.write('{"ready":true}\n')
    sys.stdout.flush()
    logs_due = 0.0
    while True:
        for descriptor, _ in poll.poll(LOGS_EVERY_S):
            if descriptor == sys.stdin.fileno():
                if not os.read(descriptor, 1024):
                    return
            else:
                by_descriptor[descriptor]()
        if time.monotonic() >= logs_due:
            logs_due = time.monotonic() + LOGS_EVERY_S
            for one in nodes:
                one.read_logs()


if __name__ == "__main__":
    main()

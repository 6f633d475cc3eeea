"""Changes of routes and of carrier, as a kernel reports them. Pure, except for the socket."""

from __future__ import annotations

import socket
import struct
from typing import Any, Iterator, NamedTuple, Optional

LINK_GROUP, IPV4_ADDRESS_GROUP, IPV4_ROUTE_GROUP = 1, 5, 7
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
SO_RCVBUFFORCE = 33
NEWLINK, NEWADDR, DELADDR, NEWROUTE, DELROUTE = 16, 20, 21, 24, 25
LOCAL = 2
REPLACE = 0x100
UP, LOWER_UP = 1, 0x10000
IFNAME, DST, OIF, GATEWAY, MULTIPATH, NH_ID = 3, 1, 4, 5, 9, 30
MAIN_TABLE, UNICAST = 254, 1
LINKINFO, INFO_KIND, INFO_DATA, BOND_MODE, BOND_ACTIVE = 18, 1, 2, 1, 2
ACTIVE_BACKUP = 1
#: rtnetlink(7) and FRR's own numbers; the kernel's own routes follow addresses and links.
PROTOCOLS = {3: "boot", 4: "static", 11: "zebra", 12: "bird", 186: "bgp", 187: "isis", 188: "ospf",
             189: "rip", 196: "static"}


class Route(NamedTuple):
    """A change of a route in the main table. `via`: its next hops."""

    change: str
    prefix: str
    via: list[str]
    protocol: str


class Address(NamedTuple):
    """An address of an interface that came or went."""

    address: str
    there: bool


class Link(NamedTuple):
    """How an interface is now."""

    port: str
    up: bool
    index: int
    #: Of a bond with one active member: its number, 0 for none; None for all else.
    active: Optional[int]


def open_socket() -> socket.socket:
    """In the calling thread's network namespace."""
    watch = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    try:
        watch.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20)
    except OSError:
        watch.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    watch.bind((0, 0))
    for group in (LINK_GROUP, IPV4_ADDRESS_GROUP, IPV4_ROUTE_GROUP):
        watch.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    watch.setblocking(False)
    return watch


def read_messages(data: bytes) -> Iterator[Route | Link | Address]:
    """All that a read from the socket returned."""
    while len(data) >= 16:
        length, kind, flags, _, _ = struct.unpack_from("=IHHII", data)
        if length < 16:
            return
        body = data[16:length]
        found: Optional[Route | Link | Address] = None
        if kind in (NEWROUTE, DELROUTE) and len(body) >= 12:
            found = route_of(body, kind, flags)
        elif kind in (NEWADDR, DELADDR) and len(body) >= 8 and body[0] == socket.AF_INET:
            own = attributes(body[8:])
            found = Address(address(own[LOCAL]), kind == NEWADDR) if LOCAL in own else None
        elif kind == NEWLINK and len(body) >= 16:
            found = link_of(body)
        if found:
            yield found
        data = data[(length + 3) & ~3:]


def route_of(body: bytes, kind: int, flags: int) -> Optional[Route]:
    family, bits, _, _, table, protocol, _, shape, _ = struct.unpack_from("=BBBBBBBBI", body)
    if family != socket.AF_INET or table != MAIN_TABLE or shape != UNICAST:
        return None
    if protocol not in PROTOCOLS:
        return None
    own = attributes(body[12:])
    prefix = f"{address(own[DST]) if DST in own else '0.0.0.0'}/{bits}"
    change = "removed" if kind == DELROUTE else "replaced" if flags & REPLACE else "added"
    return Route(change, prefix, next_hops(own), PROTOCOLS[protocol])


def next_hops(own: dict[int, bytes]) -> list[str]:
    if GATEWAY in own:
        return [address(own[GATEWAY])]
    found, rest = [], own.get(MULTIPATH, b"")
    while len(rest) >= 8:
        (length,) = struct.unpack_from("=H", rest)
        if length < 8:
            break
        hop = attributes(rest[8:length])
        if GATEWAY in hop:
            found.append(address(hop[GATEWAY]))
        rest = rest[(length + 3) & ~3:]
    return found


def link_of(body: bytes) -> Optional[Link]:
    family, _, _, index, flags, _ = struct.unpack_from("=BBHiII", body)
    own = attributes(body[16:])
    if family != socket.AF_UNSPEC or IFNAME not in own:
        return None
    name = own[IFNAME].rstrip(b"\0").decode(errors="replace")
    return Link(name, bool(flags & UP and flags & LOWER_UP), index, active_member(own))


def active_member(own: dict[int, bytes]) -> Optional[int]:
    info = attributes(own.get(LINKINFO, b""))
    if info.get(INFO_KIND, b"").rstrip(b"\0") != b"bond":
        return None
    data = attributes(info.get(INFO_DATA, b""))
    if data.get(BOND_MODE, b"\0")[0] != ACTIVE_BACKUP:
        return None
    if BOND_ACTIVE not in data:
        return 0
    (number,) = struct.unpack_from("=I", data[BOND_ACTIVE])
    return int(number)


def address(packed: bytes) -> str:
    return socket.inet_ntoa(packed) if len(packed) == 4 else packed.hex()


def attributes(data: bytes) -> dict[int, Any]:
    found: dict[int, bytes] = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found

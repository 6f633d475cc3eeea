"""What `ip` sets, set without a process: requests to the kernel's rtnetlink, many in one message.

A namespace belongs to a thread, so all of this acts on the calling thread's namespace (see
`interfaces.in_network_of`).
"""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
from dataclasses import dataclass
from typing import Iterator

from protocol import BridgeError

NEWLINK, GETLINK, NEWADDR, NEWNEIGH = 16, 18, 20, 28
ERROR, DONE = 2, 3
REQUEST, ACKNOWLEDGE, REPLACE, CREATE, DUMP = 0x1, 0x4, 0x100, 0x400, 0x300
IFLA_IFNAME, IFLA_MTU, IFLA_GROUP = 3, 4, 27
IFA_ADDRESS, IFA_LOCAL = 1, 2
NDA_LLADDR = 2
#: Of an entry in a bridge's table: static, and in the table of the port's bridge.
NUD_NOARP, NTF_MASTER = 0x40, 0x4
UP, RUNNING = 0x1, 0x40
#: Requests in one message; their acknowledgements fit into the socket's buffer.
TOGETHER = 100


@dataclass(frozen=True)
class Link:
    """An interface as the kernel has it."""

    index: int
    mtu: int
    up: bool
    #: It has carrier, and the kernel has reported it.
    running: bool


def attribute(kind: int, value: bytes) -> bytes:
    """One attribute (RFC 3549), padded to four bytes."""
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def link_up(index: int) -> tuple[int, int, bytes]:
    """Set IFF_UP alone."""
    return NEWLINK, 0, struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, UP, UP)


def group(index: int, number: int) -> tuple[int, int, bytes]:
    """Put it into a group, by which many are set or deleted in one call."""
    return (NEWLINK, 0, struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, 0, 0)
            + attribute(IFLA_GROUP, struct.pack("=I", number)))


def address(index: int, cidr: str) -> tuple[int, int, bytes]:
    """As `ip addr replace`."""
    own = ipaddress.ip_interface(cidr)
    family = socket.AF_INET if own.version == 4 else socket.AF_INET6
    body = struct.pack("=BBBBI", family, own.network.prefixlen, 0, 0, index)
    return (NEWADDR, CREATE | REPLACE, body + attribute(IFA_LOCAL, own.ip.packed)
            + attribute(IFA_ADDRESS, own.ip.packed))


def behind_port(index: int, mac: str) -> tuple[int, int, bytes]:
    """As `bridge fdb replace MAC dev PORT master static`, by the index of the port."""
    body = struct.pack("=BxxxiHBB", socket.AF_BRIDGE, index, NUD_NOARP, NTF_MASTER, 0)
    return (NEWNEIGH, CREATE | REPLACE,
            body + attribute(NDA_LLADDR, bytes.fromhex(mac.replace(":", ""))))


class Requests:
    """Requests that are made together. What each is about stands in the error of a refused one."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, tuple[int, int, bytes]]] = []

    def add(self, about: str, request: tuple[int, int, bytes]) -> None:
        """Make it with the next `send`."""
        self.waiting.append((about, request))

    def send(self) -> None:
        """Make all. Raises BridgeError with the first that was refused."""
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as route:
            route.settimeout(10)
            for first in range(0, len(self.waiting), TOGETHER):
                self._exchange(route, self.waiting[first:first + TOGETHER])
        self.waiting = []

    @staticmethod
    def _exchange(route: socket.socket, part: list[tuple[str, tuple[int, int, bytes]]]) -> None:
        route.send(b"".join(
            struct.pack("=IHHII", 16 + len(body), kind, REQUEST | ACKNOWLEDGE | flags, place, 0)
            + body for place, (_, (kind, flags, body)) in enumerate(part)))
        answered, refused = 0, ""
        while answered < len(part):
            for kind, sequence, body in messages(route.recv(1 << 18)):
                if kind != ERROR:
                    continue
                answered += 1
                error, = struct.unpack_from("=i", body)
                if error and not refused:
                    refused = f"{part[sequence][0]}: {os.strerror(-error)}"
        if refused:
            raise BridgeError(f"the kernel refused {refused}")


def messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Kind, sequence number and body of each message."""
    while len(data) >= 16:
        length, kind, _, sequence, _ = struct.unpack_from("=IHHII", data)
        yield kind, sequence, data[16:length]
        data = data[(length + 3) & ~3:]


def links() -> dict[str, Link]:
    """Every interface of the namespace, by name."""
    found: dict[str, Link] = {}
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as route:
        route.settimeout(10)
        body = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, 0, 0, 0)
        route.send(struct.pack("=IHHII", 16 + len(body), GETLINK, REQUEST | DUMP, 1, 0) + body)
        while True:
            for kind, _, body in messages(route.recv(1 << 18)):
                if kind == DONE:
                    return found
                if kind == ERROR:
                    raise BridgeError("the kernel does not list the interfaces: "
                                      + os.strerror(-struct.unpack_from("=i", body)[0]))
                _, _, index, flags, _ = struct.unpack_from("=BxHiII", body)
                own = dict(attributes(body[16:]))
                name = own[IFLA_IFNAME].rstrip(b"\0").decode()
                mtu, = struct.unpack("=I", own[IFLA_MTU])
                found[name] = Link(index, mtu, bool(flags & UP), bool(flags & RUNNING))


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and value of each attribute."""
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3FFF, data[4:length]
        data = data[(max(length, 4) + 3) & ~3:]

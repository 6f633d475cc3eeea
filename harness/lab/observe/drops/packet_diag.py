"""Packets dropped at packet sockets (AF_PACKET) of a network namespace, by sock_diag(7).

`ss -0 -m` prints the same counter as `d` in skmem. A socket of NETLINK_SOCK_DIAG belongs to the
namespace in which it was opened, so one process can ask many namespaces without entering them again.
"""

from __future__ import annotations

import fcntl
import socket
import struct
from typing import Iterator, NamedTuple

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLM_F_REQUEST_DUMP = 0x301
NLMSG_ERROR, NLMSG_DONE = 2, 3
PACKET_SHOW_INFO, PACKET_SHOW_MEMINFO = 0x01, 0x10
PACKET_DIAG_INFO, PACKET_DIAG_MEMINFO = 0, 6
#: Position of the drops among the kernel's socket memory figures (SK_MEMINFO_DROPS).
DROPS = 8
SIOCGIFNAME = 0x8910
HEADER = struct.Struct("=IHHII")
#: Family, protocol, padding, inode (0: all), what to show, cookie (none).
REQUEST = struct.Struct("=BBHIIII")
#: Family, type, protocol, inode, cookie.
MESSAGE = struct.Struct("=BBHIII")
ATTRIBUTE = struct.Struct("=HH")
ANSWER_BYTES = 1 << 16


class PacketSocket(NamedTuple):
    """One packet socket: `inode` identifies it, `index` is its interface's (0: none)."""

    inode: int
    index: int
    drops: int


class PacketSockets:
    """The packet sockets of the network namespace in which this object is made."""

    def __init__(self) -> None:
        self._netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)
        self._netlink.settimeout(1.0)
        self._any = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._names: dict[int, str] = {}

    def read(self) -> list[PacketSocket]:
        """All of them. Raises OSError where the kernel cannot list them (no packet_diag)."""
        show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO
        asked = REQUEST.pack(socket.AF_PACKET, 0, 0, 0, show, 0, 0)
        length = HEADER.size + len(asked)
        self._netlink.send(HEADER.pack(length, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP, 1, 0) + asked)
        found: list[PacketSocket] = []
        while True:
            for kind, body in messages(self._netlink.recv(ANSWER_BYTES)):
                if kind == NLMSG_DONE:
                    return found
                if kind == NLMSG_ERROR:
                    code = -struct.unpack_from("=i", body)[0]
                    raise OSError(code, "the kernel does not list packet sockets")
                found.append(packet_socket(body))

    def name_of(self, index: int) -> str:
        """The interface's name; empty for a socket that is bound to none, or whose is gone."""
        if index not in self._names:
            try:
                request = struct.pack("16si20x", b"", index)
                answer = fcntl.ioctl(self._any, SIOCGIFNAME, request)
            except OSError:
                return ""
            self._names[index] = answer[:16].rstrip(b"\0").decode("ascii", "replace")
        return self._names[index]


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each netlink message."""
    at = 0
    while at + HEADER.size <= len(data):
        length, kind, _, _, _ = HEADER.unpack_from(data, at)
        if length < HEADER.size:
            return
        yield kind, data[at + HEADER.size : at + length]
        at += (length + 3) & ~3


def packet_socket(body: bytes) -> PacketSocket:
    """Reads one answer. What the kernel left out counts as 0."""
    inode = MESSAGE.unpack_from(body)[3]
    index = drops = 0
    at = MESSAGE.size
    while at + ATTRIBUTE.size <= len(body):
        length, kind = ATTRIBUTE.unpack_from(body, at)
        if length < ATTRIBUTE.size:
            break
        value = body[at + ATTRIBUTE.size : at + length]
        if kind == PACKET_DIAG_INFO and len(value) >= 4:
            index = struct.unpack_from("=I", value)[0]
        elif kind == PACKET_DIAG_MEMINFO and len(value) >= 4 * (DROPS + 1):
            drops = struct.unpack_from("=I", value, 4 * DROPS)[0]
        at += (length + 3) & ~3
    return PacketSocket(inode, index, drops)

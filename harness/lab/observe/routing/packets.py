"""What routers send to each other, as it passes: BFD states and messages that carry routes.

Pure, except for the filter of the socket."""

from __future__ import annotations

import ctypes
import socket
import struct
from typing import NamedTuple, Optional

SO_ATTACH_FILTER = 26
OSPF, VRRP, TCP, UDP = 89, 112, 6, 17
BFD_PORT, BGP_PORT = 3784, 179
ARP = 0x0806
#: An IS-IS packet: the LLC header, then the protocol's own number.
ISIS_LLC = b"\xfe\xfe\x03\x83"
ISIS_LSP_TYPES = (18, 20)
OSPF_UPDATE = 4
VRRP_ADVERTISEMENT = 1
BGP_MARKER = b"\xff" * 16
BGP_UPDATE, BGP_NOTIFICATION = 2, 3
#: An update of this length carries nothing: it ends the first exchange (RFC 4724).
BGP_END_OF_TABLE = 23
BFD_STATES = ("admin-down", "down", "init", "up")
BFD_DIAGNOSTICS = ("none", "control detection time expired", "echo function failed",
                   "neighbour signaled session down", "forwarding plane reset", "path down",
                   "concatenated path down", "administratively down", "reverse concatenated path down")


class Bfd(NamedTuple):
    """The state that the sender of a BFD packet is in."""

    state: str
    diagnostic: str


class Message(NamedTuple):
    """A message that carries routes: `ospf-update`, `bgp-update`, `bgp-notification`, `isis-lsp`."""

    what: str


class Advertisement(NamedTuple):
    """A gateway says that it is master of a virtual router."""

    group: int
    sender: str


class Claim(NamedTuple):
    """Gratuitous ARP: an address is at this MAC address from now on."""

    address: str
    mac: str


Found = Bfd | Advertisement | Claim | list[Message]


def attach_filter(tap: socket.socket) -> None:
    """Let only packets of routing protocols through (classic BPF, at the Ethernet header): traffic
    passes by the same interfaces."""
    accept, drop = 19, 20
    program = [
        (0x28, 0, 0, 12),                            # 0: the type, or length of an LLC frame
        (0x15, accept - 2, 0, ARP),                  # 1
        (0x15, 3, 0, 0x0800),                        # 2: IPv4: 6
        (0x25, drop - 4, 0, 1500),                   # 3: another type
        (0x30, 0, 0, 14),                            # 4: the LLC's service
        (0x15, accept - 6, drop - 6, 0xFE),          # 5: IS-IS or not
        (0x30, 0, 0, 23),                            # 6: the protocol
        (0x15, accept - 8, 0, OSPF),                 # 7
        (0x15, accept - 9, 0, VRRP),                 # 8
        (0xB1, 0, 0, 14),                            # 9: the length of the IP header
        (0x15, 0, 2, UDP),                           # 10: not UDP: 13
        (0x48, 0, 0, 16),                            # 11: the target port
        (0x15, accept - 13, drop - 13, BFD_PORT),    # 12
        (0x15, 0, drop - 14, TCP),                   # 13
        (0x48, 0, 0, 14),                            # 14: the source port
        (0x15, accept - 16, 0, BGP_PORT),            # 15
        (0x48, 0, 0, 16),                            # 16: the target port
        (0x15, accept - 18, drop - 18, BGP_PORT),    # 17
        (0x06, 0, 0, 0),                             # 18: never reached
        (0x06, 0, 0, 0xFFFF),                        # 19
        (0x06, 0, 0, 0),                             # 20
    ]
    packed = b"".join(struct.pack("HBBI", *line) for line in program)
    held = ctypes.create_string_buffer(packed)
    tap.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                   struct.pack("HL", len(program), ctypes.addressof(held)))


def read_packet(frame: bytes) -> Optional[Found]:
    """What a frame says; None where it is nothing of interest."""
    if frame[12:14] == b"\x08\x06":
        return claim_of(frame[14:])
    if frame[12:14] != b"\x08\x00":
        return isis_of(frame[14:])
    header = (frame[14] & 15) * 4 if len(frame) > 34 else 20
    protocol, body = (frame[23] if len(frame) > 23 else 0), frame[14 + header:]
    if protocol == UDP and len(body) >= 24:
        return Bfd(BFD_STATES[body[9] >> 6], diagnostic_of(body[8] & 31))
    if protocol == OSPF and len(body) >= 2 and body[1] == OSPF_UPDATE:
        return [Message("ospf-update")]
    if protocol == VRRP and len(body) >= 8 and body[0] & 15 == VRRP_ADVERTISEMENT and body[2] > 0:
        return Advertisement(body[1], socket.inet_ntoa(frame[26:30]))
    if protocol == TCP and len(body) >= 20:
        length = struct.unpack("!H", frame[16:18])[0] - header
        return bgp_of(body[(body[12] >> 4) * 4:length])
    return None


def claim_of(body: bytes) -> Optional[Claim]:
    """ARP in which sender and target are one address."""
    if len(body) < 28 or body[14:18] != body[24:28]:
        return None
    return Claim(socket.inet_ntoa(body[14:18]), body[8:14].hex(":"))


def isis_of(body: bytes) -> Optional[list[Message]]:
    """Behind the LLC's three bytes: the protocol's number, five more, the type."""
    if body[:4] != ISIS_LLC or len(body) < 8 or body[7] & 31 not in ISIS_LSP_TYPES:
        return None
    return [Message("isis-lsp")]


def bgp_of(payload: bytes) -> Optional[list[Message]]:
    """The messages that begin in a segment; one that began in the segment before is not seen."""
    found = []
    while len(payload) >= 19 and payload[:16] == BGP_MARKER:
        length, kind = struct.unpack("!HB", payload[16:19])
        if length < 19:
            break
        if kind == BGP_UPDATE and length > BGP_END_OF_TABLE:
            found.append(Message("bgp-update"))
        elif kind == BGP_NOTIFICATION:
            found.append(Message("bgp-notification"))
        payload = payload[length:]
    return found or None


def diagnostic_of(code: int) -> str:
    return BFD_DIAGNOSTICS[code] if code < len(BFD_DIAGNOSTICS) else f"code {code}"

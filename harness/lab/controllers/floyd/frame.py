"""The controller's own LLDP frames (IEEE 802.1AB) with a sequence number: pure."""

from __future__ import annotations

import struct
from typing import NamedTuple, Optional

LLDP_ETHERTYPE = 0x88CC
LLDP_MAC = "01:80:c2:00:00:0e"
_DESTINATION = bytes.fromhex("0180c200000e")
#: An organisation code of our own (locally administered) marks these frames.
_ORGANISATION = b"\x0e\xfa\x01"
_BODY = struct.Struct("!QIQ")


class Stamp(NamedTuple):
    """What a frame says: who sent it, from which port, and which send it was."""

    dpid: int
    port: int
    sequence: int


def _tlv(kind: int, value: bytes) -> bytes:
    return struct.pack("!H", kind << 9 | len(value)) + value


def encode(stamp: Stamp) -> bytes:
    """An Ethernet frame of at least 60 bytes: chassis, port, time to live, and the stamp."""
    frame = (
        _DESTINATION
        + b"\x0e\xfa"
        + struct.pack("!I", stamp.port)
        + struct.pack("!H", LLDP_ETHERTYPE)
        + _tlv(1, b"\x07" + f"dpid:{stamp.dpid:016x}".encode())
        + _tlv(2, b"\x07" + str(stamp.port).encode())
        + _tlv(3, struct.pack("!H", 120))
        + _tlv(127, _ORGANISATION + b"\x01" + _BODY.pack(*stamp))
        + _tlv(0, b"")
    )
    return frame.ljust(60, b"\0")


def decode(data: bytes) -> Optional[Stamp]:
    """The stamp of one of our frames, or None for anything else."""
    if len(data) < 14 or data[12:14] != b"\x88\xcc":
        return None
    offset = 14
    while offset + 2 <= len(data):
        (head,) = struct.unpack_from("!H", data, offset)
        kind, length = head >> 9, head & 0x1FF
        value = data[offset + 2 : offset + 2 + length]
        if kind == 0:
            return None
        if kind == 127 and value[:4] == _ORGANISATION + b"\x01" and len(value) == 4 + _BODY.size:
            return Stamp(*_BODY.unpack_from(value, 4))
        offset += 2 + length
    return None

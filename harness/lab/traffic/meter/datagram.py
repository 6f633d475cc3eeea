"""The meter's datagram: what one probe carries, and how it is made and recognised.

Network byte order: magic (4), hash of the meter's id (4), direction (1), padding (3),
sequence number (8), CLOCK_MONOTONIC send stamp in nanoseconds (8), zeros up to the length.
"""

import struct
import zlib

MAGIC = b"FLM1"
HEADER = struct.Struct("!4sIB3xQQ")
_STAMP = struct.Struct("!QQ")
_STAMP_OFFSET = HEADER.size - _STAMP.size
DIRECTIONS = {"forward": 0, "reverse": 1}


def prefix(meter: str, direction: str) -> bytes:
    """The bytes that every probe of this meter and direction begins with."""
    header = HEADER.pack(MAGIC, zlib.crc32(meter.encode()), DIRECTIONS[direction], 0, 0)
    return header[:_STAMP_OFFSET]


def template(meter: str, direction: str, length: int) -> bytearray:
    """A probe of `length` bytes to be stamped again and again; at least 32 bytes."""
    if length < HEADER.size:
        raise ValueError(f"a probe needs {HEADER.size} bytes, got {length}")
    return bytearray(prefix(meter, direction).ljust(length, b"\0"))


def stamp(probe: bytearray, sequence: int, sent_ns: int) -> None:
    """Write sequence number and send stamp into a probe."""
    _STAMP.pack_into(probe, _STAMP_OFFSET, sequence, sent_ns)


def reader(length: int) -> struct.Struct:
    """Reads (prefix, sequence, send stamp) from each of several probes of `length` bytes."""
    return struct.Struct(f"!{_STAMP_OFFSET}sQQ{length - HEADER.size}x")

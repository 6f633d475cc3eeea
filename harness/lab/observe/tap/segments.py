"""TCP segments put together into streams, and streams split into OpenFlow messages.

A segment that is seen twice (going out of one interface and into another) counts once, and one
that comes too early waits for those before it. One that was never seen, though its receiver has
acknowledged it, is not waited for long. Pure, except for the filter of the socket.
"""

from __future__ import annotations

import ctypes
import socket
import struct
from dataclasses import dataclass, field
from typing import Iterator, NamedTuple, Optional

SO_ATTACH_FILTER = 26
#: Where a filter finds the packet's protocol, which is not part of its bytes (SKF_AD_PROTOCOL).
ETHERTYPE = 0xFFFFF000
HEADER = struct.Struct("!BBHI")
#: Segments kept while one before them is missing; then the stream starts anew at the next one.
MOST_WAITING = 256
#: An acknowledgement may be read before what it acknowledges, from another interface's socket.
PATIENCE_NS = 300_000_000
FIN, SYN, RST, ACK = 1, 2, 4, 16


class Segment(NamedTuple):
    """One TCP segment. Addresses are dotted."""

    source: str
    source_port: int
    target: str
    target_port: int
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes


class Message(NamedTuple):
    """One OpenFlow message: whose connection, and what it is."""

    controller: str
    port: int
    switch: str
    version: int
    kind: int
    xid: int
    body: bytes


def attach_port_filter(tap: socket.socket, first_port: int, last_port: int) -> None:
    """Lets only TCP segments from or to these ports through (classic BPF, at the IP header)."""
    program = [
        (0x28, 0, 0, ETHERTYPE),  # 0
        (0x15, 0, 9, 0x0800),  # 1: not IPv4: 11
        (0x30, 0, 0, 9),  # 2: the protocol
        (0x15, 0, 7, 6),  # 3: not TCP: 11
        (0xB1, 0, 0, 0),  # 4: the length of the IP header
        (0x48, 0, 0, 0),  # 5: the source port
        (0x35, 0, 1, first_port),  # 6: below: 8
        (0x25, 0, 4, last_port),  # 7: not above: 12
        (0x48, 0, 0, 2),  # 8: the target port
        (0x35, 0, 1, first_port),  # 9: below: 11
        (0x25, 0, 1, last_port),  # 10: not above: 12
        (0x06, 0, 0, 0),  # 11: drop
        (0x06, 0, 0, 0xFFFFFFFF),  # 12: keep all of it
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code)
    header = struct.pack("HL", len(program), ctypes.addressof(buffer))
    tap.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, header)


def read_segment(packet: bytes) -> Optional[Segment]:
    """The TCP segment of an IPv4 packet; None when it is cut off or something else."""
    if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != 6:
        return None
    start = (packet[0] & 15) * 4
    # A total length of 0 is a segment too large for the field; then the packet's end counts.
    end = int.from_bytes(packet[2:4], "big") or len(packet)
    ports = struct.unpack_from("!HHII", packet, start)
    payload = packet[start + (packet[start + 12] >> 4) * 4 : end]
    addresses = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
    return Segment(addresses[0], ports[0], addresses[1], ports[1], ports[2], ports[3],
                   packet[start + 13], payload)


@dataclass
class _Stream:
    """One direction of one connection."""

    expected: int
    waiting: dict[int, bytes] = field(default_factory=dict)
    rest: bytes = b""
    #: The receiver's word, and since when it has been ahead of what was seen here.
    acknowledged: Optional[int] = None
    behind_since_ns: Optional[int] = None

    def push(self, sequence: int, payload: bytes, at_ns: int) -> None:
        """Takes a payload; what was seen before is left out, what is early waits."""
        self.waiting[sequence] = max(payload, self.waiting.get(sequence, b""), key=len)
        self._take_what_follows()
        if not self.waiting:
            self.behind_since_ns = None
        elif len(self.waiting) > MOST_WAITING or self._has_missed(at_ns):
            # Something was never seen: whole messages begin again with some later segment.
            self.expected, self.rest = min(self.waiting, key=self._distance), b""
            self.behind_since_ns = None
            self._take_what_follows()

    def _take_what_follows(self) -> None:
        for start in sorted(self.waiting, key=self._distance):
            distance = self._distance(start)
            if distance > 0:
                return
            fresh = self.waiting.pop(start)[-distance:]
            self.rest += fresh
            self.expected = (self.expected + len(fresh)) & 0xFFFFFFFF

    def _has_missed(self, at_ns: int) -> bool:
        """Whether the receiver got what was not seen here, and that for long enough."""
        if self.acknowledged is None or self._distance(self.acknowledged) <= 0:
            self.behind_since_ns = None
        elif self.behind_since_ns is None:
            self.behind_since_ns = at_ns
        return self.behind_since_ns is not None and at_ns - self.behind_since_ns > PATIENCE_NS

    def _distance(self, sequence: int) -> int:
        """How far ahead of what is expected; negative when behind (RFC 9293 section 3.4)."""
        return ((sequence - self.expected + 0x80000000) & 0xFFFFFFFF) - 0x80000000

    def messages(self) -> Iterator[tuple[int, int, int, bytes]]:
        """Whole OpenFlow messages: version, type, transaction and body."""
        while len(self.rest) >= HEADER.size:
            version, kind, length, xid = HEADER.unpack_from(self.rest)
            if length < HEADER.size or not 1 <= version <= 6:
                self.rest = b""  # Not the beginning of a message: a segment was missed.
                return
            if len(self.rest) < length:
                return
            yield version, kind, xid, self.rest[HEADER.size : length]
            self.rest = self.rest[length:]


class Streams:
    """All connections to controllers that listen on `first_port` to `last_port`."""

    def __init__(self, first_port: int, last_port: int) -> None:
        self._ports = range(first_port, last_port + 1)
        self._streams: dict[tuple[str, int, str, int], _Stream] = {}

    def push(self, segment: Segment, at_ns: int) -> Iterator[Message]:
        """The messages that this segment completes; none of a segment that got by the filter."""
        if segment.source_port not in self._ports and segment.target_port not in self._ports:
            return
        key = segment.source, segment.source_port, segment.target, segment.target_port
        if segment.flags & SYN:
            self._streams[key] = _Stream((segment.sequence + 1) & 0xFFFFFFFF)
            return
        answered = self._streams.get((*key[2:], *key[:2]))
        if answered is not None and segment.flags & ACK:
            answered.acknowledged = segment.acknowledged
        if segment.payload:
            stream = self._streams.get(key)
            if stream is None:
                stream = self._streams[key] = _Stream(segment.sequence)
            stream.push(segment.sequence, segment.payload, at_ns)
            from_controller = segment.source_port in self._ports
            controller, port = key[:2] if from_controller else key[2:]
            switch = segment.target if from_controller else segment.source
            for version, kind, xid, body in stream.messages():
                yield Message(controller, port, switch, version, kind, xid, body)
        if segment.flags & (FIN | RST):
            self._streams.pop(key, None)

"""Watches the control channels of all controllers, from outside: neither switches nor controllers
take part.

This program reads the TCP segments where they pass (packet sockets), puts the streams together and
splits them into OpenFlow messages. Each message has the kernel's stamp of the segment that completed
it, so a busy machine delays what is told, not what it says. Where a channel's packets can get lost,
each direction is read behind that place: what a switch was sent counts when it goes to the switch.

One JSON object a line on standard output: `{"atNs", "port", "switch", "version", "type", "xid",
"body"}` for messages of the types asked for (`body` is hex, cut off), and once a second
`{"atNs", "windowMs", "lost", "counts": {switch: {type: count}}}`, where `lost` counts the packets
that the kernel had no room for. `switch` is the address that identifies the switch. Ends when its
standard input does.
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import struct
import sys
import time
from typing import Any, Callable

from segments import Segment, Streams, attach_port_filter, read_segment

#: Only a socket for all protocols sees what goes out, too.
ETH_P_ALL = 0x0003
LONGEST_PACKET = 1 << 16
BUFFER_BYTES = 8 << 20
SO_RCVBUFFORCE = 33
#: The value that 64-bit kernels take; a stamp is then two longs, seconds and nanoseconds.
SO_TIMESTAMPNS = 35
SOL_PACKET, PACKET_STATISTICS = 263, 6
BODY_BYTES = 128
#: A stamp that claims to be older was read across a step of the wall clock.
OLDEST_STAMP_NS = 1_000_000_000
WINDOW_NS = 1_000_000_000


def open_socket(device: str, first_port: int, last_port: int) -> socket.socket:
    """A packet socket that sees the TCP segments of these ports on one interface."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    attach_port_filter(tap, first_port, last_port)
    try:
        tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    except OSError:
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.bind((device, ETH_P_ALL))
    return tap


def receive(tap: socket.socket) -> tuple[bytes, int]:
    """The next packet and its moment on CLOCK_MONOTONIC: now, less the age of the kernel's stamp."""
    packet, ancillary, _, _ = tap.recvmsg(LONGEST_PACKET, 64)
    wall_ns, now_ns = time.time_ns(), time.monotonic_ns()
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack_from("qq", data)
            age_ns = wall_ns - seconds * 1_000_000_000 - nanoseconds
            if 0 <= age_ns <= OLDEST_STAMP_NS:
                return packet, now_ns - age_ns
    return packet, now_ns


def lost_at(tap: socket.socket) -> int:
    """Packets that found no room in the socket's buffer since the last call."""
    return struct.unpack("II", tap.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]


class Tally:
    """Messages by switch and type since the last line about them."""

    def __init__(self) -> None:
        self._since_ns = time.monotonic_ns()
        self._counts: dict[str, dict[int, int]] = {}

    def add(self, switch: str, kind: int, version: int) -> None:
        counts = self._counts.setdefault(switch, {})
        key = kind if version > 1 else -kind
        counts[key] = counts.get(key, 0) + 1

    def due_ns(self) -> int:
        return self._since_ns + WINDOW_NS

    def take(self, now_ns: int, lost: int) -> dict[str, Any]:
        line = {"atNs": now_ns, "windowMs": (now_ns - self._since_ns) / 1e6, "lost": lost,
                "counts": self._counts}
        self._since_ns, self._counts = now_ns, {}
        return line


def tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def anything(segment: Segment) -> bool:
    """Loopback shows what was sent only when it got past its filters."""
    del segment
    return True


def open_taps(
    options: argparse.Namespace,
) -> dict[socket.socket, Callable[[Segment], bool]]:
    """A socket for each interface, with the segments of it that count."""
    first, last = options.first_port, options.last_port
    wanted: list[tuple[str, Callable[[Segment], bool]]] = [
        (options.both_ways, anything),
        (options.to_controllers, lambda segment: first <= segment.target_port <= last),
        (options.from_controllers, lambda segment: first <= segment.source_port <= last),
    ]
    return {
        open_socket(device, first, last): counts
        for devices, counts in wanted
        for device in devices.split(",")
        if device
    }


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    interfaces = "interfaces where messages count that go %s, with commas between"
    parser.add_argument("--both-ways", default="", help=interfaces % "either way")
    parser.add_argument("--to-controllers", default="", help=interfaces % "to controllers")
    parser.add_argument("--from-controllers", default="", help=interfaces % "to switches")
    parser.add_argument("--first-port", type=int, required=True)
    parser.add_argument("--last-port", type=int, required=True)
    parser.add_argument("--controller-address", required=True)
    parser.add_argument("--types", required=True, help="message types to report one by one")
    return parser.parse_args()


class Watch:
    """Everything that passes, reported as it comes."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._told = {int(word) for word in options.types.split(",")}
        self._controller_address = options.controller_address
        self._streams = Streams(options.first_port, options.last_port)
        self.tally = Tally()

    def see(self, segment: Segment, at_ns: int) -> None:
        for message in self._streams.push(segment, at_ns):
            # A relay has an address of its own; a plain switch calls its controller by one.
            at_relay = message.controller == self._controller_address
            switch = message.switch if at_relay else message.controller
            self.tally.add(switch, message.kind, message.version)
            if message.kind in self._told:
                tell({"atNs": at_ns, "port": message.port, "switch": switch,
                      "version": message.version, "type": message.kind, "xid": message.xid,
                      "body": message.body[:BODY_BYTES].hex()})


def main() -> None:
    """Runs until the input ends."""
    options = read_options()
    taps, watch = open_taps(options), Watch(options)
    tell({"atNs": time.monotonic_ns(), "ready": True})
    while True:
        left_s = max(0.0, (watch.tally.due_ns() - time.monotonic_ns()) / 1e9)
        readable, _, _ = select.select([*taps, sys.stdin], [], [], left_s)
        if sys.stdin in readable and not sys.stdin.buffer.read1(1024):
            return
        for tap in (one for one in readable if one in taps):
            try:
                packet, at_ns = receive(tap)
            except OSError:
                continue  # Its interface went down with a relay; the socket continues with it later.
            segment = read_segment(packet)
            if segment and taps[tap](segment):
                watch.see(segment, at_ns)
        now_ns = time.monotonic_ns()
        if now_ns >= watch.tally.due_ns():
            tell(watch.tally.take(now_ns, sum(map(lost_at, taps))))


if __name__ == "__main__":
    main()

"""Watches the control channels of several controllers at once, from outside: neither switches nor
controllers take part.

Open vSwitch's snoop socket repeats one controller's connection only, the most important one at the
moment of asking. With several controllers this program reads their TCP segments where they pass
(packet socket), puts the streams together and splits them into OpenFlow messages.

One JSON object a line on standard output: `{"atNs", "port", "switch", "version", "type", "xid",
"body"}` for messages of the types asked for (`body` is hex, cut off), and once a second
`{"atNs", "windowMs", "counts": {switch: {type: count}}}`. `switch` is the address that tells
switches apart. Ends when its standard input does.
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import sys
import time
from typing import Any

from segments import Streams, attach_port_filter, read_segment

#: Only a socket for all protocols sees what goes out, too.
ETH_P_ALL = 0x0003
LONGEST_PACKET = 1 << 16
BUFFER_BYTES = 8 << 20
SO_RCVBUFFORCE = 33
BODY_BYTES = 128
WINDOW_NS = 1_000_000_000


def open_socket(device: str, first_port: int, last_port: int) -> socket.socket:
    """A packet socket that sees the TCP segments of these ports on one interface."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    attach_port_filter(tap, first_port, last_port)
    try:
        tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    except OSError:
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    tap.bind((device, ETH_P_ALL))
    return tap


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

    def take(self, now_ns: int) -> dict[str, Any]:
        line = {"atNs": now_ns, "windowMs": (now_ns - self._since_ns) / 1e6, "counts": self._counts}
        self._since_ns, self._counts = now_ns, {}
        return line


def tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Runs until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--devices", required=True, help="interfaces, with commas between")
    parser.add_argument("--first-port", type=int, required=True)
    parser.add_argument("--last-port", type=int, required=True)
    parser.add_argument("--controller-address", required=True)
    parser.add_argument("--types", required=True, help="message types to tell one by one")
    options = parser.parse_args()
    told = {int(word) for word in options.types.split(",")}
    ports = options.first_port, options.last_port
    taps = [open_socket(device, *ports) for device in options.devices.split(",")]
    streams, tally = Streams(*ports), Tally()
    tell({"atNs": time.monotonic_ns(), "ready": True})
    while True:
        left_s = max(0.0, (tally.due_ns() - time.monotonic_ns()) / 1e9)
        readable, _, _ = select.select([*taps, sys.stdin], [], [], left_s)
        now_ns = time.monotonic_ns()
        if sys.stdin in readable and not sys.stdin.buffer.read1(1024):
            return
        for tap in (one for one in taps if one in readable):
            segment = read_segment(tap.recv(LONGEST_PACKET))
            for message in streams.push(segment) if segment else ():
                # A relay has an address of its own; a plain switch calls its controller by one.
                at_relay = message.controller == options.controller_address
                switch = message.switch if at_relay else message.controller
                tally.add(switch, message.kind, message.version)
                if message.kind in told:
                    tell({"atNs": now_ns, "port": message.port, "switch": switch,
                          "version": message.version, "type": message.kind, "xid": message.xid,
                          "body": message.body[:BODY_BYTES].hex()})
        if now_ns >= tally.due_ns():
            tell(tally.take(now_ns))


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""A two-way meter: sends numbered probes both ways between two hosts and reports the arrivals.

It is started in the network namespace of the `from` host and opens its second socket in that of
the `to` host. Standard input: `start`, then `stop` (or the end of the input). Standard output:
JSON lines named as in the history (meter.sent, meter.received, meter.end), every 100 ms, preceded
by one meter.ready. All stamps are CLOCK_MONOTONIC nanoseconds.

One thread does everything, for both ends: it wakes for each slot, sends one probe each way, and
every few slots reads what has arrived. Waking up is the dearest part of a probe, so two processes
would cost nearly twice as much; and since stamps are true whenever they are taken (receive stamps
are the kernel's), nothing is lost by doing things one after the other.
"""

import argparse
import ctypes
import os
import resource
import select
import sys
import time

from end import End
from lines import CommandReader, LineWriter
from pacing import Slots, raise_priority
from receive import open_socket

REPORT_NS = 100_000_000
READ_NS = 20_000_000
# How long the meter keeps listening after it has stopped sending.
LINGER_NS = 300_000_000
CLONE_NEWNET = 0x40000000


class Meter:
    """Both directions of a pair: their sockets, tallies and reports."""

    def __init__(self, options: argparse.Namespace):
        self._out = LineWriter(sys.stdout.fileno())
        self._commands = CommandReader(sys.stdin.fileno())
        self._interval_ns = max(1, round(1e9 / options.rate))
        # Flows differ by the port at the `from` host alone.
        ports = [options.port] if options.flows == 1 else [
            options.flow_port + number for number in range(options.flows)]
        here = [open_socket(options.from_address, port) for port in ports]
        enter_network_namespace(options.to_namespace)
        there = [open_socket(options.to_address, options.port)]
        shape = (options.length, self._interval_ns)
        begin = End(here, [(options.to_address, options.port)], options.meter,
                    "forward", "reverse", *shape)
        far = End(there, [(options.from_address, port) for port in ports], options.meter,
                  "reverse", "forward", *shape)
        self._ends = (begin, far)
        # By direction: who sends it, and who receives it.
        self._ways = (("forward", begin, far), ("reverse", far, begin))
        self._next_report_ns = 0
        self._idle_cpu_ns = 0

    def run(self) -> None:
        priority = raise_priority()
        self._write("meter.ready", {"priority": priority})
        self._idle_cpu_ns = cpu_time_ns()
        if self._wait_for_start():
            self._measure()
            self._linger()
        self._end(priority)

    def _wait_for_start(self) -> bool:
        while True:
            select.select([sys.stdin.fileno()], [], [], 1)
            for command in self._commands.read():
                if command in ("start", "stop"):
                    return command == "start"

    def _measure(self) -> None:
        slots = Slots(self._interval_ns)
        now_ns = time.monotonic_ns()
        next_read_ns, self._next_report_ns = now_ns + READ_NS, now_ns + REPORT_NS
        while True:
            slots.wait(READ_NS)
            self._send_due(slots)
            now_ns = time.monotonic_ns()
            if now_ns >= next_read_ns:
                next_read_ns = now_ns + READ_NS
                self._receive()
                if "stop" in self._commands.read():
                    return
                if now_ns >= self._next_report_ns:
                    self._next_report_ns += REPORT_NS
                    self._report()

    def _send_due(self, slots: Slots) -> None:
        now_ns = time.monotonic_ns()
        slots.skip_missed(now_ns)
        while now_ns >= slots.next_ns:
            late_ns = slots.take(now_ns)
            for end in self._ends:
                end.sender.send(now_ns, late_ns)
                now_ns = time.monotonic_ns()

    def _linger(self) -> None:
        end_ns = time.monotonic_ns() + LINGER_NS
        while time.monotonic_ns() < end_ns:
            time.sleep(READ_NS / 1e9)
            self._receive()
        self._report()

    def _receive(self) -> None:
        for end in self._ends:
            end.receive()

    def _report(self) -> None:
        for direction, sending, receiving in self._ways:
            sent = sending.sender.take()
            received = receiving.arrivals.take()
            if sent:
                self._write("meter.sent", {"direction": direction, **sent})
            if received:
                self._write("meter.received", {"direction": direction, **received})

    def _end(self, priority: str) -> None:
        # The cost of measuring is split evenly, so that the directions sum to the whole.
        cpu_ns = (cpu_time_ns() - self._idle_cpu_ns) // len(self._ways)
        for direction, sending, receiving in self._ways:
            tally = {
                "direction": direction,
                "packetsSent": sending.sender.sequence,
                "packetsReceived": receiving.arrivals.received,
                "cpuNs": cpu_ns,
                "priority": priority,
            }
            self._write("meter.end", tally)
        self._out.drain(seconds=1)

    def _write(self, kind: str, fields: dict[str, object]) -> None:
        self._out.write({"kind": kind, "atNs": time.monotonic_ns(), **fields})


def cpu_time_ns() -> int:
    """Processor time of this process so far, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return round((usage.ru_utime + usage.ru_stime) * 1e9)


def enter_network_namespace(path: str) -> None:
    """Sockets opened from now on belong to the namespace behind `path`."""
    libc = ctypes.CDLL(None, use_errno=True)
    fd = os.open(path, os.O_RDONLY)
    try:
        if libc.setns(fd, CLONE_NEWNET) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), path)
    finally:
        os.close(fd)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meter", required=True, help="id of the meter pair")
    parser.add_argument("--from-address", required=True)
    parser.add_argument("--to-address", required=True)
    parser.add_argument("--to-namespace", required=True, help="/proc/<pid>/ns/net of that host")
    parser.add_argument("--port", required=True, type=int, help="of both ends")
    parser.add_argument("--rate", required=True, type=float, help="probes a second, each way")
    parser.add_argument("--flows", type=int, default=1, help="ports at the from host")
    parser.add_argument("--flow-port", type=int, default=0, help="the first of several")
    parser.add_argument("--length", required=True, type=int, help="bytes of a probe")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        Meter(parse_options()).run()
    except (OSError, ValueError) as error:
        print(f"meter: {error}", file=sys.stderr)
        sys.exit(1)

"""Counts the packets that this machine loses, so that they are separated from the network's loss.

Open vSwitch's userspace datapath reads packets from packet sockets. While its process waits for a
processor, a socket's buffer can overflow, and the kernel drops packets that no network lost. The
same can happen to the meter, to iperf3, to the reader of the control channels and to the queues of
arriving packets. The kernel counts all of them.

The first line of standard input is JSON: `{"places": [...], "hosts": [...], "everyMs": 250}`; without
the last, they are counted every 20 ms. On standard output: `{"atNs", "ready": true, "problem": null}`, where `problem` states why packet sockets
cannot be counted; then one line for each span in which packets were dropped: `{"sinceNs", "atNs",
"drops": [{"where", "what", "interface", "packets"}]}`; and once a second such a line with no drops,
to show up to when was counted. A packet was dropped after `sinceNs` and before `atNs`: the first is
read before the earlier count, the second after the later one. Ends when its input does.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import sys
import time
from typing import Any, Iterable, Optional

from sources import Backlog, Counter, SwitchSockets, UdpSockets

EVERY_MS = 20
#: Counting takes at most one part in this many of the time: large networks are looked at less often.
MOST_SHARE = 50
REPORT_NS = 1_000_000_000
PR_SET_TIMERSLACK = 29


def raise_priority() -> None:
    """Counts on time on a busy machine, where the right to do so is there."""
    ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 50_000, 0, 0, 0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except OSError:
        try:
            os.setpriority(os.PRIO_PROCESS, 0, -10)
        except OSError:
            pass


def tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()


class Sweep:
    """Reads all counters again and again, and finds what was added to them."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.problem: Optional[str] = None
        self._sources: list[Any] = [Backlog()]
        for place in plan["places"]:
            try:
                source = SwitchSockets(place["where"], place["pid"], place["owners"])
                list(source.read())
            except OSError as error:
                self.problem = f"{place['where']}: {error.strerror}"
                continue
            self._sources.append(source)
        for host in plan["hosts"]:
            self._sources.append(UdpSockets(host["where"], host["pid"], set(host["meterPorts"])))
        self._last: dict[str, int] = {counter.key: counter.packets for counter in self._read()}

    def _read(self) -> Iterable[Counter]:
        for source in self._sources:
            try:
                yield from source.read()
            except OSError:
                continue  # Its namespace has just gone, or the answer was late: the next count tells.

    def take(self) -> list[dict[str, Any]]:
        """What was dropped since the last call."""
        drops = []
        for key, where, what, interface, packets in self._read():
            more = packets - self._last.get(key, 0)
            self._last[key] = packets
            if more > 0:
                drops.append({"where": where, "what": what, "interface": interface, "packets": more})
        return drops


def main() -> None:
    """Runs until the input ends."""
    plan = json.loads(sys.stdin.buffer.readline())
    every_ns = plan.get("everyMs", EVERY_MS) * 1_000_000
    before_ns = time.monotonic_ns()
    sweep = Sweep(plan)
    raise_priority()
    tell({"atNs": time.monotonic_ns(), "ready": True, "problem": sweep.problem})
    reported_ns, ended = before_ns, False
    # The time for opening the sources does not predict that of a sweep.
    cost_ns = 0
    while not ended:
        pause_s = max(every_ns, MOST_SHARE * cost_ns) / 1e9
        ended = bool(select.select([sys.stdin], [], [], pause_s)[0]) and not os.read(0, 1024)
        # A sweep costs the processor time it takes. Waiting for the processor is not a reason to look
        # less often: that is when packets are dropped.
        start_ns, start_cpu_ns = time.monotonic_ns(), time.process_time_ns()
        drops = sweep.take()
        end_ns, cost_ns = time.monotonic_ns(), time.process_time_ns() - start_cpu_ns
        if drops:
            tell({"sinceNs": before_ns, "atNs": end_ns, "drops": drops})
        if ended or end_ns - reported_ns >= REPORT_NS:
            tell({"sinceNs": reported_ns, "atNs": end_ns, "drops": []})
            reported_ns = start_ns
        before_ns = start_ns

if __name__ == "__main__":
    main()

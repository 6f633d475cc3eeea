"""One end of a meter on a machine of its own, which continues when its supervisor is cut off.

It sends probes, records what arrives, and keeps its lines in memory until they are acknowledged.
It ends on request, or by itself: without a message for as long as its lease is.
"""

import os
import platform
import resource
import socket
import time

from control import Control
from end import End
from pacing import Slots, raise_priority
from reach import EVERY_S, Reach
from receive import open_socket
from spool import Spool

REPORT_NS = 100_000_000
READ_NS = 20_000_000
# The other end stops later than this one by as long as the way there takes.
LINGER_NS = 1_000_000_000
# The machine slept when the clock that counts sleep gained so much on the one that does not.
SLEPT_NS = 50_000_000


class Recorder:
    """States: `waiting`, `reaching`, `measuring`, `lingering`, `done`."""

    def __init__(self, options, listener):
        self._options = options
        self._spool = Spool()
        self._control = Control(listener, self._spool)
        self._udp = open_socket("", options["port"])
        # Once: a name would be looked up again for every probe.
        self._peer = socket.gethostbyname(options["peer"])
        self._reach = Reach(self._udp, (self._peer, options["port"]), options["meter"])
        self._interval_ns = max(1, round(1e9 / options["rate"]))
        self._state = "waiting"
        self._ended = False
        self._contact_ns = self._until_ns = 0
        self._asleep_ns = asleep_ns()
        self._end = self._slots = None
        self._next_ns = {"greet": 0, "read": 0, "report": 0, "linger": 0}

    def run(self) -> None:
        self._contact_ns = time.monotonic_ns()
        priority = raise_priority()
        self._note("end.hello", {
            "python": platform.python_version(), "kernel": platform.release(),
            "host": platform.node(), "uid": os.getuid(), "pid": os.getpid(),
            "peer": self._peer, "priority": priority, "wallMs": time.time_ns() // 1_000_000,
        })
        while not self._ended:
            self._step()
        self._control.say({"kind": "end.gone", "atNs": time.monotonic_ns()})
        self._control.flush(1)

    def _step(self) -> None:
        if self._state == "measuring":
            self._slots.wait(READ_NS)
            self._send_due()
        else:
            self._control.wait(EVERY_S if self._state in ("reaching", "lingering") else 1)
        now_ns = time.monotonic_ns()
        if self._state == "measuring" and now_ns < self._next_ns["read"]:
            return
        self._next_ns["read"] = now_ns + READ_NS
        for command in self._control.poll():
            self._obey(command)
        self._advance(now_ns)
        if now_ns - self._contact_ns > self._options["leaseS"] * 1e9:
            self._ended = True

    def _obey(self, command) -> None:
        self._contact_ns = time.monotonic_ns()
        word = command.get("cmd")
        if word == "ping":
            answer = {"kind": "end.pong", "n": command.get("n"), "atNs": time.monotonic_ns(),
                      "wallMs": time.time_ns() // 1_000_000}
            self._control.say(answer)
        elif word == "reach" and self._state == "waiting":
            self._state = "reaching"
        elif word == "start" and self._state in ("waiting", "reaching"):
            self._start(command.get("duringMs"))
        elif word == "stop" and self._state == "measuring":
            self._stop("told")
        elif word == "end":
            self._ended = True

    def _start(self, during_ms) -> None:
        now_ns = time.monotonic_ns()
        sends, receives = self._options["sends"], self._options["receives"]
        self._end = End([self._udp], [self._reach.peer], self._options["meter"], sends, receives,
                        self._options["length"], self._interval_ns, one_clock=False)
        self._slots = Slots(self._interval_ns)
        self._next_ns["report"] = now_ns + REPORT_NS
        self._until_ns = 0 if during_ms is None else now_ns + int(during_ms * 1e6)
        self._cpu_ns = cpu_time_ns()
        self._state = "measuring"

    def _stop(self, why) -> None:
        self._state = "lingering"
        self._note("end.stopped", {"why": why})
        self._next_ns["linger"] = time.monotonic_ns() + LINGER_NS

    def _send_due(self) -> None:
        now_ns = time.monotonic_ns()
        self._slots.skip_missed(now_ns)
        while now_ns >= self._slots.next_ns:
            late_ns = self._slots.take(now_ns)
            self._end.sender.send(now_ns, late_ns)
            now_ns = time.monotonic_ns()

    def _advance(self, now_ns) -> None:
        if self._state == "reaching":
            self._greet(now_ns)
        elif self._state in ("measuring", "lingering"):
            self._end.receive()
            if now_ns >= self._next_ns["report"]:
                self._next_ns["report"] = now_ns + REPORT_NS
                self._report()
            if self._state == "measuring" and self._until_ns and now_ns >= self._until_ns:
                self._stop("over")
            elif self._state == "measuring" and self._spool.full:
                self._stop("full")
            elif self._state == "lingering" and now_ns >= self._next_ns["linger"]:
                self._finish()

    def _greet(self, now_ns) -> None:
        if now_ns >= self._next_ns["greet"]:
            self._next_ns["greet"] = now_ns + int(EVERY_S * 1e9)
            self._reach.greet()
        if self._reach.look():
            address, port = self._reach.heard_from[:2]
            self._note("end.heard", {"address": address, "port": port})

    def _report(self) -> None:
        sent = self._end.sender.take()
        received = self._end.arrivals.take()
        if sent:
            self._note("meter.sent", {"direction": self._end.sends, **sent})
        if received:
            self._note("meter.received", {"direction": self._end.receives, **received})
        gained_ns = asleep_ns() - self._asleep_ns
        if gained_ns > SLEPT_NS:
            self._asleep_ns += gained_ns
            self._note("end.slept", {"ms": gained_ns / 1e6})

    def _finish(self) -> None:
        self._report()
        self._note("end.tally", {
            "sent": self._end.sender.sequence, "received": self._end.arrivals.received,
            "cpuNs": cpu_time_ns() - self._cpu_ns,
        })
        self._state = "done"

    def _note(self, kind, fields) -> None:
        self._spool.add({"kind": kind, "atNs": time.monotonic_ns(), **fields})


def cpu_time_ns() -> int:
    """Processor time of this process so far, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return round((usage.ru_utime + usage.ru_stime) * 1e9)


def asleep_ns() -> int:
    """How long this machine has slept since it was started, and a constant."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()

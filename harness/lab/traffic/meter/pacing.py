"""When to send: fixed slots on the monotonic clock, and the priority to meet them."""

import ctypes
import os
import time

# A sender that was not scheduled for longer than this does not make up for the slots before it.
CATCH_UP_NS = 20_000_000
PR_SET_TIMERSLACK = 29


def raise_priority() -> str:
    """Take the best priority this process may have, and return its name."""
    ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        return "fifo 1"
    except OSError:
        pass
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
        return "nice -10"
    except OSError:
        return "normal"


class Slots:
    """Absolute deadlines, one every 1/rate seconds.

    Numbers are given to probes that are really sent, one after the other. When the process wakes
    late it sends the slots of the last 20 ms at once, each with its true stamp, and leaves out
    those before, without spending numbers on them. Being late therefore never makes a number
    missing; it shows as lateness and as gaps between send stamps, for a judge to weigh.
    """

    def __init__(self, interval_ns: int):
        self._interval_ns = interval_ns
        self._catch_up = max(1, CATCH_UP_NS // self._interval_ns)
        self._next_ns = time.monotonic_ns()

    @property
    def next_ns(self) -> int:
        """When the next slot is due."""
        return self._next_ns

    def wait(self, at_most_ns: int) -> None:
        """Sleep until the next slot is due, or for so long."""
        remaining = min(at_most_ns, self._next_ns - time.monotonic_ns())
        if remaining > 0:
            time.sleep(remaining / 1e9)

    def take(self, now_ns: int) -> int:
        """Move to the next slot; returns the lateness of this one, in nanoseconds."""
        late = max(0, now_ns - self._next_ns)
        self._next_ns += self._interval_ns
        return late

    def skip_missed(self, now_ns: int) -> None:
        """Leave out slots that are too old to make up for."""
        missed = (now_ns - self._next_ns) // self._interval_ns - self._catch_up
        if missed > 0:
            self._next_ns += missed * self._interval_ns

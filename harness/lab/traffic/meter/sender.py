"""Sends the probes of one direction and keeps the tally of the window since the last report."""

from typing import Callable, Optional

import datagram

# Sends further apart than this are reported one by one.
GAP_NS = 5_000_000


#: How the probes of one flow are sent, and where to.
Way = tuple[Callable[[bytearray, tuple[str, int]], int], tuple[str, int]]


class Sender:
    """Numbers are given one after the other to probes that are really handed to the kernel.

    A probe that the kernel refuses keeps its number and is counted as an error: it is lost.
    """

    def __init__(self, ways: list[Way], probe: bytearray, interval_ns: int):
        self._ways = ways
        self._flows = len(ways)
        self._probe = probe
        self.sequence = 0
        self._last_tx_ns = 0
        # A slow rate has wide gaps by intention.
        self._gap_ns = GAP_NS + interval_ns
        self._clear()

    def _clear(self) -> None:
        self._first = self.sequence
        self._first_tx_ns = 0
        self._max_late_ns = self._errors = 0
        self._gaps: list[list[int]] = []

    def send(self, now_ns: int, late_ns: int) -> None:
        """Send the next number, stamped `now_ns`, `late_ns` after its slot."""
        datagram.stamp(self._probe, self.sequence, now_ns)
        try:
            send, peer = self._ways[self.sequence % self._flows]
            send(self._probe, peer)
        except OSError:
            self._errors += 1
        if self.sequence == self._first:
            self._first_tx_ns = now_ns
        if now_ns - self._last_tx_ns > self._gap_ns and self.sequence > 0:
            self._gaps.append([self.sequence, self._last_tx_ns, now_ns])
        if late_ns > self._max_late_ns:
            self._max_late_ns = late_ns
        self._last_tx_ns = now_ns
        self.sequence += 1

    def take(self) -> Optional[dict[str, object]]:
        """The report for the time since the last call, or None when nothing was sent."""
        count = self.sequence - self._first
        if count == 0:
            return None
        report: dict[str, object] = {
            "firstSequence": self._first,
            "count": count,
            "firstTxNs": self._first_tx_ns,
            "lastTxNs": self._last_tx_ns,
            "maxLateNs": self._max_late_ns,
            "errors": self._errors,
            "gaps": self._gaps,
        }
        self._clear()
        return report

"""What arrived: runs of consecutive numbers in order of arrival, duplicates, reordering, delay."""

import bisect
from typing import Optional

# Holes kept for telling a late packet from a duplicate. When there are more, the oldest are
# forgotten and a packet that fills one of them is counted as a duplicate.
MAX_HOLES = 100_000
# Arrivals further apart than this, and an interval, are reported one by one.
SILENCE_NS = 5_000_000


class Arrivals:
    """Arrivals of one direction since the last report, and the holes since the start."""

    def __init__(self, interval_ns: int, one_clock: bool = True) -> None:
        """`one_clock`: send and receive stamps are of one clock, so no delay is negative."""
        self._one_clock = one_clock
        self.received = 0
        self._silence_ns = SILENCE_NS + interval_ns
        self._newest_rx_ns = 0
        self._highest = -1
        self._hole_starts: list[int] = []
        self._hole_ends: list[int] = []
        self._clear()

    def _clear(self) -> None:
        self._ranges: list[list[int]] = []
        self._silences: list[list[int]] = []
        self._delays: list[int] = []
        self._duplicates = 0
        self._reordered = 0
        self._last_rx_ns = 0

    def add(self, sequence: int, tx_ns: int, rx_ns: int) -> None:
        """Note one arrival. Duplicates are counted and otherwise ignored."""
        if sequence > self._highest:
            if sequence > self._highest + 1:
                self._open_hole(self._highest + 1, sequence)
            self._highest = sequence
        elif self._fill(sequence):
            self._reordered += 1
        else:
            self._duplicates += 1
            return
        self.received += 1
        self._last_rx_ns = rx_ns
        if rx_ns - self._newest_rx_ns > self._silence_ns and self._newest_rx_ns > 0:
            self._silences.append([self._newest_rx_ns, rx_ns, tx_ns])
        self._newest_rx_ns = rx_ns
        if rx_ns >= tx_ns or not self._one_clock:
            self._delays.append(rx_ns - tx_ns)
        last = self._ranges[-1] if self._ranges else None
        if last is not None and sequence == last[0] + last[1]:
            last[1] += 1
            last[3] = tx_ns
        else:
            self._ranges.append([sequence, 1, tx_ns, tx_ns, rx_ns])

    def take(self) -> Optional[dict[str, object]]:
        """The report for the time since the last call, or None when nothing arrived."""
        if not self._ranges and not self._duplicates:
            return None
        delays = sorted(self._delays)
        report: dict[str, object] = {
            "ranges": self._ranges,
            "silences": self._silences,
            "duplicates": self._duplicates,
            "reordered": self._reordered,
            "delayNs": None
            if not delays
            else {"min": delays[0], "median": delays[len(delays) // 2], "max": delays[-1]},
            "lastRxNs": self._last_rx_ns,
        }
        self._clear()
        return report

    def _open_hole(self, start: int, end: int) -> None:
        self._hole_starts.append(start)
        self._hole_ends.append(end)
        if len(self._hole_starts) > MAX_HOLES:
            del self._hole_starts[0], self._hole_ends[0]

    def _fill(self, sequence: int) -> bool:
        """Take a number out of the hole it lies in; false when it lies in none."""
        at = bisect.bisect_right(self._hole_starts, sequence) - 1
        if at < 0 or sequence >= self._hole_ends[at]:
            return False
        start, end = self._hole_starts[at], self._hole_ends[at]
        parts = [(a, b) for a, b in ((start, sequence), (sequence + 1, end)) if a < b]
        self._hole_starts[at : at + 1] = [a for a, _ in parts]
        self._hole_ends[at : at + 1] = [b for _, b in parts]
        return True

"""When a link counts as dead, and when it may be used again: pure state machines.

The caller gives the time, in milliseconds. Its clock must stop while the
controller itself was not running (see LoopClock), or its own lateness would look like a loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


class LoopClock:
    """A clock that does not count the time this process was held up.

    A loop that should come round every `tick_ms` calls `advance`; whatever a round took beyond
    `tolerance_ms` is left out, because packets that came meanwhile have not been read yet.
    """

    def __init__(self, tick_ms: float, tolerance_ms: float) -> None:
        self._most_ms = tick_ms + tolerance_ms
        self._last_ms: Optional[float] = None
        self.now_ms = 0.0
        self.skipped_ms = 0.0

    def advance(self, real_ms: float) -> float:
        if self._last_ms is not None:
            passed = real_ms - self._last_ms
            counted = min(passed, self._most_ms)
            self.now_ms += counted
            self.skipped_ms += passed - counted
        self._last_ms = real_ms
        return self.now_ms


@dataclass
class Direction:
    """One direction of a link: its probes leave at one end and must come in at the other."""

    interval_ms: float
    multiplier: int
    last_seen_ms: float
    #: When the next probe is due.
    due_ms: float
    #: Probes sent since the last one came in.
    unanswered: int = 0
    _sent_ms: float = 0.0

    def is_due(self, now_ms: float) -> bool:
        """Whether a probe must leave now. Missed turns are not made up.

        In the last interval before the link would be declared dead probes leave five times as
        often: a busy link loses a few probes in a row more easily than all of these.
        """
        if self._is_suspect(now_ms):
            self.due_ms = min(self.due_ms, self._sent_ms + self.interval_ms / 5)
        return now_ms >= self.due_ms

    def sent(self, now_ms: float) -> None:
        """A probe has left; the next one is due an interval later."""
        self.unanswered += 1
        self._sent_ms = now_ms
        self.due_ms = max(self.due_ms + self.interval_ms, now_ms)

    def _is_suspect(self, now_ms: float) -> bool:
        silent_ms = now_ms - self.last_seen_ms
        last_ms = self.interval_ms * (self.multiplier - 1)
        return self.unanswered >= 1 and last_ms < silent_ms <= last_ms + self.interval_ms

    def seen(self, now_ms: float) -> None:
        self.last_seen_ms = now_ms
        self.unanswered = 0

    def is_dead(self, now_ms: float) -> bool:
        """Nothing came for `multiplier` intervals, although that many probes were sent.

        As with BFD, the last probe that did come in starts the clock (RFC 5880 section 6.8.4). One
        late or lost probe alone is never enough for a multiplier above one.
        """
        return (
            self.unanswered >= self.multiplier
            and now_ms - self.last_seen_ms > self.interval_ms * self.multiplier
        )

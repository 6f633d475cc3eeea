"""Which of several instances is the master: a pure state machine over what the peers say.

Instances are numbered; while no instance is master, the lowest one that is alive becomes it. A master
stays master as long as it lives, so an instance that comes back does not disturb its successor.
The caller gives the time, in milliseconds, on a clock that stops while this process is delayed (see
LoopClock).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

MASTER = "master"
SLAVE = "slave"

#: At the start an instance waits this long for lower ones that have not said anything yet.
PATIENCE_MS = 10_000.0


@dataclass
class _Peer:
    """What another instance said last."""

    heard_ms: float
    role: str
    generation: int


class Election:
    """The role of one instance. `generation` is the generation id of the newest mastership."""

    def __init__(self, instance: int, interval_ms: float, multiplier: int) -> None:
        self._instance = instance
        self._dead_after_ms = interval_ms * multiplier
        self._peers: dict[int, _Peer] = {}
        self.role = SLAVE
        self.generation = 0

    def heard(self, peer: int, role: str, generation: int, now_ms: float) -> None:
        """A word from another instance has come in."""
        self._peers[peer] = _Peer(now_ms, role, generation)

    def decide(self, now_ms: float, new_generation: int) -> bool:
        """Judges the peers now; returns whether role or generation changed.

        `new_generation` must be larger than that of every earlier mastership: switches refuse an
        older one (OpenFlow 1.3.5 section 6.3.4).
        """
        before = self.role, self.generation
        living = {
            number: peer
            for number, peer in self._peers.items()
            if now_ms - peer.heard_ms <= self._dead_after_ms
        }
        masters = [
            (peer.generation, number) for number, peer in living.items() if peer.role == MASTER
        ]
        newest: Optional[tuple[int, int]] = max(masters, default=None)
        if newest is not None:
            if self.role == SLAVE or newest[0] > self.generation:
                self.role, self.generation = SLAVE, newest[0]
        elif self.role == SLAVE and self._is_next(set(living), now_ms):
            self.role, self.generation = MASTER, new_generation
        return (self.role, self.generation) != before

    def _is_next(self, living: set[int], now_ms: float) -> bool:
        """Whether no lower instance lives, or may still be starting."""
        if now_ms <= self._dead_after_ms or any(number < self._instance for number in living):
            return False
        unheard = any(number not in self._peers for number in range(self._instance))
        return not unheard or now_ms > PATIENCE_MS

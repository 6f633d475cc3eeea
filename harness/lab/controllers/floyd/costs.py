"""From measured link delays to steady link costs: pure."""

from __future__ import annotations

from typing import Hashable

#: Delays closer than this cannot be distinguished from here, in milliseconds.
RESOLUTION_MS = 1.0
#: A delay or a change below this is noise of the controller's own clockwork.
NOISE_MS = 2.0
#: So many measuring rounds in a row must agree before a link counts as slower.
ROUNDS = 2


class LinkCosts:
    """Remembers one cost per link; a new measurement changes it only when it clearly differs.

    Queues and a busy processor only ever add delay, so of the last rounds the least is taken:
    otherwise the path in use would look slower than an idle one just because it is in use.
    """

    def __init__(self, hysteresis: float) -> None:
        self._hysteresis = hysteresis
        self._recent_ms: dict[Hashable, list[float]] = {}
        self._cost_ms: dict[Hashable, float] = {}

    def measured(self, link: Hashable, delay_ms: float, uncertainty_ms: float) -> None:
        """Takes a round's delay. `uncertainty_ms` is what the measurement itself may be off by."""
        recent = [*self._recent_ms.get(link, []), delay_ms][-ROUNDS:]
        self._recent_ms[link] = recent
        least_ms = min(recent)
        noise_ms = max(NOISE_MS, uncertainty_ms)
        known = self._cost_ms.get(link, 0.0)
        if abs(least_ms - known) > max(self._hysteresis * known, noise_ms):
            self._cost_ms[link] = round(least_ms / RESOLUTION_MS) * RESOLUTION_MS
        elif known and least_ms <= NOISE_MS:
            self._cost_ms[link] = 0.0

    def cost_us(self, link: Hashable) -> int:
        """The link's cost in microseconds; 0 as long as no delay was clearly measured."""
        return round(self._cost_ms.get(link, 0.0) * 1000)

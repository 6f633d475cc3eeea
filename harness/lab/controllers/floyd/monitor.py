"""Watching links between decisions: probes, port liveness, and the hold before reuse."""

from __future__ import annotations

from os_ken.lib import hub

from floyd.channel import now_ms
from floyd.discovery import Discovery
from floyd.liveness import Direction
from floyd.network import LinkState
from floyd.report import Report
from floyd.state import TICK_MS, Shared
from floyd.steering import Steering


class Monitor:
    """Decides from moment to moment which links may be used (all reactions but `none`)."""

    def __init__(
        self, shared: Shared, report: Report, steering: Steering, discovery: Discovery
    ) -> None:
        self._shared = shared
        self._report = report
        self._steering = steering
        self._discovery = discovery
        self._clock = shared.loop_clock
        self._probing = shared.config.reaction == "timeout"

    def run(self) -> None:
        if not self._shared.config.reacts:
            return
        next_ms = now_ms()
        while True:
            self._clock.advance(now_ms())
            self.check()
            if self._probing:
                self._probe()
            next_ms = max(next_ms + TICK_MS, now_ms())
            hub.sleep(max(0.0, next_ms - now_ms()) / 1000)

    def port_changed(self) -> None:
        """Judges every link at once, and again the moment that trouble is to be believed."""
        self._judge_now()
        states = self._shared.network.links.values()
        if any(state.usable and state.unhealthy_since_ms is not None for state in states):
            hub.spawn_after(self._shared.config.extra_detection_ms / 1000, self._judge_now)

    def _judge_now(self) -> None:
        self._clock.advance(now_ms())
        self.check()

    def _probe(self) -> None:
        """Sends the probes that are due; those of one interval are spread over it."""
        states = list(self._shared.network.links.values())
        for index, state in enumerate(states):
            if not state.directions:
                self._start_probing(state, index / len(states))
            for end, direction in state.directions.items():
                channel = self._shared.channels.get(end)
                if channel is not None and direction.is_due(self._clock.now_ms):
                    direction.sent(self._clock.now_ms)
                    self._discovery.send_frame(channel, state.link.port_at(end))

    def _start_probing(self, state: LinkState, phase: float) -> None:
        config, clock_ms = self._shared.config, self._clock.now_ms
        interval_ms = config.probe_interval_ms
        for end in (state.link.a, state.link.b):
            due_ms = clock_ms + phase * interval_ms
            state.directions[end] = Direction(
                interval_ms, config.probe_multiplier, last_seen_ms=clock_ms, due_ms=due_ms
            )

    def check(self) -> None:
        """Judges every link now; reports to steering when one is lost or may be used again."""
        if not self._shared.config.reacts or not self._shared.settled:
            return
        states = list(self._shared.network.links.values())
        changed = [state for state in states if self._judge(state)]
        if changed:
            lost = any(not state.usable for state in changed)
            self._steering.links_changed("link-lost" if lost else "link-restored")

    def _judge(self, state: LinkState) -> bool:
        """Takes one link out of use or into it; returns whether that changed."""
        config, clock_ms = self._shared.config, self._clock.now_ms
        probed_at_ms = clock_ms if self._probing else None
        trouble = self._shared.network.trouble(state, config, probed_at_ms)
        due = state.is_due(trouble, clock_ms, config.hold_ms, config.extra_detection_ms)
        return due and self._report.set_usable(state, trouble)

"""Finding links, measuring them, and the periodic decision."""

from __future__ import annotations

from typing import Optional

from os_ken.lib import hub

from floyd import wire
from floyd.channel import Channel, now_ms
from floyd.frame import Stamp, decode, encode
from floyd.graph import Link
from floyd.journal import now_ns
from floyd.listening import stop_listening
from floyd.network import LinkState
from floyd.state import Shared
from floyd.steering import Steering

#: How often frames leave ports that are not known to be a living link.
DISCOVERY_MS = 200.0
#: A port that stays silent is asked more seldom.
EDGE_EVERY = 5
#: Without a new switch or link for this long discovery counts as complete.
QUIET_MS = 1_000.0
#: The first decision does not wait longer than this for switches that never join.
PATIENCE_MS = 15_000.0
#: A measuring round: frames per direction, and how long the last ones may take.
ROUND_FRAMES = 5
ROUND_GAP_MS = 40.0
ROUND_WAIT_MS = 100.0
#: Frames of a round leave one by one, or they would measure the queue they stand in.
SPREAD_MS = 1.0


class Discovery:
    """Sends and receives the controller's LLDP frames."""

    def __init__(self, shared: Shared, steering: Steering) -> None:
        self._shared = shared
        self._steering = steering
        self._sequence = 0
        self._sent_ms: dict[int, float] = {}
        #: Shortest transit of the running round, keyed by link and sender; None outside a round.
        self._round: Optional[dict[tuple[Link, str], float]] = None
        self._decisions = 0

    def run(self) -> None:
        turn = 0
        while True:
            turn += 1
            for channel in list(self._shared.channels.values()):
                switch = self._shared.network.switches.get(channel.name)
                if switch is None or not switch.connected:
                    continue
                for port in list(switch.ports.values()):
                    if not port.up or (port.role == "edge" and turn % EDGE_EVERY):
                        continue
                    if port.role != "link" or self._is_quiet_link(switch.name, port.number):
                        self.send_frame(channel, port.number)
            hub.sleep(DISCOVERY_MS / 1000)

    def _is_quiet_link(self, switch: str, number: int) -> bool:
        """Whether the link at this port is not in use, so that frames must find it again."""
        states = [
            state
            for state in self._shared.network.links_of(switch)
            if state.link.port_at(switch) == number
        ]
        return not states or not all(state.usable for state in states)

    def send_frame(self, channel: Channel, port: int) -> None:
        """Sends one stamped frame out of a port."""
        self._sequence += 1
        stamp = Stamp(channel.datapath.id, port, self._sequence)
        self._sent_ms[self._sequence] = now_ms()
        if len(self._sent_ms) > 20_000:
            for old in list(self._sent_ms)[:10_000]:
                del self._sent_ms[old]
        self._shared.counters.frames += 1
        self._shared.network.frame_sent(channel.name, port)
        channel.send([wire.packet_out(channel.datapath, [port], encode(stamp))])

    def frame_received(self, channel: Channel, in_port: int, data: bytes) -> bool:
        """Takes a packet-in; returns whether it was one of our frames."""
        stamp = decode(data)
        if stamp is None:
            return False
        sender = self._shared.config.switch_name(stamp.dpid)
        network = self._shared.network
        if network.port(channel.name, in_port) is None or network.port(sender, stamp.port) is None:
            return True
        state, is_new = network.link_seen(sender, stamp.port, channel.name, in_port)
        sent_ms = self._sent_ms.pop(stamp.sequence, None)
        if self._round is not None and sent_ms is not None:
            key = (state.link, sender)
            transit_ms = now_ms() - sent_ms
            self._round[key] = min(transit_ms, self._round.get(key, transit_ms))
        if sender in state.directions:
            state.directions[sender].seen(self._shared.loop_clock.now_ms)
        if is_new:
            self._found(state)
        return True

    def _found(self, state: LinkState) -> None:
        self._shared.changed_ms = now_ms()
        self._shared.journal.emit("link-found", **self._shared.link_fields(state.link))
        for end in (state.link.a, state.link.b):
            channel = self._shared.channels.get(end)
            if channel is not None:
                port = state.link.port_at(end)
                channel.send([wire.link_port_message(channel.datapath, port)])
                stop_listening(channel, port)

    def run_decisions(self) -> None:
        """The first decision when discovery is quiet, then one every period, exactly."""
        self._wait_until_quiet()
        period_ms = self._shared.config.decision_every_ms
        next_ms = now_ms()
        while True:
            next_ms += period_ms
            if next_ms < now_ms():
                next_ms = now_ms() + period_ms
            self._decide(next_ms)
            hub.sleep(max(0.0, next_ms - now_ms()) / 1000)

    def _wait_until_quiet(self) -> None:
        started_ms = now_ms()
        expected = set(self._shared.config.switch_names.values())
        while True:
            hub.sleep(0.05)
            network = self._shared.network
            joined = {switch.name for switch in network.switches.values() if switch.connected}
            complete = joined and expected <= joined
            if not complete and (not joined or now_ms() - started_ms < PATIENCE_MS):
                continue
            undecided = any(
                port.role == "unknown" and port.up
                for switch in network.switches.values()
                for port in switch.ports.values()
            )
            if not undecided and now_ms() - self._shared.changed_ms >= QUIET_MS:
                return

    def _decide(self, next_ms: float) -> None:
        self._decisions += 1
        delays = self._measure()
        lost = []
        for state in list(self._shared.network.links.values()):
            state.delay_ms = delays.get(state.link)
            replied = state.delay_ms is not None
            if state.delay_ms is not None:
                uncertainty_ms = sum(
                    self._shared.channels[end].uncertainty_ms
                    for end in (state.link.a, state.link.b)
                    if end in self._shared.channels
                )
                self._shared.costs.measured(state.link, state.delay_ms, uncertainty_ms)
            if self._shared.config.reaction == "timeout":
                continue  # The probes of that reaction show more than one round can.
            if state.usable and not replied:
                lost.append(state)
            state.seen_from = {state.link.a, state.link.b} if replied else set()
        if lost and not self._shared.config.reacts:
            hub.sleep(self._shared.config.extra_detection_ms / 1000)
        next_at_ns = now_ns() + round((next_ms - now_ms()) * 1e6)
        self._steering.decide(self._decisions, next_at_ns)

    def _measure(self) -> dict[Link, float]:
        """One measuring round: the delay of every link that answered in both directions."""
        self._round = {}
        round_started_ms = now_ms()
        links = list(self._shared.network.links)
        ends = [(end, link.port_at(end)) for link in links for end in (link.a, link.b)]
        for _ in range(ROUND_FRAMES):
            started_ms = now_ms()
            if started_ms - round_started_ms > ROUND_FRAMES * ROUND_GAP_MS:
                break  # A busy machine: what was sent must do, the decision is due.
            for channel in list(self._shared.channels.values()):
                channel.echo()
            for name, port in ends:
                channel = self._shared.channels.get(name)
                if channel is not None:
                    self.send_frame(channel, port)
                    hub.sleep(min(SPREAD_MS, ROUND_GAP_MS / len(ends)) / 1000)
            hub.sleep(max(1.0, started_ms + ROUND_GAP_MS - now_ms()) / 1000)
        hub.sleep(ROUND_WAIT_MS / 1000)
        transits, self._round = self._round, None
        return self._delays(transits)

    def _delays(self, transits: dict[tuple[Link, str], float]) -> dict[Link, float]:
        """Transit less what the two control connections took, mean of both directions."""
        delays: dict[Link, float] = {}
        for link in self._shared.network.links:
            there, back = transits.get((link, link.a)), transits.get((link, link.b))
            channels = [self._shared.channels.get(end) for end in (link.a, link.b)]
            if there is None or back is None or None in channels:
                continue
            control_ms = sum(channel.one_way_ms for channel in channels if channel)
            delays[link] = max(0.0, (there + back) / 2 - control_ms)
        return delays

"""What the controller knows of the network: switches, ports, links and hosts. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Optional

from floyd.config import Config
from floyd.graph import Link, make_link
from floyd.liveness import Direction
from floyd.plan import Host

#: A port is a host port when this many discovery frames left it and none of ours came in.
SILENT_FRAMES = 3


@dataclass
class Port:
    """A port of a switch. `role` is `unknown` until discovery has decided: `link` or `edge`."""

    number: int
    name: str
    up: bool = True
    #: The switch's own word on whether the port can carry traffic; false when BFD is down.
    live: bool = True
    role: str = "unknown"
    frames_sent: int = 0


@dataclass
class Switch:
    name: str
    dpid: int
    ports: dict[int, Port] = field(default_factory=dict)
    connected: bool = False


@dataclass
class LinkState:
    """A link once seen, and whether paths may use it."""

    link: Link
    usable: bool = False
    #: Senders whose frames came through since the link was last in doubt (a switch joined, a
    #: measuring round had no answer). A link in use needs both.
    seen_from: set[str] = field(default_factory=set)
    #: It was in use and was lost: it must hold before it is used again.
    was_lost: bool = False
    healthy_since_ms: Optional[float] = None
    unhealthy_since_ms: Optional[float] = None
    delay_ms: Optional[float] = None
    #: Keyed by the switch that sends.
    directions: dict[str, Direction] = field(default_factory=dict)

    def is_due(
        self, trouble: Optional[str], clock_ms: float, hold_ms: float, patience_ms: float
    ) -> bool:
        """Whether the link must change hands now: out of use with this trouble, or into it.

        A link that was lost must have been healthy for `hold_ms` on end; trouble is believed after
        `patience_ms` of it.
        """
        if trouble is None:
            self.unhealthy_since_ms = None
            if self.healthy_since_ms is None:
                self.healthy_since_ms = clock_ms
            held = clock_ms - self.healthy_since_ms >= hold_ms
            return not self.usable and (held or not self.was_lost)
        self.healthy_since_ms = None
        if self.unhealthy_since_ms is None:
            self.unhealthy_since_ms = clock_ms
        return self.usable and clock_ms - self.unhealthy_since_ms >= patience_ms


class Network:
    """The controller's picture, changed only through these methods."""

    def __init__(self) -> None:
        self.switches: dict[str, Switch] = {}
        self.links: dict[Link, LinkState] = {}
        self.hosts: dict[str, Host] = {}
        #: Names of ports that were links once: after a restart their numbers may differ.
        self.link_port_names: set[tuple[str, str]] = set()

    def switch_joined(self, name: str, dpid: int, ports: Iterable[Port]) -> Switch:
        switch = Switch(name, dpid, {port.number: port for port in ports}, connected=True)
        for port in switch.ports.values():
            if (name, port.name) in self.link_port_names:
                port.role = "link"
        self.switches[name] = switch
        for state in self.links_of(name):
            state.seen_from.clear()
        return switch

    def switch_left(self, name: str) -> None:
        if name in self.switches:
            self.switches[name].connected = False

    def port(self, switch: str, number: int) -> Optional[Port]:
        found = self.switches.get(switch)
        return found.ports.get(number) if found else None

    def links_of(self, switch: str) -> list[LinkState]:
        return [s for s in self.links.values() if switch in (s.link.a, s.link.b)]

    def link_seen(
        self, sender: str, sender_port: int, switch: str, number: int
    ) -> tuple[LinkState, bool]:
        """One of our frames came in. Returns the link and whether it is new."""
        link = make_link(sender, sender_port, switch, number)
        state = self.links.get(link)
        if state is not None:
            state.seen_from.add(sender)
            return state, False
        ends = ((sender, sender_port), (switch, number))
        for old in list(self.links):
            if (old.a, old.a_port) in ends or (old.b, old.b_port) in ends:
                del self.links[old]
        state = LinkState(link, seen_from={sender})
        self.links[link] = state
        for end, port_number in ends:
            port = self.port(end, port_number)
            if port is not None:
                port.role = "link"
                self.link_port_names.add((end, port.name))
                self._forget_hosts_on(end, port_number)
        return state, True

    def _forget_hosts_on(self, switch: str, number: int) -> None:
        for host in list(self.hosts.values()):
            if (host.switch, host.port) == (switch, number):
                del self.hosts[host.mac]

    def frame_sent(self, switch: str, number: int) -> None:
        """A discovery frame left this port; silence after several makes it a host port."""
        port = self.port(switch, number)
        if port is None or port.role != "unknown":
            return
        if port.frames_sent >= SILENT_FRAMES:
            port.role = "edge"
        port.frames_sent += 1

    def host_seen(self, mac: str, switch: str, number: int) -> bool:
        """A packet came from a host port. Returns whether the host is new or has moved."""
        host = Host(mac, switch, number)
        if self.hosts.get(mac) == host:
            return False
        self.hosts[mac] = host
        return True

    def edge_ports(self) -> dict[str, list[int]]:
        """The host ports of every connected switch."""
        return {
            switch.name: [p.number for p in switch.ports.values() if p.role == "edge" and p.up]
            for switch in self.switches.values()
            if switch.connected
        }

    def next_switches(self) -> dict[tuple[str, int], str]:
        ends: dict[tuple[str, int], str] = {}
        for link in self.links:
            ends[link.a, link.a_port] = link.b
            ends[link.b, link.b_port] = link.a
        return ends

    def trouble(
        self, state: LinkState, config: Config, probed_at_ms: Optional[float] = None
    ) -> Optional[str]:
        """Why a link cannot be used at this moment, or None. With a time its probes count too."""
        watch_live = config.reaction in ("bfd", "groups")
        for end, number in ((state.link.a, state.link.a_port), (state.link.b, state.link.b_port)):
            switch = self.switches.get(end)
            if switch is None or not switch.connected:
                return "switch-left"
            port = switch.ports.get(number)
            if port is None or not port.up:
                return "port-down"
            if watch_live and not port.live:
                return "bfd-down" if config.bfd else "port-down"
        if len(state.seen_from) < 2:
            return "no-reply"
        if probed_at_ms is not None and any(
            direction.is_dead(probed_at_ms) for direction in state.directions.values()
        ):
            return "missed-probes"
        return None

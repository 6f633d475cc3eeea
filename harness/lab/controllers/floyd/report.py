"""What the journal records about links, paths and partitions."""

from __future__ import annotations

from typing import Any, Optional

from floyd.graph import Routes, components
from floyd.network import LinkState
from floyd.plan import Host
from floyd.state import Shared

#: A decision lists no more paths than this; all changes are in `path-changed`.
MOST_PATHS = 400


class Report:
    """Remembers what was said last, so that only changes are said again."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._paths: dict[tuple[str, str], Optional[list[str]]] = {}
        self._parts: list[list[str]] = []

    def set_usable(self, state: LinkState, trouble: Optional[str]) -> bool:
        """Takes a link into use or out of it and records it. Returns whether that is a change."""
        fields = self._shared.link_fields(state.link)
        if trouble is not None and state.usable:
            state.usable, state.was_lost = False, True
            self._shared.journal.emit("link-lost", **fields, reason=trouble)
            return True
        if trouble is None and not state.usable:
            state.usable = True
            if state.was_lost:
                self._shared.journal.emit("link-restored", **fields)
            return True
        return False

    def decision(self, number: int, next_at_ns: int, changed: bool) -> None:
        """A periodic decision has been carried out."""
        self._shared.journal.emit(
            "decision",
            number=number,
            nextAtNs=next_at_ns,
            changed=changed,
            links=[self._link_report(state) for state in self._shared.network.links.values()],
            paths=[
                {"src": self._host(a), "dst": self._host(b), "nodes": path}
                for (a, b), path in sorted(self._paths.items())[:MOST_PATHS]
            ],
            messagesSent=self._shared.counters.sent,
            messagesReceived=self._shared.counters.received,
            framesSent=self._shared.counters.frames,
            heldUpMs=round(self._shared.loop_clock.skipped_ms),
        )

    def paths(self, routes: Routes) -> None:
        """Tells which paths between hosts have changed; called when their flows are in force."""
        network = self._shared.network
        found: dict[tuple[str, str], Optional[list[str]]] = {}
        for source in network.hosts.values():
            for target in network.hosts.values():
                if source.mac != target.mac:
                    found[source.mac, target.mac] = self._path(routes, source, target)
        for (source_mac, target_mac), path in found.items():
            old = self._paths.get((source_mac, target_mac))
            if path != old:
                self._shared.journal.emit(
                    "path-changed",
                    src=self._host(source_mac),
                    dst=self._host(target_mac),
                    old=old,
                    new=path,
                )
        self._paths = found

    @staticmethod
    def _path(routes: Routes, source: Host, target: Host) -> Optional[list[str]]:
        if source.switch not in routes.first_link:
            return None
        return routes.path(source.switch, target.switch)

    def _host(self, mac: str) -> str:
        return self._shared.config.host_name(mac)

    def _link_report(self, state: LinkState) -> dict[str, Any]:
        delay = None if state.delay_ms is None else round(state.delay_ms, 3)
        fields = self._shared.link_fields(state.link)
        cost_ms = self._shared.cost_us(state.link) / 1000
        return {**fields, "delayMs": delay, "costMs": cost_ms, "alive": state.usable}

    def partition(self) -> None:
        """A partition: hosts at switches between which no path is left."""
        network = self._shared.network
        usable = [state.link for state in network.links.values() if state.usable]
        homes = {host.switch for host in network.hosts.values()}
        parts = components(network.switches, usable)
        parted = sum(1 for part in parts if homes & set(part)) > 1
        if parted and parts != self._parts:
            self._shared.journal.emit("partition", components=parts)
        elif self._parts and not parted:
            self._shared.journal.emit("partition-healed")
        self._parts = parts if parted else []

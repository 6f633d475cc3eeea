"""Computing paths and changing flows. One greenlet does it all, so changes never interleave."""

from __future__ import annotations

from typing import Any, Optional

from os_ken.lib import hub

from floyd.channel import now_ms
from floyd.costs import NOISE_MS
from floyd.graph import Graph, Link, Routes, floyd_warshall, improves
from floyd.journal import now_ns
from floyd.listening import listen_for_unknown_hosts
from floyd.network import LinkState
from floyd.plan import Numbering, Operation, Plan, Rollout, desired_tables, plan_update
from floyd.report import Report
from floyd.state import Shared

#: A switch that does not confirm its flows within this long is treated as gone.
BARRIER_MS = 500.0
#: How often one change is planned anew because a switch did not confirm.
MOST_ATTEMPTS = 4

NO_ROUTES = Routes({}, {})
#: Stands for the reply of a barrier when the rollout must be planned anew instead.
INTERRUPTED = ("", -1)


class Steering:
    """Turns the state of the network into flows."""

    def __init__(self, shared: Shared, report: Report) -> None:
        self._shared = shared
        self._report = report
        self._requests: hub.Queue = hub.Queue()
        #: Requests that came while a change was being rolled out.
        self._backlog: list[tuple[Any, ...]] = []
        self._numbering = Numbering()
        self._graph = Graph([], {})
        self._routes = NO_ROUTES

    def decide(self, number: int, next_at_ns: int) -> None:
        """A periodic decision: the links have just been measured."""
        self._requests.put(("decision", number, next_at_ns))

    def links_changed(self, reason: str) -> None:
        self._requests.put((reason,))

    def barrier_answered(self, switch: str, barrier: int) -> None:
        self._requests.put(("confirmed", switch, barrier))

    def host_learned(self) -> None:
        self._requests.put(("host-learned",))

    def run(self) -> None:
        while True:
            request = self._backlog.pop(0) if self._backlog else self._requests.get()
            if request[0] == "confirmed":
                continue
            if not self._shared.in_charge:
                continue
            if not self._shared.settled and request[0] != "decision":
                continue
            if request[0] == "decision":
                self._run_decision(request[1], request[2])
            elif request[0] == "host-learned":
                self._apply("host-learned")
            else:
                self._recompute(request[0])

    def _run_decision(self, number: int, next_at_ns: int) -> None:
        if not self._shared.settled:
            self._shared.settled = True
            self._adopt_hosts()
        if not self._shared.config.reacts or number == 1:
            for state in list(self._shared.network.links.values()):
                self._judge_at_decision(state)
        for channel in list(self._shared.channels.values()):
            if channel.doubtful and not channel.read_installed(BARRIER_MS):
                self._give_up_on(channel.name)
        changed = self._recompute("decision")
        self._remove_leftovers()
        self._report.decision(number, next_at_ns, changed)

    def _judge_at_decision(self, state: LinkState) -> None:
        """Without reactions the measuring round alone decides which links are used."""
        self._report.set_usable(state, self._shared.network.trouble(state, self._shared.config))

    def _adopt_hosts(self) -> None:
        """Hosts that an earlier controller had learned, from the flows it left behind."""
        for channel in self._shared.channels.values():
            for key, rule in channel.installed.items():
                port = self._shared.network.port(channel.name, rule.buckets[0].port)
                if rule.kind == "deliver" and not rule.buckets[0].rewrite:
                    if port is not None and port.role == "edge":
                        self._shared.network.host_seen(key, channel.name, port.number)

    def _recompute(self, reason: str) -> bool:
        """New shortest paths, and the flows for them. Returns whether any flow changed."""
        changed = False
        for _ in range(MOST_ATTEMPTS):
            self._choose_routes()
            pushed = self._apply(reason)
            changed = changed or pushed is not False
            if pushed is not None:
                break
            for state in list(self._shared.network.links.values()):
                trouble = self._shared.network.trouble(state, self._shared.config)
                if trouble == "switch-left":
                    self._report.set_usable(state, trouble)
        self._report.partition()
        return changed

    def _choose_routes(self) -> None:
        network = self._shared.network
        names = [switch.name for switch in network.switches.values() if switch.connected]
        usable: dict[Link, int] = {
            state.link: self._shared.cost_us(state.link)
            for state in network.links.values()
            if state.usable and {state.link.a, state.link.b} <= set(names)
        }
        graph = Graph(names, usable)
        routes = floyd_warshall(graph)
        same_links = graph.switches == self._graph.switches and set(usable) == set(
            self._graph.costs_us
        )
        ends = sorted({host.switch for host in network.hosts.values()} & set(names))
        share = self._shared.config.hysteresis
        floor_us = NOISE_MS * 1000
        if same_links and not improves(graph, self._routes, routes, ends, share, floor_us):
            return
        self._graph, self._routes = graph, routes

    def _apply(self, reason: str) -> Optional[bool]:
        """Brings all switches to the chosen routes. Returns whether anything changed; None when
        a switch did not confirm, so that the paths must be chosen again without it."""
        started_ms = now_ms()
        rollout = Rollout(self._plan())
        outstanding: dict[tuple[str, int], list[Operation]] = {}
        deadlines: dict[tuple[str, int], float] = {}
        touched: set[str] = set()
        confirmed_at_ns: dict[str, int] = {}
        flows, barrier_ms, complete, interrupted = 0, 0.0, True, False
        while True:
            for name, operations in _by_switch(rollout.take_ready()).items():
                barrier = self._send(name, operations)
                flows += len(operations)
                touched.add(name)
                outstanding[name, barrier] = operations
                deadlines[name, barrier] = now_ms() + (BARRIER_MS if barrier else 0.0)
            if not outstanding:
                break
            answered = self._next_answer(min(deadlines.values()))
            if answered == INTERRUPTED:
                interrupted = True
                break
            if answered is None:
                complete = False
                for late in [key for key, at in deadlines.items() if at <= now_ms()]:
                    self._give_up_on(late[0])
                break
            if answered in outstanding:
                sent_ms = deadlines.pop(answered) - BARRIER_MS
                barrier_ms = max(barrier_ms, now_ms() - sent_ms)
                rollout.confirm(outstanding.pop(answered))
                confirmed_at_ns[answered[0]] = now_ns()
        if flows:
            self._shared.journal.emit(
                "flows-pushed",
                flows=flows,
                switches=sorted(touched),
                reason=reason,
                barrierMs=round(barrier_ms, 3),
                totalMs=round(now_ms() - started_ms, 3),
                confirmedAtNs=confirmed_at_ns,
                unconfirmed=sorted({name for name, _ in outstanding}),
            )
        if complete and not interrupted:
            self._report.paths(self._routes)
            listen_for_unknown_hosts(self._shared)
        return flows > 0 if complete else None

    def _send(self, name: str, operations: list[Operation]) -> int:
        """Sends to one switch; the number of its barrier, or 0 when no answer will come."""
        channel = self._shared.channels.get(name)
        barrier = channel.install(operations) if channel is not None else None
        return barrier if barrier is not None else 0

    def _next_answer(self, deadline_ms: float) -> Optional[tuple[str, int]]:
        """The next barrier's reply; INTERRUPTED when a link was lost, None at the deadline."""
        while True:
            try:
                left_ms = max(0.0, deadline_ms - now_ms())
                request = self._requests.get(timeout=left_ms / 1000)
            except hub.QueueEmpty:
                return None
            if request[0] == "confirmed":
                return request[1], request[2]
            self._backlog.append(request)
            if request[0] == "link-lost":
                return INTERRUPTED

    def _plan(self) -> Plan:
        network = self._shared.network
        with_backups = self._shared.config.reaction == "groups"
        desired = desired_tables(
            self._graph, self._routes, network.hosts.values(), with_backups, self._numbering
        )
        in_force = {name: channel.in_force() for name, channel in self._shared.channels.items()}
        return plan_update(in_force, desired, network.next_switches(), network.hosts.keys())

    def _give_up_on(self, name: str) -> None:
        """A switch that does not confirm is cut off; it is read anew when it connects again."""
        channel = self._shared.channels.pop(name, None)
        if channel is None:
            return
        self._shared.network.switch_left(name)
        dpid = f"{channel.datapath.id:016x}"
        self._shared.journal.emit("switch-left", switch=name, dpid=dpid, reason="no-barrier-reply")
        channel.close()

    def _remove_leftovers(self) -> None:
        """Rules that are not needed any more; at a decision, when traffic has long left them."""
        plan = self._plan()
        if not plan.operations:
            for name, operations in _by_switch(plan.removals).items():
                self._send(name, operations)


def _by_switch(operations: list[Operation]) -> dict[str, list[Operation]]:
    grouped: dict[str, list[Operation]] = {}
    for operation in operations:
        grouped.setdefault(operation.switch, []).append(operation)
    return grouped

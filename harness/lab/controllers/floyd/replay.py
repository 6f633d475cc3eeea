"""Drives the planner without a network: one JSON request a line in, one reply a line out.

Requests: `new` {switches, links, hosts, backups} starts over; `plan` {usable, off} plans for the
links (by index) that may be used, without the switches that are off, and replies with the
operations, what each must wait for, and the removals; `applied` {places} states which operations
took effect; `emptied` {switches} states which switches lost their tables. `costs`, `liveness`, `hold`
and `election` feed made-up measurements, probes, troubles and lives to the code that judges real
ones.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Optional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from floyd.costs import LinkCosts
from floyd.election import Election
from floyd.graph import Graph, Link, floyd_warshall, make_link
from floyd.liveness import Direction, LoopClock
from floyd.network import LinkState
from floyd.plan import Host, Numbering, Plan, Rule, Tables, desired_tables, plan_update

TICK_MS = 10.0


class Replay:
    """One network under test: the tables that its switches hold, and the last plan."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._links = [
            make_link(link["a"], link["aPort"], link["b"], link["bPort"])
            for link in request["links"]
        ]
        self._costs_us: dict[Link, int] = {
            link: raw["costUs"] for link, raw in zip(self._links, request["links"])
        }
        self._hosts = [Host(host["mac"], host["switch"], host["port"]) for host in request["hosts"]]
        self._backups = bool(request["backups"])
        self._numbering = Numbering()
        self._tables: Tables = {switch: {} for switch in request["switches"]}
        self._plan = Plan({}, {}, [])

    def plan(self, request: dict[str, Any]) -> dict[str, Any]:
        switches = [switch for switch in self._tables if switch not in request["off"]]
        usable = {self._links[i]: self._costs_us[self._links[i]] for i in request["usable"]}
        graph = Graph(switches, usable)
        desired = desired_tables(
            graph, floyd_warshall(graph), self._hosts, self._backups, self._numbering
        )
        installed = {switch: self._tables[switch] for switch in switches}
        ends = [(link.a, link.a_port, link.b) for link in self._links]
        ends += [(link.b, link.b_port, link.a) for link in self._links]
        next_switch = {(near, port): far for near, port, far in ends}
        self._plan = plan_update(installed, desired, next_switch, [h.mac for h in self._hosts])
        return {
            "operations": [
                {
                    "switch": operation.switch,
                    "key": operation.key,
                    "rule": _rule(operation.rule),
                    "needs": sorted(self._plan.needs.get(place, ())),
                }
                for place, operation in self._plan.operations.items()
            ],
            "removals": [[operation.switch, operation.key] for operation in self._plan.removals],
        }

    def applied(self, request: dict[str, Any]) -> dict[str, Any]:
        for switch, key in request["places"]:
            operation = self._plan.operations.get((switch, key))
            if operation is None or operation.rule is None:
                self._tables[switch].pop(key, None)
            else:
                self._tables[switch][key] = operation.rule
        return {}

    def emptied(self, request: dict[str, Any]) -> dict[str, Any]:
        for switch in request["switches"]:
            self._tables[switch] = {}
        return {}


def costs(request: dict[str, Any]) -> dict[str, Any]:
    """The cost of one link after each measuring round."""
    link_costs = LinkCosts(request["hysteresis"])
    found = []
    for round_ in request["rounds"]:
        link_costs.measured("link", round_["delayMs"], round_["uncertaintyMs"])
        found.append(link_costs.cost_us("link"))
    return {"costsUs": found}


def liveness(request: dict[str, Any]) -> dict[str, Any]:
    """When a direction is declared dead, in milliseconds, if some probes are `lost` or `late`
    (by their time of sending) and the controller itself is held up during `stalls`."""
    clock = LoopClock(TICK_MS, TICK_MS)
    direction = Direction(request["intervalMs"], request["multiplier"], 0.0, 0.0)
    arrivals: list[float] = []
    for now_ms in range(0, request["untilMs"], int(TICK_MS)):
        if any(start <= now_ms < end for start, end in request["stalls"]):
            continue
        clock.advance(now_ms)
        if direction.is_dead(clock.now_ms):
            return {"deadAtMs": now_ms}
        # What came in is read after the verdict: the worst order for a controller that was held up.
        for _ in [at for at in arrivals if at <= now_ms]:
            direction.seen(clock.now_ms)
        arrivals = [at for at in arrivals if at > now_ms]
        if direction.is_due(clock.now_ms):
            direction.sent(clock.now_ms)
            late_ms = sum(ms for start, end, ms in request["late"] if start <= now_ms < end)
            if not any(start <= now_ms < end for start, end in request["lost"]):
                arrivals.append(now_ms + 1 + late_ms)
    return {"deadAtMs": None}


def hold(request: dict[str, Any]) -> dict[str, Any]:
    """When a link is taken out of use and into it, if something is wrong with it during `bad`."""
    state = LinkState(make_link("a", 1, "b", 1), usable=True)
    changes: list[list[Any]] = []
    for now_ms in range(0, request["untilMs"], int(TICK_MS)):
        bad = any(start <= now_ms < end for start, end in request["bad"])
        if state.is_due("missed-probes" if bad else None, now_ms, request["holdMs"], 0.0):
            state.usable, state.was_lost = not bad, state.was_lost or bad
            changes.append([now_ms, state.usable])
    return {"changes": changes}


def election(request: dict[str, Any]) -> dict[str, Any]:
    """Who is master when, if each instance lives during some spans: [ms, instance, role] for
    every change. A word to the others takes one turn of the loop."""
    count, interval_ms = len(request["alive"]), request["intervalMs"]
    instances: list[Optional[Election]] = [None] * count
    clocks = [LoopClock(TICK_MS, TICK_MS) for _ in range(count)]
    held = request.get("held", [[] for _ in range(count)])
    mail: list[list[tuple[int, str, int]]] = [[] for _ in range(count)]
    changes: list[list[Any]] = []
    for now_ms in range(0, request["untilMs"], int(TICK_MS)):
        for own in range(count):
            if not any(start <= now_ms < end for start, end in request["alive"][own]):
                instances[own], clocks[own], mail[own] = None, LoopClock(TICK_MS, TICK_MS), []
                continue
            if any(start <= now_ms < end for start, end in held[own]):
                continue  # Stopped: its mail waits.
            one = instances[own] = instances[own] or Election(
                own, interval_ms, request["multiplier"]
            )
            clock_ms = clocks[own].advance(now_ms)
            for word in mail[own]:
                one.heard(*word, clock_ms)
            mail[own] = []
            changed = one.decide(clock_ms, now_ms * 1_000_000 + 1)
            if changed:
                changes.append([now_ms, own, one.role])
            if changed or now_ms % interval_ms == 0:
                for other in range(count):
                    if other != own and instances[other] is not None:
                        mail[other].append((own, one.role, one.generation))
    return {"changes": changes}


def _rule(rule: Optional[Rule]) -> Optional[dict[str, Any]]:
    if rule is None:
        return None
    return {"kind": rule.kind, "buckets": [bucket._asdict() for bucket in rule.buckets]}


JUDGES = {"costs": costs, "liveness": liveness, "hold": hold, "election": election}


def main() -> None:
    """Answers requests until the input ends."""
    replay = Replay({"links": [], "hosts": [], "backups": False, "switches": []})
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "new":
            replay, reply = Replay(request), {}
        elif request["op"] in JUDGES:
            reply = JUDGES[request["op"]](request)
        else:
            reply = getattr(replay, request["op"])(request)
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

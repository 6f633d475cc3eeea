"""One switch's control connection: sending without ever blocking for long, and waiting."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import Any, Iterable, Optional

from os_ken.lib import hub

from floyd import wire
from floyd.plan import Operation, Rule

#: A switch that has said nothing for this long gets its connection closed.
SILENCE_MS = 10_000.0


def now_ms() -> float:
    return time.monotonic() * 1000


@dataclass
class Counters:
    """What the controller's work costs in messages, over all switches since its start."""

    sent: int = 0
    received: int = 0
    frames: int = 0


class Channel:
    """Messages to one switch. `installed` is what it was sent, rule by rule."""

    def __init__(self, name: str, datapath: Any, counters: Counters) -> None:
        self.name = name
        self._counters = counters
        #: The switch refused something: what it holds must be read again.
        self.doubtful = False
        self.datapath = datapath
        self.installed: dict[str, Rule] = {}
        #: Ports that hand every packet to the controller.
        self.listening: set[int] = set()
        #: Rules sent but not confirmed yet -> the barrier that will confirm them.
        self._pending: dict[str, int] = {}
        self.heard_ms = now_ms()
        #: Half of the best recent echo round trip, in milliseconds.
        self.one_way_ms = 0.0
        #: Half of a usual one: a delay measured through this switch may be off by so much.
        self.uncertainty_ms = 0.0
        self._echoes: dict[int, float] = {}
        self._round_trips: list[float] = []
        self._awaited: dict[int, hub.Event] = {}
        self._parts: dict[int, list[Any]] = {}

    def send(self, messages: Iterable[Any]) -> bool:
        """Queues messages; false when the connection is gone or does not drain."""
        for message in messages:
            queue = self.datapath.send_q
            if queue is None:
                return False
            if queue.full():
                hub.sleep(0)
                if self.datapath.send_q is None or self.datapath.send_q.full():
                    return False
            self.datapath.send_msg(message)
            self._counters.sent += 1
        return True

    def echo(self) -> None:
        """Sends an echo request whose round trip is measured."""
        request = self.datapath.ofproto_parser.OFPEchoRequest(self.datapath, data=b"floyd")
        self.datapath.set_xid(request)
        if len(self._echoes) > 64:
            self._echoes.clear()
        self._echoes[request.xid] = now_ms()
        self.send([request])

    def echo_replied(self, xid: int) -> None:
        sent_ms = self._echoes.pop(xid, None)
        if sent_ms is not None:
            self._round_trips = [*self._round_trips[-7:], now_ms() - sent_ms]
            self.one_way_ms = min(self._round_trips) / 2
            self.uncertainty_ms = median(self._round_trips) / 2

    def install(self, operations: Iterable[Operation]) -> Optional[int]:
        """Sends rules and a barrier; returns the barrier's number, None when it cannot be sent."""
        messages: list[Any] = []
        keys = []
        for _, key, rule in operations:
            messages += wire.rule_messages(self.datapath, key, rule, self.installed.get(key))
            keys.append(key)
            if rule is None:
                self.installed.pop(key, None)
            else:
                self.installed[key] = rule
        barrier = self.datapath.ofproto_parser.OFPBarrierRequest(self.datapath)
        self.datapath.set_xid(barrier)
        self._pending.update((key, barrier.xid) for key in keys)
        return barrier.xid if self.send([*messages, barrier]) else None

    def confirmed(self, barrier: int) -> None:
        """The switch has answered a barrier: what was sent before it is in force."""
        self._pending = {key: xid for key, xid in self._pending.items() if xid != barrier}

    def in_force(self) -> dict[str, Rule]:
        """The rules that the switch has confirmed."""
        return {key: rule for key, rule in self.installed.items() if key not in self._pending}

    def _request(self, message: Any) -> Optional[int]:
        self.datapath.set_xid(message)
        self._awaited[message.xid] = hub.Event()
        self._parts[message.xid] = []
        if self.send([message]):
            return message.xid
        self._forget(message.xid)
        return None

    def answered(self, xid: int, body: Iterable[Any] = (), more: bool = False) -> None:
        """A reply, or a part of one, has come in."""
        if xid in self._awaited:
            self._parts[xid].extend(body)
            if not more:
                self._awaited[xid].set()

    def wait(self, xid: Optional[int], deadline_ms: float) -> Optional[list[Any]]:
        """The body of the reply, or None when it has not come by the deadline."""
        if xid is None:
            return None
        left = max(0.001, (deadline_ms - now_ms()) / 1000)
        done = self._awaited[xid].wait(timeout=left)
        body = self._parts.get(xid, [])
        self._forget(xid)
        return body if done else None

    def _forget(self, xid: int) -> None:
        self._awaited.pop(xid, None)
        self._parts.pop(xid, None)

    def read_installed(self, limit_ms: float) -> bool:
        """Asks the switch what it holds (it may remember an earlier controller)."""
        parser = self.datapath.ofproto_parser
        flows = self._request(wire.flow_request(self.datapath))
        groups = self._request(parser.OFPGroupDescStatsRequest(self.datapath))
        deadline = now_ms() + limit_ms
        flow_body = self.wait(flows, deadline)
        group_body = self.wait(groups, deadline)
        if flow_body is None or group_body is None:
            return False
        self.installed = wire.read_rules(flow_body, group_body)
        self.doubtful = False
        return True

    def close(self) -> None:
        self.datapath.close()

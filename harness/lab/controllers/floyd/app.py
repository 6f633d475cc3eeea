"""The os-ken application: joins the pure parts to switches, clock and journal.

Started as `osken-manager app.py` with FLOYD_CONFIG in the environment. Greenlets: discovery sends
LLDP; measuring runs the decisions; monitor watches links; steering alone changes flows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Optional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import DEAD_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.lib import hub
from os_ken.ofproto import ofproto_v1_3

from floyd import wire
from floyd.channel import SILENCE_MS, Channel, now_ms
from floyd.config import load_config
from floyd.discovery import Discovery
from floyd.hosts import HostDelivery
from floyd.journal import Journal
from floyd.monitor import Monitor
from floyd.network import Network, Port
from floyd.report import Report
from floyd.roles import Roles
from floyd.state import Shared
from floyd.steering import Steering

OFPP_MAX = ofproto_v1_3.OFPP_MAX


class Floyd(OSKenApp):
    """Finds switches, links and hosts, and sends packets along shortest paths."""

    OFP_VERSIONS = [ofproto_v1_3.OFP_VERSION]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        config = load_config(os.environ.get("FLOYD_CONFIG"))
        self.shared = Shared(config, Network(), Journal())
        #: Connections whose switch is still being read; those are not steered yet.
        self._joining: dict[Any, Channel] = {}
        report = Report(self.shared)
        self.steering = Steering(self.shared, report)
        self.discovery = Discovery(self.shared, self.steering)
        self.monitor = Monitor(self.shared, report, self.steering, self.discovery)
        self.delivery = HostDelivery(self.shared, self.steering)
        self.roles = Roles(self.shared, self._welcome, self._dismiss)
        self.shared.journal.emit(
            "start",
            reaction=config.reaction,
            decisionEveryMs=config.decision_every_ms,
            probeIntervalMs=config.probe_interval_ms,
            probeMultiplier=config.probe_multiplier,
            holdMs=config.hold_ms,
            instance=config.instance,
            pid=os.getpid(),
        )

    def start(self) -> None:
        super().start()
        for loop in (
            self._keep_alive,
            self.roles.run,
            self.discovery.run,
            self.discovery.run_decisions,
            self.monitor.run,
            self.steering.run,
        ):
            self.threads.append(hub.spawn(loop))

    def _keep_alive(self) -> None:
        """Echoes every second; a connection that is silent for 10 s is closed."""
        while True:
            for channel in list(self.shared.channels.values()):
                if now_ms() - channel.heard_ms > SILENCE_MS:
                    self._left(channel, "silent")
                    channel.close()
                else:
                    channel.echo()
            hub.sleep(1)

    def _channel(self, datapath: Any) -> Optional[Channel]:
        channel = self._joining.get(datapath)
        if channel is None:
            channel = self.shared.channels.get(self.shared.config.switch_name(datapath.id or 0))
        if channel is None or channel.datapath is not datapath:
            return None
        channel.heard_ms = now_ms()
        self.shared.counters.received += 1
        return channel

    @set_ev_cls(ofp_event.EventOFPStateChange, [MAIN_DISPATCHER, DEAD_DISPATCHER])
    def _state_changed(self, event: Any) -> None:
        datapath = event.datapath
        if event.state == MAIN_DISPATCHER:
            self.roles.connected(datapath)
            return
        self.roles.disconnected(datapath)
        channel = self._channel(datapath) if datapath.id is not None else None
        if channel is not None:
            self._left(channel, "disconnected")

    def _left(self, channel: Channel, reason: str) -> None:
        if self.shared.channels.get(channel.name) is not channel:
            return
        del self.shared.channels[channel.name]
        self.shared.network.switch_left(channel.name)
        dpid = f"{channel.datapath.id:016x}"
        self.shared.journal.emit("switch-left", switch=channel.name, dpid=dpid, reason=reason)

    def _dismiss(self) -> None:
        """Another instance has become the master: its switches are none of ours any more."""
        for channel in list(self.shared.channels.values()):
            self._left(channel, "another-master")

    def _welcome(self, datapath: Any) -> None:
        """Reads what the switch holds, gives it the base flows, and counts it in."""
        name = self.shared.config.switch_name(datapath.id)
        old = self.shared.channels.pop(name, None)
        if old is not None:
            self.shared.network.switch_left(name)
            if old.datapath is not datapath:
                old.close()
        channel = Channel(name, datapath, self.shared.counters)
        self._joining[datapath] = channel
        complete = channel.read_installed(2_000)
        del self._joining[datapath]
        if not self.shared.in_charge:
            return
        if not complete:
            channel.close()
            return
        ports = [
            _port(raw) for number, raw in list(datapath.ports.items()) if number <= OFPP_MAX
        ]
        switch = self.shared.network.switch_joined(name, datapath.id, ports)
        self.shared.channels[name] = channel
        link_ports = [port.number for port in switch.ports.values() if port.role == "link"]
        channel.send(wire.base_messages(datapath, link_ports))
        channel.echo()
        self.shared.changed_ms = now_ms()
        self.shared.journal.emit(
            "switch-joined",
            switch=name,
            dpid=f"{datapath.id:016x}",
            ports=[port.name for port in ports],
            flows=len(channel.installed),
        )

    @set_ev_cls(ofp_event.EventOFPPortStatus, MAIN_DISPATCHER)
    def _port_status(self, event: Any) -> None:
        message = event.msg
        channel = self._channel(message.datapath)
        if channel is None or message.desc.port_no > OFPP_MAX:
            return
        switch = self.shared.network.switches.get(channel.name)
        if switch is None:
            return
        new = _port(message.desc)
        deleted = message.reason == ofproto_v1_3.OFPPR_DELETE
        if deleted:
            switch.ports.pop(new.number, None)
        elif new.number in switch.ports:
            port = switch.ports[new.number]
            port.up, port.live = new.up, new.live
        else:
            if (switch.name, new.name) in self.shared.network.link_port_names:
                new.role = "link"
            switch.ports[new.number] = new
        self.shared.journal.emit(
            "port-status",
            switch=switch.name,
            port=new.name,
            up=new.up and not deleted,
            live=new.live and not deleted,
        )
        self.monitor.port_changed()

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def _packet_in(self, event: Any) -> None:
        message = event.msg
        channel = self._channel(message.datapath)
        if channel is None:
            return
        in_port = message.match["in_port"]
        if not self.discovery.frame_received(channel, in_port, message.data):
            self.delivery.packet_received(channel, in_port, message.data)

    @set_ev_cls(ofp_event.EventOFPEchoReply, MAIN_DISPATCHER)
    def _echo_reply(self, event: Any) -> None:
        channel = self._channel(event.msg.datapath)
        if channel is not None:
            channel.echo_replied(event.msg.xid)

    @set_ev_cls(ofp_event.EventOFPBarrierReply, MAIN_DISPATCHER)
    def _barrier_reply(self, event: Any) -> None:
        channel = self._channel(event.msg.datapath)
        if channel is not None:
            channel.confirmed(event.msg.xid)
            self.steering.barrier_answered(channel.name, event.msg.xid)

    @set_ev_cls(
        [ofp_event.EventOFPFlowStatsReply, ofp_event.EventOFPGroupDescStatsReply], MAIN_DISPATCHER
    )
    def _description(self, event: Any) -> None:
        channel = self._channel(event.msg.datapath)
        if channel is not None:
            more = bool(event.msg.flags & ofproto_v1_3.OFPMPF_REPLY_MORE)
            channel.answered(event.msg.xid, event.msg.body, more)

    @set_ev_cls(ofp_event.EventOFPErrorMsg, MAIN_DISPATCHER)
    def _error(self, event: Any) -> None:
        channel = self._channel(event.msg.datapath)
        if channel is not None:
            channel.doubtful = True
        name = channel.name if channel else "?"
        self.shared.journal.emit(
            "openflow-error", switch=name, type=event.msg.type, code=event.msg.code
        )


def _port(raw: Any) -> Port:
    down = ofproto_v1_3.OFPPS_LINK_DOWN | ofproto_v1_3.OFPPS_BLOCKED
    name = raw.name.decode(errors="replace") if isinstance(raw.name, bytes) else str(raw.name)
    up = not raw.state & down and not raw.config & ofproto_v1_3.OFPPC_PORT_DOWN
    return Port(raw.port_no, name, up=up, live=bool(raw.state & ofproto_v1_3.OFPPS_LIVE))

"""Learning hosts, and delivering what no flow covers yet."""

from __future__ import annotations

from floyd import wire
from floyd.channel import Channel
from floyd.plan import is_detour
from floyd.state import Shared
from floyd.steering import Steering


def mac_text(octets: bytes) -> str:
    return ":".join(f"{octet:02x}" for octet in octets)


class HostDelivery:
    """Handles packets that reach the controller. Nothing is ever flooded over a link."""

    def __init__(self, shared: Shared, steering: Steering) -> None:
        self._shared = shared
        self._steering = steering

    def packet_received(self, channel: Channel, in_port: int, data: bytes) -> None:
        port = self._shared.network.port(channel.name, in_port)
        if port is None or port.role != "edge" or len(data) < 14:
            return
        target, source = mac_text(data[:6]), mac_text(data[6:12])
        if data[6] & 1 == 0 and not is_detour(source):
            if self._shared.network.host_seen(source, channel.name, in_port):
                self._shared.journal.emit(
                    "host-learned",
                    mac=source,
                    host=self._shared.config.host_name(source),
                    switch=channel.name,
                    port=port.name,
                )
                self._steering.host_learned()
        self._deliver(channel.name, in_port, target, data)

    def _deliver(self, switch: str, in_port: int, target: str, data: bytes) -> None:
        """Straight to the target's port when it is known, else to every host port but this."""
        host = self._shared.network.hosts.get(target)
        if host is not None:
            outlets = {host.switch: [host.port]}
        elif target.startswith("01:80:c2:00:00:0"):
            return  # Reserved for the bridges themselves (IEEE 802.1D).
        else:
            outlets = self._shared.network.edge_ports()
        for name, ports in outlets.items():
            channel = self._shared.channels.get(name)
            ports = [port for port in ports if (name, port) != (switch, in_port)]
            if channel is not None and ports:
                channel.send([wire.packet_out(channel.datapath, ports, data)])

"""Plain switches: bridges of one Open vSwitch that all of them share, as in plain Mininet."""

from __future__ import annotations

from typing import Any

from mininet.node import OVSSwitch

import ports
from host_sandbox import HostBridge, HostVSwitch
from node_kind import NodeKind
from openflow_path import outputs
from vswitch import PROTOCOLS, VSwitch


class Kind(NodeKind):
    """The bridges in the lab's root namespace, and their daemons."""

    shared: VSwitch

    def prepare(self) -> None:
        """Start the shared Open vSwitch: Mininet asks for it when a switch is added, and ends the
        process when nobody answers. On the host it is the host's, which runs."""
        log_folder = self.network.log_folder
        self.shared = (HostVSwitch(log_folder) if self.network.prefix else
                       VSwitch("shared", "/run/openvswitch", log_folder, None))
        self.shared.start_database()
        self.shared.start_switch()

    def add(self) -> None:
        """Add each as a bridge of the shared instance, or of the host's."""
        for switch in self.nodes:
            common = {"dpid": switch["dpid"], "datapath": self.network.datapath,
                      "failMode": switch["failMode"],
                      "protocols": ",".join(switch.get("protocols") or []) or PROTOCOLS}
            name = switch["name"]
            if self.network.prefix:
                self.network.net.addSwitch(name, cls=HostBridge, instance=self.shared,
                                           bridge=self.bridge_of(name), **common)
            else:
                self.network.net.addSwitch(name, cls=OVSSwitch, **common)

    def dress(self) -> None:
        """Spanning tree, by OVS's own columns; Mininet's option knows only STP."""
        for switch in self.nodes:
            if switch["spanningTree"] != "none":
                self.shared.vsctl("set", "Bridge", self.bridge_of(switch["name"]),
                                  f"{switch['spanningTree']}_enable=true")

    def check(self) -> None:
        """Port numbers that are stated."""
        names = {switch["name"] for switch in self.nodes}
        ends = [end for link in self.network.topology["links"] for end in (link["a"], link["b"])]
        ports.check_port_numbers(self.shared, [end for end in ends if end["node"] in names])

    def stop(self) -> None:
        """The shared daemons end last; it may be that they were never started."""
        if hasattr(self, "shared"):
            self.shared.stop()

    def vswitch_of(self, name: str) -> VSwitch | None:
        """The same for all."""
        del name
        return getattr(self, "shared", None)

    def bridge_of(self, name: str) -> str:
        """The node's name; on the host with the lab's prefix."""
        return self.network.prefix + name

    def set_mtu(self, name: str, port: str, mtu: int) -> None:
        """Open vSwitch would undo what `ip link` sets."""
        del name
        self.shared.vsctl("set", "Interface", port, f"mtu_request={mtu}")

    def outputs(self, name: str, in_port: str, source: dict[str, Any],
                target: dict[str, Any]) -> list[str]:
        """By its flow tables."""
        return outputs(self.shared, self.bridge_of(name), in_port, source, target)

    def port_table(self, name: str) -> str:
        """Its own bridge alone: the instance has those of all switches."""
        return ports.port_table(self.shared, name, {self.bridge_of(name): name})

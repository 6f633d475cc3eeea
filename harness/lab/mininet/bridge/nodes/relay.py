"""Relays: machines with an Open vSwitch of their own, joined by tunnels over a common network."""

from __future__ import annotations

import subprocess
from typing import Any

import ports
from addresses import CONTROL_NETWORK, cable_addresses, control_address
from bridge_rows import READ_BACK, refusals
from fabric import Fabric
from node_kind import NodeKind
from openflow_path import outputs
from overlay_node import OVERLAY, CableEnd, Relay, Tunnel
from protocol import BridgeError
from vswitch import VSwitch

FABRIC, CONTROL = "fabric0", "control0"


class Kind(NodeKind):
    """The overlay nodes, the networks below them and their tunnels."""

    def add(self) -> None:
        """Add each node, its control address by its place in the topology, then the networks that
        join them."""
        network, net, prefix = self.network, self.network.net, self.network.prefix
        fabric = network.topology["fabric"]
        for index, relay in enumerate(self.nodes):
            name = relay["name"]
            net.addSwitch(
                name, cls=Relay, dpid=relay["dpid"], underlay=relay["underlayAddress"],
                control=f"{control_address(index)}/16",
                datapath=network.datapath, failMode=relay["failMode"],
                spanningTree=relay["spanningTree"],
                runFolder=network.run_folder, logFolder=network.log_folder,
                farEnds=[f"{prefix}{name}-{end}" for end in (["ctb", "fab"] if fabric else ["ctb"])])
        if fabric:
            net.addSwitch(prefix + FABRIC, cls=Fabric, dpid="f1", mtu=fabric["mtuBytes"])
        net.addSwitch(prefix + CONTROL, cls=Fabric, dpid="f2",
                      address=f"{CONTROL_NETWORK}.0.1/16")

    def wire(self) -> None:
        """Join each node to the networks, and plan its tunnels."""
        network, prefix = self.network, self.network.prefix
        for relay in self.nodes:
            name = relay["name"]
            if network.topology["fabric"]:
                network.add_link(name, prefix + FABRIC, intfName1=f"{name}-nic",
                                 intfName2=f"{prefix}{name}-fab")
            network.add_link(name, prefix + CONTROL, intfName1=f"{name}-ctl",
                             intfName2=f"{prefix}{name}-ctb")
        self.plan_tunnels()

    def plan_tunnels(self) -> None:
        """Give each relay its tunnel ends, and the cables that carry tunnels their addresses."""
        net, tunnels = self.network.net, self.network.topology["tunnels"]
        cables: dict[str, dict[str, str]] = {}
        for tunnel in tunnels:
            if tunnel["underlay"] and tunnel["underlay"] not in cables:
                cables[tunnel["underlay"]] = self.plan_cable(tunnel["underlay"], len(cables))
        for tunnel in tunnels:
            a, b = tunnel["a"], tunnel["b"]
            addresses = cables.get(tunnel["underlay"] or "") or {
                end["node"]: net[end["node"]].underlay.split("/")[0] for end in (a, b)}
            for here, there in ((a, b), (b, a)):
                net[here["node"]].tunnels.append(Tunnel(
                    here["port"], tunnel["kind"], addresses[here["node"]],
                    addresses[there["node"]], tunnel["key"]))

    def plan_cable(self, link_id: str, index: int) -> dict[str, str]:
        """Turn a link between two relays into an underlay of its own, a /30."""
        links = self.network.topology["links"]
        link = next((one for one in links if one["id"] == link_id), None)
        if link is None:
            raise BridgeError(f"tunnel underlay {link_id} is not a link of the topology")
        addresses = {}
        for address, end in zip(cable_addresses(index), (link["a"], link["b"])):
            addresses[end["node"]] = address
            self.network.net[end["node"]].cables.append(
                CableEnd(f"cab{index}", end["port"], f"{address}/30"))
        return addresses

    def start(self) -> None:
        """Start the daemons of all relays together. Each database states the bridges before its
        ovs-vswitchd starts, which makes them at once."""
        mtus = self.network.mtus()
        relays = self.relays()
        for relay in relays:
            relay.vswitch.start_database()
        for relay in relays:
            relay.vswitch.await_database()
            relay.configure(mtus)
            relay.vswitch.start_switch()

    def dress(self) -> None:
        """Addresses, on the taps that the daemons have made."""
        for relay in self.relays():
            relay.await_configured()
            relay.restore_addresses()

    def check(self) -> None:
        """That no port was refused."""
        select = {"op": "select", "table": "Interface", "where": [], "columns": READ_BACK}
        for relay in self.relays():
            if refused := refusals(relay.vswitch.transact([select])[0]["rows"]):
                raise BridgeError(f"{relay.name}: Open vSwitch refused ports: "
                                  f"{'; '.join(refused[:3])}")

    def relays(self) -> list[Relay]:
        """The live overlay nodes."""
        return [self.network.net[node["name"]] for node in self.nodes
                if node["name"] in self.network.net]

    def daemons(self) -> list[subprocess.Popen[bytes]]:
        """Of all relays."""
        return [child for relay in self.relays() for child in relay.vswitch.children.values()]

    def vswitch_of(self, name: str) -> VSwitch | None:
        """Its own."""
        vswitch: VSwitch = self.network.net[name].vswitch
        return vswitch

    def bridge_of(self, name: str) -> str:
        """The same name in each node's namespace."""
        del name
        return OVERLAY

    def set_mtu(self, name: str, port: str, mtu: int) -> None:
        """Open vSwitch would undo what `ip link` sets; a cable with the kernel's datapath is not
        its port."""
        relay: Relay = self.network.net[name]
        if port not in relay.plain_ports() and self.network.datapath != "user":
            super().set_mtu(name, port, mtu)
        else:
            relay.vswitch.vsctl("set", "Interface", port, f"mtu_request={mtu}")

    def restore_after_vswitchd(self, name: str) -> None:
        """The taps of its bridges and their addresses."""
        relay: Relay = self.network.net[name]
        relay.vswitch.vsctl("wait-until", "Interface", OVERLAY, "ofport>0")
        relay.restore_addresses()
        self.network.quiet_offloads_of(relay)

    def outputs(self, name: str, in_port: str, source: dict[str, Any],
                target: dict[str, Any]) -> list[str]:
        """By its flow tables."""
        return outputs(self.network.net[name].vswitch, OVERLAY, in_port, source, target)

    def port_table(self, name: str) -> str:
        """All bridges of its own instance, those of the underlay included."""
        return ports.port_table(self.network.net[name].vswitch, name)

"""Builds a resolved topology in Mininet and keeps what is needed to break and mend it."""

from __future__ import annotations

import json
from typing import Any

from mininet.link import Link
from mininet.net import Mininet
from mininet.node import OVSSwitch

from addresses import CONTROL_NETWORK, cable_addresses, control_address
from commands import check
from fabric import Fabric
from host import GROUP, HostBridge, HostVSwitch, MarkedLink, keep_host_settings
from protocol import BridgeError
from relay import OVERLAY, PROTOCOLS, CableEnd, Relay, Tunnel
from vswitch import VSwitch

FABRIC, CONTROL = "fabric0", "control0"


class Network:
    """The lab's Mininet, with the resolved topology it was built from."""

    def __init__(self, topology: dict[str, Any], datapath: str, run_folder: str,
                 log_folder: str) -> None:
        self.topology = topology
        self.datapath = datapath
        self.run_folder = run_folder
        self.log_folder = log_folder
        #: Set when the root namespace is the host's: before every name in it that is the lab's.
        self.prefix: str = topology.get("rootPrefix", "")
        if self.prefix:
            keep_host_settings()
        self.net = Mininet(topo=None, build=False, controller=None, autoStaticArp=False)
        self.shared: VSwitch | None = None
        self.started = False

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """The resolved nodes of one kind."""
        return [node for node in self.topology["nodes"] if node["kind"] == kind]

    def build(self) -> None:
        """Create every node and link, start the daemons side by side, then the switches."""
        relays, switches = self.of_kind("relay"), self.of_kind("switch")
        if switches:
            self.start_shared()
        for host in self.of_kind("host"):
            self.net.addHost(host["name"], ip=host["address"], mac=host["mac"])
        for switch in switches:
            self.add_plain_switch(switch)
        for index, relay in enumerate(relays):
            self.add_relay(relay, index)
        group = GROUP if self.prefix else "0"
        if self.topology["fabric"] and relays:
            self.net.addSwitch(self.prefix + FABRIC, cls=Fabric, dpid="f1", group=group,
                               mtu=self.topology["fabric"]["mtuBytes"])
        if relays:
            self.net.addSwitch(self.prefix + CONTROL, cls=Fabric, dpid="f2", group=group,
                               address=f"{CONTROL_NETWORK}.0.1/16")
        self.add_links(relays)
        self.plan_tunnels()
        self.start(switches)

    def add_plain_switch(self, switch: dict[str, Any]) -> None:
        """Add one bridge of the shared instance, or of the host's."""
        common = {"dpid": switch["dpid"], "datapath": self.datapath,
                  "failMode": switch["failMode"],
                  "protocols": ",".join(switch.get("protocols") or []) or PROTOCOLS}
        name = switch["name"]
        if self.prefix:
            self.net.addSwitch(name, cls=HostBridge, instance=self.shared,
                               bridge=self.prefix + name, **common)
        else:
            self.net.addSwitch(name, cls=OVSSwitch, **common)

    def add_relay(self, relay: dict[str, Any], index: int) -> None:
        """Add one overlay node; its control address follows its place in the topology."""
        self.net.addSwitch(
            relay["name"], cls=Relay, dpid=relay["dpid"], underlay=relay["underlayAddress"],
            control=f"{control_address(index)}/16",
            datapath=self.datapath, failMode=relay["failMode"], spanningTree=relay["spanningTree"],
            runFolder=self.run_folder, logFolder=self.log_folder)

    def add_links(self, relays: list[dict[str, Any]]) -> None:
        """Add the veth pairs of the topology, then each relay's two interfaces."""
        kind = MarkedLink if self.prefix else Link
        macs = self.first_ports()
        for link in self.topology["links"]:
            a, b = link["a"], link["b"]
            self.net.addLink(a["node"], b["node"], cls=kind, port1=a.get("number"),
                             port2=b.get("number"), intfName1=a["port"], intfName2=b["port"],
                             **{key: macs[end["node"], end["port"]]
                                for key, end in (("addr1", a), ("addr2", b))
                                if (end["node"], end["port"]) in macs})
        for relay in relays:
            name = relay["name"]
            if self.topology["fabric"]:
                self.net.addLink(name, self.prefix + FABRIC, cls=kind, intfName1=f"{name}-nic",
                                 intfName2=f"{self.prefix}{name}-fab")
            self.net.addLink(name, self.prefix + CONTROL, cls=kind, intfName1=f"{name}-ctl",
                             intfName2=f"{self.prefix}{name}-ctb")

    def first_ports(self) -> dict[tuple[str, str], str]:
        """The MAC address of every host, by host and interface: that with the lowest number, which
        is the first where none is stated. Mininet chooses the addresses of the others."""
        ends: dict[str, list[dict[str, Any]]] = {}
        for link in self.topology["links"]:
            for end in (link["a"], link["b"]):
                ends.setdefault(end["node"], []).append(end)
        return {(host["name"], min(own, key=lambda end: end.get("number", 0))["port"]): host["mac"]
                for host in self.of_kind("host") if (own := ends.get(host["name"]))}

    def plan_tunnels(self) -> None:
        """Give each relay its tunnel ends, and the cables that carry tunnels their addresses."""
        cables: dict[str, dict[str, str]] = {}
        for tunnel in self.topology["tunnels"]:
            if tunnel["underlay"] and tunnel["underlay"] not in cables:
                cables[tunnel["underlay"]] = self.plan_cable(tunnel["underlay"], len(cables))
        for tunnel in self.topology["tunnels"]:
            a, b = tunnel["a"], tunnel["b"]
            addresses = cables.get(tunnel["underlay"] or "") or {
                end["node"]: self.net[end["node"]].underlay.split("/")[0] for end in (a, b)}
            for here, there in ((a, b), (b, a)):
                self.net[here["node"]].tunnels.append(Tunnel(
                    here["port"], tunnel["kind"], addresses[here["node"]],
                    addresses[there["node"]], tunnel["key"]))

    def plan_cable(self, link_id: str, index: int) -> dict[str, str]:
        """Turn a link between two relays into an underlay of its own, a /30."""
        link = next((one for one in self.topology["links"] if one["id"] == link_id), None)
        if link is None:
            raise BridgeError(f"tunnel underlay {link_id} is no link of the topology")
        addresses = {}
        for address, end in zip(cable_addresses(index), (link["a"], link["b"])):
            addresses[end["node"]] = address
            self.net[end["node"]].cables.append(
                CableEnd(f"cab{index}", end["port"], f"{address}/30"))
        return addresses

    def start_shared(self) -> None:
        """Start the Open vSwitch of the plain switches: Mininet asks for it when one is added,
        and ends the process when nobody answers. On the host it is the host's, which runs."""
        self.shared = (HostVSwitch(self.log_folder) if self.prefix else
                       VSwitch("shared", "/run/openvswitch", self.log_folder, None))
        self.shared.start_database()
        self.shared.start_switch()

    def start(self, switches: list[dict[str, Any]]) -> None:
        """Start the relays' daemons together, then let Mininet start hosts and switches."""
        instances = [relay.vswitch for relay in self.relays()]
        for instance in instances:
            instance.start_database()
        for instance in instances:
            instance.start_switch()
        self.net.build()
        self.net.start()
        self.started = True
        self.dress_hosts()
        self.dress_switches(switches)
        self.apply_mtus()
        self.quiet_offloads()

    def relays(self) -> list[Relay]:
        """The live overlay nodes."""
        return [node for node in self.net.switches if isinstance(node, Relay)]

    def dress_hosts(self) -> None:
        """Give hosts the meter's own address where one is asked for; IPv6 chatter would only blur counters."""
        for host in self.of_kind("host"):
            node = self.net[host["name"]]
            intf = str(node.defaultIntf())
            check(["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"], node.pid)
            if host.get("meterAddress"):
                check(["ip", "addr", "replace", host["meterAddress"], "dev", intf], node.pid)
            if "defaultRoute" in host:
                check(["ip", "route", "replace", "default", *host["defaultRoute"].split()], node.pid)

    def dress_switches(self, switches: list[dict[str, Any]]) -> None:
        """Spanning tree of plain switches, by OVS's own columns; Mininet's option knows only STP."""
        for switch in switches:
            if self.shared and switch["spanningTree"] != "none":
                self.shared.vsctl("set", "Bridge", self.bridge_of(switch["name"]),
                                  f"{switch['spanningTree']}_enable=true")

    def apply_mtus(self) -> None:
        """Set every link end's MTU where OVS lets it stand, and read it back."""
        for link in self.topology["links"]:
            for end in (link["a"], link["b"]):
                self.set_mtu(end["node"], end["port"], link["mtuBytes"])

    def set_mtu(self, name: str, port: str, mtu: int) -> None:
        """`mtu_request` on an OVS port, `ip link` elsewhere; raises when the kernel disagrees."""
        node = self.net[name]
        pid = node.pid if node.inNamespace else None
        instance = self.instance_of(name)
        cable = isinstance(node, Relay) and port not in node.plain_ports()
        if instance and not (cable and self.datapath != "user"):
            instance.vsctl("set", "Interface", port, f"mtu_request={mtu}")
        else:
            check(["ip", "link", "set", port, "mtu", str(mtu)], pid)
        seen = json.loads(check(["ip", "-j", "link", "show", "dev", port], pid))[0]["mtu"]
        if seen != mtu:
            raise BridgeError(f"{name}: MTU of {port} is {seen}, asked for {mtu}")

    def instance_of(self, name: str) -> VSwitch | None:
        """The OVS instance that owns a node's ports, or None for a host."""
        node = self.net[name]
        if isinstance(node, Relay):
            return node.vswitch
        return self.shared if isinstance(node, (OVSSwitch, HostBridge)) else None

    def bridge_of(self, name: str) -> str:
        """The OVS bridge that is the node's data plane."""
        return OVERLAY if isinstance(self.net[name], Relay) else self.prefix + name

    def root_ends(self, name: str) -> list[str]:
        """The far ends of a relay's control and underlay interfaces, in the root namespace."""
        ends = ["ctb", "fab"] if self.topology["fabric"] else ["ctb"]
        return [f"{self.prefix}{name}-{end}" for end in ends]

    def quiet_offloads(self) -> None:
        """Transmit offloads off on every veth: the userspace datapath passes a checksum that
        "hardware" was meant to finish on unfinished, and then TCP fails while ping works."""
        for node in [*self.net.hosts, *self.net.switches]:
            self.quiet_offloads_of(node)

    def quiet_offloads_of(self, node: Any) -> None:
        """The same for one node."""
        pid = node.pid if node.inNamespace else None
        names = [str(intf) for intf in node.intfList() if str(intf) != "lo"]
        if names:
            script = "; ".join(f"ethtool -K {name} tx off gro off" for name in names)
            check(["sh", "-ec", script], pid, timeout_s=30)

    def leave_out_dead_nodes(self) -> None:
        """A node whose shell was killed can be told nothing, and Mininet would wait for its answer
        for ever. Its interfaces go with its namespace, which goes with its last process."""
        def alive(node: Any) -> bool:
            return node.shell is not None and node.shell.poll() is None

        net = self.net
        net.links = [link for link in net.links if alive(link.intf1.node) and alive(link.intf2.node)]
        net.switches = [node for node in net.switches if alive(node)]
        net.hosts = [node for node in net.hosts if alive(node)]

    def stop(self) -> None:
        """Stop Mininet and every daemon; errors of one part do not spare the others."""
        instances = [relay.vswitch for relay in self.relays()]
        try:
            if self.started:
                self.leave_out_dead_nodes()
                self.net.stop()
        finally:
            for instance in instances + ([self.shared] if self.shared else []):
                instance.stop()

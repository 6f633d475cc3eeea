"""Builds a resolved topology in Mininet and keeps what is needed to break and mend it."""

from __future__ import annotations

import json
from typing import Any

from mininet.link import Link
from mininet.net import Mininet

from commands import check
from host_sandbox import MarkedLink, keep_host_settings
from node_kind import NodeKind
from nodes import node_kind
from protocol import BridgeError
from vswitch import VSwitch


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
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for node in topology["nodes"]:
            by_kind.setdefault(node["kind"], []).append(node)
        #: In the order of their first nodes.
        self.kinds = {kind: node_kind(kind, self, nodes) for kind, nodes in by_kind.items()}
        self.kind_names = {node["name"]: node["kind"] for node in topology["nodes"]}
        self.started = False

    def build(self) -> None:
        """Create every node and link, start the daemons side by side, then the switches."""
        kinds = self.kinds.values()
        for kind in kinds:
            kind.prepare()
        for kind in kinds:
            kind.add()
        self.add_links()
        for kind in kinds:
            kind.wire()
        for kind in kinds:
            kind.start()
        self.net.build()
        self.net.start()
        self.started = True
        for kind in kinds:
            kind.dress()
        self.apply_mtus()
        self.quiet_offloads()
        for kind in kinds:
            kind.check()

    def kind_of(self, name: str) -> NodeKind:
        """The kind of a node of the topology. Raises BridgeError for any other name."""
        if name not in self.kind_names:
            raise BridgeError(f"{name} is not a node of this network")
        return self.kinds[self.kind_names[name]]

    def vswitch_of(self, name: str) -> VSwitch | None:
        """The Open vSwitch that owns a node's ports; None for a node without one, and for what is
        not of the topology."""
        return self.kind_of(name).vswitch_of(name) if name in self.kind_names else None

    def bridge_of(self, name: str) -> str:
        """The bridge that is the node's data plane."""
        return self.kind_of(name).bridge_of(name)

    def pid_of(self, name: str) -> int | None:
        """The process that holds the node's namespaces; None: the lab's root namespace."""
        node = self.net[name]
        return node.pid if node.inNamespace else None

    def add_link(self, a: str, b: str, **options: Any) -> None:
        """A veth pair between two of Mininet's nodes."""
        self.net.addLink(a, b, cls=MarkedLink if self.prefix else Link, **options)

    def add_links(self) -> None:
        """Add the veth pairs of the topology."""
        macs = self.first_ports()
        for link in self.topology["links"]:
            a, b = link["a"], link["b"]
            self.add_link(a["node"], b["node"], port1=a.get("number"), port2=b.get("number"),
                          intfName1=a["port"], intfName2=b["port"],
                          **{key: macs[end["node"], end["port"]]
                             for key, end in (("addr1", a), ("addr2", b))
                             if (end["node"], end["port"]) in macs})

    def first_ports(self) -> dict[tuple[str, str], str]:
        """The MAC address of every node that has one, by node and interface: that with the lowest
        number, which is the first where none is stated. Mininet chooses the addresses of the
        others."""
        ends: dict[str, list[dict[str, Any]]] = {}
        for link in self.topology["links"]:
            for end in (link["a"], link["b"]):
                ends.setdefault(end["node"], []).append(end)
        return {(node["name"], min(own, key=lambda end: end.get("number", 0))["port"]): node["mac"]
                for node in self.topology["nodes"]
                if "mac" in node and (own := ends.get(node["name"]))}

    def apply_mtus(self) -> None:
        """Set every link end's MTU, and read it back."""
        for link in self.topology["links"]:
            for end in (link["a"], link["b"]):
                self.set_mtu(end["node"], end["port"], link["mtuBytes"])

    def set_mtu(self, name: str, port: str, mtu: int) -> None:
        """As the node's kind does it; raises when the kernel disagrees."""
        self.kind_of(name).set_mtu(name, port, mtu)
        shown = check(["ip", "-j", "link", "show", "dev", port], self.pid_of(name))
        seen = json.loads(shown)[0]["mtu"]
        if seen != mtu:
            raise BridgeError(f"{name}: MTU of {port} is {seen}, requested {mtu}")

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
        try:
            if self.started:
                self.leave_out_dead_nodes()
                self.net.stop()
        finally:
            for kind in self.kinds.values():
                kind.stop()

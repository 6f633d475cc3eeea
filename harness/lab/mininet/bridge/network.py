"""Builds a resolved topology in Mininet and keeps what is needed to break and mend it."""

from __future__ import annotations

from typing import Any

from mininet.net import Mininet

import ending
import links
import offloads
import rtnetlink
from batched import Batched, BatchedLink
from hidden_carrier import add_hidden
from host_sandbox import keep_host_settings
from interfaces import in_network_of
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
        #: Interfaces of namespaces as they were read last, by the process that holds each.
        self.seen: dict[int | None, dict[str, rtnetlink.Link]] = {}

    def build(self) -> None:
        """Create every node and link, start the daemons side by side, then the switches."""
        kinds = self.kinds.values()
        for kind in kinds:
            kind.prepare()
        if not self.prefix:
            links.keep_quiet(every=False)
        for kind in kinds:
            kind.add()
        self.await_shells()
        self.add_links()
        for kind in kinds:
            kind.wire()
        self.make_links()
        self.quiet_offloads()
        for kind in kinds:
            kind.start()
        self.net.build()
        self.net.start()
        self.started = True
        for node in self.nodes():
            if isinstance(node, Batched):
                node.under_construction = False
        for kind in kinds:
            kind.dress()
        for kind in kinds:
            kind.launch()
        self.quiet_offloads()
        self.check_mtus()
        for kind in kinds:
            kind.check()

    def nodes(self) -> list[Any]:
        """Mininet's nodes, those included that the topology does not name."""
        return [*self.net.hosts, *self.net.switches]

    def await_shells(self) -> None:
        """They were started together; each is in its namespace when it prompts."""
        for node in self.nodes():
            if isinstance(node, Batched):
                node.await_prompt()

    def make_links(self) -> None:
        """Make what `add_link` planned, in one call."""
        links.make_pairs([link for link in self.net.links if isinstance(link, BatchedLink)],
                         self.mtus())
        links.set_up_root()

    def mtus(self) -> dict[tuple[str, str], int]:
        """Of every end of a link of the topology, by node and interface."""
        return {(end["node"], end["port"]): link["mtuBytes"] for link in self.topology["links"]
                for end in (link["a"], link["b"])}

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
        """A veth pair between two of Mininet's nodes, made with all others (`make_links`)."""
        self.net.addLink(a, b, cls=BatchedLink, **options)

    def add_links(self) -> None:
        """Add the veth pairs of the topology."""
        macs = self.first_ports()
        hidden = [link for link in self.topology["links"] if link.get("hidesCarrier")]
        add_hidden(self, hidden)
        for link in self.topology["links"]:
            if link.get("hidesCarrier"):
                continue
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

    def check_mtus(self) -> None:
        """Read back the MTU of every end of a link. One that is otherwise, because its node undoes
        what its pair was made with, is set as the node's kind does it."""
        wanted = self.mtus()
        for (name, port), mtu in wanted.items():
            if self.seen_mtu(name, port) != mtu:
                self.kind_of(name).set_mtu(name, port, mtu)
        self.seen = {}
        for (name, port), mtu in wanted.items():
            if self.seen_mtu(name, port) != mtu:
                raise BridgeError(f"{name}: MTU of {port} is {self.seen_mtu(name, port)}, "
                                  f"requested {mtu}")

    def seen_mtu(self, name: str, port: str) -> int | None:
        """As the kernel has it, asked once for all interfaces of a namespace."""
        pid = self.pid_of(name)
        if pid not in self.seen:
            self.seen[pid] = links.seen_in(pid)
        there = self.seen[pid].get(port)
        return None if there is None else there.mtu

    def quiet_offloads(self) -> None:
        """See `offloads.quiet`. Done before daemons see the interfaces, and read back after."""
        for node in self.nodes():
            self.quiet_offloads_of(node)

    def quiet_offloads_of(self, node: Any) -> None:
        """The same for one node."""
        names = [str(intf) for intf in node.intfList() if str(intf) != "lo"]
        in_network_of(links.pid_of(node), lambda: offloads.quiet(names))

    def stop(self) -> None:
        """End the shells and every daemon, side by side, then delete what is in the root namespace
        in one call. Namespaces of nodes go with their last process, with all that is in them."""
        nodes = self.nodes()
        try:
            for node in nodes:
                # Mininet's own way, for nodes of other classes, as long as their shells answer.
                if not isinstance(node, Batched) and alive(node):
                    node.stop(deleteIntfs=False)
        finally:
            ending.kill_all(child for kind in self.kinds.values() for child in kind.daemons())
            try:
                for kind in self.kinds.values():
                    kind.stop()
            finally:
                ending.hang_up(node.shell for node in nodes if node.shell is not None)
                links.delete_root()


def alive(node: Any) -> bool:
    """Whether its shell answers: Mininet would wait for the answer of another one for ever."""
    return node.shell is not None and node.shell.poll() is None

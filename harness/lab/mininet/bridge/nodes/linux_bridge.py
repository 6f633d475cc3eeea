"""Plain Linux bridges, each in a network namespace of its own."""

from __future__ import annotations

import json
from typing import Any

from mininet.node import Switch

from batched import Batched
from commands import check
from interfaces import in_network_of
from links import keep_quiet
from machine import Machine
from node_kind import NodeKind
from protocol import BridgeError

#: The same name in each node's namespace.
DEVICE = "br0"


class LinuxBridge(Machine, Batched, Switch):
    """The machine that holds one bridge. The kernel runs its spanning tree."""

    def __init__(self, name: str, options: dict[str, Any], **params: Any) -> None:
        params["inNamespace"] = True
        super().__init__(name, **params)
        self.options = options

    def start(self, controllers: list[Any]) -> None:
        """Make the bridge, with every interface of the machine as a port."""
        del controllers
        tree = self.options
        # The kernel counts in hundredths of a second.
        delay, age, keep = (int(tree[key] / 10)
                            for key in ("forwardDelayMs", "maxAgeMs", "ageingMs"))
        lines = [f"link add {DEVICE} type bridge stp_state {int(tree['stp'])} forward_delay {delay} "
                 f"max_age {age} ageing_time {keep} priority {tree['priority']} mcast_snooping 0"]
        lines += [f"link set {port} master {DEVICE} up" for port in self.all_interfaces()]
        lines.append(f"link set {DEVICE} up")
        # Nothing but the nodes' own packets and the tree's.
        in_network_of(self.pid, lambda: keep_quiet(every=True))
        check(["ip", "-batch", "-"], self.pid, stdin="\n".join(lines) + "\n")


class Kind(NodeKind):
    """All Linux bridges of a network."""

    def add(self) -> None:
        """One machine each; Mininet requires a datapath id, which is not used."""
        for number, node in enumerate(self.nodes, 1):
            self.network.net.addSwitch(node["name"], cls=LinuxBridge, options=node,
                                       dpid=f"{number:x}")

    def check(self) -> None:
        """The spanning tree is the kernel's: with a helper of the system it would be that one's."""
        for node in self.nodes:
            shown = check(["ip", "-d", "-j", "link", "show", DEVICE], self.pid_of(node["name"]))
            seen = json.loads(shown)[0]["linkinfo"]["info_data"]["stp_state"]
            if seen != int(node["stp"]):
                raise BridgeError(f"{node['name']}: the state of the spanning tree is {seen}, "
                                  f"asked for {int(node['stp'])}")

    def pid_of(self, name: str) -> int | None:
        """The process that holds the machine."""
        return self.network.pid_of(name)

    def bridge_of(self, name: str) -> str:
        """See DEVICE."""
        del name
        return DEVICE

    def outputs(self, name: str, in_port: str, source: dict[str, Any],
                target: dict[str, Any]) -> list[str]:
        """The port at which it learnt the address of the target."""
        del in_port, source
        table = json.loads(check(["bridge", "-j", "fdb", "show", "br", DEVICE], self.pid_of(name)))
        return sorted({entry["ifname"] for entry in table
                       if entry["mac"] == target["mac"] and entry.get("state") != "permanent"})

    def port_table(self, name: str) -> str:
        """State and MTU of its ports."""
        shown = check(["ip", "-d", "-j", "link", "show", "master", DEVICE], self.pid_of(name))
        rows = [f"  {port['ifname']:<15}  {port['linkinfo']['info_slave_data']['state']:<10}  "
                f"MTU {port['mtu']}\n" for port in json.loads(shown)]
        return f"{name} {DEVICE}\n" + "".join(sorted(rows))

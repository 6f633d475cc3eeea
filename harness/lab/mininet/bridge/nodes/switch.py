"""Plain switches: bridges of an Open vSwitch that they share, as in plain Mininet."""

from __future__ import annotations

import subprocess
from typing import Any

import bridge_rows
import links
import ports
import rtnetlink
from bonds import far_sides
from commands import check, run
from host_sandbox import HostVSwitch, host_marks
from node_kind import NodeKind
from openflow_path import outputs
from plain_switch import HostSwitch, PlainSwitch
from protocol import BridgeError
from vlans import port_columns, vlans_of
from vswitch import PROTOCOLS, VSwitch

#: One ovs-vswitchd needs a time that grows with the square of its bridges: a thousand take 31 s of
#: processor time in one, and 7 s in ten.
BRIDGES_A_DAEMON = 100
#: Of Open vSwitch's userspace datapath itself.
TAP_OF_ALL = "ovs-netdev"
#: Seconds for each bridge of the network, on a busy machine.
SECONDS_A_BRIDGE = 0.3


class Kind(NodeKind):
    """The bridges in the lab's root namespace, and their daemons."""

    def __init__(self, network: Any, nodes: list[dict[str, Any]]) -> None:
        super().__init__(network, nodes)
        #: Of every switch, by name.
        self.instances: dict[str, VSwitch] = {}
        #: What `configure` returned last, by instance.
        self.numbers: dict[VSwitch, int] = {}

    def prepare(self) -> None:
        """Start the database of the shared Open vSwitch, or with the userspace datapath one for
        every hundred: Mininet asks for it when a switch is added, and ends the process when nobody
        answers. On the host it is the host's, which runs."""
        log_folder = self.network.log_folder
        names = [switch["name"] for switch in self.nodes]
        # All daemons of a namespace have the kernel's datapath in common, and would fight over it.
        alone = self.network.prefix or self.network.datapath == "kernel"
        each = len(names) if alone else BRIDGES_A_DAEMON
        for number, first in enumerate(range(0, len(names), each), 1):
            instance = HostVSwitch(log_folder) if self.network.prefix else shared(number, log_folder)
            self.instances.update({name: instance for name in names[first:first + each]})
        for instance in self.distinct():
            instance.start_database()
        for instance in self.distinct():
            instance.await_database()

    def distinct(self) -> list[VSwitch]:
        """The instances, in order."""
        return list(dict.fromkeys(self.instances.values()))

    def add(self) -> None:
        """Add each as a bridge of its instance."""
        for switch in self.nodes:
            name = switch["name"]
            self.network.net.addSwitch(
                name, cls=HostSwitch if self.network.prefix else PlainSwitch,
                instance=self.instances[name], dpid=switch["dpid"],
                datapath=self.network.datapath, failMode=switch["failMode"],
                protocols=",".join(switch.get("protocols") or []) or PROTOCOLS)

    def start(self) -> None:
        """Have each instance make its bridges, in one transaction. The daemons start when all
        interfaces are as they are to be: each is sent every change of each."""
        by_instance: dict[VSwitch, list[bridge_rows.Bridge]] = {}
        mtus = self.network.mtus()
        for switch in self.nodes:
            row = self.row_of(switch, mtus)
            by_instance.setdefault(self.instances[switch["name"]], []).append(row)
        # Of several daemons each makes one bridge first, so that none waits for the work of another.
        several = len(by_instance) > 1
        for instance, bridges in by_instance.items():
            self.numbers[instance] = instance.configure(
                bridge_rows.making(bridges[:1] if several else bridges))
            instance.start_switch()
            self.make_room(instance)
        for instance, bridges in by_instance.items():
            if several and bridges[1:]:
                self.numbers[instance] = instance.configure(bridge_rows.making(bridges[1:]))

    def make_room(self, instance: VSwitch) -> None:
        """Where several daemons share a namespace, rename the tap of the userspace datapath of this
        one: it has the same name in each, and where it is taken no bridge can be made."""
        if len(self.distinct()) == 1:
            return
        number = self.distinct().index(instance) + 1
        instance.wait_for(lambda: TAP_OF_ALL in rtnetlink.links(), f"the tap {TAP_OF_ALL}")
        run(["ip", "link", "del", tap_of(number)])  # Of the daemon before, if this one is new.
        check(["ip", "link", "set", TAP_OF_ALL, "name", tap_of(number)])
        links.mark_root([tap_of(number)])

    def restore_after_vswitchd(self, name: str) -> None:
        """A daemon that was started again has a new tap."""
        self.make_room(self.instances[name])

    def row_of(self, switch: dict[str, Any],
               mtus: dict[tuple[str, str], int]) -> bridge_rows.Bridge:
        """A switch as a row, with its ports. Open vSwitch would undo an MTU that it did not set."""
        node, name = self.network.net[switch["name"]], switch["name"]
        vlans = vlans_of(self.network.topology, name)
        own = [bridge_rows.Port(str(intf), {"ofport_request": node.ports[intf], **(
            {"mtu_request": mtus[name, str(intf)]} if (name, str(intf)) in mtus else {})},
            port_columns(vlans.get(str(intf))))
            for intf in node.intfList() if str(intf) != "lo"]
        columns = bridge_rows.openflow_columns(
            dpid=node.dpid, name=name, datapath=self.network.datapath,
            fail_mode=switch["failMode"], protocols=node.protocols,
            spanning_tree=switch["spanningTree"])
        if self.network.prefix:
            columns["external_ids"] = host_marks()
        far = far_sides(self.network.topology, name, self.network.prefix)
        return bridge_rows.Bridge(self.bridge_of(name), columns, bridge_rows.bonded(own, far))

    def dress(self) -> None:
        """Wait until all bridges are there."""
        for instance, number in self.numbers.items():
            instance.await_configured(number, 15 + SECONDS_A_BRIDGE * len(self.instances))
        if not self.network.prefix:
            # The taps of bridges outlive their daemon.
            links.mark_root([*self.instances, TAP_OF_ALL])

    def check(self) -> None:
        """That no port was refused, and port numbers that are stated."""
        names = {switch["name"] for switch in self.nodes}
        ends = [end for link in self.network.topology["links"] for end in (link["a"], link["b"])]
        own = {str(intf) for name in names for intf in self.network.net[name].intfList()}
        select = {"op": "select", "table": "Interface", "where": [],
                  "columns": bridge_rows.READ_BACK}
        for instance in self.distinct():
            rows = [row for row in instance.transact([select])[0]["rows"] if row["name"] in own]
            if refused := bridge_rows.refusals(rows):
                raise BridgeError(f"Open vSwitch refused ports: {'; '.join(refused[:3])}")
            ports.check_port_numbers(instance, [
                end for end in ends if self.instances.get(end["node"]) is instance])

    def daemons(self) -> list[subprocess.Popen[bytes]]:
        """Of all instances; the host's are not the lab's to end."""
        return [child for instance in self.distinct() for child in instance.children.values()]

    def stop(self) -> None:
        """On the host the bridges go, in one transaction; elsewhere they go with the daemons, but
        for the kernel's datapath, which has all ports."""
        if not self.network.prefix and self.network.datapath == "kernel":
            run(["ovs-dpctl", "del-dp", "ovs-system"])
        if self.network.prefix and self.numbers:
            instance, = self.numbers
            names = [self.bridge_of(switch["name"]) for switch in self.nodes]
            instance.vsctl(*[word for name in names for word in ("--", "--if-exists", "del-br", name)],
                           timeout_s=60)

    def vswitch_of(self, name: str) -> VSwitch | None:
        """Its instance, which others share."""
        return self.instances.get(name)

    def bridge_of(self, name: str) -> str:
        """The node's name; on the host with the lab's prefix."""
        return self.network.prefix + name

    def set_mtu(self, name: str, port: str, mtu: int) -> None:
        """Open vSwitch would undo what `ip link` sets."""
        self.instances[name].vsctl("set", "Interface", port, f"mtu_request={mtu}")

    def outputs(self, name: str, in_port: str, source: dict[str, Any],
                target: dict[str, Any]) -> list[str]:
        """By its flow tables."""
        return outputs(self.instances[name], self.bridge_of(name), in_port, source, target)

    def port_table(self, name: str) -> str:
        """Its own bridge alone: the instance has those of other switches."""
        return ports.port_table(self.instances[name], name, {self.bridge_of(name): name})


def tap_of(number: int) -> str:
    """Name of the tap of the userspace datapath of one of several daemons."""
    return f"{TAP_OF_ALL}-{number}"


def shared(number: int, log_folder: str) -> VSwitch:
    """An instance of the lab's; tools of Open vSwitch find the first without being asked to."""
    suffix = "" if number == 1 else f"-{number}"
    return VSwitch(f"shared{suffix}", f"/run/openvswitch{suffix}", log_folder, None)

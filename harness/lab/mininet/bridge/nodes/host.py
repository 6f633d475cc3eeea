"""Hosts, where traffic begins and ends."""

from __future__ import annotations

import subprocess
from typing import Any

import links
from batched import BatchedHost
from bonds import HostBond, SwitchBond, bonds_of
from commands import check
from node_kind import NodeKind
from protocol import BridgeError
from vlans import HostTag, SwitchTag, tags_of


class Kind(NodeKind):
    """Mininet's own hosts."""

    forwards = False

    def __init__(self, network: Any, nodes: list[dict[str, Any]]) -> None:
        super().__init__(network, nodes)
        #: By host.
        self.bonds: dict[str, HostBond] = {}
        #: What has a host's addresses in place of its first interface, by host.
        self.devices: dict[str, HostBond | HostTag] = {}

    def add(self) -> None:
        """One namespace each."""
        for host in self.nodes:
            self.network.net.addHost(host["name"], cls=BatchedHost, ip=host["address"],
                                     mac=host["mac"])

    def start(self) -> None:
        """Begin to make the bonds and VLANs of those that have some."""
        network = self.network
        given = (network.topology, self.nodes, network.net, network.run_folder, network.log_folder)
        self.bonds = bonds_of(*given)
        self.devices = {**tags_of(*given), **self.bonds}
        for device in self.devices.values():
            device.start()

    def dress(self) -> None:
        """Give hosts their addresses, the meter's own where one is asked for; IPv6 chatter would
        only blur counters."""
        for host in self.nodes:
            node, device = self.network.net[host["name"]], self.devices.get(host["name"])
            own = [host["address"], *filter(None, [host.get("meterAddress")])]
            if device is not None:
                device.dress()
                devices = [device.device]
            else:
                # A host without a link has no interface for them.
                devices = [str(node.defaultIntf())] if node.intfs else []
            addresses = [(name, address) for name in devices for address in own]
            links.dress(node, addresses, devices=devices)
            if "defaultRoute" in host:
                check(["ip", "route", "replace", "default", *host["defaultRoute"].split()], node.pid)

    def daemons(self) -> list[subprocess.Popen[bytes]]:
        """Of bonds and VLANs that are Open vSwitch's."""
        return [child for one in self.devices.values() if isinstance(one, (SwitchBond, SwitchTag))
                for child in one.switch.vswitch.children.values()]

    def own_verb(self, name: str, verb: str, arguments: dict[str, Any]) -> Any:
        """`bond`: the state of its bond."""
        if verb != "bond":
            return super().own_verb(name, verb, arguments)
        if name not in self.bonds:
            raise BridgeError(f"{name} has no bond")
        return self.bonds[name].state()

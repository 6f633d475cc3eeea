"""The networks that join the relays: Linux bridges in the lab's own root namespace."""

from __future__ import annotations

from typing import Any

from mininet.link import Intf
from mininet.node import Switch

import rtnetlink
from batched import Batched
from commands import check
from links import BATCH_TIMEOUT_S, GROUP


class Fabric(Batched, Switch):
    """A plain Linux bridge. A relay's death takes no carrier from any other relay's interface,
    as between machines on the Internet."""

    def __init__(self, name: str, mtu: int = 1500, address: str | None = None,
                 **params: Any):
        params["inNamespace"] = False
        super().__init__(name, **params)
        self.mtu = mtu
        self.address = address

    def start(self, controllers: list[Any]) -> None:
        """Create the bridge, add every interface, give the bridge its address."""
        del controllers
        lines = [
            f"link add {self.name} group {GROUP} type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
            f"link set {self.name} mtu {self.mtu} up",
        ]
        for intf in self.data_interfaces():
            lines.append(f"link set {intf} mtu {self.mtu} master {self.name} up")
        if self.address:
            lines.append(f"addr add {self.address} dev {self.name}")
        check(["ip", "-batch", "-"], stdin="\n".join(lines) + "\n", timeout_s=BATCH_TIMEOUT_S)
        self.know_addresses()

    def know_addresses(self) -> None:
        """State which machine is behind which port. A bridge that has learned it forgets it when the
        port goes down, and then sends what is for a dead machine to all others: with a hundred
        relays each packet of the traffic would wake a hundred daemons."""
        there = rtnetlink.links()
        requests = rtnetlink.Requests()
        for intf in self.data_interfaces():
            far = intf.link.intf2 if intf.link.intf1 is intf else intf.link.intf1
            requests.add(f"to have {self.name} know {far}",
                         rtnetlink.behind_port(there[str(intf)].index, far.mac))
        requests.send()

    def data_interfaces(self) -> list[Intf]:
        """The interfaces that are ports of the bridge."""
        return [intf for intf in self.intfList() if str(intf) != "lo"]

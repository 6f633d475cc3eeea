"""Links whose ends do not see each other go: a bridge of the lab's root namespace lies between."""

from __future__ import annotations

from typing import Any

from mininet.node import Switch

from batched import Batched
from commands import check
from links import BATCH_TIMEOUT_S, GROUP


class Wires(Batched, Switch):
    """All bridges that lie in such links; one node of Mininet's holds them."""

    def __init__(self, name: str, prefix: str, **params: Any) -> None:
        params["inNamespace"] = False
        super().__init__(name, **params)
        self.prefix = prefix
        #: MTU by bridge.
        self.bridges: dict[str, int] = {}

    def join(self, network: Any, link: dict[str, Any]) -> None:
        """Add the link as two veth pairs that meet in a bridge."""
        bridge = f"{self.prefix}w{len(self.bridges)}"
        self.bridges[bridge] = link["mtuBytes"]
        for side in ("a", "b"):
            end = link[side]
            network.add_link(end["node"], self.name, intfName1=end["port"],
                             intfName2=f"{bridge}{side}")

    def start(self, controllers: list[Any]) -> None:
        """Make the bridges in one call. They pass on what OSPF and IS-IS send to groups."""
        del controllers
        lines = []
        for bridge, mtu in self.bridges.items():
            lines += [f"link add {bridge} group {GROUP} type bridge stp_state 0 forward_delay 0 "
                      f"mcast_snooping 0",
                      *(f"link set {bridge}{side} mtu {mtu} master {bridge} up" for side in "ab"),
                      f"link set {bridge} mtu {mtu} up"]
        check(["ip", "-batch", "-"], stdin="\n".join(lines) + "\n", timeout_s=BATCH_TIMEOUT_S)


def add_hidden(network: Any, links: list[dict[str, Any]]) -> None:
    """Add all links with hidden carrier; nothing where there is none."""
    if not links:
        return
    name = f"{network.prefix}wires"
    wires = network.net.addSwitch(name, cls=Wires, dpid="f3", prefix=network.prefix)
    for link in links:
        wires.join(network, link)

"""VLANs (IEEE 802.1Q): columns of switches' ports, and hosts that tag by themselves."""

from __future__ import annotations

from typing import Any

from bridge_rows import Port
from commands import check, run
from end_switch import EndSwitch

def port_columns(vlan: dict[str, Any] | None) -> dict[str, Any]:
    """Columns of a port of Open vSwitch at the end of a link with that VLAN."""
    if vlan is None:
        return {}
    if vlan["mode"] == "access":
        return {"vlan_mode": "access", "tag": vlan["id"]}
    if vlan["mode"] == "tagged":
        return {"vlan_mode": "trunk", "trunks": [vlan["id"]]}
    native = vlan.get("native")
    trunks = sorted({*vlan["ids"], *([] if native is None else [native])})
    return {"trunks": trunks,
            **({"vlan_mode": "trunk"} if native is None
               else {"vlan_mode": "native-untagged", "tag": native})}


def vlans_of(topology: dict[str, Any], node: str) -> dict[str, dict[str, Any]]:
    """The VLAN of each link at a node that has one, by the node's interface."""
    return {end["port"]: link["vlan"] for link in topology["links"] if "vlan" in link
            for end in (link["a"], link["b"]) if end["node"] == node}


def kernel_has_vlans(pid: int) -> bool:
    """Tried in the namespaces of process `pid`; nothing remains."""
    name = "failover-try"
    made = run(["ip", "link", "add", "link", "lo", "name", name, "type", "vlan", "id", "1"],
               pid)["status"] == 0
    if made:
        check(["ip", "link", "del", name], pid)
    return made


class KernelTag:
    """A VLAN device of the kernel's, on the interface of a host."""

    def __init__(self, port: str, number: int, host: dict[str, Any], node: Any, mtu: int) -> None:
        self.port, self.number, self.node, self.mtu = port, number, node, mtu
        self.device = f"{host['name']}.{number}"

    def start(self) -> None:
        """Nothing runs."""

    def dress(self) -> None:
        """Make the device."""
        check(["ip", "link", "add", "link", self.port, "name", self.device, "mtu", str(self.mtu),
               "type", "vlan", "id", str(self.number)], self.node.pid)


class SwitchTag:
    """The same by an Open vSwitch: its own port is in the VLAN, and the host's interface a trunk."""

    def __init__(self, port: str, number: int, host: dict[str, Any], node: Any, mtu: int,
                 run_folder: str, log_folder: str) -> None:
        self.port, self.number, self.mtu = port, number, mtu
        self.device = f"{host['name']}.{number}"
        self.switch = EndSwitch(self.device, host, node, mtu, run_folder, log_folder)

    def start(self) -> None:
        """Start the daemons on a database that states both ports."""
        trunk = port_columns({"mode": "tagged", "id": self.number})
        port = Port(self.port, {"mtu_request": self.mtu}, trunk)
        self.switch.start(port, port_columns({"mode": "access", "id": self.number}))

    def dress(self) -> None:
        """Wait until they are there."""
        self.switch.dress()


HostTag = KernelTag | SwitchTag


def tags_of(topology: dict[str, Any], hosts: list[dict[str, Any]], net: Any, run_folder: str,
            log_folder: str) -> dict[str, HostTag]:
    """What tags at each host that does so by itself, by its name."""
    made: dict[str, HostTag] = {}
    by_name = {host["name"]: host for host in hosts}
    by_kernel: bool | None = None
    for link in topology["links"]:
        if link.get("vlan", {}).get("mode") != "tagged":
            continue
        end = next(end for end in (link["a"], link["b"]) if end["node"] in by_name)
        host, node = by_name[end["node"]], net[end["node"]]
        if by_kernel is None:
            by_kernel = kernel_has_vlans(node.pid)
        given = (end["port"], link["vlan"]["id"], host, node, link["mtuBytes"])
        made[host["name"]] = (KernelTag(*given) if by_kernel
                              else SwitchTag(*given, run_folder, log_folder))
    return made

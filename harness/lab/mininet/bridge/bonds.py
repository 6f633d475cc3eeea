"""Bonds of hosts: by Linux bonding where the kernel has it, else by an Open vSwitch of the host's own,
which does the same to the wire. Both are real; which one it is, is a fact of the machine."""

from __future__ import annotations

import json
from typing import Any

import bond_show
from bridge_rows import BondedPort, Port
from commands import check, run
from end_switch import EndSwitch
from protocol import BridgeError
from vlans import port_columns, vlans_of

#: Bits of an actor's state in LACP (IEEE 802.1AX): it collects and distributes frames.
CARRIES = 0x30
#: The hash of both stands for the same: addresses and ports.
HASH = "layer3+4"


def kernel_has_bonding(pid: int) -> bool:
    """Tried in the namespaces of process `pid`; nothing remains."""
    name = "failover-try"
    made = run(["ip", "link", "add", name, "type", "bond"], pid)["status"] == 0
    if made:
        check(["ip", "link", "del", name], pid)
    return made


def far_sides(topology: dict[str, Any], switch: str, prefix: str) -> list[BondedPort]:
    """The switch's ports of bonds with LACP. Of other bonds a switch sees separate ports."""
    found = []
    for bond in topology.get("bonds", []):
        ends = [end for link in topology["links"] for end in (link["a"], link["b"])
                if end["node"] == switch
                and link["id"] in {member["link"] for member in bond["members"]}]
        if bond["mode"] == "lacp" and ends:
            vlan = vlans_of(topology, switch).get(ends[0]["port"])
            columns = {**columns_of(bond), **port_columns(vlan)}
            found.append(BondedPort(prefix + bond["id"], columns,
                                    [Port(end["port"]) for end in ends]))
    return found


def columns_of(bond: dict[str, Any]) -> dict[str, Any]:
    """Columns of a port of Open vSwitch that is either end of the bond."""
    monitor = bond["monitor"]
    lacp = bond["mode"] == "lacp"
    primary = next((member["port"] for member in bond["members"]
                    if member["link"] == bond["primary"]), None)
    return {
        "bond_mode": "balance-tcp" if lacp else "active-backup",
        "bond_downdelay": round(bond["downDelayMs"]),
        "bond_updelay": round(bond["upDelayMs"]),
        **({"lacp": "active"} if lacp else {}),
        "other_config": {
            "bond-detect-mode": "miimon",
            "bond-miimon-interval": str(round(monitor["everyMs"])),
            **({"lacp-time": bond["lacpRate"]} if lacp else {}),
            **({"bond-primary": primary} if primary else {}),
        },
    }


class KernelBond:
    """The kernel's own bonding driver."""

    by = "kernel"

    def __init__(self, bond: dict[str, Any], host: dict[str, Any], node: Any, mtu: int) -> None:
        self.bond, self.host, self.node, self.mtu = bond, host, node, mtu
        self.device: str = bond["port"]

    def start(self) -> None:
        """Nothing runs."""

    def dress(self) -> None:
        """Make the device of members that are down, as the driver wants them."""
        bond, port = self.bond, self.bond["port"]
        members = [member["port"] for member in bond["members"]]
        lines = [f"link add {port} address {self.host['mac']} mtu {self.mtu} type bond {self.options()}",
                 *(f"link set {member} down" for member in members),
                 *(f"link set {member} master {port}" for member in members)]
        primary = next((one["port"] for one in bond["members"] if one["link"] == bond["primary"]), None)
        if primary:
            lines.append(f"link set {port} type bond primary {primary}")
        check(["ip", "-batch", "-"], self.node.pid, stdin="\n".join(lines) + "\n")

    def options(self) -> str:
        """As `ip link add type bond` takes them."""
        bond, monitor = self.bond, self.bond["monitor"]
        if monitor["by"] == "arp":
            # Over the backup, too, an answer shows that the way is whole.
            watch = (f"arp_interval {round(monitor['everyMs'])} arp_validate all "
                     f"arp_ip_target {','.join(monitor['targets'])}")
        else:
            watch = (f"miimon {round(monitor['everyMs'])} updelay {round(bond['upDelayMs'])} "
                     f"downdelay {round(bond['downDelayMs'])}")
        if bond["mode"] == "lacp":
            return f"mode 802.3ad lacp_rate {bond['lacpRate']} xmit_hash_policy {HASH} {watch}"
        return f"mode active-backup {watch}"

    def state(self) -> dict[str, Any]:
        """The active member, and of each member whether it is usable."""
        shown = json.loads(check(["ip", "-d", "-j", "link", "show"], self.node.pid))
        by_name = {one["ifname"]: one.get("linkinfo", {}) for one in shown}
        own = by_name[self.bond["port"]].get("info_data", {})
        lacp = self.bond["mode"] == "lacp"
        members = []
        for member in self.bond["members"]:
            data = by_name[member["port"]].get("info_slave_data", {})
            usable = data.get("mii_status") == "UP"
            if lacp:
                state = data.get("ad_actor_oper_port_state", 0)
                usable = usable and state & CARRIES == CARRIES
            members.append({"link": member["link"], "port": member["port"], "usable": usable})
        return {"by": self.by, "active": own.get("active_slave"), "members": members}


class SwitchBond:
    """An Open vSwitch in the host's namespace: its bridge has the host's addresses, and its one port
    is the bond."""

    by = "open-vswitch"

    def __init__(self, bond: dict[str, Any], host: dict[str, Any], node: Any, mtu: int,
                 run_folder: str, log_folder: str) -> None:
        if bond["monitor"]["by"] == "arp":
            raise BridgeError(f"{bond['id']}: this kernel has no bonding, which alone watches by ARP")
        self.bond = bond
        self.device: str = bond["port"]
        self.switch = EndSwitch(self.device, host, node, mtu, run_folder, log_folder)

    def start(self) -> None:
        """Start the daemons on a database that states the bond."""
        members = [Port(member["port"], {"mtu_request": self.switch.mtu})
                   for member in self.bond["members"]]
        self.switch.start(BondedPort(f"{self.device}-members", columns_of(self.bond), members), {})

    def dress(self) -> None:
        """Wait until the bond is there."""
        self.switch.dress()

    def state(self) -> dict[str, Any]:
        """As `KernelBond.state`."""
        shown = check(["ovs-appctl", "-t", self.switch.vswitch.control, "-T", "3", "bond/show"])
        return {"by": self.by, **bond_show.read(shown, self.bond)}


HostBond = KernelBond | SwitchBond


def bonds_of(topology: dict[str, Any], hosts: list[dict[str, Any]], net: Any, run_folder: str,
             log_folder: str) -> dict[str, HostBond]:
    """The bond of each host that has one, by its name."""
    planned = {bond["node"]: bond for bond in topology.get("bonds", [])}
    if not planned:
        return {}
    mtus = {link["id"]: link["mtuBytes"] for link in topology["links"]}
    own = [host for host in hosts if host["name"] in planned]
    by_kernel = kernel_has_bonding(net[own[0]["name"]].pid)
    made: dict[str, HostBond] = {}
    for host in own:
        bond, node = planned[host["name"]], net[host["name"]]
        mtu = mtus[bond["members"][0]["link"]]
        made[host["name"]] = (
            KernelBond(bond, host, node, mtu) if by_kernel
            else SwitchBond(bond, host, node, mtu, run_folder, log_folder))
    return made

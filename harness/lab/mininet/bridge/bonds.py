"""Bonds of hosts: by Linux bonding where the kernel has it, else by an Open vSwitch of the host's own,
which does the same to the wire. Both are real; which one it is, is a fact of the machine."""

from __future__ import annotations

import json
from typing import Any

import bond_show
import bridge_rows
import offloads
from bridge_rows import BondedPort, Bridge, Port
from commands import check, run
from interfaces import in_network_of
from protocol import BridgeError
from vswitch import VSwitch

#: Bits of an actor's state in LACP (IEEE 802.1AX): it collects and distributes frames.
CARRIES = 0x30
#: The hash of both stands for the same: addresses and ports.
HASH = "layer3+4"
#: With its date, so that lines of the log can be put among other events.
STAMPED = "-vPATTERN:console:%d{%Y-%m-%d %H:%M:%S.###}000 %c: %m"
#: A daemon that starts beside others on a busy machine.
CONFIGURE_S = 30


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
            found.append(BondedPort(prefix + bond["id"], columns_of(bond),
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
        self.bond, self.host, self.node, self.mtu = bond, host, node, mtu
        self.vswitch = VSwitch(host["name"], f"{run_folder}/{host['name']}", log_folder, node.pid,
                               more=[STAMPED])
        self.number = 0

    def start(self) -> None:
        """Start the daemons on a database that states the bond."""
        self.part_members()
        self.vswitch.start_database()
        self.vswitch.await_database()
        port = self.bond["port"]
        columns = {"datapath_type": "netdev", "fail_mode": "standalone",
                   "other_config": {"hwaddr": self.host["mac"], "disable-in-band": "true"}}
        members = [Port(member["port"], {"mtu_request": self.mtu}) for member in self.bond["members"]]
        bonded = BondedPort(f"{port}-members", columns_of(self.bond), members)
        self.number = self.vswitch.configure(bridge_rows.making([Bridge(port, columns, [bonded])]))
        self.vswitch.start_switch()

    def part_members(self) -> None:
        """The kernel gets a copy of what a member receives. It must not answer ARP there, nor take for
        the host's what the bridge may have to drop: members have addresses of their own."""
        first = int(self.host["mac"].replace(":", ""), 16)
        for number, member in enumerate(self.bond["members"], 1):
            digits = f"{(first ^ (number << 24)) | 0x020000000000:012x}"
            mac = ":".join(digits[place:place + 2] for place in range(0, 12, 2))
            check(["ip", "link", "set", "dev", member["port"], "address", mac, "arp", "off"],
                  self.node.pid)

    def dress(self) -> None:
        """Wait until its ovs-vswitchd has made the bond."""
        self.vswitch.await_configured(self.number, CONFIGURE_S)
        select = {"op": "select", "table": "Interface", "where": [],
                  "columns": bridge_rows.READ_BACK}
        rows = [row for row in self.vswitch.transact([select])[0]["rows"]
                if row["name"] != self.bond["port"]]
        if refused := bridge_rows.refusals(rows):
            raise BridgeError(f"{self.host['name']}: Open vSwitch refused members of "
                              f"{self.bond['id']}: {'; '.join(refused)}")
        check(["ip", "link", "set", "dev", self.bond["port"], "mtu", str(self.mtu)], self.node.pid)
        in_network_of(self.node.pid, lambda: offloads.quiet([self.bond["port"]]))

    def state(self) -> dict[str, Any]:
        """As `KernelBond.state`."""
        shown = check(["ovs-appctl", "-t", self.vswitch.control, "-T", "3", "bond/show"])
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


def first_device(bond: HostBond | None, node: Any) -> list[str]:
    """The interface that has a host's addresses; none for a host without links."""
    if bond is not None:
        return [bond.bond["port"]]
    return [str(node.defaultIntf())] if node.intfs else []


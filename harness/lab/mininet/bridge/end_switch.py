"""An Open vSwitch of a host's own, which stands in for what the kernel lacks: bonding, or VLAN devices."""

from __future__ import annotations

from typing import Any

import bridge_rows
import offloads
from bridge_rows import BondedPort, Bridge, Port
from commands import check
from interfaces import in_network_of
from protocol import BridgeError
from vswitch import VSwitch

#: With its date, so that lines of the log can be put among other events.
STAMPED = "-vPATTERN:console:%d{%Y-%m-%d %H:%M:%S.###}000 %c: %m"
#: A daemon that starts beside others on a busy machine.
CONFIGURE_S = 30


class EndSwitch:
    """Its bridge `device` has the host's addresses; its other ports are interfaces of the host."""

    def __init__(self, device: str, host: dict[str, Any], node: Any, mtu: int, run_folder: str,
                 log_folder: str) -> None:
        self.device, self.host, self.node, self.mtu = device, host, node, mtu
        self.vswitch = VSwitch(host["name"], f"{run_folder}/{host['name']}", log_folder, node.pid,
                               more=[STAMPED])
        self.number = 0

    def start(self, port: Port | BondedPort, own: dict[str, Any]) -> None:
        """Start the daemons on a database that states the bridge. `own`: columns of its own port."""
        self.part([port.name] if isinstance(port, Port) else [one.name for one in port.members])
        self.vswitch.start_database()
        self.vswitch.await_database()
        columns = {"datapath_type": "netdev", "fail_mode": "standalone",
                   "other_config": {"hwaddr": self.host["mac"], "disable-in-band": "true"}}
        bridge = Bridge(self.device, columns, [port], own)
        self.number = self.vswitch.configure(bridge_rows.making([bridge]))
        self.vswitch.start_switch()

    def part(self, ports: list[str]) -> None:
        """The kernel gets a copy of what an interface receives. It must not answer ARP there, nor take
        for the host's what the bridge may have to drop: interfaces have addresses of their own."""
        first = int(self.host["mac"].replace(":", ""), 16)
        for number, port in enumerate(ports, 1):
            digits = f"{(first ^ (number << 24)) | 0x020000000000:012x}"
            mac = ":".join(digits[place:place + 2] for place in range(0, 12, 2))
            check(["ip", "link", "set", "dev", port, "address", mac, "arp", "off"], self.node.pid)

    def dress(self) -> None:
        """Wait until ovs-vswitchd has made all ports."""
        self.vswitch.await_configured(self.number, CONFIGURE_S)
        select = {"op": "select", "table": "Interface", "where": [],
                  "columns": bridge_rows.READ_BACK}
        rows = [row for row in self.vswitch.transact([select])[0]["rows"]
                if row["name"] != self.device]
        if refused := bridge_rows.refusals(rows):
            raise BridgeError(f"{self.host['name']}: Open vSwitch refused ports of {self.device}: "
                              f"{'; '.join(refused)}")
        check(["ip", "link", "set", "dev", self.device, "mtu", str(self.mtu)], self.node.pid)
        in_network_of(self.node.pid, lambda: offloads.quiet([self.device]))

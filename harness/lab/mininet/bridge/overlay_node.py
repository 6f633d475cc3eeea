"""An overlay node: a machine of its own, with its own Open vSwitch in its own namespace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from mininet.node import Switch

import bridge_rows
import links
from batched import Batched
from bridge_rows import Bridge, Port
from machine import Machine
from vswitch import PROTOCOLS, VSwitch

OVERLAY, UNDERLAY = "br0", "br-under"
DAEMONS = ("ovs-vswitchd", "ovsdb-server")
#: A hundred daemons that start together on two processors take some 10 s.
CONFIGURE_S = 60


@dataclass(frozen=True)
class Tunnel:
    """One end of a tunnel, as this relay configures it."""

    port: str
    kind: str
    local: str
    remote: str
    key: int | None


@dataclass(frozen=True)
class CableEnd:
    """An interface that carries tunnels by itself, point to point, with an address of its own."""

    bridge: str
    port: str
    address: str


class Relay(Machine, Batched, Switch):
    """Mininet switch whose ovsdb-server and ovs-vswitchd live in its own network namespace.

    The userspace datapath needs the interface *and* the local address of its tunnels on an
    underlay bridge of its own; the kernel datapath uses the interface's own address.
    """

    def __init__(self, name: str, underlay: str | None = None, control: str | None = None,
                 datapath: str = "user", failMode: str = "secure", spanningTree: str = "none",
                 runFolder: str = "", logFolder: str = "", farEnds: list[str] | None = None,
                 **params: Any) -> None:
        params["inNamespace"] = True
        super().__init__(name, **params)
        self.underlay = underlay
        self.control = control
        self.datapath = datapath
        self.fail_mode = failMode
        self.spanning_tree = spanningTree
        self.nic = f"{name}-nic"
        self.control_nic = f"{name}-ctl"
        self.tunnels: list[Tunnel] = []
        self.cables: list[CableEnd] = []
        self.root_ends = farEnds or []
        self.vswitch = VSwitch(name, f"{runFolder}/{name}", logFolder, self.pid)

    def plain_ports(self) -> list[str]:
        """Interfaces that are ports of the overlay bridge itself (towards hosts and switches)."""
        apart = {"lo", self.nic, self.control_nic, *(cable.port for cable in self.cables)}
        return [str(intf) for intf in self.intfList() if str(intf) not in apart]

    def far_ends(self) -> list[str]:
        """Of its control and underlay interfaces."""
        return self.root_ends

    def end_daemons(self) -> None:
        """Both, the switch first."""
        for program in DAEMONS:
            self.vswitch.kill(program)

    def boot(self) -> dict[str, Any]:
        """Start the daemons on the database as it was left. Flows are gone, as after a real boot."""
        if "ovsdb-server" not in self.vswitch.pids():
            self.vswitch.start_database()
        if "ovs-vswitchd" not in self.vswitch.pids():
            self.vswitch.start_switch()
        self.vswitch.vsctl("wait-until", "Interface", OVERLAY, "ofport>0")
        self.restore_addresses()
        return self.vswitch.pids()

    def booted(self, running: dict[str, Any]) -> bool:
        """Both daemons run."""
        return all(program in running for program in DAEMONS)

    def start(self, controllers: list[Any]) -> None:
        """Its bridges are made for all relays together, see `configure`."""
        del controllers

    def configure(self, mtus: dict[tuple[str, str], int]) -> None:
        """Have its database state the bridges and all ports, in one transaction."""
        self.number = self.vswitch.configure(bridge_rows.making(self.rows(mtus)))

    def rows(self, mtus: dict[tuple[str, str], int]) -> list[Bridge]:
        """The overlay bridge and the underlay bridges. `mtus`: of ends of links, by node and
        interface; Open vSwitch would undo one that it did not set."""
        def mtu(port: str) -> dict[str, Any]:
            return {"mtu_request": mtus[self.name, port]} if (self.name, port) in mtus else {}

        columns = bridge_rows.openflow_columns(
            dpid=self.dpid, name=self.name, datapath=self.datapath, fail_mode=self.fail_mode,
            protocols=PROTOCOLS, spanning_tree=self.spanning_tree)
        return [Bridge(OVERLAY, columns, self.overlay_ports(mtu)),
                *(Bridge(bridge, self.underlay_columns(port), [Port(port, mtu(port))])
                  for bridge, port in self.underlay_bridges())]

    def underlay_columns(self, port: str) -> dict[str, Any]:
        """Of an underlay bridge. It has the MAC address of its interface, as a machine keeps its own
        when it boots; Open vSwitch takes none that is locally administered by itself."""
        return {"datapath_type": "netdev", "fail_mode": "standalone",
                "other_config": {"hwaddr": self.nameToIntf[port].mac}}

    def underlay_bridges(self) -> list[tuple[str, str]]:
        """(bridge, interface) pairs; none with the kernel datapath."""
        if self.datapath != "user":
            return []
        fabric = [(UNDERLAY, self.nic)] if self.underlay else []
        return fabric + [(cable.bridge, cable.port) for cable in self.cables]

    def overlay_ports(self, mtu: Callable[[str], dict[str, Any]]) -> list[Port]:
        """Hosts' ports and tunnels, with fixed port numbers."""
        plain = [(port, mtu(port)) for port in self.plain_ports()]
        tunnels = [(tunnel.port, tunnel_columns(tunnel)) for tunnel in self.tunnels]
        return [Port(port, {**columns, "ofport_request": number})
                for number, (port, columns) in enumerate(plain + tunnels, 1)]

    def await_configured(self) -> None:
        """Wait until its ovs-vswitchd has made them."""
        self.vswitch.await_configured(self.number, CONFIGURE_S)

    def restore_addresses(self) -> None:
        """(Re)apply what dies with ovs-vswitchd: the taps of its bridges and their addresses."""
        addresses = self.addressed()
        if self.control:
            addresses.append((self.control_nic, self.control))
        links.dress(self, addresses, devices=[device for device, _ in addresses])

    def addressed(self) -> list[tuple[str, str]]:
        """(device, address) pairs of the underlay."""
        user = self.datapath == "user"
        fabric = [(UNDERLAY if user else self.nic, self.underlay)] if self.underlay else []
        cables = [(c.bridge if user else c.port, c.address) for c in self.cables]
        return [(device, address) for device, address in fabric + cables if address]


def tunnel_columns(tunnel: Tunnel) -> dict[str, Any]:
    """Interface columns of one tunnel port."""
    options = {"remote_ip": tunnel.remote, "local_ip": tunnel.local}
    return {"type": tunnel.kind,
            "options": {**options, **({} if tunnel.key is None else {"key": str(tunnel.key)})}}

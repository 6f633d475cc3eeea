"""An overlay node: a machine of its own, with its own Open vSwitch in its own namespace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mininet.node import Switch

from commands import check
from machine import Machine
from vswitch import PROTOCOLS, VSwitch

OVERLAY, UNDERLAY = "br0", "br-under"
DAEMONS = ("ovs-vswitchd", "ovsdb-server")


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


class Relay(Machine, Switch):
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
        """Create both bridges and all ports in one transaction, then give addresses."""
        del controllers
        self.vswitch.vsctl(*self.bridge_arguments(), *self.port_arguments())
        self.restore_addresses()

    def bridge_arguments(self) -> list[str]:
        """ovs-vsctl arguments that create the overlay bridge and the underlay bridges."""
        kind = ["datapath_type=netdev"] if self.datapath == "user" else []
        overlay = [
            "--", "add-br", OVERLAY, "--", "set", "Bridge", OVERLAY, *kind,
            f"fail_mode={self.fail_mode}", f"other-config:datapath-id={self.dpid}",
            "other-config:disable-in-band=true", f"other-config:dp-desc={self.name}",
            f"protocols={PROTOCOLS}",
            f"stp_enable={'true' if self.spanning_tree == 'stp' else 'false'}",
            f"rstp_enable={'true' if self.spanning_tree == 'rstp' else 'false'}",
        ]
        return overlay + [word for pair in self.underlay_bridges() for word in (
            "--", "add-br", pair[0], "--", "set", "Bridge", pair[0], *kind,
            "fail_mode=standalone", "--", "add-port", pair[0], pair[1])]

    def underlay_bridges(self) -> list[tuple[str, str]]:
        """(bridge, interface) pairs; none with the kernel datapath."""
        if self.datapath != "user":
            return []
        fabric = [(UNDERLAY, self.nic)] if self.underlay else []
        return fabric + [(cable.bridge, cable.port) for cable in self.cables]

    def port_arguments(self) -> list[str]:
        """ovs-vsctl arguments that add hosts' ports and tunnels, with fixed port numbers."""
        words: list[str] = []
        for number, port in enumerate(self.plain_ports() + [t.port for t in self.tunnels], 1):
            words += ["--", "add-port", OVERLAY, port, "--", "set", "Interface", port,
                      f"ofport_request={number}"]
            words += next((tunnel_options(t) for t in self.tunnels if t.port == port), [])
        return words

    def restore_addresses(self) -> None:
        """(Re)apply what dies with ovs-vswitchd: the taps of its bridges and their addresses."""
        lines = []
        for bridge, address in self.addressed():
            lines += [f"addr replace {address} dev {bridge}", f"link set {bridge} up"]
        lines += [f"link set {name} up" for name in self.all_interfaces()]
        if self.control:
            lines.append(f"addr replace {self.control} dev {self.control_nic}")
        check(["ip", "-batch", "-"], self.pid, stdin="\n".join(lines) + "\n")

    def addressed(self) -> list[tuple[str, str]]:
        """(device, address) pairs of the underlay."""
        user = self.datapath == "user"
        fabric = [(UNDERLAY if user else self.nic, self.underlay)] if self.underlay else []
        cables = [(c.bridge if user else c.port, c.address) for c in self.cables]
        return [(device, address) for device, address in fabric + cables if address]

    def stop(self, deleteIntfs: bool = True) -> None:
        """End the daemons, then the interfaces."""
        self.vswitch.stop()
        super().stop(deleteIntfs)


def tunnel_options(tunnel: Tunnel) -> list[str]:
    """Interface columns of one tunnel port."""
    words = [f"type={tunnel.kind}", f"options:remote_ip={tunnel.remote}",
             f"options:local_ip={tunnel.local}"]
    return words + ([f"options:key={tunnel.key}"] if tunnel.key is not None else [])

"""What the bridge asks of a kind of node. `nodes/<kind>.py` has the kind's own class, `Kind`."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from commands import check
from protocol import BridgeError

if TYPE_CHECKING:
    from network import Network
    from vswitch import VSwitch


class NodeKind:
    """All nodes of one kind in one network. The network calls `prepare`, `add`, `wire`, `start`,
    `dress`, `launch` and `check` in this order, each for every kind before the next, and `stop` at the end."""

    #: Packets pass through it, so that it can be broken and its ports can be listed.
    forwards = True

    def __init__(self, network: Network, nodes: list[dict[str, Any]]) -> None:
        self.network = network
        #: As they were resolved, in the order of the topology.
        self.nodes = nodes

    def prepare(self) -> None:
        """Start what must run before Mininet gets the first node."""

    def add(self) -> None:
        """Give Mininet the nodes."""
        raise NotImplementedError

    def wire(self) -> None:
        """Add what joins the nodes beside the topology's links, which are there."""

    def start(self) -> None:
        """Start the nodes' own daemons; Mininet starts the nodes afterwards."""

    def dress(self) -> None:
        """Set what Mininet cannot, now that it has started every node."""

    def launch(self) -> None:
        """Start what looks at links, now that both ends of each are up."""

    def check(self) -> None:
        """Read back what was asked for and might silently be otherwise. Raises BridgeError."""

    def daemons(self) -> list[subprocess.Popen[bytes]]:
        """What `prepare` and `start` started and the network is to end, with all others."""
        return []

    def stop(self) -> None:
        """End what is not of `daemons`."""

    def vswitch_of(self, name: str) -> VSwitch | None:
        """The Open vSwitch that owns the node's ports."""
        del name
        return None

    def bridge_of(self, name: str) -> str:
        """Name of the bridge that is the node's data plane."""
        return name

    def set_mtu(self, name: str, port: str, mtu: int) -> None:
        """Set the MTU of an end of a link that has another one than its pair was made with; the
        network reads it back."""
        check(["ip", "link", "set", port, "mtu", str(mtu)], self.network.pid_of(name))

    def restore_after_vswitchd(self, name: str) -> None:
        """Restore what died with the node's ovs-vswitchd, which runs again."""

    def own_verb(self, name: str, verb: str, arguments: dict[str, Any]) -> Any:
        """What only nodes of this kind can be asked or told. Raises BridgeError for all else."""
        del arguments
        raise BridgeError(f"{name} is of a kind that has no verb {verb}")

    def outputs(self, name: str, in_port: str, source: dict[str, Any],
                target: dict[str, Any]) -> list[str]:
        """Names of the ports by which the node would send a TCP packet on; none where it would not,
        or where that cannot be determined."""
        del name, in_port, source, target
        return []

    def port_table(self, name: str) -> str:
        """The node's ports for the shell, one a line. Raises BridgeError where there is no table."""
        raise BridgeError(f"{name} has no port table")

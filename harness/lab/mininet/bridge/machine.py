"""What a node is that is a machine of its own: it can lose its power without any other node."""

from __future__ import annotations

from typing import Any


class Machine:
    """Mixed into a Mininet node that has network namespace and processes of its own."""

    #: Set by Mininet's node.
    name: str
    pid: int
    powered = True

    def all_interfaces(self) -> list[str]:
        """Every veth end of this machine."""
        return [str(intf) for intf in self.intfList() if str(intf) != "lo"]  # type: ignore[attr-defined]

    def far_ends(self) -> list[str]:
        """Ends of its links in the lab's root namespace that no other node owns: they go down with
        the machine, and stay down until it has booted."""
        return []

    def end_daemons(self) -> None:
        """SIGKILL of what the bridge itself started in the machine."""

    def boot(self) -> dict[str, Any]:
        """Start what runs in it, on the state as it was left; returns what runs then, by name. What
        runs already is left running. Its interfaces are up."""
        return {}

    def booted(self, running: dict[str, Any]) -> bool:
        """Whether that is everything which has to run."""
        del running
        return True

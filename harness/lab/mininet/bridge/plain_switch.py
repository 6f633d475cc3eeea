"""Plain switches as Mininet's nodes: the bridges are made for all of them in one transaction."""

from __future__ import annotations

from typing import Any

from mininet.node import OVSSwitch, Switch

from batched import Batched
from vswitch import VSwitch


class PlainSwitch(Batched, OVSSwitch):
    """Mininet's own; its shell finds the Open vSwitch that it belongs to."""

    def __init__(self, name: str, instance: VSwitch | None = None, **params: Any) -> None:
        if instance is not None:
            self.environment = {"OVS_RUNDIR": instance.folder, "OVS_DBDIR": instance.folder}
        super().__init__(name, **{**params, "inNamespace": False})

    def start(self, controllers: list[Any]) -> None:
        """The bridge was made with all others."""

    @classmethod
    def batchStartup(cls, switches: Any, run: Any = None) -> Any:
        """See start."""
        del run
        return switches


class HostSwitch(Batched, Switch):
    """A bridge of the host's Open vSwitch, whose name has the lab's prefix. Mininet's own class
    would delete a bridge of the host that has the same name."""

    def __init__(self, name: str, instance: VSwitch | None = None, datapath: str = "user",
                 failMode: str = "secure", protocols: str = "", **params: Any) -> None:
        del instance, datapath, failMode
        super().__init__(name, **{**params, "inNamespace": False})
        self.protocols = protocols

    def start(self, controllers: list[Any]) -> None:
        """The bridge was made with all others."""

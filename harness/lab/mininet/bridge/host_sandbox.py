"""A lab on the host itself (`--sandbox none`): its bridges in the host's Open vSwitch, its
interfaces among the host's. Everything carries a mark from the moment it exists, so that what is
the lab's can be told from what only has such a name (harness/sites/host/objects.ts reads it)."""

from __future__ import annotations

import os
from resource import RLIMIT_NOFILE, RLIMIT_NPROC
from typing import Any

from mininet.link import Link
from mininet.net import Mininet
from mininet.node import Switch
from mininet.util import rlimitTestAndSet

from commands import check
from protocol import BridgeError
from vswitch import VSwitch

#: Of every interface ("flab" in ASCII); the key in external_ids of every bridge.
GROUP, MARK = "1718378850", "failover-lab"
FOLDER = "/run/openvswitch"


def keep_host_settings() -> None:
    """Raise this process's limits alone: Mininet would also raise sysctls, here the host's own."""
    rlimitTestAndSet(RLIMIT_NPROC, 8192)
    rlimitTestAndSet(RLIMIT_NOFILE, 16384)
    Mininet.inited = True


class HostVSwitch(VSwitch):
    """The host's instance, which is asked and never started, stopped or signalled."""

    def __init__(self, log_folder: str) -> None:
        super().__init__("the host", FOLDER, log_folder, None)

    def start_database(self) -> None:
        """It runs: that was looked at before anything started."""

    def start_switch(self) -> None:
        """See start_database."""

    def stop(self) -> None:
        """It is not the lab's to stop."""

    @property
    def control(self) -> str:
        """Its socket is named after a process that cannot be seen from here."""
        try:
            with open(f"{FOLDER}/ovs-vswitchd.pid", encoding="ascii") as pid:
                return f"{FOLDER}/ovs-vswitchd.{pid.read().strip()}.ctl"
        except OSError as cause:
            raise BridgeError(f"the host's ovs-vswitchd is gone: {cause}") from cause

    def serves(self) -> bool:
        """Whether its database can be asked."""
        return os.path.exists(self.socket)

    def health(self) -> str:
        """Its daemons are out of sight."""
        return "`failover-lab doctor` reports what the host's Open vSwitch lacks"


class HostBridge(Switch):
    """A plain switch in the host's Open vSwitch. Made in one transaction together with its mark;
    a name that is taken is an error, where Mininet's own class would delete the bridge."""

    def __init__(self, name: str, instance: VSwitch | None = None, bridge: str = "",
                 datapath: str = "user", failMode: str = "secure", protocols: str = "",
                 **params: Any) -> None:
        params["inNamespace"] = False
        super().__init__(name, **params)
        assert instance is not None
        self.instance, self.bridge = instance, bridge
        self.columns = [f"fail_mode={failMode}", f"protocols=[{protocols}]",
                        f"other_config:datapath-id={self.dpid}",
                        "other_config:disable-in-band=true", f"other_config:dp-desc={name}",
                        f"external_ids:{MARK}={os.environ.get('FAILOVER_LAB_RUN', 'unknown')}"]
        if datapath == "user":
            self.columns.append("datapath_type=netdev")

    def start(self, controllers: list[Any]) -> None:
        """Create the bridge and its ports."""
        del controllers
        words = ["--", "add-br", self.bridge, "--", "set", "Bridge", self.bridge, *self.columns]
        for intf in self.intfList():
            if str(intf) != "lo":
                words += ["--", "add-port", self.bridge, str(intf), "--", "set", "Interface",
                          str(intf), f"ofport_request={self.ports[intf]}"]
        self.instance.vsctl(*words)

    def stop(self, deleteIntfs: bool = True) -> None:
        """Delete the bridge, then the interfaces."""
        self.instance.vsctl("--if-exists", "del-br", self.bridge)
        super().stop(deleteIntfs)


class MarkedLink(Link):
    """A veth pair whose ends carry the mark."""

    @classmethod
    def makeIntfPair(cls, intfname1: str, intfname2: str, addr1: str | None = None,
                     addr2: str | None = None, node1: Any = None, node2: Any = None,
                     deleteIntfs: bool = True) -> None:
        """Make both ends where they belong; neither is ever seen elsewhere."""
        del deleteIntfs

        def end(name: str, address: str | None) -> list[str]:
            return ["name", name, *(["address", address] if address else []), "group", GROUP]

        check(["ip", "link", "add", *end(intfname1, addr1), "type", "veth",
               "peer", *end(intfname2, addr2), "netns", str(node2.pid)],
              node1.pid if node1.inNamespace else None)

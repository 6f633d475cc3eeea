"""A lab on the host itself (`--sandbox none`): its bridges in the host's Open vSwitch, its
interfaces among the host's. Everything carries a mark from the moment it exists, so that what is
the lab's can be distinguished from what only has such a name (harness/sites/host/objects.ts reads it)."""

from __future__ import annotations

import os
from resource import RLIMIT_NOFILE, RLIMIT_NPROC

from mininet.net import Mininet
from mininet.util import rlimitTestAndSet

from protocol import BridgeError
from vswitch import VSwitch

#: The key in external_ids of every bridge; interfaces have the group of `links.py`.
MARK = "failover-lab"
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


def host_marks() -> dict[str, str]:
    """In external_ids of every bridge."""
    return {MARK: os.environ.get("FAILOVER_LAB_RUN", "unknown")}

"""One instance of Open vSwitch: an ovsdb-server and an ovs-vswitchd with directories of their own.

Every path and socket is passed explicitly, so that two instances never meet.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from typing import Any, Callable, Iterable

import ending
import ovsdb
from commands import PATH, check, now_ns, state_of
from protocol import BridgeError
from unix_sockets import listens, remove_stale_socket
from without_capability import NET_BROADCAST, without_capability

SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
START_TIMEOUT_S = 15.0
#: Of a daemon that is killed alone: it is a fault, and what it closes when is a part of it.
MANY_SOCKETS = 64
#: OpenFlow versions of a bridge unless others are stated.
PROTOCOLS = "OpenFlow10,OpenFlow13"


#: Niceness of ovs-vswitchd, see `prefer`.
NICENESS = -15


def prefer(pid: int) -> None:
    """Let a switch forward before anything else runs on the same cores.

    Every relay stands for a machine of its own. Its packet sockets hold about ten milliseconds of
    traffic, so a daemon that waits that long for a processor drops packets that no network lost.
    Where the kernel shares processors among sessions (autogroup in sched(7)) this counts within the
    daemon's own session alone. To put the session before all others as well was tried: with four
    labs on two processors bridges and controllers were then stalled for half a minute.
    Without the right to do so (an ordinary user) it stays as it is, and fidelity tells.
    """
    try:
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
    except PermissionError:
        pass


def empty_database(folder: str) -> str:
    """A database with the one row that Open vSwitch begins with, made once in that folder; a
    program for each of a hundred instances takes a second."""
    path = f"{folder}/failover-lab-empty.db"
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        check(["ovsdb-tool", "create", path, SCHEMA])
        insert = {"op": "insert", "table": ovsdb.NAME, "row": {}}
        check(["ovsdb-tool", "transact", path, json.dumps([ovsdb.NAME, insert])])
    return path


class VSwitch:
    """An instance inside the namespaces of process `pid` (None: the lab's root namespace)."""

    def __init__(self, name: str, run_folder: str, log_folder: str, pid: int | None,
                 more: Iterable[str] = ()) -> None:
        """`more`: further arguments of the daemons."""
        self.name = name
        self.more = list(more)
        self.folder = run_folder
        self.log_folder = log_folder
        self.pid = pid
        self.database = f"{run_folder}/conf.db"
        self.socket = f"{run_folder}/db.sock"
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def control(self) -> str:
        """The socket by which ovs-appctl reaches ovs-vswitchd."""
        return f"{self.folder}/ovs-vswitchd.ctl"

    def serves(self) -> bool:
        """Whether its database can be asked."""
        return "ovsdb-server" in self.pids()

    @property
    def environment(self) -> dict[str, str]:
        """What the OVS programs need to find this instance and no other."""
        return {
            **os.environ,
            "PATH": PATH,
            "OVS_RUNDIR": self.folder,
            "OVS_DBDIR": self.folder,
            "OVS_SYSCONFDIR": self.folder,
            "OVS_LOGDIR": self.log_folder,
        }

    def start_database(self) -> None:
        """Create the database if need be and start its server; does not wait."""
        os.makedirs(self.folder, exist_ok=True)
        # A killed server leaves its socket behind, and a client would find no server there.
        for stale in (self.socket, f"{self.folder}/ovsdb-server.ctl"):
            remove_stale_socket(stale)
        if not os.path.exists(self.database):
            shutil.copyfile(empty_database(os.path.dirname(self.folder)), self.database)
        self._spawn(
            "ovsdb-server",
            ["ovsdb-server", self.database, f"--remote=punix:{self.socket}",
             f"--unixctl={self.folder}/ovsdb-server.ctl"],
        )

    def start_switch(self) -> None:
        """Start ovs-vswitchd; does not wait.

        It would listen to the interfaces of every namespace that one of its own has its other end
        in, and so would a hundred relays to those of the networks that join them: each change of
        one of these woke all daemons. Without the capability it listens to its own namespace.
        """
        self.await_database()
        remove_stale_socket(self.control)
        without_capability(NET_BROADCAST, lambda: self._spawn(
            "ovs-vswitchd",
            ["ovs-vswitchd", f"unix:{self.socket}", f"--unixctl={self.control}"],
        ))

    def await_database(self) -> None:
        """Wait until the database can be asked."""
        self.wait_for(lambda: listens(self.socket), "the database's socket")

    def transact(self, operations: list[ovsdb.Operation], timeout_s: float = 10) -> list[Any]:
        """Change or read the database, without waiting for ovs-vswitchd; see `ovsdb.transact`."""
        return ovsdb.transact(self.socket, operations, timeout_s)

    def configure(self, operations: list[ovsdb.Operation]) -> int:
        """Change the database in one transaction; returns the number for `await_configured`."""
        return ovsdb.number_of(self.transact(ovsdb.configured(operations), START_TIMEOUT_S))

    def await_configured(self, number: int, timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait until ovs-vswitchd has carried out what `configure` changed."""
        self.wait_for(lambda: ovsdb.reached(self.socket) >= number, "its configuration", timeout_s)

    def _spawn(self, program: str, argv: list[str]) -> None:
        enter = [] if self.pid is None else ["mnexec", "-a", str(self.pid)]
        log = open(f"{self.log_folder}/{self.name}-{program}.log", "ab")  # noqa: SIM115
        self.children[program] = subprocess.Popen(
            enter + argv + ["-vconsole:info", "-vsyslog:off", "-vfile:off", *self.more],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=self.environment,
            start_new_session=True,
        )
        log.close()
        if program == "ovs-vswitchd":
            prefer(self.children[program].pid)

    def wait_for(self, condition: Callable[[], bool], what: str,
                 timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait for something that its daemons do. Raises BridgeError when one ends or time is over."""
        deadline = now_ns() + timeout_s * 1e9
        while not condition():
            for program, child in self.children.items():
                if child.poll() is not None:
                    raise BridgeError(
                        f"{program} of {self.name} ended with status {child.returncode}",
                        hint=f"See {self.name}-{program}.log in the run's logs.",
                    )
            if now_ns() > deadline:
                raise BridgeError(f"{self.name}: {what} did not appear within {timeout_s:g} s")
            time.sleep(0.005)

    def vsctl(self, *arguments: str, timeout_s: int = 10) -> str:
        """ovs-vsctl on this instance; it waits at most `timeout_s` for a dead daemon."""
        argv = ["ovs-vsctl", f"--db=unix:{self.socket}", f"--timeout={timeout_s}", *arguments]
        try:
            return check(argv, timeout_s=timeout_s + 2, environment=self.environment)
        except BridgeError as failure:
            if not failure.details.get("timedOut"):
                raise
            line = " ".join(["ovs-vsctl", *arguments])
            raise BridgeError(f"{self.name}: `{line}` did not end within {timeout_s} s: "
                              f"{self.health()}", timedOut=True) from failure

    def health(self) -> str:
        """What keeps the instance from answering: a daemon that is missing, stopped, waiting for
        the kernel, or that runs and does not answer."""
        return ", ".join(f"{program} {self.state_in_words(program)}"
                         for program in ("ovsdb-server", "ovs-vswitchd"))

    def state_in_words(self, program: str) -> str:
        """One daemon's state for `health`."""
        child = self.children.get(program)
        if child is None or child.poll() is not None:
            return "is not running"
        state = state_of(child.pid)
        words = {"T": "is stopped", "t": "is being traced", "D": "waits for the kernel"}
        return f"(process {child.pid}) {words.get(state or '', 'runs')}"

    def pids(self) -> dict[str, int]:
        """Process ids of the daemons that are alive."""
        return {name: child.pid for name, child in self.children.items() if child.poll() is None}

    def kill(self, program: str) -> int | None:
        """SIGKILL one daemon and reap it; returns its pid, or None when it was not running."""
        child = self.children.get(program)
        if child is None or child.poll() is not None:
            return None
        # A relay's few close as its machine's would; a switch with hundreds takes seconds for them.
        ending.kill_all([child], timeout_s=5, few=MANY_SOCKETS)
        if child.poll() is None:
            raise BridgeError(f"{program} of {self.name} (process {child.pid}) did not end within 5 s "
                              "of SIGKILL")
        del self.children[program]
        return child.pid

"""The daemons of one router: its configuration files, processes and sockets, none of the host's."""

from __future__ import annotations

import os
import signal as signals
import subprocess
import time
from typing import Any, Callable

from commands import PATH, check, now_ns, run
from protocol import BridgeError
from unix_sockets import listens
from vty import ask
from vswitch import prefer

FRR_PROGRAMS = "/usr/lib/frr"
#: FRR's own folder of a router, by its option -N; its daemons have no other way to state it all.
FRR_RUN = "/run/frr"
START_S = 15.0
END_S = 10.0

#: How the file ends by which a daemon shows that it listens.
SOCKETS = {"frr": "vty", "bird": "ctl", "keepalived": "vrrp.pid"}

#: FRR gives up its rights to a user of this name, which may be missing, and which a user namespace
#: could not give them to: inside a router it is root.
PASSWD = "root:x:0:0:root:/root:/bin/sh\nfrr:x:0:0:frr:/:/bin/false\n"
GROUP = "root:x:0:\nfrr:x:0:\nfrrvty:x:0:root,frr\n"


def private_files(pid: int, folder: str) -> None:
    """Give a node's mount namespace its own users and its own /var/tmp, where FRR writes."""
    os.makedirs(folder, exist_ok=True)
    for name, text in (("passwd", PASSWD), ("group", GROUP)):
        with open(f"{folder}/{name}", "w", encoding="ascii") as file:
            file.write(text)
    check(["sh", "-ec",
           "mount -n -t tmpfs -o mode=1777 failover-lab-var-tmp /var/tmp; "
           f"mount -n --bind {folder}/passwd /etc/passwd; "
           f"mount -n --bind {folder}/group /etc/group"], pid)


class RoutingDaemons:
    """What runs on the router of that name, in the namespaces of process `pid`."""

    def __init__(self, router: dict[str, Any], pid: int, run_folder: str, log_folder: str) -> None:
        self.name: str = router["name"]
        self.suite: str = router["suite"]
        self.configs: dict[str, str] = {one["program"]: one["config"] for one in router["daemons"]}
        #: A file of the user's; FRR's daemons get it from vtysh once they run.
        self.file: dict[str, str] | None = router.get("configFile")
        self.paths: int = router["protocols"]["paths"]
        self.pid = pid
        self.log_folder = log_folder
        self.virtual: list[dict[str, Any]] = router["protocols"].get("vrrp", {}).get("virtual", [])
        self.folder = f"{FRR_RUN}/{self.name}" if self.suite == "frr" else f"{run_folder}/{self.name}"
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        #: Launched, and not yet seen to listen: those whose end would be a failed start.
        self.starting: set[str] = set()
        #: Prefixes that are not announced, by a fault.
        self.withdrawn: set[str] = set()

    def prepare(self, files_folder: str) -> None:
        """Make its folder and its view of the file system. Call once."""
        os.makedirs(self.folder, exist_ok=True)
        private_files(self.pid, files_folder)
        for program, config in self.configs.items():
            with open(self.config_path(program), "w", encoding="utf-8") as file:
                file.write(config)

    def config_path(self, program: str) -> str:
        return f"{self.folder}/{program}.conf"

    def socket_path(self, program: str) -> str:
        """By which the daemon answers questions; of keepalived, a file that it writes when it runs."""
        return f"{self.folder}/{program}.{SOCKETS[self.suite]}"

    def log_path(self, program: str) -> str:
        return f"{self.log_folder}/{self.name}-{program}.log"

    def pids(self) -> dict[str, int]:
        """Process ids of the daemons that live, by program."""
        return {program: child.pid for program, child in self.children.items()
                if child.poll() is None}

    def first(self) -> str:
        """The daemon that the others need."""
        return next(iter(self.configs))

    def launch(self, program: str) -> None:
        """Start one daemon, if it does not run; does not wait."""
        if program in self.pids():
            return
        for stale in (self.socket_path(program), self.pid_path(program),
                      *([self.zebra_socket()] if program == "zebra" else [])):
            if os.path.exists(stale):
                os.unlink(stale)
        with open(self.log_path(program), "ab") as log:
            self.children[program] = subprocess.Popen(
                ["mnexec", "-a", str(self.pid), *self.argv(program)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env={**os.environ, "PATH": PATH}, start_new_session=True)
        self.starting.add(program)
        # Their timers are what is measured.
        prefer(self.children[program].pid)

    def pid_path(self, program: str) -> str:
        return f"{self.folder}/{program}.pid"

    def zebra_socket(self) -> str:
        """What zebra's clients connect to; one that finds it missing tries again after 10 s."""
        return f"{self.folder}/zserv.api"

    def argv(self, program: str) -> list[str]:
        if self.suite == "bird":
            return ["bird", "-f", "-c", self.config_path(program), "-s", self.socket_path(program),
                    "-P", self.pid_path(program)]
        if self.suite == "keepalived":
            return ["keepalived", "--dont-fork", "--log-console", "--log-detail", "--vrrp",
                    "--use-file", self.config_path(program), "--pid", self.pid_path(program),
                    "--vrrp_pid", self.socket_path(program)]
        # A large buffer for what the kernel tells, and how many equal ways a route may have.
        more = ["-s", "1048576", "-e", str(self.paths)] if program == "zebra" else []
        return [f"{FRR_PROGRAMS}/{program}", "-N", self.name, "-f", self.config_path(program), "-i",
                self.pid_path(program), *more]

    def launch_first(self) -> None:
        self.launch(self.first())

    def launch_others(self) -> None:
        """Once the first one listens."""
        first = self.first()
        wanted = self.zebra_socket() if first == "zebra" else self.socket_path(first)
        self.wait(lambda: self.answers(wanted), f"socket {wanted}")
        for program in self.configs:
            self.launch(program)

    def wait_until_listening(self) -> None:
        """Until every daemon can be asked."""
        for program in self.configs:
            path = self.socket_path(program)
            self.wait(lambda path=path: self.answers(path), f"socket {path}")
        self.starting.clear()

    def take_file(self) -> None:
        """Give FRR's daemons the user's file by vtysh, each of which then saves what is its own: it is
        there when one is started again. Raises BridgeError with the line that is refused."""
        if self.file is None or self.file["program"] != "vtysh":
            return
        path = f"{self.folder}/frr.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.file["config"])
        done = run(["vtysh", "-N", self.name, "-f", path], self.pid, 30.0)
        said = done["stdout"] + done["stderr"]
        refused = refusals(said)
        if done["status"] != 0 or refused:
            raise BridgeError(f"FRR of {self.name} refuses {self.file['path']}: "
                              f"{'; '.join(refused[:3]) or said.strip()[-300:]}",
                              hint="Mend the file; vtysh names the line.")
        for program in self.configs:
            ask(self.socket_path(program), "write file")

    def answers(self, path: str) -> bool:
        """Whether its daemon can be asked at `path`; keepalived cannot, and has a file alone."""
        return os.path.exists(path) if self.suite == "keepalived" else listens(path)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Raises BridgeError when a daemon ends or the time is over."""
        deadline = now_ns() + int(START_S * 1e9)
        while not condition():
            for program in self.starting:
                child = self.children[program]
                if child.poll() is not None:
                    said = self.last_lines(program)
                    if self.file is not None:
                        said = said.replace(self.config_path(program), self.file["path"])
                    raise BridgeError(f"{program} of {self.name} ended with status "
                                      f"{child.returncode} at its start: {said}",
                                      hint=f"See {self.name}-{program}.log in the run's logs.")
            if now_ns() > deadline:
                raise BridgeError(f"{self.name}: the {what} was not there after {START_S:g} s")
            time.sleep(0.002)

    def last_lines(self, program: str) -> str:
        """Of its output, for messages."""
        try:
            with open(self.log_path(program), encoding="utf-8", errors="replace") as log:
                return "; ".join(line.strip() for line in log.read()[-2000:].splitlines()[-3:])
        except OSError:
            return "it printed nothing"

    def kill(self, program: str) -> int | None:
        """SIGKILL; waits until it is gone. Returns its process id, None when it did not run."""
        pid = self.pids().get(program)
        if pid is None:
            return None
        # Each has a session of its own; keepalived is two processes.
        os.killpg(pid, signals.SIGKILL)
        self.children[program].wait(timeout=5)
        return pid

    def processes(self, program: str) -> list[int]:
        """All that belong to one daemon."""
        leader = self.pids().get(program)
        return [] if leader is None else [pid for pid in all_pids() if group_of(pid) == leader]

    def end(self, program: str) -> int | None:
        """SIGTERM; waits until it has ended by itself. Raises BridgeError when it does not."""
        pid = self.pids().get(program)
        if pid is None:
            raise BridgeError(f"{self.name} runs no {program}", code="FAULT_NOT_APPLIED")
        self.children[program].terminate()
        try:
            self.children[program].wait(timeout=END_S)
        except subprocess.TimeoutExpired as cause:
            raise BridgeError(f"{program} of {self.name} did not end within {END_S:g} s") from cause
        return pid

    def stop(self) -> None:
        """End all that are left."""
        for program in [*self.children]:
            self.kill(program)
        for one in self.virtual:
            # What it had taken would be there still after a boot.
            run(["ip", "address", "del", one["address"], "dev", one["port"]], self.pid)


def refusals(said: str) -> list[str]:
    """What vtysh prints of lines that a daemon does not take; that it has no file of its own is none
    of them. Pure."""
    return [line.strip() for line in said.splitlines()
            if line.strip().startswith(("%", "line ", "Error")) and "/vtysh.conf" not in line]


def all_pids() -> list[int]:
    """Of all processes that are there now."""
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def group_of(pid: int) -> int | None:
    """Its process group; None when it is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None

"""Ends the processes of a lab together.

The kernel closes the files of a process one after another, and for each packet socket it waits for
all processors to pass a quiet state (some 10 ms): an ovs-vswitchd with 300 ports takes 3.5 s to die.
So before it is killed its sockets are shared with many threads, each with a file table of its own,
which then close them side by side.
"""

from __future__ import annotations

import ctypes
import os
import signal as signals
import subprocess
import threading
import time
from typing import Iterable

from commands import state_of

CLONE_FILES = 0x400
PIDFD_GETFD = 438
THREADS = 32
#: A process with fewer sockets ends by itself as soon.
FEW = 16
_libc = ctypes.CDLL(None, use_errno=True)


def kill_all(children: Iterable[subprocess.Popen[bytes]], timeout_s: float = 10.0,
             few: int = FEW) -> None:
    """SIGKILL, also to what they started in their sessions, and wait until all are gone. One that
    outlives the limit is left to the kernel. `few`: processes with fewer sockets close them
    themselves."""
    children = list(children)
    living = [child for child in children if child.poll() is None]
    started = in_sessions({child.pid for child in children})
    held = SharedSockets([child.pid for child in living], few)
    for child in living:
        child.kill()
    for pid in started:
        kill(pid)
    deadline = time.monotonic() + timeout_s
    for child in living:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    while any(state_of(pid) not in (None, "Z") for pid in started) and time.monotonic() < deadline:
        time.sleep(0.002)
    held.close()


def in_sessions(leaders: set[int]) -> list[int]:
    """Processes in the sessions of these leaders, without the leaders. A daemon that is several
    processes (keepalived) outlives its first one by a second; a session keeps its number when its
    leader is gone."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) in leaders:
            continue
        try:
            if os.getsid(int(entry)) in leaders:
                found.append(int(entry))
        except OSError:
            continue
    return found


def kill(pid: int) -> None:
    """SIGKILL to a process that may be gone."""
    try:
        os.kill(pid, signals.SIGKILL)
    except ProcessLookupError:
        pass


def hang_up(shells: Iterable[subprocess.Popen[bytes]], timeout_s: float = 2.0) -> None:
    """SIGHUP to shells and what they started, and wait until the shells are gone; SIGKILL to those
    that are not."""
    living = [shell for shell in shells if shell.poll() is None]
    for shell in living:
        signal_group(shell.pid, signals.SIGHUP)
    deadline = time.monotonic() + timeout_s
    for shell in living:
        try:
            shell.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            signal_group(shell.pid, signals.SIGKILL)
            shell.wait(5)


def signal_group(leader: int, number: int) -> None:
    """Signal a process group that may be gone."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        pass


class SharedSockets:
    """Holds the sockets of processes that are about to end. Where the kernel does not share them
    (before 5.6, or without the right to trace) it holds none, and ending takes longer."""

    def __init__(self, pids: list[int], few: int = FEW) -> None:
        found = [(pid, number) for pid in pids for number in sockets_of(pid)]
        by_pid = {pid: sum(1 for one, _ in found if one == pid) for pid in pids}
        found = [one for one in found if by_pid[one[0]] >= few]
        self.ending = threading.Event()
        self.threads: list[threading.Thread] = []
        if not found or not hasattr(os, "pidfd_open"):
            return
        try:
            self.doors = {pid: os.pidfd_open(pid) for pid in {pid for pid, _ in found}}
        except OSError:
            return
        count = min(THREADS, len(found))
        holding = threading.Barrier(count + 1)
        self.threads = [threading.Thread(target=self.hold, args=(found[place::count], holding))
                        for place in range(count)]
        for thread in self.threads:
            thread.start()
        holding.wait()
        for door in self.doors.values():
            os.close(door)

    def hold(self, sockets: list[tuple[int, int]], holding: threading.Barrier) -> None:
        """In a thread with a file table of its own: a share of the sockets, until `close`."""
        own: list[int] = []
        if _libc.unshare(CLONE_FILES) == 0:
            for pid, number in sockets:
                got = _libc.syscall(PIDFD_GETFD, self.doors[pid], number, 0)
                if got >= 0:
                    own.append(got)
        holding.wait()
        self.ending.wait()
        for number in own:
            os.close(number)

    def close(self) -> None:
        """Close all of them, and wait for it."""
        self.ending.set()
        for thread in self.threads:
            thread.join()


def sockets_of(pid: int) -> list[int]:
    """Descriptors of a process that are sockets or taps."""
    found = []
    try:
        for entry in os.listdir(f"/proc/{pid}/fd"):
            what = os.readlink(f"/proc/{pid}/fd/{entry}")
            if what.startswith("socket:") or what == "/dev/net/tun":
                found.append(int(entry))
    except OSError:
        pass
    return found

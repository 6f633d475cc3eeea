"""Where a machine can lose packets that no network lost, each as counters that only grow."""

from __future__ import annotations

import ctypes
import os
from typing import Iterator, NamedTuple, Optional

from packet_diag import PacketSockets

CLONE_NEWNET = 0x40000000


class Counter(NamedTuple):
    """One counter. `key` identifies it; a key that is new begins at 0."""

    key: str
    where: str
    what: str
    interface: Optional[str]
    packets: int


class SwitchSockets:
    """Packet sockets of one namespace: the ones by which Open vSwitch reads, or the control tap.

    `owners` states whose an interface's socket is; None: all are of the switch `where`.
    """

    def __init__(self, where: str, pid: Optional[int], owners: Optional[dict[str, list[str]]]) -> None:
        self._where, self._owners = where, owners
        self._id = f"packet {pid}"
        self._sockets = in_namespace(pid, PacketSockets)

    def read(self) -> Iterator[Counter]:
        for inode, index, drops in self._sockets.read():
            name = self._sockets.name_of(index) if index else ""
            where, what = self._where, "switch"
            if self._owners is not None:
                if name not in self._owners:
                    continue
                where, what = self._owners[name]
            yield Counter(f"{self._id} {inode}", where, what, name or None, drops)


class UdpSockets:
    """UDP sockets of one host, from its /proc/net/udp: the meter's by their port, and others."""

    def __init__(self, where: str, pid: int, meter_ports: set[int]) -> None:
        self._where, self._path, self._ports = where, f"/proc/{pid}/net/udp", meter_ports

    def read(self) -> Iterator[Counter]:
        try:
            with open(self._path, encoding="ascii") as table:
                rows = table.read().splitlines()[1:]
        except OSError:
            return  # The host is gone.
        for row in rows:
            fields = row.split()
            port = int(fields[1].rpartition(":")[2], 16)
            what = "meter" if port in self._ports else "traffic"
            yield Counter(f"{self._path} {fields[9]}", self._where, what, None, int(fields[12]))


class Backlog:
    """What the processors' queues of arriving packets had no room for: of the whole machine, since
    the kernel does not count it by namespace."""

    def read(self) -> Iterator[Counter]:
        with open("/proc/net/softnet_stat", encoding="ascii") as table:
            packets = sum(int(line.split()[1], 16) for line in table)
        yield Counter("backlog", "machine", "backlog", None, packets)


def in_namespace(pid: Optional[int], make: type[PacketSockets]) -> PacketSockets:
    """Makes an object in the network namespace of a process (None: in this process's own)."""
    if pid is None:
        return make()
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        enter(there)
        try:
            return make()
        finally:
            enter(home)
    finally:
        os.close(there)
        os.close(home)


def enter(namespace: int) -> None:
    """Moves this thread into a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

"""Interface flags set by ioctl, so that the stamps around a cut are microseconds apart."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import threading
from typing import Callable

from protocol import BridgeError

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def in_network_of(pid: int | None, action: Callable[[], None]) -> None:
    """Run `action` inside the network namespace of `pid`, in a thread of its own: a namespace
    belongs to a thread, so the bridge itself never leaves home."""
    if pid is None:
        action()
        return
    failure: list[BaseException] = []

    def enter() -> None:
        try:
            descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
            try:
                if _libc.setns(descriptor, CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            finally:
                os.close(descriptor)
            action()
        except BaseException as caught:  # noqa: BLE001 - carried to the calling thread
            failure.append(caught)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def set_up(name: str, up: bool) -> None:
    """Set or clear IFF_UP of an interface of the calling thread's network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", name.encode(), 0)
        try:
            answer = fcntl.ioctl(control, SIOCGIFFLAGS, request)
            flags = struct.unpack("16sH14x", answer)[1]
            flags = flags | IFF_UP if up else flags & ~IFF_UP
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", name.encode(), flags))
        except OSError as cause:
            state = "up" if up else "down"
            raise BridgeError(f"interface {name} could not be set {state}: {cause}") from cause


def set_all(names: list[str], up: bool, pid: int | None) -> None:
    """Set several interfaces of one namespace, in order."""

    def action() -> None:
        for name in names:
            set_up(name, up)

    in_network_of(pid, action)

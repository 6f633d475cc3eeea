"""Interface flags set without a program, so that the stamps around a cut are close together."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from typing import Callable

from own_thread import in_own_thread
from protocol import BridgeError

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
RTM_SETLINK, NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 19, 0x1, 0x4, 2
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def in_network_of(pid: int | None, action: Callable[[], None], own_thread: bool = False) -> None:
    """Run `action` inside the network namespace of `pid`, in a thread of its own, so that the bridge
    itself never leaves home."""
    if pid is None and not own_thread:
        action()
        return

    def enter() -> None:
        descriptor = os.open(f"/proc/{pid or 'self'}/ns/net", os.O_RDONLY)
        try:
            if pid is not None and _libc.setns(descriptor, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(descriptor)
        action()

    in_own_thread(enter)


def is_up(name: str) -> bool | None:
    """Whether an interface of the calling thread's network namespace is up (IFF_UP); None when it
    is not there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        try:
            answer = fcntl.ioctl(control, SIOCGIFFLAGS, struct.pack("16sH14x", name.encode(), 0))
        except OSError:
            return None
    return bool(struct.unpack("16sH14x", answer)[1] & IFF_UP)


def states_of(names: list[str], pid: int | None) -> dict[str, bool | None]:
    """`is_up` of several interfaces of one namespace."""
    states: dict[str, bool | None] = {}
    in_network_of(pid, lambda: states.update({name: is_up(name) for name in names}))
    return states


def link_message(index: int, up: bool, sequence: int) -> bytes:
    """An RTM_SETLINK that sets or clears IFF_UP alone, with an acknowledgement."""
    body = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, IFF_UP if up else 0, IFF_UP)
    return struct.pack("=IHHII", 16 + len(body), RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, sequence,
                       0) + body


def set_together(names: list[str], up: bool) -> None:
    """Set several interfaces of the calling thread's namespace in one call to the kernel, so that
    no process runs in between. Raises BridgeError naming the interface that was refused."""
    try:
        indexes = [socket.if_nametoindex(name) for name in names]
    except OSError as cause:
        raise BridgeError(f"one of {', '.join(names)} is not there: {cause}") from cause
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as route:
        route.settimeout(2)
        route.send(b"".join(link_message(index, up, place)
                            for place, index in enumerate(indexes)))
        answered = 0
        while answered < len(names):
            data = route.recv(65536)
            while len(data) >= 20:
                length, kind, _, sequence, _, error = struct.unpack("=IHHIIi", data[:20])
                if kind == NLMSG_ERROR:
                    answered += 1
                    if error:
                        state = "up" if up else "down"
                        raise BridgeError(f"interface {names[sequence]} could not be set {state}: "
                                          f"{os.strerror(-error)}")
                data = data[(length + 3) & ~3:]


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

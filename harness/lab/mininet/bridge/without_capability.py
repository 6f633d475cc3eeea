"""Starts programs without one of the capabilities that the bridge itself has."""

from __future__ import annotations

import ctypes
from typing import Callable

from own_thread import in_own_thread

#: To receive what the kernel announces to other network namespaces (capabilities(7)).
NET_BROADCAST = 11
PR_CAPBSET_DROP = 24
_libc = ctypes.CDLL(None, use_errno=True)


def without_capability(capability: int, action: Callable[[], None]) -> None:
    """Run `action` so that what it starts never has the capability. Without the right to drop it
    (CAP_SETPCAP) the action is run as it is."""

    def enter() -> None:
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        action()

    in_own_thread(enter)

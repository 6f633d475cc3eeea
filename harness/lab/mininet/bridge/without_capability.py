"""Starts programs without one of the capabilities that the bridge itself has."""

from __future__ import annotations

import ctypes
import threading
from typing import Callable

#: To receive what the kernel announces to other network namespaces (capabilities(7)).
NET_BROADCAST = 11
PR_CAPBSET_DROP = 24
_libc = ctypes.CDLL(None, use_errno=True)


def without_capability(capability: int, action: Callable[[], None]) -> None:
    """Run `action` in a thread of its own; what it starts never has the capability. A bounding set
    belongs to a thread, so the bridge itself keeps the capability. Without the right to drop it
    (CAP_SETPCAP) the action is run as it is."""
    failure: list[BaseException] = []

    def enter() -> None:
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        try:
            action()
        except BaseException as caught:  # noqa: BLE001 - carried to the calling thread
            failure.append(caught)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]

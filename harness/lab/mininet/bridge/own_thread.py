"""Does something in a thread of its own: namespaces and capabilities belong to a thread, so the
bridge itself keeps its own."""

from __future__ import annotations

import threading
from typing import Callable


def in_own_thread(action: Callable[[], None]) -> None:
    """Run `action` to its end in a new thread; what it raises is raised here."""
    failure: list[BaseException] = []

    def carry() -> None:
        try:
            action()
        except BaseException as caught:  # noqa: BLE001 - carried to the calling thread
            failure.append(caught)

    thread = threading.Thread(target=carry)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]

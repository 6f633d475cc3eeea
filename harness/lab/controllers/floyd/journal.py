"""The journal: one JSON object a line on standard output, for the harness to read."""

from __future__ import annotations

import json
import sys
import time
from typing import Any, TextIO


def now_ns() -> int:
    """CLOCK_MONOTONIC, which all processes of a machine share."""
    return time.monotonic_ns()


class Journal:
    """Writes events; every line is flushed, so that a killed controller loses none."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream

    def emit(self, event: str, **fields: Any) -> None:
        line = json.dumps({"atNs": now_ns(), "event": event, **fields}, separators=(",", ":"))
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            # The reader is gone; the network must be kept running all the same.
            pass

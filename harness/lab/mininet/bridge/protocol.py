"""JSON lines between the runner and the bridge: one request or reply a line.

The first line the bridge writes is the hello; then every request gets exactly one reply with the
same id. Descriptor 1 belongs to this protocol alone: everything that prints, Mininet's child
processes included, is sent to descriptor 2 before Mininet is imported.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

PROTOCOL_VERSION = 1
LONGEST_LINE = 16 * 1024 * 1024


class BridgeError(Exception):
    """A request that could not be carried out, in a sentence for people."""

    def __init__(self, message: str, hint: str = "", **details: Any) -> None:
        super().__init__(message)
        self.hint = hint
        self.details = details


@dataclass
class Request:
    """One call: `verb` selects the method, `arguments` are its keywords."""

    id: int
    verb: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def parse(line: str) -> "Request":
        """Read one line; raises BridgeError when it is not a request."""
        try:
            raw = json.loads(line)
            return Request(int(raw["id"]), str(raw["verb"]), dict(raw.get("arguments", {})))
        except (ValueError, KeyError, TypeError) as cause:
            raise BridgeError(f"not a request: {line[:200]!r} ({cause})") from cause


@dataclass
class Reply:
    """The answer to one request."""

    id: int
    ok: bool
    result: Any = None
    error: dict[str, Any] | None = None


class Wire:
    """Writes whole lines from many threads without mixing them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        """Write one JSON object and flush it."""
        with self._lock:
            self._stream.write(json.dumps(message, separators=(",", ":")) + "\n")
            self._stream.flush()

    def reply(self, reply: Reply) -> None:
        """Send the answer to a request."""
        self.send(asdict(reply))


def claim_standard_output() -> TextIO:
    """Keep descriptor 1 for the protocol and point it at standard error for everybody else."""
    own = os.dup(1)
    os.dup2(2, 1)
    os.set_inheritable(own, False)
    return os.fdopen(own, "w", encoding="utf-8")


def claim_standard_input() -> TextIO:
    """Keep descriptor 0 for the protocol and give everybody else an empty input."""
    own = os.dup(0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.set_inheritable(own, False)
    return os.fdopen(own, encoding="utf-8")

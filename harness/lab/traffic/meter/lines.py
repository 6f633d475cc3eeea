"""Commands in and JSON lines out, neither of which may ever make the sender wait."""

import fcntl
import json
import os
import time


def _non_blocking(fd: int) -> None:
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


class LineWriter:
    """Writes one JSON object a line; what the reader does not take yet is kept."""

    def __init__(self, fd: int):
        self._fd = fd
        self._pending = bytearray()
        _non_blocking(fd)

    def write(self, value: dict[str, object]) -> None:
        self._pending += json.dumps(value, separators=(",", ":")).encode() + b"\n"
        self.flush()

    def flush(self) -> bool:
        """Hand over what the reader takes; true when nothing is left."""
        while self._pending:
            try:
                written = os.write(self._fd, self._pending)
            except BlockingIOError:
                return False
            del self._pending[:written]
        return True

    def drain(self, seconds: float) -> None:
        """Give the reader this long to take the rest."""
        deadline = time.monotonic() + seconds
        while not self.flush() and time.monotonic() < deadline:
            time.sleep(0.01)


class CommandReader:
    """Reads `start` and `stop` lines; the end of the input means `stop`."""

    def __init__(self, fd: int):
        self._fd = fd
        self._pending = b""
        _non_blocking(fd)

    def read(self) -> list[str]:
        try:
            data = os.read(self._fd, 4096)
        except BlockingIOError:
            return []
        if not data:
            return ["stop"]
        *lines, self._pending = (self._pending + data).split(b"\n")
        return [line.decode("ascii", "replace").strip() for line in lines]

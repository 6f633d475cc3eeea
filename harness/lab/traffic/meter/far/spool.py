"""Lines for a reader that may be away: kept in memory, in order, until it acknowledges them."""

import json
from collections import deque

# What an end keeps while it is not collected: hours of reports.
LIMIT_BYTES = 64 << 20


class Spool:
    """Numbers each line from 1 on. Nothing is written to disk."""

    def __init__(self, limit_bytes=LIMIT_BYTES):
        self._limit_bytes = limit_bytes
        self._lines = deque()
        self._bytes = 0
        self._first = 1
        self.full = False

    def add(self, value) -> None:
        """Keep one JSON object; nothing more is kept once the limit is reached."""
        number = self._first + len(self._lines)
        line = json.dumps({"line": number, **value}, separators=(",", ":")).encode() + b"\n"
        if self._bytes + len(line) > self._limit_bytes:
            self.full = True
            return
        self._lines.append(line)
        self._bytes += len(line)

    def acknowledge(self, number) -> None:
        """Forget the lines up to this number."""
        while self._lines and self._first <= number:
            self._bytes -= len(self._lines.popleft())
            self._first += 1

    def since(self, number):
        """(the line, its number) of each kept line after that number."""
        start = max(0, number + 1 - self._first)
        for place in range(start, len(self._lines)):
            yield self._lines[place], self._first + place

    @property
    def empty(self) -> bool:
        return not self._lines

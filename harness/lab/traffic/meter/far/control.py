"""How an end is controlled: JSON lines on a socket that outlives its client.

The socket has an abstract name, so that no file is left, and only this user's own processes are
answered. One client at a time: a new one takes the place of the one before.
"""

import json
import os
import select
import socket
import struct

_CREDENTIALS = struct.Struct("3i")
# A reader that takes nothing gets no more than this at a time.
OUT_BYTES = 1 << 20


def listen(token):
    """The listening socket of an end. Raises OSError where there is one of that name."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(name_of(token))
    listener.listen(2)
    listener.setblocking(False)
    return listener


def name_of(token):
    return b"\0failover-lab-end-" + token.encode()


class Control:
    """The client that is connected, if any, and how far it was given the spool's lines."""

    def __init__(self, listener, spool):
        self._listener = listener
        self._spool = spool
        self._peer = None
        self._pending = b""
        self._out = b""
        self._given = 0

    def wait(self, seconds) -> None:
        """Sleep until there is something to read, or this long."""
        sockets = [self._listener] + ([self._peer] if self._peer else [])
        select.select(sockets, [self._peer] if self._peer and self._out else [], [], seconds)

    def poll(self):
        """Take what was sent, hand over what is new; the commands, each a dictionary."""
        self._accept()
        commands = [command for command in self._read() if isinstance(command, dict)]
        for command in commands:
            if command.get("cmd") in ("attach", "ack"):
                self._spool.acknowledge(int(command.get("line", 0)))
            if command.get("cmd") == "attach":
                self._given = int(command.get("line", 0))
        self._write()
        return commands

    def say(self, value) -> None:
        """An answer that is not needed later; lost when no client is there."""
        if self._peer:
            self._out += json.dumps(value, separators=(",", ":")).encode() + b"\n"
            self._write()

    def flush(self, seconds) -> None:
        """Give the client this long to take the rest."""
        if self._peer:
            self._peer.settimeout(seconds)
            try:
                self._peer.sendall(self._out)
            except OSError:
                pass
        self._out = b""

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return
        got = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        if _CREDENTIALS.unpack(got)[1] != os.getuid():
            peer.close()
            return
        self._leave()
        peer.setblocking(False)
        self._peer, self._pending, self._out = peer, b"", b""

    def _read(self):
        if not self._peer:
            return []
        try:
            data = self._peer.recv(65536)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self._leave()
            return []
        *lines, self._pending = (self._pending + data).split(b"\n")
        return [_parsed(line) for line in lines if line.strip()]

    def _write(self) -> None:
        if not self._peer:
            return
        if len(self._out) < OUT_BYTES:
            for line, number in self._spool.since(self._given):
                self._out += line
                self._given = number
                if len(self._out) >= OUT_BYTES:
                    break
        try:
            while self._out:
                self._out = self._out[self._peer.send(self._out):]
        except BlockingIOError:
            pass
        except OSError:
            self._leave()

    def _leave(self) -> None:
        if self._peer:
            self._peer.close()
        self._peer = None


def _parsed(line):
    try:
        return json.loads(line.decode())
    except ValueError:
        return None

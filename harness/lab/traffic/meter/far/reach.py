"""Whether probes of the other end arrive, and from where, before anything is measured."""

import socket
import struct
import zlib

HELLO = struct.Struct("!4sI")
MAGIC = b"FLH1"
EVERY_S = 0.05


class Reach:
    """Sends greetings to the other end and looks for its own; behind an address translation they
    come from another address than the one that is known, and answers have to go there."""

    def __init__(self, udp, peer, meter):
        self._udp = udp
        self.peer = peer
        self.heard_from = None
        self._greeting = HELLO.pack(MAGIC, zlib.crc32(meter.encode()))

    def greet(self) -> None:
        try:
            self._udp.sendto(self._greeting, self.peer)
        except OSError:
            # No route yet, or refused: the next one may pass.
            pass

    def look(self) -> bool:
        """Take in what has arrived; true when a greeting arrives for the first time."""
        while True:
            try:
                data, source = self._udp.recvfrom(2048, socket.MSG_DONTWAIT)
            except OSError:
                return False
            if data != self._greeting or self.heard_from is not None:
                continue
            self.heard_from = self.peer = source
            return True

"""Reads datagrams in batches, each with the moment the kernel received it.

recvmmsg takes many datagrams in one system call, so reading every few milliseconds costs little
and no arrival time is lost: the kernel stamps each one when it arrives (SO_TIMESTAMPNS).
"""

import ctypes
import errno
import os
import socket
import struct
import time
from typing import Iterator

BATCH = 256
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
SO_SNDBUFFORCE = 32
BUFFER_BYTES = 4 << 20
_MSG_DONTWAIT = 0x40

# One control message: length, level, type, then a timespec of the wall clock.
_CONTROL = struct.Struct("=QiiqQ")


class _Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


class _Message(ctypes.Structure):
    """struct mmsghdr of a 64-bit kernel."""

    _fields_ = [
        ("name", ctypes.c_void_p),
        ("namelen", ctypes.c_uint32),
        ("iov", ctypes.c_void_p),
        ("iovlen", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("controllen", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("received", ctypes.c_uint32),
        ("end_padding", ctypes.c_uint32),
    ]


_LENGTHS = struct.Struct(f"={_Message.received.offset}xI4x")
_libc = ctypes.CDLL(None, use_errno=True)


def open_socket(address: str, port: int) -> socket.socket:
    """A UDP socket with kernel receive stamps and large buffers.

    It is not connected, on purpose: a connected socket gets ICMP errors and then refuses a
    later send, which would lose a probe that the network did not lose.
    """
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for forced, ordinary in ((SO_RCVBUFFORCE, socket.SO_RCVBUF), (SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            udp.setsockopt(socket.SOL_SOCKET, forced, BUFFER_BYTES)
        except OSError:
            udp.setsockopt(socket.SOL_SOCKET, ordinary, BUFFER_BYTES)
    udp.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    udp.bind((address, port))
    return udp


# A reading of two clocks that took longer than this was interrupted.
OFFSET_WITHIN_NS = 50_000
# An offset that changed by more than this between two readings: the wall clock was stepped.
STEP_NS = 2_000_000


def monotonic_minus_wall_ns() -> int:
    """CLOCK_MONOTONIC minus CLOCK_REALTIME at this moment, the sharpest of a few readings."""
    sharpest, offset = 1 << 62, 0
    for _ in range(4):
        before = time.monotonic_ns()
        wall = time.time_ns()
        after = time.monotonic_ns()
        if after - before < sharpest:
            sharpest, offset = after - before, (before + after) // 2 - wall
        if sharpest <= OFFSET_WITHIN_NS:
            break
    return offset


class BatchReader:
    """Preallocated room for `BATCH` datagrams of one length."""

    def __init__(self, udp: socket.socket, length: int, layout: struct.Struct):
        self._fd = udp.fileno()
        self._length = length
        self._layout = layout
        self._offset: int | None = None
        self._data = ctypes.create_string_buffer(BATCH * length)
        self._control = ctypes.create_string_buffer(BATCH * _CONTROL.size)
        self._iovecs = (_Iovec * BATCH)()
        self._messages = (_Message * BATCH)()
        for i in range(BATCH):
            self._iovecs[i].base = ctypes.addressof(self._data) + i * length
            self._iovecs[i].len = length
            self._messages[i].iov = ctypes.addressof(self._iovecs[i])
            self._messages[i].iovlen = 1
            self._messages[i].control = ctypes.addressof(self._control) + i * _CONTROL.size
            self._messages[i].controllen = _CONTROL.size
        # The kernel overwrites the control length, so each call starts from this copy.
        self._fresh = bytes(self._messages)
        self._data_view = memoryview(self._data)
        self._control_view = memoryview(self._control)
        self._messages_view = memoryview(self._messages).cast("B")

    def read(self) -> Iterator[tuple[bytes, int, int, int]]:
        """What has arrived: (prefix, sequence, send stamp, receive stamp), all monotonic.

        The wall-clock stamps are moved to the monotonic clock by an offset taken now. Where the
        wall clock was stepped since the last call, the moment of reading stands in for them: a
        step may spoil a delay by some milliseconds, never a silence or a sequence.
        """
        # Also without an arrival: a clock that is merely slewed never moves far between two calls.
        offset = monotonic_minus_wall_ns()
        stepped = self._offset is not None and abs(offset - self._offset) > STEP_NS
        self._offset, read_ns = offset, time.monotonic_ns()
        ctypes.memmove(self._messages, self._fresh, len(self._fresh))
        count = _libc.recvmmsg(self._fd, self._messages, BATCH, _MSG_DONTWAIT, None)
        if count < 0:
            code = ctypes.get_errno()
            if code in (errno.EAGAIN, errno.EINTR):
                return
            raise OSError(code, os.strerror(code))
        message_size = ctypes.sizeof(_Message)
        probes = self._layout.iter_unpack(self._data_view[: count * self._length])
        stamps = _CONTROL.iter_unpack(self._control_view[: count * _CONTROL.size])
        lengths = _LENGTHS.iter_unpack(self._messages_view[: count * message_size])
        for probe, control, received in zip(probes, stamps, lengths):
            if received[0] == self._length:
                rx_ns = control[3] * 1_000_000_000 + control[4] + offset
                yield probe[0], probe[1], probe[2], read_ns if stepped else rx_ns

"""Offloads of interfaces, set and read back without a process (ethtool's own ioctl)."""

from __future__ import annotations

import ctypes
import fcntl
import socket
import struct

from protocol import BridgeError

SIOCETHTOOL = 0x8946
GET_TX, SET_TX = 0x16, 0x17
GET_GRO, SET_GRO = 0x2B, 0x2C


def quiet(names: list[str]) -> None:
    """Switch checksums of what is sent and the merging of what arrives off, on interfaces of the
    calling thread's namespace, and read both back. The userspace datapath passes a checksum that
    "hardware" was meant to finish on unfinished, and then TCP fails while ping works."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for name in names:
            for what, get, put in (("tx-checksumming", GET_TX, SET_TX), ("gro", GET_GRO, SET_GRO)):
                _ask(control, name, put, 0)
                if _ask(control, name, get, 0):
                    raise BridgeError(f"{name}: {what} is on although it was switched off")


def _ask(control: socket.socket, name: str, command: int, value: int) -> int:
    asked = ctypes.create_string_buffer(struct.pack("=II", command, value), 8)
    request = struct.pack("16sP16x", name.encode(), ctypes.addressof(asked))
    try:
        fcntl.ioctl(control, SIOCETHTOOL, request)
    except OSError as cause:
        raise BridgeError(f"{name}: its offloads cannot be set or read: {cause}") from cause
    answer: int = struct.unpack("=II", asked.raw)[1]
    return answer

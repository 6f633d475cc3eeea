"""Sockets of daemons, as files: whether one listens there, and what a killed one left behind."""

from __future__ import annotations

import os
import socket

from protocol import BridgeError


def listens(path: str) -> bool:
    """Whether a server takes connections at `path`. Its file alone does not show that: a daemon
    makes the file first, and listens later, on a busy machine much later."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            # It listens, but does not take this one now.
            return True
    return True


def remove_stale_socket(path: str) -> None:
    """Remove a socket that a killed server left behind; raises BridgeError when it is in use."""
    if not os.path.exists(path):
        return
    if listens(path):
        raise BridgeError(f"{path} is in use: a server listens on it")
    os.unlink(path)

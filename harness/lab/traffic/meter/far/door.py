"""What ssh starts: begins a recorder that outlives it, or joins one, and passes lines both ways."""

import errno
import json
import os
import select
import socket
import sys

import control
from recorder import Recorder


def main(options) -> int:
    """`options["join"]`: there is a recorder already. Returns the exit status."""
    if not options.get("join"):
        problem = begin(options)
        if problem is not None:
            return refuse(problem)
    talk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        talk.connect(control.name_of(options["token"]))
    except OSError:
        return refuse({"reason": "gone"})
    relay(talk)
    return 0


def refuse(problem) -> int:
    os.write(1, json.dumps({"kind": "end.failed", **problem}).encode() + b"\n")
    return 1


def begin(options):
    """Start the recorder as a process of its own; what is in the way, or None."""
    try:
        recorder = Recorder(options, control.listen(options["token"]))
    except socket.gaierror as error:
        return {"reason": "peer-unknown", "message": str(error)}
    except OSError as error:
        reason = "port-taken" if error.errno == errno.EADDRINUSE else "failed"
        return {"reason": reason, "message": str(error)}
    sys.stdout.flush()
    if os.fork() != 0:
        return None
    # A session of its own, without anything that would keep ssh waiting for it.
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    try:
        recorder.run()
    finally:
        os._exit(0)


def relay(talk) -> None:
    """Pass on what is said, until one of the two has ended."""
    pairs = {0: lambda data: talk.sendall(data), talk.fileno(): lambda data: write_all(1, data)}
    while True:
        ready, _, _ = select.select(list(pairs), [], [])
        for descriptor in ready:
            try:
                data = os.read(descriptor, 65536)
                if not data:
                    return
                pairs[descriptor](data)
            except OSError:
                return


def write_all(descriptor, data) -> None:
    while data:
        data = data[os.write(descriptor, data):]

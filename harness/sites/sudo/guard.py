#!/usr/bin/python3
"""Root's end of a sandbox that an ordinary user opened through sudo: ends it with its supervisor.

sudo passes on three descriptors only, and the user may not signal root's processes. So events
travel on descriptor 1, text on 2, and the sandbox lives as long as its events are read: a
supervisor that is killed, or that closes its end, ends it.

Usage: guard.py FOLDER [NAME=VALUE ...] -- COMMAND [ARGUMENT ...]
The command gets these variables and no others: sudo would keep or drop what it likes.
FOLDER is the run's; what the lab wrote into it as root is given to its owner at the end.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import stat
import sys

EVENTS = 3
PR_SET_PDEATHSIG = 1


def start(argv: list[str], environment: dict[str, str]) -> int:
    """Start the command as it would be without sudo: events on 3, text on 1 and 2."""
    os.dup2(1, EVENTS)
    os.dup2(2, 1)
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.execvpe(argv[0], argv, environment)
    # The runner alone reads orders: its input ends when the supervisor's end closes.
    os.close(0)
    return child


def outlive(child: int) -> int:
    """Wait for the end of the command, or bring it about; the status to end with."""
    ended = os.pidfd_open(child)
    watch = select.poll()
    watch.register(ended, select.POLLIN)
    # Asks for no events: errors and a hang-up are always reported.
    watch.register(EVENTS, 0)
    if ended not in [descriptor for descriptor, _ in watch.poll()]:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def give_back(folder: str) -> None:
    """What root wrote into the run's folder belongs to the folder's owner. Links are not followed,
    and a file with a second name elsewhere is left alone."""
    owner = os.stat(folder)
    for _, folders, files, place in os.fwalk(folder, follow_symlinks=False):
        for name in folders + files:
            found = os.stat(name, dir_fd=place, follow_symlinks=False)
            alone = stat.S_ISDIR(found.st_mode) or found.st_nlink == 1
            if found.st_uid == 0 and alone:
                os.chown(name, owner.st_uid, owner.st_gid, dir_fd=place, follow_symlinks=False)


def main(folder: str, *words: str) -> int:
    """The command's status; 128 and the signal's number when one ended it."""
    border = words.index("--")
    environment = dict(word.split("=", 1) for word in words[:border])
    status = outlive(start(list(words[border + 1:]), environment))
    give_back(folder)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Running programs in a node's namespaces, with a time limit and stamps around them."""

from __future__ import annotations

import os
import signal as signals
import subprocess
import time
from typing import Any

from protocol import BridgeError

#: Programs live in sbin on Debian; a missing one would otherwise fail without a word.
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
LONGEST_OUTPUT = 4 * 1024 * 1024


def now_ns() -> int:
    """CLOCK_MONOTONIC, the clock of every stamp in a history."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def run(
    argv: list[str],
    pid: int | None = None,
    timeout_s: float = 10.0,
    stdin: str | None = None,
    environment: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Run `argv` in the namespaces of process `pid` (None: here).

    Returns status, stdout, stderr and the stamps just before and after. A program that outlives
    its limit is killed, and status is None.
    """
    enter = [] if pid is None else ["mnexec", "-a", str(pid)]
    env = {**os.environ, "PATH": PATH, "LC_ALL": "C", **(environment or {})}
    before = now_ns()
    child = subprocess.Popen(
        enter + argv,
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=env,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(stdin, timeout=timeout_s)
        status: int | None = child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signals.SIGKILL)
        out, err = child.communicate()
        status = None
    return {
        "status": status,
        "stdout": out[:LONGEST_OUTPUT],
        "stderr": err[:LONGEST_OUTPUT],
        "beforeNs": before,
        "afterNs": now_ns(),
    }


def check(argv: list[str], pid: int | None = None, timeout_s: float = 10.0, **more: Any) -> str:
    """Run and return the output; raises BridgeError when the program fails or takes too long."""
    done = run(argv, pid, timeout_s, **more)
    line = " ".join(argv)
    # Open vSwitch's tools end themselves by SIGALRM when their own --timeout is over.
    if done["status"] in (None, -signals.SIGALRM):
        raise BridgeError(f"`{line}` did not end within {timeout_s:g} s", timedOut=True)
    if done["status"] != 0:
        said = (done["stderr"] or done["stdout"]).strip()
        raise BridgeError(f"`{line}` failed with status {done['status']}: {said[-600:]}")
    return str(done["stdout"])


def state_of(pid: int) -> str | None:
    """The process state letter of the kernel (R, S, T, Z …), or None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return None

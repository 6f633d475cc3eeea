"""`mn -c`, the program itself, with pauses that end when what they wait for has ended.

Mininet signals programs by name and sleeps a second, so that they can end cleanly, and half a
second after each further kill. When none of them runs any more, there is nothing to wait for.
"""

from __future__ import annotations

import runpy
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from own_distutils import keep_own_distutils

STEP_SECONDS = 0.01


def names_running() -> set[str]:
    """Names of the processes that can be seen, as the kernel has them: at most 15 characters."""
    names = set()
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(path.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:
            continue  # It ended while we looked.
    return names


def pause(seconds: float, signalled: set[str]) -> None:
    """Sleep at most `seconds`, and no longer than a process with one of these names runs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and signalled & names_running():
        time.sleep(STEP_SECONDS)


def main() -> None:
    """Run the program `mn` of this machine as `mn -c`. Exits as it does; 127 without it."""
    program = shutil.which("mn")
    if program is None:
        sys.exit(127)
    keep_own_distutils()
    from mininet import clean

    signalled: set[str] = set()
    run = clean.sh

    def listen(command: str) -> str:
        """Mininet's own way to run a command; which names it kills is what a pause waits for."""
        words = command.split()
        if words[:1] == ["killall"]:
            signalled.update(word[:15] for word in words[1:] if word[0] not in "-2/>")
        return run(command)

    clean.sh = listen
    clean.time = SimpleNamespace(sleep=lambda seconds: pause(seconds, signalled))
    sys.argv = [program, "-c"]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()

"""Questions to FRR's daemons by their own sockets: a call of vtysh takes a hundred times as long."""

from __future__ import annotations

import json
import socket
from typing import Any

from protocol import BridgeError

ANSWER_S = 3.0
LONGEST_ANSWER = 16 * 1024 * 1024


def ask(path: str, command: str) -> str:
    """The answer to a command of the enabled view. Raises BridgeError when there is none in time."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as vty:
            vty.settimeout(ANSWER_S)
            vty.connect(path)
            say(vty, "enable")
            return say(vty, command)
    except OSError as cause:
        raise BridgeError(f"{path} does not answer `{command}`: {cause}") from cause


def configure(path: str, lines: list[str]) -> None:
    """Carry out lines of a configuration. Raises BridgeError that names the first one refused."""
    line = "configure terminal"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as vty:
            vty.settimeout(ANSWER_S)
            vty.connect(path)
            for line in ["enable", "configure terminal", *lines, "end"]:
                say(vty, line)
    except OSError as cause:
        raise BridgeError(f"{path} did not take `{line}`: {cause}",
                          code="FAULT_NOT_APPLIED") from cause


def say(vty: socket.socket, command: str) -> str:
    """One command: it ends with a zero byte, its answer with three and the status."""
    vty.sendall(command.encode() + b"\0")
    answer = b""
    while not (len(answer) >= 4 and answer[-4:-1] == b"\0\0\0"):
        more = vty.recv(65536)
        if not more:
            raise OSError("the daemon closed the connection")
        answer += more
        if len(answer) > LONGEST_ANSWER:
            raise OSError(f"the answer is longer than {LONGEST_ANSWER} bytes")
    if answer[-1] != 0:
        said = answer[:-4].decode(errors="replace").strip()
        raise OSError(f"status {answer[-1]}: {said[-300:]}")
    return answer[:-4].decode(errors="replace")


def ask_json(path: str, command: str) -> Any:
    """The same for a command whose answer is JSON."""
    text = ask(path, command)
    try:
        return json.loads(text or "{}")
    except ValueError as cause:
        raise BridgeError(f"the answer to `{command}` is not JSON: {text[:200]}") from cause


def ask_bird(path: str, command: str) -> str:
    """BIRD's answer: lines that begin with a code; the last one has a space behind it."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
            control.settimeout(ANSWER_S)
            control.connect(path)
            with control.makefile("rw", encoding="utf-8", errors="replace") as lines:
                lines.readline()
                lines.write(f"{command}\n")
                lines.flush()
                return "".join(bird_lines(lines))
    except OSError as cause:
        raise BridgeError(f"{path} does not answer `{command}`: {cause}") from cause


def bird_lines(lines: Any) -> Any:
    """The text of each line, up to the one that ends the answer."""
    while line := lines.readline():
        coded = line[:4].isdigit()
        yield line[5:] if coded else line[1:]
        if coded and line[4:5] == " ":
            return

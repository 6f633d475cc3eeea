"""Mininet's own command line on the user's terminal, with verbs for what a lab can do."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from types import FrameType
from typing import Any, Iterator

from mininet.cli import CLI
from mininet.log import error, output

from interfaces import set_all
from machine import Machine
from network import Network
from path import trace_path
from power import power_off, power_on
from protocol import BridgeError


class ShellEnded(BaseException):
    """The lab ends although `exit` was not typed."""


class Verbs(CLI):
    """Mininet's commands, and ours."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.killed: list[str] = []
        super().__init__(network.net, stdin=sys.stdin)

    def onecmd(self, line: str) -> bool | None:
        """A refused verb is reported; the shell continues."""
        try:
            return super().onecmd(line)
        except BridgeError as refused:
            error(f"*** {refused}\n")
            return None

    def do_kill(self, line: str) -> None:
        """Take the power of a relay, or cut a plain switch off from everybody.
           Usage: kill node"""
        for name in words(line, 1, "kill node"):
            if name in self.killed:
                raise BridgeError(f"{name} is already dead")
            if name not in breakable(self.network):
                known = ", ".join(breakable(self.network))
                raise BridgeError(f"{name} is not a relay or switch in this lab (relays and switches: {known})")
            done = change(self.network, name, alive=False)
            self.killed.append(name)
            output(f"{done}\n")

    def do_heal(self, line: str) -> None:
        """Bring a killed node back, or all of them.
           Usage: heal [node]"""
        names = line.split() or list(self.killed)
        if not names:
            output("no node is dead\n")
        for name in names:
            if name not in self.killed:
                raise BridgeError(f"{name} was not killed")
            output(f"{change(self.network, name, alive=True)}\n")
            self.killed.remove(name)

    def do_path(self, line: str) -> None:
        """The way a packet takes right now, by the switches' own tables.
           Usage: path from to"""
        start, end = words(line, 2, "path from to")
        nodes, complete = trace_path(self.network, start, end)
        output(" -> ".join(nodes) + ("\n" if complete else " -> nowhere\n"))

    def do_ports(self, line: str) -> None:
        """Each switch's ports: number, type, MTU, link, BFD and options.
           Usage: ports [node]"""
        names = line.split() or breakable(self.network)
        for name in names:
            if name not in breakable(self.network):
                raise BridgeError(f"{name} is not a relay or switch in this lab")
            output(self.network.kind_of(name).port_table(name))


def words(line: str, count: int, usage: str) -> list[str]:
    """Exactly `count` words of a command's line."""
    found = line.split()
    if len(found) != count:
        raise BridgeError(f"usage: {usage}")
    return found


def breakable(network: Network) -> list[str]:
    """Names of all nodes that pass packets on."""
    return [node["name"] for node in network.topology["nodes"]
            if network.kind_of(node["name"]).forwards]


def change(network: Network, name: str, alive: bool) -> str:
    """Kill or revive a node and print what was read back. Plain switches share one process, so only
    their links can die apart."""
    node = network.net[name]
    if isinstance(node, Machine):
        return power_words((power_on if alive else power_off)(network, name)["evidence"]["data"])
    ports = [str(intf) for intf in node.intfList() if str(intf) != "lo"]
    set_all(ports, up=alive, pid=None)
    return f"interfaces of {name} {'up' if alive else 'down'}: {', '.join(ports)}"


def power_words(seen: dict[str, Any]) -> str:
    """What was read back of a machine's power, for the person at the prompt."""
    name = seen["node"]
    if "running" in seen:
        down = f"; interfaces down: {', '.join(seen['down'])}" if seen["down"] else ""
        runs = f"processes of {name} run: {seen['running']}" if seen["running"] else f"{name} has power"
        return f"{runs}{down}"
    down, gone = seen["interfaces"] - len(seen["up"]), seen["processes"] - len(seen["alive"])
    return (f"interfaces of {name} down: {down} of {seen['interfaces']}, "
            f"processes gone: {gone} of {seen['processes']}")


class Shell:
    """The one shell of a bridge. It runs in the main thread, where Python delivers Ctrl-C."""

    def __init__(self) -> None:
        self.live = False
        self.ending = False
        signal.signal(signal.SIGINT, self._on_interrupt)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.live and self.ending:
            raise ShellEnded
        if self.live:
            raise KeyboardInterrupt

    def interrupt(self) -> None:
        """What Ctrl-C does: ends the running command, not the shell. For any thread."""
        if self.live:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def end(self) -> None:
        """Leave the shell whatever it is doing. For any thread."""
        self.ending = True
        self.interrupt()

    def run(self, network: Network, terminal: str, terminalType: str) -> dict[str, Any]:
        """Serve the terminal until its user leaves or its input ends."""
        os.environ["TERM"] = terminalType
        by = "user"
        with on_terminal(terminal):
            try:
                self.live = not self.ending
                if self.live:
                    Verbs(network)
            except ShellEnded:
                by = "lab"
            finally:
                self.live = False
        return {"endedBy": by}


@contextmanager
def on_terminal(path: str) -> Iterator[None]:
    """Descriptors 0, 1 and 2 are the terminal meanwhile: line editing works on no others, and
    Mininet's logger and the programs that `sh` starts write to them."""
    device = os.open(path, os.O_RDWR | os.O_NOCTTY)
    saved = [os.dup(number) for number in range(3)]
    streams = sys.stdin, sys.stdout
    for number in range(3):
        os.dup2(device, number)
    os.close(device)
    sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    try:
        yield
    finally:
        sys.stdin, sys.stdout = streams
        for number, old in enumerate(saved):
            os.dup2(old, number)
            os.close(old)

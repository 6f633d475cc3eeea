"""Power: taking a node away without a farewell, and bringing it back."""

from __future__ import annotations

import os
import signal as signals
import time
from contextlib import contextmanager
from typing import Any, Iterator

from commands import now_ns, state_of
from interfaces import in_network_of, set_all, set_together, states_of
from machine import Machine
from network import Network
from protocol import BridgeError


def fact(code: str, **data: Any) -> dict[str, Any]:
    """What was read back, as harness/model/recorded/evidence.ts has it."""
    return {"code": code, "data": data}


def machine_named(network: Network, name: str) -> Machine:
    """The machine of that name; raises BridgeError for a node that has no power of its own."""
    node = network.net.nameToNode.get(name)
    if not isinstance(node, Machine):
        raise BridgeError(f"{name} is not a machine of its own", code="FAULT_NOT_APPLIED")
    return node


def power_off(network: Network, name: str) -> dict[str, Any]:
    """Freeze every process of the node, cut all its interfaces in one call, then kill: no FIN, RST
    or last packet leaves, and no daemon sees one interface go before the other. The stamps enclose
    freezing (a frozen ovs-vswitchd forwards nothing) and the cut, not the killing. What fails
    half-way is undone."""
    machine = machine_named(network, name)
    if not machine.powered:
        raise BridgeError(f"{name} is without power already: heal the first power-off before",
                          code="FAULT_NOT_APPLIED")
    own, outside = machine.all_interfaces(), machine.far_ends()
    frozen = processes_in(machine.pid)
    stamps: dict[str, int] = {}

    def cut() -> None:
        with first_in_line():
            stamps["beforeNs"] = now_ns()
            freeze(frozen)
            set_together(own, up=False)
            stamps["afterNs"] = now_ns()

    machine.powered = False
    try:
        in_network_of(machine.pid, cut, own_thread=True)
        # The far ends have lost their carrier; they stay down until the machine has booted.
        set_all(outside, up=False, pid=None)
    except BaseException:
        thaw(frozen)
        set_up_again(machine, outside)
        machine.powered = True
        raise
    machine.end_daemons()
    # Those that were started after the first look are among the killed.
    killed = sorted({*frozen, *processes_in(machine.pid)})
    left = end_all(machine.pid, killed)
    states = {**states_of(own, machine.pid), **states_of(outside, None)}
    up = [interface for interface, state in states.items() if state is not False]
    return {**stamps, "killed": killed, "verified": not left and not up,
            "evidence": fact("power-off", node=name, interfaces=len(states), up=up,
                             processes=len(killed), alive=left)}


@contextmanager
def first_in_line() -> Iterator[None]:
    """Let the calling thread run before others, where that is allowed: between the stamps of a
    fault nobody is to wait for a processor."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def processes_in(pid: int) -> list[int]:
    """All processes in the network namespace of a node's shell, without the shell, which holds the
    namespace."""
    home = os.readlink(f"/proc/{pid}/ns/net")
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) in (pid, os.getpid()):
            continue
        try:
            if os.readlink(f"/proc/{entry}/ns/net") == home and state_of(int(entry)) != "Z":
                found.append(int(entry))
        except OSError:
            continue
    return found


#: How long to wait for processes to stop before their interfaces are cut all the same.
FREEZE_S = 0.02


def freeze(pids: list[int]) -> None:
    """SIGSTOP, and wait until all are stopped or gone."""
    for pid in pids:
        try:
            os.kill(pid, signals.SIGSTOP)
        except ProcessLookupError:
            continue
    deadline = now_ns() + int(FREEZE_S * 1e9)
    while any(state_of(pid) not in ("T", "t", "Z", None) for pid in pids) and now_ns() < deadline:
        time.sleep(0.0001)


def thaw(pids: list[int]) -> None:
    """SIGCONT to all that live."""
    for pid in pids:
        try:
            os.kill(pid, signals.SIGCONT)
        except ProcessLookupError:
            continue


def end_all(shell: int, pids: list[int]) -> list[int]:
    """SIGKILL; returns those in the shell's namespace that are alive a second later."""
    for pid in pids:
        try:
            os.kill(pid, signals.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = now_ns() + 10 ** 9
    while (left := processes_in(shell)) and now_ns() < deadline:
        time.sleep(0.002)
    return left


def set_up_again(machine: Machine, outside: list[str]) -> None:
    """Set up whatever of a node's interfaces is there, each although another cannot be."""
    for names, pid in ((machine.all_interfaces(), machine.pid), (outside, None)):
        for name, state in states_of(names, pid).items():
            if state is False:
                set_all([name], up=True, pid=pid)


def power_on(network: Network, name: str) -> dict[str, Any]:
    """Boot the machine, then connect it. A daemon that runs is left running, so that a power-off
    that failed half-way can be healed, and a heal that failed can be tried again."""
    machine = machine_named(network, name)
    own, outside = machine.all_interfaces(), machine.far_ends()
    before = now_ns()
    thaw(processes_in(machine.pid))
    set_all(own, up=True, pid=machine.pid)
    running = machine.boot()
    network.quiet_offloads_of(machine)
    set_all(outside, up=True, pid=None)
    machine.powered = True
    states = {**states_of(own, machine.pid), **states_of(outside, None)}
    down = [interface for interface, state in states.items() if not state]
    return {"beforeNs": before, "afterNs": now_ns(),
            "verified": machine.booted(running) and not down,
            "evidence": fact("power-on", node=name, running=running, down=down)}


def crash_vswitchd(network: Network, name: str) -> dict[str, Any]:
    """SIGKILL of ovs-vswitchd alone: its TCP connection closes, which others can see."""
    instance = network.vswitch_of(name)
    if instance is None:
        raise BridgeError(f"{name} runs no ovs-vswitchd", code="FAULT_NOT_APPLIED")
    if "ovs-vswitchd" not in instance.pids():
        raise BridgeError(f"{name} runs no ovs-vswitchd: it is dead already",
                          code="FAULT_NOT_APPLIED")
    before = now_ns()
    pid = instance.kill("ovs-vswitchd")
    after = now_ns()
    gone = pid is not None and state_of(pid) is None
    return {"beforeNs": before, "afterNs": after, "killed": [pid] if pid else [], "verified": gone,
            "evidence": fact("vswitchd-ended", node=name, pid=pid)}


def restart_vswitchd(network: Network, name: str) -> dict[str, Any]:
    """Start ovs-vswitchd again and restore what died with it."""
    instance = network.vswitch_of(name)
    if instance is None:
        raise BridgeError(f"{name} runs no ovs-vswitchd", code="FAULT_NOT_APPLIED")
    before = now_ns()
    if "ovs-vswitchd" not in instance.pids():
        instance.start_switch()
    network.kind_of(name).restore_after_vswitchd(name)
    pid = instance.pids().get("ovs-vswitchd")
    return {"beforeNs": before, "afterNs": now_ns(), "verified": pid is not None,
            "evidence": fact("vswitchd-started", node=name, pid=pid)}


#: How long a signalled process may take to show its new state.
SETTLE_S = 1.0


def send_signal(pids: list[int], number: int) -> dict[str, Any]:
    """Signal processes and read their states back (T = stopped, None = gone).

    A process stops when it next runs, so the states are read until they fit the signal; the
    second stamp is taken when they do.
    """
    before = now_ns()
    for pid in pids:
        try:
            os.kill(pid, signals.Signals(number))
        except ProcessLookupError:
            # Its state shows it below; the others get the signal all the same.
            continue
    deadline = before + int(SETTLE_S * 1e9)
    while True:
        states = {str(pid): state_of(pid) for pid in pids}
        after = now_ns()
        if all(fits(number, state) for state in states.values()) or after > deadline:
            return {"beforeNs": before, "afterNs": after, "states": states}
        time.sleep(0.0005)


def fits(number: int, state: str | None) -> bool:
    """Whether a process state is what the signal leads to."""
    if number == signals.SIGSTOP:
        return state in ("T", "t", None)
    if number == signals.SIGCONT:
        return state not in ("T", "t")
    return True

"""Power: taking a node away without a farewell, and bringing it back."""

from __future__ import annotations

import os
import signal as signals
import time
from typing import Any

from commands import now_ns, state_of
from interfaces import set_all
from network import Network
from protocol import BridgeError
from relay import Relay


def relay_named(network: Network, name: str) -> Relay:
    """The overlay node of that name; raises BridgeError for any other node."""
    node = network.net.nameToNode.get(name)
    if not isinstance(node, Relay):
        raise BridgeError(f"{name} is no relay")
    return node


def power_off(network: Network, name: str) -> dict[str, Any]:
    """Cut data and control first, then kill: no FIN, RST or last packet tells anybody what a
    dead machine could not tell. The stamps enclose the cut, not the killing."""
    relay = relay_named(network, name)
    outside = network.root_ends(name)
    before = now_ns()
    set_all(outside, up=False, pid=None)
    set_all(relay.all_interfaces(), up=False, pid=relay.pid)
    after = now_ns()
    killed = [relay.vswitch.kill(program) for program in ("ovs-vswitchd", "ovsdb-server")]
    relay.powered = False
    alive = [pid for pid in killed if pid is not None and state_of(pid) is not None]
    return {"beforeNs": before, "afterNs": after, "killed": [p for p in killed if p],
            "verified": not alive and not relay.vswitch.pids(),
            "evidence": f"interfaces of {name} down, processes {killed} gone"}


def power_on(network: Network, name: str) -> dict[str, Any]:
    """Start the daemons on the database as it was left, then connect the machine. Flows are
    gone, as after a real boot."""
    relay = relay_named(network, name)
    before = now_ns()
    set_all(relay.all_interfaces(), up=True, pid=relay.pid)
    relay.vswitch.start_database()
    relay.vswitch.start_switch()
    relay.vswitch.vsctl("wait-until", "Interface", "br0", "ofport>0")
    relay.restore_addresses()
    network.quiet_offloads_of(relay)
    set_all(network.root_ends(name), up=True, pid=None)
    relay.powered = True
    return {"beforeNs": before, "afterNs": now_ns(), "verified": len(relay.vswitch.pids()) == 2,
            "evidence": f"processes of {name} run: {relay.vswitch.pids()}"}


def crash_vswitchd(network: Network, name: str) -> dict[str, Any]:
    """SIGKILL of ovs-vswitchd alone: its TCP connection closes, which others can see."""
    instance = network.instance_of(name)
    if instance is None:
        raise BridgeError(f"{name} runs no ovs-vswitchd")
    before = now_ns()
    pid = instance.kill("ovs-vswitchd")
    after = now_ns()
    gone = pid is not None and state_of(pid) is None
    return {"beforeNs": before, "afterNs": after, "killed": [pid] if pid else [], "verified": gone,
            "evidence": f"ovs-vswitchd (process {pid}) of {name} gone"}


def restart_vswitchd(network: Network, name: str) -> dict[str, Any]:
    """Start ovs-vswitchd again and restore what died with it."""
    instance = network.instance_of(name)
    if instance is None:
        raise BridgeError(f"{name} runs no ovs-vswitchd")
    before = now_ns()
    if "ovs-vswitchd" not in instance.pids():
        instance.start_switch()
    node = network.net[name]
    if isinstance(node, Relay):
        instance.vsctl("wait-until", "Interface", "br0", "ofport>0")
        node.restore_addresses()
        network.quiet_offloads_of(node)
    pid = instance.pids().get("ovs-vswitchd")
    return {"beforeNs": before, "afterNs": now_ns(), "verified": pid is not None,
            "evidence": f"ovs-vswitchd of {name} runs as process {pid}"}


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
        except ProcessLookupError as cause:
            raise BridgeError(f"process {pid} is gone") from cause
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
        return state in ("T", "t")
    if number == signals.SIGCONT:
        return state not in ("T", "t")
    return True

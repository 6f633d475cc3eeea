#!/usr/bin/python3
"""The bridge: carries out the runner's requests on Mininet. It ends when its input ends."""

from __future__ import annotations

import protocol

_output = protocol.claim_standard_output()
_input = protocol.claim_standard_input()

import platform  # noqa: E402
import sys  # noqa: E402
import traceback  # noqa: E402
from concurrent.futures import Future, ThreadPoolExecutor  # noqa: E402
from queue import SimpleQueue  # noqa: E402
from threading import Lock, Thread  # noqa: E402
from typing import Any, Callable  # noqa: E402

import own_distutils  # noqa: E402

own_distutils.keep_own_distutils()

import mininet.net  # noqa: E402
from mininet.log import setLogLevel  # noqa: E402

import commands  # noqa: E402
import power  # noqa: E402
from network import Network  # noqa: E402
from protocol import BridgeError, Reply, Request, Wire  # noqa: E402
from shell import Shell  # noqa: E402
from vswitch import VSwitch  # noqa: E402


class Bridge:
    """Holds the one network of this process; every public verb is one method."""

    def __init__(self) -> None:
        self.network: Network | None = None
        #: Mininet's own objects are not made for several threads.
        self.mininet_lock = Lock()
        self.shell_keeper = Shell()
        #: What must run in the main thread, where Python delivers signals; None ends it.
        self.main_thread_work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def live(self) -> Network:
        """The network; raises BridgeError before `build`."""
        if self.network is None:
            raise BridgeError("no network was built yet")
        return self.network

    def build(self, topology: dict[str, Any], datapath: str, runFolder: str,
              logFolder: str) -> dict[str, Any]:
        """Build and start the network; returns every node with its pid and interfaces."""
        with self.mininet_lock:
            self.network = Network(topology, datapath, runFolder, logFolder)
            self.network.build()
            return self.describe()

    def describe(self) -> dict[str, Any]:
        """Nodes as they are: pid, namespace, interfaces, OVS instance."""
        network = self.live()
        nodes = []
        for node in [*network.net.hosts, *network.net.switches]:
            instance = network.vswitch_of(node.name)
            nodes.append({
                "name": node.name,
                "pid": node.pid if node.inNamespace else None,
                "interfaces": [str(i) for i in node.intfList() if str(i) != "lo"],
                "ovs": None if instance is None else {
                    "folder": instance.folder,
                    "bridge": network.bridge_of(node.name),
                    "control": instance.control,
                    "processes": instance.pids()},
            })
        return {"nodes": nodes}

    def run(self, node: str | None, argv: list[str], timeoutMs: float,
            stdin: str | None = None) -> dict[str, Any]:
        """Run a program in a node's namespaces (None: the lab's root namespace)."""
        pid = None
        if node is not None:
            found = self.live().net.nameToNode.get(node)
            if found is None:
                raise BridgeError(f"{node} is not a node of this network")
            pid = found.pid if found.inNamespace else None
        return commands.run(argv, pid, timeoutMs / 1000, stdin)

    def vsctl(self, node: str, arguments: list[str]) -> str:
        """ovs-vsctl on the instance that owns a node's bridge."""
        instance = self.live().vswitch_of(node)
        if instance is None:
            raise BridgeError(f"{node} has no Open vSwitch")
        return instance.vsctl(*arguments, timeout_s=RUN_VSCTL_S)

    def transact(self, changes: list[dict[str, Any]]) -> dict[str, Any]:
        """Change the databases of nodes (`node`, and `operations` as in RFC 7047), each instance in
        one transaction, and wait until all have carried it out."""
        by_instance: dict[VSwitch, list[dict[str, Any]]] = {}
        for change in changes:
            instance = self.live().vswitch_of(change["node"])
            if instance is None:
                raise BridgeError(f"{change['node']} has no Open vSwitch")
            by_instance.setdefault(instance, []).extend(change["operations"])
        numbers = [(instance, instance.configure(operations))
                   for instance, operations in by_instance.items()]
        limit_s = RUN_VSCTL_S + SECONDS_A_CHANGE * len(changes)
        for instance, number in numbers:
            instance.await_configured(number, limit_s)
        return {}

    def ownVerb(self, node: str, verb: str, arguments: dict[str, Any]) -> Any:
        """See NodeKind.own_verb."""
        return self.live().kind_of(node).own_verb(node, verb, arguments)

    def powerOff(self, node: str) -> dict[str, Any]:
        """See power.power_off."""
        return power.power_off(self.live(), node)

    def powerOn(self, node: str) -> dict[str, Any]:
        """See power.power_on."""
        with self.mininet_lock:
            return power.power_on(self.live(), node)

    def crashVswitchd(self, node: str) -> dict[str, Any]:
        """See power.crash_vswitchd."""
        return power.crash_vswitchd(self.live(), node)

    def restartVswitchd(self, node: str) -> dict[str, Any]:
        """See power.restart_vswitchd."""
        return power.restart_vswitchd(self.live(), node)

    def signal(self, pids: list[int], number: int) -> dict[str, Any]:
        """See power.send_signal."""
        return power.send_signal(pids, number)

    def shell(self, terminal: str, terminalType: str) -> dict[str, Any]:
        """See shell.Shell.run. Answers when the shell ends, however long that takes."""
        network, done = self.live(), Future()

        def work() -> None:
            try:
                done.set_result(self.shell_keeper.run(network, terminal, terminalType))
            except BaseException as failure:  # noqa: BLE001 - carried to the calling thread
                done.set_exception(failure)

        self.main_thread_work.put(work)
        return done.result()

    def interruptShell(self) -> dict[str, Any]:
        """See shell.Shell.interrupt."""
        self.shell_keeper.interrupt()
        return {}

    def endShell(self) -> dict[str, Any]:
        """See shell.Shell.end."""
        self.shell_keeper.end()
        return {}

    def stop(self) -> dict[str, Any]:
        """Stop the network."""
        self.shell_keeper.end()
        with self.mininet_lock:
            if self.network is not None:
                self.network.stop()
                self.network = None
        return {}


#: While a network runs, a database answers within milliseconds; building may take longer.
RUN_VSCTL_S = 5
#: More for each node whose database changes at the same time.
SECONDS_A_CHANGE = 0.1

VERBS = ("build", "describe", "run", "vsctl", "transact", "powerOff", "powerOn",
         "crashVswitchd", "restartVswitchd", "signal", "ownVerb", "shell", "interruptShell",
         "endShell", "stop")


def answer(bridge: Bridge, request: Request) -> Reply:
    """Carry out one request; whatever goes wrong becomes the reply."""
    try:
        if request.verb not in VERBS:
            raise BridgeError(f"no such verb: {request.verb}")
        verb: Callable[..., Any] = getattr(bridge, request.verb)
        return Reply(request.id, True, verb(**request.arguments))
    except BridgeError as known:
        return Reply(request.id, False, error={
            "message": str(known), "hint": known.hint, "details": known.details})
    except (Exception, SystemExit) as unknown:  # noqa: BLE001 - Mininet also calls exit()
        traceback.print_exc(file=sys.stderr)
        return Reply(request.id, False, error={
            "message": f"{request.verb}: {type(unknown).__name__}: {unknown}",
            "hint": "The bridge's log has the traceback.", "details": {}})


def read_requests(bridge: Bridge, wire: Wire) -> None:
    """Answer requests side by side until the input ends."""
    with ThreadPoolExecutor(max_workers=16) as pool:
        for line in _input:
            try:
                request = Request.parse(line)
            except BridgeError as bad:
                wire.reply(Reply(-1, False, error={"message": str(bad), "hint": "", "details": {}}))
                continue
            pool.submit(lambda one=request: wire.reply(answer(bridge, one)))
        bridge.shell_keeper.end()
    bridge.main_thread_work.put(None)


def main() -> None:
    """Say hello, answer requests side by side until the input ends, then stop the network."""
    setLogLevel("info")
    wire = Wire(_output)
    bridge = Bridge()
    wire.send({"hello": "failover-lab-bridge", "protocol": protocol.PROTOCOL_VERSION,
               "mininet": mininet.net.VERSION, "python": platform.python_version()})
    reader = Thread(target=read_requests, args=(bridge, wire))
    reader.start()
    while (work := bridge.main_thread_work.get()) is not None:
        work()
    reader.join()
    bridge.stop()


if __name__ == "__main__":
    main()

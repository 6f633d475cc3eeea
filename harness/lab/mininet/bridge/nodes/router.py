"""Routers, each in a network namespace of its own: with the daemons of FRR or BIRD, or by the kernel alone."""

from __future__ import annotations

import ipaddress
import json
import subprocess
import time
from typing import Any

from mininet.node import Switch

import links
import withdrawal
from batched import Batched
from commands import check, now_ns, state_of
from machine import Machine
from node_kind import NodeKind
from power import fact
from protocol import BridgeError
from routing_daemons import RoutingDaemons
from routing_sessions import networks_in_table, sessions_of

#: A router forwards, and trusts its own table about where a packet may come from.
SETTINGS = ("net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0",
            "net.ipv4.conf.default.rp_filter=0")
#: How often FRR's own script (frrcommon.sh) looks whether a daemon has ended.
FRR_SCRIPT_WAIT_S = 0.1
#: Longer than the kernel holds back a report of carrier.
CARRIER_S = 3.0


class Router(Machine, Batched, Switch):
    """The machine that holds one router."""

    def __init__(self, name: str, node: dict[str, Any], runFolder: str, logFolder: str,
                 **params: Any) -> None:
        params["inNamespace"] = True
        super().__init__(name, **params)
        self.node = node
        self.daemons = RoutingDaemons(node, self.pid, runFolder, logFolder)

    def start(self, controllers: list[Any]) -> None:
        """Addresses; the daemons of all routers start together, later."""
        del controllers
        check(["sysctl", "-qw", *SETTINGS], self.pid)
        links.dress(self, [("lo", self.node["loopback"]),
                           *((one["port"], one["address"]) for one in self.node["interfaces"])])

    def runs_on_all_links(self) -> bool:
        """Whether every interface has carrier, as the kernel has reported it."""
        there = links.seen_in(self.pid)
        return all(there[one["port"]].running for one in self.node["interfaces"])

    def boot(self) -> dict[str, Any]:
        """The daemons, on their configuration; routes are gone, as after a real boot."""
        if self.has_no_daemons():
            self.set_routes()
            return {}
        self.daemons.launch_first()
        self.daemons.launch_others()
        self.daemons.starting.clear()
        return self.daemons.pids()

    def has_no_daemons(self) -> bool:
        """The kernel alone, with static routes."""
        return len(self.daemons.configs) == 0

    def set_routes(self) -> None:
        """Of a router without daemons; its interfaces are up."""
        for route in self.node["protocols"].get("static", []):
            check(["ip", "-4", "route", "replace", route["prefix"], "via", route["via"]], self.pid)

    def booted(self, running: dict[str, Any]) -> bool:
        """All daemons run."""
        return all(program in running for program in self.daemons.configs)

    def end_daemons(self) -> None:
        """All of them."""
        self.daemons.stop()


class Kind(NodeKind):
    """All routers of a network."""

    def add(self) -> None:
        """One machine each; Mininet requires a datapath id, which is not used."""
        for number, node in enumerate(self.nodes, 1):
            self.network.net.addSwitch(node["name"], cls=Router, node=node, dpid=f"{number:x}",
                                       runFolder=self.network.run_folder,
                                       logFolder=self.network.log_folder)

    def launch(self) -> None:
        """Start the daemons of all routers side by side."""
        self.await_carrier()
        for router in self.routers():
            if router.has_no_daemons():
                router.set_routes()
        all_daemons = [router.daemons for router in self.routers() if not router.has_no_daemons()]
        for daemons in all_daemons:
            daemons.prepare(f"{self.network.run_folder}/routers")
        for daemons in all_daemons:
            daemons.launch_first()
        for daemons in all_daemons:
            daemons.launch_others()
        for daemons in all_daemons:
            daemons.wait_until_listening()
        for daemons in all_daemons:
            daemons.take_file()

    def await_carrier(self) -> None:
        """The kernel reports a change of carrier up to a second later. A zebra that starts between
        the two can take a link for whole, fail to set the subnet's route and never try again. Where
        there is none, such as behind a switch that stays down, the daemons start without it."""
        deadline = now_ns() + int(CARRIER_S * 1e9)
        while not all(router.runs_on_all_links() for router in self.routers()):
            if now_ns() > deadline:
                return
            time.sleep(0.01)

    def routers(self) -> list[Router]:
        """The live routers."""
        return [self.network.net[node["name"]] for node in self.nodes
                if node["name"] in self.network.net]

    def daemons(self) -> list[subprocess.Popen[bytes]]:
        """Of all routers."""
        return [child for router in self.routers() for child in router.daemons.children.values()]

    def own_verb(self, name: str, verb: str, arguments: dict[str, Any]) -> Any:
        """`sessions`, `daemons`, `crashDaemon`, `restartDaemon`, `restoreDaemon`, `withdraw`,
        `announce`."""
        router: Router = self.network.net[name]
        verbs = {"sessions": self.sessions,
                 "daemons": lambda one: {program: one.daemons.processes(program)
                                         for program in one.daemons.pids()},
                 "crashDaemon": self.crash_daemon, "restartDaemon": self.restart_daemon,
                 "restoreDaemon": self.restore_daemon,
                 "withdraw": lambda one, prefix: withdrawal.change(one.node, one.daemons, prefix, False),
                 "announce": lambda one, prefix: withdrawal.change(one.node, one.daemons, prefix, True)}
        if verb not in verbs:
            return super().own_verb(name, verb, arguments)
        return verbs[verb](router, **arguments)

    def sessions(self, router: Router) -> dict[str, Any]:
        """What the router reports of its sessions, the networks it has no route to, its daemons."""
        return {"sessions": sessions_of(router.node, router.daemons),
                # What a file of the user's takes and announces is its own business.
                "missing": [] if "configFile" in router.node else sorted(
                    self.networks() - networks_in_table(router.pid) - own_networks(router.node))}

    def networks(self) -> set[str]:
        """All loopbacks, and all subnets with hosts, that some protocol announces."""
        announced = [node for node in self.nodes if "configFile" not in node
                     and set(node["protocols"]) & {"ospf", "bgp", "isis"}]
        hosts = {str(ipaddress.ip_interface(one["address"]).network)
                 for node in announced for one in node["interfaces"] if one["hosts"]}
        return hosts | {node["loopback"] for node in announced}

    def crash_daemon(self, router: Router, daemon: str) -> dict[str, Any]:
        """SIGKILL of one daemon: the kernel closes its connections, and its routes are zebra's."""
        if daemon not in router.daemons.pids():
            raise BridgeError(f"{router.name} runs no {daemon} (it runs: "
                              f"{', '.join(router.daemons.pids()) or 'none'})",
                              code="FAULT_NOT_APPLIED")
        before = now_ns()
        pid = router.daemons.kill(daemon)
        after = now_ns()
        if pid is None:
            raise BridgeError(f"{daemon} of {router.name} ended before", code="FAULT_NOT_APPLIED")
        return {"beforeNs": before, "afterNs": after, "verified": state_of(pid) is None,
                "evidence": fact("daemon-ended", node=router.name, daemon=daemon, pid=pid,
                                 gone=state_of(pid) is None)}

    def restart_daemon(self, router: Router, daemon: str) -> dict[str, Any]:
        """SIGTERM, and a new process as soon as the old one has ended."""
        before = now_ns()
        old = router.daemons.end(daemon)
        router.daemons.launch(daemon)
        after = now_ns()
        router.daemons.wait_until_listening()
        new = router.daemons.pids().get(daemon)
        return {"beforeNs": before, "afterNs": after, "verified": new is not None and new != old,
                "evidence": fact("daemon-started", node=router.name, daemon=daemon, before=old,
                                 after=new)}

    def restore_daemon(self, router: Router, daemon: str) -> dict[str, Any]:
        """Start it again where it does not run, as FRR's own watchdog does: without zebra the others
        are ended in order, so that they take back what they announced, and all start anew. They
        would not find the new one for ten seconds."""
        before = now_ns()
        daemons = router.daemons
        if daemon == "zebra" and daemon not in daemons.pids():
            for program in [*daemons.pids()]:
                daemons.end(program)
                # Meanwhile neighbours compute new routes; a new zebra removes those of the old one.
                time.sleep(FRR_SCRIPT_WAIT_S)
            daemons.launch_first()
            daemons.launch_others()
        else:
            daemons.launch(daemon)
        daemons.wait_until_listening()
        running = daemons.pids()
        return {"beforeNs": before, "afterNs": now_ns(),
                "verified": all(program in running for program in daemons.configs),
                "evidence": fact("daemon-started", node=router.name, daemon=daemon, before=None,
                                 after=running.get(daemon))}

    def outputs(self, name: str, in_port: str, source: dict[str, Any],
                target: dict[str, Any]) -> list[str]:
        """By the kernel's table."""
        ends = [one["address"].split("/")[0] for one in (target, source)]
        shown = check(["ip", "-4", "-j", "route", "get", ends[0], "from", ends[1], "iif", in_port],
                      self.network.pid_of(name))
        return [route["dev"] for route in json.loads(shown) if "dev" in route]

    def port_table(self, name: str) -> str:
        """Its interfaces with their addresses."""
        node: dict[str, Any] = self.network.net[name].node
        rows = [f"  {one['port']:<15}  {one['address']:<18}  link {one['link']}\n"
                for one in node["interfaces"]]
        return f"{name} {node['suite']}\n" + "".join(rows)


def own_networks(node: dict[str, Any]) -> set[str]:
    """What the router has an address in."""
    return {node["loopback"], *(str(ipaddress.ip_interface(one["address"]).network)
                                for one in node["interfaces"])}

"""Builds a network in one of three ways and ends it again, in a sandbox of its own, and prints how
long each part took as one JSON object.

Usage: measure.py WAY BRIDGE_FOLDER < topology.json

- `failover-lab`: its bridge builds the resolved topology, as in every lab.
- `mininet`: plain Mininet builds the same switches, hosts and links.
- `floor`: namespaces and links by `ip -batch`, and bridges by one transaction of ovs-vsctl, without
  Mininet's model, shells, settings and reading back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any, Callable

LOGS = "/tmp"
OVS = "/run/openvswitch"


def is_end_point(node: dict[str, Any]) -> bool:
    """Whether it has a MAC address of its own, as hosts have and what forwards has not."""
    return "mac" in node


def processor_seconds() -> float:
    """Of all processes of this sandbox, and of those that ended and were waited for."""
    total = 0
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                total += sum(map(int, stat.read().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return total / os.sysconf("SC_CLK_TCK")


def memory_mib() -> float:
    """Of all processes of this sandbox, shared pages divided among those that share them."""
    total = 0
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/smaps_rollup", encoding="ascii") as rollup:
                total += sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        except OSError:
            continue
    return total / 1024


def timed(work: Callable[[], Any]) -> dict[str, float]:
    """Seconds on the clock, and of processors."""
    started, spent = time.monotonic(), processor_seconds()
    work()
    return {"seconds": time.monotonic() - started,
            "processorSeconds": max(0.0, processor_seconds() - spent)}


def call(*words: str, stdin: str | None = None) -> str:
    """Run a program; its output. Raises when it fails."""
    return subprocess.run(words, input=stdin, text=True, check=True, timeout=600,
                          stdout=subprocess.PIPE).stdout


class Bridge:
    """failover-lab's own bridge, by its protocol."""

    def __init__(self, folder: str, topology: dict[str, Any]) -> None:
        self.topology = topology
        self.child = subprocess.Popen(
            ["/usr/bin/python3", "-B", f"{folder}/main.py"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.read()

    def read(self) -> Any:
        """One line of its answers."""
        assert self.child.stdout is not None
        return json.loads(self.child.stdout.readline())

    def ask(self, verb: str, **arguments: Any) -> Any:
        """One request. Raises with the bridge's own words."""
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps({"id": 1, "verb": verb, "arguments": arguments}) + "\n")
        self.child.stdin.flush()
        reply = self.read()
        if not reply["ok"]:
            raise RuntimeError(reply["error"]["message"])
        return reply["result"]

    def build(self) -> None:
        """The whole network, read back."""
        built = self.ask("build", topology=self.topology, datapath="user", runFolder="/run/lab",
                         logFolder=LOGS)
        self.has_open_vswitch = {one["name"]: one["ovs"] is not None for one in built["nodes"]}

    def change(self) -> None:
        """One setting of one port, until ovs-vswitchd (of a router: the kernel) has carried it out."""
        node = next(one for one in self.topology["nodes"] if not is_end_point(one))["name"]
        port = next(end["port"] for link in self.topology["links"]
                    for end in (link["a"], link["b"]) if end["node"] == node)
        if self.has_open_vswitch[node]:
            self.ask("vsctl", node=node,
                     arguments=["set", "Interface", port, "bfd:enable=false"])
        else:
            self.ask("run", node=node, timeoutMs=5000,
                     argv=["ip", "link", "set", port, "txqueuelen", "1001"])

    def end(self) -> None:
        """Until the bridge has ended."""
        self.ask("stop")
        assert self.child.stdin is not None
        self.child.stdin.close()
        self.child.wait()


class Daemons:
    """One Open vSwitch, as a machine has it."""

    def __init__(self) -> None:
        os.makedirs(OVS, exist_ok=True)
        call("ovsdb-tool", "create", f"{OVS}/conf.db", "/usr/share/openvswitch/vswitch.ovsschema")
        quiet = ["-vconsole:off", "-vsyslog:off", "-vfile:off"]
        server = ["ovsdb-server", f"{OVS}/conf.db", f"--remote=punix:{OVS}/db.sock"]
        self.children = [subprocess.Popen([*server, *quiet])]
        while not os.path.exists(f"{OVS}/db.sock"):
            time.sleep(0.005)
        call("ovs-vsctl", "--no-wait", "init")
        self.children.append(subprocess.Popen(["ovs-vswitchd", f"unix:{OVS}/db.sock", *quiet]))

    def end(self) -> None:
        """Kill both."""
        for child in self.children:
            child.kill()
        for child in self.children:
            child.wait()


class PlainMininet:
    """Mininet as it comes, with the userspace datapath."""

    def __init__(self, topology: dict[str, Any]) -> None:
        from mininet.net import Mininet
        from mininet.node import OVSSwitch

        self.topology, self.switch = topology, OVSSwitch
        self.daemons = Daemons()
        self.net = Mininet(topo=None, build=False, controller=None)

    def build(self) -> None:
        """The same switches, hosts and links."""
        for node in self.topology["nodes"]:
            if is_end_point(node):
                self.net.addHost(node["name"], ip=node["address"], mac=node["mac"])
            else:
                self.net.addSwitch(node["name"], cls=self.switch, dpid=node["dpid"],
                                   datapath="user", failMode="standalone")
        for link in self.topology["links"]:
            self.net.addLink(link["a"]["node"], link["b"]["node"])
        self.net.build()
        self.net.start()

    def change(self) -> None:
        """One setting of one port."""
        switch = self.net.switches[0]
        call("ovs-vsctl", "set", "Interface", f"{switch.name}-eth1", "bfd:enable=false")

    def end(self) -> None:
        """As a script of Mininet's ends."""
        self.net.stop()
        self.daemons.end()


class Floor:
    """What the kernel and Open vSwitch need."""

    def __init__(self, topology: dict[str, Any]) -> None:
        self.nodes = topology["nodes"]
        self.links = [(link["a"], link["b"]) for link in topology["links"]]
        self.hosts = {node["name"] for node in self.nodes if is_end_point(node)}
        self.daemons = Daemons()

    def build(self) -> None:
        """Namespaces, pairs, bridges."""
        def end(place: dict[str, Any]) -> str:
            inside = f" netns {place['node']}" if place["node"] in self.hosts else ""
            return f"name {place['port']} group 7{inside}"

        spaces = [f"netns add {name}\n" for name in self.hosts]
        pairs = [f"link add {end(a)} type veth peer {end(b)}\n" for a, b in self.links]
        call("ip", "-batch", "-", stdin="".join(spaces))
        call("ip", "-batch", "-", stdin="".join([*pairs, "link set group 7 up\n"]))
        words: list[str] = []
        for node in self.nodes:
            name = node["name"]
            if name in self.hosts:
                continue
            words += ["--", "add-br", name, "--", "set", "Bridge", name, "datapath_type=netdev"]
            for port in (one["port"] for ends in self.links for one in ends if one["node"] == name):
                words += ["--", "add-port", name, port]
        call("ovs-vsctl", "--timeout=600", *words)

    def change(self) -> None:
        """One setting of one port."""
        port = next(one["port"] for ends in self.links for one in ends
                    if one["node"] not in self.hosts)
        call("ovs-vsctl", "set", "Interface", port, "bfd:enable=false")

    def end(self) -> None:
        """The daemons, and all links in one call; namespaces go with the sandbox."""
        self.daemons.end()
        call("ip", "link", "del", "group", "7")


def main(way: str, folder: str) -> None:
    """Measure one way."""
    topology = json.load(sys.stdin)
    made: Bridge | PlainMininet | Floor = (
        Bridge(folder, topology) if way == "failover-lab" else
        PlainMininet(topology) if way == "mininet" else Floor(topology))
    reading = {"build": timed(made.build), "memoryMiB": memory_mib(),
               "change": timed(made.change), "end": timed(made.end)}
    reading["mnClean"] = timed(lambda: subprocess.run(
        ["mn", "-c"] if way == "mininet" else ["/usr/bin/python3", "-B", f"{folder}/mn_clean.py"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=600))
    with open("/proc/net/dev", encoding="ascii") as devices:
        reading["interfacesLeft"] = len(devices.readlines()) - 3
    print(json.dumps(reading))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The way of a packet by the switches' own tables, for the shell (`ofproto/trace` hop by hop)."""

from __future__ import annotations

import json
import re
from typing import Any

import commands
from network import Network
from protocol import BridgeError

Port = tuple[str, str]


def trace_path(network: Network, start: str, end: str) -> tuple[list[str], bool]:
    """Nodes from host to host as far as the packet gets, and whether it arrives."""
    source, target = host_named(network, start), host_named(network, end)
    joined = neighbours(network.topology)
    nodes = [start]
    hop = next((there for (node, _), there in joined.items() if node == start), None)
    while hop is not None and hop[0] not in nodes:
        node, port = hop
        nodes.append(node)
        if node == end:
            return nodes, True
        ways = [joined[node, out] for out in outputs(network, node, port, source, target)
                if (node, out) in joined]
        direct = [way for way in ways if way[0] == end]
        # A flooded packet leaves by several ports; only a single way out is a path.
        hop = direct[0] if direct else ways[0] if len(ways) == 1 else None
    return nodes, False


def host_named(network: Network, name: str) -> dict[str, Any]:
    """The resolved host; raises BridgeError when there is none."""
    hosts = {host["name"]: host for host in network.of_kind("host")}
    if name not in hosts:
        raise BridgeError(f"{name} is no host of this lab (there are: {', '.join(hosts)})")
    return hosts[name]


def neighbours(topology: dict[str, Any]) -> dict[Port, Port]:
    """What lies behind each port."""
    carriers = {tunnel["underlay"] for tunnel in topology["tunnels"]}
    joins = [link for link in topology["links"] if link["id"] not in carriers]
    found: dict[Port, Port] = {}
    for join in joins + topology["tunnels"]:
        a, b = ((join[end]["node"], join[end]["port"]) for end in ("a", "b"))
        found[a], found[b] = b, a
    return found


def outputs(network: Network, node: str, in_port: str, source: dict[str, Any],
            target: dict[str, Any]) -> list[str]:
    """Names of the ports by which the switch would send a TCP packet on."""
    instance = network.instance_of(node)
    if instance is None:
        return []
    bridge = network.bridge_of(node)
    flow = (f'in_port="{in_port}",tcp,dl_src={source["mac"]},dl_dst={target["mac"]},'
            f'nw_src={source["address"].split("/")[0]},nw_dst={target["address"].split("/")[0]},'
            "tp_src=40000,tp_dst=5201,nw_ttl=64")
    appctl = ["ovs-appctl", "-t", instance.control, "-T", "3"]
    done = commands.run([*appctl, "ofproto/trace", bridge, flow])
    if done["status"] != 0:
        return []
    # Behind a tunnel port the trace goes on into the underlay: only the first bridge counts.
    own = re.split(r"^bridge\(", done["stdout"], flags=re.M)[1:2] or [""]
    own = own[0].split("Final flow:")[0]
    found = set(re.findall(r'^\s*output:"?([\w.-]+)"?\s*$', own, flags=re.M))
    if "forwarding to learned port" in own:
        table = commands.run([*appctl, "fdb/show", bridge])["stdout"].lower()
        found |= {row.split()[0] for row in table.splitlines() if target["mac"].lower() in row}
    listed = json.loads(instance.vsctl(
        "--format=json", "--columns=name,ofport", "list", "Interface"))["data"]
    names = set(instance.vsctl("list-ifaces", bridge).split())
    return [name for name, number in listed
            if name in names and (name in found or str(number) in found)]

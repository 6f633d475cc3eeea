"""The way of a packet by the nodes' own tables, hop by hop, for the shell."""

from __future__ import annotations

from typing import Any

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
        ways = [joined[node, out] for out in network.kind_of(node).outputs(node, port, source, target)
                if (node, out) in joined]
        direct = [way for way in ways if way[0] == end]
        # A flooded packet leaves by several ports; only a single way out is a path.
        hop = direct[0] if direct else ways[0] if len(ways) == 1 else None
    return nodes, False


def host_named(network: Network, name: str) -> dict[str, Any]:
    """The resolved host; raises BridgeError when there is none."""
    hosts = {node["name"]: node for node in network.topology["nodes"]
             if not network.kind_of(node["name"]).forwards}
    if name not in hosts:
        raise BridgeError(f"{name} is not a host in this lab (hosts: {', '.join(hosts)})")
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

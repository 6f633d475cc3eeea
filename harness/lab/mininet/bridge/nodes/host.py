"""Hosts, where traffic begins and ends."""

from __future__ import annotations

import links
from batched import BatchedHost
from commands import check
from node_kind import NodeKind


class Kind(NodeKind):
    """Mininet's own hosts."""

    forwards = False

    def add(self) -> None:
        """One namespace each."""
        for host in self.nodes:
            self.network.net.addHost(host["name"], cls=BatchedHost, ip=host["address"],
                                     mac=host["mac"])

    def dress(self) -> None:
        """Give hosts their addresses, the meter's own where one is asked for; IPv6 chatter would
        only blur counters."""
        for host in self.nodes:
            node = self.network.net[host["name"]]
            own = [host["address"], *filter(None, [host.get("meterAddress")])]
            # A host without a link has no interface for them.
            first = [str(node.defaultIntf())] if node.intfs else []
            links.dress(node, [(name, address) for name in first for address in own])
            if "defaultRoute" in host:
                check(["ip", "route", "replace", "default", *host["defaultRoute"].split()], node.pid)

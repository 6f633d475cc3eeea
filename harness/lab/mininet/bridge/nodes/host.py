"""Hosts, where traffic begins and ends."""

from __future__ import annotations

from commands import check
from node_kind import NodeKind


class Kind(NodeKind):
    """Mininet's own hosts."""

    forwards = False

    def add(self) -> None:
        """One namespace each."""
        for host in self.nodes:
            self.network.net.addHost(host["name"], ip=host["address"], mac=host["mac"])

    def dress(self) -> None:
        """Give hosts the meter's own address where one is asked for; IPv6 chatter would only blur counters."""
        for host in self.nodes:
            node = self.network.net[host["name"]]
            intf = str(node.defaultIntf())
            check(["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"], node.pid)
            if host.get("meterAddress"):
                check(["ip", "addr", "replace", host["meterAddress"], "dev", intf], node.pid)
            if "defaultRoute" in host:
                check(["ip", "route", "replace", "default", *host["defaultRoute"].split()], node.pid)

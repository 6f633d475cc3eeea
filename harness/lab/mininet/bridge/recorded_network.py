"""The Mininet of a script that is recorded: it keeps nodes and links, and starts nothing."""

from __future__ import annotations

from typing import Any, Iterator

import mininet.link
import mininet.node
from mininet.util import ipAdd, macColonHex, netParse
from recorded_nodes import Anything, inert

#: Every network that the script makes.
NETWORKS: list["RecordedNetwork"] = []


class RecordedNetwork:
    """What `Mininet` and those derived from it are while a script is recorded."""

    def __init__(self, topo: Any = None, switch: Any = None, host: Any = None,
                 controller: Any = mininet.node.Controller, link: Any = None, intf: Any = None,
                 build: bool = True, xterms: bool = False, cleanup: bool = False,
                 ipBase: str = "10.0.0.0/8", inNamespace: bool = False, autoSetMacs: bool = False,
                 **_more: Any) -> None:
        self.topo, self.switch, self.host = topo, switch, host
        self.controller, self.link, self.autoSetMacs = controller, link, autoSetMacs
        self.ipBase = ipBase
        self.ipBaseNum, self.prefixLen = netParse(ipBase)
        self.nextIP = ((0xFFFFFFFF >> self.prefixLen) & self.ipBaseNum) or 1
        self.hosts: list[Any] = []
        self.switches: list[Any] = []
        self.controllers: list[Any] = []
        self.links: list[Any] = []
        self.nameToNode: dict[str, Any] = {}
        self.terms: list[Any] = []
        self.built = False
        NETWORKS.append(self)
        if topo and build:
            self.build()

    init = staticmethod(inert)

    # -- Adding ---------------------------------------------------------------------------------

    def addHost(self, name: str, cls: Any = None, **params: Any) -> Any:
        """As Mininet counts addresses."""
        address = ipAdd(self.nextIP, ipBaseNum=self.ipBaseNum, prefixLen=self.prefixLen)
        defaults = {"ip": f"{address}/{self.prefixLen}"}
        if self.autoSetMacs:
            defaults["mac"] = macColonHex(self.nextIP)
        self.nextIP += 1
        made = (cls or self.host or mininet.node.Host)(name, **{**defaults, **params})
        made.ownAddress = params.get("ip", defaults["ip"])
        made.isAddressStated = "ip" in params
        return self.keep(made, self.hosts)

    addStation = addHost

    def addSwitch(self, name: str, cls: Any = None, **params: Any) -> Any:
        made = (cls or self.switch or mininet.node.OVSKernelSwitch)(name, **params)
        return self.keep(made, self.switches)

    def addController(self, name: Any = "c0", controller: Any = None, **params: Any) -> Any:
        """Also of one that is made already."""
        if isinstance(name, mininet.node.Controller):
            return self.keep(name, self.controllers)
        chosen = controller or self.controller
        if isinstance(chosen, mininet.node.Controller):
            return self.keep(chosen, self.controllers)
        if chosen is None:
            return None
        return self.keep(chosen(name, **params), self.controllers)

    def addNAT(self, name: str = "nat0", connect: Any = True, inNamespace: bool = False,
               **params: Any) -> Any:
        made = self.addHost(name, inNamespace=inNamespace, **params)
        made.isNAT = True
        if connect and self.switches:
            self.addLink(made, self.switches[0] if connect is True else connect)
        return made

    def keep(self, made: Any, group: list[Any]) -> Any:
        if isinstance(made, Anything) or made is None:
            return made
        group.append(made)
        self.nameToNode[made.name] = made
        return made

    def addLink(self, node1: Any, node2: Any, port1: Any = None, port2: Any = None, cls: Any = None,
                **params: Any) -> Any:
        ends = [self.get(one) if isinstance(one, str) else one for one in (node1, node2)]
        stated = {key: one for key, one in (("port1", port1), ("port2", port2)) if one is not None}
        options = {key: one for key, one in params.items()
                   if key not in ("node1", "node2", "fast") and one is not None}
        made = (cls or self.link or mininet.link.Link)(*ends, **stated, **options)
        self.links.append(made)
        return made

    # -- Building -------------------------------------------------------------------------------

    def buildFromTopo(self, topo: Any = None) -> None:
        """In the order of Mininet."""
        topo = topo or self.topo
        for name in topo.hosts():
            self.addHost(name, **topo.nodeInfo(name))
        for name in topo.switches():
            params = {key: one for key, one in topo.nodeInfo(name).items() if key != "isSwitch"}
            self.addSwitch(name, **params)
        for _one, _other, params in topo.links(sort=True, withInfo=True):
            self.addLink(**params)

    def build(self) -> None:
        """What a class of the script's own does in `config` is what makes a host a router."""
        if self.built:
            return
        self.built = True
        if self.topo:
            self.buildFromTopo(self.topo)
        if not self.controllers and self.controller is not None:
            self.addController("c0")
        for host in self.hosts:
            host.config(**host.params)

    def start(self) -> None:
        self.build()

    # -- Looking up -----------------------------------------------------------------------------

    def getNodeByName(self, *names: str) -> Any:
        """One, or a list of several. Raises KeyError as Mininet does."""
        if len(names) == 1:
            return self.nameToNode[names[0]]
        return [self.nameToNode[name] for name in names]

    get = getNodeByName

    def linksBetween(self, node1: Any, node2: Any) -> list[Any]:
        return [link for link in self.links
                if {link.intf1.node, link.intf2.node} == {node1, node2}]

    def __getitem__(self, key: str) -> Any:
        return self.nameToNode[key]

    def __contains__(self, name: object) -> bool:
        return name in self.nameToNode

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.nameToNode))

    def __len__(self) -> int:
        return len(self.nameToNode)

    def keys(self) -> list[str]:
        return list(self.nameToNode)

    def values(self) -> list[Any]:
        return list(self.nameToNode.values())

    def items(self) -> list[tuple[str, Any]]:
        return list(self.nameToNode.items())

    def iperf(self, *_arguments: Any, **_options: Any) -> list[str]:
        return ["", ""]

    def pingAll(self, *_arguments: Any, **_options: Any) -> float:
        return 0.0

    ping = pingPair = pingAll

    def __getattr__(self, name: str) -> Any:
        """Whatever else a script calls."""
        if name.startswith("__"):
            raise AttributeError(name)
        return inert

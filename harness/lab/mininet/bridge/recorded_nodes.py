"""Mininet's nodes, links and interfaces with nothing behind them: they keep what a script states.

The classes stay Mininet's own, so that a script may derive its own from them; every method of theirs
is replaced, and what a script's own class overrides still runs.
"""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any, Callable, Iterator

import mininet.link
import mininet.node
import mininet.nodelib


class Anything:
    """The answer of what is not there: callable, iterable, empty, and whatever else is asked of it."""

    def __call__(self, *_arguments: Any, **_options: Any) -> "Anything":
        return self

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _key: Any) -> "Anything":
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> "Anything":
        return self

    def __exit__(self, *_arguments: Any) -> None:
        return None

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""

    def __int__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0


def inert(*_arguments: Any, **_options: Any) -> Anything:
    """A method that does nothing."""
    return Anything()


def text_of(arguments: tuple[Any, ...]) -> str:
    """A command as Node.cmd takes it: one text, a list, or words."""
    words = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], (list, tuple)) else arguments
    return " ".join(map(str, words))


# -- What nodes do instead ------------------------------------------------------------------------

def node_init(self: Any, name: Any, inNamespace: bool = True, **params: Any) -> None:
    self.name = str(name)
    self.inNamespace = inNamespace
    self.params = params
    self.commands = []
    self.addresses = []
    self.nameToIntf = {}
    self.intfs = {}
    self.ports = {}
    self.shell = self.pid = None
    self.waiting = False
    NODES.append(self)


def node_cmd(self: Any, *arguments: Any, **_options: Any) -> str:
    self.commands.append(text_of(arguments))
    return ""


def node_popen(self: Any, *arguments: Any, **_options: Any) -> Anything:
    self.commands.append(text_of(arguments))
    return Anything()


def node_pexec(self: Any, *arguments: Any, **_options: Any) -> tuple[str, str, int]:
    self.commands.append(text_of(arguments))
    return "", "", 0


def node_config(self: Any, **params: Any) -> dict[str, Any]:
    return params


def node_set_ip(self: Any, ip: str, prefixLen: int = 8, intf: Any = None, **_more: Any) -> None:
    address = ip if "/" in str(ip) else f"{ip}/{prefixLen}"
    self.addresses.append({"interface": None if intf is None else str(intf), "address": address})


def node_set_mac(self: Any, mac: str, intf: Any = None) -> None:
    self.params["mac"] = mac


def node_set_route(self: Any, intf: Any = None) -> None:
    self.params["defaultRoute"] = str(intf)


def node_set_host_route(self: Any, ip: str, intf: Any) -> None:
    self.commands.append(f"route add -host {ip} dev {intf}")


def node_ip(self: Any, intf: Any = None) -> str:
    stated = [one["address"] for one in self.addresses
              if intf is None or one["interface"] == str(intf)]
    given = (stated or [str(self.params.get("ip") or "")])[-1]
    return given.split("/")[0]


def node_mac(self: Any, intf: Any = None) -> str:
    return str(self.params.get("mac") or "00:00:00:00:00:01")


def node_new_port(self: Any) -> int:
    return max(self.intfs) + 1 if self.intfs else self.portBase


def node_add_intf(self: Any, intf: Any, port: int | None = None, **_more: Any) -> None:
    number = node_new_port(self) if port is None else port
    self.intfs[number] = intf
    self.ports[intf] = number
    self.nameToIntf[intf.name] = intf


def node_default_intf(self: Any) -> Any:
    return self.intfs[min(self.intfs)] if self.intfs else Anything()


def node_intf(self: Any, intf: Any = None) -> Any:
    if not intf:
        return node_default_intf(self)
    return self.nameToIntf.get(str(intf), Anything())


def connections(self: Any, node: Any) -> list[tuple[Any, Any]]:
    pairs = [(intf, intf.link) for intf in self.intfs.values() if isinstance(intf.link, mininet.link.Link)]
    return [(own, link.intf2 if link.intf1 is own else link.intf1) for own, link in pairs
            if node in (link.intf1.node, link.intf2.node)]


def link_to(self: Any, node: Any, link: Any = mininet.link.Link) -> Any:
    return link(self, node)


NODE: dict[str, Callable[..., Any]] = {
    "__init__": node_init, "__repr__": lambda self: f"<{type(self).__name__} {self.name}>",
    "__str__": lambda self: self.name, "cmd": node_cmd, "cmdPrint": node_cmd, "sendCmd": node_cmd,
    "popen": node_popen, "pexec": node_pexec, "vsctl": node_cmd, "dpctl": node_cmd,
    "config": node_config, "configDefault": node_config, "setIP": node_set_ip,
    "setMAC": node_set_mac, "setDefaultRoute": node_set_route, "setHostRoute": node_set_host_route,
    "IP": node_ip, "MAC": node_mac, "newPort": node_new_port, "addIntf": node_add_intf,
    "defaultIntf": node_default_intf, "intf": node_intf, "connectionsTo": connections,
    "intfList": lambda self: list(self.intfs.values()),
    "intfNames": lambda self: [str(one) for one in self.intfs.values()],
    "waitOutput": lambda self, *_more, **_options: "", "monitor": lambda self, *_more, **_options: "",
    "connected": lambda self: True, "intfIsUp": lambda self, intf=None: True,
    "linkTo": link_to,
}


# -- What links and interfaces do instead ---------------------------------------------------------

def intf_init(self: Any, name: str, node: Any = None, port: int | None = None, link: Any = None,
              mac: str | None = None, **params: Any) -> None:
    self.name, self.node, self.link, self.mac, self.params = str(name), node, link, mac, params
    self.ip = self.prefixLen = None
    if node is not None:
        node.addIntf(self, port=port)
    if link is None:
        LINKLESS.append(self)


def intf_set_ip(self: Any, ipstr: str, prefixLen: int | None = None) -> None:
    self.node.setIP(ipstr, **({} if prefixLen is None else {"prefixLen": prefixLen}), intf=self)


def intf_cmd(self: Any, *arguments: Any, **_options: Any) -> str:
    return self.node.cmd(*arguments)


def intf_config(self: Any, **params: Any) -> dict[str, Any]:
    self.params.update(params)
    return params


INTF: dict[str, Callable[..., Any]] = {
    "__init__": intf_init, "__repr__": lambda self: f"<{type(self).__name__} {self.name}>",
    "__str__": lambda self: self.name, "cmd": intf_cmd, "setIP": intf_set_ip, "config": intf_config,
    "IP": lambda self: node_ip(self.node, self), "MAC": lambda self: node_mac(self.node),
    "isUp": lambda self, setUp=False: True,
}

#: Every node that was made, also without a Mininet around it.
NODES: list[Any] = []
#: Interfaces without a link, such as a network card of the host.
LINKLESS: list[Any] = []
#: Every link that was made, also without a Mininet around it.
LINKS: list[Any] = []


def link_init(self: Any, node1: Any, node2: Any, port1: int | None = None, port2: int | None = None,
              intfName1: str | None = None, intfName2: str | None = None, params1: Any = None,
              params2: Any = None, **options: Any) -> None:
    # What Mininet would count anyway is not stated.
    self.stated = tuple(None if port == node.newPort() else port
                        for node, port in ((node1, port1), (node2, port2)))
    self.options = {key: one for key, one in options.items() if key not in ("cls1", "cls2", "intf")}
    made = []
    for node, port, name, params in ((node1, port1, intfName1, params1), (node2, port2, intfName2, params2)):
        number = node.newPort() if port is None else port
        options_of_end = {**(params or {})}
        intf = mininet.link.Intf(name or f"{node.name}-eth{number}", node=node, port=number, link=self,
                                 mac=options_of_end.pop("mac", None), **options_of_end)
        made.append(intf)
        if "ip" in options_of_end:
            node.setIP(options_of_end["ip"], intf=intf)
    self.intf1, self.intf2 = made
    LINKS.append(self)


def link_str(self: Any) -> str:
    return f"{self.intf1}<->{self.intf2}"


LINK: dict[str, Callable[..., Any]] = {
    "__init__": link_init, "__repr__": link_str, "__str__": link_str,
    "status": lambda self: "OK",
}


def replace(cls: type, methods: dict[str, Callable[..., Any]], bases: tuple[type, ...]) -> None:
    """Take every method of a class away, and of the base class put these in their place."""
    is_base = cls in bases
    for name, value in list(vars(cls).items()):
        method = inspect.isfunction(value) or isinstance(value, (classmethod, staticmethod))
        if method and name not in ("__new__", "__hash__", "__eq__"):
            delattr(cls, name)
            if name not in methods and not hasattr(cls, name):
                setattr(cls, name, inert)
    if is_base:
        for name, method in methods.items():
            setattr(cls, name, method)


def record_classes(*modules: ModuleType) -> None:
    """Of these modules of Mininet's, and of its own nodes and links."""
    tables = ((mininet.node.Node, NODE), (mininet.link.Intf, INTF), (mininet.link.Link, LINK))
    for module in (mininet.node, mininet.nodelib, mininet.link, *modules):
        for cls in [one for one in vars(module).values() if isinstance(one, type)]:
            for base, methods in tables:
                if issubclass(cls, base):
                    replace(cls, methods, (base,))
    # Functions in the place of classes.
    mininet.node.DefaultController = mininet.node.Controller

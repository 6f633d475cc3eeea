"""What hosts of a file's own classes do once they are configured: their commands, none of them run."""

from __future__ import annotations

from typing import Any

import mininet.link
import mininet.node
from element_description import class_of, plain
from mininet.util import ipAdd
from recorded_nodes import record_classes

#: Of Mininet's `ipBase`, 10.0.0.0/8.
IP_BASE, PREFIX = 0x0A000000, 8
#: Settings that `config` may change on the node itself.
SETTINGS = ("mac", "defaultRoute")
LIST_LENGTH = 1000


def is_own(node: dict[str, Any]) -> bool:
    """Whether the file itself defines the class of the node."""
    return node["cls"] is not None and not node["cls"]["mininet"]


def add_commands(description: dict[str, Any], topology: Any) -> None:
    """Add to hosts of a class of the file's own what their `config` does, by classes that record. From
    here on Mininet's own classes build nothing."""
    if not any(is_own(host) for host in description["hosts"]):
        return
    record_classes()
    made: dict[str, Any] = {}
    for number, host in enumerate(description["hosts"], 1):
        made[host["name"]] = (recorded(host, topology.nodeInfo(host["name"]), number)
                              if is_own(host) else mininet.node.Node(host["name"]))
    for switch in description["switches"]:
        made[switch["name"]] = mininet.node.Switch(switch["name"])
    for _a, _b, options in topology.links(sort=True, withInfo=True):
        ends = [made[options[key]] for key in ("node1", "node2")]
        names = {key: one for key, one in options.items() if key in ("intfName1", "intfName2")}
        mininet.link.Link(*ends, port1=options["port1"], port2=options["port2"], **names)
    for host in description["hosts"]:
        if is_own(host):
            configured(host, made[host["name"]])


def recorded(host: dict[str, Any], stated: dict[str, Any], number: int) -> Any:
    """The node as Mininet makes it: with an address, counted where none is stated."""
    chosen = stated["cls"]
    params = {key: one for key, one in stated.items() if key not in ("cls", "isSwitch", "isHost")}
    counted = f"{ipAdd(number, ipBaseNum=IP_BASE, prefixLen=PREFIX)}/{PREFIX}"
    node = chosen(host["name"], **{"ip": counted, **params})
    return node if hasattr(node, "commands") else mininet.node.Node(host["name"])


def configured(host: dict[str, Any], node: Any) -> None:
    """Call its `config`; what it did is in `own`."""
    before = {**node.params}
    node.config(**node.params)
    changed = {key: plain(node.params[key]) for key in SETTINGS
               if node.params.get(key) != before.get(key)}
    host["options"].update(changed)
    host["own"] = {
        "base": base_of(type(node)),
        "commands": [command[:500] for command in node.commands[:LIST_LENGTH]],
        "addresses": [one for one in node.addresses[:LIST_LENGTH]],
    }


def base_of(cls: type) -> str:
    """The class of Mininet's own that it is derived from."""
    for base in cls.__mro__:
        known, _bound = class_of(base)
        if known is not None and known["mininet"]:
            return str(known["name"])
    return "object"

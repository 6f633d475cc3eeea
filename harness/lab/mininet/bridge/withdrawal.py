"""Prefixes that a router no longer announces: the configuration of its running daemons is changed."""

from __future__ import annotations

import ipaddress
import time
from typing import Any, Callable

from commands import now_ns
from power import fact
from protocol import BridgeError
from routing_daemons import RoutingDaemons
from vty import ask, ask_bird, ask_json, configure

#: Of the list that holds back what BGP is not to announce.
LIST = "WITHDRAWN"
#: BGP gathers changes of what it announces for half a second.
SETTLE_S = 3.0


def change(router: dict[str, Any], daemons: RoutingDaemons, prefix: str,
           announced: bool) -> dict[str, Any]:
    """Withdraw a prefix or announce it again, and read back by which protocols it is announced."""
    if daemons.file is not None:
        raise BridgeError(f"{router['name']} runs on {daemons.file['path']}, which the lab does not "
                          "change", code="FAULT_NOT_APPLIED")
    withdrawn = daemons.withdrawn
    before = set(withdrawn)
    (withdrawn.discard if announced else withdrawn.add)(prefix)
    steps = BirdSteps if daemons.suite == "bird" else FrrSteps
    stamps = {"beforeNs": now_ns()}
    try:
        steps.apply(router, daemons, prefix, before)
    except BridgeError:
        if not announced:
            daemons.withdrawn = before
        raise
    stamps["afterNs"] = now_ns()
    deadline = now_ns() + int(SETTLE_S * 1e9)
    while True:
        states = steps.announcing(router, daemons, prefix)
        settled = all(state == announced for state in states.values())
        if settled or now_ns() > deadline:
            break
        time.sleep(0.05)
    return {**stamps, "verified": settled and len(states) > 0,
            "evidence": fact("announcement", node=router["name"], prefix=prefix,
                             protocols=list(states),
                             announcing=[name for name, state in states.items() if state])}


def own_port(router: dict[str, Any], prefix: str) -> str | None:
    """The interface whose subnet it is, where no other router is in it."""
    if prefix == router["loopback"]:
        return "lo"
    for one in router["interfaces"]:
        if str(ipaddress.ip_interface(one["address"]).network) == prefix and not one["routers"]:
            return str(one["port"])
    return None


def neighbours_of(router: dict[str, Any]) -> list[str]:
    """Addresses of those that it speaks BGP with."""
    return [one["address"] for one in router["sessions"] if one["protocol"] == "bgp"]


class FrrSteps:
    """As an operator does it in vtysh."""

    @staticmethod
    def apply(router: dict[str, Any], daemons: RoutingDaemons, prefix: str,
              before: set[str]) -> None:
        """Change each protocol's daemon. `before`: what was withdrawn before."""
        for protocol, program, port in interior(router, prefix):
            word = "no " if prefix in daemons.withdrawn else ""
            line = "ip ospf area 0" if protocol == "ospf" else "ip router isis lab"
            configure(daemons.socket_path(program), [f"interface {port}", f"{word}{line}"])
        bgp = router["protocols"].get("bgp")
        if bgp is not None:
            configure(daemons.socket_path("bgpd"),
                      bgp_lines(bgp["as"], neighbours_of(router), before, daemons.withdrawn))

    @staticmethod
    def announcing(router: dict[str, Any], daemons: RoutingDaemons,
                   prefix: str) -> dict[str, bool]:
        """By protocol, whether it is announced now."""
        found: dict[str, bool] = {}
        for protocol, program, port in interior(router, prefix):
            shown = ask(daemons.socket_path(program), SHOW[protocol])
            found[protocol] = any(line.split()[:1] == [port] for line in shown.splitlines())
        if "bgp" in router["protocols"]:
            found["bgp"] = any(
                prefix in ask_json(daemons.socket_path("bgpd"),
                                   f"show bgp ipv4 unicast neighbors {address} advertised-routes json")
                .get("advertisedRoutes", {}) for address in neighbours_of(router))
        return found


#: Commands that list the interfaces that a protocol has.
SHOW = {"ospf": "show ip ospf interface", "isis": "show isis interface"}


def interior(router: dict[str, Any], prefix: str) -> list[tuple[str, str, str]]:
    """Protocol, daemon and interface of each protocol that announces it as an own subnet."""
    port = own_port(router, prefix)
    if port is None:
        return []
    return [(protocol, program, port) for protocol, program in (("ospf", "ospfd"), ("isis", "isisd"))
            if protocol in router["protocols"]]


def bgp_lines(number: int, neighbours: list[str], before: set[str], now: set[str]) -> list[str]:
    """From what was withdrawn before to what is withdrawn now. Pure."""
    entries = [*[f"no ip prefix-list {LIST} deny {prefix}" for prefix in sorted(before - now)],
               *[f"ip prefix-list {LIST} seq {place} deny {prefix}"
                 for place, prefix in enumerate(sorted(now), 1) if prefix not in before]]
    bound = [f"router bgp {number}", "address-family ipv4 unicast"]
    if not now:
        return [*bound, *[f"no neighbor {one} prefix-list {LIST} out" for one in neighbours],
                "exit-address-family", "exit", f"no ip prefix-list {LIST}"]
    if before:
        return entries
    return [*entries, f"ip prefix-list {LIST} seq 1000000 permit 0.0.0.0/0 le 32",
            *bound, *[f"neighbor {one} prefix-list {LIST} out" for one in neighbours]]


class BirdSteps:
    """A new configuration file, and `configure`."""

    @staticmethod
    def apply(router: dict[str, Any], daemons: RoutingDaemons, prefix: str,
              before: set[str]) -> None:
        """Write the file anew, without all that is withdrawn."""
        del prefix, before
        ports = {own_port(router, one) for one in daemons.withdrawn}
        text = bird_text(daemons.configs["bird"], daemons.withdrawn, ports)
        with open(daemons.config_path("bird"), "w", encoding="utf-8") as file:
            file.write(text)
        said = ask_bird(daemons.socket_path("bird"), "configure")
        if "econfigur" not in said.splitlines()[-1]:
            raise BridgeError(f"bird of {router['name']} refused its configuration: {said.strip()}",
                              code="FAULT_NOT_APPLIED")

    @staticmethod
    def announcing(router: dict[str, Any], daemons: RoutingDaemons,
                   prefix: str) -> dict[str, bool]:
        """By protocol, whether it is announced now."""
        question: Callable[[str], str] = lambda words: ask_bird(daemons.socket_path("bird"), words)
        found: dict[str, bool] = {}
        port = own_port(router, prefix)
        if "ospf" in router["protocols"] and port is not None:
            found["ospf"] = f"Interface {port} " in question("show ospf interface")
        if "bgp" in router["protocols"]:
            names = [f"bgp{place}" for place in range(1, len(neighbours_of(router)) + 1)]
            found["bgp"] = any(prefix in question(f"show route for {prefix} export {name}")
                               for name in names)
        return found


#: How the generated configuration chooses what BGP exports.
EXPORT = "export where source ~ [ RTS_DEVICE, RTS_BGP ]"


def bird_text(text: str, withdrawn: set[str], ports: set[str | None]) -> str:
    """A generated configuration without these prefixes, and without these interfaces in OSPF. Pure."""
    if not withdrawn:
        return text
    held = f"{EXPORT} && net !~ [ {', '.join(sorted(withdrawn))} ]"
    lines = [line for line in text.replace(EXPORT, held).splitlines()
             if not any(line.strip().startswith(f'interface "{port}" {{ stub') for port in ports)]
    return "".join(f"{line}\n" for line in lines)

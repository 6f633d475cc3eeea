"""The interfaces of a whole network: made, set up and read back together."""

from __future__ import annotations

from typing import Any, Iterable

import rtnetlink
from commands import check, run
from interfaces import in_network_of
from protocol import BridgeError

#: Of every interface that is the lab's in its root namespace ("flab" in ASCII): they are set up and
#: deleted by it, and on a host it is their mark (harness/sites/host/objects.ts).
GROUP = "1718378850"
#: `ip` waits for the kernel's answer to each line of a batch; a thousand pairs take a second.
BATCH_TIMEOUT_S = 120


def pid_of(node: Any) -> int | None:
    """The process that holds the namespaces of one of Mininet's nodes; None: the lab's root."""
    return node.pid if node.inNamespace else None


def make_pairs(links: list[Any], mtus: dict[tuple[str, str], int]) -> None:
    """Make the veth pairs of Mininet's links, each end where it belongs. `mtus` has those that are
    stated, by node and interface."""
    def end(intf: Any) -> str:
        pid = pid_of(intf.node)
        mtu = mtus.get((intf.node.name, str(intf)), 1500)
        return (f"name {intf} address {intf.mac} mtu {mtu} group {GROUP}"
                + (f" netns {pid}" if pid is not None else ""))

    lines = [f"link add {end(link.intf1)} type veth peer {end(link.intf2)}\n" for link in links]
    if lines:
        check(["ip", "-batch", "-"], stdin="".join(lines), timeout_s=BATCH_TIMEOUT_S)


def set_up_root() -> None:
    """All of the lab's in its root namespace, in one call."""
    check(["ip", "link", "set", "group", GROUP, "up"], timeout_s=BATCH_TIMEOUT_S)


def mark_root(names: Iterable[str]) -> None:
    """Give interfaces of the root namespace that a daemon made the group of all others."""
    there = rtnetlink.links()
    requests = rtnetlink.Requests()
    for name in names:
        if name in there:
            requests.add(f"to mark {name}", rtnetlink.group(there[name].index, int(GROUP)))
    requests.send()


def delete_root() -> None:
    """The same. What lies at the other ends of pairs goes with them."""
    done = run(["ip", "link", "del", "group", GROUP], timeout_s=BATCH_TIMEOUT_S)
    # Without any there is none to be found.
    if done["status"] != 0 and "No such device" not in done["stderr"]:
        raise BridgeError(f"the interfaces of the lab could not be deleted: {done['stderr'].strip()}")


def keep_quiet(every: bool) -> None:
    """No IPv6 on interfaces that are made in the calling thread's namespace from now on, and with
    `every` on those that are there: its chatter would only blur counters, and each of its packets
    costs a switch an upcall."""
    for which in ("default", "all") if every else ("default",):
        try:
            with open(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6", "w", encoding="ascii") as file:
                file.write("1")
        except FileNotFoundError:
            return  # A kernel without IPv6.


def dress(node: Any, addresses: list[tuple[str, str]], devices: Iterable[str] = ()) -> None:
    """Set up every interface of a node in a namespace and these devices, and give addresses
    (interface or device, address with prefix length)."""
    names = [str(intf) for intf in node.intfList() if str(intf) != "lo"]

    def action() -> None:
        keep_quiet(every=True)
        there = rtnetlink.links()
        requests = rtnetlink.Requests()
        for name in dict.fromkeys(["lo", *names, *devices]):
            requests.add(f"to set {name} of {node.name} up", rtnetlink.link_up(index(there, name)))
        for name, address in addresses:
            requests.add(f"to give {name} of {node.name} the address {address}",
                         rtnetlink.address(index(there, name), address))
        requests.send()

    def index(there: dict[str, rtnetlink.Link], name: str) -> int:
        if name not in there:
            raise BridgeError(f"{node.name}: the interface {name} is not there")
        return there[name].index

    in_network_of(pid_of(node), action)


def seen_in(pid: int | None) -> dict[str, rtnetlink.Link]:
    """Every interface of a namespace."""
    found: dict[str, rtnetlink.Link] = {}
    in_network_of(pid, lambda: found.update(rtnetlink.links()))
    return found

"""Addresses that the bridge hands out by number. Pure; harness/topology has the same numbers."""

from __future__ import annotations

from protocol import BridgeError

CONTROL_NETWORK = "10.254"
CABLE_NETWORK = "172.30"
#: Networks of four addresses in CABLE_NETWORK, a /16.
CABLES = 2 ** 14
#: Places of 250 addresses each in CONTROL_NETWORK, a /16.
PLACES = 250 * 256


def cable_addresses(index: int) -> tuple[str, str]:
    """Both ends of the cable of that index, from 0: a /30 of its own. The first 256 cables begin at
    172.30.INDEX.0, the next 256 at 172.30.(INDEX - 256).4, and so on."""
    if not 0 <= index < CABLES:
        raise BridgeError(f"cable number {index + 1} has no address: {CABLE_NETWORK}.0.0/16 has room "
                          f"for {CABLES} cables under tunnels")
    first = 4 * (index // 256)
    return tuple(f"{CABLE_NETWORK}.{index % 256}.{first + last}" for last in (1, 2))  # type: ignore


def control_address(index: int) -> str:
    """The control address of the relay of that index, from 0, without its prefix. The controller
    has the first address of the network."""
    place = index + 2
    if not 2 <= place < PLACES:
        raise BridgeError(f"relay number {index + 1} has no control address: "
                          f"{CONTROL_NETWORK}.0.0/16 has room for {PLACES - 2} relays")
    return f"{CONTROL_NETWORK}.{place // 250}.{place % 250}"

"""Bridges and ports as rows of Open vSwitch's database, to be made in one transaction. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ovsdb


@dataclass(frozen=True)
class Port:
    """A port with one interface of the same name, which has the columns."""

    name: str
    columns: dict[str, Any] = field(default_factory=dict)
    #: Columns of the port itself.
    own: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BondedPort:
    """A port with several interfaces. `columns` are of the port, not of an interface."""

    name: str
    columns: dict[str, Any]
    members: list[Port]


@dataclass(frozen=True)
class Bridge:
    """A bridge; its own internal port is made with it, as `ovs-vsctl add-br` does."""

    name: str
    columns: dict[str, Any]
    ports: list[Port | BondedPort]
    #: Columns of its own port.
    own: dict[str, Any] = field(default_factory=dict)


def making(bridges: list[Bridge]) -> list[ovsdb.Operation]:
    """What makes the bridges with all their ports."""
    operations: list[ovsdb.Operation] = []
    for place, bridge in enumerate(bridges):
        ports: list[Port | BondedPort] = [
            Port(bridge.name, {"type": "internal"}, bridge.own), *bridge.ports]
        for number, port in enumerate(ports):
            operations += _port(f"{place}_{number}", port)
        own = [["named-uuid", f"port{place}_{number}"] for number in range(len(ports))]
        operations.append({
            "op": "insert", "table": "Bridge", "uuid-name": f"bridge{place}",
            "row": ovsdb.row({**bridge.columns, "name": bridge.name, "ports": own})})
    made = [["named-uuid", f"bridge{place}"] for place in range(len(bridges))]
    operations.append({"op": "mutate", "table": ovsdb.NAME, "where": [],
                       "mutations": [["bridges", "insert", ["set", made]]]})
    return operations


def _port(place: str, port: Port | BondedPort) -> list[ovsdb.Operation]:
    members = port.members if isinstance(port, BondedPort) else [port]
    columns = port.columns if isinstance(port, BondedPort) else port.own
    interfaces: list[ovsdb.Operation] = [
        {"op": "insert", "table": "Interface", "uuid-name": f"interface{place}_{number}",
         "row": ovsdb.row({**member.columns, "name": member.name})}
        for number, member in enumerate(members)]
    names = [["named-uuid", one["uuid-name"]] for one in interfaces]
    own = {"op": "insert", "table": "Port", "uuid-name": f"port{place}",
           "row": {**ovsdb.row(columns), "name": port.name, "interfaces": ["set", names]}}
    return [*interfaces, own]


def bonded(ports: list[Port], bonds: list[BondedPort]) -> list[Port | BondedPort]:
    """The ports of a bridge, those that are members of a bond as that bond. Members of a bond in
    `bonds` need a name alone."""
    by_name = {port.name: port for port in ports}
    members = {member.name for bond in bonds for member in bond.members}
    return [*(port for port in ports if port.name not in members),
            *(BondedPort(bond.name, bond.columns, [by_name[one.name] for one in bond.members])
              for bond in bonds)]


def openflow_columns(*, dpid: str, name: str, datapath: str, fail_mode: str, protocols: str,
                     spanning_tree: str) -> dict[str, Any]:
    """Columns of a bridge that switches by OpenFlow. `protocols`: separated by commas."""
    return {
        **({"datapath_type": "netdev"} if datapath == "user" else {}),
        "fail_mode": fail_mode,
        "protocols": protocols.split(","),
        "other_config": {"datapath-id": dpid, "disable-in-band": "true", "dp-desc": name},
        "stp_enable": spanning_tree == "stp",
        "rstp_enable": spanning_tree == "rstp",
    }


#: Columns of an interface that `refusals` reads.
READ_BACK = ["name", "error", "ofport"]


def refusals(rows: list[dict[str, Any]]) -> list[str]:
    """Interfaces that ovs-vswitchd did not make, with its error for each. Where a bridge could not
    be made, it reports nothing about the bridge's ports, and gives them no number."""
    return [f"{one['name']}: {one['error'] if isinstance(one['error'], str) else 'no port number'}"
            for one in rows
            if isinstance(one["error"], str) or not isinstance(one["ofport"], int)
            or one["ofport"] < 1]

"""A switch's ports: their numbers as the topology states them, and a table for the shell."""

from __future__ import annotations

import json
from typing import Any

from protocol import BridgeError
from vswitch import VSwitch

COLUMNS = ("ofport", "name", "type", "mtu", "link_state", "bfd", "bfd_status", "options", "error")
HEADINGS = ("port", "name", "type", "mtu", "link", "bfd", "options")


def port_table(instance: VSwitch, node: str, bridges: dict[str, str] | None = None) -> str:
    """The ports of an instance, one a line, below a title for each bridge. `bridges` has the titles
    of the only bridges that are wanted, by name; left out: all, titled `<node> <bridge>`. Says so
    when the database does not answer."""
    if not instance.serves():
        return f"{node}: its Open vSwitch does not run\n"
    listed = json.loads(instance.vsctl(
        "--format=json", f"--columns={','.join(COLUMNS)}", "list", "Interface"))
    interfaces = [dict(zip(listed["headings"], map(plain, row))) for row in listed["data"]]
    titles = bridges or {bridge: f"{node} {bridge}" for bridge in instance.vsctl("list-br").split()}
    text = ""
    for bridge, title in titles.items():
        names = set(instance.vsctl("list-ifaces", bridge).split())
        own = [row_of(one) for one in interfaces if one["name"] in names]
        text += f"{title}\n" + aligned([HEADINGS, *sorted(own)])
    return text


def check_port_numbers(instance: VSwitch, ends: list[dict[str, Any]]) -> None:
    """Read back that Open vSwitch gave every port the number that is stated: it takes another one
    where that is in use, and reports no error."""
    stated = [(end["node"], end["port"], end["number"]) for end in ends if "number" in end]
    if not stated:
        return
    listed = json.loads(instance.vsctl("--format=json", "--columns=name,ofport", "list", "Interface"))
    seen = {name: plain(number) for name, number in listed["data"]}
    for node, port, number in stated:
        if seen.get(port) != number:
            raise BridgeError(f"{node}: the port number of {port} is {seen.get(port)}, "
                              f"asked for {number}")


def plain(value: Any) -> Any:
    """A value of the database's JSON (RFC 7047, section 5.1) as Python has it."""
    if isinstance(value, list) and value[0] == "map":
        return dict(value[1])
    if isinstance(value, list) and value[0] == "set":
        return value[1][0] if value[1] else ""
    return value


def row_of(interface: dict[str, Any]) -> tuple[str, ...]:
    """One line of the table; BFD is its state, and `off` where it is not switched on."""
    bfd = interface["bfd"] or {}
    state = (interface["bfd_status"] or {}).get("state", "?")
    options = " ".join(f"{key}={value}" for key, value in sorted((interface["options"] or {}).items()))
    return (f"{interface['ofport']:>4}", interface["name"], interface["type"] or "system",
            str(interface["mtu"] or "-"), str(interface["link_state"] or "-"),
            state if bfd.get("enable") == "true" else "off",
            " ".join(filter(None, [options, str(interface["error"])])) or "-")


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Columns as wide as their widest word."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ("  ".join(word.ljust(width) for word, width in zip(row, widths)) for row in rows)
    return "".join(f"  {line.rstrip()}\n" for line in lines)

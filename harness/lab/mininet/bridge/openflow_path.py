"""Where an Open vSwitch bridge would send a packet, by its own tables (`ofproto/trace`)."""

from __future__ import annotations

import json
import re
from typing import Any

import commands
from vswitch import VSwitch


def outputs(instance: VSwitch, bridge: str, in_port: str, source: dict[str, Any],
            target: dict[str, Any]) -> list[str]:
    """Names of the ports by which the bridge would send a TCP packet on."""
    flow = (f'in_port="{in_port}",tcp,dl_src={source["mac"]},dl_dst={target["mac"]},'
            f'nw_src={source["address"].split("/")[0]},nw_dst={target["address"].split("/")[0]},'
            "tp_src=40000,tp_dst=5201,nw_ttl=64")
    appctl = ["ovs-appctl", "-t", instance.control, "-T", "3"]
    done = commands.run([*appctl, "ofproto/trace", "--names", bridge, flow])
    if done["status"] != 0:
        return []
    # Behind a tunnel port the trace continues into the underlay: only the first bridge counts.
    own = re.split(r"^bridge\(", done["stdout"], flags=re.M)[1:2] or [""]
    own = own[0].split("Final flow:")[0]
    found = set(re.findall(r'^\s*output:"?([\w.-]+)"?\s*$', own, flags=re.M))
    if "forwarding to learned port" in own:
        table = commands.run([*appctl, "fdb/show", bridge])["stdout"].lower()
        found |= {row.split()[0] for row in table.splitlines() if target["mac"].lower() in row}
    if not any(port.isdigit() for port in found):
        return sorted(found)
    listed = json.loads(instance.vsctl(
        "--format=json", "--columns=name,ofport", "list", "Interface"))["data"]
    names = set(instance.vsctl("list-ifaces", bridge).split())
    return [name for name, number in listed
            if name in names and (name in found or str(number) in found)]

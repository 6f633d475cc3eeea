"""What `ovs-appctl bond/show` prints. Pure."""

from __future__ import annotations

import re
from typing import Any


def read(shown: str, bond: dict[str, Any]) -> dict[str, Any]:
    """The active member, and of each member whether it is usable. Pure."""
    negotiated = bond["mode"] != "lacp" or "lacp_status: negotiated" in shown
    parts = dict(re.findall(r"^member (\S+):(.*?)(?=^member |\Z)", shown, flags=re.M | re.S))
    active = next((port for port, text in parts.items() if "active member" in text), None)
    return {"active": None if bond["mode"] == "lacp" else active, "members": [
        {"link": member["link"], "port": member["port"],
         "usable": negotiated and parts.get(member["port"], "").lstrip().startswith("enabled")}
        for member in bond["members"]]}

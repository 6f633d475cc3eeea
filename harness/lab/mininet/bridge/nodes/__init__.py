"""The kinds of nodes, a module each, found by the kind's name: `linux-bridge` is `linux_bridge.py`."""

from __future__ import annotations

import importlib
from typing import Any

from node_kind import NodeKind
from protocol import BridgeError


def node_kind(kind: str, network: Any, nodes: list[dict[str, Any]]) -> NodeKind:
    """The kind's own part of the bridge, for the nodes of one network."""
    try:
        module = importlib.import_module(f"nodes.{kind.replace('-', '_')}")
    except ModuleNotFoundError as cause:
        raise BridgeError(f"no module builds nodes of the kind {kind}: {cause}") from cause
    own: NodeKind = module.Kind(network, nodes)
    return own

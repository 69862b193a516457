"""A network as node-link JSON, which keeps everything; for networkx and D3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import networkx as nx

from .plain import ordered


def node_link(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as the JSON of `networkx.node_link_data`, edges under `links`, with nothing left out."""
    data = nx.node_link_data(ordered(network), edges="links")
    return (json.dumps(_writable(data), sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def _writable(value: Any) -> Any:
    """The same value without the half characters that UTF-8 cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {_writable(name): _writable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(item) for item in value]
    return value

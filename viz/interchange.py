"""A network in the formats of other programs: GraphML, GEXF, node-link JSON and a CSV of its edges."""

from __future__ import annotations

import csv
import io
import json
import re
from calendar import monthrange
from collections.abc import Mapping
from typing import Any

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from .style import kind_style

# What XML 1.0 has no way to write, and half characters, which no UTF-8 file can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?=$|T|Z|[+-])")

CSV_COLUMNS = (
    "from",
    "relation",
    "to",
    "kind",
    "start",
    "end",
    "standing",
    "claimed_by",
    "directed",
    "text",
    "sources",
    "from_id",
    "to_id",
    "fact_id",
)


def graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as GraphML, lists written out as text; the edge ids are those of the facts.

    GraphML readers differ on files that mix directed and undirected edges, so every edge is written as directed and
    the attribute `directed` says which are not.
    """
    out = io.BytesIO()
    nx.write_graphml_xml(_flat(network), out)
    return out.getvalue() + b"\n"


def gexf(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as GEXF 1.3, its edges with intervals for a timeline and its nodes in the page's colours.

    GEXF knows only whole dates. A date written in part becomes the first day it may mean where an edge starts and the
    last where it ends, so that an interval holds every day that the record allows and none that it rules out; an open
    end stays open. The attributes `start_as_written` and `end_as_written` keep what was written.
    """
    flat = _flat(network)
    for _, data in flat.nodes(data=True):
        look = kind_style(str(data.get("kind"))).light
        data["viz"] = {"color": {"r": int(look[1:3], 16), "g": int(look[3:5], 16), "b": int(look[5:7], 16), "a": 1.0}}
    for _, _, key, data in flat.edges(keys=True, data=True):
        data["id"] = key
        bounds = {"start": data.pop("start", None), "end": data.pop("end", None)}
        days = {"start": _first_day(bounds["start"] or ""), "end": _last_day(bounds["end"] or "")}
        data.update({f"{bound}_as_written": written for bound, written in bounds.items() if written})
        # What ends before it begins is no interval; programs refuse the whole file for it.
        if not (days["start"] and days["end"] and days["start"] > days["end"]):
            data.update({bound: day for bound, day in days.items() if day})
    flat.graph = {"name": flat.graph.get("title", "")}
    writer = GEXFWriter(version="1.3")
    writer.add_graph(flat)
    # The writer dates the file, and names its own version; the same network should give the same bytes on any day.
    meta = writer.xml.find("meta")
    meta.attrib.clear()
    meta.find("creator").text = "Diplograph"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue() + b"\n"


def node_link(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as the JSON of `networkx.node_link_data`, edges under `links`, with nothing left out."""
    data = nx.node_link_data(_ordered(network), edges="links")
    return (json.dumps(_writable(data), sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def edge_list(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the edges as CSV in UTF-8, one fact in each row, with labels first and identifiers last.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(CSV_COLUMNS)
    for source, target, key, data in _ordered(network).edges(keys=True, data=True):
        cells = (
            network.nodes[source].get("label", source),
            data.get("label"),
            network.nodes[target].get("label", target),
            data.get("kind_label"),
            data.get("start"),
            data.get("end"),
            data.get("realis"),
            data.get("claimed_by"),
            "yes" if data.get("directed", True) else "no",
            (data.get("fact") or {}).get("text"),
            _sources((data.get("fact") or {}).get("sources", ())),
            source,
            target,
            key,
        )
        rows.writerow([_inert("" if cell is None else _text(cell)) for cell in cells])
    return out.getvalue().encode()


def _ordered(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """A copy with nodes and edges in the order of their identifiers, so that files can be compared."""
    ordered: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    ordered.graph.update(network.graph)
    ordered.add_nodes_from((node, dict(network.nodes[node])) for node in sorted(network))
    edges = network.edges(keys=True, data=True)
    for source, target, key, data in sorted(edges, key=lambda edge: (edge[0], edge[1], str(edge[2]))):
        ordered.add_edge(source, target, key=key, **data)
    return ordered


def _flat(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """A copy with plain values only: text, truth values and numbers; what is None is left out."""
    ordered = _ordered(network)
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    flat.graph.update(_flat_values(ordered.graph))
    for node, data in ordered.nodes(data=True):
        flat.add_node(_text(node), **_flat_values(data))
    for source, target, key, data in ordered.edges(keys=True, data=True):
        fact = data.get("fact") or {}
        values = _flat_values({name: value for name, value in data.items() if name != "fact"})
        told = {"text": fact.get("text"), "dates": fact.get("dates"), "sources": _sources(fact.get("sources", ()))}
        flat.add_edge(_text(source), _text(target), key=_text(key), **values, **_flat_values(told))
    return flat


def _flat_values(values: Mapping[str, Any]) -> dict[str, str | bool | int | float]:
    flat: dict[str, str | bool | int | float] = {}
    for name, value in values.items():
        if isinstance(value, bool | int | float):
            flat[name] = value
        elif value is not None:
            flat[name] = _text(value)
    return flat


def _text(value: object) -> str:
    """The value as a person would read it, lists joined by semicolons."""
    if isinstance(value, Mapping):
        if "text" in value:
            return _told(value)
        return ", ".join(f"{name}: {_text(item)}" for name, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return "; ".join(_text(item) for item in value)
    return _UNWRITABLE.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")


def _told(fact: Mapping[str, Any]) -> str:
    parts = [fact.get("text"), fact.get("dates")]
    if fact.get("realis", "held") != "held":
        parts.append(" by ".join(_text(part) for part in (fact["realis"], fact.get("claimed_by")) if part))
    sources = _sources(fact.get("sources", ()))
    return ", ".join(_text(part) for part in parts if part) + (f" [{sources}]" if sources else "")


def _sources(sources: object) -> str:
    if not isinstance(sources, list | tuple):
        return ""
    named = []
    for source in sources:
        parts = (source.get("document"), source.get("published"), source.get("passage"))
        level = f" ({_text(source['level'])})" if source.get("level") else ""
        named.append(", ".join(_text(part) for part in parts if part) + level)
    return "; ".join(named)


def _writable(value: Any) -> Any:
    """The same value without the half characters that UTF-8 cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {_writable(name): _writable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(item) for item in value]
    return value


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _first_day(written: str) -> str | None:
    parts = _date_parts(written)
    if parts is None:
        return None
    year, month, day = parts
    return f"{year:04}-{month or 1:02}-{day or 1:02}"


def _last_day(written: str) -> str | None:
    parts = _date_parts(written)
    if parts is None:
        return None
    year, month, day = parts
    month = month or 12
    return f"{year:04}-{month:02}-{day or monthrange(year, month)[1]:02}"


def _date_parts(written: str) -> tuple[int, int | None, int | None] | None:
    """Year, month and day as far as they are written; None for what is no date between the years 1 and 9999."""
    match = _PARTIAL_DATE.match(written)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and not 1 <= day <= monthrange(year, month or 1)[1]:
        return None
    return year, month, day

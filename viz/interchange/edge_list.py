"""The edges of a network as CSV, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io

import networkx as nx

from .plain import ordered, sources, text

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


def edge_list(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the edges as CSV in UTF-8, one fact in each row, with labels first and identifiers last.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(CSV_COLUMNS)
    for source, target, key, data in ordered(network).edges(keys=True, data=True):
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
            sources((data.get("fact") or {}).get("sources", ())),
            source,
            target,
            key,
        )
        rows.writerow([_inert("" if cell is None else text(cell)) for cell in cells])
    return out.getvalue().encode()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell

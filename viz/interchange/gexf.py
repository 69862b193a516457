"""A network as GEXF 1.3 with time intervals, for the timeline of Gephi."""

from __future__ import annotations

import io
import re
from calendar import monthrange

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from ..style import kind_style
from .plain import flat

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?=$|T|Z|[+-])")


def gexf(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as GEXF 1.3, its edges with intervals for a timeline and its nodes in the page's colours.

    GEXF knows only whole dates. A date written in part becomes the first day it may mean where an edge starts and the
    last where it ends, so that an interval holds every day that the record allows and none that it rules out; an open
    end stays open. The attributes `start_as_written` and `end_as_written` keep what was written.
    """
    plain = flat(network)
    for _, data in plain.nodes(data=True):
        look = kind_style(str(data.get("kind"))).light
        data["viz"] = {"color": {"r": int(look[1:3], 16), "g": int(look[3:5], 16), "b": int(look[5:7], 16), "a": 1.0}}
    for _, _, key, data in plain.edges(keys=True, data=True):
        data["id"] = key
        bounds = {"start": data.pop("start", None), "end": data.pop("end", None)}
        days = {"start": _first_day(bounds["start"] or ""), "end": _last_day(bounds["end"] or "")}
        data.update({f"{bound}_as_written": written for bound, written in bounds.items() if written})
        # What ends before it begins is no interval; programs refuse the whole file for it.
        if not (days["start"] and days["end"] and days["start"] > days["end"]):
            data.update({bound: day for bound, day in days.items() if day})
    plain.graph = {"name": plain.graph.get("title", "")}
    writer = GEXFWriter(version="1.3")
    writer.add_graph(plain)
    # The writer dates the file, and names its own version; the same network should give the same bytes on any day.
    meta = writer.xml.find("meta")
    meta.attrib.clear()
    meta.find("creator").text = "Diplograph"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue() + b"\n"


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

"""What an actor or a council did, by time: a lane for each relation, bars for what lasted, marks for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from ...errors import DateError, NotFoundError
from ...ontology.dates import partial_date
from ..style import KINDS, OTHER_KIND
from .meetings import told_years
from .scene import Bar, Item, Line, Listing, Mark, Row, Scene, Text, short, wide

WIDTH = 1180.0
STEP = 21.0
LEFT = 190.0
SPAN = 9.0
"""From how many pixels on a time is drawn as a bar, and not as a mark."""
EVENTS = ("meeting", "conference", "event")
"""Kinds of entities that are over with their day, so that what is said of one and another happened then."""
LEVELS = 14
"""How many rows of names a lane has at most; what finds no room there is a mark without a name."""


@dataclass(frozen=True)
class _Entry:
    relation: str
    other: str
    kind: str
    first: float
    last: float
    is_open: tuple[bool, bool]
    years: tuple[int | None, int | None]
    dates: str
    text: str
    standing: str
    sources: str


def timeline(
    graph: nx.MultiDiGraph[str],
    entity: str,
    *,
    dates: Mapping[str, Sequence[str]] | None = None,
    title: str = "",
    said: str = "",
) -> Scene:
    """Return what a network tells of one entity, by time; `graph` holds it and its neighbours.

    `dates` are those of the events among them, sorted: a statement without a date that joins the entity to an event is
    as old as the event, as that of a council and its meeting. A date that is known in part only covers all days that it
    can mean; an open end fades out. What has no date is listed in the table alone. Raises NotFoundError where nothing
    has a date.
    """
    entries, undated = _entries(graph, entity, dates or {})
    if not entries:
        name = graph.nodes[entity]["label"] if entity in graph else entity
        raise NotFoundError(f"Nothing that is known of {name} has a date, so there is no timeline to draw.")
    low, high = min(e.first for e in entries), max(e.last for e in entries)
    low, high = low - 0.3, max(high + 0.3, low + 1)
    scale = (WIDTH - LEFT - 250) / (high - low)
    items: list[Item] = []
    y = 34.0
    lanes: dict[str, list[_Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.first, e.last, e.other)):
        lanes.setdefault(entry.relation, []).append(entry)
    for relation, own in sorted(lanes.items(), key=lambda lane: (-len(lane[1]), lane[0])):
        drawn, height = _lane(own, y, lambda year: LEFT + (year - low) * scale)
        items.append(Text(LEFT - 16, y + STEP / 2, short(relation, 24), 13, "end", bold=True, title=relation))
        items.append(Text(LEFT - 16, y + STEP / 2 + 16, f"{len(own)}", 11, "end", "muted"))
        items += drawn
        y += max(height, 2 * STEP) + 14
        items.append(Line(12, y - 7, WIDTH - 12, y - 7, "line"))
    ground: list[Item] = []
    for year in _years(low, high):
        x = LEFT + (year - low) * scale
        ground += [Text(x, 14, str(year), 11, "middle", "muted"), Line(x, 26, x, y - 8, "line")]
    rows = [
        Row((e.dates, e.relation, e.other, e.standing, e.sources), (e.years,) if any(e.years) else ())
        for e in sorted([*entries, *undated], key=lambda e: (e.first, e.last, e.other))
    ]
    name = str(graph.nodes[entity]["label"])
    kinds = [kind for kind in KINDS if any(e.kind == kind for e in entries)]
    labels = {str(data["kind"]): str(data["kind_label"]) for _, data in graph.nodes(data=True)}
    return Scene(
        title or name,
        "; ".join(part for part in (said, _counted(len(entries), len(undated))) if part),
        f"What is known of {name} by time, in {len(lanes)} lanes. The table below tells the same.",
        WIDTH,
        y + 4,
        (*ground, *items),
        (Listing("Facts", ("When", "Relation", "With", "Standing", "Sources"), tuple(rows)),),
        tuple((kind, labels[kind]) for kind in kinds),
    )


def _lane(entries: Sequence[_Entry], top: float, at: Any) -> tuple[list[Item], float]:
    """The marks of a lane in rows, so that names do not meet; what finds no row is a mark in the last, unnamed."""
    items: list[Item] = []
    free: list[float] = []
    crowd = False
    # Who or what recurs gets a row of its own, named once behind its last mark.
    often = [other for other, number in Counter(entry.other for entry in entries).most_common(6) if number > 3]
    for level, other in enumerate(often):
        own = [entry for entry in entries if entry.other == other]
        items += [_mark(entry, at(entry.first), at(entry.last), top + STEP * (level + 0.5)) for entry in own]
        end = max(at(entry.last) for entry in own)
        years = tuple(entry.years for entry in own)
        told = f"{other}: {len(own)}"
        items.append(
            Text(
                end + 12, top + STEP * (level + 0.5), f"{short(other, 34)} ({len(own)})", 11.5, title=told, years=years
            )
        )
    top += STEP * len(often)
    for entry in entries:
        if entry.other in often:
            continue
        x, end = at(entry.first), at(entry.last)
        name = short(entry.other, 38)
        is_span = end - x > SPAN
        outside = x + (end - x if is_span else 8) + 5
        reach = outside + wide(name, 11.5) + 12
        # Near the right edge a name stands before its mark.
        before = reach > WIDTH - 6 and x - wide(name, 11.5) - 14 > LEFT
        left, right = (x - wide(name, 11.5) - 14, max(end, x + 8) + 8) if before else (x - 6, reach)
        level = next((number for number, until in enumerate(free) if until <= left), len(free))
        named = level < LEVELS
        if level == len(free) and named:
            free.append(0.0)
        if named:
            free[level] = right
        crowd |= not named
        y = top + STEP * (level if named else LEVELS) + STEP / 2
        years = (entry.years,)
        told = f"{entry.dates}: {entry.text}" + (f" ({entry.standing})" if entry.standing != "held" else "")
        items.append(_mark(entry, x, end, y))
        for edge, is_open in ((x, entry.is_open[0]), (end, entry.is_open[1])) if is_span else ():
            if not is_open:
                items.append(Line(edge, y - 6, edge, y + 6, entry.kind, 2, years=years))
        if named:
            place, anchor = (x - 9, "end") if before else (outside, "start")
            items.append(Text(place, y, name, 11.5, anchor, title=told, years=years))
    return items, STEP * (len(often) + len(free) + (1 if crowd else 0))


def _mark(entry: _Entry, x: float, end: float, y: float) -> Bar | Mark:
    told = f"{entry.dates}: {entry.text}" + (f" ({entry.standing})" if entry.standing != "held" else "")
    if end - x > SPAN:
        return Bar(
            x, y - 6, end - x, 12, entry.kind, 0.45 if any(entry.is_open) else 0.85, told, (entry.years,), round=3
        )
    shape = KINDS.get(entry.kind, OTHER_KIND).shape
    return Mark((x + end) / 2, y, 5.5, shape, entry.kind, told, (entry.years,))


def _counted(dated: int, undated: int) -> str:
    return f"{dated} dated {'fact' if dated == 1 else 'facts'}, {undated} without a date"


def _entries(
    graph: nx.MultiDiGraph[str], entity: str, dates: Mapping[str, Sequence[str]]
) -> tuple[list[_Entry], list[_Entry]]:
    dated: list[_Entry] = []
    undated: list[_Entry] = []
    if entity not in graph:
        return dated, undated
    touching = [*graph.out_edges(entity, data=True), *graph.in_edges(entity, data=True)]
    own = [(entity, entity, {**fact, "fact": fact, "own": True}) for fact in graph.nodes[entity]["facts"]]
    now = _now(graph)
    for source, target, data in [*touching, *own]:
        other = target if source == entity else source
        fact, is_plain = data["fact"], data.get("kind") == "assertion"
        days = dates.get(other, ()) if is_plain and graph.nodes[other]["kind"] in EVENTS else ()
        bounds = _bounds(data.get("start"), data.get("end")) or (_bounds(days[0], days[-1]) if days else None)
        cited = "; ".join(dict.fromkeys(str(each["document"]) for each in fact["sources"]))
        is_own = bool(data.get("own"))
        # What only one property says has no class that would tell more than its words.
        kind = str(data["label"]).capitalize() if is_plain else data.get("kind_label")
        relation = "Other facts" if is_own else str(kind)
        name = str(fact["text"]) if is_own else str(graph.nodes[other]["label"])
        words = (relation, name, str(graph.nodes[other]["kind"]))
        claim = f" by {data['claimed_by']}" if data.get("claimed_by") else ""
        written = str(fact["dates"]) or " to ".join(dict.fromkeys([*days[:1], *days[-1:]])) or "undated"
        rest = (written, str(fact["text"]), f"{data['realis']}{claim}", cited)
        if bounds is None:
            undated.append(_Entry(*words, 9999.0, 9999.0, (True, True), (None, None), *rest))
            continue
        first, last = bounds
        shown = (last if first is None else first, now if last is None else last)
        begin, end = float(min(shown)), float(max(shown))  # type: ignore[type-var,arg-type]
        years = (None if first is None else int(first), None if last is None else int(last))
        when = rest[0] if rest[0] != "undated" else told_years(years)
        dated.append(_Entry(*words, begin, end, (first is None, last is None), years, when, *rest[1:]))
    return dated, undated


def _bounds(start: str | None, end: str | None) -> tuple[float | None, float | None] | None:
    first, last = _day(start, 0), _day(end, 1)
    return None if first is None and last is None else (first, last)


def _day(written: str | None, which: int) -> float | None:
    """The first or the last day that a date can mean, in years with a fraction."""
    if written is None:
        return None
    try:
        date = partial_date(written)
    except DateError:
        return None
    day = date.last_day if which else date.first_day
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _now(graph: nx.MultiDiGraph[str]) -> float:
    """The latest day that anything here has: as far as open ends are drawn."""
    days = [_day(data.get(end), 1) for _, _, data in graph.edges(data=True) for end in ("start", "end")]
    return max((day for day in days if day is not None), default=2000.0) + 0.5


def _years(low: float, high: float) -> list[int]:
    """Some round years from one to the other, as many as have room."""
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if (high - low) / step <= 16), 200)
    first = int(-(-low // step) * step)
    return [*range(first, int(high) + 1, step)]

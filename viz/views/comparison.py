"""Two times side by side: the same entities at the same places, and what is there at one time only stands out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import networkx as nx

from ..layout import positions
from ..style import legend_order
from .network import drawn, scaled
from .scene import Item, Line, Listing, Row, Scene, Text

PANEL = (720.0, 720.0)
HEAD = 34.0


def comparison(
    before: nx.MultiDiGraph[str], after: nx.MultiDiGraph[str], names: tuple[str, str], *, title: str, said: str = ""
) -> Scene:
    """Return two networks side by side, each under its name; an entity of both stands at the same place in each.

    A tie is told by its two entities and its words: one that only one of the two has is drawn in another colour, and
    the table lists all with where they are found.
    """
    both: nx.MultiDiGraph[str] = nx.MultiDiGraph(nx.compose(before, after))
    places = scaled(positions(both), PANEL)
    ties = [_ties(graph) for graph in (before, after)]
    items: list[Item] = []
    for number, (graph, name) in enumerate(zip((before, after), names, strict=True)):
        across = number * PANEL[0]
        pairs = {frozenset(tie[:2]) for tie in ties[1 - number]}
        only = {(min(u, v), max(u, v)) for u, v, _ in ties[number] if frozenset((u, v)) not in pairs}
        items.append(Text(across + PANEL[0] / 2, 18, name, 15, "middle", bold=True))
        items += [_moved(item, across, HEAD) for item in drawn(graph, places, PANEL, only=only)]
    items.append(Line(PANEL[0], 8, PANEL[0], PANEL[1] + HEAD - 8, "line"))
    labels = {node: str(data["label"]) for node, data in both.nodes(data=True)}
    first, second = (set(each) for each in ties)
    told = tuple(f"in {name}" if name[:1].isdigit() else name for name in names)
    parts = ((f"only {told[0]}", first - second), (f"only {told[1]}", second - first), ("at both", first & second))
    rows = [
        Row((where, labels[tie[0]], tie[2], labels[tie[1]], *(str(each.get(tie, 0)) for each in ties)))
        for where, found in parts
        for tie in sorted(found, key=lambda tie: (labels[tie[0]], tie[2], labels[tie[1]]))
    ]
    counts = ", ".join(f"{len(found)} ties {where}" for where, found in parts)
    kinds = legend_order(str(data["kind"]) for _, data in both.nodes(data=True))
    words = {str(data["kind"]): str(data["kind_label"]) for _, data in both.nodes(data=True)}
    return Scene(
        title,
        "; ".join(part for part in (counts, said) if part),
        f"The network {names[0]} on the left and {names[1]} on the right. The table below lists what differs.",
        2 * PANEL[0],
        PANEL[1] + HEAD,
        tuple(items),
        (Listing("Ties", ("Found", "From", "Relation", "To", *(f"Facts {name}" for name in told)), tuple(rows)),),
        (("ink", "lines: tied at this time only"), *((kind, words[kind]) for kind in kinds)),
    )


def _ties(graph: nx.MultiDiGraph[str]) -> Counter[tuple[str, str, str]]:
    """How many facts tie each two entities in the same words; without direction, the lesser comes first."""
    found: Counter[tuple[str, str, str]] = Counter()
    for u, v, data in graph.edges(data=True):
        weight = data.get("weight")
        words = str(data["label"] if weight is None else data["kind_label"]).lower()
        ends = (u, v) if data["directed"] or u <= v else (v, u)
        found[(*ends, words)] += 1 if weight is None else int(weight)
    return found


def _moved(item: Item, across: float, down: float) -> Item:
    if isinstance(item, Line):
        return replace(item, x1=item.x1 + across, x2=item.x2 + across, y1=item.y1 + down, y2=item.y2 + down)
    return replace(item, x=item.x + across, y=item.y + down)

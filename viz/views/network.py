"""A network standing still: marks, lines, and as many names as find room; for papers and for comparisons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import sqrt

import networkx as nx

from ..style import KINDS, OTHER_KIND, REALIS, legend_order, standing
from .scene import Item, Line, Listing, Mark, Row, Scene, Text, short, wide

Places = Mapping[str, tuple[float, float]]
Box = tuple[float, float, float, float]

TYPE = 11.5
MARGIN = 90.0


def picture(graph: nx.MultiDiGraph[str], places: Places, *, size: tuple[float, float] = (1100.0, 820.0)) -> Scene:
    """Return a network as a still picture, its nodes at the given places, scaled to a size in pixels.

    Names are written for the most connected first, where they cover no other name and no mark.
    """
    to = scaled(places, size)
    items = drawn(graph, {node: to[node] for node in graph}, size)
    rows = [
        Row((graph.nodes[u]["label"], data["label"], graph.nodes[v]["label"], data["fact"]["dates"], data["realis"]))
        for u, v, data in sorted(graph.edges(data=True), key=lambda edge: (edge[0], edge[1], str(edge[2]["label"])))
    ]
    kinds = legend_order(str(data["kind"]) for _, data in graph.nodes(data=True))
    words = {str(data["kind"]): str(data["kind_label"]) for _, data in graph.nodes(data=True)}
    return Scene(
        str(graph.graph.get("title", "Network")),
        str(graph.graph.get("subtitle", "")),
        f"A network of {len(graph)} entities and {graph.number_of_edges()} facts between them.",
        *size,
        tuple(items),
        (Listing("Connections", ("From", "Relation", "To", "Dates", "Standing"), tuple(rows)),),
        tuple((kind, words[kind]) for kind in kinds),
    )


def drawn(
    graph: nx.MultiDiGraph[str], to: Places, size: tuple[float, float], *, only: Collection[tuple[str, str]] = ()
) -> list[Item]:
    """Return the marks, lines and names of a network, its nodes standing in pixels; ties in `only` stand out."""
    items: list[Item] = []
    ties: dict[tuple[str, str], list[str]] = {}
    for u, v, data in graph.edges(data=True):
        ties.setdefault((min(u, v), max(u, v)), []).append(standing(data.get("realis")))
    for (u, v), realis in sorted(ties.items()):
        if u == v:
            continue
        new = (u, v) in only
        dashes = () if "held" in realis else REALIS[realis[0]].dashes
        told = f"{graph.nodes[u]['label']} – {graph.nodes[v]['label']}: {len(realis)}"
        width = min(0.8 + 0.35 * sqrt(len(realis) - 1), 4.0) * (1.6 if new else 1)
        items.append(
            Line(*to[u], *to[v], "ink" if new else "edge", width, 0.9 if new else 0.65, dashes=dashes, title=told)
        )
    order = sorted(graph, key=lambda node: (-graph.degree(node), node))
    reach = {node: radius(graph, node) for node in order}
    for node in reversed(order):
        data = graph.nodes[node]
        kind = str(data["kind"])
        shape = KINDS[kind].shape if kind in KINDS else OTHER_KIND.shape
        # Around each mark a little ground, so that lines end before it.
        items.append(Mark(*to[node], reach[node] + 1.6, shape, "paper"))
        items.append(Mark(*to[node], reach[node], shape, kind, str(data["label"])))
    return [*items, *_names(graph, order, to, reach, size)]


def radius(graph: nx.MultiDiGraph[str], node: str) -> float:
    """Return how large a mark is, in pixels: its area follows the number of facts."""
    own = graph.nodes[node].get("size")
    return float(own) if own is not None else 3.5 + 1.1 * sqrt(min(graph.degree(node), 60))


def _names(
    graph: nx.MultiDiGraph[str], order: Sequence[str], to: Places, reach: Mapping[str, float], size: tuple[float, float]
) -> Iterable[Text]:
    taken: list[Box] = [
        (to[n][0] - reach[n], to[n][1] - reach[n], to[n][0] + reach[n], to[n][1] + reach[n]) for n in order
    ]
    for at, node in enumerate(order):
        name = short(str(graph.nodes[node]["label"]), 34)
        x, y = to[node]
        far, width = reach[node] + 3, wide(name, TYPE)
        spots: tuple[tuple[str, float, float, Box], ...] = (
            ("middle", x, y + far + 7, (x - width / 2, y + far, x + width / 2, y + far + 14)),
            ("start", x + far, y, (x + far, y - 7, x + far + width, y + 7)),
            ("end", x - far, y, (x - far - width, y - 7, x - far, y + 7)),
            ("middle", x, y - far - 7, (x - width / 2, y - far - 14, x + width / 2, y - far)),
        )
        for anchor, left, top, box in spots:
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= size[0] - 2 and box[3] <= size[1] - 2
            clash = any(_meet(box, other) for number, other in enumerate(taken) if number != at)
            if inside and not clash:
                taken.append(box)
                yield Text(left, top, name, TYPE, anchor, title=str(graph.nodes[node]["label"]))
                break


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def scaled(places: Places, size: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Return places moved and scaled into a size in pixels, alike on both axes, with room for names."""
    if not places:
        return {}
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    across, down = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    scale = min((size[0] - 2 * MARGIN) / across, (size[1] - MARGIN) / down, 1.6)
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    return {
        node: (size[0] / 2 + (x - middle[0]) * scale, size[1] / 2 + (y - middle[1]) * scale)
        for node, (x, y) in places.items()
    }

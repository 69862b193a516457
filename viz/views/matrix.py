"""Who met whom as a matrix: a square for each two actors, darker the more often they met."""

from __future__ import annotations

import numpy as np

from ...graph.store import View
from ..ties import Ties
from .meetings import Meetings, chosen, meetings, named_all
from .scene import Bar, Item, Listing, Row, Scene, Text, Years, short, wide

CELL = (19.0, 40.0)
"""The least and the greatest side of a square; few actors get large ones."""
TYPE = 11.5


def matrix(
    view: View, ties: Ties, *, most: int = 50, around: str | None = None, title: str = "Who met whom", said: str = ""
) -> Scene:
    """Return the matrix of a network: of the `most` strongest actors, in an order in which circles lie together.

    The order is that of the leaves of an average-linkage tree, by Bar-Joseph, Gifford and Jaakkola 2001. With `around`,
    they are one actor and the partners of it. `said` says in the subtitle what the network is of. Raises NotFoundError.
    """
    places = _ordered(ties, chosen(ties, most, around))
    names = named_all(view, (ties.names[place] for place in places))
    weights = ties.weights[places][:, places].toarray()
    when = _years(meetings(ties, np.sort(places)))
    iris = [ties.names[place] for place in places]
    labels = [short(names[iri], 34) for iri in iris]
    left = max(wide(label, TYPE) for label in labels) + 14
    top = left * 0.72 + 8
    cell = min(max(760 / len(iris), CELL[0]), CELL[1])
    size = cell * len(iris)
    items: list[Item] = []
    strongest = int(weights.max())
    for i, iri in enumerate(iris):
        middle = i * cell + cell / 2
        items.append(Text(left - 8, top + middle, labels[i], TYPE, "end", keys=(f"a{i}",), title=names[iri]))
        items.append(
            Text(left + middle, top - 8, labels[i], TYPE, "start", turn=-50, keys=(f"a{i}",), title=names[iri])
        )
        # A quiet ground on every second row leads the eye along.
        if i % 2:
            items.append(Bar(left, top + i * cell, size, cell, "tint", 0.6))
    rows: list[Row] = []
    for i, j in zip(*np.nonzero(weights), strict=True):
        number = int(weights[i, j])
        one, other = names[iris[i]], names[iris[j]]
        years = when.get((min(iris[i], iris[j]), max(iris[i], iris[j])), ())
        counted = len(years) == number
        told = f"{one} – {other}: {number}{_span(years)}"
        box = (left + j * cell + 0.5, top + i * cell + 0.5, cell - 1, cell - 1)
        shade = 0.14 + 0.86 * float(np.sqrt(number / strongest))
        keys = (f"a{i}", f"a{j}")
        items.append(Bar(*box, "accent", shade, told, years if counted else (), keys, counted, 2.5))
        if ties.directed or i < j:
            rows.append(Row((one, other, str(number), _span(years).lstrip(", ")), years))
    rows.sort(key=lambda row: (-int(row.cells[2]), row.cells))
    everybody = len(ties)
    subtitle = f"{said + ': ' if said else ''}{len(iris)} of {everybody:,} actors"
    subtitle += ", those with the most ties" if around is None and len(iris) < everybody else ""
    columns = ("From", "To", "How often", "When") if ties.directed else ("One", "Other", "How often", "When")
    return Scene(
        title,
        subtitle,
        f"A matrix of {len(iris)} actors. The table below it tells each square.",
        left + size + top * 0.9,
        top + size + 12,
        tuple(items),
        (Listing("Ties", columns, tuple(rows)),),
        (("accent", f"the stronger, the more often; at most {strongest}"),),
    )


def _ordered(ties: Ties, places: np.ndarray) -> np.ndarray:
    if len(places) < 3:
        return places
    # Imported here because it takes a while that only a matrix should cost.
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    weights = ties.weights[places][:, places].toarray().astype(float)
    weights = weights + weights.T
    strength = np.sqrt(np.maximum(weights.sum(axis=1), 1))
    near = weights / np.outer(strength, strength)
    distance = 1 - near / max(near.max(), 1e-9)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return np.asarray(places[leaves_list(tree)])


def _years(found: Meetings) -> dict[tuple[str, str], Years]:
    """The years of all events at which two actors both were."""
    years: dict[tuple[str, str], list[tuple[int | None, int | None]]] = {}
    for event in found.events:
        there = sorted(found.present[event])
        for at, one in enumerate(there):
            for other in there[at + 1 :]:
                years.setdefault((one, other), []).append(found.years[event])
    return {pair: tuple(periods) for pair, periods in years.items()}


def _span(years: Years) -> str:
    known = [year for period in years for year in period if year is not None]
    if not known:
        return ""
    return f", {min(known)}" if min(known) == max(known) else f", {min(known)} to {max(known)}"

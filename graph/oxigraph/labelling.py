"""The canonical labels of blank nodes (RDFC-1.0), as far as they can be found within bounds of work.

Blank nodes that look alike are told from each other by walking from each of them through all that look alike around it,
in every order. A few of them that all point to each other make more orders than can ever be tried, and a long chain of
them more calls in calls than the engine's stack has room for. So the walks are first counted, without any hashing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final, TypeAlias

import pyoxigraph as ox

from ...errors import InputError

MOST_STEPS: Final = 1_000_000
"""Steps of all walks together, some seconds of work: a step costs more, the more it has behind it."""
MOST_DEEP: Final = 600
"""How long one walk may be."""

_EACH = 20
"""Steps that each blank node adds to what is allowed, so that large graphs may have many small knots."""
_COPIED = 32
"""With every step what has been walked over is copied: that many nodes cost as much as a step."""

_Around: TypeAlias = Mapping[str, Sequence[Sequence[str]]]


def canonical(nquads: bytes) -> bytes:
    """Return N-Triples or N-Quads with canonical blank node labels (RDFC-1.0, SHA-256), each statement once, sorted.

    Raises InputError where blank nodes are so alike that it would take too long to tell them apart.
    """
    if b"_:" in nquads:
        dataset = ox.Dataset(ox.parse(nquads, ox.RdfFormat.N_QUADS))
        _check(dataset)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        nquads = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(nquads.splitlines(keepends=True))))


def _check(dataset: ox.Dataset) -> None:
    around = _alike_around(dataset)
    walk = _Walk(around, MOST_STEPS + _EACH * len(around))
    for node in around:
        walk.go(node, frozenset((node,)), 0)


def _alike_around(dataset: ox.Dataset) -> _Around:
    """Return, for each blank node that what is said of it does not tell from others, those of these it is next to.

    They come in groups that look the same from there.
    """
    said: defaultdict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    next_to: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for quad in dataset:
        graph, predicate = str(quad.graph_name), quad.predicate.value
        ends = [end.value if isinstance(end, ox.BlankNode) else None for end in (quad.subject, quad.object)]
        for end in {end for end in ends if end is not None}:
            # As RDFC-1.0 has it: of other blank nodes only that they are there.
            subject, value = (
                str(term) if other is None else "_:a" if other == end else "_:z"
                for term, other in zip((quad.subject, quad.object), ends, strict=True)
            )
            said[end].append((subject, predicate, value, graph))
        subject_label, value_label = ends
        if subject_label is not None and value_label is not None and subject_label != value_label:
            next_to[subject_label].append(("o", predicate, value_label))
            next_to[value_label].append(("s", predicate, subject_label))
    look = {node: tuple(sorted(statements)) for node, statements in said.items()}
    seen: defaultdict[tuple[tuple[str, str, str, str], ...], int] = defaultdict(int)
    for of_one in look.values():
        seen[of_one] += 1
    alike = {node for node, of_one in look.items() if seen[of_one] > 1}
    around: dict[str, list[list[str]]] = {}
    for node in alike:
        groups: defaultdict[object, list[str]] = defaultdict(list)
        for position, predicate, other in next_to[node]:
            if other in alike:
                groups[position, predicate, look[other]].append(other)
        around[node] = list(groups.values())
    return around


class _Walk:
    """Walks as the algorithm would, and counts the steps."""

    def __init__(self, around: _Around, most: int) -> None:
        self._around, self._left = around, float(most)

    def go(self, node: str, behind: frozenset[str], depth: int) -> frozenset[str]:
        """Return all nodes that lie behind once a node's surroundings are walked; raises InputError past the bounds."""
        self._count(behind, depth)
        for group in self._around[node]:
            ahead = [other for other in group if other not in behind]
            chosen = behind
            for order in _orders(ahead):
                self._count(behind, depth)
                chosen = behind.union(order)
                for other in dict.fromkeys(order):
                    chosen = self.go(other, chosen, depth + 1)
            behind = chosen
        return behind

    def _count(self, behind: frozenset[str], depth: int) -> None:
        self._left -= 1 + len(behind) / _COPIED
        if self._left < 0 or depth > MOST_DEEP:
            raise InputError(
                f"There are blank nodes, {len(self._around):,} of them, that look so much alike that it would take too "
                "long to tell them apart. Give them IRIs, or tell each apart by a property of its own."
            )


def _orders(nodes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return permutations(nodes) if nodes else iter(())

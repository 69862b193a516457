"""Whether two tables of terms, or two graphs, are the same but for the labels of their blank nodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from .terms import Blank, Iri, Row, Statement, Term

Colours: TypeAlias = dict[Blank, int]
"""What is known of blank nodes: those of the same colour cannot be told apart yet."""


def same(left: Sequence[Row], right: Sequence[Row], *, ordered: bool = False) -> bool:
    """Return whether some exchange of blank nodes, one for one, makes the rows of both the same.

    Rows count as often as they are there. Where `ordered`, they must also come in the same order.
    """
    if len(left) != len(right):
        return False
    if ordered:
        return _same([_numbered(row, n) for n, row in enumerate(left)], [_numbered(r, n) for n, r in enumerate(right)])
    return _same(left, right)


def _numbered(row: Row, number: int) -> Row:
    return (*row, Iri(str(number)))


def _same(left: Sequence[Row], right: Sequence[Row]) -> bool:
    blanks = _blanks(left), _blanks(right)
    if len(blanks[0]) != len(blanks[1]):
        return False
    if not blanks[0]:
        return Counter(left) == Counter(right)
    return _matched(left, right, dict.fromkeys(blanks[0], 0), dict.fromkeys(blanks[1], 0))


def _matched(left: Sequence[Row], right: Sequence[Row], mine: Colours, yours: Colours) -> bool:
    # Colours are refined until they stay, and where several nodes share one, each choice of two of them is tried.
    mine, yours = _refined(left, mine), _refined(right, yours)
    classes, others = _classes(mine), _classes(yours)
    if {c: len(nodes) for c, nodes in classes.items()} != {c: len(nodes) for c, nodes in others.items()}:
        return False
    shared = min((c for c, nodes in classes.items() if len(nodes) > 1), key=lambda c: len(classes[c]), default=None)
    if shared is None:
        names = {node: others[colour][0] for node, colour in mine.items()}
        return Counter(_renamed(row, names) for row in left) == Counter(right)
    chosen = classes[shared][0]
    return any(_matched(left, right, mine | {chosen: -1}, yours | {other: -1}) for other in others[shared])


def _refined(rows: Sequence[Row], colours: Colours) -> Colours:
    while True:
        seen: dict[Blank, list[int]] = defaultdict(list)
        for row in rows:
            for node in set(_blanks_in(row)):
                seen[node].append(hash(tuple(_coloured(term, colours, node) for term in row)))
        finer = {node: hash((colour, tuple(sorted(seen[node])))) for node, colour in colours.items()}
        if len(set(finer.values())) == len(set(colours.values())):
            return finer
        colours = finer


def _coloured(term: Term | None, colours: Colours, self: Blank) -> object:
    if isinstance(term, Blank):
        return (colours[term], term == self)
    if isinstance(term, Statement):
        return tuple(_coloured(part, colours, self) for part in (term.subject, term.predicate, term.object))
    return term


def _classes(colours: Colours) -> dict[int, list[Blank]]:
    classes: dict[int, list[Blank]] = defaultdict(list)
    for node, colour in colours.items():
        classes[colour].append(node)
    return classes


def _blanks(rows: Sequence[Row]) -> set[Blank]:
    return {node for row in rows for node in _blanks_in(row)}


def _blanks_in(terms: Sequence[Term | None]) -> Iterator[Blank]:
    for term in terms:
        if isinstance(term, Blank):
            yield term
        elif isinstance(term, Statement):
            yield from _blanks_in((term.subject, term.predicate, term.object))


def _renamed(row: Row, names: Mapping[Blank, Blank]) -> Row:
    return tuple(_renamed_term(term, names) for term in row)


def _renamed_term(term: Term | None, names: Mapping[Blank, Blank]) -> Term | None:
    if isinstance(term, Blank):
        return names[term]
    if isinstance(term, Statement):
        parts = (_renamed_term(part, names) for part in (term.subject, term.predicate, term.object))
        return Statement(*parts)  # type: ignore[arg-type]
    return term

"""Which blank nodes of a graph can be written where they are mentioned, and which of them are lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .spelling import RDF

DEPTH: Final = 8
"""How many blank nodes may be written inside each other: deeper ones keep labels, as parsers descend recursively."""

FIRST: Final = f"<{RDF}first>"
REST: Final = f"<{RDF}rest>"
NIL: Final = "()"

Facts = dict[str, dict[str, str | list[str]]]
"""Objects by predicate by subject: the object itself where there is one, a list of several."""

Link = tuple[str, str, str]
"""A triple whose object is a blank node."""


@dataclass(frozen=True)
class Nesting:
    """The blank nodes to write in place; `lists` has those of them that are lists, with all cells from the head on."""

    inside: frozenset[str]
    lists: dict[str, list[str]]


def nesting(facts: Facts, links: Iterable[Link], labelled: Iterable[str], first: str, rest: str) -> Nesting:
    """Return what can be nested: blank nodes that are the object of one triple, on no cycle and not too deep.

    `labelled` are the ones that must keep their label; `first` and `rest` are the keys of these predicates in facts.
    A list is nested as one where each cell has one first, one rest and nothing else, and is mentioned once. The
    answer depends on the triples alone, not on their order.
    """
    parents = _parents(links, set(labelled))
    _cut_cycles(parents)
    lists = _lists(facts, parents, first, rest)
    _cut_depths(parents, lists)
    cells = {cell for chain in lists.values() for cell in chain[1:]}
    return Nesting(frozenset(label for label, parent in parents.items() if parent and label not in cells), lists)


_Parents = dict[str, tuple[str, str] | None]
"""The subject and predicate of the one triple that mentions a blank node, None for those that keep their label."""


def _parents(links: Iterable[Link], labelled: set[str]) -> _Parents:
    parents: _Parents = {}
    for subject, predicate, label in links:
        parents[label] = None if label in parents or label in labelled else (subject, predicate)
    return parents


def _cut_cycles(parents: _Parents) -> None:
    walks: dict[str, str] = {}
    for start in parents:
        label = start
        while label not in walks and (parent := parents.get(label)):
            walks[label] = start
            label = parent[0]
        if walks.get(label) == start:
            while parent := parents[label]:
                parents[label] = None
                label = parent[0]


def _lists(facts: Facts, parents: _Parents, first: str, rest: str) -> dict[str, list[str]]:
    def is_cell(label: str) -> bool:
        values = facts.get(label, {})
        return values.keys() == {first, rest} and isinstance(values[first], str) and isinstance(values[rest], str)

    lists = {}
    for label in parents:
        if parents[label] and is_cell(label) and facts[label][rest] == NIL:
            chain = [label]
            while (
                (parent := parents[chain[-1]]) and parent[1] == REST and parents.get(parent[0]) and is_cell(parent[0])
            ):
                chain.append(parent[0])
            lists[chain[-1]] = chain[::-1]
    return lists


def _cut_depths(parents: _Parents, lists: dict[str, list[str]]) -> None:
    heads = {cell: head for head, chain in lists.items() for cell in chain}
    depths: dict[str, int] = {}
    for start in parents:
        path = []
        label = heads.get(start, start)
        while label not in depths and (parent := parents.get(label)):
            path.append(label)
            label = heads.get(parent[0], parent[0])
        for label in reversed(path):
            subject, _ = parents[label] or ("", "")
            depths[label] = depths.get(heads.get(subject, subject), 0) + 1
            if depths[label] <= DEPTH:
                continue
            parents[label], depths[label] = None, 0
            # A list that is too deep gives up its first cell, and the rest of it is a list in that cell.
            cells = lists.pop(label, [])[1:]
            heads.pop(label, None)
            if cells:
                lists[cells[0]], depths[cells[0]] = cells, 1
                heads.update(dict.fromkeys(cells, cells[0]))

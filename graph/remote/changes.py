"""A change of a store as SPARQL Update: from what its graphs hold to what they should hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from .blank import Lines, labels, owners, with_blank_nodes

Graphs = Mapping[URIRef | None, Lines]
"""What each graph holds; the key None stands for the merged view."""


@dataclass(frozen=True)
class Difference:
    """Statements to take out of graphs and to put into them. Those with blank nodes are apart, whole by document.

    `renewed` are the documents all of whose blank nodes are taken out first, from them and from the merged view, as
    nothing can name the node of a label; `blank` is what is put in again, or for the first time.
    """

    removed: Mapping[URIRef | None, Lines]
    added: Mapping[URIRef | None, Lines]
    renewed: tuple[URIRef, ...] = ()
    blank: Mapping[URIRef | None, Lines] | None = None

    @property
    def size(self) -> int:
        """The number of statements without blank nodes that are put in or taken out."""
        return sum(len(lines) for part in (self.removed, self.added) for lines in part.values())


def difference(before: Graphs, after: Graphs, *, named: bool = False) -> Difference:
    """Return what turns one state into another. Blank nodes are like all others where they are `named`."""
    names = [*{**before, **after}]
    removed = {name: before.get(name, frozenset()) - after.get(name, frozenset()) for name in names}
    added = {name: after.get(name, frozenset()) - before.get(name, frozenset()) for name in names}
    if named:
        return Difference(removed, added)
    renewed = _renewed(before, after, removed, added)
    owned = owners(after)
    blank: dict[URIRef | None, Lines] = {name: with_blank_nodes(after.get(name, frozenset())) for name in renewed}
    blank[None] = frozenset(
        line
        for line in with_blank_nodes(after.get(None, frozenset()))
        if any(owned.get(label, set()) & renewed for label in labels(line))
    )
    return Difference(_plain(removed), _plain(added), tuple(sorted(renewed)), blank)


def _plain(graphs: Graphs) -> Graphs:
    return {name: lines - with_blank_nodes(lines) for name, lines in graphs.items()}


def _renewed(before: Graphs, after: Graphs, removed: Graphs, added: Graphs) -> set[URIRef]:
    """Return the documents whose blank nodes are in what changes, and those that share a statement with them."""
    was, will = owners(before), owners(after)

    def documents(line: bytes) -> set[URIRef]:
        return {document for label in labels(line) for who in (was, will) for document in who.get(label, ())}

    found: set[URIRef] = set()
    for part in (removed, added):
        for name, lines in part.items():
            for line in with_blank_nodes(lines):
                found |= documents(line) | ({name} if name is not None else set())
    shared = [documents(line) for state in (before, after) for line in with_blank_nodes(state.get(None, frozenset()))]
    while more := {document for group in shared if group & found for document in group} - found:
        found |= more
    return found


def operations(change: Difference, merged: URIRef | None, at_once: int) -> Iterator[str]:
    """Yield the operations of an update, in order; `merged` is where the merged view is, None the default graph."""
    for document in change.renewed:
        yield from _without_blank_nodes(document, merged)
    for verb, part in (("DELETE", change.removed), ("INSERT", change.added)):
        for name, lines in part.items():
            for batch in batches(lines, at_once):
                yield f"{verb} DATA {{ {block(name or merged, batch)} }}"
    blank = {name: lines for name, lines in (change.blank or {}).items() if lines}
    if blank:
        # One operation, in which a label is one node.
        blocks = " ".join(block(name or merged, sorted(lines)) for name, lines in blank.items())
        yield f"INSERT DATA {{ {blocks} }}"


def _without_blank_nodes(document: URIRef, merged: URIRef | None) -> Iterator[str]:
    stands = f"GRAPH {document.n3()} {{ {{ ?b ?x ?y }} UNION {{ ?x ?y ?b }} }}"
    node = f"{{ SELECT DISTINCT ?b WHERE {{ {stands} FILTER(isBlank(?b)) }} }}"
    for pattern in ("?b ?p ?o", "?s ?p ?b"):
        where = pattern if merged is None else f"GRAPH {merged.n3()} {{ {pattern} }}"
        yield f"DELETE {{ {where} }} WHERE {{ {node} {where} }}"
    whole = f"GRAPH {document.n3()} {{ ?s ?p ?o }}"
    yield f"DELETE {{ {whole} }} WHERE {{ {whole} FILTER(isBlank(?s) || isBlank(?o)) }}"


def batches(lines: Lines, at_once: int) -> Iterator[list[bytes]]:
    """Yield statements in order, so many at once."""
    ordered = sorted(lines)
    return (ordered[begin : begin + at_once] for begin in range(0, len(ordered), at_once))


def block(graph: URIRef | None, lines: Iterable[bytes]) -> str:
    """Return statements as a block of an update, in a named graph or the default graph."""
    text = b"".join(lines).decode()
    return text if graph is None else f"GRAPH {graph.n3()} {{ {text} }}"

"""Whether a store holds what it should: its merged view is what its documents say and what follows from their facts."""

from __future__ import annotations

from dataclasses import dataclass

from ..ontology.rules import shortcut_rules
from .store import LOADS, Store, Triples, View, view_of


@dataclass(frozen=True)
class Verification:
    """Statements, as N-Triples lines, that the merged view lacks, and those it has without any reason."""

    documents: int
    statements: int
    missing: tuple[bytes, ...]
    unfounded: tuple[bytes, ...]

    @property
    def sound(self) -> bool:
        """Whether the merged view is exactly what it should be."""
        return not self.missing and not self.unfounded


def verification(source: Store | View) -> Verification:
    """Return how the merged view of a store compares with its documents and the shortcuts of their facts."""
    view = view_of(source)
    graphs = [graph for graph in view.graphs() if graph != LOADS]
    merged = set(view.ntriples().splitlines())
    stated = {line for graph in graphs for line in view.ntriples(graph).splitlines()}
    derived: set[bytes] = set()
    for rule in shortcut_rules():
        answer = view.query(f"CONSTRUCT {{ {rule.shortcut_pattern} }} WHERE {{ {rule.fact_pattern} }}")
        if isinstance(answer, Triples):
            derived.update(answer.ntriples.splitlines())
    expected = stated | derived
    return Verification(
        documents=len(graphs),
        statements=len(merged),
        missing=tuple(sorted(expected - merged)),
        unfounded=tuple(sorted(merged - expected)),
    )

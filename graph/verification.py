"""Whether a store holds what it should: its merged view is what its documents say and what follows from their facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rdflib.namespace import SKOS

from ..ontology.rules import shortcut_rules
from ..ontology.terms import DG
from .judgements import sameness
from .naming import LABELS
from .sameness import Sameness
from .store import LOADS, Store, Triples, View, view_of

_ALIAS: Final = SKOS.altLabel.n3().encode()
_NAMING: Final = frozenset(label.n3().encode() for label in (*LABELS, SKOS.altLabel))
_AS_STATED: Final = frozenset(term.n3().encode() for term in (DG.keeps, DG.merges))


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
    """Return how the merged view of a store compares with its documents, as judged, and their facts' shortcuts."""
    view = view_of(source)
    graphs = [graph for graph in view.graphs() if graph != LOADS]
    merged = set(view.ntriples().splitlines())
    stated = _as_judged((line for graph in graphs for line in view.ntriples(graph).splitlines()), sameness(view))
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


def _as_judged(lines: Iterable[bytes], same: Sameness) -> set[bytes]:
    """Return statements with those entities in them that are shown, and with the labels these should have."""
    if not same.kept:
        return set(lines)
    kept = {entity.n3().encode(): other.n3().encode() for entity, other in same.kept.items()}
    groups = [[entity.n3().encode() for entity in group] for group in same.members.values()]
    one_of_several = {entity for group in groups for entity in group}
    names: dict[bytes, set[tuple[bytes, bytes]]] = defaultdict(set)
    shown: set[bytes] = set()
    for line in lines:
        subject, predicate, value = line.removesuffix(b" .").split(b" ", 2)
        if predicate in _AS_STATED:
            shown.add(line)
            continue
        value = kept.get(value, value)
        if predicate in _NAMING and subject in one_of_several:
            names[subject].add((predicate, value))
        else:
            shown.add(b"%s %s %s ." % (kept.get(subject, subject), predicate, value))
    for group in groups:
        first = next((entity for entity in group if any(path != _ALIAS for path, _ in names[entity])), None)
        labels = {value for path, value in names[first] if path != _ALIAS} if first is not None else set()
        for entity in group:
            others = first is not None and group.index(entity) > group.index(first)
            for path, value in names[entity]:
                if not others:
                    shown.add(b"%s %s %s ." % (group[0], path, value))
                elif value not in labels:
                    shown.add(b"%s %s %s ." % (group[0], _ALIAS, value))
    return shown

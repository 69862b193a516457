"""Finding entities by name: what a text is in, or what it is like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rdflib import URIRef

from ..graph.entities import Name, Names, kind_called, labels
from ..graph.store import View
from ..ontology.identifiers import shortened

_NEAR = 10


@dataclass(frozen=True)
class FoundName:
    """An entity that was found: its label, the name that matched, its kinds in words, and its short id."""

    entity: URIRef
    label: str
    name: str
    kind: str
    id: str


@dataclass(frozen=True)
class Found:
    """What was found, the best first; `near` if these are only like the text; `more` were left out."""

    rows: tuple[FoundName, ...]
    near: bool = False
    more: int = 0

    def dicts(self) -> list[dict[str, Any]]:
        """Return the rows as plain Python, ready for JSON."""
        return [
            {"label": row.label, "name": row.name, "kind": row.kind, "id": row.id, "iri": str(row.entity)}
            | ({"near": True} if self.near else {})
            for row in self.rows
        ]


def found(view: View, text: str, kind: str | None = None, limit: int = 50) -> Found:
    """Return the entities with a name that has a text in it or, where there is none, with a name like it.

    `kind` is a class of the vocabulary by label or identifier; raises InputError where there is none of that name.
    """
    names, wanted = Names(view), [kind_called(kind)] if kind else []
    matching = names.containing(text, wanted, limit)
    if not matching:
        return Found(_rows(view, names.near(text, wanted, min(limit, _NEAR))), near=True)
    more = names.count(text, wanted) - limit if len(matching) == limit else 0
    return Found(_rows(view, matching), more=more)


def _rows(view: View, names: list[Name]) -> tuple[FoundName, ...]:
    kinds = labels(view, {kind for name in names for kind in name.kinds})
    return tuple(
        FoundName(n.entity, n.label, n.name, ", ".join(kinds[kind] for kind in n.kinds), shortened(n.entity))
        for n in names
    )

"""Entities as people know them: their labels and kinds, finding them by name, and what is known of one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS
from rdflib.term import Node

from ..errors import AmbiguousNameError, IdentifierError, NotFoundError, ParameterError
from ..ontology.documents import vocabulary
from ..ontology.identifiers import expanded, folded, shortened
from ..ontology.namespaces import DOCUMENTS, IDENTIFIERS
from ..ontology.terms import DG
from .store import View

_NAMES = (SKOS.prefLabel, SKOS.altLabel, DG.officialName, DCTERMS.title, RDFS.label)
_CODES = (DG.isoAlpha2, DG.isoAlpha3, DG.iso31663)
_CHUNK = 2000


@dataclass(frozen=True)
class Name:
    """A name of an entity, and the label and kinds it goes by."""

    entity: URIRef
    name: str
    label: str
    kinds: tuple[URIRef, ...]


class Names:
    """Every name in a view, for finding entities by what people call them."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._entities: dict[str, dict[URIRef, str]] = {}
        predicates = " ".join(p.n3() for p in (*_NAMES, *_CODES))
        for row in view.select(
            f"SELECT ?entity ?name WHERE {{ VALUES ?p {{ {predicates} }} ?entity ?p ?name FILTER(isIRI(?entity)) }}"
        ):
            self._entities.setdefault(folded(str(row["name"])), {})[URIRef(str(row["entity"]))] = str(row["name"])

    def entity(self, text: str, kinds: Sequence[URIRef] = ()) -> URIRef:
        """Return the entity that a name, alias, short id or IRI means, among those of the given kinds if any.

        Case, accents and punctuation do not matter. Raises NotFoundError, with near names,
        AmbiguousNameError, or ParameterError where an IRI is that of another kind of entity.
        """
        iri = _identifier(text)
        if iri is not None:
            if not self._known(iri):
                raise NotFoundError(f"The store says nothing of <{iri}>.")
            wanted = {kind for wide in kinds for kind in (wide, *narrower(wide))}
            own = set(kinds_of(self._view, [iri]).get(iri, ()))
            if wanted and own and not wanted & own:
                called = labels(self._view, {*own, *kinds})
                seen, right = (" or ".join(sorted(called[k] for k in some)).lower() for some in (own, set(kinds)))
                raise ParameterError(f"<{iri}> is of kind {seen}, and {right} is wanted here.")
            return iri
        found = self._described(self._entities.get(folded(text), {}), kinds)
        if len(found) > 1:
            # A label is a better claim to a name than an alias is.
            found = [name for name in found if folded(name.label) == folded(text)] or found
        if len(found) > 1:
            raise AmbiguousNameError(text, [(_with_kind(name), str(name.entity)) for name in found])
        if not found:
            near = ", ".join(dict.fromkeys(name.label for name in self._near(text, kinds)))
            hint = f" Names near it: {near}." if near else " `diplograph find` searches names."
            kind = " or ".join(sorted(labels(self._view, kinds).values())).lower()
            raise NotFoundError(f"Nothing{f' of kind {kind}' if kind else ''} is called {text!r}.{hint}")
        return found[0].entity

    def containing(self, text: str, kinds: Iterable[URIRef] = ()) -> list[Name]:
        """Return the entities with a name that contains all words of text or their beginnings, best match first."""
        words = folded(text).split()
        scores: dict[URIRef, tuple[int, str]] = {}
        for key, entities in self._entities.items():
            score = _score(key, words)
            if score:
                for entity, name in entities.items():
                    scores[entity] = max(scores.get(entity, (0, "")), (score, name))
        described = self._described({entity: name for entity, (_, name) in scores.items()}, kinds)
        return sorted(described, key=lambda name: (-scores[name.entity][0], len(name.label), name.label, name.entity))

    def _near(self, text: str, kinds: Sequence[URIRef]) -> list[Name]:
        """Return a few entities with names like the text: that contain it, else that differ by a few letters."""
        found = self.containing(text, kinds)
        if not found:
            alike = difflib.get_close_matches(folded(text), self._entities, n=5, cutoff=0.75)
            found = self._described({e: n for key in alike for e, n in self._entities[key].items()}, kinds)
        return found[:5]

    def _known(self, iri: URIRef) -> bool:
        return self._view.query(f"ASK {{ {{ {iri.n3()} ?p ?o }} UNION {{ ?s ?q {iri.n3()} }} }}") is True

    def _described(self, entities: dict[URIRef, str], kinds: Iterable[URIRef]) -> list[Name]:
        wanted = {kind for wide in kinds for kind in (wide, *narrower(wide))}
        of_kind = kinds_of(self._view, entities)
        called = labels(self._view, entities)
        return [
            Name(entity, name, called[entity], of_kind.get(entity, ()))
            for entity, name in sorted(entities.items())
            if not wanted or wanted & set(of_kind.get(entity, ()))
        ]


def labels(view: View, terms: Iterable[Node]) -> dict[Node, str]:
    """Return a label for each term: the preferred one, English first, else a title, else its short id."""
    unique = set(terms)
    found = {term: str(term) for term in unique if not isinstance(term, URIRef)}
    iris = sorted(term for term in unique if isinstance(term, URIRef))
    if any(not str(iri).startswith((IDENTIFIERS, DOCUMENTS)) for iri in iris):
        found |= {iri: label for iri in iris if (label := _vocabulary_labels().get(iri))}
    for begin in range(0, len(iris), _CHUNK):
        values = " ".join(iri.n3() for iri in iris[begin : begin + _CHUNK] if iri not in found)
        if not values:
            # An empty VALUES block is SPARQL, but more than rdflib can do.
            continue
        best: dict[Node, tuple[int, int, str]] = {}
        for row in view.select(
            f"SELECT ?term ?p ?label WHERE {{ VALUES ?term {{ {values} }} "
            f"VALUES ?p {{ {SKOS.prefLabel.n3()} {RDFS.label.n3()} {DCTERMS.title.n3()} }} ?term ?p ?label }}"
        ):
            rank = (SKOS.prefLabel, RDFS.label, DCTERMS.title).index(URIRef(str(row["p"])))
            language = getattr(row["label"], "language", None) or ""
            claim = (rank, 0 if language.startswith("en") else 1, str(row["label"]))
            best[row["term"]] = min(best.get(row["term"], claim), claim)
        found |= {term: label for term, (_, _, label) in best.items()}
    return found | {iri: shortened(iri) for iri in iris if iri not in found}


def kinds_of(view: View, entities: Iterable[URIRef]) -> dict[URIRef, tuple[URIRef, ...]]:
    """Return the classes of each entity that has any, sorted."""
    kinds: dict[URIRef, set[URIRef]] = {}
    iris = sorted(set(entities))
    for begin in range(0, len(iris), _CHUNK):
        values = " ".join(iri.n3() for iri in iris[begin : begin + _CHUNK])
        for row in view.select(f"SELECT ?s ?kind WHERE {{ VALUES ?s {{ {values} }} ?s {RDF.type.n3()} ?kind }}"):
            kinds.setdefault(URIRef(str(row["s"])), set()).add(URIRef(str(row["kind"])))
    return {entity: tuple(sorted(of_one)) for entity, of_one in kinds.items()}


@cache
def narrower(kind: URIRef) -> tuple[URIRef, ...]:
    """Return the classes below a class of the vocabulary, at any depth, sorted."""
    graph = vocabulary("diplograph")
    return tuple(sorted(URIRef(str(c)) for c in graph.transitive_subjects(RDFS.subClassOf, kind) if c != kind))


@cache
def _vocabulary_labels() -> dict[Node, str]:
    graph = vocabulary("diplograph", "schemes")
    return {term: str(label) for term, label in graph.subject_objects(SKOS.prefLabel)}


def _identifier(text: str) -> URIRef | None:
    try:
        return expanded(text)
    except IdentifierError:
        # Some names look like short ids: a topic may be called "work/life balance".
        if text.startswith("<") or ":" in text:
            raise
        return None


def _score(key: str, words: list[str]) -> int:
    if not words:
        return 0
    text, parts = " ".join(words), key.split()
    if key == text:
        return 5
    if key.startswith(text):
        return 4
    if all(word in parts for word in words):
        return 3
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    return 1 if text in key else 0


def _with_kind(name: Name) -> str:
    called = sorted(label for kind in name.kinds if (label := _vocabulary_labels().get(kind)))
    return f"{name.label} ({', '.join(called)})" if called else name.label

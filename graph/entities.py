"""Entities as people know them: their labels and kinds, finding them by name, and what is known of one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from ..errors import AmbiguousNameError, IdentifierError, InputError, NotFoundError, ParameterError
from ..ontology.documents import vocabulary
from ..ontology.identifiers import expanded, folded, shortened
from ..ontology.namespaces import DOCUMENTS, IDENTIFIERS
from .judgements import kept
from .names import Named, NameIndex
from .store import View

_CHUNK = 2000
_SHOWN = 20
_NEAREST = 100


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

    @cached_property
    def _index(self) -> NameIndex:
        return self._view.names()

    def entity(self, text: str, kinds: Sequence[URIRef] = ()) -> URIRef:
        """Return the entity that a name, alias, short id or IRI means, among those of the given kinds if any.

        Case, accents and punctuation do not matter. Raises NotFoundError, with near names,
        AmbiguousNameError, or ParameterError where an IRI is that of another kind of entity. Of entities that were
        judged to be one, each means the one that is kept.
        """
        iri = _identifier(text)
        if iri is not None:
            iri = kept(self._view, iri)
            if not self._known(iri):
                raise NotFoundError(f"The store says nothing of <{iri}>.")
            wanted = {kind for wide in kinds for kind in (wide, *narrower(wide))}
            own = set(kinds_of(self._view, [iri]).get(iri, ()))
            if wanted and own and not wanted & own:
                called = labels(self._view, {*own, *kinds})
                seen, right = (" or ".join(sorted(called[k] for k in some)).lower() for some in (own, set(kinds)))
                raise ParameterError(f"<{iri}> is of kind {seen}, and {right} is wanted here.")
            return iri
        found = list(self._described(iter(sorted(self._index.called(folded(text)))), kinds))
        if len(found) > 1:
            # A label is a better claim to a name than an alias is.
            found = [name for name in found if folded(name.label) == folded(text)] or found
        if len(found) > 1:
            raise AmbiguousNameError(text, [(_with_kind(name), str(name.entity)) for name in found])
        if not found:
            alike = self.containing(text, kinds, 5) or self.near(text, kinds, 5)
            near = ", ".join(dict.fromkeys(name.label for name in alike))
            hint = f" Names near it: {near}." if near else " `diplograph find` searches names."
            kind = " or ".join(sorted(labels(self._view, kinds).values())).lower()
            raise NotFoundError(f"Nothing{f' of kind {kind}' if kind else ''} is called {text!r}.{hint}")
        return found[0].entity

    def containing(self, text: str, kinds: Iterable[URIRef] = (), limit: int | None = None) -> list[Name]:
        """Return the entities with a name that contains all words of text or their beginnings, best match first."""
        return list(islice(self._described(self._index.containing(folded(text)), kinds), limit))

    def count(self, text: str, kinds: Sequence[URIRef] = ()) -> int:
        """Return how many entities `containing` finds without a limit."""
        return len(self.containing(text, kinds)) if kinds else self._index.count(folded(text))

    def near(self, text: str, kinds: Iterable[URIRef] = (), limit: int = 10) -> list[Name]:
        """Return entities that a misspelt text may mean, or one in another script or romanisation, nearest first.

        Whether it means one of them is for a person to say.
        """
        # Not at the top: most names are spelled as they are.
        from .misspellings import nearest

        return list(islice(self._described(iter(nearest(self._index, folded(text), _NEAREST)), kinds), limit))

    def _known(self, iri: URIRef) -> bool:
        return self._view.query(f"ASK {{ {{ {iri.n3()} ?p ?o }} UNION {{ ?s ?q {iri.n3()} }} }}") is True

    def _described(self, found: Iterator[Named], kinds: Iterable[URIRef]) -> Iterator[Name]:
        """Yield what was found, with its kinds, if it is of those that are wanted."""
        wanted = {kind for wide in kinds for kind in (wide, *narrower(wide))}
        while some := list(islice(found, _CHUNK if wanted else _SHOWN)):
            of_kind = kinds_of(self._view, (URIRef(named.entity) for named in some))
            for named in some:
                own = of_kind.get(URIRef(named.entity), ())
                if not wanted or wanted & set(own):
                    yield Name(URIRef(named.entity), named.name, named.label, own)


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


def kind_called(text: str) -> URIRef:
    """Return the class of the vocabulary with a label or an identifier, however it is spelled.

    Raises InputError, with near ones, where there is none.
    """
    graph = vocabulary("diplograph")
    kinds = [kind for kind in graph.subjects(RDF.type, OWL.Class) if isinstance(kind, URIRef)]
    spelled = {folded(kind.fragment): kind for kind in kinds}
    spelled |= {folded(str(label)): kind for kind in kinds for label in graph.objects(kind, SKOS.prefLabel)}
    if (key := folded(text)) in spelled:
        return spelled[key]
    near = " or ".join(spelled[name].fragment for name in difflib.get_close_matches(key, spelled, n=3))
    raise InputError(f"There is no kind {text!r}. Use {near or 'one of the vocabulary, such as Person or Agreement'}.")


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


def _with_kind(name: Name) -> str:
    called = sorted(label for kind in name.kinds if (label := _vocabulary_labels().get(kind)))
    return f"{name.label} ({', '.join(called)})" if called else name.label

"""States and territories by the names and codes that records use, at the date of the record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from ...ontology.dates import PartialDate
from ...ontology.identifiers import folded
from ...ontology.terms import DG
from ..loading import packaged_sources
from ..oxigraph import rdflib_graph

_WITH_ARTICLE: Final = re.compile(
    r"(?:United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Marshall|Solomon|Cook|Soviet"
    r"|Holy|Socialist|Central African|Dominican Republic|Democratic|Republic|German Democratic|Ottoman|Federal|Papal"
    r"|Hawaiian|Kingdom|Grand Duchy|Russian Empire|Vatican|Sudan$|Congo)"
)


@dataclass(frozen=True)
class Bearer:
    """A state or territory that bears a name: `from_` and `until` are the dates of the name, as text or empty."""

    entity: URIRef
    label: str
    from_: str
    until: str


class StateNames:
    """Every name, former name and code of the reference graph's states and territories.

    `aliases` are further names, such as an origin's own identifiers, and the IRI each stands for.
    """

    def __init__(self, aliases: dict[str, URIRef] | None = None) -> None:
        self._bearers = dict(_bearers())
        self.labels = _labels()
        for name, entity in (aliases or {}).items():
            self._bearers[spoken(name)] = (Bearer(entity, self.labels[entity], "", ""),)

    def entity(self, name: str, on: str = "") -> URIRef | None:
        """Return what a name or code means in a record of a date, or None where that cannot be told.

        `on` is YYYY, YYYY-MM or YYYY-MM-DD, or empty where the record has no date. Remarks in brackets are passed over.
        """
        bearers = self._bearers.get(spoken(name)) or self._bearers.get(spoken(re.sub(r"\(.*?\)", "", name)), ())
        entities = {bearer.entity for bearer in bearers}
        if len(entities) > 1 and on:
            entities = {bearer.entity for bearer in bearers if _can_mean(bearer, on)}
        return next(iter(entities)) if len(entities) == 1 else None

    def label(self, entity: URIRef) -> str:
        """Return the label of a state or territory."""
        return self.labels[entity]

    def phrase(self, entity: URIRef) -> str:
        """Return the label as it stands in a sentence: `the United States`, `Azerbaijan`."""
        return with_article(self.labels[entity])


def with_article(name: str) -> str:
    """Return a name of a state as it stands in a sentence: `the United States`, `Azerbaijan`."""
    return f"the {name}" if _WITH_ARTICLE.match(name) else name


def spoken(name: str) -> str:
    """Return a name as it is compared: folded, and without its article."""
    return folded(name).removeprefix("the ")


def _can_mean(bearer: Bearer, on: str) -> bool:
    date = PartialDate(on)
    begun = not bearer.from_ or PartialDate(bearer.from_).first_day <= date.last_day
    return begun and (not bearer.until or PartialDate(bearer.until).last_day >= date.first_day)


@cache
def _labels() -> dict[URIRef, str]:
    graph = reference()
    kinds: Iterable[Node] = (DG.State, DG.Territory)
    return {
        URIRef(str(s)): str(graph.value(s, SKOS.prefLabel)) for kind in kinds for s in graph.subjects(RDF.type, kind)
    }


@cache
def _bearers() -> dict[str, tuple[Bearer, ...]]:
    graph = reference()
    found: dict[str, set[Bearer]] = {}

    def add(name: str, entity: URIRef, start: URIRef = DG.inception, end: URIRef = DG.dissolution) -> None:
        dates = [str(value or "") for value in (graph.value(entity, start), graph.value(entity, end))]
        found.setdefault(spoken(name), set()).add(Bearer(entity, _labels()[entity], *dates))

    for entity in _labels():
        add(str(entity).rpartition("/")[2], entity)
        for prop in (SKOS.prefLabel, SKOS.altLabel, DG.officialName, DG.isoAlpha2, DG.isoAlpha3, DG.iso31663):
            for name in graph.objects(entity, prop):
                add(str(name), entity)
    for naming in graph.subjects(RDF.type, DG.Naming):
        entity = URIRef(str(graph.value(naming, DG.bearer)))
        key = spoken(str(graph.value(naming, DG.name)))
        dates = [str(graph.value(naming, prop) or "") for prop in (DG["from"], DG.until)]
        # A name that is known to have been borne for a time is borne at no other.
        found[key] = {bearer for bearer in found.get(key, set()) if bearer.entity != entity or bearer.until in dates}
        found[key].add(Bearer(entity, _labels()[entity], *dates))
    return {name: tuple(sorted(bearers, key=lambda b: (b.entity, b.from_))) for name, bearers in found.items()}


@cache
def reference() -> Graph:
    """Return the reference graph of states, which nobody changes."""
    return rdflib_graph(packaged_sources("states")[0].ntriples)

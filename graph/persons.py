"""What is recorded of each person that helps to tell persons apart: names, years, identifiers, posts and states."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from rdflib import URIRef
from rdflib.namespace import SKOS

from ..errors import DateError
from ..ontology.dates import PartialDate, partial_date
from ..ontology.identifiers import shortened
from ..ontology.terms import DG, REALIS
from .entities import narrower
from .likeness import words
from .store import View


class Span(NamedTuple):
    """From the first to the last day on which something may have been so; no last day where the end is open."""

    first: date
    last: date | None

    def joined(self, other: Span) -> Span:
        """Return the span from the earlier first day to the later last day."""
        last = None if self.last is None or other.last is None else max(self.last, other.last)
        return Span(min(self.first, other.first), last)

    def overlaps(self, other: Span) -> bool:
        """Return whether some day may lie in both; an open end is no end."""
        return self.first <= (other.last or date.max) and other.first <= (self.last or date.max)

    def __str__(self) -> str:
        if self.last is None:
            return f"since {self.first.year}"
        return f"{self.first.year} to {self.last.year}" if self.first.year != self.last.year else str(self.first.year)


def span_of(day: PartialDate) -> Span:
    """Return the days that a partial date can mean."""
    return Span(day.first_day, day.last_day)


@dataclass
class Person:
    """What is recorded of one person, as far as it helps to tell persons apart."""

    iri: URIRef
    label: str = ""
    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    years: dict[URIRef, set[PartialDate]] = field(default_factory=lambda: defaultdict(set))
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    posts: dict[URIRef, Span | None] = field(default_factory=dict)
    states: dict[URIRef, Span | None] = field(default_factory=dict)

    @property
    def recorded(self) -> Span | None:
        """The span of all that is recorded of the person with a date."""
        spans = [span for span in (*self.posts.values(), *self.states.values()) if span]
        return Span(min(s.first for s in spans), max(s.last or s.first for s in spans)) if spans else None


def people_in(view: View) -> dict[URIRef, Person]:
    """Return what is recorded of every person of a view, by their identifiers."""
    kinds = " ".join(kind.n3() for kind in (DG.Person, *narrower(DG.Person)))
    told = " ".join(prop.n3() for prop in (SKOS.prefLabel, SKOS.altLabel, DG.born, DG.died, DG.localId))
    people: dict[URIRef, Person] = {}
    for row in view.select(
        f"SELECT ?person ?prop ?value WHERE {{ VALUES ?kind {{ {kinds} }} ?person a ?kind FILTER(isIRI(?person)) "
        f"OPTIONAL {{ VALUES ?prop {{ {told} }} ?person ?prop ?value }} }}"
    ):
        iri = URIRef(str(row["person"]))
        person = people.setdefault(iri, Person(iri))
        if "value" in row:
            _take(person, URIRef(str(row["prop"])), str(row["value"]))
    for person in people.values():
        person.label = person.label or shortened(person.iri)
    for row in _rows_of_posts(view):
        holder = people.get(URIRef(str(row["person"])))
        if holder:
            span = _span_in(row)
            for spans, key in ((holder.posts, "post"), (holder.states, "state")):
                if key in row:
                    _widen(spans, URIRef(str(row[key])), span)
    return people


def _take(person: Person, prop: URIRef, value: str) -> None:
    if prop in (SKOS.prefLabel, SKOS.altLabel):
        name = words(value)
        if name:
            person.names.setdefault(name, value)
        if prop == SKOS.prefLabel:
            person.label = min(person.label or value, value)
    elif prop == DG.localId:
        scheme, _, local = value.rpartition(":")
        person.ids[scheme].add(local)
    else:
        date_ = _date(value)
        if date_:
            person.years[prop].add(date_)


def _rows_of_posts(view: View) -> list[dict[str, Any]]:
    held = f"dg:realis {REALIS.held.n3()}"
    head = f"PREFIX dg: <{DG._NS}> SELECT DISTINCT ?person ?post ?state ?from ?until ?on WHERE"
    dates = "OPTIONAL { ?fact dg:from ?from } OPTIONAL { ?fact dg:until ?until }"
    event = "OPTIONAL { ?fact dg:event ?event . ?event dg:date ?on }"
    of_post = "OPTIONAL { ?post dg:postOf ?state }"
    tenures = (
        f"{{ ?fact a dg:Tenure ; {held} ; dg:person ?person ; dg:post ?post . {dates} "
        f"OPTIONAL {{ ?fact dg:evidence ?evidence . ?evidence dg:asOf ?on }} {of_post} }}"
    )
    parts = f"{{ ?fact a dg:Participation ; {held} ; dg:agent ?person ; dg:capacity ?post . {event} {of_post} }}"
    standing = f"{{ ?fact a dg:Representation ; {held} ; dg:agent ?person ; dg:principal ?state . {dates} {event} }}"
    return [row for where in (tenures, parts, standing) for row in view.select(f"{head} {where}")]


def _span_in(row: dict[str, Any]) -> Span | None:
    start, end, on = (_date(str(row[key])) if key in row else None for key in ("from", "until", "on"))
    if start:
        return Span(start.first_day, max(end.last_day, start.first_day) if end else None)
    day = end or on
    return span_of(day) if day else None


def _widen(spans: dict[URIRef, Span | None], key: URIRef, span: Span | None) -> None:
    before = spans.get(key)
    spans[key] = before.joined(span) if before and span else before or span


def _date(text: str) -> PartialDate | None:
    try:
        return partial_date(text)
    except DateError:
        return None

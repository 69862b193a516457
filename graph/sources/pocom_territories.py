"""The states and territories of the records of chiefs of mission: which one, by which name, at the record's date.

A record has an identifier of a territory, `russia` from 1809 to this day, and often says in a remark to whom the chief
of mission was commissioned: "Commissioned to the Union of Soviet Socialist Republics." What that names is the state of
the record if it existed then and came before or after the identifier's, or that did not exist yet. Else it is the
identifier's. Either way, the name leads to the post.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rdflib import URIRef
from rdflib.namespace import SKOS

from ...errors import DateError
from ...ontology.dates import PartialDate, partial_date
from ...ontology.terms import DG
from .states import StateNames, reference, spoken, with_article

_COMMISSIONED: Final = re.compile(r"(?:\A|\. )Commissioned to ((?:the )?[^.;,(]+)")
_YEAR_OF_END: Final = re.compile(r"-\d{4}$")


def territory(states: StateNames, identifier: str, on: str) -> URIRef | None:
    """Return what an identifier of a territory means on a date, which is passed over where it is none.

    The identifier of a state that ended may close with the year of its end.
    """
    return states.entity(_words(identifier), _day(on)) if identifier else None


def commissioned(states: StateNames, remark: str, host: URIRef | None, on: str) -> tuple[str, URIRef] | None:
    """Return the name by which a record's remark calls the state that somebody was sent to, and that state.

    It is the host, or one in its place at the date; None where the remark names neither.
    """
    match, day = _COMMISSIONED.search(remark), _day(on)
    name = match[1].strip() if match else ""
    named = states.entity(name, day) if name else None
    if named is None or host is None:
        return None
    other = bool(day) and _existed(named, day) and (named in _beside(host) or not _existed(host, day))
    return (name, named) if named == host or other else None


def called(identifier: str, entity: URIRef) -> str:
    """Return the name of an entity that an identifier is made of, as in a sentence, or nothing where none is."""
    return with_article(_spellings(entity).get(spoken(_words(identifier)), ""))


def _words(identifier: str) -> str:
    return _YEAR_OF_END.sub("", identifier).replace("-", " ")


def _day(on: str) -> str:
    try:
        return on and PartialDate(on).lexical
    except DateError:
        return ""


def _existed(state: URIRef, on: str) -> bool:
    begun, ended = (reference().value(state, prop) for prop in (DG.inception, DG.dissolution))
    day = partial_date(on)
    after = begun is None or partial_date(str(begun)).first_day <= day.last_day
    return after and (ended is None or partial_date(str(ended)).last_day >= day.first_day)


@cache
def _beside(state: URIRef) -> frozenset[URIRef]:
    """The states that came before or after, at any remove."""
    graph = reference()
    before, after = graph.transitive_subjects(DG.succeededBy, state), graph.transitive_objects(state, DG.succeededBy)
    return frozenset(URIRef(str(each)) for each in (*before, *after)) - {state}


@cache
def _spellings(entity: URIRef) -> dict[str, str]:
    graph = reference()
    names = [
        str(name) for prop in (DG.officialName, SKOS.altLabel, SKOS.prefLabel) for name in graph.objects(entity, prop)
    ]
    names += [str(graph.value(naming, DG.name)) for naming in graph.subjects(DG.bearer, entity)]
    return {spoken(name): name for name in sorted(names)}

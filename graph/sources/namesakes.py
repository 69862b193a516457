"""Visitors of one name and one state: one person, unless the years between their visits say that they are two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from rdflib import URIRef

from ...ontology.identifiers import entity_iri, slug

GENERATION: Final = 30
"""More than these years between two visits, and the later visitor is taken for another person."""

_REIGNS: Final = frozenset({"King", "Queen", "Emperor", "Shah", "Sultan", "Emir", "Grand Duke", "Grand Duchess"})


class Called(NamedTuple):
    """How a visitor is called in one record: the name, whence, when, and the title."""

    name: str
    whence: str
    on: str
    title: str = ""


class Known(NamedTuple):
    """A person, the name in the earliest record, and why it is another than one before, empty where it is the first."""

    person: URIRef
    name: str
    note: str = ""


def told_apart(calls: Iterable[Called]) -> dict[Called, Known]:
    """Return the person that each call means.

    The same name, accents and case aside, from the same state is the same person. It is another, whose identifier ends
    in the year, where no visit of that name was in GENERATION years, or where a reigning monarch's name is later that
    of a crown prince. A call without a date means the first.
    """
    namesakes: dict[tuple[str, str], list[Called]] = defaultdict(list)
    for call in calls:
        namesakes[slug(call.name), call.whence].append(call)
    known: dict[Called, Known] = {}
    for (name, whence), same in namesakes.items():
        person, before, reigned = Known(entity_iri("person", f"{name} {whence}"), ""), "", False
        for call in sorted(same, key=lambda call: call.on):
            why = _another(call, before, reigned)
            if why:
                person = Known(entity_iri("person", f"{name} {whence} {call.on[:4]}"), call.name, why)
            elif not person.name:
                person = person._replace(name=call.name)
            before, reigned = call.on or before, (reigned and not why) or call.title in _REIGNS
            known[call] = person
    return known


def _another(call: Called, before: str, reigned: bool) -> str:
    if before and int(call.on[:4]) - int(before[:4]) > GENERATION:
        return f"Taken for another person than the {call.name!r} whose last visit from there was in {before[:4]}."
    if reigned and call.title == "Crown Prince":
        return f"Taken for another person than the monarch {call.name!r}, who visited from there by {before[:4]}."
    return ""

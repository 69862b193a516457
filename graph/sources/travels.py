"""Trips abroad of Presidents and Secretaries of State of the United States, and the terms of the Presidents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rdflib import URIRef
from rdflib.namespace import DCTERMS

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG, LEVEL, ROLE
from .countries import Country, country
from .drafts import Draft, Pair, Spelled, date, iri, text
from .historian import PRESIDENT, SECRETARY, UNITED_STATES, changes, known_date, newest, period, say_dataset, say_post
from .intake import Intake
from .places import named_places, say_place
from .states import StateNames
from .xmlfiles import Located, records, words

_POSTS: Final = {"president": PRESIDENT, "secretary": SECRETARY}
_PRESIDENTS: Final = "presidents/presidents.xml"

NAMESAKES: Final = {"taft-william-howard": "president-william-howard-taft"}
"""Identifiers of Presidents that are another's among the principal officers and chiefs of mission: there it is the
President's grandson, William Howard Taft III; and the President's own local name here."""


class _Record(NamedTuple):
    """An element of a file, the file's name in the dataset, and the record's own identifier or line."""

    element: Located
    file: str
    name: str


def read(directory: Path, intake: Intake, states: StateNames) -> None:
    """Read the legs of trips in a directory's *-travels/*.xml, and its presidents/presidents.xml, into a draft.

    Whom a traveller met is told in the remarks alone, which are kept as they are.
    """
    legs = list(_records(directory, "*-travels/*.xml", "trip", intake))
    terms = list(_records(directory, _PRESIDENTS, "president", intake))
    draft = intake.draft("historyatstate-travels")
    updated = newest(stamp for record in (*legs, *terms) for stamp in changes(record.element))
    title = "Travels abroad of Presidents and Secretaries of State of the United States"
    say_dataset(draft, title, "travels", updated)
    for record in terms:
        _say_term(record, draft, intake)
    for done, record in enumerate(legs, start=1):
        _say_leg(record, draft, intake, states)
        intake.progress(done, len(legs))
    intake.finish(draft)


def _records(directory: Path, pattern: str, tag: str, intake: Intake) -> Iterator[_Record]:
    for path in sorted(directory.glob(pattern)):
        file = path.relative_to(directory).as_posix()
        for element in records(path, file, tag, intake):
            number = f"president {element.get('n')}" if element.get("n") else ""
            yield _Record(element, file, number or words(element, "id") or f"line {element.line}")


def _say_term(record: _Record, draft: Draft, intake: Intake) -> None:
    element, file, name = record
    person = _person(draft, words(element, "id"), words(element, "name"), "president")
    if person is None:
        intake.problem(file, name, "The record names no person.")
        return
    lived = (("birth-year", DG.born, "birth"), ("death-year", DG.died, "death"))
    for tag, prop, what in lived:
        year = known_date(words(element, tag), what, file, name, intake)
        draft.say(person, [(prop, date(year))] if year else [])
    start, end = period(words(element, "took-office-date"), words(element, "left-office-date"), file, name, intake)
    term = [(DG.person, person), (DG.post, say_post(draft, PRESIDENT, iri(UNITED_STATES))), *_span(start, end)]
    draft.fact(DG.Tenure, term, draft.evidence(file, name))


def _say_leg(record: _Record, draft: Draft, intake: Intake, states: StateNames) -> None:
    element, file, name = record
    start, end = period(words(element, "start-date"), words(element, "end-date"), file, name, intake)
    there = element.find("country")
    country_words, locale = words(there), words(element, "locale")
    to = country(states, country_words, "" if there is None else there.get("id", ""), start)
    if to is None:
        intake.missing("state", country_words or locale)
    traveller = words(element, "name") or element.get("who", "")
    goal = states.phrase(to.entity) if to else country_words or locale or "an unnamed country"
    label = f"Visit of {traveller} to {goal}" + (f" ({start})" if start else "")
    event = draft.describe(entity_iri("event", f"visit travels {name}"), DG.Visit, label, _span(start, end))
    evidence = draft.evidence(file, name)
    draft.say(event, [(DG.date, date(start))] if start else [])
    draft.say(event, [(DG.sentFrom, iri(UNITED_STATES))])
    _say_destination(draft, event, to, named_places(locale, states, to.entity, start) if to else ())
    remarks = words(element, "remarks")
    draft.say(event, [(DCTERMS.description, text(remarks, "en"))] if remarks else [])
    if to:
        host = [(DG.agent, iri(to.entity)), (DG.event, event), (DG.role, ROLE.host.n3())]
        draft.fact(DG.Participation, host, _evidence_of_goal(record, draft, to))
    role = words(element, "role") or element.get("role", "")
    person = _person(draft, element.get("who", ""), words(element, "name"), role)
    if person is None:
        intake.problem(file, name, "The record names no traveller.")
        return
    agent: list[Pair] = [(DG.agent, person), (DG.event, event)]
    post = _POSTS.get(role)
    capacity = [(DG.capacity, say_post(draft, post, iri(UNITED_STATES)))] if post else []
    if not post:
        intake.missing("role", role)
    draft.fact(DG.Participation, [*agent, (DG.role, ROLE.visitor.n3()), *capacity], evidence)
    if post:
        draft.fact(DG.Representation, [*agent, (DG.principal, iri(UNITED_STATES))], evidence)


def _say_destination(draft: Draft, event: Spelled, to: Country | None, places: Iterable[tuple[str, URIRef]]) -> None:
    if to:
        draft.say(event, [(DG.destination, iri(to.entity))])
        draft.say(event, [(DG.heldIn, say_place(draft, name, state)) for name, state in places])


def _evidence_of_goal(record: _Record, draft: Draft, to: Country) -> Spelled:
    if not to.note:
        return draft.evidence(record.file, record.name)
    note = (DG.note, text(to.note, "en"))
    return draft.evidence(record.file, f"{record.name}, country", [(DG.level, LEVEL.resolved.n3()), note])


def _person(draft: Draft, identifier: str, name: str, role: str) -> Spelled | None:
    """Say who has an identifier: all datasets of the Office of the Historian share one series, NAMESAKES aside."""
    if not identifier:
        return None
    namesake = NAMESAKES.get(identifier) if role == "president" else None
    local = (DG.localId, text(f"travels:{identifier}" if namesake else f"pocom:{identifier}"))
    return draft.describe(entity_iri("person", namesake or identifier), DG.Person, name or identifier, [local])


def _span(start: str, end: str) -> list[Pair]:
    begun: list[Pair] = [(DG["from"], date(start))] if start else []
    return begun + ([(DG.until, date(end))] if end else [])

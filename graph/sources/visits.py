"""Visits of foreign leaders to the United States, as the Office of the Historian records them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rdflib import URIRef
from rdflib.namespace import DCTERMS, SKOS

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG, LEVEL, ROLE
from .countries import country
from .drafts import Draft, Pair, Spelled, date, iri, text
from .historian import UNITED_STATES, changes, local_name, newest, period, say_dataset, say_post
from .intake import Intake
from .namesakes import Called, Known, told_apart
from .states import StateNames
from .titles import ORGANIZATIONS, Office, office
from .visitors import Visitor, Visitors, visitors
from .xmlfiles import Located, records, words


class _Sender(NamedTuple):
    """Whence a visitor came: a state or an organization, as its code and as it stands in a sentence."""

    entity: URIRef
    code: str
    phrase: str
    note: str = ""


@dataclass(frozen=True)
class _Visit:
    """One record: where it stands, when the visit was, whom it names, whence they came."""

    element: Located
    file: str
    record: str
    start: str
    end: str
    text: str
    parsed: Visitors
    words: str
    sender: _Sender | None

    @property
    def calls(self) -> list[Called]:
        whence = self.sender.code if self.sender else self.words or "unknown"
        return [Called(v.name, whence, self.start, v.title.words[0] if v.title else "") for v in self.parsed.named]


def read(directory: Path, intake: Intake, states: StateNames) -> None:
    """Read the visits in a directory's data/*.xml into a draft.

    A visitor is a person, known by name and state, where the text can be parsed; else the state itself takes part.
    """
    visits = list(_visits(directory, intake, states))
    persons = told_apart(call for visit in visits for call in visit.calls)
    draft = intake.draft("historyatstate-visits")
    updated = newest(stamp for visit in visits for stamp in changes(visit.element))
    say_dataset(draft, "Visits of foreign leaders to the United States", "visits", updated)
    for visit in visits:
        _say(visit, draft, intake, persons)
    intake.finish(draft)


def _visits(directory: Path, intake: Intake, states: StateNames) -> Iterator[_Visit]:
    files = sorted((directory / "data").glob("*.xml"))
    for done, path in enumerate(files, start=1):
        file = path.relative_to(directory).as_posix()
        for element in records(path, file, "visit", intake):
            record = words(element, "id") or f"line {element.line}"
            start, end = period(words(element, "start-date"), words(element, "end-date"), file, record, intake)
            text_, source = words(element, "visitor"), element.find("from")
            identifier = "" if source is None else source.get("id", "")
            sender = _sender(states, words(source), identifier, start)
            yield _Visit(element, file, record, start, end, text_, visitors(text_), words(source), sender)
        intake.progress(done, len(files))


def _sender(states: StateNames, source: str, identifier: str, on: str) -> _Sender | None:
    if source in ORGANIZATIONS:
        return _Sender(entity_iri("organization", source), source, source)
    found = country(states, source, identifier, on)
    return found and _Sender(found.entity, local_name(found.entity), states.phrase(found.entity), found.note)


def _say(visit: _Visit, draft: Draft, intake: Intake, persons: dict[Called, Known]) -> None:
    names = " and ".join(v.name for v in visit.parsed.named) or visit.text or visit.words
    event = entity_iri("event", f"visit visits {visit.record}")
    dates: list[Pair] = [(DG["from"], date(visit.start)), (DG.date, date(visit.start))] if visit.start else []
    dates += [(DG.until, date(visit.end))] if visit.end else []
    description = words(visit.element, "description")
    said = [(DCTERMS.description, text(description, "en"))] if description else []
    sender = [(DG.sentFrom, iri(visit.sender.entity))] if visit.sender and not _is_organization(visit.sender) else []
    label = f"Visit of {names} to the United States" + (f" ({visit.start})" if visit.start else "")
    spelled = draft.describe(event, DG.Visit, label, [*dates, (DG.destination, iri(UNITED_STATES)), *sender, *said])
    stated = draft.evidence(visit.file, visit.record)
    host = [(DG.agent, iri(UNITED_STATES)), (DG.event, spelled), (DG.role, ROLE.host.n3())]
    draft.fact(DG.Participation, host, stated)
    if visit.sender is None:
        intake.missing("state", visit.words)
    elif _is_organization(visit.sender):
        draft.describe(visit.sender.entity, DG.IntergovernmentalOrganization, visit.sender.phrase)
    for visitor, call in zip(visit.parsed.named, visit.calls, strict=True):
        _say_visitor(visit, visitor, persons[call], draft, spelled)
    for rest in visit.parsed.rest:
        intake.missing("visitor", rest)
    if not visit.text:
        intake.problem(visit.file, visit.record, "The record names no visitor.")
    if visit.sender and not visit.parsed.named:
        written = [(DG.asWritten, text(visit.text))] if visit.text else []
        agent = [(DG.agent, iri(visit.sender.entity)), (DG.event, spelled), (DG.role, ROLE.visitor.n3())]
        draft.fact(DG.Participation, agent, _evidence(visit, draft, visit.sender.note), written)


def _say_visitor(visit: _Visit, visitor: Visitor, known: Known, draft: Draft, event: Spelled) -> None:
    sender = visit.sender
    also = [(SKOS.altLabel, text(visitor.name, "en"))] if visitor.name != known.name else []
    person = draft.describe(known.person, DG.Person, known.name, also)
    evidence = _evidence(visit, draft, sender.note if sender else "", known.note)
    held = office(visitor.title, sender.code, sender.phrase) if sender else None
    agent = [(DG.agent, person), (DG.event, event)]
    capacity = [(DG.capacity, _post(held, sender, draft))] if held and sender else []
    participation = [*agent, (DG.role, ROLE.visitor.n3()), *capacity]
    alone = len(visit.parsed.named) == 1 and not visit.parsed.rest
    written = visit.text if alone else visitor.written
    draft.fact(DG.Participation, participation, evidence, [(DG.asWritten, text(written))])
    if held and sender and not held.party:
        draft.fact(DG.Representation, [*agent, (DG.principal, iri(sender.entity))], evidence)


def _post(held: Office, sender: _Sender, draft: Draft) -> Spelled:
    if not held.party:
        return say_post(draft, held.label, iri(sender.entity), held.aliases)
    party = draft.describe(entity_iri("organization", held.party), DG.Organization, held.party)
    return say_post(draft, held.label, party, held.aliases)


def _evidence(visit: _Visit, draft: Draft, *notes: str) -> Spelled:
    """Return the evidence of what is said of a visitor: of its own where more than the words had to tell."""
    told = [(DG.note, text(note, "en")) for note in notes if note]
    if not told:
        return draft.evidence(visit.file, visit.record)
    return draft.evidence(visit.file, f"{visit.record}, visitor", [(DG.level, LEVEL.resolved.n3()), *told])


def _is_organization(sender: _Sender) -> bool:
    return sender.code in ORGANIZATIONS

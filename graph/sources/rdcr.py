"""Recognition of, and relations with, other countries: dated passages of articles of the Office of the Historian."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from rdflib import URIRef
from rdflib.namespace import DCTERMS

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG, LEVEL, RELATION, ROLE
from .countries import Country, country
from .drafts import Draft, Pair, Spelled, date, iri, text
from .heads import Kind, When, clauses, dates, kinds
from .historian import UNITED_STATES, known_date, say_dataset
from .intake import Intake
from .passages import day_in
from .places import place_named_in
from .sides import of_its_time, other_side
from .spans import Span, Turn, spans
from .states import StateNames
from .xmlfiles import Located, root, words

_SEAT: Final = re.compile(r"\b(?:embass|legation|consul|mission|interests? section|liaison office)", re.IGNORECASE)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_BEGINS: Final = (Kind.ESTABLISHMENT, Kind.RESUMPTION)


@dataclass(frozen=True)
class _Passage:
    """One dated passage of an article: where it stands, its head and text, and the state that the article is on."""

    element: Element
    file: str
    record: str
    head: str
    text: str
    title: str
    about: URIRef | None


@dataclass(frozen=True)
class _Told:
    """What a passage tells of one date of its head: what happened, when, and what it took to know."""

    passage: _Passage
    number: int
    when: When
    day: str
    notes: tuple[str, ...]
    resolved: bool
    parts: tuple[tuple[tuple[Kind, ...], Country], ...]

    @property
    def kinds(self) -> set[Kind]:
        return {kind for part, _ in self.parts for kind in part}


def read(directory: Path, intake: Intake, states: StateNames) -> None:
    """Read the passages of articles/*.xml that stand on a timeline into a draft.

    Every head is an event. Where it speaks of recognition or of diplomatic relations, the United States and the other
    side have them from then on; such relations end where a head says so, and not otherwise.
    """
    draft = intake.draft("historyatstate-rdcr")
    files = sorted((directory / "articles").glob("*.xml"))
    turns: list[Turn] = []
    updated = ""
    for done, path in enumerate(files, start=1):
        file = path.relative_to(directory).as_posix()
        article = root(path, file, intake)
        if article is not None:
            updated = max([updated, *_YEAR.findall(words(article.find("teiHeader/fileDesc/publicationStmt")))])
            for passage in _passages(article, file, path.stem, intake, states):
                for told in _told(passage, intake, states):
                    turns += _say(told, draft, states)
        intake.progress(done, len(files))
    for span in spans(turns):
        _say_span(span, draft)
    title = "Recognition, diplomatic and consular relations of the United States, by country"
    say_dataset(draft, title, "rdcr", updated)
    intake.finish(draft)


def _passages(article: Located, file: str, stem: str, intake: Intake, states: StateNames) -> Iterator[_Passage]:
    titles = {title.get("type"): words(title) for title in article.iterfind("teiHeader//title")}
    title = titles.get("short", "").rstrip("*") or stem
    timelines = [
        (section, each) for section in article.iter("div") for each in section if each.get("type") == "timeline"
    ]
    heads = [words(timeline, "head") for _, timeline in timelines]
    first = min((when.date[:4] for head in heads for when in dates(head, ()) if when.date), default="")
    about = country(states, title, stem, first)
    if about is None and timelines:
        intake.missing("state", title)
    numbers: Counter[str] = Counter()
    for (section, timeline), head in zip(timelines, heads, strict=True):
        name = section.get("id", "article")
        numbers[name] += 1
        record = f"{name}, {numbers[name]}"
        if not head:
            line = timeline.line if isinstance(timeline, Located) else 0
            intake.problem(file, record, f"The passage in line {line} has no head that says what happened.")
            continue
        below = " ".join(words(each) for each in timeline if each.tag != "head")
        yield _Passage(timeline, file, record, head, below, title, about.entity if about else None)


def _told(passage: _Passage, intake: Intake, states: StateNames) -> Iterator[_Told]:
    """Yield what a head tells, once for each of its dates."""
    marked = [each.attrib for each in passage.element.iterfind("head//date")]
    for number, when in enumerate(dates(passage.head, marked), start=1):
        if when.note:
            intake.problem(passage.file, passage.record, f"{when.note} The words are followed.")
        begun, until = (
            known_date(day, "date", passage.file, passage.record, intake) for day in (when.date, when.until)
        )
        parts = [] if passage.about is None else list(_parts(passage.head, passage.about, begun, states))
        notes = [when.note] if when.note else []
        notes += dict.fromkeys(side.note for _, side in parts if side.note)
        resolved = bool(notes)
        named = day_in(passage.text, parts[0][0] if len(parts) == 1 else (), begun) if not until else None
        if named:
            notes.append(f"The head says {begun}; the text below it names {named.date}: {named.sentence}")
        certain = named is not None and named.certain
        day = named.date if named and certain else begun
        yield _Told(passage, number, When(begun, until), day, tuple(notes), resolved or certain, tuple(parts))


def _parts(head: str, about: URIRef, on: str, states: StateNames) -> Iterator[tuple[tuple[Kind, ...], Country]]:
    """Yield what each part of a head says, and of which side."""
    for part in clauses(head):
        said, side = kinds(part), other_side(part, about, on, states)
        yield said, of_its_time(side, on, states) if said else side


def _say(told: _Told, draft: Draft, states: StateNames) -> Iterator[Turn]:
    """Say the event, its parties and a recognition, and yield what is told of diplomatic relations."""
    passage = told.passage
    article = passage.file.rpartition("/")[2].removesuffix(".xml")
    event = entity_iri("event", f"rdcr {article} {passage.record}" + (f" {told.number}" if told.number > 1 else ""))
    kind = DG.EstablishmentOfRelations if Kind.ESTABLISHMENT in told.kinds else DG.Event
    head = passage.head.rstrip(".")
    about = states.label(passage.about) if passage.about else passage.title
    spelled = draft.describe(event, kind, head if about in head else f"{head} ({about})", _dated(told))
    draft.say(spelled, [(DCTERMS.description, text(passage.text, "en"))] if passage.text else [])
    seat = place_named_in(passage.element, draft, passage.about, states) if _SEAT.search(head) else None
    draft.say(spelled, [(DG.heldIn, seat)] if seat else [])
    evidence = _evidence(draft, passage.file, passage.record, told.notes, told.resolved)
    for party in dict.fromkeys([UNITED_STATES, *(side.entity for _, side in told.parts)]):
        taking_part = [(DG.agent, iri(party)), (DG.event, spelled), (DG.role, ROLE.party.n3())]
        draft.fact(DG.Participation, taking_part, evidence)
    # A range of years does not say when in it something began, nor that it was over.
    day = "" if told.when.until else told.day
    for part, side in told.parts:
        if Kind.RECOGNITION in part:
            since = [(DG["from"], date(day))] if day else []
            draft.fact(DG.Relations, [*_between(side.entity, RELATION.recognition), *since], evidence)
        for each in part:
            if each is not Kind.RECOGNITION:
                yield Turn(each, side.entity, day, passage.file, passage.record, told.notes, told.resolved)


def _say_span(span: Span, draft: Draft) -> None:
    """Say that there were relations, by the records of their beginning and their end."""
    key = _between(span.side, RELATION["diplomatic-relations"])
    key += [(DG["from"], date(span.start))] if span.start else []
    key += [(DG.until, date(span.end))] if span.end else []
    whole = span.start and span.end
    for turn in span.turns:
        which = "began" if turn.kind in _BEGINS else "ended"
        other = " and ".join(
            f"{t.file}, {t.record}" for t in span.turns if (t.kind in _BEGINS) != (turn.kind in _BEGINS)
        )
        if whole:
            note = f"That these relations {which} is said here; the other end is that of {other}."
            evidence = _evidence(draft, turn.file, f"{turn.record}, relations", (*turn.notes, note), True)
        else:
            evidence = _evidence(draft, turn.file, turn.record, turn.notes, turn.resolved)
        draft.fact(DG.Relations, key, evidence)


def _between(side: URIRef, kind: URIRef) -> list[Pair]:
    return [(DG.oneSide, iri(UNITED_STATES)), (DG.otherSide, iri(side)), (DG.relationKind, kind.n3())]


def _dated(told: _Told) -> list[Pair]:
    when = told.when
    if when.until:
        return [(DG["from"], date(when.date)), (DG.until, date(when.until)), (DG.date, date(when.date))]
    return [(DG.date, date(told.day))] if told.day else []


def _evidence(draft: Draft, file: str, record: str, notes: tuple[str, ...], resolved: bool) -> Spelled:
    told: list[Pair] = [(DG.level, LEVEL.resolved.n3())] if resolved else []
    return draft.evidence(file, record, [*told, *((DG.note, text(note, "en")) for note in notes)])

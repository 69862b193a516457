"""Who held which post of the United States, and who was only nominated.

A chief of mission's start is the day on which credentials were presented, a principal officer's the entry on duty; the
end is when the mission or the appointment ended. All are kept as written. Where there is no date of a start or of an
end, the tenure has none: whether somebody is still in the post, the records do not tell.

Who stands among the nominees never served. Of the others, only those did not of whom there is no date of arrival, start
or end, and of whom the record's remark says so; a designation without a commission is none of these. Nominations of the
same person for the same post without a date are one, of which all their records are evidence.
"""

from __future__ import annotations

import re
from typing import Final

from rdflib import URIRef

from ...ontology.terms import DG, LEVEL
from .drafts import Draft, Pair, Spelled, date, iri, text
from .historian import known_date, period
from .intake import Intake
from .pocom_people import People
from .pocom_posts import Mission, Record
from .pocom_territories import commissioned, territory
from .states import StateNames
from .xmlfiles import words

_NEVER_SERVED: Final = re.compile(
    r"\b(?:(?<!designated, )not commissioned|declined (?:the )?appointment|not acted upon|nominations? .*?withdrawn"
    r"|did not (?:serve|take (?:the )?oath|proceed))",
    re.IGNORECASE,
)
_EVENTS: Final = ("appointed", "arrived", "started", "ended")


def say_record(
    record: Record, mission: Mission, people: People, draft: Draft, intake: Intake, states: StateNames
) -> Spelled | None:
    """Say one record as a tenure or a nomination, and return the fact; None where it names nobody."""
    element, file, identifier = record.element, mission.file, record.identifier
    if not words(element, "person-id"):
        intake.problem(file, identifier, "The record names no person, and was left out.")
        return None
    known = people.known(words(element, "person-id"), file, identifier)
    dates = _dates(record, file, intake)
    begun, arrived, ended = dates["started"], dates["arrived"], dates["ended"]
    remarks = [words(element, "note"), *(f"{tag}: {_note(record, tag)}" for tag in _EVENTS[:3] if _note(record, tag))]
    unserved = not (begun or ended or arrived) and any(map(_NEVER_SERVED.search, remarks))
    nominated = record.list == "other-nominees" or unserved
    # What a fact has no property for stays with its evidence.
    remarks += _left_out(record, dates)
    if nominated:
        others = ", ".join(f"{tag} {dates[tag]}" for tag in _EVENTS[1:] if dates[tag])
        if others:
            intake.problem(file, identifier, f"It is a nomination, so its other dates are remarks only: {others}.")
        remarks += [f"ended: {_note(record, 'ended')}" if _note(record, "ended") else "", others]
    notes = [(DG.note, text(remark, "en")) for remark in (*remarks, known.note) if remark]
    level = [(DG.level, LEVEL.resolved.n3())] if known.note else []
    evidence = draft.evidence(file, identifier, [*level, *notes])
    ends: list[Pair] = [(DG.person, known.person), (DG.post, mission.post)]
    said = [*_title(record, mission), *_accredited(record, dates, intake, states)]
    if nominated:
        return draft.fact(DG.Nomination, [*ends, *_dated(DG.date, dates["appointed"])], evidence, said)
    said += [*_dated(DG.appointed, dates["appointed"]), *_dated(DG.arrived, arrived)]
    said += _dated(DG.presentedCredentials, begun) if element.tag == "chief" else []
    said += [(DG.endNote, text(_note(record, "ended"), "en"))] if _note(record, "ended") else []
    return draft.fact(DG.Tenure, [*ends, *_dated(DG["from"], begun), *_dated(DG.until, ended)], evidence, said)


def _dates(record: Record, file: str, intake: Intake) -> dict[str, str]:
    def written(tag: str) -> str:
        return words(record.element.find(tag), "date")

    begun, ended = period(written("started"), written("ended"), file, record.identifier, intake)
    appointed = known_date(written("appointed"), "date of appointment", file, record.identifier, intake)
    arrived = known_date(written("arrived"), "date of arrival", file, record.identifier, intake)
    return {"appointed": appointed, "arrived": arrived, "started": begun, "ended": ended}


def _left_out(record: Record, dates: dict[str, str]) -> list[str]:
    """Return the dates that are no dates, or cannot be right, as written."""
    written = {tag: words(record.element.find(tag), "date") for tag in _EVENTS}
    return [f"{tag} {day}" for tag, day in written.items() if day and not dates[tag]]


def _note(record: Record, event: str) -> str:
    return words(record.element.find(event), "note")


def _title(record: Record, mission: Mission) -> list[Pair]:
    identifier = words(record.element, "role-title-id")
    title = mission.titles.get(identifier, "") or mission.title or identifier
    return [(DG.roleTitle, text(title, "en"))] if title else []


def _accredited(record: Record, dates: dict[str, str], intake: Intake, states: StateNames) -> list[Pair]:
    on = dates["started"] or dates["appointed"] or dates["arrived"] or dates["ended"]
    found = territory(states, record.territory, on)
    if record.territory and found is None:
        intake.missing("territory", record.territory)
        return [(DG.asWritten, text(record.territory))]
    named = commissioned(states, words(record.element, "note"), found, on)
    entity = named[1] if named else found
    return [(DG.accreditedTo, iri(entity))] if entity else []


def _dated(prop: URIRef, day: str) -> list[Pair]:
    return [(prop, date(day))] if day else []

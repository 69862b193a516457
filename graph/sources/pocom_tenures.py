"""Who held which post of the United States, and who was only nominated.

A chief of mission's start is the day on which credentials were presented, a principal officer's the entry on duty; the
end is when the mission or the appointment ended. All are kept as written, and open where they are open. Who stands
among the nominees never served; of the others only those did not who have no date of arrival, start or end, and of whom
the record's remark says that they did not; a designation without a commission is none of these.
"""

from __future__ import annotations

import re
from typing import Final

from ...ontology.terms import DG
from .drafts import Draft, Pair, Spelled, date, iri, text
from .historian import known_date, period
from .intake import Intake
from .pocom_people import People
from .pocom_posts import Mission, Record, territory
from .states import StateNames
from .xmlfiles import words

_NEVER_SERVED: Final = re.compile(
    r"\b(?:(?<!designated, )not commissioned|declined (?:the )?appointment|not acted upon"
    r"|did not (?:serve|take (?:the )?oath|proceed))",
    re.IGNORECASE,
)


def say_record(
    record: Record, mission: Mission, people: People, draft: Draft, intake: Intake, states: StateNames
) -> Spelled:
    """Say one record as a tenure or a nomination, and return the fact; empty where it names nobody."""
    element, file = record.element, mission.file
    identifier = words(element, "id") or f"line {element.line}"
    if not words(element, "person-id"):
        intake.problem(file, identifier, "The record names no person, and was left out.")
        return ""
    person = people.person(words(element, "person-id"), file, identifier)

    def event(tag: str) -> str:
        return words(element.find(tag), "date")

    begun, ended = period(event("started"), event("ended"), file, identifier, intake)
    appointed = known_date(event("appointed"), "date of appointment", file, identifier, intake)
    arrived = known_date(event("arrived"), "date of arrival", file, identifier, intake)
    remarks = [words(element, "note")]
    remarks += [f"{tag}: {words(element.find(tag), 'note')}" for tag in ("appointed", "arrived", "started")
                if words(element.find(tag), "note")]  # fmt: skip
    how = words(element.find("ended"), "note")
    served = record.served and not (
        not (begun or ended or arrived) and any(_NEVER_SERVED.search(remark) for remark in remarks)
    )
    if not served:
        # A nomination has the date of appointment alone; what else the record tells stays with its evidence.
        others = (("arrived", arrived), ("started", begun), ("ended", ended))
        told = ", ".join(f"{tag} {day}" for tag, day in others if day)
        if told:
            intake.problem(file, identifier, f"It is a nomination, so its other dates are remarks only: {told}.")
        remarks += [f"ended: {how}" if how else "", told]
    evidence = draft.evidence(file, identifier, [(DG.note, text(remark, "en")) for remark in remarks if remark])
    title = mission.titles.get(words(element, "role-title-id"), "") or mission.title or words(element, "role-title-id")
    said: list[Pair] = [(DG.roleTitle, text(title, "en"))]
    said += _accredited(record, begun or appointed or arrived or ended, mission, intake, states)
    ends: list[Pair] = [(DG.person, person), (DG.post, mission.post)]
    if not served:
        return draft.fact(DG.Nomination, [*ends, *_dated((DG.date, appointed))], evidence, said)
    presented = begun if element.tag == "chief" else ""
    said += _dated((DG.appointed, appointed), (DG.arrived, arrived), (DG.presentedCredentials, presented))
    said += [(DG.endNote, text(how, "en"))] if how else []
    return draft.fact(DG.Tenure, [*ends, *_dated((DG["from"], begun), (DG.until, ended))], evidence, said)


def _dated(*pairs: tuple[object, str]) -> list[Pair]:
    return [(prop, date(day)) for prop, day in pairs if day]  # type: ignore[misc]


def _accredited(record: Record, on: str, mission: Mission, intake: Intake, states: StateNames) -> list[Pair]:
    identifier = words(record.element, "contemporary-territory-id")
    found = territory(states, identifier, on)
    if identifier and found is None:
        intake.missing("territory", identifier)
        return [(DG.asWritten, text(identifier))]
    return [(DG.accreditedTo, iri(found))] if found else []

"""Principal officers and chiefs of mission of the United States, as the Office of the Historian records them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ...ontology.terms import DG
from .drafts import Draft, Spelled, iri, text
from .historian import changes, newest, say_dataset
from .intake import Intake
from .pocom_people import People
from .pocom_posts import mission
from .pocom_tenures import say_record
from .pocom_territories import territory
from .states import StateNames
from .xmlfiles import Located, root, words


class _Said(NamedTuple):
    """The fact that a record became, whose it is, and its year."""

    fact: Spelled
    person: str
    year: str


def read(directory: Path, intake: Intake, states: StateNames) -> None:
    """Read people, posts, and who held or was nominated for which into a draft."""
    draft = intake.draft("historyatstate-pocom")
    people = People(directory, draft, intake)
    said: dict[str, list[_Said]] = {}
    stamps = list(people.stamps)
    kinds = ("missions-countries", "missions-orgs", "positions-principals")
    files = [path for kind in kinds for path in sorted((directory / kind).glob("*.xml"))]
    titles = _titles(directory, intake)
    for done, path in enumerate(files, start=1):
        about = mission(path, path.relative_to(directory).as_posix(), titles, draft, intake, states)
        for record in about.records if about else ():
            stamps += changes(record.element)
            fact = about and say_record(record, about, people, draft, intake, states)
            if fact and words(record.element, "id"):
                each = _Said(fact, words(record.element, "person-id"), record.year)
                said.setdefault(words(record.element, "id"), []).append(each)
        intake.progress(done, len(files))
    for path in sorted((directory / "concurrent-appointments").glob("*.xml")):
        file = path.relative_to(directory).as_posix()
        commission = root(path, file, intake)
        if commission is not None:
            stamps += changes(commission)
            _say_commission(commission, file, said, draft, intake, states)
    say_dataset(draft, "Principal officers and chiefs of mission of the United States", "pocom", newest(stamps))
    intake.finish(draft)


def _titles(directory: Path, intake: Intake) -> dict[str, str]:
    """Return the titles that chiefs of mission can have, by their identifiers."""
    titles = {}
    for path in sorted((directory / "roles-country-chiefs").glob("*.xml")):
        role = root(path, path.relative_to(directory).as_posix(), intake)
        names = None if role is None else role.find("names")
        titles[words(role, "id")] = words(names, "singular")
    return titles


def _say_commission(
    record: Located, file: str, said: dict[str, list[_Said]], draft: Draft, intake: Intake, states: StateNames
) -> None:
    """Say which appointments were parts of one commission, and where their holder resided.

    An identifier that several records have means each that is the person's.
    """
    together: list[_Said] = []
    identifier, person = words(record, "id") or f"line {record.line}", words(record, "person-id")
    for chief in map(words, record.findall("chief-id")):
        found = [each for each in said.get(chief, ()) if each.person == person] or said.get(chief, [])
        together += found
        if not found:
            intake.problem(file, identifier, f"It names the record {chief!r}, which there is not.")
    residence = record.find("resident-at")
    named, place = words(residence, "contemporary-territory-id"), words(residence, "locale-id")
    state = territory(states, named, max((each.year for each in together), default=""))
    if named and state is None:
        intake.missing("territory", named)
    resident = [(DG.residentAt, iri(state))] if state else []
    evidence = draft.evidence(file, identifier, [(DG.asWritten, text(place))] if place else [])
    facts = list(dict.fromkeys(each.fact for each in together))
    for fact in facts:
        others = [(DG.concurrentWith, other) for other in facts if other != fact]
        draft.say(fact, [*resident, *others, (DG.evidence, evidence)])

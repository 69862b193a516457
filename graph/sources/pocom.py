"""Principal officers and chiefs of mission of the United States, as the Office of the Historian records them."""

from __future__ import annotations

from pathlib import Path

from ...ontology.terms import DG
from .drafts import Draft, Spelled, iri, text
from .historian import changes, newest, say_dataset
from .intake import Intake
from .pocom_people import People
from .pocom_posts import missions, territory
from .pocom_tenures import say_record
from .states import StateNames
from .xmlfiles import Located, root, words


def read(directory: Path, intake: Intake, states: StateNames) -> None:
    """Read people, posts, and who held or was nominated for which into a draft."""
    draft = intake.draft("historyatstate-pocom")
    people = People(directory, draft, intake)
    tenures: dict[str, Spelled] = {}
    stamps = list(people.stamps)
    files = [path for kind in ("missions-countries", "missions-orgs", "positions-principals")
             for path in sorted((directory / kind).glob("*.xml"))]  # fmt: skip
    titles = _titles(directory, intake)
    for done, path in enumerate(files, start=1):
        file = path.relative_to(directory).as_posix()
        mission = missions(path, file, titles, draft, intake, states)
        for record in mission.records if mission else ():
            stamps += changes(record.element)
            fact = say_record(record, mission, people, draft, intake, states) if mission else ""
            if words(record.element, "id"):
                tenures.setdefault(words(record.element, "id"), fact)
        intake.progress(done, len(files))
    _say_concurrent(directory, tenures, draft, intake, states)
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


def _say_concurrent(
    directory: Path, tenures: dict[str, Spelled], draft: Draft, intake: Intake, states: StateNames
) -> None:
    """Say which tenures were parts of one commission, and where their holder resided."""
    for path in sorted((directory / "concurrent-appointments").glob("*.xml")):
        file = path.relative_to(directory).as_posix()
        record = root(path, file, intake)
        if record is not None:
            _say_commission(record, file, tenures, draft, intake, states)


def _say_commission(
    record: Located, file: str, tenures: dict[str, Spelled], draft: Draft, intake: Intake, states: StateNames
) -> None:
    together = []
    for element in record.findall("chief-id"):
        if tenures.get(words(element)):
            together.append(tenures[words(element)])
        else:
            intake.problem(file, words(record, "id"), f"It names the tenure {words(element)!r}, which there is not.")
    residence = record.find("resident-at")
    named = words(residence, "contemporary-territory-id")
    state = territory(states, named, words(record, "id")[:4])
    if named and state is None:
        intake.missing("territory", named)
    resident = [(DG.residentAt, iri(state))] if state else []
    place = words(residence, "locale-id")
    note = draft.evidence(file, words(record, "id"), [(DG.asWritten, text(place))] if place else [])
    for tenure in together:
        others = [(DG.concurrentWith, other) for other in together if other != tenure]
        draft.say(tenure, [*resident, *others, (DG.evidence, note)])

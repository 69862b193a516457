"""The posts of the records of principal officers and chiefs of mission, and the records of each.

- The head of the mission to a country is one post, whatever the title of the day: the Ambassador of the United States
  to it. The titles that its holders had, and what the country was called then, lead to it as further names.
- The head of a mission to an organization is called as in the record, without the seat or rank that the record adds.
- A post in the Department of State is called as in the record; one whose name does not say where it is gets that added.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import URIRef
from rdflib.namespace import DCTERMS, SKOS

from ...errors import DateError
from ...ontology.dates import PartialDate
from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG
from .drafts import Draft, Spelled, iri, text
from .historian import SECRETARY, UNITED_STATES
from .intake import Intake
from .states import StateNames
from .xmlfiles import Located, root, words

_DEPARTMENT: Final = "United States Department of State"
_TITLES: Final = {"secretary": SECRETARY, "secretary-ad-interim": "Secretary of State ad interim of the United States"}
_SEAT: Final = re.compile(r"\s*\([^()]*\)$|, with the rank.*$")
_ORGANIZATION: Final = re.compile(r"(?:on the Council of|to) (?:the )?(?P<name>.*)$")
_SECTIONS: Final = {"chiefs": True, "principals": True, "other-nominees": False, "other-appointees": False}
"""The parts of a file, and whether who stands there came to hold the post."""


@dataclass(frozen=True)
class Record:
    """One appointment: its element, and whether it stands among those who held the post."""

    element: Located
    served: bool


@dataclass(frozen=True)
class Mission:
    """One file: its post, the records in it, and the titles that chiefs of mission can have, by identifier."""

    file: str
    post: Spelled
    title: str
    titles: dict[str, str]
    records: tuple[Record, ...]


def missions(
    path: Path, file: str, titles: dict[str, str], draft: Draft, intake: Intake, states: StateNames
) -> Mission | None:
    """Say the post that a file is about, and return it with the file's records; None where the file has none."""
    top = root(path, file, intake)
    if top is None:
        return None
    records = tuple(
        Record(element, served)
        for section, served in _SECTIONS.items()
        for part in top.findall(section)
        for element in part
        if element.tag in ("chief", "principal") and isinstance(element, Located)
    )
    singular = words(top.find("names"), "singular")
    if top.tag == "country-mission":
        post, singular = _to_country(top, records, titles, draft, intake, states), ""
    elif top.tag == "org-mission":
        post = _to_organization(singular, draft)
    else:
        post = _principal(words(top, "id"), singular, draft)
    notes = [words(note, "text") for part in top for note in part.findall("mission-note")]
    draft.say(post, [(DCTERMS.description, text(note, "en")) for note in notes if note])
    return Mission(file, post, singular, titles, records)


def _to_country(
    top: Located, records: tuple[Record, ...], titles: dict[str, str], draft: Draft, intake: Intake, states: StateNames
) -> Spelled:
    identifier = words(top, "territory-id")
    # A name that several states have borne, such as Korea, means the last of them in a mission's own file.
    host = territory(states, identifier, max((_year(record) for record in records), default=""))
    if host is None:
        intake.missing("territory", identifier)
    where = states.phrase(host) if host else identifier.replace("-", " ").title()
    contemporary = {
        states.phrase(found)
        for record in records
        if (found := territory(states, words(record.element, "contemporary-territory-id"), _year(record)))
    }
    held = {titles.get(words(record.element, "role-title-id"), "") for record in records} - {""}
    names = [f"Chief of Mission of the United States in {where}", f"United States Ambassador to {where}"]
    names += [f"Ambassador of the United States to {other}" for other in sorted(contemporary - {where})]
    names += [f"{title} of the United States to {where}" for title in sorted(held)]
    accredited = [(DG.accreditedTo, iri(host))] if host else []
    return _say(f"Ambassador of the United States to {where}", names, accredited, draft)


def _to_organization(singular: str, draft: Draft) -> Spelled:
    short = _SEAT.sub("", singular)
    label = re.sub(r"^U\.S\. (.*Representative)", r"\1 of the United States", short)
    label = label.replace("the U.S.A.", "the United States").replace("the U.S. ", "the United States ")
    match = _ORGANIZATION.search(label)
    name = match["name"] if match else label
    organization = draft.describe(entity_iri("organization", name), DG.Organization, name)
    return _say(label, [singular, short], [(DG.accreditedTo, organization)], draft)


def _principal(identifier: str, singular: str, draft: Draft) -> Spelled:
    department = draft.describe(entity_iri("organization", "us-department-of-state"), DG.Ministry, _DEPARTMENT,
                                [(DG.basedIn, iri(UNITED_STATES))])  # fmt: skip
    label = _TITLES.get(identifier, singular)
    if not re.search(r" (?:of|for) |Ambassador", label):
        label = f"{label} of the {_DEPARTMENT}"
    if identifier == "assistant-secretary2":
        # Two posts, one after the other, have the same name.
        label = f"{label} (since 1944)"
    names = [singular, f"US {singular}"] if label != singular else []
    return _say(label, names, [(DG.postIn, department)], draft)


def _say(label: str, names: list[str], pairs: list[tuple[URIRef, Spelled]], draft: Draft) -> Spelled:
    also = [(SKOS.altLabel, text(name, "en")) for name in dict.fromkeys(names) if name != label]
    return draft.describe(entity_iri("post", label), DG.Post, label, [(DG.postOf, iri(UNITED_STATES)), *pairs, *also])


def territory(states: StateNames, identifier: str, on: str) -> URIRef | None:
    """Return what an identifier of a territory means on a date, which is passed over where it is none.

    The identifier of a state that ended may close with the year of its end.
    """
    try:
        on = on and PartialDate(on).lexical
    except DateError:
        on = ""
    return states.entity(re.sub(r"-\d{4}$", "", identifier).replace("-", " "), on) if identifier else None


def _year(record: Record) -> str:
    for event in ("started", "appointed", "arrived", "ended"):
        found = re.match(r"\d{4}", words(record.element.find(event), "date"))
        if found:
            return found[0]
    return ""

"""The posts of the records of principal officers and chiefs of mission, and the records of each.

- The head of the mission to a country is one post, whatever the title of the day: the Ambassador of the United States
  to it, by the name of today, or of the last record where the file's name for it is that of several states. The titles
  that its holders had, and what the country was called then, lead to it as further names.
- The head of a mission to an organization is called as in the record, without the seat or rank that the record adds.
- A post in the Department of State is called as in the record; one whose name does not say where it is gets that added.
  Posts of other agencies are recorded along with these, and nothing is said of where they belong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import URIRef
from rdflib.namespace import DCTERMS, SKOS

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG
from .drafts import Draft, Spelled, iri, text
from .historian import SECRETARY, UNITED_STATES
from .intake import Intake
from .pocom_territories import called, commissioned, territory
from .states import StateNames
from .xmlfiles import Located, root, words

_DEPARTMENT: Final = "United States Department of State"
_TITLES: Final = {
    "secretary": SECRETARY,
    "secretary-ad-interim": "Secretary of State ad interim of the United States",
    "us-trade-representative": "Trade Representative of the United States",
    # Two posts, one after the other, have the same name.
    "assistant-secretary2": "Assistant Secretary of State (since 1944)",
}
_ELSEWHERE: Final = frozenset(
    {
        "administrator-economic-cooperation-administration",
        "administrator-technical-cooperation-administration",
        "administrator-aid",
        "director-foreign-operations-administration",
        "director-intl-cooperation-administration",
        "director-mutual-security-agency",
        "director-us-arms-control-disarmament-agency",
        "director-usia",
        "secretary-of-foreign-affairs-continental-congress",
        "us-trade-representative",
    }
)
"""Posts that are not, or not for all of their time, in the Department of State."""

_OFFICES: Final = frozenset(
    {"representative-to-unafa", "representative-to-usoarn", "representative-uneo", "representative-unvo"}
)
"""Missions to an office or to several organizations, which have no short name that is in use."""

_SEAT: Final = re.compile(r"\s*\([^()]*\)$|, with the rank.*$")
_ORGANIZATION: Final = re.compile(r"(?:on the Council of|to) (?:the )?(?P<name>.*)$")
_LISTS: Final = ("chiefs", "principals", "other-nominees", "other-appointees")


@dataclass(frozen=True)
class Record:
    """One appointment: its element, in which list of its file it stands, and what tells it from the file's others."""

    element: Located
    list: str
    identifier: str

    @property
    def year(self) -> str:
        """The year of the first of its dates that there is, empty where there is none."""
        for event in ("started", "appointed", "arrived", "ended"):
            found = re.match(r"\d{4}", words(self.element.find(event), "date"))
            if found:
                return found[0]
        return ""

    @property
    def territory(self) -> str:
        """The identifier of the territory at its time."""
        return words(self.element, "contemporary-territory-id")


@dataclass(frozen=True)
class Mission:
    """One file: its post, the records in it, and the titles that chiefs of mission can have, by identifier."""

    file: str
    post: Spelled
    title: str
    titles: dict[str, str]
    records: tuple[Record, ...]


def mission(
    path: Path, file: str, titles: dict[str, str], draft: Draft, intake: Intake, states: StateNames
) -> Mission | None:
    """Say the post that a file is about, and return it with the file's records; None where the file has none."""
    top = root(path, file, intake, _LISTS)
    if top is None:
        return None
    records = tuple(_records(top))
    singular = words(top.find("names"), "singular")
    if top.tag == "country-mission":
        post, singular = _to_country(top, records, titles, draft, intake, states), ""
    elif singular:
        post = (_to_organization if top.tag == "org-mission" else _principal)(words(top, "id"), singular, draft)
    else:
        intake.problem(file, "", "It names no post, and was left out.")
        return None
    told = [words(top, "description"), *(words(note, "text") for part in top for note in part.findall("mission-note"))]
    draft.say(post, [(DCTERMS.description, text(each, "en")) for each in told if each])
    return Mission(file, post, singular, titles, records)


def _records(top: Located) -> Iterator[Record]:
    """Yield the records; where one has no identifier, or that of one before, its line tells it from others."""
    seen = set()
    for part in (part for name in _LISTS for part in top.findall(name)):
        for element in part:
            if element.tag in ("chief", "principal") and isinstance(element, Located):
                identifier, line = words(element, "id"), f"line {element.line}"
                again = f"{identifier}, {line}" if identifier in seen else identifier
                seen.add(identifier)
                yield Record(element, part.tag, again or line)


def _to_country(
    top: Located, records: tuple[Record, ...], titles: dict[str, str], draft: Draft, intake: Intake, states: StateNames
) -> Spelled:
    identifier = words(top, "territory-id")
    host = territory(states, identifier, "") or _last(identifier, records, states)
    if host is None:
        intake.missing("territory", identifier)
    where = states.phrase(host) if host else identifier.replace("-", " ").title()
    held = {titles.get(words(record.element, "role-title-id"), "") for record in records} - {""}
    names = [f"Chief of Mission of the United States in {where}", f"United States Ambassador to {where}"]
    names += [f"{title} of the United States to {where}" for title in sorted(held)]
    others = {called(identifier, host)} if host else set()
    for record in records:
        others |= _names(record, states)
    names += [f"Ambassador of the United States to {other}" for other in sorted(others - {"", where})]
    accredited = [(DG.accreditedTo, iri(host))] if host else []
    return _say(f"Ambassador of the United States to {where}", names, accredited, draft)


def _last(identifier: str, records: tuple[Record, ...], states: StateNames) -> URIRef | None:
    """Return the state of the last record, where that has borne the name that the identifier is."""
    last = max(records, key=lambda record: record.year, default=None)
    found = territory(states, last.territory, last.year) if last else None
    return found if found and called(identifier, found) else None


def _names(record: Record, states: StateNames) -> set[str]:
    """Return what the country of a record is called, in it and today."""
    found = territory(states, record.territory, record.year)
    named = commissioned(states, words(record.element, "note"), found, record.year)
    names = {named[0], states.phrase(named[1])} if named else set()
    return names | ({called(record.territory, found), states.phrase(found)} if found else set())


def _to_organization(identifier: str, singular: str, draft: Draft) -> Spelled:
    plain = _SEAT.sub("", singular)
    label = re.sub(r"^U\.S\. (.*Representative)", r"\1 of the United States", plain)
    label = label.replace("the U.S.A.", "the United States").replace("the U.S. ", "the United States ")
    match = _ORGANIZATION.search(label)
    name, others = match["name"] if match else label, [singular, plain]
    entity = entity_iri("organization", name)
    if identifier in _OFFICES:
        organization = draft.describe(entity, DG.Organization, name)
    else:
        short = identifier.rpartition("-")[2].upper()
        also = [(SKOS.altLabel, text(short, "en"))]
        organization = draft.describe(entity, DG.IntergovernmentalOrganization, name, also)
        others += [f"Representative of the United States to {short}", f"United States Ambassador to {short}"]
    return _say(label, others, [(DG.accreditedTo, organization)], draft)


def _principal(identifier: str, singular: str, draft: Draft) -> Spelled:
    label = _TITLES.get(identifier, singular)
    if not re.search(r" (?:of|for) |Ambassador", label):
        label = f"{label} of the {_DEPARTMENT}"
    names = [singular, f"US {singular}"] if label != singular else []
    if identifier in _ELSEWHERE:
        return _say(label, names, [], draft)
    based = [(DG.basedIn, iri(UNITED_STATES))]
    department = draft.describe(entity_iri("organization", "us-department-of-state"), DG.Ministry, _DEPARTMENT, based)
    return _say(label, names, [(DG.postIn, department)], draft)


def _say(label: str, names: list[str], pairs: list[tuple[URIRef, Spelled]], draft: Draft) -> Spelled:
    also = [(SKOS.altLabel, text(name, "en")) for name in dict.fromkeys(names) if name != label]
    return draft.describe(entity_iri("post", label), DG.Post, label, [(DG.postOf, iri(UNITED_STATES)), *pairs, *also])

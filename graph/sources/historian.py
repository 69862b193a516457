"""What the datasets of the US Office of the Historian have in common: who publishes them, their dates, the US posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from rdflib import URIRef
from rdflib.namespace import DCTERMS, SKOS

from ...errors import DateError
from ...ontology.dates import PartialDate
from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG
from .drafts import Draft, Spelled, date, iri, text
from .intake import Intake

UNITED_STATES: Final = entity_iri("state", "USA")
PRESIDENT: Final = "President of the United States"
SECRETARY: Final = "Secretary of State of the United States"

_PUBLISHER: Final = "Office of the Historian, United States Department of State"
_LICENSE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_OPEN: Final = ("9999", "2999", "2899")


def say_dataset(draft: Draft, title: str, repository: str, updated: str) -> None:
    """Say what a dataset is, from which repository it is, and up to which day it was kept, empty where unknown."""
    publisher = draft.describe(entity_iri("organization", "Office of the Historian"), DG.Organization, _PUBLISHER)
    kept = [(DG.lastUpdated, date(updated))] if updated else []
    source = (DCTERMS.source, iri(f"https://github.com/HistoryAtState/{repository}"))
    draft.title(title, DG.Dataset, [(DCTERMS.publisher, publisher), (DCTERMS.license, iri(_LICENSE)), source, *kept])


def known_date(words: str, what: str, file: str, record: str, intake: Intake) -> str:
    """Return a date as written, or nothing where there is none, it is open, or, which is noted, no date that exists."""
    if not words or words.startswith(_OPEN):
        return ""
    try:
        return PartialDate(words).lexical
    except DateError as error:
        intake.problem(file, record, f"The {what} was left out: {error}")
        return ""


def period(begun: str, ended: str, file: str, record: str, intake: Intake) -> tuple[str, str]:
    """Return when a record says that something began and ended; an end before the beginning is noted and left out."""
    start, end = known_date(begun, "start", file, record, intake), known_date(ended, "end", file, record, intake)
    if start and end and PartialDate(end).last_day < PartialDate(start).first_day:
        intake.problem(file, record, f"The end was left out: {end} is before the start, {start}.")
        return start, ""
    return start, end


def newest(days: Iterable[str]) -> str:
    """Return the newest day of dates and timestamps, passing over what is neither, or nothing where there is none."""
    return max((day[:10] for day in days if _is_day(day[:10])), default="")


def changes(element: Element) -> list[str]:
    """Return the timestamps at which a record was made and changed."""
    stamps = ("created-date", "created-datetime", "last-modified-date", "last-modified-datetime")
    return [(found.text or "").strip() for found in element if found.tag in stamps]


def say_post(draft: Draft, label: str, post_of: Spelled, aliases: Iterable[str] = ()) -> Spelled:
    """Say what a post of a state or organization is."""
    more = [(SKOS.altLabel, text(alias, "en")) for alias in aliases]
    return draft.describe(entity_iri("post", label), DG.Post, label, [(DG.postOf, post_of), *more])


def local_name(entity: URIRef) -> str:
    """Return the part of an identifier that tells it from others of its kind: a state's code."""
    return str(entity).rpartition("/")[2]


def _is_day(day: str) -> bool:
    try:
        return len(PartialDate(day).lexical) == 10
    except DateError:
        return False

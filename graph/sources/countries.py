"""The country of a record of the Office of the Historian: by its words at the record's date, else by its identifier."""

from __future__ import annotations

from typing import Final, NamedTuple

from rdflib import URIRef

from .states import StateNames

SLIPS: Final = {
    "somoa": "WSM",  # Samoa, misspelt in the identifier and in the words
    "west-bank": "PSE",
}
"""Identifiers that are no name of a state, and the code of the state each means."""


class Country(NamedTuple):
    """A state or territory, and what was needed besides the record's words to find it, empty where they were enough."""

    entity: URIRef
    note: str = ""


def country(states: StateNames, words: str, identifier: str, on: str) -> Country | None:
    """Return what a record of a date names as a country, or None where neither words nor identifier tell.

    The words come first: `U.S.S.R.` with the identifier `russia` is the Soviet Union.
    """
    entity = states.entity(words, on) if words else None
    if entity is not None:
        return Country(entity)
    entity = states.entity(SLIPS.get(identifier, identifier.replace("-", " ")), on) if identifier else None
    if entity is None:
        return None
    means = f"the record's identifier {identifier!r} means {states.label(entity)}"
    return Country(entity, f"The words {words!r} name no known state; {means}.")

"""The parties of the tables of treaties: states at their time, organizations, and what is neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG, LEVEL
from .drafts import Draft, Pair, Spelled, iri, text
from .intake import Intake
from .states import StateNames

_ORGANIZATIONS: Final = {
    "EC": "European Community",
    "EUE": "European Union",
    "EUU": "European Union",
    "EFTA": "European Free Trade Association",
    "IO-EAEC": "European Atomic Energy Community",
    "IO-European Atomic Energy Community": "European Atomic Energy Community",
    "EURATOM European Atomic Energy Community": "European Atomic Energy Community",
    "IO-EBRD": "European Bank for Reconstruction and Development",
    "IO-IAEA": "International Atomic Energy Agency",
    "IAEA International Atomic Energy Agency": "International Atomic Energy Agency",
    "IO-IBRD": "International Bank for Reconstruction and Development",
    "IO-NEFCO": "Nordic Environment Finance Corporation",
    "ECE UN Economic Commission for Europe": "United Nations Economic Commission for Europe",
    "FAO Food and Agriculture Organization of the UN": "Food and Agriculture Organization of the United Nations",
    "IO-Un Food and Agriculture Organization": "Food and Agriculture Organization of the United Nations",
    "WHO World Health Organization": "World Health Organization",
    "IO-World Health Organization": "World Health Organization",
    "WMO World Metereological Organization": "World Meteorological Organization",
    "IO-World Meteorological Organization": "World Meteorological Organization",
}
"""Codes of organizations; some of them would be codes of states elsewhere."""

_IN_THEIR_TIME: Final = {
    "RUS": (("1917-11-07", "russian-empire"), ("1922-12-30", ""), ("1991-12-25", "SUN")),
}
"""For a code, states that it stands for as well: each until a day, in order, where a name is given."""


@dataclass(frozen=True)
class Party:
    """A party: spelled, and what was needed besides its code to find it, empty where that was enough."""

    spelled: Spelled
    note: str = ""


class Parties:
    """The parties of one dataset; each is looked for once at each time that matters."""

    def __init__(self, states: StateNames, draft: Draft, intake: Intake) -> None:
        self._states, self._draft, self._intake = states, draft, intake
        self._found: dict[tuple[str, str, str], Party] = {}

    def party(self, row: Mapping[str, str], on: str, file: str, record: str) -> Party:
        """Return the party of a row at a date; one that nothing known is found for is an agent of that name."""
        code, name = row["stateID"].strip(), (row.get("StateName") or "").strip()
        key = (code, name, self._period(code, on))
        if key not in self._found:
            self._found[key] = self._party(*key, file, record)
        return self._found[key]

    def evidence(self, party: Party, file: str, record: str, notes: Iterable[str]) -> Spelled:
        """Return the evidence that a row gives for what its party does."""
        pairs: list[Pair] = [(DG.note, text(note, "en")) for note in (*notes, party.note) if note.strip()]
        if party.note:
            pairs.append((DG.level, LEVEL.resolved.n3()))
        return self._draft.evidence(file, record, pairs)

    def _period(self, code: str, on: str) -> str:
        if on:
            for until, name in _IN_THEIR_TIME.get(code, ()):
                if on <= until[: len(on)]:
                    return name
        return ""

    def _party(self, code: str, name: str, then: str, file: str, record: str) -> Party:
        if code in _ORGANIZATIONS:
            full = _ORGANIZATIONS[code]
            organization = entity_iri("organization", full)
            return Party(self._draft.describe(organization, DG.IntergovernmentalOrganization, full))
        if then:
            state = entity_iri("state", then)
            return Party(iri(state), f"The code {code} stands for {self._states.phrase(state)} at this time.")
        found: URIRef | None = self._states.entity(code) if len(code) == 3 else None
        if found is None and (name or len(code) > 3):
            found = self._states.entity(name or code)
        if found is not None:
            return Party(iri(found), "" if code else f"The row has no code; its name is {name}.")
        shown = name or code
        if not shown:
            self._intake.problem(file, record, "The row names no party; it is kept for a party without a name.")
            shown = "party without a name"
        self._intake.missing("party", shown)
        return Party(self._draft.describe(entity_iri("organization", f"{shown} as written"), DG.Agent, shown))

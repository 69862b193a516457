"""The parties of the tables of treaties: states at their time, organizations, and what is neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rdflib import URIRef

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG
from .drafts import Draft, iri
from .intake import Intake
from .states import StateNames, reference
from .treaty_times import Lifetime, Party

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

_EARLIER: Final = {
    "AUT": ("austrian-empire", "austria-hungary"),
    "COD": ("congo-free-state",),
    "CZE": ("CSK",),
    "KOR": ("korea-empire",),
    "RUS": ("russian-empire", "SUN"),
    "SRB": ("serbia-kingdom", "yugoslavia-kingdom", "YUG", "SCG"),
    "TUR": ("ottoman-empire",),
    "TZA": ("tanganyika",),
    "YUG": ("yugoslavia-kingdom",),
}
"""Codes that stand for earlier states too, each in its time, as the tables have few codes for those."""


class Parties:
    """The parties of one dataset, each looked for once."""

    def __init__(self, states: StateNames, draft: Draft, intake: Intake) -> None:
        self._states, self._draft, self._intake = states, draft, intake
        self._found: dict[tuple[str, str], Party] = {}

    def party(self, row: Mapping[str, str], file: str, record: str) -> Party:
        """Return the party of a row; one that nothing known is found for is an agent of that name."""
        code, name = row["stateID"].strip(), (row.get("StateName") or "").strip()
        party = self._found.get((code, name))
        if party is None:
            party = self._found[code, name] = self._party(code, name)
        if not party.known:
            self._intake.missing("party", party.own.label)
        if not (code or name):
            self._intake.problem(file, record, "The row names no party; it is kept for a party without a name.")
        return party

    def _party(self, code: str, name: str) -> Party:
        if code in _ORGANIZATIONS:
            full = _ORGANIZATIONS[code]
            organization = entity_iri("organization", full)
            return Party(
                code, Lifetime(self._draft.describe(organization, DG.IntergovernmentalOrganization, full), full)
            )
        found = self._states.entity(code) if len(code) == 3 else None
        if found is None and (name or len(code) > 3):
            found = self._states.entity(name or code)
        if found is not None:
            earlier = tuple(self._lifetime(entity_iri("state", each)) for each in _EARLIER.get(code, ()))
            return Party(
                code, self._lifetime(found), earlier, "" if code else f"The row has no code, but the name {name}."
            )
        shown = name or code or "party without a name"
        spelled = self._draft.describe(entity_iri("organization", f"{shown} as written"), DG.Agent, shown)
        return Party(code, Lifetime(spelled, shown), known=False)

    def _lifetime(self, state: URIRef) -> Lifetime:
        begin, end = (str(reference().value(state, prop) or "") for prop in (DG.inception, DG.dissolution))
        return Lifetime(iri(state), self._states.phrase(state), begin, end)

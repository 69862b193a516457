"""Cities and other places of a state: the reference graph's own where it knows them, else new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from xml.etree.ElementTree import Element

from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from ...ontology.dates import partial_date
from ...ontology.identifiers import entity_iri, folded
from ...ontology.terms import DG
from .drafts import Draft, Spelled, iri
from .historian import local_name
from .states import StateNames, reference

_WITH_COMMA: Final = {"Mexico, D.F.": "Mexico City"}
"""Names with a comma of their own, and the label of each."""


def named_places(locale: str, states: StateNames, state: URIRef, on: str) -> Iterator[tuple[str, URIRef]]:
    """Yield the places that a locale such as `Rome, Naples (Campania)` names, and the state where each lies.

    What stands in brackets says where the place is; where that is a state, `Dakar (Senegal)` in a record of France, it
    is that one.
    """
    for name, label in _WITH_COMMA.items():
        locale = locale.replace(name, label)
    for part in re.split(r"[,;](?![^(]*\))", locale):
        within = re.search(r"\(([^)]*)\)", part)
        name = re.sub(r"\s*\([^)]*\)", "", part).strip()
        if name:
            yield name, (within and _lasting(states.entity(within[1], on), on)) or state


def say_place(draft: Draft, name: str, state: URIRef) -> Spelled:
    """Say that there is a place of a name in a state, unless the reference graph knows it there, and return it.

    A place that is new has the state's code in its identifier, as there is a San José in more than one.
    """
    known = _known().get((folded(name), state))
    if known is not None:
        return iri(known)
    place = entity_iri("place", f"{name} {local_name(state)}")
    return draft.describe(place, DG.Place, name, [(DG.locatedIn, iri(state))])


def place_named_in(passage: Element, draft: Draft, state: URIRef | None, states: StateNames) -> Spelled | None:
    """Return the one place that is marked up with a key in a passage on a state, or None where none is, or several.

    Names of states are passed over; a city of the reference graph that lies elsewhere is that one.
    """
    marked = {}
    for name in passage.iter("placeName"):
        key, label = (
            name.get("key") or name.get("id") or "",
            re.sub(r"\s*\(.*", "", " ".join("".join(name.itertext()).split())),
        )
        if key and len(key) > 2 and label and states.entity(label) is None:
            marked[key] = label
    if len(marked) != 1 or state is None:
        return None
    label = next(iter(marked.values()))
    elsewhere = {place for (known, _), place in _known().items() if known == folded(label)}
    return iri(elsewhere.pop()) if len(elsewhere) == 1 else say_place(draft, label, state)


def _lasting(state: URIRef | None, on: str) -> URIRef | None:
    """Return the state unless it was no more at a date, as Scotland, which is a part of another since."""
    ended = reference().value(state, DG.dissolution) if state else None
    over = ended and on and partial_date(str(ended)).last_day < partial_date(on).first_day
    return None if over else state


@cache
def _known() -> dict[tuple[str, URIRef], URIRef]:
    """Every city of the reference graph by its folded name and the states where it lies, or was a capital."""
    graph = reference()
    found: dict[tuple[str, URIRef], URIRef] = {}
    for city in sorted(graph.subjects(RDF.type, DG.City), key=str):
        names = {str(name) for prop in (SKOS.prefLabel, SKOS.altLabel) for name in graph.objects(city, prop)}
        for state in {*graph.objects(city, DG.locatedIn), *graph.subjects(DG.capital, city)}:
            # A city of a state lay in those that the state followed, as Kyiv did in the Soviet Union.
            for at in {state, *graph.subjects(DG.succeededBy, state)}:
                found.update({(folded(name), URIRef(str(at))): URIRef(str(city)) for name in names})
    return found

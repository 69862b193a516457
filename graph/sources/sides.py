"""With whom a head of an article on a country says that there is something: that country, or another that it names."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Final

from rdflib import URIRef

from ...ontology.dates import partial_date
from ...ontology.identifiers import entity_iri, folded
from ...ontology.terms import DG
from .countries import Country
from .historian import UNITED_STATES
from .states import StateNames, reference, spoken

SAID: Final = {
    "federation of central american states": "central-american-federation",
    "federation of the centre of america": "central-american-federation",
    "german federal republic": "DEU",
    "prc": "CHN",
    "east germany": "DDR",
    "serbian": "SRB",
}
"""Names that only these articles have, folded, and the states they mean."""

FEW: Final = 5
"""The years after a state's end in which its relations may still be ended, or be spoken of."""

_BY: Final = re.compile(
    r"(?P<words>.+?)(?:[’']s?)? (?:recogni?tion of|recognizes?) (?:the )?(?:independence of )?(?:the )?"
    r"(?:united states|u\.s\.)",
    re.IGNORECASE,
)
_OF: Final = re.compile(
    r"\b(?:recogni?tion of|recognition between the u\.s\. and|relations with)\s+(?P<words>.+)", re.IGNORECASE
)
_IN: Final = re.compile(
    r"\brelations (?:and|&)(?: the)?(?: american| u\.s\.)? (?:embassy|legation) in\s+(?P<words>.+)", re.IGNORECASE
)
_BEGIN: Final = re.compile(r"(?:(?:the|independence of|independent)\s+)+", re.IGNORECASE)
_END: Final = re.compile(
    r"[’']s?\s+independence|\s+independence|\s*[,;(/]|\s+and\s+(?:the\s+)?(?:american|u\.s\.)"
    r"|[’']?\.?\Z|,?\s+\d{4}|\s+interrupted",
    re.IGNORECASE,
)


def other_side(head: str, article: URIRef, on: str, states: StateNames) -> Country:
    """Return the state or territory that a head of an article on one is about.

    It is the one that the head names, by name or adjective, where that is another than the article's; a name that is
    unknown is taken for the article's own. Whatever was not in plain words is told in the note.
    """
    match = _BY.match(head) or _OF.search(head)
    seat = None if match else _IN.search(head)
    match = match or seat
    if match is None:
        return Country(article)
    words = _plain(match["words"])
    entity = _named(words, article, on, states)
    if entity in (article, UNITED_STATES) or (entity is None and seat):
        return Country(article)
    mine = states.label(article)
    if entity is not None:
        return Country(entity, f"The head's {words!r} is {states.label(entity)}, in the article on {mine}.")
    return Country(
        article, f"The head's {words!r} is no name that is known, so it is taken for {mine}, as in the title."
    )


def of_its_time(side: Country, on: str, states: StateNames) -> Country:
    """Return the predecessor or successor that had relations at a date, where a side itself was not yet or no more.

    It is the one that the reference graph has next to it and that existed then; where that is not one alone, or what
    the head says follows the side's end within FEW years, the side stays. So does one that the head names.
    """
    if side.note or not on or _existed(side.entity, on) or _ended_lately(side.entity, on):
        return side
    graph = reference()
    beside = {*graph.subjects(DG.succeededBy, side.entity), *graph.objects(side.entity, DG.succeededBy)}
    then = [URIRef(str(each)) for each in beside if each != UNITED_STATES and _existed(URIRef(str(each)), on)]
    if len(then) != 1:
        return side
    return Country(then[0], f"In {on[:4]} it was {states.label(then[0])} that stood for {states.label(side.entity)}.")


def _ended_lately(state: URIRef, on: str) -> bool:
    ended = reference().value(state, DG.dissolution)
    return ended is not None and 0 <= int(on[:4]) - int(str(ended)[:4]) <= FEW


def _plain(words: str) -> str:
    begun = _BEGIN.sub("", words, count=1) if _BEGIN.match(words) else words
    end = _END.search(begun)
    return begun[: end.start()].strip() if end else begun.strip()


def _named(words: str, article: URIRef, on: str, states: StateNames) -> URIRef | None:
    said = SAID.get(spoken(words))
    if said:
        return entity_iri("state", said)
    place = folded(words) in _cities(article)
    entity = states.entity(words, on) if len(words) > 3 and not place else None
    if entity is not None or place:
        return entity or article
    called = _called().get(spoken(words), frozenset())
    if article in called:
        return article
    then = [each for each in called if _existed(each, on)]
    return then[0] if len(then) == 1 else None


def _existed(state: URIRef, on: str) -> bool:
    begun, ended = (reference().value(state, prop) for prop in (DG.inception, DG.dissolution))
    if not on:
        return ended is None
    day = partial_date(on)
    after = begun is None or partial_date(str(begun)).first_day <= day.last_day
    return after and (ended is None or partial_date(str(ended)).last_day >= day.first_day)


@cache
def _called() -> dict[str, frozenset[URIRef]]:
    """Every adjective and demonym, folded, and the states that it is said of."""
    found: dict[str, set[URIRef]] = defaultdict(set)
    for prop in (DG.adjective, DG.demonym):
        for state, word in reference().subject_objects(prop):
            found[spoken(str(word))].add(URIRef(str(state)))
    return {word: frozenset(states) for word, states in found.items()}


@cache
def _cities(state: URIRef) -> frozenset[str]:
    """The folded labels of a state's capitals, which may be names of states too, as Nassau is."""
    graph = reference()
    return frozenset(folded(str(name)) for city in graph.objects(state, DG.capital) for name in graph.objects(city))

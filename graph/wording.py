"""Facts in plain words: a sentence, its dates, and its evidence in a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rdflib import Literal, URIRef
from rdflib.term import Node

from ..ontology.terms import DG
from .entities import labels
from .statements import Evidence, Fact
from .store import View

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ASIDE = {DG.capacity: "as", DG.onBehalfOf: "on behalf of", DG.event: "at", DG.assessor: "by", DG.topic: "about"}


@dataclass(frozen=True)
class Period:
    """When a fact holds, as sources write it.

    `start` equals `end` for what happens at one time; None is open or unknown. `attested` are days for which sources
    vouch that the fact holds, where they say neither when it began nor when it ended. `agreed` is the date of the
    agreement from which the fact follows, where the fact has none of its own. `kept` is the day up to which the records
    were kept that give no end: the fact may have ended before that day, too.
    """

    start: str | None
    end: str | None
    attested: tuple[str, ...] = ()
    agreed: str | None = None
    kept: str | None = None

    def __str__(self) -> str:
        if self.agreed is not None:
            return f"agreement of {self.agreed}"
        if self.start is None and self.end is None:
            return f"as of {', '.join(self.attested)}" if self.attested else ""
        if self.start is None:
            return f"until {self.end}"
        if self.end is None:
            return f"since {self.start}" if self.kept is None else f"from {self.start}, end not recorded"
        return self.start if self.start == self.end else f"{self.start} to {self.end}"


class Mention(NamedTuple):
    """A piece of a sentence, with the entity that it names if it names one."""

    text: str
    entity: URIRef | None = None


class Wording:
    """Puts facts into words, with the labels and dates that one look at the view gives for all of them."""

    def __init__(self, view: View, facts: Iterable[Fact]) -> None:
        facts = list(facts)
        terms = {term for fact in facts for prop, values in fact.properties.items() for term in (prop, *values)}
        self.labels = labels(view, terms)
        self._dates = dates_of(view, {via for fact in facts if fact.kind.via and (via := fact.value(fact.kind.via))})

    def words(self, fact: Fact) -> str:
        """Return the words that join the two ends of a fact, such as `holds post`."""
        own = fact.value(fact.kind.words_from) if fact.kind.words_from else None
        return self.labels[own] if own is not None else fact.kind.words

    def sentence(self, fact: Fact, subject: Node | None = None) -> str:
        """Return a fact in words, without its subject where that is the one given."""
        return "".join(mention.text for mention in self.mentions(fact, subject))

    def mentions(self, fact: Fact, subject: Node | None = None) -> list[Mention]:
        """Return the sentence in pieces: the names of entities, each with its entity, and the words between them."""
        ends = [end for end in (fact.source, fact.target) if end is not None]
        if subject is not None and not fact.kind.directed and fact.target == subject:
            ends.reverse()
        summary = str(fact.value(DG.summary) or "").removesuffix(".")
        joining = Mention(self.words(fact))
        words = [self._named(ends[0]), joining] if ends and fact.source is not None else [joining]
        if summary and len(ends) < 2:
            words = [*words[:1], Mention(_SAYING.get(fact.kind.iri, "said") + f": {summary}")]
        elif len(ends) > 1:
            words.append(self._named(ends[1]))
        elif fact.source is None and ends:
            words.append(self._named(ends[0]))
        if subject is not None and ends and ends[0] == subject:
            words = words[1:]
        pieces = [piece for word in words for piece in (Mention(" "), word)][1:]
        if summary and len(ends) > 1:
            pieces.append(Mention(f": {summary}"))
        used = {fact.kind.source, fact.kind.target, fact.kind.words_from}
        for prop, values in fact.properties.items():
            if prop in _ASIDE and prop not in used:
                for value in values:
                    pieces += [Mention(f", {_ASIDE[prop]} "), self._named(value)]
        claimants = fact.properties.get(DG.claimedBy, ())
        for who in claimants:
            pieces += [Mention(", as "), self._named(who), Mention(" claims")]
        if fact.realis != "held" and not claimants:
            pieces.append(Mention(f", {_STANDINGS.get(fact.realis, fact.realis)}"))
        return pieces

    def _named(self, term: Node) -> Mention:
        return Mention(self.labels[term], term if isinstance(term, URIRef) else None)

    def period(self, fact: Fact) -> Period:
        """Return when a fact holds: by its own dates, else by those of the event or agreement it belongs to."""
        start, end = (_written(fact.value(prop)) for prop in (fact.kind.start, fact.kind.end))
        via = fact.value(fact.kind.via) if fact.kind.via else None
        dates = self._dates.get(via, []) if via is not None else []
        if start or end or not dates:
            attested = tuple(sorted({e.as_of for e in fact.evidence if e.as_of}))
            kept = [e.kept[:10] for e in fact.evidence if e.kept]
            return Period(start, end, attested, kept=max(kept) if len(kept) == len(fact.evidence) and kept else None)
        if fact.kind.via == DG.event or fact.kind.start == fact.kind.end:
            # What happens at an event is over with it; where sources differ on its date, it lies between.
            return Period(dates[0], dates[-1])
        return Period(dates[0], None, agreed=" or ".join(dates))


def visible(text: str) -> str:
    """Return text on one line, with what would steer a terminal, or turn its direction, shown as � instead."""
    joined = " ".join(text.splitlines())
    return "".join("�" if unicodedata.category(c) == "Cc" or c in _TURNS else c for c in joined)


def cited(evidence: Evidence) -> str:
    """Return evidence in one line: the quote or the place, the document, its day, and the level unless it is stated."""
    if evidence.quote is not None:
        what = f"“{evidence.quote}” — {evidence.title}"
    else:
        what = f"{evidence.title}, {evidence.place}" if evidence.place else evidence.title
    day = f", {evidence.published[:10]}" if evidence.published else ""
    return f"{what}{day}" + ("" if evidence.level == "stated" else f" [{evidence.level}]")


_STANDINGS: Mapping[str, str] = {"planned": "only planned", "denied": "which is denied", "claimed": "only claimed"}

_SAYING: Mapping[URIRef, str] = {
    DG.Utterance: "said",
    DG.Position: "holds",
    DG.Proposal: "proposed",
    DG.Recommendation: "recommended",
    DG.Assessment: "was assessed",
}


def dates_of(view: View, terms: Iterable[Node]) -> dict[Node, list[str]]:
    """Return the dates of events and agreements as written, sorted, for those that have any; there are two of one that
    lasts, or on which sources differ."""
    values = " ".join(term.n3() for term in sorted(terms, key=str) if isinstance(term, URIRef))
    if not values:
        return {}
    # Of an event that lasts, the first and the last day.
    times = " ".join(iri.n3() for iri in (DG.date, DG["from"], DG.until))
    rows = view.select(
        f"SELECT ?what ?date WHERE {{ VALUES ?what {{ {values} }} VALUES ?time {{ {times} }} ?what ?time ?date }}"
    )
    found: dict[Node, set[str]] = {}
    for row in rows:
        found.setdefault(row["what"], set()).add(str(row["date"])[:10])
    return {what: sorted(dates) for what, dates in found.items()}


def _written(term: Node | None) -> str | None:
    return str(term)[:10] if isinstance(term, Literal) else None

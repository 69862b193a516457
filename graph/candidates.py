"""Which persons may be one: pairs whose names are alike, with what speaks for it and against it.

What counts, and for how much:

    names        the same words 4, one shortened 3, alike 2, one a part of the other 1; else a pair is not looked at
    post         the same post at dates that overlap 4, at other dates 2; else the same state 1
    years        the same year of birth 2, of death 2
    identifiers  the same identifier in a dataset 6
    against      other years of birth or death -6 each, recorded before the other's birth or after their death -6,
                 another identifier in the same dataset -6, another state at the same time -3, nothing recorded of
                 either for more than 30 years in between -3

A pair is proposed from 4 on. A pair is certain where the names have the same words, the post is the same at dates that
overlap, and nothing speaks against it. An end that is open holds until somebody of another name is recorded in
the post.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations
from typing import Final, TypeAlias

from rdflib import URIRef

from ..ontology.identifiers import shortened
from ..ontology.terms import DG
from .entities import labels
from .judgements import sameness
from .likeness import Likeness, closest, heard, words
from .persons import Person, Span, people_in, span_of
from .store import Store, View, view_of

PROPOSED: Final = 4
"""The points from which on a pair is proposed."""

_OVERLAPPING, _SAME_POST, _SAME_STATE, _SAME_YEAR, _SAME_ID = 4, 2, 1, 2, 6
_OTHER_YEAR, _OTHER_ID, _OTHER_STATE, _LONG_BETWEEN = 6, 6, 3, 3
_YEARS_BETWEEN: Final = 30
_LARGE: Final = 200
"""Persons with something in common are compared each with each up to this number of them."""


@dataclass(frozen=True)
class Proposal:
    """Two persons that may be one, the points of the rules, and reasons for and against as sentences.

    `keeps` is the one whose identifier had better stay. `certain` is what may be judged by rule.
    """

    score: int
    keeps: URIRef
    merges: URIRef
    labels: tuple[str, str]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    certain: bool

    @property
    def reason(self) -> str:
        """The reasons for it as one sentence."""
        joined = "; ".join(self.reasons)
        return f"{joined[:1].upper()}{joined[1:]}."

    def text(self) -> str:
        """Return the proposal in a few lines."""
        one, other = (
            f"{label} ({shortened(e)})" for label, e in zip(self.labels, (self.keeps, self.merges), strict=True)
        )
        lines = [f"{self.score:>3}  {one} = {other}", f"     {self.reason}"]
        lines += [f"     Against: {'; '.join(self.against)}."] if self.against else []
        return "".join(f"{line}\n" for line in lines)


Weighed: TypeAlias = tuple[int, str]
"""What speaks for two persons to be one, or with fewer than no points against it, and in words."""


def proposals(source: Store | View) -> list[Proposal]:
    """Return the pairs of persons that may be one and are not judged yet, the likeliest first."""
    return Candidates(view_of(source)).proposals()


class Candidates:
    """The persons of a view, to be compared."""

    def __init__(self, view: View) -> None:
        self._same = sameness(view)
        self._apart = {
            frozenset((self._same.of(v.keeps), self._same.of(v.merges))) for v in self._same.verdicts if not v.same
        }
        self._people = people_in(view)
        self._holders: dict[URIRef, list[tuple[date, URIRef]]] = defaultdict(list)
        for person in self._people.values():
            for post, span in person.posts.items():
                if span:
                    self._holders[post].append((span.first, person.iri))
        named = {entity for person in self._people.values() for entity in (*person.posts, *person.states)}
        self._labels = labels(view, named)

    def proposals(self) -> list[Proposal]:
        """Return the pairs that are proposed, the likeliest first."""
        found = (self.compared(one, other) for one, other in self._pairs())
        proposed = [each for each in found if each and each.score >= PROPOSED]
        return sorted(proposed, key=lambda each: (-each.score, each.labels, each.keeps, each.merges))

    def doubt(self, group: Iterable[URIRef]) -> bool:
        """Return whether something speaks against any two of several persons, or they are not alike."""
        pairs = (self.compared(one, other) for one, other in combinations(group, 2))
        return any(pair is None or bool(pair.against) for pair in pairs)

    def compared(self, first: URIRef, second: URIRef) -> Proposal | None:
        """Return two persons compared; None where their names are not alike, or they are judged to be different."""
        one, other = sorted((self._people[first], self._people[second]), key=_claim)
        close = closest(one.names, other.names)
        if close is None or frozenset((one.iri, other.iri)) in self._apart:
            return None
        like, *places = close
        names = [list(each.names.values())[place] for each, place in zip((one, other), places, strict=True)]
        shared = self._shared_posts(one, other)
        said = [
            (int(like), _alike(like, *names)),
            *self._on_posts(one, other, shared),
            *_on_years(one, other),
            *_on_identifiers(one, other),
            *self._on_times(one, other),
        ]
        against = tuple(words_ for points, words_ in said if points < 0)
        return Proposal(
            score=sum(points for points, _ in said),
            keeps=one.iri,
            merges=other.iri,
            labels=(one.label, other.label),
            reasons=tuple(words_ for points, words_ in said if points > 0),
            against=against,
            certain=like is Likeness.SAME and bool(shared) and shared[0][0] and not against,
        )

    def _on_posts(self, one: Person, other: Person, shared: list[tuple[bool, str]]) -> Iterator[Weighed]:
        if shared:
            overlapping, words_ = shared[0]
            yield _OVERLAPPING if overlapping else _SAME_POST, words_
        elif states := one.states.keys() & other.states.keys():
            yield _SAME_STATE, f"both stand for {self._labels[min(states)]}"

    def _on_times(self, one: Person, other: Person) -> Iterator[Weighed]:
        for each, another in ((one, other), (other, one)):
            outside = _outside_of_life(each, another)
            if outside:
                yield -_OTHER_YEAR, outside
        if not one.states.keys() & other.states.keys():
            both = [(a, b) for a in one.states.items() for b in other.states.items() if _known_to_overlap(a[1], b[1])]
            if both:
                states = [self._labels[state] for state, _ in min(both, key=lambda pair: (pair[0][0], pair[1][0]))]
                yield -_OTHER_STATE, f"one stands for {states[0]}, the other for {states[1]} at the same time"
        between = _years_between(one.recorded, other.recorded)
        if between > _YEARS_BETWEEN:
            yield -_LONG_BETWEEN, f"nothing is recorded of either for {between} years in between"

    def _shared_posts(self, one: Person, other: Person) -> list[tuple[bool, str]]:
        """Return the posts of both, those at overlapping dates first, each in words."""
        found = []
        for post in one.posts.keys() & other.posts.keys():
            spans = [self._closed(post, person.posts[post], (one, other)) for person in (one, other)]
            overlapping = _overlap(*spans)
            dates = " and ".join(dict.fromkeys(str(p.posts[post] or "undated") for p in (one, other)))
            found.append((overlapping, f"both appear as {self._labels[post]}, {dates}"))
        return sorted(found, key=lambda each: (not each[0], each[1]))

    def _closed(self, post: URIRef, span: Span | None, but: tuple[Person, Person]) -> Span | None:
        """Return a span whose open end is the day on which somebody of another name is first recorded in the post."""
        if span is None or span.last is not None:
            return span
        for day, who in sorted(self._holders[post]):
            if day > span.first and not any(closest(self._people[who].names, person.names) for person in but):
                return span._replace(last=day)
        return span._replace(last=date.max)

    def _pairs(self) -> Iterator[tuple[URIRef, URIRef]]:
        """Yield each pair once that has a name in common, one word of it and the initial of another, or a word of it
        and a post or a state; words are in common where they sound alike.
        """
        groups: dict[tuple[object, ...], set[URIRef]] = defaultdict(set)
        for person in self._people.values():
            for name in person.names:
                groups["words", *sorted(name)].add(person.iri)
                for first, last in {(name[0], name[-1]), (name[-1], name[0])}:
                    for sound in heard(last) if len(last) > 1 else ():
                        for initial in {each[:1] for each in heard(first)} | {first[:1]}:
                            groups["sound", sound, initial].add(person.iri)
                for sound in {sound for word in name if len(word) > 2 for sound in heard(word)}:
                    for shared in (*person.posts, *person.states):
                        groups["with", shared, sound].add(person.iri)
            for scheme, ids in person.ids.items():
                for each in ids:
                    groups["id", scheme, each].add(person.iri)
        seen: set[tuple[URIRef, URIRef]] = set()
        for group in chain.from_iterable(map(self._parted, groups.values())):
            for pair in combinations(sorted(group), 2):
                if pair not in seen:
                    seen.add(pair)
                    yield pair

    def _parted(self, group: set[URIRef]) -> Iterator[Iterable[URIRef]]:
        """Yield a group, or the parts of a large one that have the sound of two words in common.

        What is so common that its parts are large, too, tells nobody from others, and is left out.
        """
        if len(group) <= _LARGE:
            yield group
            return
        parts: dict[object, set[URIRef]] = defaultdict(set)
        for iri in group:
            for name in self._people[iri].names:
                for one, other in combinations(sorted(set(name)), 2):
                    for sounds in ((a, b) for a in heard(one) for b in heard(other)):
                        parts[frozenset(sounds)].add(iri)
        yield from (part for part in parts.values() if 1 < len(part) <= _LARGE)


def _claim(person: Person) -> tuple[bool, int, URIRef]:
    # The identifiers of a dataset are its editors' own work; then the plainer name.
    return not person.ids, len(person.iri), person.iri


def _alike(like: Likeness, one: str, other: str) -> str:
    if like is Likeness.SAME:
        return f"both are called {one}" if words(one) == words(other) else f"{one} and {other} have the same words"
    if like is Likeness.SHORTENED:
        short, long = sorted((one, other), key=len)
        return f"{short} can be short for {long}"
    return f"{one} and {other} are alike" if like is Likeness.ALIKE else f"{one} and {other} have words in common"


def _overlap(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.overlaps(other)


def _known_to_overlap(one: Span | None, other: Span | None) -> bool:
    return bool(one and other and one.last and other.last) and _overlap(one, other)


def _on_years(one: Person, other: Person) -> Iterator[Weighed]:
    for prop, both, each in ((DG.born, "both were born", "one was born"), (DG.died, "both died", "one died")):
        years, others = one.years[prop], other.years[prop]
        if any(span_of(a).overlaps(span_of(b)) for a in years for b in others):
            yield _SAME_YEAR, f"{both} in {min(map(str, years))[:4]}"
        elif years and others:
            yield -_OTHER_YEAR, f"{each} in {min(map(str, years))}, the other in {min(map(str, others))}"


def _on_identifiers(one: Person, other: Person) -> Iterator[Weighed]:
    for scheme in sorted(one.ids.keys() & other.ids.keys()):
        shared = one.ids[scheme] & other.ids[scheme]
        if shared:
            yield _SAME_ID, f"both are {min(shared)} in {scheme}"
        else:
            yield -_OTHER_ID, f"{scheme} tells {min(one.ids[scheme])} from {min(other.ids[scheme])}"


def _outside_of_life(one: Person, other: Person) -> str:
    recorded = other.recorded
    if recorded is None:
        return ""
    born, died = one.years[DG.born], one.years[DG.died]
    if born and recorded.last is not None and recorded.last < min(day.first_day for day in born):
        return f"one was born in {min(map(str, born))}, the other is recorded in {recorded}"
    if died and recorded.first > max(day.last_day for day in died):
        return f"one died in {max(map(str, died))}, the other is recorded in {recorded}"
    return ""


def _years_between(one: Span | None, other: Span | None) -> int:
    if one is None or other is None:
        return 0
    earlier, later = sorted((one, other), key=lambda span: span.first)
    return max(0, later.first.year - (earlier.last or earlier.first).year)

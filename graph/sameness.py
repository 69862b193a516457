"""Which entities are one, as judgements say: a plain union of pairs, under one identifier each."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rdflib import URIRef

from ..errors import JudgementError
from ..ontology.identifiers import shortened


class Verdict(NamedTuple):
    """What one judgement says of two entities: that they are the same, shown as `keeps`, or that they are not."""

    judgement: URIRef
    keeps: URIRef
    merges: URIRef
    same: bool


class Sameness:
    """The entities that verdicts make one; it depends on the verdicts alone, not on their order.

    The one that is shown is the one that no judgement merges into another. Where there are several such, or none, it is
    the one whose identifier comes first.
    """

    def __init__(self, verdicts: Iterable[Verdict] = ()) -> None:
        self.verdicts = frozenset(verdicts)
        joined = defaultdict[URIRef, set[URIRef]](set)
        merged = {v.merges for v in self.verdicts if v.same and v.keeps != v.merges}
        for verdict in self.verdicts:
            if verdict.same:
                joined[verdict.keeps].add(verdict.merges)
                joined[verdict.merges].add(verdict.keeps)
        members: dict[URIRef, tuple[URIRef, ...]] = {}
        seen: set[URIRef] = set()
        for entity in sorted(joined):
            if entity not in seen:
                group = _reached(joined, entity)
                seen |= group
                kept = min(group - merged or group)
                members[kept] = (kept, *sorted(group - {kept}))
        self.members: Mapping[URIRef, tuple[URIRef, ...]] = {
            kept: group for kept, group in members.items() if len(group) > 1
        }
        """By each entity that is shown for several, all of them, itself first."""
        self.kept: Mapping[URIRef, URIRef] = {
            entity: kept for kept, group in self.members.items() for entity in group[1:]
        }
        """By each entity that is not shown itself, the one that is shown for it."""

    def of(self, entity: URIRef) -> URIRef:
        """Return the entity that is shown for one: itself, unless it was merged."""
        return self.kept.get(entity, entity)

    def why(self, one: URIRef, other: URIRef) -> list[Verdict]:
        """Return the fewest verdicts by which two entities are one; none where they are not, or are named alike."""
        joined = defaultdict[URIRef, list[Verdict]](list)
        for verdict in sorted(self.verdicts):
            if verdict.same:
                joined[verdict.keeps].append(verdict)
                joined[verdict.merges].append(verdict)
        ways: dict[URIRef, list[Verdict]] = {one: []}
        waiting = deque([one])
        while waiting and other not in ways:
            entity = waiting.popleft()
            for verdict in joined[entity]:
                end = verdict.merges if verdict.keeps == entity else verdict.keeps
                if end not in ways:
                    ways[end] = [*ways[entity], verdict]
                    waiting.append(end)
        return ways.get(other, [])

    def check(self) -> None:
        """Raise JudgementError where two entities are judged to be different that other judgements make one."""
        for verdict in sorted(self.verdicts):
            if not verdict.same and self.of(verdict.keeps) == self.of(verdict.merges):
                said = "; ".join(map(_worded, self.why(verdict.keeps, verdict.merges)))
                raise JudgementError(
                    f"Judgements contradict each other. {_worded(verdict)}. But: {said or 'an entity is itself'}. "
                    "Undo one of them."
                )


def _reached(joined: Mapping[URIRef, set[URIRef]], start: URIRef) -> set[URIRef]:
    group, waiting = {start}, [start]
    while waiting:
        new = joined[waiting.pop()] - group
        group |= new
        waiting += new
    return group


def _worded(verdict: Verdict) -> str:
    is_what = "is the same as" if verdict.same else "is different from"
    return f"{shortened(verdict.judgement)} says that {shortened(verdict.keeps)} {is_what} {shortened(verdict.merges)}"

"""The merged view kept true: what documents state, of entities as they are judged, and the shortcuts of their facts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import product, zip_longest
from typing import Generic

from rdflib import URIRef
from rdflib.namespace import SKOS

from ..ontology.terms import DG, VERDICT
from .derivation import Derivation, T, Triple
from .naming import LABELS
from .sameness import Sameness, Verdict


class MergedView(ABC, Generic[T]):
    """The merged view of one engine: what some document states, each statement once, and the shortcuts of its facts.

    A fact makes a shortcut with everything that any document says of it, in whatever order they came. What documents
    state of an entity that was judged to be the same as another is shown of the one that is kept; only judgements name
    both. Of those that are one, the first with a label gives it, and the labels of the others are aliases.
    """

    def __init__(self, named: Callable[[URIRef], T]) -> None:
        self._named = named
        self._derivation = Derivation(named, self.is_literal)
        self._labels = [named(label) for label in LABELS]
        self._alias = named(SKOS.altLabel)
        self._keeps, self._merges, self._verdict = named(DG.keeps), named(DG.merges), named(DG.verdict)
        self._verdicts = {named(VERDICT.same): True, named(VERDICT.different): False}
        self._stale = False
        self._follow(Sameness())
        self.rejudged = False
        """Whether some entities are shown as others since this began."""
        self.relabelled: set[URIRef] = set()
        """The entities whose names may have changed since they were judged to be others, or as what is one with them
        has changed."""

    @abstractmethod
    def said(self, subject: T) -> Mapping[T, Collection[T]]:
        """Return what the merged view says of a subject: values by property."""

    @abstractmethod
    def subjects(self, predicate: T, value: T) -> Iterator[T]:
        """Yield the subjects that have a value for a property in the merged view."""

    @abstractmethod
    def statements(self, subject: T | None, predicate: T | None, value: T | None) -> Iterator[tuple[Triple[T], T]]:
        """Yield the triples of documents that fit a pattern, each with the document that states it."""

    @abstractmethod
    def iri(self, term: T) -> URIRef | None:
        """Return a term as an IRI; None where it is none."""

    @abstractmethod
    def is_literal(self, term: T) -> bool:
        """Return whether a term is a literal, which no triple can have for a subject."""

    @abstractmethod
    def add(self, triples: Iterable[Triple[T]]) -> None:
        """Add triples to the merged view."""

    @abstractmethod
    def discard(self, triples: Iterable[Triple[T]]) -> None:
        """Take triples out of the merged view."""

    def begin(self) -> None:
        """Take the judgements for granted that documents state now."""
        self._follow(Sameness(self._judged()))

    def include(self, triples: Iterable[Triple[T]]) -> None:
        """Take in a document whose triples are in its own graph and in the merged view, as it states them."""
        raw, subjects = [], set()
        for triple in triples:
            subject, predicate, _ = triple
            subjects.add(self._kept.get(subject, subject))
            self._stale = self._stale or predicate == self._merges
            if self._kept and self._shown(triple) != triple:
                raw.append(triple)
        self.discard(raw)
        self.add(map(self._shown, raw))
        self._label_groups(subjects)
        self.derive(subjects)

    def include_all(self) -> None:
        """Take in whatever documents state that the merged view has only as they state it, but for shortcuts."""
        raw = self._mentioning(self._kept)
        self.discard(raw)
        self.add(map(self._shown, raw))
        for kept in self._members:
            self._label(kept)
        self._stale = True

    def derive(self, subjects: Iterable[T]) -> None:
        """Add the shortcuts of all facts among some subjects."""
        self.add({shortcut for subject in subjects for shortcut in self._shortcuts(subject)})

    def retract(self, triples: Collection[Triple[T]], drop: Callable[[], object]) -> None:
        """Take the triples of a document away, whose own graph `drop` removes.

        What another document states, and what a fact that remains still makes, stays.
        """
        shown = set(map(self._shown, triples)) if self._kept else set(triples)
        gone = set(shown)
        for subject in {subject for subject, _, _ in shown}:
            gone.update(self._shortcuts(subject))
        drop()
        self._discard_unfounded(gone)
        self._label_groups({subject for subject, _, _ in shown})
        self._stale = self._stale or any(predicate == self._merges for _, predicate, _ in triples)

    def judge(self, *, checked: bool) -> None:
        """Show entities as documents judge them now, if a change of documents has touched that.

        Raises JudgementError if `checked` and they contradict each other.
        """
        if not self._stale:
            return
        before, same = self._same, Sameness(self._judged())
        if checked:
            same.check()
        self._stale = False
        changed = [e for e in {*before.kept, *same.kept} if before.of(e) != same.of(e)]
        if not changed:
            self._follow(same)
            return
        self.rejudged = True
        touched = {self._named(which.of(entity)) for entity in changed for which in (before, same)}
        triples = self._mentioning(map(self._named, changed))
        gone = set(map(self._shown, triples))
        for fact in {subject for subject, _, _ in gone}:
            gone.update(self._shortcuts(fact))
        self._follow(same)
        shown = set(map(self._shown, triples))
        self.add(shown)
        self._discard_unfounded(gone - shown)
        self.derive({subject for subject, _, _ in shown})
        for entity in touched:
            self._label(entity)
        self.relabelled.update(changed)

    @property
    def kept(self) -> Mapping[URIRef, URIRef]:
        """By each entity that was judged to be another, the one that is shown for it."""
        return self._same.kept

    def _follow(self, same: Sameness) -> None:
        self._same = same
        self._kept = {self._named(entity): self._named(kept) for entity, kept in same.kept.items()}
        self._members = {self._named(kept): list(map(self._named, all_)) for kept, all_ in same.members.items()}

    def _judged(self) -> Iterator[Verdict]:
        merges, keeps, verdicts = (self._by_judgement(path) for path in (self._merges, self._keeps, self._verdict))
        for key, merged in merges.items():
            name = self.iri(key[0])
            for kept, other, verdict in product(keeps.get(key, ()), merged, verdicts.get(key, ())):
                one, two, same = self.iri(kept), self.iri(other), self._verdicts.get(verdict)
                if name is not None and one is not None and two is not None and same is not None:
                    yield Verdict(name, one, two, same)

    def _by_judgement(self, path: T) -> dict[tuple[T, T], list[T]]:
        """Return the values of a property by judgement and document."""
        found: dict[tuple[T, T], list[T]] = defaultdict(list)
        for (judgement, _, value), document in self.statements(None, path, None):
            found[judgement, document].append(value)
        return found

    def _shown(self, triple: Triple[T]) -> Triple[T]:
        s, p, o = triple
        return triple if p in (self._keeps, self._merges) else (self._kept.get(s, s), p, self._kept.get(o, o))

    def _mentioning(self, terms: Iterable[T]) -> set[Triple[T]]:
        patterns = (pattern for term in terms for pattern in ((term, None, None), (None, None, term)))
        return {triple for pattern in patterns for triple, _ in self.statements(*pattern)}

    def _stated(self, triple: Triple[T]) -> bool:
        s, p, o = triple
        if s in self._members and (p in self._labels or p == self._alias):
            return triple in self._labelled(s)
        if p in (self._keeps, self._merges):
            return any(self.statements(s, p, o))
        return any(any(self.statements(one, p, other)) for one, other in product(self._those(s), self._those(o)))

    def _those(self, term: T) -> Collection[T]:
        """Return the terms that documents may have where the merged view has this one."""
        return () if term in self._kept else self._members.get(term, (term,))

    def _label_groups(self, entities: set[T]) -> None:
        for kept in entities & self._members.keys():
            self._label(kept)

    def _label(self, entity: T) -> None:
        """Give an entity the labels and aliases that it should have."""
        has, should = self._names(entity), self._labelled(entity)
        self._discard_unfounded(has - should)
        self.add(should - has)
        self.relabelled.update(iri for iri in map(self.iri, self._those(entity) or (entity,)) if iri is not None)

    def _names(self, entity: T) -> set[Triple[T]]:
        said = self.said(entity)
        return {(entity, path, value) for path in (*self._labels, self._alias) for value in said.get(path, ())}

    def _labelled(self, entity: T) -> set[Triple[T]]:
        found: set[Triple[T]] = set()
        shown: set[T] = set()
        for one in self._those(entity):
            own = {
                (path, self._kept.get(value, value))
                for path in (*self._labels, self._alias)
                for (_, _, value), _ in self.statements(one, path, None)
            }
            if shown:
                own = {(self._alias, value) for _, value in own if value not in shown}
            else:
                shown = {value for path, value in own if path != self._alias}
            found.update((entity, path, value) for path, value in own)
        return found

    def _discard_unfounded(self, triples: Iterable[Triple[T]]) -> None:
        gone = {triple for triple in triples if not self._stated(triple)}
        self.discard(gone)
        self.add([triple for triple in gone if self._is_made(triple)])

    def _shortcuts(self, fact: T) -> Iterator[Triple[T]]:
        return self._derivation.shortcuts(self.said(fact))

    def _is_made(self, triple: Triple[T]) -> bool:
        s, p, o = triple
        for rule in self._derivation.rules:
            if rule.path is not None or rule.predicate == p:
                # Either end may have any number of facts; the end with fewer decides how many are looked at.
                for pair in zip_longest(self.subjects(rule.subject, s), self.subjects(rule.value, o)):
                    if any(fact is not None and triple in self._shortcuts(fact) for fact in pair):
                        return True
                    if None in pair:
                        break
        return False

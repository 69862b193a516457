"""The merged view kept true: which shortcuts follow from facts, and what one document adds to them and takes back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import product, zip_longest
from typing import Generic, TypeVar

from rdflib import URIRef
from rdflib.namespace import RDF

from ..ontology.rules import shortcut_rules

T = TypeVar("T")
"""A term as an engine has it."""


class MergedView(ABC, Generic[T]):
    """The merged view of one engine: what some document states, each statement once, and the shortcuts of its facts.

    A fact makes a shortcut with everything that any document says of it, in whatever order they came.
    """

    def __init__(self, named: Callable[[URIRef], T]) -> None:
        self._type = named(RDF.type)
        self._rules = [
            (
                named(rule.fact_class),
                named(rule.subject_path),
                None if rule.predicate is None else named(rule.predicate),
                None if rule.predicate_path is None else named(rule.predicate_path),
                named(rule.object_path),
                [(named(path), named(value)) for path, value in rule.conditions],
            )
            for rule in shortcut_rules()
        ]

    @abstractmethod
    def said(self, subject: T) -> Mapping[T, Collection[T]]:
        """Return what the merged view says of a subject: values by property."""

    @abstractmethod
    def subjects(self, predicate: T, value: T) -> Iterator[T]:
        """Yield the subjects that have a value for a property in the merged view."""

    @abstractmethod
    def stated(self, triple: tuple[T, T, T]) -> bool:
        """Return whether any document states a triple."""

    @abstractmethod
    def is_literal(self, term: T) -> bool:
        """Return whether a term is a literal, which no triple can have for a subject."""

    @abstractmethod
    def add(self, triples: Iterable[tuple[T, T, T]]) -> None:
        """Add triples to the merged view."""

    @abstractmethod
    def discard(self, triples: Iterable[tuple[T, T, T]]) -> None:
        """Take triples out of the merged view."""

    def derive(self, subjects: Iterable[T]) -> None:
        """Add the shortcuts of all facts among some subjects."""
        self.add({shortcut for subject in subjects for shortcut in self._shortcuts(subject)})

    def retract(self, triples: Collection[tuple[T, T, T]], drop: Callable[[], object]) -> None:
        """Take the triples of a document away, whose own graph `drop` removes.

        What another document states, and what a fact that remains still makes, stays.
        """
        gone = set(triples)
        for subject in {subject for subject, _, _ in triples}:
            gone.update(self._shortcuts(subject))
        drop()
        gone = {triple for triple in gone if not self.stated(triple)}
        self.discard(gone)
        self.add([triple for triple in gone if self._is_made(triple)])

    def _shortcuts(self, fact: T) -> Iterator[tuple[T, T, T]]:
        said = self.said(fact)
        kinds = said.get(self._type, ())
        for kind, subject, predicate, path, value, conditions in self._rules:
            if kind in kinds and all(wanted in said.get(prop, ()) for prop, wanted in conditions):
                predicates = said.get(path, ()) if path is not None else [predicate]
                for s, p, o in product(said.get(subject, ()), predicates, said.get(value, ())):
                    if p is not None and not self.is_literal(s):
                        yield s, p, o

    def _is_made(self, triple: tuple[T, T, T]) -> bool:
        s, p, o = triple
        for _, subject, predicate, path, value, _ in self._rules:
            if path is not None or predicate == p:
                # Either end may have any number of facts; the end with fewer decides how many are looked at.
                for pair in zip_longest(self.subjects(subject, s), self.subjects(value, o)):
                    if any(fact is not None and triple in self._shortcuts(fact) for fact in pair):
                        return True
                    if None in pair:
                        break
        return False

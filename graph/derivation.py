"""Which shortcuts follow from what is said of a fact, in the terms of one engine or of one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeAlias, TypeVar

from rdflib import URIRef
from rdflib.namespace import RDF

from ..ontology.rules import shortcut_rules

T = TypeVar("T")
"""A term as an engine has it."""

Triple: TypeAlias = tuple[T, T, T]


@dataclass(frozen=True)
class Rule(Generic[T]):
    """A shortcut rule: of a fact's values of `subject`, of `path` or else `predicate`, and of `value` it makes triples.

    A fact must have every one of the `conditions`, which are pairs of a property and a value.
    """

    fact_class: T
    subject: T
    predicate: T | None
    path: T | None
    value: T
    conditions: tuple[tuple[T, T], ...]


class Derivation(Generic[T]):
    """The packaged shortcut rules, spelled with the terms that `named` returns for IRIs."""

    def __init__(self, named: Callable[[URIRef], T], is_literal: Callable[[T], bool]) -> None:
        self._is_literal = is_literal
        self._type = named(RDF.type)
        self.rules = tuple(
            Rule(
                fact_class=named(rule.fact_class),
                subject=named(rule.subject_path),
                predicate=None if rule.predicate is None else named(rule.predicate),
                path=None if rule.predicate_path is None else named(rule.predicate_path),
                value=named(rule.object_path),
                conditions=tuple((named(path), named(value)) for path, value in rule.conditions),
            )
            for rule in shortcut_rules()
        )
        self._by_class: defaultdict[T, list[Rule[T]]] = defaultdict(list)
        for rule in self.rules:
            self._by_class[rule.fact_class].append(rule)

    @property
    def fact_classes(self) -> Collection[T]:
        """The classes whose facts can make shortcuts."""
        return self._by_class.keys()

    @property
    def properties(self) -> frozenset[T]:
        """The properties of facts that decide on shortcuts."""
        paths = {self._type}
        for rule in self.rules:
            paths.update(path for path in (rule.subject, rule.path, rule.value) if path is not None)
            paths.update(path for path, _ in rule.conditions)
        return frozenset(paths)

    def shortcuts(self, said: Mapping[T, Collection[T]]) -> Iterator[Triple[T]]:
        """Yield the shortcuts that a fact makes of which this is said: values by property. Some may come twice."""
        for kind in said.get(self._type, ()):
            for rule in self._by_class.get(kind, ()):
                if all(wanted in said.get(path, ()) for path, wanted in rule.conditions):
                    predicates = [rule.predicate] if rule.path is None else said.get(rule.path, ())
                    for s, p, o in product(said.get(rule.subject, ()), predicates, said.get(rule.value, ())):
                        # A triple has no literal for a subject.
                        if p is not None and not self._is_literal(s):
                            yield s, p, o

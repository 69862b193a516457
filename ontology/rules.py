"""The rules by which plain shortcut triples follow from facts, read from the packaged SHACL triple rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from .documents import vocabulary


@dataclass(frozen=True)
class ShortcutRule:
    """For a fact of `fact_class` that meets all `conditions`, the values of three of its properties make a triple.

    Of `predicate` and `predicate_path` one is set: the shortcut's predicate itself, or the fact's property that holds
    it. `conditions` are (property, value) pairs that the fact must have.
    """

    name: str
    fact_class: URIRef
    subject_path: URIRef
    predicate: URIRef | None
    predicate_path: URIRef | None
    object_path: URIRef
    conditions: tuple[tuple[URIRef, URIRef], ...]

    @property
    def shortcut_pattern(self) -> str:
        """The shortcut as a SPARQL triple pattern over ?s, ?p and ?o."""
        return f"?s {self.predicate.n3() if self.predicate else '?p'} ?o ."

    @property
    def fact_statements(self) -> tuple[str, ...]:
        """The statements that a fact must have to make it, as SPARQL triple patterns over ?fact, ?s, ?p and ?o."""
        ends = [f"?fact {self.subject_path.n3()} ?s", f"?fact {self.object_path.n3()} ?o"]
        named = [f"?fact {self.predicate_path.n3()} ?p"] if self.predicate_path else []
        met = [f"?fact {path.n3()} {value.n3()}" for path, value in self.conditions]
        return (f"?fact a {self.fact_class.n3()}", *ends, *named, *met)

    @property
    def fact_pattern(self) -> str:
        """The facts that make it, as a SPARQL graph pattern over ?fact, ?s, ?p and ?o."""
        # A triple has no literal for a subject; an engine that lets one pass would write what no other can read.
        return f"{' . '.join(self.fact_statements)} . FILTER(!isLiteral(?s))"


@cache
def shortcut_rules() -> tuple[ShortcutRule, ...]:
    """Return the packaged rules, sorted by name."""
    graph = vocabulary("rules")
    rules = [
        _rule(graph, rule, target)
        for shape, rule in graph.subject_objects(SH.rule)
        for target in graph.objects(shape, SH.targetClass)
    ]
    return tuple(sorted(rules, key=lambda rule: rule.name))


def _rule(graph: Graph, rule: Node, target: Node) -> ShortcutRule:
    predicate = graph.value(rule, SH.predicate)
    conditions = sorted(
        (URIRef(str(graph.value(constraint, SH.path))), URIRef(str(graph.value(constraint, SH.hasValue))))
        for condition in graph.objects(rule, SH.condition)
        for constraint in graph.objects(condition, SH.property)
    )
    return ShortcutRule(
        name=str(rule).partition("#")[2],
        fact_class=URIRef(str(target)),
        subject_path=_path(graph, rule, SH.subject),
        predicate=predicate if isinstance(predicate, URIRef) else None,
        predicate_path=None if isinstance(predicate, URIRef) else _path(graph, rule, SH.predicate),
        object_path=_path(graph, rule, SH.object),
        conditions=tuple(conditions),
    )


def _path(graph: Graph, rule: Node, end: URIRef) -> URIRef:
    return URIRef(str(graph.value(graph.value(rule, end), SH.path)))

"""A query's algebra, as rdflib translates it: its patterns, and what they bind and mention."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rdflib import URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import Identifier

Triple = tuple[Any, Any, Any]


def patterns(node: Any) -> list[Triple]:
    """Return the triple patterns in a part of a query's algebra, those in filters included."""
    return [triple for each in nodes(node) if each.name == "BGP" for triple in each.triples]


def patterns_outside(node: Any) -> list[Triple]:
    """Return the triple patterns that bind in a part of a query's algebra."""
    return [triple for each in outside_filters(node) if each.name == "BGP" for triple in each.triples]


def written(triple: Triple, namespaces: Callable[[URIRef], str]) -> str:
    """Return a pattern as one would write it."""
    return " ".join(_term(term, namespaces) for term in triple)


def _term(term: Any, namespaces: Callable[[URIRef], str]) -> str:
    if isinstance(term, Path):
        return str(term.n3())
    if isinstance(term, Variable):
        return f"?{term}"
    return namespaces(term) if isinstance(term, URIRef) else str(term.n3())


def nodes(value: Any) -> Iterator[CompValue]:
    """Yield every node of a part of the algebra, those in filters included, from the outside in."""
    if isinstance(value, CompValue):
        yield value
        for name, each in _items(value):
            if not name.startswith("_") and name not in ("PV", "datasetClause"):
                yield from nodes(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from nodes(each)


def _items(value: CompValue) -> Iterator[tuple[str, Any]]:
    """What a node holds. Of EXISTS, rdflib keeps the pattern as it was parsed, and the algebra as an attribute."""
    for name, each in value.items():
        yield name, (value.graph if name == "graph" and value.name.endswith("EXISTS") else each)


def outside_filters(value: Any) -> Iterator[CompValue]:
    """Yield the nodes of the patterns that bind: not those within filters, nor on the side that MINUS takes away."""
    if isinstance(value, CompValue) and not isinstance(value, Expr):
        yield value
        for name in ("p", "p1", "p2"):
            if name in value and not (value.name == "Minus" and name == "p2"):
                yield from outside_filters(value[name])


def certain(node: Any) -> set[Variable]:
    """Return the variables that every solution of a pattern binds."""
    if not isinstance(node, CompValue):
        return set()
    if node.name == "BGP":
        return {term for triple in node.triples for term in triple if isinstance(term, Variable)}
    if node.name == "Join":
        return certain(node.p1) | certain(node.p2)
    if node.name in ("LeftJoin", "Minus"):
        return certain(node.p1)
    if node.name == "Union":
        return certain(node.p1) & certain(node.p2)
    if node.name in ("Filter", "Distinct", "Reduced", "OrderBy", "Slice", "Extend", "Graph", "Project"):
        inner = certain(node.p)
        return inner & set(node.PV) if node.name == "Project" else inner
    if node.name == "values":
        return {v for v in (node.res[0] if node.res else {}) if all(isinstance(r.get(v), Identifier) for r in node.res)}
    return certain(node.p) if node.name in ("ToMultiSet", "AggregateJoin") else set()


def mentioned(node: Any) -> set[Variable]:
    """Return the variables that a part has anywhere."""
    if isinstance(node, Variable):
        return {node}
    if isinstance(node, CompValue):
        return {v for name, each in _items(node) if not name.startswith("_") for v in mentioned(each)}
    if isinstance(node, list | tuple | set):
        return {v for each in node for v in mentioned(each)}
    return {v for v in node if isinstance(v, Variable)} if isinstance(node, dict) else set()


def conjuncts(expr: Any) -> Iterator[Any]:
    """Yield the conditions of which all have to be true for the whole to be."""
    if isinstance(expr, CompValue) and expr.name == "ConditionalAndExpression":
        for each in (expr.expr, *expr.other):
            yield from conjuncts(each)
    else:
        yield expr


def is_plain(node: CompValue) -> bool:
    """Return whether a pattern has nothing in it but triples, joins and filters on what these bind."""
    inside = [each for each in nodes(node) if not isinstance(each, Expr)]
    plain = all(each.name in ("BGP", "Join", "Filter") for each in inside)
    filters = [each for each in inside if each.name == "Filter"]
    nested = any(each.name.startswith("Builtin_") and each.name.endswith("EXISTS") for each in nodes(node))
    return plain and not nested and all(mentioned(each.expr) <= certain(each.p) for each in filters)


def components(triples: list[Triple]) -> list[set[Variable]]:
    """Return the variables of the patterns that are joined with one another."""
    groups: list[set[Variable]] = []
    for triple in triples:
        own = {term for term in triple if isinstance(term, Variable)}
        if not own:
            continue
        joined = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own] + [own.union(*joined)]
    return groups

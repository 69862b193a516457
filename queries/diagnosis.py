"""What in a query calls for an advice: read off its algebra, and the number of matches of its patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from rdflib import URIRef, Variable
from rdflib.namespace import RDFS, SKOS
from rdflib.paths import MulPath, Path
from rdflib.plugins.sparql.parserutils import CompValue, Expr

from .advice import (
    DISTINCT_FIRST,
    FIND,
    JOINED,
    MINUS,
    NOT_EXISTS,
    PATH,
    SAME_VARIABLE,
    TERM,
    UNORDERED,
    Advice,
)
from .algebra import (
    Triple,
    certain,
    components,
    conjuncts,
    is_plain,
    mentioned,
    nodes,
    outside_filters,
    patterns,
    patterns_outside,
)

Count = Callable[[Triple], int]

LARGE: Final = 10_000
"""From how many rows on something is large."""
SMALL: Final = 100
"""Up to how many rows something is small."""

_LABELS: Final = frozenset((SKOS.prefLabel, SKOS.altLabel, RDFS.label))


@dataclass(frozen=True)
class Finding:
    """Where a query calls for an advice: what was seen, in the query's own words."""

    advice: Advice
    seen: str


def findings(algebra: CompValue, count: Count) -> list[Finding]:
    """Return what calls for an advice in a query's algebra, as rdflib translates it; `count` counts a pattern."""
    found: list[Finding] = []
    for node in nodes(algebra):
        if node.name == "Filter":
            found += [*_filters(node, count)]
        elif node.name == "Minus":
            found += [*_minus(node, count)]
        elif node.name == "BGP":
            found += [*_paths(node, algebra)]
        elif node.name == "Distinct" or (node.name == "AggregateJoin" and _counts_distinct(node)):
            found += [*_self_joins(node, count)]
        elif node.name == "OrderBy":
            found += [*_order(node, algebra, count)]
    found += [*_apart(algebra, count)]
    return list(dict.fromkeys(found))


def _filters(node: CompValue, count: Count) -> Iterator[Finding]:
    for each in conjuncts(node.expr):
        if not isinstance(each, CompValue):
            continue
        if each.name == "Builtin_NOTEXISTS" and "graph" in each:
            # rdflib leaves what is in a filter as it was parsed.
            inner = each.graph
            shared = mentioned(inner) & mentioned(node.p)
            equivalent = is_plain(inner) and shared and shared <= certain(inner) & certain(node.p)
            if equivalent and len(patterns(inner)) > 1 and _least(node.p, count) > SMALL:
                yield Finding(MINUS, f"FILTER NOT EXISTS with {len(patterns(inner))} patterns")
        elif each.name == "RelationalExpression" and each.op == "=":
            yield from _equal(each.expr, each.other, node, count)
        else:
            yield from _name_filter(each, node, count)


def _equal(left: Any, right: Any, node: CompValue, count: Count) -> Iterator[Finding]:
    if isinstance(right, Variable) and isinstance(left, URIRef):
        left, right = right, left
    if not isinstance(left, Variable) or left not in certain(node.p):
        return
    own = [triple for triple in patterns_outside(node.p) if left in triple]
    if isinstance(right, URIRef):
        path = any(isinstance(triple[1], MulPath) for triple in own)
        if path or any(count(triple) > SMALL for triple in own):
            yield Finding(PATH if path else TERM, f"FILTER(?{left} = …) for one entity")
    elif isinstance(right, Variable) and right in certain(node.p):
        groups = components(patterns_outside(node.p))
        if not any(left in variables and right in variables for variables in groups):
            yield Finding(SAME_VARIABLE, f"FILTER(?{left} = ?{right}) is all that joins two parts")


def _name_filter(expr: CompValue, node: CompValue, count: Count) -> Iterator[Finding]:
    asked = {"Builtin_CONTAINS", "Builtin_REGEX", "Builtin_STRSTARTS", "Builtin_STRENDS"}
    if not any(each.name in asked for each in nodes(expr)):
        return
    for triple in patterns_outside(node.p):
        predicates = set(triple[1].args) if isinstance(triple[1], Path) and hasattr(triple[1], "args") else {triple[1]}
        if predicates & _LABELS and triple[2] in mentioned(expr) and isinstance(triple[0], Variable):
            yield Finding(FIND, f"a filter on parts of the name ?{triple[2]}")


def _minus(node: CompValue, count: Count) -> Iterator[Finding]:
    taken = patterns(node.p2)
    shared = certain(node.p1) & certain(node.p2)
    rows = _few(node.p1, count)
    is_whole = mentioned(node.p1) & mentioned(node.p2) == shared
    if len(taken) == 1 and is_plain(node.p2) and shared and is_whole and rows <= SMALL and count(taken[0]) > LARGE:
        yield Finding(NOT_EXISTS, f"MINUS finds {count(taken[0]):,} to take from at most {rows:,}")


def _few(node: CompValue, count: Count) -> int:
    """At most how many rows a pattern has, as far as that is easily known: those of VALUES, or of one pattern."""
    values = [len(each.res) for each in outside_filters(node) if isinstance(each.get("res"), list)]
    triples = patterns_outside(node)
    return min([*values, *([count(triples[0])] if len(triples) == 1 else [])], default=LARGE)


def _least(node: CompValue, count: Count) -> int:
    """How many matches the rarest pattern has: about as many rows there are at least to look at."""
    return min((count(triple) for triple in patterns_outside(node)), default=0)


def _paths(node: CompValue, algebra: CompValue) -> Iterator[Finding]:
    rest = patterns_outside(algebra)
    fixed = {term for each in nodes(algebra) if isinstance(each.get("res"), list) for row in each.res for term in row}
    for triple in node.triples:
        if not isinstance(triple[1], MulPath) or triple[1].mod not in ("+", "*"):
            continue
        ends = [end for end in (triple[0], triple[2]) if isinstance(end, Variable) and end not in fixed]
        others = {term for other in rest if other is not triple for term in other}
        if len(ends) == 2 and not any(end in others for end in ends):
            yield Finding(PATH, f"?{ends[0]} and ?{ends[1]} are joined by a path of any length, and by nothing else")


def _self_joins(node: CompValue, count: Count) -> Iterator[Finding]:
    triples = patterns_outside(node.p)
    by_subject: dict[Any, frozenset[Any]] = {}
    for triple in triples:
        by_subject[triple[0]] = by_subject.get(triple[0], frozenset()) | {str(triple[1])}
    for one, other in combinations(by_subject, 2):
        if by_subject[one] != by_subject[other] or len(by_subject[one]) < 2:
            continue
        ends = [{triple[2] for triple in triples if triple[0] == subject} for subject in (one, other)]
        if (ends[0] & ends[1]) and ends[0] != ends[1] and all(isinstance(s, Variable) for s in (one, other)):
            size = min(count(triple) for triple in triples if triple[0] == one)
            if size > SMALL:
                yield Finding(DISTINCT_FIRST, f"the patterns of ?{one} and of ?{other} are the same, {size:,} matches")


def _counts_distinct(node: CompValue) -> bool:
    return any(each.get("distinct") == "DISTINCT" for each in node.A)


def _order(node: CompValue, algebra: CompValue, count: Count) -> Iterator[Finding]:
    if any(each.name == "Slice" for each in nodes(algebra)) or any(each.name == "Group" for each in nodes(node)):
        return
    if _least(node.p, count) > LARGE:
        yield Finding(UNORDERED, "ORDER BY without a LIMIT over a large answer")


def _apart(algebra: CompValue, count: Count) -> Iterator[Finding]:
    """Parts of the whole pattern that no variable joins, where both are large."""
    for node in nodes(algebra):
        if node.name not in ("Join", "BGP") or isinstance(node, Expr):
            continue
        groups = components(patterns_outside(node))
        sizes = [min(count(t) for t in patterns_outside(node) if variables & set(t)) for variables in groups]
        if len(groups) > 1 and sorted(sizes)[-2] > SMALL and not _is_equated(algebra, groups):
            product = " × ".join(f"{size:,}" for size in sizes)
            yield Finding(JOINED, f"{len(groups)} parts share no variable: about {product} rows")
            return


def _is_equated(algebra: CompValue, groups: list[set[Variable]]) -> bool:
    """Whether a filter or an expression uses variables of two of the parts: then they belong together."""
    for node in nodes(algebra):
        if node.name == "Filter" or node.name == "Extend":
            used = mentioned(node.expr)
            if sum(bool(used & group) for group in groups) > 1:
                return True
    return False

"""How slow queries are better written: each advice with what calls for it, and an example that has the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rdflib import URIRef, Variable
from rdflib.namespace import RDFS, SKOS
from rdflib.paths import MulPath, Path
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import Identifier

Triple = tuple[Any, Any, Any]
Count = Callable[[Triple], int]

LARGE: Final = 10_000
"""From how many rows on something is large."""
SMALL: Final = 100
"""Up to how many rows something is small."""

_LABELS: Final = frozenset((SKOS.prefLabel, SKOS.altLabel, RDFS.label))


@dataclass(frozen=True)
class Advice:
    """One way to write queries better; `before` and `after` are whole queries with the same answer."""

    name: str
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Finding:
    """Where a query calls for an advice: what was seen, in the query's own words."""

    advice: Advice
    seen: str


MINUS: Final = Advice(
    "minus",
    "FILTER NOT EXISTS is tried for each row by itself, and its own patterns are joined anew each time. MINUS finds "
    "them once. Where both share variables that are always bound, they leave the same rows.",
    "SELECT ?person WHERE { ?person a dg:Person "
    "FILTER NOT EXISTS { ?tenure dg:person ?person ; a dg:Tenure ; dg:from ?from } }",
    "SELECT ?person WHERE { ?person a dg:Person MINUS { ?tenure dg:person ?person ; a dg:Tenure ; dg:from ?from } }",
)
NOT_EXISTS: Final = Advice(
    "not-exists",
    "MINUS finds all that it takes away, however few rows there are to take it from. For a few rows and one pattern, "
    "FILTER NOT EXISTS looks up each.",
    "SELECT ?post WHERE { VALUES ?post { post:a post:b } MINUS { ?tenure dg:post ?post } }",
    "SELECT ?post WHERE { VALUES ?post { post:a post:b } FILTER NOT EXISTS { ?tenure dg:post ?post } }",
)
SAME_VARIABLE: Final = Advice(
    "same-variable",
    "Parts that share no variable are combined each with each, and the filter sorts out afterwards. Where it asks that "
    "two entities are the same, write the same variable, and they are joined.",
    "SELECT ?a ?b WHERE { ?one dg:person ?a ; dg:post ?post . ?other dg:person ?b ; dg:post ?held "
    "FILTER(?post = ?held) }",
    "SELECT ?a ?b WHERE { ?one dg:person ?a ; dg:post ?post . ?other dg:person ?b ; dg:post ?post }",
)
JOINED: Final = Advice(
    "joined",
    "Parts that share no variable are combined each with each. Where one of them is only to be there at all, ask that "
    "with EXISTS; else join them by a variable, or ask two queries.",
    "SELECT DISTINCT ?person WHERE { ?person a dg:Person . ?tenure dg:post ?post }",
    "SELECT DISTINCT ?person WHERE { ?person a dg:Person FILTER EXISTS { ?tenure dg:post ?post } }",
)
TERM: Final = Advice(
    "term",
    "A filter for one entity is tried on every row. In the pattern itself, the engine looks it up.",
    "SELECT ?person WHERE { ?tenure dg:person ?person ; dg:post ?post FILTER(?post = post:a) }",
    "SELECT ?person WHERE { ?tenure dg:person ?person ; dg:post post:a }",
)
DISTINCT_FIRST: Final = Advice(
    "distinct-first",
    "The same pattern is joined with itself, and doubles are taken out only afterwards. A SELECT DISTINCT within takes "
    "them out before they multiply. For networks of who met whom, `diplograph network --of` is faster still.",
    "SELECT ?a ?b (COUNT(DISTINCT ?event) AS ?times) WHERE { ?one dg:agent ?a ; dg:event ?event . "
    "?other dg:agent ?b ; dg:event ?event } GROUP BY ?a ?b",
    "SELECT ?a ?b (COUNT(*) AS ?times) WHERE { { SELECT DISTINCT ?a ?event { ?one dg:agent ?a ; dg:event ?event } } "
    "{ SELECT DISTINCT ?b ?event { ?other dg:agent ?b ; dg:event ?event } } } GROUP BY ?a ?b",
)
PATH: Final = Advice(
    "path",
    "A path of any length between two unknown ends is followed from everything there is. Say where it begins or ends "
    "within the same pattern.",
    "SELECT ?part WHERE { ?part dg:partOf+ ?whole FILTER(?whole = organization:a) }",
    "SELECT ?part WHERE { ?part dg:partOf+ organization:a }",
)
UNORDERED: Final = Advice(
    "unordered",
    "Nothing of the answer can be told before all of it has been found and sorted. Where the order does not matter, "
    "leave ORDER BY away; where only the first rows do, add a LIMIT.",
    "SELECT ?fact ?date WHERE { ?fact dg:date ?date } ORDER BY ?date",
    "SELECT ?fact ?date WHERE { ?fact dg:date ?date }",
)
FIND: Final = Advice(
    "find",
    "A filter on parts of names reads every name there is. `diplograph find` has an index of them: find the entity "
    "there, and name it in VALUES.",
    "SELECT DISTINCT ?who WHERE { ?who skos:prefLabel|skos:altLabel ?name "
    'FILTER(CONTAINS(LCASE(STR(?name)), "NAME")) }',
    "SELECT DISTINCT ?who WHERE { VALUES ?who { ENTITIES } ?who skos:prefLabel|skos:altLabel ?name "
    'FILTER(CONTAINS(LCASE(STR(?name)), "NAME")) }',
)

ALL: Final = (MINUS, NOT_EXISTS, SAME_VARIABLE, JOINED, TERM, DISTINCT_FIRST, PATH, UNORDERED, FIND)
"""Every advice there is."""


def findings(algebra: CompValue, count: Count) -> list[Finding]:
    """Return what calls for an advice in a query's algebra, as rdflib translates it; `count` counts a pattern."""
    found: list[Finding] = []
    for node in _nodes(algebra):
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


def patterns(node: Any) -> list[Triple]:
    """Return the triple patterns in a part of a query's algebra, those in filters included."""
    return [triple for each in _nodes(node) if each.name == "BGP" for triple in each.triples]


def written(triple: Triple, namespaces: Callable[[URIRef], str]) -> str:
    """Return a pattern as one would write it."""
    return " ".join(_term(term, namespaces) for term in triple)


def _term(term: Any, namespaces: Callable[[URIRef], str]) -> str:
    if isinstance(term, Path):
        return str(term.n3())
    if isinstance(term, Variable):
        return f"?{term}"
    return namespaces(term) if isinstance(term, URIRef) else str(term.n3())


def _nodes(value: Any) -> Iterator[CompValue]:
    if isinstance(value, CompValue):
        yield value
        for name, each in _items(value):
            if not name.startswith("_") and name not in ("PV", "datasetClause"):
                yield from _nodes(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _nodes(each)


def _items(value: CompValue) -> Iterator[tuple[str, Any]]:
    """What a node holds. Of EXISTS, rdflib keeps the pattern as it was parsed, and the algebra as an attribute."""
    for name, each in value.items():
        yield name, (value.graph if name == "graph" and value.name.endswith("EXISTS") else each)


def _outside_filters(value: Any) -> Iterator[CompValue]:
    """The nodes of the patterns that bind: not those within filters, nor on the side that MINUS takes away."""
    if isinstance(value, CompValue) and not isinstance(value, Expr):
        yield value
        for name in ("p", "p1", "p2"):
            if name in value and not (value.name == "Minus" and name == "p2"):
                yield from _outside_filters(value[name])


def _certain(node: Any) -> set[Variable]:
    """The variables that every solution of a pattern binds."""
    if not isinstance(node, CompValue):
        return set()
    if node.name == "BGP":
        return {term for triple in node.triples for term in triple if isinstance(term, Variable)}
    if node.name in ("Join",):
        return _certain(node.p1) | _certain(node.p2)
    if node.name in ("LeftJoin", "Minus"):
        return _certain(node.p1)
    if node.name == "Union":
        return _certain(node.p1) & _certain(node.p2)
    if node.name in ("Filter", "Distinct", "Reduced", "OrderBy", "Slice", "Extend", "Graph", "Project"):
        inner = _certain(node.p)
        return inner & set(node.PV) if node.name == "Project" else inner
    if node.name == "values":
        return {v for v in (node.res[0] if node.res else {}) if all(isinstance(r.get(v), Identifier) for r in node.res)}
    return _certain(node.p) if node.name in ("ToMultiSet", "AggregateJoin") else set()


def _mentioned(node: Any) -> set[Variable]:
    if isinstance(node, Variable):
        return {node}
    if isinstance(node, CompValue):
        return {v for name, each in _items(node) if not name.startswith("_") for v in _mentioned(each)}
    if isinstance(node, list | tuple | set):
        return {v for each in node for v in _mentioned(each)}
    return {v for v in node if isinstance(v, Variable)} if isinstance(node, dict) else set()


def _conjuncts(expr: Any) -> Iterator[Any]:
    if isinstance(expr, CompValue) and expr.name == "ConditionalAndExpression":
        for each in (expr.expr, *expr.other):
            yield from _conjuncts(each)
    else:
        yield expr


def _is_plain(node: CompValue) -> bool:
    """Whether a pattern has nothing in it but triples, joins and filters on what these bind."""
    inside = [each for each in _nodes(node) if not isinstance(each, Expr)]
    plain = all(each.name in ("BGP", "Join", "Filter") for each in inside)
    filters = [each for each in inside if each.name == "Filter"]
    nested = any(each.name.startswith("Builtin_") and each.name.endswith("EXISTS") for each in _nodes(node))
    return plain and not nested and all(_mentioned(each.expr) <= _certain(each.p) for each in filters)


def _filters(node: CompValue, count: Count) -> Iterator[Finding]:
    for each in _conjuncts(node.expr):
        if not isinstance(each, CompValue):
            continue
        if each.name == "Builtin_NOTEXISTS" and "graph" in each:
            # rdflib leaves what is in a filter as it was parsed.
            inner = each.graph
            shared = _mentioned(inner) & _mentioned(node.p)
            equivalent = _is_plain(inner) and shared and shared <= _certain(inner) & _certain(node.p)
            if equivalent and len(patterns(inner)) > 1 and _least(node.p, count) > SMALL:
                yield Finding(MINUS, f"FILTER NOT EXISTS with {len(patterns(inner))} patterns")
        elif each.name == "RelationalExpression" and each.op == "=":
            yield from _equal(each.expr, each.other, node, count)
        else:
            yield from _name_filter(each, node, count)


def _equal(left: Any, right: Any, node: CompValue, count: Count) -> Iterator[Finding]:
    if isinstance(right, Variable) and isinstance(left, URIRef):
        left, right = right, left
    if not isinstance(left, Variable) or left not in _certain(node.p):
        return
    own = [triple for triple in patterns_outside(node.p) if left in triple]
    if isinstance(right, URIRef):
        path = any(isinstance(triple[1], MulPath) for triple in own)
        if path or any(count(triple) > SMALL for triple in own):
            yield Finding(PATH if path else TERM, f"FILTER(?{left} = …) for one entity")
    elif isinstance(right, Variable) and right in _certain(node.p):
        groups = _components(patterns_outside(node.p))
        if not any(left in variables and right in variables for variables in groups):
            yield Finding(SAME_VARIABLE, f"FILTER(?{left} = ?{right}) is all that joins two parts")


def _name_filter(expr: CompValue, node: CompValue, count: Count) -> Iterator[Finding]:
    asked = {"Builtin_CONTAINS", "Builtin_REGEX", "Builtin_STRSTARTS", "Builtin_STRENDS"}
    if not any(each.name in asked for each in _nodes(expr)):
        return
    for triple in patterns_outside(node.p):
        predicates = set(triple[1].args) if isinstance(triple[1], Path) and hasattr(triple[1], "args") else {triple[1]}
        if predicates & _LABELS and triple[2] in _mentioned(expr) and isinstance(triple[0], Variable):
            yield Finding(FIND, f"a filter on parts of the name ?{triple[2]}")


def _minus(node: CompValue, count: Count) -> Iterator[Finding]:
    taken = patterns(node.p2)
    shared = _certain(node.p1) & _certain(node.p2)
    rows = _few(node.p1, count)
    is_whole = _mentioned(node.p1) & _mentioned(node.p2) == shared
    if len(taken) == 1 and _is_plain(node.p2) and shared and is_whole and rows <= SMALL and count(taken[0]) > LARGE:
        yield Finding(NOT_EXISTS, f"MINUS finds {count(taken[0]):,} to take from at most {rows:,}")


def _few(node: CompValue, count: Count) -> int:
    """At most how many rows a pattern has, as far as that is easily known: those of VALUES, or of one pattern."""
    values = [len(each.res) for each in _outside_filters(node) if isinstance(each.get("res"), list)]
    triples = patterns_outside(node)
    return min([*values, *([count(triples[0])] if len(triples) == 1 else [])], default=LARGE)


def _least(node: CompValue, count: Count) -> int:
    """How many matches the rarest pattern has: about as many rows there are at least to look at."""
    return min((count(triple) for triple in patterns_outside(node)), default=0)


def patterns_outside(node: Any) -> list[Triple]:
    """Return the triple patterns that bind in a part of a query's algebra."""
    return [triple for each in _outside_filters(node) if each.name == "BGP" for triple in each.triples]


def _paths(node: CompValue, algebra: CompValue) -> Iterator[Finding]:
    rest = patterns_outside(algebra)
    fixed = {term for each in _nodes(algebra) if isinstance(each.get("res"), list) for row in each.res for term in row}
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
    for one, other in _pairs(list(by_subject)):
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
    if any(each.name == "Slice" for each in _nodes(algebra)) or any(each.name == "Group" for each in _nodes(node)):
        return
    if _least(node.p, count) > LARGE:
        yield Finding(UNORDERED, "ORDER BY without a LIMIT over a large answer")


def _apart(algebra: CompValue, count: Count) -> Iterator[Finding]:
    """Parts of the whole pattern that no variable joins, where both are large."""
    for node in _nodes(algebra):
        if node.name not in ("Join", "BGP") or isinstance(node, Expr):
            continue
        groups = _components(patterns_outside(node))
        sizes = [min(count(t) for t in patterns_outside(node) if variables & set(t)) for variables in groups]
        if len(groups) > 1 and sorted(sizes)[-2] > SMALL and not _is_equated(algebra, groups):
            product = " × ".join(f"{size:,}" for size in sizes)
            yield Finding(JOINED, f"{len(groups)} parts share no variable: about {product} rows")
            return


def _is_equated(algebra: CompValue, groups: list[set[Variable]]) -> bool:
    """Whether a filter or an expression uses variables of two of the parts: then they belong together."""
    for node in _nodes(algebra):
        if node.name == "Filter" or node.name == "Extend":
            used = _mentioned(node.expr)
            if sum(bool(used & group) for group in groups) > 1:
                return True
    return False


def _components(triples: list[Triple]) -> list[set[Variable]]:
    """The variables of the patterns that are joined with one another."""
    groups: list[set[Variable]] = []
    for triple in triples:
        own = {term for term in triple if isinstance(term, Variable)}
        if not own:
            continue
        joined = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own] + [own.union(*joined)]
    return groups


def _pairs(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    for at, one in enumerate(items):
        for other in items[at + 1 :]:
            yield one, other

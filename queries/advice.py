"""How slow queries are better written: each advice in words, with an example that has the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Advice:
    """One way to write queries better; `before` and `after` are whole queries with the same answer."""

    name: str
    text: str
    before: str
    after: str


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

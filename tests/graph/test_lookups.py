"""Lookups: what is one, held against rdflib's parser, and that their answers are those of the engine, if not long."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyparsing import ParseException
from rdflib import Graph, URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from diplograph.errors import DiplographError
from diplograph.graph.guarding import checked_query, dataset_of
from diplograph.graph.lookups import MOST_BYTES, is_lookup
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import Store
from diplograph.ontology.namespaces import PREFIXES

DOCUMENT = URIRef("http://example.org/document")
FEW, MANY = 7, 5000


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?p ?o WHERE { <http://example.org/s> ?p ?o }",
        "select * { ?s a dg:State . } LIMIT 10",
        "ASK{ $s dg:party <urn:x> }#and nothing else",
        "\n\tSELECT ?other WHERE {\n  ?s ?p ?o\n}\n",
    ],
)
def test_one_pattern_is_a_lookup(sparql: str) -> None:
    assert is_lookup(sparql, PREFIXES)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT DISTINCT ?p WHERE { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?s }",
        "SELECT ?s { ?s ?p $s }",
        "SELECT ?s { ?s <urn:a>/<urn:b> ?o }",
        "SELECT ?s { ?s <urn:a>* ?o }",
        "SELECT ?s { ?s ?p ?o . ?o ?q ?r }",
        "SELECT ?s { ?s ?p ?o FILTER(?o = 1) }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?s FROM <urn:g> { ?s ?p ?o }",
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } OFFSET 1000000",
        "SELECT ?s { ?s <relative> ?o }",
        "SELECT ?s { ?s unknown:p ?o }",
        "SELECT ?s { ?s ?p ?o } # \\u000a ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } # \n ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } # \r ORDER BY ?s",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DESCRIBE <urn:x>",
        "",
    ],
)
def test_whatever_has_more_in_it_is_none(sparql: str) -> None:
    assert not is_lookup(sparql, PREFIXES)


WORDS = st.sampled_from(
    ["SELECT", "ASK", "WHERE", "DISTINCT", "LIMIT", "FILTER", "GRAPH", "?s", "?p", "$s", "<urn:x>", "<x>", "a", "dg:",
     "rdf:type", "*", "{", "}", ".", ";", ",", "/", "^", "(", ")", "#", "\n", " ", "", "10", '"x"', "_:b", "UNION",
     "FROM", "SERVICE", "\\u003F"]
)  # fmt: skip
TERMS = st.sampled_from(["?s", "?p", "?o", "$v", "<urn:x>", "dg:State", "a", "rdf:type"])
CHOSEN = st.sampled_from(["SELECT *", "SELECT ?s", "select $s ?o WHERE", "ASK"])


@st.composite
def nearly_lookups(draw: st.DrawFn) -> str:
    """Lookups, and what becomes of them with one word too many, or in the place of another."""
    words = [draw(CHOSEN), "{", draw(TERMS), draw(TERMS), draw(TERMS), "}", draw(st.sampled_from(["", "#", "LIMIT 3"]))]
    place = draw(st.integers(0, len(words)))
    words[place : place + draw(st.integers(0, 1))] = draw(st.lists(WORDS, max_size=1))
    return " ".join(words)


@given(nearly_lookups())
def test_what_is_taken_for_a_lookup_is_one_pattern_to_another_parser(sparql: str) -> None:
    assume(is_lookup(sparql, PREFIXES))
    try:
        prepared = prepareQuery(sparql, initNs=PREFIXES)
    except ParseException:
        # It may be no query at all: then the engine refuses it, too.
        with OxigraphStore() as store, pytest.raises(DiplographError):
            store.view().query(sparql, PREFIXES)
        return
    node = prepared.algebra
    while isinstance(node, CompValue) and node.name in ("SelectQuery", "AskQuery", "Project", "Slice", "ToMultiSet"):
        node = node.p
    assert node.name == "BGP"
    [triple] = node.triples
    variables = [term for term in triple if isinstance(term, Variable)]
    assert len(variables) == len(set(variables))
    # And nothing in it would be refused, or asks for other graphs.
    assert checked_query(sparql, tuple, PREFIXES) == sparql
    assert dataset_of(sparql, PREFIXES) is None


@pytest.fixture(scope="module")
def store() -> Store:
    """A subject with few statements, one with many, and one with a long one."""
    lines = [f"<urn:few> <urn:p{number}> <urn:o> .\n" for number in range(FEW)]
    lines += [f"<urn:many> <urn:p> <urn:o{number}> .\n" for number in range(MANY)]
    lines.append(f'<urn:long> <urn:p> "{"x" * MOST_BYTES}" .\n')
    made = OxigraphStore()
    with made.writing() as writer:
        writer.put(DOCUMENT, "".join(lines).encode())
    return made


@pytest.mark.parametrize("syntax", ["json", "xml", "csv", "tsv"])
def test_the_answer_is_the_engines_own(store: Store, syntax: str) -> None:
    for sparql in ("SELECT ?p ?o { <urn:few> ?p ?o }", "ASK { <urn:many> ?p ?o }", "SELECT * { <urn:none> ?p ?o }"):
        found = store.view().looked_up(sparql, syntax, PREFIXES)  # type: ignore[arg-type]
        assert found == store.view().serialized(sparql, syntax, PREFIXES)  # type: ignore[arg-type]


def test_what_is_long_or_no_lookup_is_left_to_others(store: Store) -> None:
    view = store.view()
    assert view.looked_up("SELECT ?o { <urn:many> ?p ?o }", "json", PREFIXES) is None
    assert view.looked_up("SELECT ?o { <urn:long> ?p ?o }", "json", PREFIXES) is None
    assert view.looked_up("SELECT * { ?s ?p ?o } ORDER BY ?s", "json", PREFIXES) is None
    assert view.looked_up("SELECT ?x ?x { ?x ?p ?o }", "json", PREFIXES) is None
    some = view.looked_up("SELECT ?o { <urn:many> ?p ?o } LIMIT 3", "json", PREFIXES)
    assert some is not None
    assert len(json.loads(some)["results"]["bindings"]) == 3


def test_other_engines_have_none() -> None:
    from diplograph.graph.memory import MemoryStore

    assert MemoryStore(Graph()).view().looked_up("SELECT * { ?s ?p ?o }", "json", PREFIXES) is None

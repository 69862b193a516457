"""Lookups: what is one, held against rdflib's parser, and that their answers are those of the engine, if not long."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyparsing import ParseException
from rdflib import Graph, URIRef, Variable
from rdflib.namespace import XSD
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from diplograph.errors import DiplographError
from diplograph.graph.guarding import checked_query, dataset_of
from diplograph.graph.lookups import MOST_CHARACTERS, MOST_ROWS, lookup
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.oxigraph.lookup import looked_up
from diplograph.graph.store import Store
from diplograph.ontology.namespaces import PREFIXES

DOCUMENT = URIRef("http://example.org/document")


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
    assert lookup(sparql, PREFIXES)


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
        "SELECT ?s ?s { ?s ?p ?o }",
        "SELECT ?s { a ?p ?s }",
        "SELECT ?s { ?s ?p ?o } # \\u000a ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } # \n ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } # \r ORDER BY ?s",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DESCRIBE <urn:x>",
        "",
    ],
)
def test_whatever_has_more_in_it_is_none(sparql: str) -> None:
    assert lookup(sparql, PREFIXES) is None


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
    assume(lookup(sparql, PREFIXES))
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
    found = lookup(sparql, PREFIXES)
    assert found is not None
    terms = zip(found.pattern, found.variables, strict=True)
    assert triple == tuple(Variable(name) if iri is None else URIRef(iri) for iri, name in terms)
    # And nothing in it would be refused, or asks for other graphs.
    assert checked_query(sparql, tuple, PREFIXES) == sparql
    assert dataset_of(sparql, PREFIXES) is None


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.one_of(
    st.sampled_from(
        [ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("http://example.org/é"), ox.BlankNode("b")]
    ),
    TEXTS.map(ox.Literal),
    st.builds(ox.Literal, TEXTS, language=st.sampled_from(["en", "de-AT"])),
    st.builds(ox.Literal, TEXTS, datatype=st.sampled_from([ox.NamedNode("urn:type"), ox.NamedNode(str(XSD.string))])),
)
SUBJECTS = st.sampled_from([ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.BlankNode("b")])
PREDICATES = st.sampled_from([ox.NamedNode("urn:p"), ox.NamedNode("urn:q")])
SOUGHT = st.sampled_from(["<urn:a>", "<urn:b>", "<urn:p>", "<urn:none>", "?x", "?y", "$z", "state:AZE"])
ASKED = st.sampled_from(["SELECT *", "SELECT ?x", "SELECT ?y ?x ?w", "SELECT $z ?x", "ASK"])
ENDS = st.sampled_from(["", "#", "LIMIT 1", "LIMIT 0", "LIMIT 100"])


@given(
    st.lists(st.tuples(SUBJECTS, PREDICATES, VALUES), max_size=8),
    st.builds("{0} WHERE {{ {1} {2} {3} }} {4}".format, ASKED, SOUGHT, SOUGHT, SOUGHT, ENDS),
)
def test_an_answer_is_what_the_engine_writes(
    triples: list[tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]],
    sparql: str,
) -> None:
    asked = lookup(sparql, PREFIXES)
    assume(asked is not None)
    assert asked is not None
    engine = ox.Store()
    engine.extend(ox.Quad(*triple, ox.DefaultGraph()) for triple in triples)
    answer = engine.query(sparql, prefixes=PREFIXES)
    assert not isinstance(answer, ox.QueryTriples)
    written = json.loads(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")
    found = json.loads(looked_up(engine, asked) or b"")
    assert found["head"] == written["head"]
    if "boolean" in written:
        assert found == written
    elif "LIMIT 1" in sparql and "100" not in sparql:
        # Any one will do: an engine in memory has no order.
        assert len(found["results"]["bindings"]) == len(written["results"]["bindings"])
    else:
        rows = [sorted(map(json.dumps, each["results"]["bindings"])) for each in (found, written)]
        assert rows[0] == rows[1]


def stored(lines: str) -> Store:
    made = OxigraphStore()
    with made.writing() as writer:
        writer.put(DOCUMENT, lines.encode())
    return made


def test_what_is_long_is_left_to_others() -> None:
    many = "".join(f"<urn:many> <urn:p> <urn:o{number}> .\n" for number in range(MOST_ROWS + 1))
    view = stored(f'{many}<urn:long> <urn:p> "{"x" * MOST_CHARACTERS}" .\n').view()
    assert view.looked_up("SELECT ?o { <urn:many> ?p ?o }", PREFIXES) is None
    assert view.looked_up("SELECT ?o { <urn:long> ?p ?o }", PREFIXES) is None
    assert view.looked_up("ASK { <urn:many> ?p ?o }", PREFIXES) == b'{"head":{},"boolean":true}'
    some = view.looked_up(f"SELECT ?o {{ <urn:many> ?p ?o }} LIMIT {MOST_ROWS}", PREFIXES)
    assert some is not None
    assert len(json.loads(some)["results"]["bindings"]) == MOST_ROWS


def test_what_the_format_cannot_tell_and_what_is_no_iri_is_left_to_others() -> None:
    engine = ox.Store()
    subject, predicate = ox.NamedNode("urn:s"), ox.NamedNode("urn:p")
    for value in (
        ox.Triple(subject, predicate, subject),
        ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL),
    ):
        engine.add(ox.Quad(subject, predicate, value))
        asked = lookup("SELECT ?o { <urn:s> <urn:p> ?o }", PREFIXES)
        assert asked is not None
        assert looked_up(engine, asked) is None
        engine.clear()
    damaged = lookup("SELECT ?o { <http://[> ?p ?o }", PREFIXES)
    assert damaged is not None
    assert looked_up(engine, damaged) is None


def test_other_engines_have_none() -> None:
    assert MemoryStore(Graph()).view().looked_up("SELECT * { ?s ?p ?o }", PREFIXES) is None

"""Asking: tables for SELECT, triples for CONSTRUCT, the truth for ASK, from a store or a view of it."""

from __future__ import annotations

import pytest

from diplograph import Store, Table, ask, query
from diplograph.errors import QueryRefusedError, QuerySyntaxError, UnknownQuestionError
from diplograph.graph.store import Triples


def test_the_form_of_a_query_decides_what_comes_back(example: Store) -> None:
    assert isinstance(query(example, "SELECT * WHERE { ?s a dg:Person }"), Table)
    assert isinstance(query(example, "CONSTRUCT WHERE { ?s a dg:Person }"), Triples)
    assert isinstance(query(example, "DESCRIBE person:jeyhun-bayramov"), Triples)
    assert query(example, "ASK { ?s a dg:Person }") is True
    assert query(example, "ASK { ?s a dg:NoSuchThing }") is False


def test_a_store_and_its_view_answer_alike(example: Store) -> None:
    view = example.view()
    assert ask(view, "holders-of", post="post/minister-of-foreign-affairs-of-azerbaijan").terms() == (
        ask(example, "holders-of", {"post": "post/minister-of-foreign-affairs-of-azerbaijan"}).terms()
    )


def test_the_projects_prefixes_need_no_declaration_and_one_declared_wins(example: Store) -> None:
    declared = "PREFIX person: <http://example.org/> ASK { person:jeyhun-bayramov ?p ?o }"
    assert query(example, "ASK { person:jeyhun-bayramov ?p ?o }") is True
    assert query(example, declared) is False


def test_a_variable_called_fact_brings_the_sources(example: Store) -> None:
    table = query(example, "SELECT ?person ?fact WHERE { ?fact a dg:Tenure ; dg:person ?person }")
    assert isinstance(table, Table)
    assert set(table.facts) == {row["fact"] for row in table.terms()}
    assert all(table.evidence(row) for row in table.rows)


def test_what_is_called_fact_and_is_none_brings_no_source(example: Store) -> None:
    table = query(example, 'SELECT ?fact WHERE { VALUES ?fact { 1 "x" person:jeyhun-bayramov UNDEF } }')
    assert isinstance(table, Table)
    assert [table.evidence(row) for row in table.rows] == [(), (), (), ()]
    assert table.text()


def test_every_term_of_an_answer_has_a_label(example: Store) -> None:
    table = query(example, "SELECT * WHERE { ?s ?p ?o . FILTER(?p != skos:prefLabel) } LIMIT 500")
    assert isinstance(table, Table)
    assert all(table.labels[term] is not None for row in table.rows for term in row if term is not None)
    terms = query(
        example, "SELECT * WHERE { VALUES ?x { dg:inDocument role:speaker state:AZE <http://example.org/x> 1 } }"
    )
    assert isinstance(terms, Table)
    assert [terms.labels[row["x"]] for row in terms.terms()] == [
        "in document",
        "speaks at",
        "Azerbaijan",
        "<http://example.org/x>",
        "1",
    ]


@pytest.mark.parametrize(
    "sparql", ["SELECT", "", "   ", "# nothing", "SELECT * WHERE { ?s ?p }", "{}", "ASK { nope:x ?p ?o }"]
)
def test_what_is_no_query_is_refused_in_a_short_sentence(example: Store, sparql: str) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        query(example, sparql)
    assert len(str(error.value)) < 300
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "sparql",
    ["INSERT DATA { <a:a> <a:b> <a:c> }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "LOAD <http://example.org/>"],
)
def test_a_query_only_reads(example: Store, sparql: str) -> None:
    before = example.view().size()
    with pytest.raises(QueryRefusedError):
        query(example, sparql)
    assert example.view().size() == before


def test_an_unknown_question_is_refused(example: Store) -> None:
    with pytest.raises(UnknownQuestionError):
        ask(example, "who-cares")

"""What the text of a query says, and what only looks so."""

from __future__ import annotations

import pytest

from diplograph.graph.remote.address import address_of
from diplograph.graph.remote.text import query_text
from diplograph.graph.remote.virtuoso import Virtuoso


@pytest.mark.parametrize(
    ("sparql", "form"),
    [
        ("select * {}", "SELECT"),
        ("# SELECT\nASK {}", "ASK"),
        ("PREFIX select: <urn:ask>\nBASE <urn:describe> CONSTRUCT { } WHERE { }", "CONSTRUCT"),
        ("PREFIX a:<urn:a>DESCRIBE a:b", "DESCRIBE"),
    ],
)
def test_the_form_is_told_by_the_first_word_after_the_prologue(sparql: str, form: str) -> None:
    assert query_text(sparql, {}).form == form


@pytest.mark.parametrize(
    ("sparql", "names_dataset"),
    [
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", True),
        ("SELECT*FROM<urn:a>{}", True),
        ("SELECT * from named doc:a {}", True),
        ("SELECT ?from { ?s dg:from ?from }", False),
        ("SELECT * { ?s from:x ?o }", False),
        ("SELECT * { ?s ?p 'FROM <urn:a>' }", False),
        ("SELECT * { ?s <urn:x#FROM> ?o } # FROM <urn:a>", False),
        ('SELECT * { ?s ?p """ " FROM <urn:a> """ }', False),
    ],
)
def test_a_dataset_is_named_by_the_word_and_nothing_like_it(sparql: str, names_dataset: bool) -> None:
    assert query_text(sparql, {}).names_dataset is names_dataset


@pytest.mark.parametrize(
    ("sparql", "rest"),
    [
        ("CONSTRUCT { ?s ?p '}' } WHERE { ?s ?p ?o }", " WHERE { ?s ?p ?o }"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", " WHERE { ?s ?p ?o }"),
        ("CONSTRUCT FROM <urn:a> WHERE { ?s ?p ?o }", " FROM <urn:a> WHERE { ?s ?p ?o }"),
        ("CONSTRUCT { } FROM <urn:a> { ?s ?p ?o } LIMIT 3", " FROM <urn:a> { ?s ?p ?o } LIMIT 3"),
    ],
)
def test_what_follows_a_template_is_what_it_is_made_from(sparql: str, rest: str) -> None:
    assert query_text(sparql, {}).pattern() == rest


def test_prefixes_are_declared_where_they_are_used_and_not_declared() -> None:
    given = {"a": "urn:a:", "b": "urn:b:", "c": "urn:c:"}
    text = query_text("PREFIX b: <urn:other:> SELECT * { a:x b:x ?o }", given)
    assert text.whole == "PREFIX a: <urn:a:>\nPREFIX b: <urn:other:> SELECT * { a:x b:x ?o }"


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("VALUES (?a ?b) { (x:y <urn:z>) }", "VALUES ?a { x:y } VALUES ?b { <urn:z> }"),
        ('VALUES (?a ?b) { ("x ?y" "2023"^^xsd:gYear) }', 'VALUES ?a { "x ?y" } VALUES ?b { "2023"^^xsd:gYear }'),
        ("VALUES (?a ?b) { (x:y 1) (x:z 2) }", "VALUES (?a ?b) { (x:y 1) (x:z 2) }"),
        ("VALUES (?a ?b) { (x:y UNDEF) }", "VALUES (?a ?b) { (x:y UNDEF) }"),
        ("VALUES (?a) { (x:y) }", "VALUES (?a) { (x:y) }"),
        ("FILTER(?x = 'VALUES (?a ?b) { (x:y x:z) }')", "FILTER(?x = 'VALUES (?a ?b) { (x:y x:z) }')"),
    ],
)
def test_virtuoso_is_given_tables_of_one_row_by_variable(given: str, made: str) -> None:
    assert Virtuoso().query(given) == made


@pytest.mark.parametrize(
    ("url", "update"),
    [
        ("http://h/ds/sparql", "http://h/ds/update"),
        ("http://h:3030/ds/query", "http://h:3030/ds/update"),
        ("http://h/repositories/r", "http://h/repositories/r/statements"),
        ("http://h/blazegraph/namespace/kb", "http://h/blazegraph/namespace/kb"),
    ],
)
def test_where_changes_go_follows_from_the_address(url: str, update: str) -> None:
    assert address_of(url).updates(virtuoso=False)[0] == update


def test_virtuoso_takes_changes_where_it_asks_who_makes_them() -> None:
    assert address_of("http://ann:pw@h/sparql").updates(virtuoso=True)[0] == "http://h/sparql-auth"
    assert address_of("http://h/sparql", "ann", "pw").graph_stores(virtuoso=True) == (
        "http://h/sparql-graph-crud-auth",
    )


def test_a_name_in_the_address_counts_more_than_one_beside_it() -> None:
    address = address_of("https://ann:s%40@h:8890/sparql?x=1#y", "bob", "other")
    assert (address.url, address.user, address.password) == ("https://h:8890/sparql?x=1", "ann", "s@")
    assert "s@" not in repr(address)

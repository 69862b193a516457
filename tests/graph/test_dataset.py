"""A dataset in memory is asked and changed exactly as given; what is only parsed is not done."""

from __future__ import annotations

import socket

import pytest
from rdflib import URIRef

from diplograph.errors import QueryError, QueryRefusedError, QuerySyntaxError
from diplograph.graph.oxigraph import OxigraphDataset, check_query_syntax, check_update_syntax
from diplograph.graph.store import Solutions

G, H = URIRef("x:g"), URIRef("x:h")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that would use the network from Python; the engine is held to it by what it answers."""

    def refuse(*_: object) -> None:
        raise AssertionError("The network was used.")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_the_default_graph_holds_nothing_of_the_named_graphs() -> None:
    dataset = OxigraphDataset({None: b"", G: b"<x:s> <x:p> <x:o> .\n", H: b""})
    assert dataset.view().query("ASK { ?s ?p ?o }") is False
    assert dataset.view().query("ASK { GRAPH <x:g> { ?s ?p ?o } }") is True
    assert dataset.graphs() == {None: b"", G: b"<x:s> <x:p> <x:o> .\n", H: b""}


def test_blank_nodes_that_graphs_share_stay_shared() -> None:
    dataset = OxigraphDataset({G: b"_:b <x:p> <x:o> .\n", H: b"_:b <x:q> <x:o> .\n"})
    answer = dataset.view().query("SELECT * { GRAPH <x:g> { ?b <x:p> ?o } GRAPH <x:h> { ?b <x:q> ?o } }")
    assert isinstance(answer, Solutions)
    assert len(list(answer.rows)) == 1


def test_an_update_changes_it() -> None:
    dataset = OxigraphDataset({None: b"<x:s> <x:p> <x:o> .\n"})
    dataset.update("DELETE WHERE { ?s ?p ?o } ; INSERT DATA { GRAPH <x:g> { <s> <x:p> 1 } }", base="http://x/")
    assert dataset.graphs()[None] == b""
    assert b"<http://x/s>" in dataset.graphs()[G]


def test_an_update_that_fails_changes_nothing() -> None:
    dataset = OxigraphDataset({None: b"<x:s> <x:p> <x:o> .\n"})
    with pytest.raises(QueryError, match="cannot be done"):
        dataset.update("CLEAR ALL ; DROP GRAPH <x:none>")
    assert dataset.graphs() == {None: b"<x:s> <x:p> <x:o> .\n"}


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1:9/x>",
        "load silent <http://127.0.0.1:9/x> into graph <x:g>",
        "BASE <http://127.0.0.1:9/> LOAD <x>",
        "CLEAR ALL; LOAD SILENT <file:///etc/hostname>",
        "L\\u004FAD <http://127.0.0.1:9/x>",
        "PREFIX LOADx: <http://127.0.0.1:9/> LOADx:x ",
        "INSERT { <x:s> <x:p> ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "INSERT { <x:s> <x:p> ?o } WHERE { SERVICE SILENT ?e { ?s ?p ?o } }",
    ],
)
def test_an_update_that_would_fetch_is_refused(update: str) -> None:
    with pytest.raises(QueryRefusedError, match="nothing leaves this machine"):
        OxigraphDataset({}).update(update)


def test_a_load_that_nothing_can_fetch_is_left_to_the_engine() -> None:
    OxigraphDataset({}).update("LOAD SILENT <somescheme:x>")
    with pytest.raises(QueryError, match="cannot be done"):
        OxigraphDataset({}).update("LOAD <somescheme:x>")


def test_the_word_load_may_be_said_in_strings_and_iris() -> None:
    dataset = OxigraphDataset({})
    dataset.update('INSERT DATA { <http://x/LOAD> <x:p> "LOAD <http://x/>" } # LOAD <http://x/>')
    assert b"LOAD" in dataset.graphs()[None]


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1:9/x> INTO GRAPH <x:g>",
        "PREFIX : <x:> # a comment\nBASE <http://x/>\nCLEAR ALL ; INSERT DATA { :a :b <c> }",
        "# nothing",
        "",
    ],
)
def test_an_update_can_be_parsed_without_being_done(update: str) -> None:
    check_update_syntax(update, base="http://x/")


@pytest.mark.parametrize(
    ("update", "line"),
    [("CLEAR", 1), ("PREFIX : <x:>\n\nINSERT DATA { ?s :p :o }", 3), ("LOAD <x:y> ; SELECT * {}", 1)],
)
def test_what_is_no_update_is_told_with_its_line(update: str, line: int) -> None:
    with pytest.raises(QuerySyntaxError, match="does not parse") as caught:
        check_update_syntax(update)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "query",
    ["SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "ASK {}", "DESCRIBE <x:y>", "SELECT ?d_5d1f0d0e {}"],
)
def test_a_query_can_be_parsed_without_being_answered(query: str) -> None:
    check_query_syntax(query)


def test_prefixes_that_are_given_need_no_declaration_in_a_query() -> None:
    check_query_syntax("ASK { x:s x:p ?o }", {"x": "x:"})
    with pytest.raises(QuerySyntaxError, match="line 1"):
        check_query_syntax("ASK { x:s x:p ?o }")


def test_what_is_no_query_is_told() -> None:
    with pytest.raises(QuerySyntaxError, match="line 1"):
        check_query_syntax("SELECT * {")

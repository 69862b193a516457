"""What a view writes to a file or a pipe is what it answers, whole or within chosen graphs."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from rdflib import URIRef

from diplograph.errors import InputError, OutputError, QueryError, QueryRefusedError, QuerySyntaxError
from diplograph.graph.formats import SYNTAXES, Syntax, syntax_named
from diplograph.graph.oxigraph import canonical, parsed
from diplograph.graph.scope import WHOLE, Scope
from diplograph.graph.store import LOADS, ResultSyntax, Store, Triples, View
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

A, B, NOWHERE = document_iri("a"), document_iri("b"), document_iri("nowhere")
ALL = "SELECT ?o { ?s ?p ?o }"
IN_GRAPHS = "SELECT ?o { GRAPH ?g { ?s ?p ?o } }"
RESULTS: tuple[ResultSyntax, ...] = ("json", "xml", "csv", "tsv")

# An endpoint is asked in its own ways, and has tests of its own.
pytestmark = pytest.mark.parametrize("new_store", ["memory", "oxigraph", "disk"], indirect=True)


@pytest.fixture
def view(store: Store) -> View:
    """A store in which one document says "of a" and both say "of both"; "to b" has a carriage return in it."""
    with store.writing() as writer:
        writer.put(A, _says("of a", "of both"))
        writer.put(B, _says("of both", "to\\rb"))
        writer.note(_says("of loads"), about=URIRef("http://example.org/s"))
    return store.view()


def _says(*texts: str) -> bytes:
    return "".join(f'<http://example.org/s> <http://example.org/p> "{text}" .\n' for text in texts).encode()


def found(view: View, out: Path, sparql: str, scope: Scope = WHOLE) -> list[str]:
    view.write_results(out, sparql, "json", scope=scope)
    return sorted(row["o"]["value"] for row in json.loads(out.read_bytes())["results"]["bindings"])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.mark.parametrize("syntax", RESULTS)
@pytest.mark.parametrize("sparql", [f"{ALL} ORDER BY ?o", "ASK { ?s ?p ?o }", "SELECT ?s { ?s ?p ?o FILTER(false) }"])
def test_results_are_written_as_they_are_given(view: View, out: Path, syntax: ResultSyntax, sparql: str) -> None:
    view.write_results(out, sparql, syntax)
    assert out.read_bytes() == view.serialized(sparql, syntax)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
def test_a_graph_is_written_in_every_syntax(view: View, out: Path, syntax: Syntax) -> None:
    sparql = "CONSTRUCT { ?s dg:says ?o } WHERE { ?s ?p ?o }"
    answer = view.query(sparql, PREFIXES)
    assert isinstance(answer, Triples)
    view.write_graph(out, sparql, syntax, PREFIXES)
    assert _triples(out, syntax) == canonical(answer.ntriples)
    assert (b"dg:says" in out.read_bytes()) is (syntax.name in ("turtle", "trig", "rdfxml"))


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("graph", [None, A, B, LOADS, NOWHERE])
def test_a_graph_is_dumped_in_every_syntax(view: View, out: Path, syntax: Syntax, graph: URIRef | None) -> None:
    view.write_dump(out, syntax, graph)
    assert _triples(out, syntax) == canonical(view.ntriples(graph))


def _triples(out: Path, syntax: Syntax) -> bytes:
    graphs = parsed(out.read_bytes(), syntax, source="out")
    assert set(graphs) <= {None}
    return canonical(graphs.get(None, b""))


def test_an_answer_can_go_through_a_pipe_that_holds_less(view: View, out: Path) -> None:
    sparql = f"SELECT * {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(8))} }}"
    view.write_results(out, sparql, "tsv")
    reading, writing = os.pipe()
    got = bytearray()

    def read() -> None:
        with os.fdopen(reading, "rb") as pipe:
            got.extend(pipe.read())

    thread = threading.Thread(target=read)
    thread.start()
    view.write_results(Path(f"/dev/fd/{writing}"), sparql, "tsv")
    os.close(writing)
    thread.join()
    assert len(got) > 1_000_000
    assert sorted(got.splitlines()) == sorted(out.read_bytes().splitlines())


def test_it_is_told_that_nobody_reads_any_more(view: View) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(OutputError, match="Broken pipe"):
        view.write_dump(Path(f"/proc/self/fd/{writing}"), syntax_named("turtle"))
    os.close(writing)


def test_it_is_told_that_there_is_no_such_place(view: View, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="missing/out cannot be written: No such file"):
        view.write_results(tmp_path / "missing" / "out", ALL, "json")


def test_a_graph_is_no_table_and_a_table_no_graph(view: View, out: Path) -> None:
    with pytest.raises(QuerySyntaxError, match="makes a graph"):
        view.write_results(out, "CONSTRUCT WHERE { ?s ?p ?o }", "json")
    with pytest.raises(QueryError, match="makes a table"):
        view.write_graph(out, ALL, syntax_named("turtle"))
    with pytest.raises(QueryRefusedError):
        view.write_results(out, "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "json")
    with pytest.raises(QueryRefusedError):
        view.write_graph(out, "CONSTRUCT WHERE { SERVICE <http://example.org/> { } }", syntax_named("turtle"))
    assert not out.exists()


def test_what_rdf_xml_cannot_hold_is_refused(view: View, out: Path) -> None:
    sparql = "CONSTRUCT { ?s <http://example.org/1> ?o } WHERE { ?s ?p ?o }"
    with pytest.raises(InputError, match="RDF/XML has no way to write"):
        view.write_graph(out, sparql, syntax_named("rdfxml"))


def test_the_whole_store_is_the_merged_view_and_every_graph(view: View, out: Path) -> None:
    assert found(view, out, ALL) == ["of a", "of both", "to\rb"]
    assert found(view, out, IN_GRAPHS) == ["of a", "of both", "of both", "of loads", "to\rb"]


@pytest.mark.parametrize("other", ["", f" FROM <{B}> FROM NAMED <{B}>"])
def test_chosen_graphs_are_the_dataset_whatever_the_query_says(view: View, out: Path, other: str) -> None:
    in_default, in_graphs = (text.replace(" {", f"{other} {{", 1) for text in (ALL, IN_GRAPHS))
    both, one, none = Scope((A, B), ()), Scope((), (A,)), Scope((), ())
    assert found(view, out, in_default, both) == ["of a", "of both", "to\rb"]
    assert found(view, out, in_graphs, both) == []
    assert found(view, out, in_default, one) == []
    assert found(view, out, in_graphs, one) == ["of a", "of both"]
    assert found(view, out, in_default, none) == found(view, out, in_graphs, none) == []


def test_a_graph_is_made_of_the_chosen_ones(view: View, out: Path) -> None:
    view.write_graph(out, "CONSTRUCT WHERE { ?s ?p ?o }", syntax_named("ntriples"), scope=Scope((A,), ()))
    assert canonical(out.read_bytes()) == canonical(view.ntriples(A))


def test_graphs_that_are_not_there_cannot_be_chosen(view: View, out: Path) -> None:
    for scope in (Scope((A, NOWHERE), ()), Scope((), (NOWHERE,)), Scope((LOADS,), (), frozenset([LOADS]))):
        with pytest.raises(QueryRefusedError, match="which is not in the store"):
            view.write_results(out, ALL, "json", scope=scope)


@pytest.mark.parametrize(
    "sparql",
    [
        IN_GRAPHS,
        IN_GRAPHS.replace("GRAPH", "graph"),
        f"SELECT ?o {{ GRAPH <{LOADS}> {{ ?s ?p ?o }} }}",
        IN_GRAPHS.replace("?o", f"?o FROM <{A}>", 1),
        IN_GRAPHS.replace("?o", f"?o FROM NAMED <{A}>", 1),
        "SELECT ?o { \\u0047RAPH ?g { ?s ?p ?o } }",
    ],
)
def test_what_is_hidden_is_not_there(view: View, out: Path, sparql: str) -> None:
    scope = Scope(hidden=frozenset([LOADS]))
    assert "of loads" not in found(view, out, sparql, scope)
    assert found(view, out, ALL, scope) == found(view, out, ALL)
    with pytest.raises(QueryRefusedError, match="which is not in the store"):
        view.write_results(out, ALL.replace("?o", f"?o FROM <{LOADS}>", 1), "json", scope=scope)

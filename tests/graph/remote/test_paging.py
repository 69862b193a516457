"""Where an endpoint gives so many rows and no more, the rest is fetched in pages: the answer is whole, or an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diplograph.errors import RemoteError
from diplograph.graph.oxigraph import OxigraphStore, canonical
from diplograph.graph.remote import RemoteSettings, RemoteStore
from diplograph.graph.store import Solutions, Store, Triples, View
from diplograph.ontology.identifiers import document_iri

DOCUMENT = document_iri("a")


class Cutting:
    """An endpoint that answers from a store of its own, at most `most` rows, and says so as Virtuoso does."""

    status, length, pause, drip = 200, -1, 0.0, False

    def __repr__(self) -> str:
        return f"Cutting({self._most})"

    def __init__(self, store: Store, most: int, *, tells: bool = True) -> None:
        self._store, self._most, self._tells = store, most, tells
        self.headers: dict[str, str] = {}
        self.body = b""

    def __call__(self, asked: Any) -> Cutting:
        self.headers = {"Content-Type": "application/sparql-results+json", "Server": "Virtuoso/07.20"}
        view = self._store.view()
        # What the protocol asks for: this store's default graph is its merged view, whatever it is called.
        if asked.sparql.startswith("CONSTRUCT"):
            answer = view.query(asked.sparql)
            assert isinstance(answer, Triples)
            self.headers["Content-Type"] = "application/n-triples"
            self.body = b"".join(answer.ntriples.splitlines(keepends=True)[: self._most])
            return self
        found = json.loads(view.serialized(asked.sparql, "json"))
        rows = found.get("results", {}).get("bindings", [])
        if len(rows) >= self._most and self._tells:
            self.headers["X-SPARQL-MaxRows"] = str(self._most)
        del rows[self._most :]
        self.body = json.dumps(found).encode()
        return self


def store_with(ntriples: bytes) -> OxigraphStore:
    store = OxigraphStore()
    with store.writing() as writer:
        writer.put(DOCUMENT, ntriples)
    return store


def cut(script: Any, store: Store, most: int, *, page: int = 100_000, tells: bool = True) -> View:
    script.otherwise = Cutting(store, most, tells=tells)
    return RemoteStore(script.url, RemoteSettings(page=page)).view()


names = st.sampled_from([f"<urn:{name}>" for name in ["a", "b", "b#1", "B", "é", "a/b"]])
literals = st.sampled_from(['"a"', '"a"@en', '"b"@az', '"1"^^<urn:t>', '"urn:a"', '"\\n"'])
statements = st.sets(st.tuples(names, names, names | literals), min_size=0, max_size=25)
relaxed = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(statements=statements, most=st.integers(8, 40), page=st.integers(8, 40))
def test_a_graph_in_pages_is_the_whole_graph(
    script: Any, statements: set[tuple[str, str, str]], most: int, page: int
) -> None:
    ntriples = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(statements)).encode()
    store = store_with(ntriples)
    busiest = max((sum(s == each[0] for each in statements) for s, _, _ in statements), default=0)
    view = cut(script, store, most, page=page)
    if busiest >= most:
        with pytest.raises(RemoteError, match="rows at most"):
            view.ntriples()
    else:
        assert canonical(view.ntriples()) == canonical(ntriples)


@relaxed
@given(statements=statements, most=st.integers(5, 40))
def test_rows_in_pages_are_all_the_rows(script: Any, statements: set[tuple[str, str, str]], most: int) -> None:
    store = store_with("".join(f"{s} {p} {o} .\n" for s, p, o in sorted(statements)).encode())
    query = "SELECT ?p ?o ?none WHERE { ?s ?p ?o }"
    assert sorted_rows(cut(script, store, most), query) == sorted_rows(store.view(), query)


def sorted_rows(view: View, query: str) -> list[str]:
    answer = view.query(query)
    assert isinstance(answer, Solutions)
    return sorted(str([term.n3() if term else None for term in row]) for row in answer.rows)


MANY = "".join(f"<urn:s{n}> <urn:p> <urn:o{n}> .\n" for n in range(30)).encode()


@pytest.mark.parametrize("query", ["SELECT ?s { ?s ?p ?o } ORDER BY ?s", "SELECT ?s { ?s ?p ?o } LIMIT 20"])
def test_rows_in_an_order_of_their_own_are_not_put_together_from_pages(script: Any, query: str) -> None:
    with pytest.raises(RemoteError, match="gives 10 rows at most, and there may be more"):
        cut(script, store_with(MANY), 10).query(query)


def test_blank_nodes_are_not_told_apart_across_pages(script: Any) -> None:
    store = store_with(b"".join(b"_:b%d <urn:p> <urn:o> .\n" % n for n in range(30)))
    with pytest.raises(RemoteError, match="blank nodes"):
        cut(script, store, 10).query("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(RemoteError, match="rows at most"):
        cut(script, store, 10).ntriples()


def test_blank_nodes_come_in_one(script: Any) -> None:
    ntriples = MANY + b"_:b <urn:p> _:c .\n_:c <urn:p> <urn:o> .\n<urn:s1> <urn:p> _:b .\n"
    assert canonical(cut(script, store_with(ntriples), 10).ntriples()) == canonical(ntriples)


def test_a_graph_that_is_cut_without_a_word_is_an_error(script: Any) -> None:
    with pytest.raises(RemoteError, match="10 statements came of 30"):
        cut(script, store_with(MANY), 10, tells=False).ntriples()


def test_a_graph_made_of_the_first_solutions_only_is_an_error(script: Any) -> None:
    with pytest.raises(RemoteError, match="10 rows at most"):
        cut(script, store_with(MANY), 10).query("CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o }")
    few = cut(script, store_with(MANY), 40).query("CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o }")
    assert isinstance(few, Triples)
    assert few.ntriples.count(b"\n") == 30


def test_an_answer_that_the_engine_gave_up_on_is_an_error(script: Any) -> None:
    view = cut(script, store_with(MANY), 40)
    assert view.size() == 30
    answer = Cutting(store_with(MANY), 40)

    def gives_up(asked: Any) -> Any:
        answer(asked)
        answer.headers |= {"X-SQL-State": "S1TAT", "X-SQL-Message": "RC...: Returning incomplete results"}
        return answer

    script.otherwise = gives_up
    with pytest.raises(RemoteError, match="incomplete results"):
        view.query("SELECT ?s { ?s ?p ?o }")

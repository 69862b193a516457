"""What a store in a server does beyond what all stores do: the same answers, exports and pictures as here."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph.errors import RemoteError, StoreError
from diplograph.graph.description import description
from diplograph.graph.entities import Names
from diplograph.graph.export import exported, exported_document, exported_entity
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import example_store, forget, load, packaged_sources
from diplograph.graph.oxigraph import OxigraphStore, canonical, parsed
from diplograph.graph.provenance import documents
from diplograph.graph.remote import RemoteSettings, RemoteStore
from diplograph.graph.store import LOADS, Store, View
from diplograph.graph.verification import verification
from diplograph.ontology.identifiers import document_iri
from diplograph.queries.catalogue import questions
from diplograph.queries.engine import ask
from diplograph.viz.network import network
from diplograph.viz.page import page

A, B = document_iri("a"), document_iri("b")
LARGE = 25_000
"""More statements than one update names, and than Virtuoso gives at once."""


@pytest.fixture(scope="module", params=["oxigraph_url", "virtuoso_url"])
def url(request: pytest.FixtureRequest) -> str:
    """The endpoint of each server."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def here() -> View:
    """The example store here."""
    return example_store().view()


@pytest.fixture
def there(url: str, servers: Any) -> Iterator[RemoteStore]:
    """The example store in each server, which is only read."""
    with servers.example(url) as store:
        yield store


@pytest.fixture
def empty(url: str, servers: Any) -> Iterator[RemoteStore]:
    """An empty store in each server."""
    with servers.emptied(url) as store:
        yield store


def test_every_question_has_the_same_answer(there: RemoteStore, here: View) -> None:
    view = there.view()
    for name, question in questions().items():
        values: Any = dict(pair.split("=", 1) for pair in shlex.split(question.example)[1:])
        found, expected = ask(view, name, values), ask(here, name, values)
        assert (name, found.json()) == (name, expected.json())
        assert (name, found.text()) == (name, expected.text())
        assert (name, found.terms()) == (name, expected.terms())


def test_exports_are_the_same_bytes(there: RemoteStore, here: View) -> None:
    view = there.view()
    for syntax in map(syntax_named, ("turtle", "trig", "ntriples")):
        assert exported(view, syntax) == exported(here, syntax)
    for graph in here.graphs():
        assert graph == LOADS or exported_document(view, graph) == exported_document(here, graph)
    lavrov = Names(here).entity("Sergey Lavrov")
    assert exported_entity(view, lavrov) == exported_entity(here, lavrov)


def test_what_is_shown_and_drawn_is_the_same(there: RemoteStore, here: View) -> None:
    view = there.view()
    entity = Names(view).entity("Russia-Azerbaijan Expert Council")
    assert description(view, entity) == description(here, entity)
    assert page(network(view)) == page(network(here))
    assert [record.title for record in documents(view)] == [record.title for record in documents(here)]


def test_the_merged_view_is_verified_there(there: RemoteStore) -> None:
    assert verification(there).sound


def test_what_is_loaded_again_changes_nothing(there: RemoteStore) -> None:
    outcomes = load(there, packaged_sources("states"))
    assert set(outcomes.values()) == {"unchanged"}


# The merged view after any changes, with blank nodes

nodes = st.sampled_from([*(f"<http://example.org/{name}>" for name in "xyz"), "_:one", "_:two"])
statements = st.frozensets(st.tuples(nodes, st.just("<http://example.org/p>"), nodes), max_size=4)
steps = st.lists(st.tuples(st.sampled_from([A, B]), statements | st.none()), min_size=1, max_size=4)
briefly = {"deadline": None, "phases": [Phase.explicit, Phase.generate], "suppress_health_check": list(HealthCheck)}


@settings(**briefly, max_examples=4)  # type: ignore[arg-type]
@given(steps=steps)
def test_any_changes_have_the_result_that_they_have_here(
    url: str, servers: Any, steps: list[tuple[URIRef, frozenset[Any] | None]]
) -> None:
    store, local = servers.emptied(url), OxigraphStore()
    for document, said in steps:
        for each in (store, local):
            with each.writing() as writer:
                if said is None:
                    writer.remove(document)
                else:
                    text = "".join(f"{' '.join(triple)} .\n" for triple in sorted(said)).encode()
                    writer.put(document, parsed(text, syntax_named("ntriples"), source="").get(None, b""))
    assert content(store) == content(local)


def content(store: Store) -> dict[URIRef | None, bytes]:
    view = store.view()
    return {graph: canonical(view.ntriples(graph)) for graph in (None, *view.graphs())}


# What is large


def large(number: int = LARGE) -> bytes:
    return b"".join(b'<http://example.org/%06d> <http://example.org/p> "%d" .\n' % (n, n) for n in range(number))


def test_what_is_large_is_put_aside_taken_over_and_read_in_pages(empty: RemoteStore) -> None:
    with empty.writing() as writer:
        writer.put(A, large())
    view = empty.view()
    assert view.graphs() == (A,)
    assert canonical(view.ntriples()) == canonical(view.ntriples(A)) == large()
    with empty.writing() as writer:
        writer.put(A, large(10))
    assert canonical(empty.view().ntriples()) == canonical(empty.view().ntriples(A)) == large(10)


def test_pages_are_as_long_as_is_wanted(url: str, empty: RemoteStore) -> None:
    with empty.writing() as writer:
        writer.put(A, large(200))
    with RemoteStore(url, RemoteSettings(page=7)) as store:
        assert canonical(store.view().ntriples()) == large(200)
        with store.writing() as writer:
            writer.remove(A)
    assert empty.view().size() == 0


# Others


def test_a_change_of_anothers_is_not_overwritten(url: str, empty: RemoteStore) -> None:
    with empty.writing() as writer:
        writer.put(A, large(2))

    def change_what_another_changes() -> None:
        with empty.writing() as writer:
            writer.remove(A)
            with RemoteStore(url) as other, other.writing() as writer_of_other:
                writer_of_other.put(B, large(3))

    with pytest.raises(StoreError, match="changed by another meanwhile"):
        change_what_another_changes()
    assert empty.view().graphs() == (A, B)


def test_graphs_that_were_there_become_documents_with_the_first_change(url: str, empty: RemoteStore) -> None:
    endpoint = empty._endpoint
    place = endpoint.address.updates(endpoint.dialect.is_virtuoso)[0]
    endpoint.updated(place, f"INSERT DATA {{ GRAPH {A.n3()} {{ {large(3).decode()} }} }}")
    assert empty.view().size(A) == 3
    with empty.writing() as writer:
        writer.put(B, large(5))
    assert empty.view().graphs() == (A, B)
    assert empty.view().size() == 5
    assert verification(empty).sound


def test_what_was_put_aside_and_left_there_is_not_seen_and_goes(empty: RemoteStore) -> None:
    endpoint = empty._endpoint
    place = endpoint.address.updates(endpoint.dialect.is_virtuoso)[0]
    aside = "https://w3id.org/diplograph/id/graph/staging/left"
    endpoint.updated(place, f"INSERT DATA {{ GRAPH <{aside}> {{ {large(3).decode()} }} }}")
    assert empty.view().graphs() == ()
    with empty.writing() as writer:
        writer.put(A, large(2))
    assert not endpoint.truth(f"ASK {{ GRAPH <{aside}> {{ ?s ?p ?o }} }}")


def test_a_document_is_forgotten_with_its_record_and_comes_back(empty: RemoteStore) -> None:
    load(empty, packaged_sources("trend-2023-02-28"))
    [document] = (graph for graph in empty.view().graphs() if graph != LOADS)
    forget(empty, [document])
    assert empty.view().size() == empty.view().size(LOADS) == 0
    load(empty, packaged_sources("trend-2023-02-28"))
    assert document in empty.view().graphs()
    assert verification(empty).sound


def test_a_wrong_password_is_refused(virtuoso_url: str) -> None:
    with (
        RemoteStore(virtuoso_url.replace("dba:dba", "dba:wrong")) as store,
        pytest.raises((StoreError, RemoteError), match="can only be read"),
        store.writing(),
    ):
        pass

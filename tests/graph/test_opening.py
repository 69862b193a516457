"""What is at a location: a directory, memory, or an rdflib graph."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rdflib import Dataset, Graph

from diplograph.errors import StoreError, StoreMissingError
from diplograph.graph.memory import MemoryStore
from diplograph.graph.opening import DEFAULT, disk_store, open_store
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.remote import RemoteStore
from diplograph.ontology.identifiers import document_iri

A = document_iri("a")


def test_a_new_directory_becomes_a_store_with_the_first_document(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "store"
    store = open_store(place)
    assert store.view().size() == 0
    assert not place.exists()
    with store.writing() as writer:
        writer.put(A, b"<x:s> <x:p> <x:o> .\n")
    assert open_store(str(place)).view().graphs() == (A,)


def test_the_default_is_a_directory_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_store().writing() as writer:
        writer.put(A, b"")
    assert os.listdir() == [DEFAULT]


def test_memory_is_a_store_of_its_own_each_time() -> None:
    one, other = open_store(":memory:"), open_store(":memory:")
    assert isinstance(one, OxigraphStore)
    with one.writing() as writer:
        writer.put(A, b"<x:s> <x:p> <x:o> .\n")
    assert other.view().size() == 0
    assert not Path(":memory:").exists()


@pytest.mark.parametrize("graph", [Graph(), Dataset()])
def test_an_rdflib_graph_is_read_where_it_is(graph: Graph) -> None:
    store = open_store(graph)
    assert isinstance(store, MemoryStore)
    assert store.graph is graph


def test_a_missing_store_is_an_error_where_none_may_be_made(tmp_path: Path) -> None:
    place = tmp_path / "nothing"
    with pytest.raises(
        StoreMissingError, match=r"no store at .*nothing.*`diplograph load FILE`.*`diplograph demo`"
    ) as it:
        open_store(place, create=False)
    assert it.value.location == place
    assert not place.exists()


@pytest.mark.parametrize("location", ["http://example.org/sparql", "https://example.org/sparql", "HTTPS://e.org/s"])
def test_the_url_of_an_endpoint_is_a_store_that_nothing_is_sent_to_before_it_is_used(location: str) -> None:
    with open_store(location) as store:
        assert isinstance(store, RemoteStore)


@pytest.mark.parametrize(
    "location", ["https://", "http://example.org:port/", "https://exa mple.org/", "http:/example.org"]
)
def test_what_is_nearly_a_url_is_neither_an_endpoint_nor_a_directory(location: str) -> None:
    with pytest.raises(StoreError, match=r"Write https://host/path"):
        open_store(location)


def test_an_endpoint_cannot_be_backed_up_as_a_directory() -> None:
    with pytest.raises(StoreError, match=r"Give a directory here"):
        disk_store(Path("https://example.org/sparql"))


def test_a_file_is_no_store(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"")
    for create in (True, False):
        with pytest.raises(StoreError, match=r"file' is a file and no Diplograph store\. Give --store a directory"):
            open_store(place, create=create)

"""Small stores, filled with Turtle that needs no prefixes, one document for each keyword."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diplograph import Source, Store, example_store, load
from diplograph.graph.formats import syntax_named
from diplograph.graph.minting import minted
from diplograph.graph.opening import open_store
from diplograph.graph.oxigraph import OxigraphStore, parsed, rdflib_graph
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def source(name: str, turtle: str) -> Source:
    document = document_iri(name)
    graphs = parsed((HEAD + turtle).encode(), syntax_named("turtle"), source=name)
    return Source(document, minted(graphs.get(None, b""), document), name)


@pytest.fixture(scope="session")
def store_of() -> Callable[..., Store]:
    """A store of the documents given by keyword, each as Turtle."""

    def filled(**documents: str) -> Store:
        store = OxigraphStore()
        load(store, [source(name, turtle) for name, turtle in documents.items()])
        return store

    return filled


@pytest.fixture(scope="session")
def in_rdflib() -> Callable[[Store], Store]:
    """The merged view of a store in rdflib's own engine: the reference that answers are compared with."""
    return lambda store: open_store(rdflib_graph(store.view().ntriples()))


@pytest.fixture(scope="session")
def example() -> Store:
    return example_store()

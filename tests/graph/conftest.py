"""A store of each kind, so that one suite says what every store does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from rdflib import Dataset

from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source
from diplograph.graph.memory import MemoryStore
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

NewStore: TypeAlias = Callable[[], Store]
NewSource: TypeAlias = Callable[[str, str], Source]


@pytest.fixture(params=["memory", "oxigraph", "disk"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewStore]:
    """Make empty stores of one kind: over an rdflib Dataset, in the Oxigraph engine, or on disk."""
    made: list[Store] = []

    def store() -> Store:
        if request.param == "memory":
            made.append(MemoryStore(Dataset()))
        elif request.param == "oxigraph":
            made.append(OxigraphStore())
        else:
            made.append(OxigraphStore(tmp_path / f"store-{len(made)}"))
        return made[-1]

    yield store
    for each in made:
        each.close()


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """An empty store of each kind."""
    return new_store()


@pytest.fixture
def new_source() -> NewSource:
    """Make a document of a name from Turtle, in which every prefix of the project is known."""

    def source(name: str, turtle: str) -> Source:
        document = document_iri(name)
        head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
        graphs = parsed((head + turtle).encode(), syntax_named("turtle"), source=name, base=str(document))
        return Source(document, minted(graphs.get(None, b""), document), f"{name}.ttl")

    return source

"""Small stores, filled with Turtle that needs no prefixes, one document for each keyword."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diplograph import Source, Store, example_store, load
from diplograph.graph.formats import syntax_named
from diplograph.graph.importing import import_records
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


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def raw_records(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A directory with the records kept beside the project, extracted; skips the test where they are not there."""
    archives = [*SHARED.glob("historyatstate/*.tar.gz"), *SHARED.glob("manytreaties/*.tar.gz")]
    if len(archives) < 5:
        pytest.skip("the records kept beside the project are missing")
    root = _common(tmp_path_factory, worker_id) / "raw-records"
    with _alone(root):
        if not root.exists():
            for archive in archives:
                with tarfile.open(archive) as opened:
                    into = root.with_suffix(".part") / archive.parent.name / archive.name.partition(".")[0]
                    opened.extractall(into, filter="data")
            root.with_suffix(".part").rename(root)
    return root


@pytest.fixture(scope="session")
def records_store(raw_records: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Store]:
    """A store of all these records, imported once for all workers; each takes a copy, as one process opens a store."""
    made = raw_records.parent / "records.db"
    with _alone(made):
        if not made.exists():
            part = made.with_suffix(".part")
            with open_store(part) as store:
                import_records(store, "historyatstate", [raw_records / "historyatstate"])
                import_records(store, "manytreaties", [raw_records / "manytreaties/manytreaties"])
            part.rename(made)
        own = tmp_path_factory.mktemp("records") / "own.db"
        shutil.copytree(made, own)
    with open_store(own) as store:
        yield store


def _common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

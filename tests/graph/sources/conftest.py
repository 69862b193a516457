"""Readers of records over samples and over the archives that are kept beside the project."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pyoxigraph
import pytest
from rdflib import Graph

from diplograph.graph.sources.intake import Intake
from diplograph.graph.sources.states import StateNames

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "historyatstate"

Reader: TypeAlias = Callable[[Path, Intake, StateNames], None]


class Read(NamedTuple):
    """What a reader made of a directory: the N-Triples of its one document, and its intake."""

    file: Path
    intake: Intake

    @property
    def graph(self) -> Graph:
        return Graph().parse(self.file, format="nt")

    def rows(self, query: str) -> set[tuple[str, ...]]:
        """Answer a SELECT over the document, each value as text, empty where it is unbound."""
        store = pyoxigraph.Store()
        store.bulk_load(path=str(self.file), format=pyoxigraph.RdfFormat.N_TRIPLES)
        solutions = store.query(PREFIXES + query)
        return {tuple(value.value if value else "" for value in row) for row in solutions}


PREFIXES = "".join(
    f"PREFIX {name}: <https://w3id.org/diplograph/{path}>\n"
    for name, path in [("dg", "ns#"), ("role", "code/role/"), ("level", "code/level/"), ("relation", "code/relation/")]
    + [(kind, f"id/{kind}/") for kind in ("state", "person", "post", "event", "place", "organization")]
)
PREFIXES += "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dcterms: <http://purl.org/dc/terms/>\n"


@pytest.fixture(scope="session")
def states() -> StateNames:
    return StateNames()


@pytest.fixture(scope="session")
def read_records(states: StateNames, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Reader, Path], Read]:
    """Read a directory by a reader of historyatstate's datasets."""

    def read(reader: Reader, directory: Path) -> Read:
        intake = Intake(tmp_path_factory.mktemp("drafts"))
        reader(directory, intake, states)
        (finished,) = intake.finished
        return Read(finished.draft.path, intake)

    return read


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Unpack an archive of the Office of the Historian by its name, once."""
    unpacked: dict[str, Path] = {}

    def directory(name: str) -> Path:
        packed = SHARED / f"{name}.tar.gz"
        if not packed.exists():
            pytest.skip(f"{packed} is not here")
        if name not in unpacked:
            unpacked[name] = tmp_path_factory.mktemp(name)
            with tarfile.open(packed) as tar:
                tar.extractall(unpacked[name], filter="data")
        return unpacked[name]

    return directory

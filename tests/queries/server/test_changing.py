"""Changes over HTTP are done one at a time, within bounds, and leave the store as it was where they fail."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rdflib import URIRef

from diplograph import open_store
from diplograph.errors import DiplographError, LimitError, WorkerError
from diplograph.queries.changes import Change, Revision
from diplograph.queries.server.changing import Changing
from diplograph.queries.server.problems import problem, status_of
from diplograph.queries.server.settings import Settings
from diplograph.queries.workers import Limits

DOCUMENT = URIRef("https://w3id.org/diplograph/doc/a")


def settings(store: Path, **changed: float) -> Settings:
    return Settings(store, Limits(), token="x" * 16, **changed)  # type: ignore[arg-type]


def put(number: int) -> Change:
    return Change("add", DOCUMENT, f"<x:s> <x:p> {number} .".encode())


def statements(store: Path) -> int:
    with open_store(store, create=False) as opened:
        return opened.view().size(DOCUMENT)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with open_store(tmp_path / "store") as made, made.writing() as writer:
        writer.put(DOCUMENT, b"<x:s> <x:p> <x:o> .\n")
    return tmp_path / "store"


def test_changes_at_the_same_time_wait_for_each_other_and_none_is_lost(store: Path) -> None:
    async def all_done() -> None:
        changing = Changing(settings(store))
        await asyncio.gather(*(changing.done(put(number)) for number in range(3)))

    asyncio.run(all_done())
    assert statements(store) == 4


@pytest.mark.parametrize(
    ("bounds", "body", "error"),
    [
        ({"patience_for_change": 0.01}, b"<x:s> <x:p> 1 .", LimitError),
        # A prefix that makes each of many names as long as itself.
        (
            {"memory_for_change": 2**29},
            b"@prefix a: <x:%s> . %s" % (b"a" * 10**6, b"a:b a:b a:b . " * 10**4),
            WorkerError,
        ),
    ],
)
def test_a_change_out_of_bounds_is_ended_and_the_next_one_is_done(
    store: Path, bounds: dict[str, float], body: bytes, error: type[DiplographError]
) -> None:
    with pytest.raises(error):
        asyncio.run(Changing(settings(store, **bounds)).done(Change("put", DOCUMENT, body)))
    assert statements(store) == 1
    asyncio.run(Changing(settings(store)).done(put(1)))
    assert statements(store) == 2


RUNAWAY = "INSERT {{ GRAPH <{}> {{ ?s <x:q> ?x }} }} WHERE {{ ?s <x:p> ?o {} BIND(STRUUID() AS ?x) }}".format(
    DOCUMENT, " ".join(f"VALUES ?v{number} {{ {' '.join(map(str, range(100)))} }}" for number in range(6))
)


@pytest.mark.parametrize(
    ("bounds", "error"), [({"patience_for_change": 3}, LimitError), ({"memory_for_change": 2**29}, WorkerError)]
)
def test_an_update_out_of_bounds_is_ended_and_the_next_one_is_done(
    store: Path, bounds: dict[str, float], error: type[DiplographError]
) -> None:
    with pytest.raises(error):
        asyncio.run(Changing(settings(store, **bounds)).done(Revision(RUNAWAY, "http://example.org/sparql")))
    assert statements(store) == 1
    small = Revision(f"INSERT DATA {{ GRAPH <{DOCUMENT}> {{ <x:s> <x:p> 1 }} }}", "http://example.org/sparql")
    assert asyncio.run(Changing(settings(store)).done(small)) == {DOCUMENT: "changed"}
    assert statements(store) == 2
    assert not list(store.glob("*.draft")), "what was left behind is cleared away"


def test_a_process_that_ended_by_itself_is_our_fault_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    error = WorkerError("The process ended.")
    assert status_of(error) == 500
    assert b"The process ended." in problem(error).body
    assert '"event": "trouble", "error": "WorkerError"' in capsys.readouterr().err

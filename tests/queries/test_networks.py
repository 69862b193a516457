"""Questions of networks are answered from the table of edges where a store keeps one, as their SPARQL answers them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from diplograph import Store, ask, load, open_store, packaged_sources, query, questions
from diplograph.errors import QueryError
from diplograph.graph.edges.table import EdgeTable
from diplograph.graph.entities import Names
from diplograph.graph.loading import file_sources
from diplograph.graph.oxigraph.view import OxigraphView
from diplograph.graph.store import View, edges_of
from diplograph.ontology.facts import presence_roles
from diplograph.ontology.namespaces import PREFIXES
from diplograph.queries import engine
from diplograph.queries.binding import bound, terms_of
from diplograph.queries.catalogue import question
from diplograph.queries.networks import NETWORKS
from diplograph.queries.results import Table

EXAMPLES = {name: {p.name: p.example for p in question(name).parameters} for name in NETWORKS}

each_network = pytest.mark.parametrize("name", NETWORKS)


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> list[EdgeTable]:
    """The tables of edges that views of the engine have been asked for."""
    asked: list[EdgeTable] = []
    edges = OxigraphView.edges

    def seen(view: OxigraphView) -> EdgeTable:
        asked.append(edges(view))
        return asked[-1]

    monkeypatch.setattr(OxigraphView, "edges", seen)
    return asked


def in_sparql(view: View, name: str) -> Table:
    asked = question(name)
    answer = query(view, bound(asked, terms_of(asked, EXAMPLES[name], Names(view))))
    assert isinstance(answer, Table)
    return answer


@each_network
def test_a_store_on_disk_answers_from_its_table_what_sparql_answers(
    packaged: Path, tables: list[EdgeTable], name: str
) -> None:
    with open_store(packaged) as store:
        assert store.view().keeps_edges
        found, expected = ask(store, name, EXAMPLES[name]), in_sparql(store.view(), name)
    assert len(tables) == 1
    assert found == expected
    assert found.rows


@each_network
def test_a_store_in_memory_is_asked_in_sparql(example: Store, tables: list[EdgeTable], name: str) -> None:
    assert not example.view().keeps_edges
    assert ask(example, name, EXAMPLES[name]) == in_sparql(example.view(), name)
    assert tables == []


def test_changes_that_are_not_yet_made_are_asked_in_sparql(tmp_path: Path, tables: list[EdgeTable]) -> None:
    with open_store(tmp_path / "store") as store, store.writing() as writer:
        for source in packaged_sources("trend-2023-02-28"):
            assert isinstance(source.ntriples, bytes)
            writer.put(source.document, source.ntriples)
        assert ask(writer.view(), "closest-states", least="1").rows
    assert tables == []


def test_what_an_engine_cannot_answer_is_read_from_a_table_made_for_it(
    example: Store, tables: list[EdgeTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ask(example, "meetings-between", EXAMPLES["meetings-between"])

    def fails(*_: object) -> Table:
        raise QueryError("The optimizer gives up.")

    monkeypatch.setattr(engine, "query", fails)
    assert ask(example, "meetings-between", EXAMPLES["meetings-between"]) == expected
    assert len(tables) == 1
    with pytest.raises(QueryError, match="gives up"):
        ask(example, "members-of", organization="RIAC")


MEETING = """
    @prefix dg: <https://w3id.org/diplograph/ns#> .
    @prefix role: <https://w3id.org/diplograph/code/role/> .
    @prefix state: <https://w3id.org/diplograph/id/state/> .
    <https://w3id.org/diplograph/id/event/e> a dg:Meeting .
"""


def at_the_meeting(code: str) -> str:
    event = "<https://w3id.org/diplograph/id/event/e>"
    return (
        f"state:{code} a dg:State . "
        f"[] a dg:Participation ; dg:agent state:{code} ; dg:event {event} ; dg:role role:participant .\n"
    )


def test_what_came_later_stands_in_order(packaged: Path, tmp_path: Path) -> None:
    shutil.copytree(packaged, tmp_path / "store")
    file = tmp_path / "meeting.ttl"
    file.write_text(MEETING + "".join(map(at_the_meeting, ("AAA", "AZE", "RUS"))), encoding="utf-8")
    with open_store(tmp_path / "store") as store:
        edges_of(store)
        load(store, file_sources(file))
        table, state = edges_of(store), PREFIXES["state"]
        assert table.origin == "refreshed"
        late, early = table.code(f"{state}AAA"), table.code(f"{state}AZE")
        assert late is not None
        assert early is not None
        assert late > early
        found = ask(store, "closest-states", least="1")
        assert found == in_sparql(store.view(), "closest-states")
    rows = [tuple(str(term).removeprefix(state) for term in row) for row in found.rows]
    assert rows == [("AZE", "RUS", "3"), ("AAA", "AZE", "1"), ("AAA", "RUS", "1")]


def test_the_library_means_the_roles_of_presence_of_the_vocabulary() -> None:
    lists = [
        {f"{PREFIXES['role']}{name}" for name in re.findall(r"role:(\w+)", listed)}
        for asked in questions().values()
        for listed in re.findall(r"[rR]ole\w* IN \(([^)]*)\)", asked.sparql)
    ]
    assert len(lists) > 5
    assert all(listed == {str(role) for role in presence_roles()} for listed in lists)

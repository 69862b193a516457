"""The table beside a store: what is kept is always what would be built anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph import forget, judge, load, undo
from diplograph.graph.edges import keeping
from diplograph.graph.edges.building import table_in_memory
from diplograph.graph.edges.table import STANDINGS, EdgeTable
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.graph.store import edges_of
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
PEOPLE = ("a", "b", "c")


def source(name: str, turtle: str) -> Source:
    graphs = parsed((HEAD + turtle).encode(), syntax_named("turtle"), source=name, base=str(document_iri(name)))
    return Source(document_iri(name), minted(graphs.get(None, b""), document_iri(name)), name)


def said(table: EdgeTable) -> tuple[set[object], set[object]]:
    """All that a table says, whatever the codes of its terms are: its rows with their documents, and the classes."""
    terms = [*table.terms, None]
    documents = table.sql("SELECT fact, iri FROM edges JOIN evidence USING (row) JOIN terms ON code = document")
    of: dict[str, set[str]] = {}
    for fact, document in documents:
        of.setdefault(fact, set()).add(document)
    names = ("kind", "realis", "start", "end", "start_first", "start_last", "end_first", "end_last", "attested")
    coded = ("source", "target", "role", "via")
    rows = zip(
        table.column("fact"),
        *([terms[code] for code in table.column(name)] for name in coded),
        *(table.column(name).tolist() for name in (*names, "documents")),
        strict=True,
    )
    found = [(*row, frozenset(of.get(row[0], ()))) for row in rows]
    assert len(found) == len(set(found))
    ends = {terms[code] for name in coded for code in table.column(name)}
    classes = {(iri, kind) for iri, kind in table.sql(
        "SELECT t.iri, c.iri FROM classes JOIN terms t ON t.code = term JOIN terms c ON c.code = class"
    ) if iri in ends}  # fmt: skip
    return set(found), classes


def anew(store: OxigraphStore) -> EdgeTable:
    return table_in_memory(store.view()._write_tsv)


TENURE = '[] a dg:Tenure ; dg:person person:{0} ; dg:post post:{1} ; dg:from "19{2}"^^xsd:gYear ; dg:realis realis:{3} ; dg:evidence [ a dg:Evidence ; dg:inDocument doc:{4} ; dg:level level:stated ; dg:method method:curated ] .'  # noqa: E501
MEETING = 'event:{0} a dg:Meeting ; dg:date "19{1}"^^xsd:gYear .'
PRESENT = (
    "[] a dg:Participation ; dg:agent person:{0} ; dg:event event:{1} ; dg:role role:{2} ; dg:realis realis:held ."
)
PERSON = "person:{0} a dg:Person ; dg:nationality state:{1} ."

STATEMENTS = st.one_of(
    st.builds(TENURE.format, st.sampled_from(PEOPLE), st.sampled_from("xy"), st.integers(50, 53),
              st.sampled_from(["held", "planned"]), st.sampled_from(["one", "two"])),
    st.builds(MEETING.format, st.sampled_from("mn"), st.integers(50, 53)),
    st.builds(PRESENT.format, st.sampled_from(PEOPLE), st.sampled_from("mn"), st.sampled_from(["speaker", "chair"])),
    st.builds(PERSON.format, st.sampled_from(PEOPLE), st.sampled_from("st")),
)  # fmt: skip
DOCUMENTS = st.lists(STATEMENTS, max_size=6).map("\n".join)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("load"), st.sampled_from(["d1", "d2", "d3"]), DOCUMENTS),
        st.tuples(st.just("forget"), st.sampled_from(["d1", "d2", "d3"]), st.none()),
        st.tuples(st.just("judge"), st.sampled_from(["ab", "bc"]), st.none()),
        st.tuples(st.just("undo"), st.sampled_from(["ab", "bc"]), st.none()),
        st.tuples(st.just("ask"), st.none(), st.none()),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_changes_the_kept_table_is_what_would_be_built_anew(steps, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(keeping, "_SHARE", 0)
    monkeypatch.setattr(keeping, "_PARTS", 2)
    with OxigraphStore(tmp_path_factory.mktemp("changed") / "store") as store:
        load(store, [source("d0", "\n".join(PERSON.format(name, "s") for name in PEOPLE))])
        edges_of(store)
        for what, name, turtle in steps:
            if what == "load":
                load(store, [source(name, turtle)])
            elif what == "forget" and document_iri(name) in store.view().graphs():
                forget(store, [document_iri(name)])
            elif what in ("judge", "undo"):
                pair = [URIRef(f"{PREFIXES['person']}{each}") for each in name]
                judged = _judged(store, *pair)
                if what == "judge" and not judged:
                    judge(store, *pair, "same", reason="test", by="test")
                elif what == "undo" and judged:
                    undo(store, tuple(pair))
            elif what == "ask":
                assert said(edges_of(store)) == said(anew(store))
        assert said(edges_of(store)) == said(anew(store))


def _judged(store: OxigraphStore, one: URIRef, other: URIRef) -> bool:
    return (
        store.view().query(f"ASK {{ GRAPH ?g {{ ?j <{DG.keeps}> {one.n3()} ; <{DG.merges}> {other.n3()} }} }}") is True
    )


FIRST = "\n".join(TENURE.format(person, "x", year, "held", "one") for person in PEOPLE for year in range(50, 60))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[OxigraphStore]:
    """A store of thirty tenures, whose table is there."""
    with OxigraphStore(tmp_path / "store") as store:
        load(store, [source("d", FIRST)])
        assert edges_of(store).origin == "built"
        yield store


def table_directory(store: OxigraphStore) -> Path:
    return store._kept() / keeping.DIRECTORY


def reopened(store: OxigraphStore) -> OxigraphStore:
    return OxigraphStore(store._kept().parent)


def test_a_table_is_built_once_and_found_again(kept):
    with reopened(kept) as again:
        assert edges_of(again).origin == "kept"
        assert edges_of(again) is edges_of(again)
        assert said(edges_of(again)) == said(anew(again))


def test_a_small_change_adds_a_part_of_the_facts_that_it_touched(kept):
    load(kept, [source("e", TENURE.format("d", "y", 70, "held", "two"))])
    table = edges_of(kept)
    assert table.origin == "refreshed"
    record = json.loads((table_directory(kept) / "table.json").read_bytes())
    assert [part["rows"] for part in record["parts"]] == [30, 1]
    assert said(table) == said(anew(kept))
    with reopened(kept) as again:
        assert edges_of(again).origin == "kept"


def test_changes_that_nobody_asked_about_wait_for_the_next_question(kept):
    load(kept, [source("e", TENURE.format("d", "y", 70, "held", "two"))])
    load(kept, [source("f", TENURE.format("d", "y", 71, "held", "two"))])
    forget(kept, [document_iri("e")])
    table = edges_of(kept)
    assert table.origin == "refreshed"
    assert said(table) == said(anew(kept))


def test_a_change_of_an_events_date_reaches_all_who_took_part(kept):
    load(kept, [source("m", MEETING.format("m", 51)), source("p", PRESENT.format("a", "m", "chair"))])
    assert "1951" in edges_of(kept).column("start")
    load(kept, [source("m", MEETING.format("m", 99))])
    table = edges_of(kept)
    assert table.origin == "refreshed"
    assert "1999" in table.column("start")
    assert "1951" not in table.edges(["participation"])["start"]


def test_parts_are_joined_when_they_are_many(kept, monkeypatch):
    monkeypatch.setattr(keeping, "_PARTS", 3)
    for number in range(5):
        load(kept, [source(f"e{number}", TENURE.format("d", "y", 70 + number, "held", "two"))])
        forget(kept, [document_iri("d")]) if number == 3 else None
        assert said(edges_of(kept)) == said(anew(kept))
    assert len(json.loads((table_directory(kept) / "table.json").read_bytes())["parts"]) <= 3


def test_after_a_judgement_the_table_is_built_anew(kept):
    load(kept, [source("p", "\n".join(PERSON.format(name, "s") for name in PEOPLE))])
    edges_of(kept)
    judge(kept, *(URIRef(f"{PREFIXES['person']}{name}") for name in "ab"), "same", reason="test", by="test")
    table = edges_of(kept)
    assert table.origin == "built"
    assert said(table) == said(anew(kept))


@pytest.mark.parametrize("harm", ["cut", "missing", "record", "no record", "other vocabulary", "other store", "bytes"])
def test_a_table_that_is_not_sound_is_built_anew(kept, harm):
    directory, before = table_directory(kept), said(edges_of(kept))
    [file] = directory.glob("*-edges.parquet")
    record = directory / "table.json"
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif harm == "bytes":
        file.write_bytes(bytes(file.stat().st_size))
    elif harm == "missing":
        file.unlink()
    elif harm == "record":
        record.write_bytes(record.read_bytes()[:-20])
    elif harm == "no record":
        record.unlink()
    else:
        name = "fingerprint" if harm == "other vocabulary" else "stamp"
        record.write_text(json.dumps(json.loads(record.read_bytes()) | {name: "another"}))
    with reopened(kept) as again:
        assert edges_of(again).origin == "built"
        assert said(edges_of(again)) == before


def test_a_damaged_part_does_not_stop_a_refresh(kept):
    load(kept, [source("e", TENURE.format("d", "y", 70, "held", "two"))])
    [file] = table_directory(kept).glob("*-edges.parquet")
    file.unlink()
    assert edges_of(kept).origin == "built"
    assert said(edges_of(kept)) == said(anew(kept))


def test_who_cannot_write_asks_a_table_in_memory(kept, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (table_directory(kept) / "table.json").unlink()
    monkeypatch.setattr(Path, "mkdir", refuse)
    with reopened(kept) as again:
        assert edges_of(again).origin == ""
        assert said(edges_of(again)) == said(anew(again))


def test_many_may_ask_for_a_table_that_is_not_there(kept):
    (table_directory(kept) / "table.json").unlink()
    stores = [reopened(kept) for _ in range(4)]
    found: list[EdgeTable] = []
    threads = [Thread(target=lambda store=store: found.append(edges_of(store))) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(table.origin for table in found) == ["built", "kept", "kept", "kept"]
    for store in stores:
        store.close()


def test_a_backup_has_the_table_too(kept, tmp_path):
    kept.backup(tmp_path / "copy")
    with OxigraphStore(tmp_path / "copy") as copy:
        assert edges_of(copy).origin == "kept"
        assert said(edges_of(copy)) == said(edges_of(kept))


def test_a_store_that_was_restored_has_the_table_of_what_it_holds_now(kept, tmp_path):
    kept.backup(tmp_path / "copy")
    load(kept, [source("e", TENURE.format("d", "y", 70, "held", "two"))])
    edges_of(kept)
    kept.restore(tmp_path / "copy")
    assert said(edges_of(kept)) == said(anew(kept))


def test_standings_are_those_of_the_vocabulary():
    assert STANDINGS == ("held", "planned", "denied", "claimed", "other")

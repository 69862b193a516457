"""What is large is loaded, replaced and taken back in bulk, and comes to the same as what is small."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import URIRef

from diplograph.errors import InputError, StoreError
from diplograph.graph.content import Content
from diplograph.graph.oxigraph import OxigraphStore, bulk, canonical, tidying
from diplograph.graph.store import LOADS, Derived
from diplograph.graph.verification import verification
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

A, B, C, D, E = (document_iri(name) for name in "abcde")
TYPE, DG = PREFIXES["rdf"] + "type", PREFIXES["dg"]
HELD = f"{PREFIXES['realis']}held"


def tenures(number: int, *, start: int = 0, blank: bool = False) -> bytes:
    """So many tenures of ten people; facts and people are blank nodes if told, and told apart by the posts."""

    def node(name: str) -> str:
        return f"_:{name}" if blank else f"<http://example.org/{name}>"

    return "".join(
        f"{node(f'fact{n}')} <{TYPE}> <{DG}Tenure> .\n"
        f"{node(f'fact{n}')} <{DG}person> {node(f'person{n % 10}')} .\n"
        f"{node(f'fact{n}')} <{DG}post> <http://example.org/post{n}> .\n"
        f"{node(f'fact{n}')} <{DG}realis> <{HELD}> .\n"
        for n in range(start, start + number)
    ).encode()


def half(fact: int, person: str) -> bytes:
    """One more person who is said to have the tenure of a number."""
    return f"<http://example.org/fact{fact}> <{DG}person> <http://example.org/{person}> .\n".encode()


def derived(numbers: range) -> Derived:
    """What follows from the tenures of these numbers."""
    shortcuts = (
        f"<http://example.org/person{n % 10}> <{DG}holdsPost> <http://example.org/post{n}> .\n" for n in numbers
    )
    return Derived({f"<http://example.org/fact{n}>" for n in numbers}, "".join(shortcuts).encode())


def put(store: OxigraphStore, document: URIRef, ntriples: Content) -> list[int]:
    heard: list[int] = []
    with store.writing() as writer:
        writer.put(document, ntriples, lambda _, done, total: heard.extend((done, total)))
    return heard


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """From here on, a few statements are much."""
    with monkeypatch.context() as patch:
        for name, value in (("_BULK", 1000), ("_MANY", 20), ("PIECE", 5000)):
            patch.setattr(bulk, name, value)
        yield patch


@pytest.fixture(params=["in memory", "on disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> OxigraphStore:
    return OxigraphStore(None if request.param == "in memory" else tmp_path / "store")


def content(store: OxigraphStore) -> dict[URIRef | None, bytes]:
    view = store.view()
    return {graph: canonical(view.ntriples(graph)) for graph in (None, *view.graphs())}


@pytest.mark.parametrize("blank", [False, True])
def test_loading_in_bulk_comes_to_the_same(store: OxigraphStore, blank: bool, large: pytest.MonkeyPatch) -> None:
    put(store, A, tenures(100, blank=blank))
    put(store, B, tenures(3, start=99, blank=blank))
    large.undo()
    plain = OxigraphStore()
    put(plain, A, tenures(100, blank=blank))
    put(plain, B, tenures(3, start=99, blank=blank))
    assert content(store) == content(plain)
    assert verification(store).sound


def test_progress_is_told_by_bytes(store: OxigraphStore, large: pytest.MonkeyPatch) -> None:
    ntriples = tenures(100)
    heard = put(store, A, ntriples)
    assert len(heard) > 10
    assert heard[1::2] == [len(ntriples)] * (len(heard) // 2)
    assert heard[::2] == sorted(set(heard[::2]))
    assert heard[-2] == len(ntriples)


@pytest.mark.parametrize("blank", [False, True])
def test_a_large_document_is_replaced_and_taken_back_with_its_shortcuts(
    store: OxigraphStore, blank: bool, large: pytest.MonkeyPatch
) -> None:
    put(store, B, tenures(5, start=98, blank=blank))
    with store.writing() as writer:
        writer.note(b"<http://example.org/b> <http://example.org/p> <http://example.org/o> .\n", about=B)
    only_b = content(store)
    put(store, A, tenures(100, blank=blank))
    put(store, A, tenures(90, start=20, blank=blank))
    assert verification(store).sound
    assert store.view().size(A) == 360
    with store.writing() as writer:
        writer.remove(A)
    assert content(store) == only_b
    assert LOADS in store.view().graphs()


def test_documents_of_one_change_see_one_another(store: OxigraphStore, large: pytest.MonkeyPatch) -> None:
    lines = tenures(100).splitlines(keepends=True)
    with store.writing() as writer:
        writer.put(A, b"".join(lines[::2]))
        writer.put(B, b"".join(lines[1::2]))
        assert verification(writer.view()).sound
        writer.put(B, b"".join(lines[1::4]))
        writer.remove(A)
    assert verification(store).sound
    assert store.view().size() == store.view().size(B) == 100


def test_a_document_delivered_in_pieces_comes_to_the_same(store: OxigraphStore, large: pytest.MonkeyPatch) -> None:
    lines = tenures(200).splitlines(keepends=True)
    with store.writing() as writer:
        long, short = writer.delivery(A), writer.delivery(B)
        for start in range(0, len(lines), 7):
            long.write(b"".join(lines[start : start + 7]))
        short.write(tenures(3, start=199))
        short.close()
        long.close()
        assert verification(writer.view()).sound
    large.undo()
    plain = OxigraphStore()
    put(plain, A, tenures(200))
    put(plain, B, tenures(3, start=199))
    assert content(store) == content(plain)
    assert verification(store).sound


@pytest.mark.parametrize("length", [3, 200])
def test_what_follows_from_a_delivery_need_not_be_sought_but_in_other_documents(
    store: OxigraphStore, length: int, large: pytest.MonkeyPatch
) -> None:
    looked_at: list[object] = []
    large.setattr(bulk, "derive", looked_at.append)
    put(store, B, half(1, "before"))
    with store.writing() as writer:
        first, second = writer.delivery(A), writer.delivery(C)
        for number in range(length):
            first.write(tenures(1, start=number))
            second.write(tenures(1, start=number + length))
        writer.put(D, half(2, "meanwhile"))
        for delivery, numbers in ((first, range(length)), (second, range(length, 2 * length))):
            delivery.end(derived(numbers))
            delivery.close()
        writer.put(E, half(length, "afterwards"))
        assert verification(writer.view()).sound
    assert not looked_at
    assert verification(store).sound
    merged = store.view().ntriples()
    for fact, person in ((1, "before"), (2, "meanwhile"), (length, "afterwards")):
        assert f"<http://example.org/{person}> <{DG}holdsPost> <http://example.org/post{fact}>".encode() in merged


def test_a_delivered_document_may_be_replaced_in_the_same_change(
    store: OxigraphStore, large: pytest.MonkeyPatch
) -> None:
    with store.writing() as writer:
        replaced = writer.delivery(C)
        replaced.write(tenures(3))
        replaced.end(derived(range(3)))
        replaced.close()
        writer.put(C, half(4, "instead"))
        delivery = writer.delivery(A)
        delivery.write(tenures(200, start=3))
        delivery.end(derived(range(3, 203)))
        delivery.close()
        assert verification(writer.view()).sound
    assert verification(store).sound
    assert (
        f"<http://example.org/instead> <{DG}holdsPost> <http://example.org/post4>".encode() in store.view().ntriples()
    )


def test_only_what_merges_table_files_steps_back(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    changed: dict[str, int] = {}

    def note(kind: int, thread: int, nice: int) -> None:
        assert kind == os.PRIO_PROCESS
        changed[Path(f"/proc/self/task/{thread}/comm").read_text()] = nice

    large.setattr(os, "setpriority", note)
    large.setattr(os, "getpriority", lambda *_: 3)
    put(OxigraphStore(tmp_path / "store"), A, tenures(100))
    assert {name.strip().rstrip("0123456789"): nice for name, nice in changed.items()} == {"rocksdb:low": 8}
    changed.clear()
    large.setattr(os, "getpriority", lambda _, thread: 8 if thread else 3)
    put(OxigraphStore(tmp_path / "again"), A, tenures(100))
    assert not changed


@pytest.mark.parametrize("lacks", ["threads to be seen", "the right"])
def test_where_nothing_can_step_back_the_load_is_the_same(
    tmp_path: Path, lacks: str, large: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    large.setattr(os, "setpriority", refuse)
    if lacks == "threads to be seen":
        large.setattr(tidying, "_THREADS", tmp_path / "missing")
    store = OxigraphStore(tmp_path / "store")
    put(store, A, tenures(100))
    assert verification(store).sound


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, InputError])
def test_a_delivery_that_is_cut_short_loads_nothing(
    store: OxigraphStore, interruption: type[BaseException], large: pytest.MonkeyPatch
) -> None:
    put(store, B, tenures(3))
    before = content(store)

    def cut_short() -> None:
        with store.writing() as writer:
            delivery = writer.delivery(A)
            for start in range(100):
                delivery.write(tenures(20, start=20 * start))
            raise interruption

    with pytest.raises(interruption):
        cut_short()
    assert content(store) == before
    put(store, A, tenures(1))
    assert store.view().size(A) == 4


def test_a_delivery_that_is_no_ntriples_loads_nothing(store: OxigraphStore, large: pytest.MonkeyPatch) -> None:
    def delivered() -> None:
        with store.writing() as writer:
            delivery = writer.delivery(A)
            for _ in range(2):
                delivery.write(tenures(50) + b"<http://example.org/a> is no statement\n")
            delivery.close()

    with pytest.raises(SyntaxError):
        delivered()
    assert store.view().graphs() == ()


def test_what_goes_wrong_with_the_disk_during_a_delivery_is_the_stores_error(
    tmp_path: Path, large: pytest.MonkeyPatch
) -> None:
    store = OxigraphStore(tmp_path / "store")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    large.setattr(bulk.Load, "_bulk_load", full)

    def delivered() -> None:
        with store.writing() as writer:
            delivery = writer.delivery(A)
            for start in range(100):
                delivery.write(tenures(20, start=20 * start))

    with pytest.raises(StoreError, match="cannot be written: No space left"):
        delivered()
    assert store.view().graphs() == ()


def test_what_is_no_ntriples_loads_nothing(store: OxigraphStore, large: pytest.MonkeyPatch) -> None:
    put(store, A, tenures(10))
    before = content(store)
    with pytest.raises(SyntaxError):
        put(store, A, tenures(100) + b"<http://example.org/a> is no statement\n")
    with pytest.raises(SyntaxError, match="IRI"):
        put(store, A, tenures(100) + b"<no iri> <http://example.org/p> <http://example.org/o> .\n")
    assert content(store) == before


def test_a_file_that_is_gone_loads_nothing(store: OxigraphStore, tmp_path: Path) -> None:
    put(store, A, tenures(1))
    with pytest.raises(InputError, match=r"gone\.nt: it cannot be read"):
        put(store, A, tmp_path / "gone.nt")
    assert store.view().size(A) == 4


def test_a_file_with_blank_nodes_has_them_alike_in_both_graphs(
    store: OxigraphStore, large: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.nt").write_bytes(tenures(100, blank=True))
    put(store, A, tmp_path / "a.nt")
    assert verification(store).sound


def test_a_store_is_compact_after_a_large_load(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    place = tmp_path / "store"
    put(OxigraphStore(place), A, tenures(300))
    [generation] = [path for path in place.iterdir() if path.is_dir()]
    # About one file for each order in which the engine keeps statements; there are twenty and more otherwise.
    assert len(list(generation.glob("*.sst"))) <= 16

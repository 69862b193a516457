"""The index of names: it finds what reading all names would find, and never what is no longer there."""

from __future__ import annotations

import contextlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph.errors import InputError, NotFoundError
from diplograph.graph.entities import Names, kind_called
from diplograph.graph.loading import Source, forget, load
from diplograph.graph.misspellings import nearest
from diplograph.graph.names import NameIndex
from diplograph.graph.naming import FILE, NameRow, index_in_memory, rows_in_tsv, write_changed_index, write_index
from diplograph.graph.opening import open_store
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import folded
from diplograph.ontology.terms import DG

NewSource = Callable[[str, str], Source]

WORDS = st.text("abcéЯ '-\"*", min_size=1, max_size=5)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
WORLDS = st.lists(st.tuples(st.integers(0, 7), st.sampled_from((0, 0, 1, 3, 5)), NAMES), max_size=25)


def rows(world: list[tuple[int, int, str]]) -> list[NameRow]:
    return [NameRow(f"https://example.org/{number}", rank, "en", text) for number, rank, text in world]


def scanned(world: list[tuple[int, int, str]], text: str) -> list[str]:
    """What reading all names finds, best match first."""
    names: dict[str, list[str]] = {}
    labels: dict[str, tuple[int, str]] = {}
    for entity, rank, _, name in rows(world):
        names.setdefault(entity, []).append(folded(name))
        labels[entity] = min(labels.get(entity, (3, f"<{entity}>")), (rank, name) if rank < 3 else (3, f"<{entity}>"))
    scores = {entity: max(score(key, text) for key in keys) for entity, keys in names.items()}
    if len(text) < 3 and any(found > 1 for found in scores.values()):
        scores = {entity: found for entity, found in scores.items() if found > 1}
    found = [entity for entity in names if scores.get(entity)]
    return sorted(found, key=lambda e: (-scores[e], len(labels[e][1]), labels[e][1], e))


def score(key: str, text: str) -> int:
    words, parts = text.split(), key.split()
    if not words or not key:
        return 0
    if key == text:
        return 5
    if key.startswith(text):
        return 4
    if all(word in parts for word in words):
        return 3
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    return 1 if text in key else 0


@settings(deadline=None, max_examples=150)
@given(WORLDS, NAMES)
def test_the_index_finds_what_reading_all_names_finds(world: list[tuple[int, int, str]], text: str) -> None:
    index, key = index_in_memory(rows(world)), folded(text)
    expected = scanned(world, key)
    assert [named.entity for named in index.containing(key)] == expected
    assert index.count(key) == len(expected)
    assert {named.entity for named in index.called(key)} == {
        r.entity for r in rows(world) if key and folded(r.text) == key
    }


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORLDS, WORLDS, NAMES)
def test_a_changed_index_is_as_one_written_anew(
    tmp_path: Path, before: list[tuple[int, int, str]], change: list[tuple[int, int, str]], text: str
) -> None:
    earlier, later = tmp_path / "earlier", tmp_path / "later"
    for path in (earlier, later):
        path.unlink(missing_ok=True)
    write_index(earlier, rows(before))
    touched = {number for number, _, _ in change} | {0}
    write_changed_index(later, earlier, rows(change), {f"https://example.org/{number}" for number in touched})
    world = [row for row in before if row[0] not in touched] + change
    index = NameIndex.opened(later)
    assert index is not None
    assert [named.entity for named in index.containing(folded(text))] == scanned(world, folded(text))
    assert [named.entity for named in index.containing("a")] == scanned(world, "a")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", '"', '""', "*", "a*", "NEAR", "NEAR(ann lind)", "-ann", "ann AND", "OR", "^", "name:ann", "("),
        *("%", "_", "\x00", "\udcff", "'; DROP TABLE name", "ann " * 5000, " ".join(f"w{n}" for n in range(400))),
        "a" * 70_000,
    ],
)
def test_no_text_is_taken_for_a_command(store: Store, new_source: NewSource, text: str) -> None:
    load(store, [new_source("a", 'person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en .')])
    names = Names(store.view())
    assert {name.label for name in names.containing(text)} <= {"Ann Lind"}
    assert {name.label for name in names.near(text)} <= {"Ann Lind"}
    assert names.count(text) == len(names.containing(text))
    with pytest.raises((NotFoundError, InputError)):
        names.entity(text)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Ceyhun Bayramov", "Jeyhun Bayramov"),
        ("Jeyhun Bayramow", "Ceyhun Bayramov"),
        ("Джейхун Байрамов", "Jeyhun Bayramov"),
        ("Timofeyev", "Ivan Timofeev"),
        ("Тимофеев", "Ivan Timofeev"),
        ("Geidar Aliev", "Heydar Aliyev"),
        ("Гейдар Алиев", "Heydar Aliyev"),
        ("Gorbachov", "Mikhail Gorbachev"),
        ("Gorbatschow", "Mikhail Gorbachev"),
        ("Mikhail Gorbachev", "Михаил Горбачёв"),
        ("Zelensky", "Volodymyr Zelenskyy"),
        ("Selenskyj", "Volodymyr Zelenskyy"),
        ("Vladimir Zelenski", "Volodymyr Zelenskyy"),
        ("Muhammad Khatami", "Mohammed Khatami"),
        ("Gaddafi", "Muammar Qaddafi"),
        ("Kadhafi", "Muammar Qaddafi"),
        ("Jelzin", "Boris Yeltsin"),
        ("Schewardnadse", "Eduard Shevardnadze"),
        ("Papandreou", "Γιώργος Παπανδρέου"),
        ("Saakaschwili", "Mikheil Saakashvili"),
        ("Azerbajdzhan", "Azerbaijan"),
        ("Mihkail Gorbahcev", "Mikhail Gorbachev"),
        ("Sergei Wiktorowitsch Lawrow", "Sergey Lavrov"),
    ],
)
def test_a_name_spelled_otherwise_finds_its_person_and_is_never_taken_for_it(asked: str, name: str) -> None:
    others = ["Ann Lind", "Qatar", "Hector Garcia", "Maria Sanchez", "Germany", "Ivan Petrov", "Ali Hassan"]
    index = index_in_memory(rows([(number, 0, text) for number, text in enumerate([name, *others])]))
    assert [named.name for named in nearest(index, folded(asked), 3)][:1] == [name]
    assert not index.called(folded(asked))
    if asked not in name:
        assert not list(index.containing(folded(asked)))


@pytest.mark.parametrize("text", ["Ruritania", "Xavier Quince", "Ann Smith", "zzzz", "Bob"])
def test_what_is_like_nothing_finds_nothing(text: str) -> None:
    index = index_in_memory(
        rows([(n, 0, name) for n, name in enumerate(["Ann Lind", "John Smith", "Romania", "Russia"])])
    )
    assert nearest(index, folded(text), 5) == []


def test_a_name_that_was_not_written_so_is_listed_as_near(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", 'person:j a dg:Person ; skos:prefLabel "Jeyhun Bayramov"@en .')])
    with pytest.raises(NotFoundError, match=r"called 'Ceyhun Bayramov'\. Names near it: Jeyhun Bayramov"):
        Names(store.view()).entity("Ceyhun Bayramov")
    assert Names(store.view()).near("Ceyhun Bayramov", [DG.State]) == []


def found(store: Store, text: str) -> list[str]:
    return [name.label for name in Names(store.view()).containing(text)]


def test_every_change_of_a_store_is_found_at_once(store: Store, new_source: NewSource) -> None:
    many = "".join(f'person:p{n} a dg:Person ; skos:prefLabel "Someone Number{n}"@en .\n' for n in range(40))
    load(store, [new_source("many", many)])
    load(store, [new_source("a", 'person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en ; skos:altLabel "Lindy" .')])
    load(store, [new_source("b", 'person:ann skos:altLabel "Nan" . person:p1 skos:altLabel "Ann the Second" .')])
    assert found(store, "ann") == ["Ann Lind", "Someone Number1"]
    assert found(store, "lindy") == found(store, "nan") == ["Ann Lind"]
    load(store, [new_source("a", 'person:ann a dg:Person ; skos:prefLabel "Anna Lind"@en .')])
    assert found(store, "nan") == ["Anna Lind"]
    assert found(store, "lindy") == []
    with contextlib.suppress(ZeroDivisionError), store.writing() as writer:
        source = new_source("c", 'person:c a dg:Person ; skos:prefLabel "Carl"@en .')
        writer.put(source.document, source.ntriples)
        assert [name.label for name in Names(writer.view()).containing("carl")] == ["Carl"]
        raise ZeroDivisionError
    assert found(store, "carl") == []
    forget(store, [new_source("b", "").document])
    assert found(store, "second") == found(store, "nan") == []
    assert found(store, "anna lind") == ["Anna Lind"]
    forget(store, [new_source("many", "").document])
    assert found(store, "someone") == []


def test_a_store_keeps_its_index_in_backups_and_without_one_does_as_well(tmp_path: Path, new_source: NewSource) -> None:
    ann = new_source("a", 'person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en .')
    place, copy = tmp_path / "store", tmp_path / "copy"
    with OxigraphStore(place) as store:
        load(store, [ann])
        store.backup(copy)
    [index] = copy.glob(f"*/{FILE}")
    with OxigraphStore(copy) as store:
        assert found(store, "lind") == ["Ann Lind"]
    for damage in (index.unlink, lambda: index.write_bytes(b"no index"), lambda: index.write_bytes(b"")):
        damage()
        with OxigraphStore(copy) as store:
            assert found(store, "lind") == ["Ann Lind"]
    with OxigraphStore(copy) as store:
        load(store, [new_source("b", 'person:b a dg:Person ; skos:prefLabel "Bo"@en .')])
        assert found(store, "bo") == ["Bo"]
        assert found(store, "lind") == ["Ann Lind"]
    assert NameIndex.opened(copy / "000002" / FILE) is not None


def test_a_store_that_may_not_be_written_is_searched(tmp_path: Path, new_source: NewSource) -> None:
    place = tmp_path / "store"
    with OxigraphStore(place) as store:
        load(store, [new_source("a", 'person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en .')])
    for path in [*place.rglob("*"), place]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        with open_store(place) as store:
            assert found(store, "lind") == ["Ann Lind"]
    finally:
        for path in [place, *place.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
    shutil.rmtree(place)


def test_another_process_finds_what_its_state_holds_while_this_one_writes(
    tmp_path: Path, new_source: NewSource
) -> None:
    place = tmp_path / "store"
    script = (
        "import sys; from diplograph import open_store; from diplograph.graph.entities import Names\n"
        "print([n.label for n in Names(open_store(sys.argv[1]).view()).containing('lind')])"
    )

    def elsewhere() -> str:
        return subprocess.run([sys.executable, "-c", script, place], capture_output=True, text=True, check=True).stdout

    with OxigraphStore(place) as store, OxigraphStore(place) as other:
        load(store, [new_source("a", 'person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en .')])
        with store.writing() as writer:
            source = new_source("b", 'person:bo a dg:Person ; skos:prefLabel "Bo Lind"@en .')
            writer.put(source.document, source.ntriples)
            assert elsewhere() == "['Ann Lind']\n"
        assert elsewhere() == "['Bo Lind', 'Ann Lind']\n"
        assert found(other, "lind") == []


def test_names_in_tsv_are_read_as_they_are() -> None:
    tsv = "?entity\t?rank\t?name\n"
    tsv += '<urn:a>\t"0"\t"a\\tb\\\\n\\"\\r\\n"@en-GB\n<urn:b>\t"3"\t5\n<urn:c>\t"3"\t"x"^^<urn:t>\n'
    assert list(rows_in_tsv(tsv.encode())) == [
        NameRow("urn:a", 0, "en-GB", 'a\tb\\n"\r\n'),
        NameRow("urn:b", 3, "", "5"),
        NameRow("urn:c", 3, "", "x"),
    ]


def test_a_kind_is_called_by_its_label_or_identifier() -> None:
    assert kind_called("think tank") == kind_called("ThinkTank") == URIRef(DG.ThinkTank)
    with pytest.raises(InputError, match=r"no kind 'Persn'\. Use Person"):
        kind_called("Persn")
    with pytest.raises(InputError, match="such as Person"):
        kind_called("qqqq")

"""A store on disk: what is in its directory, who may write, and what an accident leaves behind."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import URIRef

from diplograph.errors import StoreError, StoreLockedError, StoreVersionError
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.oxigraph.generations import LAYOUT, Generations
from diplograph.ontology.identifiers import document_iri

A, B = document_iri("a"), document_iri("b")


# Builders


def put(place: Path, document: URIRef = A, number: int = 1) -> None:
    store = OxigraphStore(place)
    with store.writing() as writer:
        writer.put(document, b"".join(b"<x:s%d> <x:p> <x:o> .\n" % n for n in range(number)))
    store.close()


def size(place: Path) -> int:
    store = OxigraphStore(place)
    found = store.view().size()
    store.close()
    return found


def everything(place: Path) -> dict[str, bytes]:
    """Each file that a reader needs, with what it holds."""
    record = json.loads((place / "diplograph.json").read_bytes())
    files = [place / "diplograph.json", *(place / record["generation"]).iterdir()]
    return {str(file.relative_to(place)): file.read_bytes() for file in files}


def generations(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir() if path.is_dir() and path.suffix != ".draft")


def python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run code in another process, with the names that these tests use."""
    head = (
        "import os, sys\nfrom pathlib import Path\nfrom diplograph.graph.oxigraph import OxigraphStore\n"
        "from diplograph.ontology.identifiers import document_iri\nplace = Path(sys.argv[1])\n"
    )
    command = [sys.executable, "-c", head + code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with one document of one statement."""
    put(tmp_path / "store")
    return tmp_path / "store"


# The directory


def test_a_store_is_a_record_a_lock_and_a_generation(place: Path) -> None:
    assert json.loads((place / "diplograph.json").read_bytes()) == {"layout": LAYOUT, "generation": "000001"}
    assert {path.name for path in place.iterdir()} <= {"diplograph.json", "lock", "000001", "000001.readers"}


def test_generations_that_nobody_reads_are_cleared(place: Path) -> None:
    for number in range(5):
        put(place, number=number + 1)
    assert size(place) == 5
    assert generations(place)[-1] == "000006"
    assert len(generations(place)) <= 2


def test_a_generation_is_kept_while_it_is_read(place: Path) -> None:
    reader = OxigraphStore(place)
    for number in (2, 3, 4):
        put(place, number=number)
    assert reader.view().size() == 1
    assert reader.view().ntriples(A) == b"<x:s0> <x:p> <x:o> .\n"
    assert "000001" in generations(place)
    reader.close()
    put(place, number=5)
    assert "000001" not in generations(place)


def test_a_view_outlives_what_its_own_store_writes(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    with store.writing() as writer:
        writer.put(A, b"".join(b'<x:s%d> <x:p> "%s" .\n' % (n, b"x" * 200) for n in range(2000)))
    view = store.view()
    for _ in range(3):
        with store.writing() as writer:
            writer.remove(A)
            writer.put(B, b"<x:s> <x:p> <x:o> .\n")
    assert view.size() == len(view.ntriples().splitlines()) == 2000
    assert store.view().size() == 1
    store.close()


@pytest.mark.parametrize("name", ["notes.txt", "data/", "2023/", "2022.csv", ".git/", "000001.txt", "²"])
def test_a_directory_with_something_else_is_no_store(tmp_path: Path, name: str) -> None:
    thing = tmp_path / name
    inside = thing / "inside" if name.endswith("/") else thing
    inside.parent.mkdir(exist_ok=True)
    inside.write_text("precious", encoding="utf-8")
    with pytest.raises(StoreError, match=r"is no Diplograph store: it has no diplograph\.json"):
        put(tmp_path)
    assert inside.read_text(encoding="utf-8") == "precious"
    assert [path.name for path in tmp_path.iterdir()] == [thing.name]


def test_what_is_not_of_the_store_is_never_cleared_away(place: Path) -> None:
    (place / "2023").mkdir()
    (place / "2023" / "notes").write_text("precious", encoding="utf-8")
    put(place, B)
    put(place, B)
    assert (place / "2023" / "notes").read_text(encoding="utf-8") == "precious"


def test_an_empty_directory_will_do(tmp_path: Path) -> None:
    put(tmp_path)
    assert size(tmp_path) == 1


def test_a_file_in_the_place_of_the_directory_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match=r"is a file and no Diplograph store"):
        put(tmp_path / "file")


def test_a_store_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="No store can be made at"):
        put(tmp_path / "file" / "store")


def test_a_directory_that_cannot_be_written_is_still_read(place: Path) -> None:
    # As after chmod: this holds for whoever runs the tests, root too.
    (place / "lock").unlink()
    (place / "lock").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        put(place)
    assert size(place) == 1


# The record


@pytest.mark.parametrize(
    "record", [b"", b"{", b"\xff\xfe", b'{"layout": 1, "gen', b"null null", b"[" * 100_000], ids=lambda r: str(r[:18])
)
def test_a_damaged_record_is_an_error(place: Path, record: bytes) -> None:
    (place / "diplograph.json").write_bytes(record)
    for use in (size, put):
        with pytest.raises(StoreError, match=r"diplograph\.json is damaged: .*\. Restore the store from a backup"):
            use(place)
    assert (place / "diplograph.json").read_bytes() == record


def test_a_record_that_is_a_directory_is_an_error(place: Path) -> None:
    (place / "diplograph.json").unlink()
    (place / "diplograph.json").mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        size(place)


@pytest.mark.parametrize("layout", [0, 2, "1", None, 1.5, [1], "missing"])
def test_a_store_of_another_layout_is_an_error(place: Path, layout: object) -> None:
    record = {"generation": "000001"} | ({} if layout == "missing" else {"layout": layout})
    (place / "diplograph.json").write_text(json.dumps(record), encoding="utf-8")
    for use in (size, put):
        with pytest.raises(
            StoreVersionError, match=r"reads version 1\. Export it with the version that wrote it"
        ) as it:
            use(place)
        assert (it.value.location, it.value.expected) == (place, LAYOUT)
        assert it.value.found == (None if layout == "missing" else layout)


@pytest.mark.parametrize("record", [[], "1", 1, None])
def test_a_record_that_is_no_record_is_of_no_layout(place: Path, record: object) -> None:
    (place / "diplograph.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(StoreVersionError):
        size(place)


@pytest.mark.parametrize("generation", ["000007", None, "", ".", "..", "../store/000001", 1])
def test_a_generation_that_is_not_there_is_an_error(place: Path, generation: object) -> None:
    (place / "diplograph.json").write_text(json.dumps({"layout": LAYOUT, "generation": generation}), encoding="utf-8")
    for use in (size, put):
        with pytest.raises(StoreError, match=r"lacks its generation .*Restore it from a backup"):
            use(place)


def test_a_damaged_generation_is_an_error(place: Path) -> None:
    (place / "000001" / "CURRENT").write_bytes(b"nonsense")
    with pytest.raises(StoreError, match=r"store'? cannot be read"):
        size(place)
    with pytest.raises(StoreError):
        put(place)


# One writer at a time


def test_a_store_that_another_process_writes_is_locked(place: Path) -> None:
    code = "import fcntl, sys\nlock = open(sys.argv[1], 'ab')\nfcntl.flock(lock, fcntl.LOCK_EX)\n"
    code += "print('held', flush=True)\ninput()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(place / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == b"held\n"
        before = everything(place)
        with pytest.raises(StoreLockedError, match=r"being written by another process.*reading is possible") as caught:
            put(place, B)
        assert caught.value.location == place
        assert size(place) == 1
        assert everything(place) == before
        holder.stdin.write(b"\n")
    put(place, B)


def test_two_stores_of_one_process_take_turns_too(place: Path) -> None:
    one, other = OxigraphStore(place), OxigraphStore(place)
    with one.writing() as writer:
        writer.put(B, b"<x:a> <x:b> <x:c> .\n")
        with pytest.raises(StoreLockedError), other.writing():
            pass
    with other.writing() as writer:
        writer.remove(A)
    assert other.view().graphs() == (B,)
    assert one.view().graphs() == (A, B)


def test_another_process_reads_while_this_one_writes(place: Path) -> None:
    store = OxigraphStore(place)
    with store.writing() as writer:
        writer.put(B, b"<x:a> <x:b> <x:c> .\n")
        reader = python("print(OxigraphStore(place).view().size())", place)
        assert (reader.stdout, reader.stderr) == ("1\n", "")
    assert store.view().size() == 2


def test_a_reader_keeps_its_generation_while_another_process_writes_twice(place: Path) -> None:
    reader = OxigraphStore(place)
    view = reader.view()
    twice = (
        "for name in 'bc':\n"
        "    with OxigraphStore(place).writing() as writer:\n"
        "        writer.put(document_iri(name), b'<x:a> <x:b> <x:%s> .\\n' % name.encode())"
    )
    assert python(twice, place).stderr == ""
    assert view.size() == reader.view().size() == 1
    assert size(place) == 3


def test_a_generation_that_goes_just_before_it_is_held_is_no_loss(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold, late = Generations.held, [True]

    @contextlib.contextmanager
    def held(self: Generations, generation: Path) -> Iterator[None]:
        if late and late.pop():
            for number in (2, 3):
                put(place, number=number)
        with hold(self, generation):
            yield

    monkeypatch.setattr(Generations, "held", held)
    assert size(place) == 3


# Accidents


def test_an_interrupted_change_leaves_every_file_as_it_was(place: Path) -> None:
    def interrupted() -> None:
        with OxigraphStore(place).writing() as writer:
            writer.put(B, b"<x:a> <x:b> <x:c> .\n")
            raise KeyboardInterrupt

    before = everything(place)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert everything(place) == before
    assert generations(place) == ["000001"]
    put(place, B)
    assert size(place) == 1
    assert not list(place.glob("000002.*draft"))


@pytest.mark.parametrize("first", [True, False])
def test_a_process_that_dies_while_writing_leaves_the_store_as_it_was(tmp_path: Path, first: bool) -> None:
    place = tmp_path / "store"
    if not first:
        put(place)
    died = python(
        "with OxigraphStore(place).writing() as w:\n"
        "    w.put(document_iri('b'), b'<x:a> <x:b> <x:c> .\\n' * 1000)\n    os._exit(9)",
        place,
    )
    assert died.returncode == 9, died.stderr
    assert size(place) == (0 if first else 1)
    put(place, number=3)
    assert size(place) == 3
    assert not list(place.glob("*.draft"))


def test_a_disk_that_is_full_leaves_the_store_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = everything(place)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", full)
        with pytest.raises(StoreError, match=r"cannot be written: .*No space left"):
            put(place, B)
    with monkeypatch.context() as patch:
        patch.setattr(json, "dump", full)
        with pytest.raises(StoreError, match=r"cannot be written: .*No space left"):
            put(place, B)
    assert everything(place) == before
    assert generations(place) == ["000001"]


def test_a_file_system_without_links_will_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    put(place, B)
    put(place, A, 2)
    assert size(place) == 2


@pytest.mark.parametrize("published", [False, True])
def test_an_interruption_while_publishing_is_before_or_after_and_never_between(
    place: Path, monkeypatch: pytest.MonkeyPatch, published: bool
) -> None:
    publish = Generations._publish

    def interrupted(self: Generations, generation: Path) -> None:
        if published:
            publish(self, generation)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Generations, "_publish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            put(place, number=2)
    assert size(place) == (2 if published else 1)
    put(place, number=3)
    assert size(place) == 3


def test_a_lock_outlives_no_process(place: Path) -> None:
    with (place / "lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    put(place, B)


# Backups


def test_a_backup_is_a_store_and_can_be_restored(place: Path, tmp_path: Path) -> None:
    store = OxigraphStore(place)
    store.backup(tmp_path / "backup")
    put(place, B, 3)
    assert size(tmp_path / "backup") == 1
    store.restore(tmp_path / "backup")
    assert store.view().graphs() == (A,)
    assert size(place) == 1
    store.close()


def test_what_is_no_store_is_neither_backed_up_nor_restored(place: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="in memory"):
        OxigraphStore().backup(tmp_path / "backup")
    with pytest.raises(StoreError, match="in memory"):
        OxigraphStore().restore(place)
    with pytest.raises(StoreError, match="nothing was ever loaded"):
        OxigraphStore(place).restore(tmp_path / "missing")
    assert size(place) == 1

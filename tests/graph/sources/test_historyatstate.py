"""A repository of the Office of the Historian is told by what it contains, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from diplograph.errors import InputError
from diplograph.graph.sources import historyatstate
from diplograph.graph.sources.intake import Intake

SAMPLES = {
    "pocom": ("missions-countries/x.xml", "<country-mission><territory-id>russia</territory-id></country-mission>"),
    "visits": ("data/1990.xml", "<visits/>"),
    "travels": ("president-travels/x.xml", "<trips/>"),
    "rdcr": ("articles/x.xml", '<TEI xmlns="http://www.tei-c.org/ns/1.0"/>'),
}


def repository(directory: Path, name: str) -> Path:
    file, content = SAMPLES[name]
    path = directory / file
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    return directory


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    (tmp_path / "drafts").mkdir()
    return Intake(tmp_path / "drafts")


def documents(intake: Intake) -> list[str]:
    return [str(finished.draft.document).rpartition("/")[2] for finished in intake.finished]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_repository_is_told_by_what_it_contains(tmp_path: Path, intake: Intake, name: str) -> None:
    historyatstate.read([repository(tmp_path / "any-name", name)], intake)
    assert documents(intake) == [f"historyatstate-{name}"]


def test_a_directory_may_hold_repositories(tmp_path: Path, intake: Intake) -> None:
    for name in SAMPLES:
        repository(tmp_path / "all" / f"{name}-main", name)
    (tmp_path / "all" / "README.md").write_text("Four repositories.")
    (tmp_path / "all" / "other").mkdir()
    historyatstate.read([tmp_path / "all"], intake)
    assert documents(intake) == [f"historyatstate-{name}" for name in SAMPLES]


def test_repositories_are_read_in_one_order_however_they_are_given(tmp_path: Path, intake: Intake) -> None:
    historyatstate.read([repository(tmp_path / name, name) for name in ("rdcr", "visits", "pocom")], intake)
    assert documents(intake) == ["historyatstate-pocom", "historyatstate-visits", "historyatstate-rdcr"]


def test_a_directory_may_be_two_repositories_in_one(tmp_path: Path, intake: Intake) -> None:
    repository(repository(tmp_path / "both", "visits"), "rdcr")
    historyatstate.read([tmp_path / "both"], intake)
    assert documents(intake) == ["historyatstate-visits", "historyatstate-rdcr"]


def test_a_path_that_is_not_there_is_told(tmp_path: Path, intake: Intake) -> None:
    with pytest.raises(InputError, match=r"nowhere: there is no such directory\."):
        historyatstate.read([tmp_path / "nowhere"], intake)


def test_a_file_is_no_directory(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "pocom.tar.gz").write_bytes(b"")
    with pytest.raises(InputError, match=r"pocom\.tar\.gz: there is no such directory\."):
        historyatstate.read([tmp_path / "pocom.tar.gz"], intake)


def test_a_directory_that_is_none_of_them_tells_what_is_wanted(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "empty" / "data").mkdir(parents=True)
    (tmp_path / "empty" / "data" / "table.csv").write_text("a,b")
    (tmp_path / "empty" / "data" / "other.xml").write_text("<visitors/>")
    wanted = r"pocom \(with <country-mission> in missions-countries/\*\.xml\), visits \(with <visits> in data/\*\.xml\)"
    with pytest.raises(InputError, match=rf"none of the repositories {wanted}, "):
        historyatstate.read([tmp_path / "empty"], intake)
    assert intake.finished == []


def test_one_dataset_from_two_places_is_refused(tmp_path: Path, intake: Intake) -> None:
    one, other = repository(tmp_path / "one", "visits"), repository(tmp_path / "other", "visits")
    with pytest.raises(InputError, match=r"other: visits is in .*one too\. Import one of the two\."):
        historyatstate.read([one, other], intake)
    with pytest.raises(InputError, match=r"Import one of the two\."):
        historyatstate.read([tmp_path], intake)
    assert intake.finished == []

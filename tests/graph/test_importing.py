"""Imports: whole or not at all, the same when run again, with a report of what was not understood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import diplograph
from diplograph.errors import InputError
from diplograph.graph.importing import ImportReport, import_records
from diplograph.graph.provenance import documents
from diplograph.graph.store import Store
from diplograph.graph.verification import verification
from diplograph.ontology.identifiers import document_iri

HEAD = "treatyID,Title,Begin,End,Signature,Force,TypeAgree,TypeAmbit,TypeSubject,TitleAlt"
PACT = "AAA-BBB_1950A,Pact On Fish,1950-03-01,,1950-03-01,1951,Agreement,Bilateral,Fishing,"
PARTIES = (
    "stateID,treatyID,Title,Begin,End,Signature,StateSignature,StateRatification,Force,StateForce,StateEnd,Comments"
)
MAP = """
document: {name: envoys, title: Envoys, lastUpdated: 2020-05-01}
facts:
  - class: Tenure
    person: {column: Name, kind: Person}
    post: {text: "Ambassador to {To}", kind: Post}
    from: {column: Start, kind: date}
"""


@pytest.fixture(params=[":memory:", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store in memory or on disk."""
    with diplograph.open_store(request.param if request.param == ":memory:" else tmp_path / "store") as made:
        yield made


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A directory with a treaty, a party that is known, one that is not, and a row that cannot be read."""
    directory = tmp_path / "tables"
    directory.mkdir()
    (directory / "agreements_GGO.csv").write_text(f"{HEAD}\n{PACT}\nbroken,row\n")
    rows = [f"{state},AAA-BBB_1950A,Pact On Fish,,,,1950-03-01,1950-12,,1951,," for state in ("FRA", "QQQ", "QQQ")]
    (directory / "parties_GGO.csv").write_text("\n".join([PARTIES, *rows]) + "\n")
    return directory


def contents(store: Store) -> dict[str, set[bytes]]:
    view = store.view()
    return {str(graph): set(view.ntriples(graph).splitlines()) for graph in view.graphs()}


def test_an_import_says_what_it_did_and_what_it_did_not_understand(store: Store, tables: Path) -> None:
    report = import_records(store, "manytreaties", [tables])
    [imported] = report.documents
    assert (imported.document, imported.outcome) == (document_iri("manytreaties-ggo"), "new")
    assert imported.counts["Partyship"] == 2
    assert report.unresolved == (("party", "QQQ", 1),) or report.unresolved == (("party", "QQQ", 2),)
    assert [(problem.file, problem.record) for problem in report.problems] == [("agreements_GGO.csv", "line 3")]
    told = report.text()
    assert "doc/manytreaties-ggo: new" in told
    assert "party 'QQQ'" in told
    assert "agreements_GGO.csv, line 3" in told
    assert report.as_dict()["unresolved"][0]["words"] == "QQQ"


def test_a_short_report_shows_some_lines_and_counts_the_rest() -> None:
    report = ImportReport((), tuple(("state", f"Atlantis {n}", 1) for n in range(30)), ())
    assert report.text(limit=2).splitlines()[-1] == "  … and 28 more"
    assert len(report.text(limit=None).splitlines()) == 31


def test_the_states_are_loaded_with_the_records_that_name_them(store: Store, tables: Path) -> None:
    import_records(store, "manytreaties", [tables])
    assert document_iri("states") in {record.iri for record in documents(store.view())}
    assert verification(store).sound
    table = diplograph.ask(store, "parties-to", agreement="Pact On Fish")
    assert "France" in [row["party"] for row in table]
    assert table.rows
    assert [row["sources"][0]["record"] for row in table if row["party"] == "France"] == ["line 2"]


def test_an_import_that_is_run_twice_changes_nothing(store: Store, tables: Path) -> None:
    import_records(store, "manytreaties", [tables])
    before = contents(store)
    report = import_records(store, "manytreaties", [tables])
    assert [each.outcome for each in report.documents] == ["unchanged"]
    assert contents(store) == before


def test_an_import_of_newer_records_replaces_the_older(store: Store, tables: Path) -> None:
    import_records(store, "manytreaties", [tables])
    text = (tables / "parties_GGO.csv").read_text()
    (tables / "parties_GGO.csv").write_text(text.replace("FRA", "ITA"))
    report = import_records(store, "manytreaties", [tables])
    assert [each.outcome for each in report.documents] == ["changed"]
    parties = [row["party"] for row in diplograph.ask(store, "parties-to", agreement="Pact On Fish")]
    assert "Italy" in parties
    assert "France" not in parties
    assert verification(store).sound


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_import_leaves_the_store_as_it_was_and_can_be_run_again(
    store: Store, tables: Path, interruption: type[BaseException]
) -> None:
    import_records(store, "manytreaties", [tables])
    before = contents(store)
    (tables / "parties_GGO.csv").write_text((tables / "parties_GGO.csv").read_text().replace("FRA", "ITA"))

    def stop(stage: str, _: int, __: int) -> None:
        if stage.startswith("Loading"):
            raise interruption

    with pytest.raises(interruption):
        import_records(store, "manytreaties", [tables], progress=stop)
    assert contents(store) == before
    assert [each.outcome for each in import_records(store, "manytreaties", [tables]).documents] == ["changed"]


def test_records_are_loaded_while_they_are_read(tmp_path: Path, tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"FRA,AAA-BBB_{year}A,Pact On Fish,,,,,,,{year},," for year in range(1500, 1900)]
    (tables / "parties_GGO.csv").write_text("\n".join([PARTIES, *rows]) + "\n")
    with diplograph.open_store(tmp_path / "whole") as store:
        import_records(store, "manytreaties", [tables])
        expected = contents(store)
    monkeypatch.setattr("diplograph.graph.oxigraph.bulk.PIECE", 20_000)
    monkeypatch.setattr("diplograph.graph.sources.drafts._BATCH", 100)
    with diplograph.open_store(tmp_path / "pieces") as store:
        report = import_records(store, "manytreaties", [tables])
        assert report.documents[0].counts["Partyship"] == 400
        assert verification(store).sound
        assert {graph for graph in expected if "loads" not in graph} <= set(contents(store))
        assert all(contents(store)[graph] == expected[graph] for graph in expected if "loads" not in graph)
        assert [each.outcome for each in import_records(store, "manytreaties", [tables]).documents] == ["unchanged"]


def test_what_is_not_of_the_origin_is_refused_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no origin of records"):
        import_records(store, "elsewhere", [tmp_path])
    for origin in ("historyatstate", "manytreaties", "country-codes"):
        with pytest.raises(InputError):
            import_records(store, origin, [tmp_path / "nowhere"])
    assert store.view().graphs() == ()


def test_a_table_is_asked_by_name_and_another_file_does_not_replace_it_silently(store: Store, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "envoys.csv").write_text(f"Name,To,Start\nAda {name.title()},France,2001-03\n")
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAP)
    import_records(store, "table", [tmp_path / "one" / "envoys.csv"], mapping=mapping)
    [row] = diplograph.ask(store, "holders-of", post="Ambassador to France")
    assert (row["person"], row["from"]) == ("Ada One", "2001-03")
    with pytest.raises(InputError, match="replaced"):
        import_records(store, "table", [tmp_path / "two" / "envoys.csv"], mapping=mapping)
    import_records(store, "table", [tmp_path / "two" / "envoys.csv"], mapping=mapping, replace=True)
    [row] = diplograph.ask(store, "holders-of", post="Ambassador to France")
    assert row["person"] == "Ada Two"

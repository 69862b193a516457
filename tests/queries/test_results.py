"""Tables as people and programs take them: nothing lost, nothing broken, nothing that steers a terminal."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from diplograph import Store, Table, ask, query

A = URIRef("https://w3id.org/diplograph/id/person/a")
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NASTY = "a|b\\|c <img src=x onerror=alert(1)> \x1b[31mred\x1b]0;title\x07 \r\n\u2028next\x85\u202eturned\x9b2J"


def table(*rows: tuple[Node | None, ...], columns: tuple[str, ...] = ("x",), **labels: str) -> Table:
    called = {term: str(term) for row in rows for term in row if term is not None} | {A: labels.get("a", "person:a")}
    return Table(columns, list(rows), called, {})


def text(value: str) -> Table:
    return table((Literal(value),))


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_table_keeps_to_its_width_and_loses_no_word(example: Store, width: int) -> None:
    shown = ask(example, "who-held-post", post="post/minister-of-foreign-affairs-of-azerbaijan", on="2023-02-28").text(
        width
    )
    assert max(map(len, shown.splitlines())) <= width
    for word in ("yes", "characters", "2023-02-28") if width > 60 else ("yes",):
        assert word in shown
    assert not any(line != line.rstrip() for line in shown.splitlines())


@pytest.mark.parametrize("environment", [{"FORCE_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "dumb"}, {"COLUMNS": "20"}])
def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    wide = text("word " * 60)
    plain = wide.text(150)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wide.text(150) == plain
    assert "\x1b" not in plain


def test_rows_are_counted_below() -> None:
    assert table().text().endswith("\n0 rows\n")
    assert text("x").text().endswith("\n1 row\n")
    assert table((Literal("x"),), (Literal("y"),)).text().endswith("\n2 rows\n")


def test_nothing_in_a_label_steers_the_terminal_or_breaks_its_row() -> None:
    shown = table((Literal("left"), Literal(NASTY)), columns=("l", "r")).text(200)
    assert not CONTROLS.search(shown)
    assert len(shown.split("\n")) == len(text("plain").text(200).split("\n"))
    assert "next" in shown


def test_a_markdown_cell_stays_one_cell_and_brings_no_html() -> None:
    lines = text(NASTY).markdown().split("\n")
    assert len(lines) == 4
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", lines[2])) == 2
    assert "<img" not in lines[2]
    assert not CONTROLS.search(lines[2])


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=100, deadline=None)
def test_csv_reads_back_as_it_was(value: str) -> None:
    read = list(csv.reader(io.StringIO(text(value).csv(), newline="")))
    assert read == [["x"], [value]]


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "1,2", '"', "a\nb", ""])
def test_csv_cells_are_data_as_they_are(value: str) -> None:
    assert list(csv.reader(io.StringIO(text(value).csv(), newline=""))) == [["x"], [value]]


def test_tsv_is_csv_with_tabs() -> None:
    read = list(
        csv.reader(io.StringIO(table((Literal("a\tb"), A), columns=("l", "r")).csv("\t"), newline=""), delimiter="\t")
    )
    assert read == [["l", "r"], ["a\tb", "person:a"]]


def test_json_has_iri_and_label_numbers_as_numbers_and_null_for_what_is_unbound() -> None:
    values = (A, Literal(3), Literal(True), Literal("2023", datatype=XSD.gYear), Literal("é"), None, BNode("b"))
    (row,) = json.loads(table(values, columns=tuple("abcdefg"), a="Anna").json())
    assert row == {
        "a": {"label": "Anna", "iri": str(A)},
        "b": 3,
        "c": True,
        "d": "2023",
        "e": "é",
        "f": None,
        "g": "b",
    }


def test_json_is_json_even_for_what_no_number_can_be() -> None:
    def refused(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    odd = table(
        tuple(Literal(n, datatype=XSD.double, normalize=False) for n in ("NaN", "INF", "-INF")), columns=tuple("abc")
    )
    assert json.loads(odd.json(), parse_constant=refused) == [{"a": "NaN", "b": "INF", "c": "-INF"}]


def test_json_has_the_sources_of_each_row(example: Store) -> None:
    (row,) = json.loads(ask(example, "holders-of", post="post/minister-of-foreign-affairs-of-azerbaijan").json())
    (source,) = row["sources"]
    assert source["document"] == "https://w3id.org/diplograph/doc/trend-2023-02-28"
    assert (source["start"], source["end"], source["quote"], source["level"]) == (378, 422, None, "stated")
    assert row["fact"]["iri"].startswith("https://w3id.org/diplograph/id/fact/tenure-")


def test_dicts_have_labels_python_numbers_and_none(example: Store) -> None:
    assert table((A, Literal(3), None), columns=("a", "b", "c"), a="Anna").dicts() == [{"a": "Anna", "b": 3, "c": None}]
    rows = ask(example, "holders-of", post="post/minister-of-foreign-affairs-of-azerbaijan")
    assert list(rows) == rows.dicts()
    assert "fact" not in rows.dicts()[0]
    assert rows.dicts()[0]["sources"][0]["as_of"] == "2023-02-28"


def test_terms_are_rdflib_terms_without_what_is_unbound() -> None:
    assert table((A, None), columns=("a", "b")).terms() == [{"a": A}]


def test_a_data_frame_has_the_rows_under_the_headings(example: Store) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    answer = ask(example, "organisers", event="event/raec-meeting-3")
    frame = answer.dataframe()
    assert tuple(frame.columns) == answer.headings == ("organiser", "source")
    assert frame["organiser"].tolist() == [row["organiser"] for row in answer]
    assert len(table().dataframe()) == 0


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "json", "dicts", "terms", "dataframe"])
def test_an_empty_answer_has_every_form(form: str) -> None:
    empty = table(columns=("a", "fact"))
    assert len(empty) == 0
    assert getattr(empty, form)() is not None
    assert empty.headings == ("a", "source")


def test_a_query_without_variables_has_every_form(example: Store) -> None:
    nothing = query(example, "SELECT * WHERE { }")
    assert isinstance(nothing, Table)
    for form in (nothing.text, nothing.markdown, nothing.csv, nothing.json):
        assert isinstance(form(), str)

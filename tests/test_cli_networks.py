"""Networks on the command line: ties, measures, changes and ways."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from diplograph import cli
from diplograph.errors import DiplographError
from diplograph.viz.measures import MEASURES


@pytest.fixture
def example(packaged: Path) -> str:
    return str(packaged)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.diplograph, arguments)


def done(*arguments: str) -> str:
    found = run(*arguments)
    assert found.exit_code == 0, found.output
    return found.stdout


def test_a_network_without_more_is_what_it_was(example):
    assert done("network", "--store", example).startswith("<?xml")


def test_measures_are_a_table_of_actors(example):
    rows = json.loads(
        done("network", "--store", example, "--measure", "degree", "--measure", "k-core", "--format", "json")
    )
    assert ("Sergey Lavrov", 3, 3) in [(row["actor"]["label"], row["degree"], row["k-core"]) for row in rows]


def test_states_are_tied_by_who_represents_them(example):
    rows = list(csv.DictReader(io.StringIO(done("network", "--store", example, "--of", "states", "--format", "csv"))))
    assert [(row["one"], row["other"], row["weight"]) for row in rows] == [("Azerbaijan", "Russia", "2")]


@pytest.mark.parametrize(("name", "begins"), [("x.graphml", b"<?xml"), ("x.ttl", b"@prefix"), ("x.csv", b"actor,")])
def test_a_file_is_what_its_name_says(example, tmp_path, name, begins):
    out = tmp_path / name
    assert done("network", "--store", example, "--measure", "pagerank", "-o", str(out)) == ""
    assert out.read_bytes().startswith(begins)


def test_ties_at_a_date_are_those_of_that_date(example):
    assert "Lavrov" in done("network", "--store", example, "--tie", "met", "--as-of", "2023-02-28")
    with pytest.raises(DiplographError, match="No two of the people are tied here by met"):
        raise run("network", "--store", example, "--tie", "met", "--as-of", "1999").exception or AssertionError


def test_what_changed_between_two_periods_is_a_table(example):
    periods = ("--between", "2023", "2023", "--compared-with", "2000", "2001")
    rows = json.loads(done("network", "--store", example, "--tie", "met", *periods, "--format", "json"))
    assert {row["change"] for row in rows} == {"new"}
    assert run("network", "--store", example, *periods, "-o", str(Path("x.gexf"))).exit_code == 2


def test_conditions_on_facts_do_not_go_with_ties(example):
    assert run("network", "--store", example, "--of", "states", "--around", "Russia").exit_code == 2
    assert run("network", "--store", example, "--format", "csv").exit_code == 2


def test_long_tables_say_how_to_see_more(example):
    found = run("network", "--store", example, "--tie", "met", "--limit", "2")
    assert "2 rows" in found.stdout
    assert "--limit" in found.stderr


def test_all_measures_are_listed_and_each_can_be_looked_up():
    listed = done("measures")
    assert all(name in listed for name in MEASURES)
    assert "Freeman 1977" in done("measures", "betweenness")


def test_a_way_tells_each_step_and_who_says_so(example, tmp_path):
    told = done("path", "Sergey Lavrov", "Azerbaijan", "--store", example, "-o", str(tmp_path / "way.html"))
    assert told.startswith("Sergey Lavrov to Azerbaijan: 2 steps\n")
    assert "characters" in told
    assert "Lavrov" in (tmp_path / "way.html").read_text(encoding="utf-8")
    steps = json.loads(done("path", "Sergey Lavrov", "Azerbaijan", "--store", example, "--format", "json"))
    assert [step["sources"] != [] for step in steps] == [True, True]

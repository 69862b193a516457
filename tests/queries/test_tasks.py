"""What a worker is asked for, it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from diplograph.errors import QuerySyntaxError
from diplograph.graph.oxigraph import OxigraphDataset
from diplograph.queries.tasks import AnswerQuery

HERE = "http://127.0.0.1:8484/sparql"


def written(task: AnswerQuery, out: Path) -> str:
    task.write(OxigraphDataset({}).view(), out)
    return out.read_text(encoding="utf-8")


def test_relative_iris_of_a_query_are_resolved_against_where_it_is_asked(tmp_path: Path) -> None:
    made = AnswerQuery("CONSTRUCT { <s> </p> <http://x/o> } {}", "ntriples", base=HERE)
    assert written(made, tmp_path / "out") == "<http://127.0.0.1:8484/s> <http://127.0.0.1:8484/p> <http://x/o> .\n"


def test_a_base_of_its_own_comes_first(tmp_path: Path) -> None:
    made = AnswerQuery("BASE <http://y/> SELECT (STR(<s>) AS ?s) {}", "csv", base=HERE)
    assert written(made, tmp_path / "out").split() == ["s", "http://y/s"]


def test_an_error_tells_its_place_in_the_query_as_it_was_asked(tmp_path: Path) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        written(AnswerQuery("SELECT * {", "json", base=HERE), tmp_path / "out")
    assert (caught.value.line, caught.value.column) == (1, 11)

"""Rows are counted right in every format, whatever the values hold and wherever the pieces are cut."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import ResultSyntax
from diplograph.queries.workers.rows import rows_in

SYNTAXES: tuple[ResultSyntax, ...] = get_args(ResultSyntax)
VIEW = OxigraphStore().view()

# What could be taken for the end or the beginning of a row, in one format or another.
LOOKALIKES = [
    "},{",
    '"',
    "\\",
    "{}",
    ",{",
    "[{",
    "}",
    "{",
    ",",
    "[",
    "\n",
    "\r\n",
    "\t",
    "<result>",
    "<",
    ">",
    "a",
    "é",
]
TEXTS = st.lists(st.sampled_from(LOOKALIKES), max_size=6).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=6
)
# A backslash before these, even one that is escaped itself, begins a code point wherever it stands in a query.
VALUES = TEXTS.filter(lambda text: "\\u" not in text and "\\U" not in text)
ROWS = st.integers(0, 3).flatmap(
    lambda width: st.lists(st.tuples(*[st.none() | VALUES for _ in range(width)]), max_size=5)
)


def results(rows: Sequence[Sequence[str | None]], syntax: ResultSyntax) -> bytes:
    """The engine's own results with these rows."""
    names = [f"v{number}" for number in range(len(rows[0]) if rows else 1)]
    cells = (" ".join("UNDEF" if value is None else _quoted(value) for value in row) for row in rows)
    inline = " ".join(f"({row})" for row in cells)
    shown = " ".join(f"?{name}" for name in names) if names else "*"
    return VIEW.serialized(f"SELECT {shown} {{ VALUES ({' '.join(f'?{n}' for n in names)}) {{ {inline} }} }}", syntax)


def _quoted(value: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(character, character) for character in value) + '"'


def counted(text: bytes, syntax: ResultSyntax, cuts: Sequence[int]) -> int:
    rows = rows_in(syntax)
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    for start, end in pairwise(places):
        rows.feed(text[start:end])
    return rows.number


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(rows=ROWS, cuts=st.lists(st.integers(0), max_size=5))
@example(rows=[("},{",), ('"},{"',), ("\\",), ('\\"},{',)], cuts=[])
@example(rows=[("\n",), ('"\n',), ("a\r\nb",)], cuts=[])
@example(rows=[("<result>",), (None,), ("{}",)], cuts=[])
@example(rows=[(), ()], cuts=[])
def test_every_row_is_counted_once(
    syntax: ResultSyntax, rows: Sequence[Sequence[str | None]], cuts: Sequence[int]
) -> None:
    assert counted(results(rows, syntax), syntax, cuts) == len(rows)


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(rows=ROWS)
def test_rows_cut_at_every_byte_are_counted_once(syntax: ResultSyntax, rows: Sequence[Sequence[str | None]]) -> None:
    text = results(rows, syntax)
    assert counted(text, syntax, range(len(text))) == len(rows)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_truth_has_no_row(syntax: ResultSyntax) -> None:
    assert counted(VIEW.serialized("ASK {}", syntax), syntax, []) == 0


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_triples_in_rows_make_no_more_rows(syntax: ResultSyntax) -> None:
    sparql = (
        'SELECT ?a (<<( <http://x/s> <http://x/p> <<( <http://x/s> <http://x/p> "},{" )>> )>> AS ?t) (?t AS ?u) '
        "{ VALUES ?a { 1 UNDEF 2 } }"
    )
    assert counted(VIEW.serialized(sparql, syntax), syntax, []) == 3


@pytest.mark.parametrize("syntax", ["csv", "json"])
@given(rows=ROWS.filter(lambda rows: not rows or len(rows[0]) > 0))
def test_whole_parsers_count_as_many(syntax: ResultSyntax, rows: Sequence[Sequence[str | None]]) -> None:
    text = results(rows, syntax)
    if syntax == "json":
        parsed = len(json.loads(text)["results"]["bindings"])
    else:
        parsed = len(list(csv.reader(io.StringIO(text.decode(), newline="")))) - 1
    assert counted(text, syntax, []) == parsed

"""A document's content is the same in memory and in a file, whatever its blank nodes are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from diplograph.errors import InputError
from diplograph.graph.content import (
    Content,
    digest,
    has_blank_nodes,
    in_graph,
    pieces,
    size,
    statement_count,
    whole,
)

LINES = b"<x:a> <x:p> <x:b> .\n" * 3


@pytest.fixture(params=["in memory", "in a file"])
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[bytes], Content]:
    """Content that is held in either way."""

    def content(data: bytes) -> Content:
        if request.param == "in memory":
            return data
        (tmp_path / "content.nt").write_bytes(data)
        return tmp_path / "content.nt"

    return content


def test_content_is_counted_and_read(held: Callable[[bytes], Content]) -> None:
    content = held(LINES)
    assert (whole(content), size(content), statement_count(content)) == (LINES, 60, 3)


@pytest.mark.parametrize(("length", "lines"), [(1, 1), (19, 1), (20, 2), (21, 2), (40, 3), (1000, 3)])
def test_pieces_are_cut_at_line_ends(held: Callable[[bytes], Content], length: int, lines: int) -> None:
    found = list(pieces(held(LINES), length))
    assert found[0].count(b"\n") == lines
    assert all(piece.endswith(b" .\n") for piece in found)
    assert b"".join(found) == LINES


@pytest.mark.parametrize(
    ("line", "blank"),
    [
        (b"_:b <x:p> <x:o> .", True),
        (b"<x:s> <x:p> _:b .", True),
        (b'<x:s> <x:p> "_:b" .', False),
        (b'<x:s> <x:p> "a _:b ." .', False),
        (b"<x:s_:b> <x:p> <x:o> .", False),
    ],
)
def test_blank_nodes_are_told_from_text(held: Callable[[bytes], Content], line: bytes, blank: bool) -> None:
    assert has_blank_nodes(held(LINES + line + b"\n")) is blank


def test_where_blank_nodes_stand_counts_and_not_what_they_are_called(held: Callable[[bytes], Content]) -> None:
    one, same, other = (
        digest(held(b"_:%s <x:p> _:%s .\n_:%s <x:q> <x:o> .\n" % labels))
        for labels in [(b"a", b"b", b"a"), (b"b", b"x", b"b"), (b"a", b"b", b"b")]
    )
    assert one == same != other


def test_the_digest_is_the_plain_one_where_there_are_no_blank_nodes(held: Callable[[bytes], Content]) -> None:
    # $ printf '<x:a> <x:p> <x:b> .\n' | sha256sum
    expected = "5a3657fdd7da9c4a45639ce60e609728b262f136e5313d27b15567750b33bbee"
    assert digest(held(LINES[:20])) == expected


def test_a_graph_is_named_on_every_line_and_in_no_literal() -> None:
    quads = in_graph(b'<x:a> <x:p> "one .\\n" .\n<x:a> <x:p> <x:b> .\n', "x:g")
    assert quads == b'<x:a> <x:p> "one .\\n" <x:g> .\n<x:a> <x:p> <x:b> <x:g> .\n'


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.nt: it cannot be read"):
        whole(tmp_path / "none.nt")

"""One tree of errors: each is caught by its kind, says what is wrong in a sentence, and carries the facts."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import pytest

from diplograph import errors
from diplograph.cli.program import exit_code
from diplograph.errors import (
    AmbiguousNameError,
    BusyError,
    DiplographError,
    InputError,
    LimitError,
    NotFoundError,
    OutputError,
    ParameterError,
    ParseError,
    QueryError,
    StoreError,
    StoreLockedError,
    StoreMissingError,
    StoreVersionError,
    UnknownQuestionError,
    WorkerError,
)

ALL = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, DiplographError)]


@pytest.mark.parametrize("error", ALL, ids=lambda error: str(error.__name__))
def test_every_error_is_in_the_tree_and_documented(error: type[DiplographError]) -> None:
    assert issubclass(error, DiplographError)
    assert error.__name__.endswith("Error")
    assert inspect.getdoc(error)
    assert error.__doc__ != DiplographError.__doc__ or error is DiplographError


def test_the_roots_are_what_the_exit_codes_tell_apart() -> None:
    roots = {error for error in ALL if error.__base__ is DiplographError}
    assert roots == {InputError, QueryError, NotFoundError, StoreError, LimitError, OutputError}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("x"), 1),
        (ParseError("x", source="a.ttl"), 1),
        (ParameterError("x"), 1),
        (AmbiguousNameError("x", []), 1),
        (UnknownQuestionError("x", []), 1),
        (OutputError("x"), 1),
        (NotFoundError("x"), 3),
        (LimitError("x", limit="seconds", value=1), 4),
        (BusyError("x", limit="waiting", value=1, retry_after=1), 4),
        (StoreError("x"), 5),
        (StoreMissingError(Path("x")), 5),
        (WorkerError("x"), 5),
    ],
)
def test_each_kind_has_itsexit_code(error: DiplographError, code: int) -> None:
    assert exit_code(error) == code


def test_a_parse_error_says_where_as_far_as_that_is_known() -> None:
    assert str(ParseError("no", source="a.ttl")) == "a.ttl: no"
    assert str(ParseError("no", source="a.ttl", line=3)) == "a.ttl, line 3: no"
    error = ParseError("no", source="a.ttl", line=3, column=7)
    assert str(error) == "a.ttl, line 3, column 7: no"
    assert (error.source, error.line, error.column) == ("a.ttl", 3, 7)


def test_messages_name_the_value_and_what_would_be_right() -> None:
    assert "Did you mean a or b?" in str(UnknownQuestionError("x", ["a", "b"]))
    assert "`diplograph questions`" in str(UnknownQuestionError("x", []))
    ambiguous = AmbiguousNameError("x", [("X (Person)", "http://x/1"), ("X (Post)", "http://x/2")])
    assert str(ambiguous).startswith("'x' could be any of 2: X (Person) <http://x/1>; X (Post) <http://x/2>.")
    assert isinstance(ambiguous, ParameterError)
    assert "'s.db'" in str(StoreMissingError(Path("s.db")))
    assert "'s.db'" in str(StoreLockedError(Path("s.db")))
    version = StoreVersionError(Path("s.db"), 9, 1)
    assert (version.found, version.expected) == (9, 1)
    assert "layout version 9" in str(version)


@pytest.mark.parametrize(
    "error",
    [
        InputError("x"),
        ParseError("no", source="a.ttl", line=3),
        UnknownQuestionError("x", ["a"]),
        BusyError("x", limit="waiting", value=1, retry_after=2),
        AmbiguousNameError("x", [("X", "http://x/1")]),
        StoreMissingError(Path("s.db")),
        StoreVersionError(Path("s.db"), 9, 1),
    ],
)
def test_an_error_survives_the_way_between_processes(error: DiplographError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert type(again) is type(error)
    assert str(again) == str(error)

"""Limits are checked when they are made, and say what is to be done when one is broken."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest

from diplograph.errors import InputError
from diplograph.queries.workers import Limits

MIB = 1024 * 1024


@pytest.mark.parametrize("seconds", [0, -1, math.inf, math.nan])
def test_time_is_above_zero_and_ends(seconds: float) -> None:
    with pytest.raises(InputError, match="seconds cannot be kept"):
        Limits(seconds=seconds)


@pytest.mark.parametrize("memory", [0, -1, 64 * MIB - 1])
def test_too_little_memory_is_refused(memory: int) -> None:
    with pytest.raises(InputError, match=r"Give at least 67,108,864\."):
        Limits(memory=memory)


@pytest.mark.parametrize("name", ["rows", "bytes"])
def test_rows_and_bytes_are_not_below_zero(name: str) -> None:
    with pytest.raises(InputError, match=f"-1 {name} cannot be kept"):
        Limits(**{name: -1})  # type: ignore[arg-type]


def test_nothing_but_time_has_to_have_a_limit() -> None:
    Limits(seconds=0.001, memory=None, rows=None, bytes=None)
    Limits(rows=0, bytes=0, memory=64 * MIB)


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_a_broken_limit_is_named_with_its_value(name: str) -> None:
    error = Limits(seconds=7, memory=700 * MIB, rows=7, bytes=7).broken(name)
    assert error.limit == name
    assert error.value == (700 * MIB if name == "memory" else 7)
    assert "7" in str(error)
    assert str(error).count(". ") == 1

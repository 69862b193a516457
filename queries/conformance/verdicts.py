"""What came of a test: it passed, or failed and how, or does not apply and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .terms import Row

Outcome: TypeAlias = Literal["passed", "failed", "inapplicable"]
"""As EARL calls them."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of a test, with what was seen where it failed and the reason where it does not apply."""

    outcome: Outcome
    told: str = ""


PASSED = Verdict("passed")


def failed(told: str) -> Verdict:
    """Return the verdict on a test that failed, with what was seen."""
    return Verdict("failed", told)


def inapplicable(reason: str) -> Verdict:
    """Return the verdict on a test that does not apply."""
    return Verdict("inapplicable", reason)


def difference(wanted: Sequence[Row], found: Sequence[Row]) -> str:
    """Return in what two tables differ, by their first rows that the other has not."""
    missing, extra = [row for row in wanted if row not in found], [row for row in found if row not in wanted]
    return f"{len(found)} rows, expected were {len(wanted)}. Missing: {missing[:3]}. Not expected: {extra[:3]}."

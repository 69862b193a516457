"""Tests of the syntax of queries and updates: what is of the language is taken for it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...errors import QuerySyntaxError
from .manifests import Case
from .verdicts import PASSED, Verdict, failed


@dataclass(frozen=True)
class Language:
    """A language by its name, and by what raises QuerySyntaxError where the text of a test is not of it."""

    title: str
    check: Callable[[Case], None]

    def positive_syntax(self, case: Case) -> Verdict:
        """Return whether a text that is of the language is taken for it, whatever would come of it."""
        try:
            self.check(case)
        except QuerySyntaxError as error:
            return failed(str(error))
        return PASSED

    def negative_syntax(self, case: Case) -> Verdict:
        """Return whether a text that is not of the language is said not to be."""
        try:
            self.check(case)
        except QuerySyntaxError:
            return PASSED
        return failed(f"It was taken for {self.title}.")

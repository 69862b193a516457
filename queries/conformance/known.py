"""What is known of tests before they are run: those that fail, and those that do not apply, each with the reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Known:
    """A reason that some tests share. `origin` tells whose it is; a test that would not end is not `run`."""

    tests: tuple[str, ...]
    reason: str
    origin: str
    run: bool


def known_failures() -> dict[str, Known]:
    """Return what is known of each test that fails, by its IRI."""
    return {test: known for known in failures() for test in known.tests}


def known_inapplicable() -> dict[str, str]:
    """Return the reason why a test does not apply, for each that does not, by its IRI."""
    return {test: _reason(group) for group in _file()["inapplicable"] for test in _tests(group)}


@cache
def failures() -> tuple[Known, ...]:
    """Return the reasons for failures, in the order in which they are listed."""
    return tuple(
        Known(_tests(group), _reason(group), str(group["origin"]), bool(group.get("run", True)))
        for group in _file()["failure"]
    )


def _tests(group: dict[str, Any]) -> tuple[str, ...]:
    return tuple(start + name for start, names in group["tests"].items() for name in names)


def _reason(group: dict[str, Any]) -> str:
    return " ".join(str(group["reason"]).split())


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("known.toml").read_text("utf-8"))

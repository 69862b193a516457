"""The command line opens SERVICE to the hosts that it is told, and to no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STORE = ("--store", ":memory:")
ASKED = "ASK { SERVICE <https://allowed.invalid/> { ?s ?p ?o } }"


def ran(*arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "diplograph", "query", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_nobody_is_asked_unless_named() -> None:
    code, _, said = ran(ASKED, *STORE)
    assert (code, "--allow-service" in said) == (1, True)
    code, _, said = ran(ASKED, *STORE, "--allow-service", "other.invalid")
    assert (code, "at: other.invalid" in said) == (1, True)


@pytest.mark.parametrize("format_", ["table", "json"])
def test_a_host_that_is_named_is_asked(format_: str) -> None:
    allowed = (*STORE, "--allow-service", "allowed.invalid", "--format", format_)
    code, _, said = ran(ASKED, *allowed)
    assert (code, said.startswith("Error: allowed.invalid has no address")) == (5, True)
    code, out, _ = ran(ASKED.replace("SERVICE", "SERVICE SILENT"), *allowed)
    assert (code, out.strip()) == (0, "yes" if format_ == "table" else '{"head":{},"boolean":true}')


def test_it_is_asked_under_a_limit_too(packaged: Path) -> None:
    options = ("--store", str(packaged), "--query-timeout", "20", "--allow-service", "allowed.invalid")
    for sparql in (ASKED, ASKED.replace("ASK", "CONSTRUCT { ?s ?p ?o }")):
        code, _, said = ran(sparql, *options)
        assert (code, "allowed.invalid has no address" in said) == (5, True)


@pytest.mark.parametrize(
    "options",
    [
        ("--allow-service", "*.example.org"),
        ("--allow-service", "example.org/sparql"),
        ("--allow-service", "example.org", "--explain"),
        ("--allow-service", "example.org", "--store", "http://127.0.0.1:1/"),
    ],
)
def test_what_cannot_be_meant_is_an_error_of_the_command_line(options: tuple[str, ...]) -> None:
    code, _, said = ran(ASKED, *STORE, *options)
    assert (code, "--allow-service" in said) == (2, True)

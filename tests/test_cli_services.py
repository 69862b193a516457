"""The command line opens SERVICE, and the fetching of documents, to the hosts that it is told, and to no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORE = ("--store", ":memory:")
ASKED = "ASK { SERVICE <https://allowed.invalid/> { ?s ?p ?o } }"


def ran(*arguments: str, command: str = "query", **environment: str) -> tuple[int, str, str]:
    line, told = [sys.executable, "-m", "diplograph", command, *arguments], {**os.environ, **environment}
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, env=told)
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


class TestDocuments:
    LOAD = "LOAD <https://allowed.invalid/x.ttl> INTO GRAPH doc:x"
    ALLOWED = ("--allow-document", "allowed.invalid")

    def test_none_is_fetched_unless_its_host_is_named(self, tmp_path: Path) -> None:
        code, _, said = ran(self.LOAD, *STORE, command="update")
        assert (code, "unasked" in said, "--allow-document" in said) == (1, True, True)
        code, _, said = ran(self.LOAD, *STORE, "--allow-document", "other.invalid", command="update")
        assert (code, "names: other.invalid" in said) == (1, True)
        file = tmp_path / "x.jsonld"
        file.write_text('{"@context": "https://allowed.invalid/c", "@id": "x:s", "p": 1}')
        code, _, said = ran(str(file), *STORE, command="load")
        assert (code, "<https://allowed.invalid/c>" in said, "--allow-document" in said) == (1, True, True)

    def test_from_a_host_that_is_named_it_is(self, tmp_path: Path) -> None:
        for told in (self.ALLOWED, ()):
            environment = {} if told else {"DIPLOGRAPH_ALLOW_DOCUMENT": "other.invalid allowed.invalid"}
            code, _, said = ran(self.LOAD, *STORE, *told, command="update", **environment)
            assert (code, "x.ttl> cannot be fetched: allowed.invalid has no address" in said) == (5, True)
        file = tmp_path / "x.jsonld"
        file.write_text('{"@context": "https://allowed.invalid/c", "@id": "x:s", "p": 1}')
        code, _, said = ran(str(file), *STORE, *self.ALLOWED, command="load")
        assert (code, "/c> cannot be fetched: allowed.invalid has no address" in said) == (5, True)

    def test_in_silence_the_rest_is_done(self) -> None:
        silent = f"{self.LOAD.replace('LOAD', 'LOAD SILENT')} ; CREATE GRAPH doc:y"
        code, out, _ = ran(silent, *STORE, *self.ALLOWED, command="update")
        assert (code, out) == (0, "https://w3id.org/diplograph/doc/y: new\n")

    FROM = "ASK FROM <https://allowed.invalid/x.ttl> { ?s ?p ?o }"

    def test_a_graph_that_is_not_in_the_store_is_refused_unless_its_host_is_named(self) -> None:
        code, _, said = ran(self.FROM, *STORE)
        assert (code, "which is not in the store" in said) == (1, True)
        code, _, said = ran(self.FROM, *STORE, "--allow-document", "other.invalid")
        assert (code, "x.ttl>, which is not in the store" in said, "names: other.invalid" in said) == (1, True, True)

    @pytest.mark.parametrize("format_", ["table", "json"])
    def test_from_a_host_that_is_named_a_graph_is_fetched(self, format_: str) -> None:
        for told in (self.ALLOWED, ()):
            environment = {} if told else {"DIPLOGRAPH_ALLOW_DOCUMENT": "other.invalid allowed.invalid"}
            code, out, said = ran(self.FROM, *STORE, *told, "--format", format_, **environment)
            assert (code, out) == (5, "")
            assert "x.ttl> cannot be fetched: allowed.invalid has no address" in said

    def test_it_is_fetched_under_a_limit_too_and_graphs_of_the_store_are_not(self, packaged: Path) -> None:
        options = ("--store", str(packaged), "--query-timeout", "20", *self.ALLOWED)
        made = self.FROM.replace("ASK", "CONSTRUCT { ?s ?p ?o }").replace("> {", "> WHERE {")
        for sparql in (self.FROM, made):
            code, _, said = ran(sparql, *options)
            assert (code, "allowed.invalid has no address" in said) == (5, True)
        code, out, _ = ran("ASK FROM doc:states { ?s ?p ?o }", *options)
        assert (code, out) == (0, "yes\n")
        code, _, said = ran(self.FROM.replace("ASK", "ASK FROM doc:states"), *options)
        assert (code, "LOAD what is not in the store first" in said) == (1, True)

    def test_to_explain_is_of_the_store_alone(self) -> None:
        code, _, said = ran("ASK {}", *STORE, "--explain", *self.ALLOWED)
        assert (code, "--allow-document goes without --explain" in said) == (2, True)
        code, _, said = ran("ASK {}", *STORE, "--explain", DIPLOGRAPH_ALLOW_DOCUMENT="allowed.invalid")
        assert code == 0, said

    def test_what_names_no_host_is_an_error_of_the_command_line(self) -> None:
        code, _, said = ran(self.LOAD, *STORE, "--allow-document", "https://example.org/x.ttl", command="update")
        assert (code, "names no host" in said) == (2, True)

"""Every command takes the URL of an endpoint for a store."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diplograph import cli
from diplograph.graph.loading import example_store

Ran = tuple[int, str, str]
Run = Callable[..., Ran]

MINISTER = "Minister of Foreign Affairs of Azerbaijan"
TURTLE = """
@prefix dg: <https://w3id.org/diplograph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/diplograph/id/person/a> a dg:Person ; skos:prefLabel "Anna" .
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command in a directory of its own, and give exit code and what was printed where."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["diplograph", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO())
        code = 0
        try:
            cli.main()
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        return (code, *capfd.readouterr())

    return ran


def test_commands_that_read(run: Run, servers: Any, oxigraph_url: str, tmp_path: Path) -> None:
    servers.example(oxigraph_url).close()
    there = ("--store", oxigraph_url)
    assert "Jeyhun Bayramov" in run("ask", "who-held-post", f"post={MINISTER}", "on=2023-02-28", *there)[1]
    assert run("query", "ASK { ?s ?p ?o }", *there) == (0, "yes\n", "")
    assert "person:sergey-lavrov" in run("find", "Lavrov", *there)[1]
    assert "Sergey Lavrov" in run("show", "Sergey Lavrov", *there)[1]
    assert run("export", "-o", "there.nt", *there)[0] == 0
    exported = (tmp_path / "there.nt").read_bytes()
    assert len(exported.splitlines()) == example_store().view().size()
    assert run("draw", "--around", "Sergey Lavrov", *there)[0] == 0
    assert run("network", "-o", "n.graphml", *there)[0] == 0
    assert "State" in run("stats", *there)[1]
    assert "doc/trend-2023-02-28" in run("sources", *there)[1]
    assert run("verify", *there)[0] == 0


def test_commands_that_write(run: Run, servers: Any, oxigraph_url: str, tmp_path: Path) -> None:
    servers.emptied(oxigraph_url).close()
    there = ("--store", oxigraph_url)
    (tmp_path / "a.ttl").write_text(TURTLE)
    assert run("load", "a.ttl", *there)[0] == 0
    assert "Anna" in run("show", "Anna", *there)[1]
    assert run("forget", "a", *there)[0] == 0
    assert run("show", "Anna", *there)[0] == 3


def test_what_needs_a_directory_says_so(run: Run) -> None:
    code, _, told = run("backup", "copy", "--store", "https://example.org/sparql")
    assert (code, "Give a directory here" in told) == (5, True)


def test_an_endpoint_that_fails_gives_exit_code_5(run: Run, script: Any) -> None:
    code, out, told = run("query", "ASK { ?s ?p ?o }", "--store", script.url.replace("http://", "http://ann:secret@"))
    assert (code, out) == (5, "")
    assert script.url in told
    assert "secret" not in told


@pytest.mark.parametrize("before", [True, False])
def test_a_time_that_is_over_gives_exit_code_4(run: Run, script: Any, before: bool) -> None:
    script.otherwise = lambda _: Slow()
    query = ("query", "ASK { ?s ?p ?o }", "--store", script.url)
    code, _, told = run("--endpoint-timeout", "0.2", *query) if before else run(*query, "--query-timeout", "0.2")
    assert code == 4
    assert "0.2 seconds" in told


class Slow:
    body, status, headers, length, pause, drip = b"", 200, {}, -1, 60.0, False  # type: ignore[var-annotated]


def test_user_and_password_come_from_the_environment(run: Run, script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Asking(Slow):
        pause, status, headers = 0.0, 401, {"WWW-Authenticate": 'Basic realm="here"'}

    script.otherwise = lambda _: Asking()
    monkeypatch.setenv("DIPLOGRAPH_ENDPOINT_USER", "ann")
    monkeypatch.setenv("DIPLOGRAPH_ENDPOINT_PASSWORD", "secret")
    assert run("query", "ASK { ?s ?p ?o }", "--store", script.url)[0] == 5
    assert script.asked[-1].headers["authorization"] == "Basic YW5uOnNlY3JldA=="

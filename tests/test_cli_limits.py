"""A query of the command line can be given a time, after which it ends; it is answered as without one until then."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(5))} }}"
NONE = "SELECT ?s { ?s <http://example.org/p> ?o }"
COMMAND = [sys.executable, "-m", "diplograph"]


@pytest.fixture(scope="module")
def example(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a store of the packaged documents in the default place."""
    directory = tmp_path_factory.mktemp("limits")
    shutil.copytree(packaged, directory / "diplograph.db")
    return directory


def ran(directory: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=directory, env={**os.environ, **environment}, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "SELECT ?s { ?s a dg:Meeting } ORDER BY ?s"),
        ("query", "SELECT ?s { ?s a dg:Meeting } ORDER BY ?s", "--format", "csv"),
        ("query", "SELECT ?s { ?s a dg:Meeting } ORDER BY ?s", "--format", "xml"),
        ("query", "CONSTRUCT WHERE { ?s a dg:Meeting }", "--format", "turtle"),
        ("query", "ASK { ?s a dg:Meeting }"),
        ("query", "SELECT"),
        ("ask", "organisers", "event=3rd meeting of the Russia-Azerbaijan Expert Council"),
        ("ask", "organisers", "event=3rd meeting of the Russia-Azerbaijan Expert Council", "--format", "json"),
        ("ask", "who-held-post", "post=nothing of the kind"),
        ("ask", "no-such-question"),
        ("ask", "organisers", "--store", "missing.db"),
    ],
)
def test_the_answer_within_the_time_is_the_same_as_without_one(example: Path, arguments: tuple[str, ...]) -> None:
    assert ran(example, *arguments, "--query-timeout", "30") == ran(example, *arguments)


def test_a_query_that_takes_longer_is_ended(example: Path) -> None:
    code, out, err = ran(example, "query", RUNAWAY, "--query-timeout", "0.2")
    assert (code, out) == (4, "")
    assert err.startswith("Error: The answer took longer than 0.2 s, so the work was ended.")


def test_the_environment_can_set_the_time(example: Path) -> None:
    assert ran(example, "query", RUNAWAY, DIPLOGRAPH_QUERY_TIMEOUT="0.2")[0] == 4
    assert ran(example, "ask", "disagreements", DIPLOGRAPH_QUERY_TIMEOUT="0.000001")[0] == 4


@pytest.mark.parametrize("seconds", ["0", "-1", "long"])
def test_the_time_is_above_zero(example: Path, seconds: str) -> None:
    code, _, err = ran(example, "query", NONE, "--query-timeout", seconds)
    assert code == 2
    assert "--query-timeout" in err


def test_it_is_not_for_stores_in_memory(example: Path) -> None:
    code, _, err = ran(example, "query", NONE, "--query-timeout", "1", "--store", ":memory:")
    assert code == 2
    assert "--query-timeout goes with a store in a directory" in err


def test_an_interruption_ends_it_at_once(example: Path) -> None:
    with subprocess.Popen([*COMMAND, "query", RUNAWAY, "--query-timeout", "60"], cwd=example) as process:
        end = time.monotonic() + 20
        # Its child is the nursery, whose child is the worker.
        while not any(_children(child) for child in _children(process.pid)):
            assert time.monotonic() < end
            time.sleep(0.02)
        (nursery,) = _children(process.pid)
        (worker,) = _children(nursery)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert time.monotonic() - begin < 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in (nursery, worker))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

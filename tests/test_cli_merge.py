"""`diplograph merge` proposes, judges, lists and takes back; what it prints can be typed into it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from diplograph import cli
from diplograph.ontology.namespaces import PREFIXES

Run = Callable[..., tuple[int, str, str]]
HEAD = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("dg", "person", "post", "skos", "xsd"))
NAMES = {"ilham-aliyev": "Ilham Aliyev", "ilham-aliyev-aze": "Ilham Aliyev", "ilqar-aliyev": "Ilham H. Aliyev"}
RECORDS = HEAD + "".join(
    f'person:{local} a dg:Person ; skos:prefLabel "{name}" . [] a dg:Tenure ; dg:person person:{local} ; '
    'dg:post post:president ; dg:from "2003"^^xsd:gYear .\n'
    for local, name in NAMES.items()
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command of the group on a store with three persons who may be one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIPLOGRAPH_STORE", "store")
    monkeypatch.setenv("USER", "ann")

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["diplograph", *arguments])
        try:
            cli.main()
        except SystemExit as error:
            return int(error.code or 0), *capfd.readouterr()
        return 0, *capfd.readouterr()

    Path("records.ttl").write_text(RECORDS)
    ran("load", "records.ttl")
    return lambda *arguments: ran("merge", *arguments)


def test_proposals_are_listed_with_reasons(run: Run) -> None:
    code, out, err = run("propose", "--limit", "1")
    assert code == 0
    assert out.splitlines() == [
        "  8  Ilham Aliyev (person:ilham-aliyev) = Ilham Aliyev (person:ilham-aliyev-aze)",
        "     Both are called Ilham Aliyev; both appear as post:president, since 2003.",
    ]
    assert err == "… and 2 more; say --limit 3.\n"
    assert len(json.loads(run("propose", "--format", "json")[1])) == 3


def test_accept_list_and_undo(run: Run) -> None:
    pair = "person:ilham-aliyev", "person:ilham-aliyev-aze"
    assert run("accept", *pair, "--reason", "One man.")[0] == 0
    _, listed, _ = run("list")
    assert listed.startswith("person:ilham-aliyev = person:ilham-aliyev-aze\n     One man. (ann, ")
    assert json.loads(run("list", "--format", "json")[1])[0]["reason"] == "One man."
    code, _, err = run("apart", *pair, "--reason", "Two men.")
    assert (code, "contradict" in err) == (1, True)
    assert run("undo", *reversed(pair))[0] == 0
    assert run("list")[1] == ""
    assert run("undo", *pair)[0] == 3


def test_apart_ends_a_proposal(run: Run) -> None:
    assert run("apart", "person:ilham-aliyev", "person:ilqar-aliyev", "--reason", "Two men.", "--by", "bob")[0] == 0
    assert run("list")[1].startswith("person:ilham-aliyev is not person:ilqar-aliyev\n     Two men. (bob, ")
    assert len(json.loads(run("propose", "--format", "json")[1])) == 2
    assert run("apart", "person:ilham-aliyev", "person:ilqar-aliyev")[0] == 2


def test_rules_merge_and_report(run: Run) -> None:
    _, out, _ = run("rules", "--limit", "0")
    assert out.splitlines() == [
        "Merged by rule same-post: 1",
        "     Ilham Aliyev (person:ilham-aliyev) = Ilham Aliyev (person:ilham-aliyev-aze)",
        "     Both are called Ilham Aliyev; both appear as post:president, since 2003.",
        "Left apart, for you to judge: 2",
        "     … and 2 more",
    ]
    assert json.loads(run("rules", "--format", "json")[1])["merged"] == []

"""The command line keeps its promises: exit codes, what goes where, and nothing half-written after bad input."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import click
import pytest

import diplograph
from diplograph import cli
from diplograph.ontology.namespaces import PREFIXES

MINISTER = "Minister of Foreign Affairs of Azerbaijan"
GRAMMAR = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("dg", "person", "post", "skos", "xsd"))
TENURE = GRAMMAR + (
    'person:a a dg:Person ; skos:prefLabel "Anna" . post:p a dg:Post ; skos:prefLabel "Envoy" .\n'
    '[] a dg:Tenure ; dg:person person:a ; dg:post post:p ; dg:from "2020"^^xsd:gYear .\n'
)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in a directory of its own, through `main`, and gives exit code and what was printed where."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIPLOGRAPH_STORE", raising=False)

    def ran(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr("sys.argv", ["diplograph", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = 0
        try:
            cli.main()
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(bool(error.code))
        return Ran(code, *capfd.readouterr())

    return ran


def files(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def commands() -> Iterator[tuple[str, click.Command]]:
    for name, command in cli.diplograph.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", each) for below, each in command.commands.items())
        else:
            yield name, command


class TestHelp:
    @pytest.mark.parametrize(("name", "command"), list(commands()))
    def test_every_command_and_option_says_what_it_does(self, name: str, command: click.Command, run: Run) -> None:
        assert command.help, f"{name} is missing its help"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts[0]} is missing its help"
        shown = run(*name.split(), "--help")
        assert (shown.code, shown.err) == (0, "")
        assert re.match(rf"Usage: .+ {name} ", shown.out)

    def test_the_promised_commands_are_there(self) -> None:
        promised = "demo load attach questions ask query find show export draw network sources stats validate forget"
        assert set(promised.split()) <= {name for name, _ in commands()}

    def test_every_command_that_needs_a_store_takes_one(self) -> None:
        without = {name for name, c in commands() if not any("--store" in parameter.opts for parameter in c.params)}
        assert without == {"demo", "questions", "completion", "vocabulary", "conformance", "measures"}

    def test_the_version_is_that_of_the_package(self, run: Run) -> None:
        assert run("--version").out.split()[-1] == diplograph.__version__ == version("diplograph")

    @pytest.mark.parametrize(
        "arguments", [["frobnicate"], ["ask"], ["stats", "--nope"], ["load"], ["completion", "tcsh"]]
    )
    def test_a_wrong_command_line_gives_2_and_its_usage(self, run: Run, arguments: list[str]) -> None:
        shown = run(*arguments)
        assert (shown.code, shown.out) == (2, "")
        assert shown.err.startswith("Usage: ")
        assert "Error: " in shown.err

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_is_a_script_for_the_shell(self, run: Run, shell: str) -> None:
        shown = run("completion", shell)
        assert shown.code == 0
        assert f"_DIPLOGRAPH_COMPLETE={shell}_complete" in shown.out

    def test_question_names_are_completed(self) -> None:
        context = click.Context(cli.diplograph.commands["ask"])
        argument = cli.diplograph.commands["ask"].params[0]
        found = argument.shell_complete(context, "who-")
        assert [item.value for item in found] == ["who-met", "who-held-post"]
        assert all(str(item.help).endswith("?") for item in found)


class TestDemo:
    def test_it_leaves_a_store_a_graph_and_a_page_and_works_twice(self, run: Run, tmp_path: Path) -> None:
        first = run("demo")
        assert (first.code, first.err) == (0, "")
        assert {path.name for path in tmp_path.iterdir()} == {"diplograph.db", "graph.ttl", "graph.html"}
        before = (tmp_path / "graph.ttl").read_bytes(), (tmp_path / "graph.html").read_bytes()
        assert run("demo") == first
        assert ((tmp_path / "graph.ttl").read_bytes(), (tmp_path / "graph.html").read_bytes()) == before
        assert run("show", "Jeyhun Bayramov").code == 0

    def test_a_directory_that_cannot_be_made_is_named(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        shown = run("demo", "--out", "file/inside")
        assert (shown.code, shown.out) == (1, "")
        assert "file/inside" in shown.err


class TestAnswers:
    def test_results_go_to_stdout_and_the_rest_to_stderr(self, run: Run, packaged: Path) -> None:
        counted = run("stats", "--store", packaged, "--format", "csv")
        assert counted.out.startswith("class,number\n")
        assert re.fullmatch(r"[\d,]+ triples in the merged view\n", counted.err)
        found = run("find", "a", "--store", packaged, "--limit", 1)
        assert len(found.out.splitlines()) == 1
        assert "--limit" in found.err
        assert json.loads(run("sources", "--store", packaged, "--format", "json").out)

    def test_the_store_may_come_from_the_environment(
        self, run: Run, packaged: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DIPLOGRAPH_STORE", str(packaged))
        assert "Jeyhun Bayramov" in run("show", "Jeyhun Bayramov").out
        assert run("stats", "--store", "other.db").code == 5

    @pytest.mark.parametrize("format_", ["table", "markdown", "csv", "tsv", "json"])
    def test_a_question_is_answered_in_every_format(self, run: Run, packaged: Path, format_: str) -> None:
        shown = run("ask", "holders-of", f"post={MINISTER}", "--store", packaged, "--format", format_)
        assert (shown.code, shown.err) == (0, "")
        assert "Jeyhun Bayramov" in shown.out
        assert shown.out.endswith("\n")
        assert not shown.out.endswith("\n\n")

    @pytest.mark.parametrize(
        ("sparql", "format_", "seen"),
        [
            ("ASK { ?s a dg:Person }", "table", "yes\n"),
            ("ASK { ?s a dg:Nothing }", "table", "no\n"),
            ("SELECT (1 AS ?one) WHERE { }", "csv", "one\r\n1\r\n"),
            ("SELECT (1 AS ?one) WHERE { }", "xml", "<sparql"),
            ("SELECT (1 AS ?one) WHERE { }", "json", '"bindings"'),
            ("CONSTRUCT { state:AZE a dg:State } WHERE { }", "table", "state:AZE a dg:State"),
            ("CONSTRUCT { state:AZE a dg:State } WHERE { }", "nt", "<https://w3id.org/diplograph/id/state/AZE> <"),
        ],
    )
    def test_a_query_is_answered_by_its_form(
        self, run: Run, packaged: Path, sparql: str, format_: str, seen: str
    ) -> None:
        shown = run("query", sparql, "--store", packaged, "--format", format_)
        assert (shown.code, shown.err) == (0, "")
        assert seen in shown.out

    def test_a_query_comes_from_an_argument_a_file_or_standard_input(
        self, run: Run, packaged: Path, tmp_path: Path
    ) -> None:
        sparql = 'SELECT ("é" AS ?x) WHERE { }'
        (tmp_path / "q.rq").write_text(sparql, encoding="utf-8")
        shown = run("query", sparql, "--store", packaged)
        assert "é" in shown.out
        assert run("query", "--file", "q.rq", "--store", packaged) == shown
        assert run("query", "-", "--store", packaged, stdin=sparql.encode()) == shown
        for wrong in ([], [sparql, "--file", "q.rq"]):
            assert run("query", *wrong, "--store", packaged).code == 2

    def test_nothing_found_by_name_gives_3(self, run: Run, packaged: Path) -> None:
        for arguments in (
            ["show", "Nobody"],
            ["find", "zzzz"],
            ["ask", "posts-of", "person=Nobody"],
            ["draw", "--around", "Nobody"],
            ["export", "--entity", "Nobody"],
            ["export", "--document", "nothing"],
            ["validate", "--document", "nothing"],
            ["forget", "nothing"],
        ):
            shown = run(*arguments, "--store", packaged)
            assert (shown.code, shown.out) == (3, ""), arguments
            assert shown.err.startswith("Error: "), arguments
            assert len(shown.err.splitlines()) == 1, arguments

    def test_find_keeps_to_a_kind_and_marks_what_is_only_near(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TENURE)
        run("load", "a.ttl")
        assert run("find", "ana").out == "near: Anna  Person  person:a\n"
        assert run("find", "anna", "--kind", "person").out == "Anna  Person  person:a\n"
        assert run("find", "anna", "--kind", "State").code == 3
        wrong = run("find", "anna", "--kind", "persn")
        assert (wrong.code, wrong.err) == (1, "Error: There is no kind 'persn'. Use Person.\n")
        assert '"near": true' in run("find", "ana", "--format", "json").out

    def test_an_ambiguous_name_lists_its_candidates(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TENURE + 'person:b a dg:Person ; skos:prefLabel "ANNA" .')
        run("load", "a.ttl")
        shown = run("ask", "posts-of", "person=anna")
        assert shown.code == 1
        assert "person/a>" in shown.err
        assert "person/b>" in shown.err

    def test_a_label_cannot_steer_the_terminal(self, run: Run, tmp_path: Path) -> None:
        told = TENURE.replace('"Anna"', '"Anna\\u001B[31m\\u0007\\u009B2J"')
        (tmp_path / "a.ttl").write_text(told)
        run("load", "a.ttl")
        for arguments in (["ask", "posts-of", "person=person/a"], ["ask", "holders-of", "post=Envoy"]):
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", run(*arguments).out)
        for arguments in (["find", "Anna"], ["show", "person/a"], ["show", "Envoy"]):
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", run(*arguments).out)


class TestDocuments:
    def test_loading_asking_and_forgetting_leaves_the_store_as_it_was(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TENURE)
        assert run("load", "--reference").code == 0
        before = run("export").out
        loaded = run("load", "a.ttl")
        assert loaded.out == f"https://w3id.org/diplograph/doc/a: 14 statements from {tmp_path / 'a.ttl'}\n"
        assert " yes " in run("ask", "who-held-post", "post=Envoy", "on=2020").out
        assert "doc/a" in run("sources").out
        assert run("forget", "a").out == "https://w3id.org/diplograph/doc/a: forgotten\n"
        assert run("export").out == before
        assert run("verify").code == 0

    def test_an_update_changes_documents_and_says_which(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TENURE)
        run("load", "a.ttl")
        before = run("export").out
        made = run("update", 'INSERT DATA { GRAPH doc:b { person:b a dg:Person ; skos:prefLabel "Berta"@en } }')
        assert made.out == "https://w3id.org/diplograph/doc/b: new\n"
        assert run("find", "berta").out == "Berta  Person  person:b\n"
        (tmp_path / "u.ru").write_text("DROP GRAPH doc:b")
        told = run("update", "--file", "u.ru", "--format", "json")
        assert json.loads(told.out) == {"new": [], "changed": [], "removed": ["https://w3id.org/diplograph/doc/b"]}
        assert run("update", "-", stdin=b"DROP SILENT GRAPH doc:b").out == "No document is changed.\n"
        assert run("export").out == before

    def test_an_update_makes_no_store(self, run: Run, tmp_path: Path) -> None:
        shown = run("update", "--store", "none", "INSERT DATA { GRAPH doc:b { person:b a dg:Person } }")
        assert shown.code == 5
        assert "There is no store at 'none'" in shown.err
        assert not (tmp_path / "none").exists()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("INSERT DATA { person:b a dg:Person }", "Name a document"),
            ("INSERT DATA { GRAPH doc:a { [] a dg:Tenure ; dg:person person:a } }", "dg:post"),
            ("INSERT DATA { GRAPH doc:a { person:b a } }", "line 1, column"),
            ("LOAD <http://127.0.0.1:9/>", "nothing leaves this machine"),
        ],
    )
    def test_an_update_that_cannot_be_changes_nothing(self, run: Run, tmp_path: Path, text: str, said: str) -> None:
        (tmp_path / "a.ttl").write_text(TENURE)
        run("load", "a.ttl")
        before = run("export").out
        shown = run("update", text)
        assert (shown.code, shown.out) == (1, "")
        assert said in shown.err
        assert len(shown.err.splitlines()) == 1
        assert run("export").out == before

    def test_a_document_is_replaced_by_its_own_file_and_only_then(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "one").mkdir()
        (tmp_path / "two").mkdir()
        for directory in ("one", "two"):
            (tmp_path / directory / "a.ttl").write_text(
                TENURE.replace("2020", "2021" if directory == "two" else "2020")
            )
        assert run("load", "one/a.ttl").code == 0
        assert run("load", "one/a.ttl").code == 0
        refused = run("load", "two/a.ttl")
        assert refused.code == 1
        assert "--document" in refused.err
        assert run("load", "two/a.ttl", "--document", "b").code == 0
        assert run("load", "two/a.ttl", "--replace").code == 0

    def test_two_files_of_one_name_are_not_taken_for_one_document(self, run: Run, tmp_path: Path) -> None:
        for directory, year in (("one", "2020"), ("two", "2021")):
            (tmp_path / directory).mkdir()
            (tmp_path / directory / "a.ttl").write_text(TENURE.replace("2020", year))
        shown = run("load", "one/a.ttl", "two/a.ttl")
        assert (shown.code, shown.out) == (1, "")
        assert "one/a.ttl" in shown.err
        assert "two/a.ttl" in shown.err
        assert run("stats").code == 5, "all, or none"

    def test_a_name_with_dots_is_a_name_of_its_own(self, run: Run, tmp_path: Path) -> None:
        for day in ("2023.02.28", "2023.03.01"):
            (tmp_path / f"{day}.ttl").write_text(TENURE)
        assert run("load", "2023.02.28.ttl", "2023.03.01.ttl").code == 0
        assert len(json.loads(run("sources", "--format", "json").out)) == 2

    def test_a_file_that_says_nothing_any_more_is_a_document_that_says_nothing(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TENURE)
        run("load", "a.ttl")
        (tmp_path / "a.ttl").write_text("# nothing any more\n")
        shown = run("load", "a.ttl")
        assert (shown.code, shown.out.split(": ")[1].split()[0]) == (0, "0")
        assert run("query", "ASK { ?s a dg:Tenure }").out == "no\n"

    @pytest.mark.parametrize("letter", ["\u2028", "\u0085", "\u000b", "\u001c"])
    def test_a_text_may_hold_any_kind_of_line_end(self, run: Run, tmp_path: Path, letter: str) -> None:
        (tmp_path / "a.ttl").write_text(TENURE.replace('"Anna"', f'"An{letter}na"'), encoding="utf-8")
        assert run("load", "a.ttl").code == 0
        assert run("query", f'ASK {{ ?s skos:prefLabel "An{letter}na" }}').out == "yes\n"

    def test_many_files_are_loaded_together_or_not_at_all(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TENURE)
        (tmp_path / "b.ttl").write_text("no")
        shown = run("load", "a.ttl", "b.ttl", "--store", "s.db")
        assert (shown.code, shown.out) == (1, "")
        assert not (tmp_path / "s.db").exists()


CITED = "Envoy Anna spoke first.\nNobody answered her."


def cited(hashed: str = CITED) -> str:
    sha, whole = (hashlib.sha256(part.encode()).hexdigest() for part in (hashed[6:10], hashed))
    return f"""{TENURE}
        @prefix oa: <{PREFIXES["oa"]}> . @prefix prov: <{PREFIXES["prov"]}> . @prefix doc: <{PREFIXES["doc"]}> .
        doc:said a dg:Document ; dg:sha256 "{whole}" .
        <{PREFIXES["doc"]}said#char=6,10> a dg:Passage ; oa:hasSource doc:said ;
          oa:start 6 ; oa:end 10 ; dg:sha256 "{sha}" .
        [] a dg:Tenure ; dg:person person:a ; dg:post post:p ;
          dg:evidence [ prov:wasQuotedFrom <{PREFIXES["doc"]}said#char=6,10> ] .
    """


class TestAttach:
    @pytest.fixture
    def cites(self, run: Run, tmp_path: Path) -> Path:
        (tmp_path / "said.ttl").write_text(cited())
        assert run("load", "said.ttl").code == 0
        return tmp_path

    def test_the_text_of_the_hashes_is_quoted_from_then_on(self, run: Run, cites: Path) -> None:
        (cites / "text.txt").write_bytes(CITED.encode())
        assert "“Anna”" not in run("ask", "holders-of", "post=Envoy").out
        shown = run("attach", "text.txt")
        assert (shown.code, shown.err) == (0, "")
        assert "doc/said: 1 passages" in shown.out
        assert "“Anna”" in run("ask", "holders-of", "post=Envoy").out
        assert "“Anna”" in run("show", "Anna").out
        assert '"Anna"@' not in run("export").out.replace('skos:prefLabel "Anna"', "")
        assert "oa:exact" not in run("export").out
        assert "oa:exact" in run("export", "--quotations").out
        assert run("verify").code == 0

    def test_another_text_is_refused_and_changes_nothing(self, run: Run, cites: Path) -> None:
        before = contents(cites / "diplograph.db")
        for wrong in (CITED + " ", CITED.replace("Anna", "Anne"), ""):
            (cites / "text.txt").write_bytes(wrong.encode())
            shown = run("attach", "text.txt")
            assert (shown.code, shown.out) == (1, "")
            assert "SHA-256" in shown.err
        (cites / "text.txt").write_bytes(CITED.replace("Anna", "Anne").encode())
        assert "characters 6 to 10" in run("attach", "text.txt", "--document", "said").err
        (cites / "text.txt").write_bytes(CITED.encode("utf-16"))
        assert "not UTF-8" in run("attach", "text.txt").err
        assert contents(cites / "diplograph.db") == before


class TestBadInput:
    @pytest.mark.parametrize(
        ("name", "data", "message"),
        [
            ("letter.pdf", b"%PDF-1.4", "no RDF format can be told"),
            ("syntax.ttl", b"<http://x/a> <http://x/p> <http://x/b> .\n<http://x/a> <http://x/p> oops:b .\n", "line 2"),
            ("picture.ttl", bytes(range(256)), "picture.ttl, line 1, column"),
            ("notes.nt", b"hello", "notes.nt, line 1, column"),
            ("cut.ttl.gz", gzip.compress(TENURE.encode())[:-12], "damaged or cut short"),
            ("plain.ttl.gz", TENURE.encode(), "damaged or cut short"),
            ("plain.ttl.xz", TENURE.encode(), "damaged or cut short"),
            ("plain.ttl.bz2", TENURE.encode(), "damaged or cut short"),
            ("plain.ttl.zst", TENURE.encode(), "damaged"),
            ("cut.jsonld", b'{"@id": "http://x/', "cut.jsonld"),
            ("iri.nt", b"<http://x y> <http://x/p> <http://x/b> .\n", "iri.nt, line 1"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(
        self, run: Run, tmp_path: Path, name: str, data: bytes, message: str
    ) -> None:
        (tmp_path / name).write_bytes(data)
        shown = run("load", name)
        assert (shown.code, shown.out) == (1, "")
        assert shown.err.startswith(f"Error: {name}")
        assert message in shown.err
        assert len(shown.err.splitlines()) == 1
        assert files(tmp_path) == {name}

    def test_the_place_of_a_syntax_error_is_said_once(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text("<http://x/a> <http://x/p> oops:b .\n")
        shown = run("load", "a.ttl")
        assert len(re.findall(r"\bline\b", shown.err)) == 1
        assert "oops" in shown.err

    def test_a_file_that_is_not_there_or_a_directory_is_named(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "d.ttl").mkdir()
        assert "none.ttl: there is no such file" in run("load", "none.ttl").err
        assert "d.ttl: it cannot be read" in run("load", "d.ttl").err
        assert files(tmp_path) == {"d.ttl"}

    def test_a_missing_store_is_named_with_what_makes_one(self, run: Run, tmp_path: Path) -> None:
        for command in (["stats"], ["show", "x"], ["export"], ["draw"], ["query", "ASK {}"], ["forget", "x"]):
            shown = run(*command, "--store", "no.db")
            assert (shown.code, shown.out) == (5, "")
            assert "There is no store at 'no.db'" in shown.err
        assert files(tmp_path) == set()

    @pytest.mark.parametrize(
        ("record", "message"),
        [
            ('{"layout": 99, "generation": "000001"}', "layout version 99"),
            ('{"layout": 1, "generation": "000009"}', "lacks its generation"),
            ('{"layout": 1', "is damaged"),
            ("[]", "layout version"),
        ],
    )
    def test_a_store_of_another_version_or_damaged_is_left_alone(
        self, run: Run, tmp_path: Path, record: str, message: str
    ) -> None:
        (tmp_path / "s.db").mkdir()
        (tmp_path / "s.db/diplograph.json").write_text(record)
        (tmp_path / "a.ttl").write_text(TENURE)
        before = contents(tmp_path)
        for command in (["stats"], ["load", "a.ttl"]):
            shown = run(*command, "--store", "s.db")
            assert (shown.code, shown.out) == (5, "")
            assert message in shown.err
        assert contents(tmp_path) == before

    @pytest.mark.parametrize("location", ["file", "full", "odd", "x" * 300, "http://example.org/sparql"])
    def test_what_is_no_store_is_said_to_be_none(self, run: Run, tmp_path: Path, location: str) -> None:
        (tmp_path / "file").write_text("")
        (tmp_path / "full").mkdir()
        (tmp_path / "full/letter.txt").write_text("")
        (tmp_path / "odd/diplograph.json").mkdir(parents=True)
        before = files(tmp_path)
        shown = run("stats", "--store", location)
        assert (shown.code, shown.out) == (5, "")
        assert len(shown.err.splitlines()) == 1
        assert files(tmp_path) == before

    def test_a_store_that_another_process_writes_is_locked_for_writing_only(self, run: Run, tmp_path: Path) -> None:
        import fcntl

        (tmp_path / "a.ttl").write_text(TENURE)
        run("load", "a.ttl")
        before = contents(tmp_path)
        with (tmp_path / "diplograph.db/lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            shown = run("load", "a.ttl")
            assert (shown.code, shown.out) == (5, "")
            assert "being written by another process" in shown.err
            assert run("stats").code == 0
        assert contents(tmp_path) == before

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["ask", "who-held-pots"], "Did you mean who-held-post"),
            (["ask", "who-held-post", "on=2023"], "needs post"),
            (["ask", "who-held-post", f"post={MINISTER}"], "needs on"),
            (["ask", "who-held-post", f"post={MINISTER}", "on=2023-02-30"], "'2023-02-30' is not a date that exists"),
            (["ask", "who-held-post", f"post={MINISTER}", "on=2023", "when=now"], "no parameter 'when'"),
            (["ask", "who-held-post", "2023"], "Write KEY=VALUE"),
            (["ask", "posts-of", "person=<http://x y>"], "is not an IRI"),
            (["show", "<http://x y>"], "is not an IRI"),
            (["forget", "<relative>"], "is not an absolute IRI"),
            (["forget", "?!"], "no letter or digit"),
            (["draw", "--as-of", "2023-13"], "'2023-13' is not a date that exists"),
            (["draw", "--between", "2020", "soon"], "'soon' is not a date"),
            (["draw", "--between", "2024", "2020"], "2024"),
            (["export", "--format", "docx"], "'docx' is no RDF format"),
            (["query", "ASK {}", "--format", "docx"], "'docx' is no RDF format"),
            (["network", "-o", "x.docx"], "no network format has this extension"),
            (["export", "-o", "x.docx"], "no RDF format can be told"),
            (["export", "-o", "x.ttl.gz"], ".gz"),
            (["query", "SELECT * WHERE { ?s ?p ?o "], "line 1, column 27, at its end"),
            (["query", "SELECT *\nWHERE { ?s ?p ; }"], "line 2, column 17"),
            (["query", "SELECT * WHERE { ?s ?p " + "?o . " * 3000], "line 1"),
            (["query", "INSERT DATA { <a:a> <a:b> <a:c> }"], "queries only read"),
            (["query", "CONSTRUCT WHERE { ?s ?p ?o }", "--format", "csv"], "no table"),
            (["query", "SELECT * WHERE { }", "--format", "turtle"], "Only CONSTRUCT and DESCRIBE"),
            (["query", "--file", "none.rq"], "none.rq: there is no such file"),
            (["query", b"SELECT ('\xff' AS ?x) {}".decode("utf-8", "surrogateescape")], "UTF-8"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_short_line_and_nothing_is_written(
        self, run: Run, packaged: Path, tmp_path: Path, arguments: list[str], message: str
    ) -> None:
        shown = run(*arguments, "--store", packaged)
        assert (shown.code, shown.out) == (1, "")
        assert message in shown.err
        assert shown.err.startswith("Error: ")
        assert len(shown.err.splitlines()) == 1
        assert len(shown.err) < 300
        assert files(tmp_path) == set()

    def test_a_query_on_standard_input_that_is_not_text_is_refused(self, run: Run, packaged: Path) -> None:
        shown = run("query", "-", "--store", packaged, stdin=b"SELECT ('\xff' AS ?x) {}")
        assert (shown.code, shown.out) == (1, "")
        assert "UTF-8" in shown.err


class TestOutput:
    @pytest.mark.parametrize(
        ("name", "start"),
        [
            ("x.ttl", b"@prefix"),
            ("x.trig", b"@prefix"),
            ("x.nt", b"<"),
            ("x.nq", b"<"),
            ("x.jsonld", b"["),
            ("x.rdf", b"<?xml"),
        ],
    )
    def test_the_file_name_picks_the_syntax(
        self, run: Run, packaged: Path, tmp_path: Path, name: str, start: bytes
    ) -> None:
        shown = run("export", "--store", packaged, "-o", name, "--document", "trend-2023-02-28")
        assert shown == (0, "", "")
        data = (tmp_path / name).read_bytes()
        assert data.startswith(start)
        assert (b"doc:trend-2023-02-28 {" in data) == (name == "x.trig")
        assert run("load", name, "--store", "new.db").code == 0

    def test_the_same_store_is_exported_to_the_same_bytes(self, run: Run, packaged: Path, tmp_path: Path) -> None:
        run("export", "--store", packaged, "-o", "a.trig")
        run("load", "a.trig")
        run("export", "-o", "b.trig")
        assert (tmp_path / "a.trig").read_bytes() == (tmp_path / "b.trig").read_bytes()

    @pytest.mark.parametrize("target", ["missing/x.ttl", "directory", "file/x.ttl", "x" * 300 + ".ttl"])
    @pytest.mark.parametrize("command", [["export"], ["stats-like"], ["draw"], ["network", "--format", "graphml"]])
    def test_a_path_that_cannot_be_written_is_named_and_nothing_is_left(
        self, run: Run, packaged: Path, tmp_path: Path, target: str, command: list[str]
    ) -> None:
        (tmp_path / "directory").mkdir()
        (tmp_path / "file").write_text("kept")
        before = files(tmp_path)
        asked = ["query", "ASK {}"] if command == ["stats-like"] else command
        shown = run(*asked, "--store", packaged, "-o", target)
        assert (shown.code, shown.out) == (1, "")
        assert "cannot be written" in shown.err
        assert files(tmp_path) == before

    def test_a_file_is_replaced_whole_and_can_be_read_by_those_who_could(
        self, run: Run, packaged: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "x.csv").write_text("outdated" * 10000)
        run("stats", "--store", packaged)
        asking = ("ask", "holders-of", f"post={MINISTER}", "--store", packaged)
        assert run(*asking, "--format", "csv", "-o", "x.csv").code == 0
        assert "outdated" not in (tmp_path / "x.csv").read_text(encoding="utf-8")
        umask = os.umask(0)
        os.umask(umask)
        assert (tmp_path / "x.csv").stat().st_mode & 0o777 == 0o666 & ~umask

    def test_a_link_is_written_through_and_stays_a_link(self, run: Run, packaged: Path, tmp_path: Path) -> None:
        (tmp_path / "real.ttl").write_text("old")
        (tmp_path / "link.ttl").symlink_to("real.ttl")
        assert run("export", "--store", packaged, "-o", "link.ttl").code == 0
        assert (tmp_path / "link.ttl").is_symlink()
        assert (tmp_path / "real.ttl").read_text(encoding="utf-8").startswith("@prefix")

    def test_a_pipe_is_written_to_and_not_replaced(self, run: Run, packaged: Path, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        reader = subprocess.Popen(["cat", "pipe"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        try:
            assert run("query", "ASK {}", "--store", packaged, "-o", "pipe").code == 0
            assert (tmp_path / "pipe").is_fifo()
            assert reader.communicate(timeout=10)[0] == "yes\n"
        finally:
            reader.kill()
            reader.communicate()

    def test_a_page_and_a_network_tell_what_is_in_them(self, run: Run, packaged: Path, tmp_path: Path) -> None:
        shown = run("draw", "--store", packaged, "--around", "Sergey Lavrov")
        assert re.fullmatch(r"graph\.html: \d+ entities, \d+ facts between them, \d+ documents?\n", shown.out)
        assert (tmp_path / "graph.html").stat().st_size > 100_000
        for name, start in (
            ("n.net", "*Vertices"),
            ("n.graphml", "<?xml"),
            ("n.gexf", "<?xml"),
            ("n.json", "{"),
            ("n.csv", "from,relation,to"),
        ):
            assert run("network", "--store", packaged, "-o", name) == (0, "", "")
            assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
        assert run("network", "--store", packaged).out.startswith("<?xml")

    def test_a_drawing_can_be_of_the_facts_that_answer_a_question(self, run: Run, packaged: Path) -> None:
        shown = run("draw", "--store", packaged, "--question", "holders-of", f"post={MINISTER}")
        assert shown.out == "graph.html: 2 entities, 1 fact between them, 1 document\n"
        assert run("draw", "--store", packaged, f"post={MINISTER}").code == 2
        assert run("draw", "--store", packaged, "--as-of", "2023", "--between", "2022", "2023").code == 2
        assert run("draw", "--store", packaged, "--kind", "spaceship").code == 1

    def test_a_query_can_be_explained(self, run: Run, packaged: Path) -> None:
        sparql = "SELECT ?m { ?m a dg:Meeting FILTER NOT EXISTS { ?f dg:event ?m ; dg:agent ?a } }"
        for options in ([], ["--query-timeout", "20"]):
            shown = run("query", "--store", packaged, sparql, "--explain", *options)
            assert shown.code == 0
            assert "3 rows" in shown.out
            assert re.search(r"^[> ] .* s  FILTER NOT EXISTS", shown.out, re.MULTILINE)
            assert "matches  ?m rdf:type dg:Meeting" in shown.out
        assert run("query", "--store", packaged, "SELECT ?m { ?m a }", "--explain").code == 1

    def test_each_view_is_a_page_that_says_what_is_in_it(self, run: Run, packaged: Path, tmp_path: Path) -> None:
        for options, told in (
            (["--view", "matrix"], "people who met: 4 of 4 actors"),
            (["--view", "matrix", "--most", "2"], "people who met: 2 of 4 actors, those with the most ties"),
            (["--view", "bipartite", "--between", "2023", "2023"], "people who met, 2023: 2 of 2 meetings, 4 actors"),
            (["--view", "timeline", "--around", "Jeyhun Bayramov"], "9 dated facts, 10 without a date"),
            (["--of", "people", "--thin", "facts:2"], "2 of 4 actors, 1 of 6 ties; only ties with at least 2 facts"),
            (["--between", "2020/2021", "2023", "--side-by-side"], "0 ties only in 2020 to 2021, "),
        ):
            shown = run("draw", "--store", packaged, *options, "-o", "view.html")
            assert shown.out.startswith(f"view.html: {told}"), options
            assert "<!doctype html>" in (tmp_path / "view.html").read_text(encoding="utf-8")

    def test_a_drawing_can_be_a_figure(self, run: Run, packaged: Path, tmp_path: Path) -> None:
        pytest.importorskip("matplotlib")
        for name, start in (("f.svg", b"<?xml"), ("f.pdf", b"%PDF")):
            assert run("draw", "--store", packaged, "--size-by", "degree", "-o", name).code == 0
            assert (tmp_path / name).read_bytes().startswith(start)

    def test_a_drawing_that_cannot_be_made_is_refused(self, run: Run, packaged: Path) -> None:
        for options, code, told in (
            (["--side-by-side"], 2, "--between"),
            (["--view", "timeline"], 1, "--around"),
            (["--thin", "few"], 1, "strongest:300"),
            (["--colour-by", "beauty"], 1, "no measure 'beauty'"),
        ):
            shown = run("draw", "--store", packaged, *options)
            assert (shown.code, told in shown.err) == (code, True), options


def program(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "diplograph", *arguments], text=True, encoding="utf-8", capture_output=True, **options
    )


class TestProgram:
    """What only a process of its own can show."""

    def test_the_exit_code_is_the_programs(self, packaged: Path, tmp_path: Path) -> None:
        for arguments, code in (
            (["--version"], 0),
            (["show", "Nobody", "--store", str(packaged)], 3),
            (["stats", "--store", "none.db"], 5),
        ):
            assert program(*arguments, cwd=tmp_path).returncode == code

    def test_a_reader_who_leaves_early_is_no_error(self, packaged: Path) -> None:
        command = f"'{sys.executable}' -m diplograph export --store '{packaged}' | head -n 1; echo ${{PIPESTATUS[0]}}"
        ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert ran.stderr == ""
        assert ran.stdout.splitlines()[-1] == "0"

    @pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
    def test_a_full_disk_is_said_without_a_traceback(self, packaged: Path) -> None:
        with open("/dev/full", "w", encoding="utf-8") as full:
            ran = subprocess.run(
                [sys.executable, "-m", "diplograph", "questions"], stdout=full, stderr=subprocess.PIPE, text=True
            )
        assert ran.returncode != 0
        assert "Traceback" not in ran.stderr
        assert "No space left" in ran.stderr

    @pytest.mark.parametrize(
        "statement",
        [
            "import diplograph",
            "from diplograph.cli import diplograph; diplograph.main(['--help'], standalone_mode=False)",
        ],
    )
    def test_what_is_heavy_is_imported_only_when_it_is_needed(self, statement: str) -> None:
        heavy = "rdflib pyoxigraph networkx numpy scipy pyvis rich yaml pandas pyshacl zstandard"
        code = f"{statement}\nimport sys; print('heavy:', *[m for m in {heavy.split()} if m in sys.modules])"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert ran.stdout.splitlines()[-1] == "heavy:", ran.stderr


ENVOYS = "Name,To,Start\nAda Example,France,2001-03\nBen Sample,Atlantis,2004-02-30\n"
ENVOYS_MAP = """
document: {name: envoys, title: Envoys, lastUpdated: 2020-05-01}
facts:
  - class: Tenure
    person: {column: Name, kind: Person}
    post: {text: "Ambassador to {To}", kind: Post}
    from: {column: Start, kind: date}
"""


@pytest.fixture
def envoys(tmp_path: Path) -> tuple[Path, Path]:
    """A table, one of whose dates does not exist, and what its columns mean."""
    table, mapping = tmp_path / "envoys.csv", tmp_path / "envoys.yaml"
    table.write_text(ENVOYS)
    mapping.write_text(ENVOYS_MAP)
    return table, mapping


def test_import_says_what_it_did_and_writes_a_full_report(run: Run, tmp_path: Path, envoys: tuple[Path, Path]) -> None:
    table, mapping = envoys
    done = run("import", "table", table, "--map", mapping, "--store", "s", "--report", tmp_path / "report.txt")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{PREFIXES['doc']}envoys: new\n")
    assert "envoys.csv, line 3" in done.out
    assert (tmp_path / "report.txt").read_text() == done.out
    told = json.loads(run("import", "table", table, "--map", mapping, "--store", "s", "--format", "json").out)
    assert told["documents"][0]["outcome"] == "unchanged"
    assert told["problems"][0]["record"] == "line 3"
    assert "Envoys, envoys.csv, line 2" in run("show", "Ada Example", "--store", "s").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import", "elsewhere", "x"], 2),
        (["import", "table", "x.csv"], 2),
        (["import", "manytreaties", "x", "--map", "y"], 2),
        (["import", "manytreaties"], 2),
        (["import", "manytreaties", "nowhere"], 1),
        (["import", "historyatstate", "nowhere"], 1),
        (["import", "country-codes", "nowhere.csv"], 1),
        (["import", "table", "nowhere.csv", "--map", "nowhere.yaml"], 1),
    ],
)
def test_an_import_that_cannot_be_leaves_no_store(run: Run, tmp_path: Path, arguments: list[str], code: int) -> None:
    done = run(*arguments, "--store", "s")
    assert (done.code, done.out) == (code, "")
    assert done.err
    assert not (tmp_path / "s").exists() or not list((tmp_path / "s").glob("0*"))


def test_show_tells_the_latest_of_many_facts_and_how_to_have_all(run: Run, packaged: Path) -> None:
    few = run("show", "Azerbaijan", "--limit", "2", "--store", packaged)
    assert "facts that are earlier or undated are left out" in few.out
    assert few.err == "Say --limit for more facts, or --all.\n"
    whole = run("show", "Azerbaijan", "--all", "--store", packaged)
    assert "left out" not in whole.out
    assert whole.err == ""


def test_on_a_terminal_long_work_shows_how_far_it_has_come(tmp_path: Path, envoys: tuple[Path, Path]) -> None:
    line = "<http://example.org/s{0}> <http://example.org/p> <http://example.org/o> .\n"
    (tmp_path / "large.nt").write_text("".join(map(line.format, range(100_000))))
    (tmp_path / "small.nt").write_text(line.format(0))
    table, mapping = map(str, envoys)
    for arguments, seen in (
        (["load", "large.nt", "small.nt"], ["Reading", "Loading doc:large, bytes", "Loading", "2/2", "Storing"]),
        (["import", "table", table, "--map", mapping], ["Reading", "Storing"]),
    ):
        terminal, ours = os.openpty()
        with (tmp_path / "out").open("wb") as out:
            ran = subprocess.Popen(
                [sys.executable, "-m", "diplograph", *arguments, "--store", "s"],
                cwd=tmp_path, env={**os.environ, "COLUMNS": "120", "TERM": "xterm"}, stdout=out, stderr=ours,
            )  # fmt: skip
        os.close(ours)
        shown = b""
        # A terminal that nobody writes to any more ends with an error.
        with contextlib.suppress(OSError):
            while more := os.read(terminal, 100_000):
                shown += more
        os.close(terminal)
        assert ran.wait() == 0
        assert b"\x1b" not in (tmp_path / "out").read_bytes()
        assert [words for words in seen if words.encode() not in shown] == []
        # What is over stands as done while the next is under way.
        last = re.findall(rb"Reading.*?([0-9]+)/([0-9]+)", shown)[-1]
        assert last[0] == last[1]

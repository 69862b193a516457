"""What the command prints is what comes of the suites, and the published page is what it prints."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from diplograph import cli
from diplograph.errors import InputError
from diplograph.graph.formats import syntax_named
from diplograph.graph.oxigraph import parsed, rdflib_graph
from diplograph.queries.conformance import report, running
from diplograph.queries.conformance.manifests import Case, Tree
from diplograph.queries.conformance.suites import SUITES, Suite
from diplograph.queries.conformance.verdicts import PASSED, Verdict, failed

EARL = Namespace("http://www.w3.org/ns/earl#")
PAGE = Path(__file__).parents[2] / "CONFORMANCE.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.diplograph, ["conformance", *arguments])


def result(name: str, verdict: Verdict, suite: Suite = SUITES[0]) -> running.Result:
    case = Case(f"http://x/{name}", name, "QueryEvaluationTest", "", Tree(Path(), "http://x/"), Graph())
    return running.Result(suite, case, verdict)


@pytest.mark.shared
def test_the_published_page_is_what_the_command_prints(w3c: Path) -> None:
    shown = run(str(w3c), "--format", "markdown")
    assert shown.exception is None
    assert shown.stdout == PAGE.read_text(encoding="utf-8")


def test_the_earl_report_has_one_assertion_for_each_test() -> None:
    results = [result("one", PASSED), result("two", failed('it "said"\n\\')), result("three", PASSED)]
    graph = rdflib_graph(parsed(report.earl(results).encode(), syntax_named("turtle"), source="report")[None])
    assertions = set(graph.subjects(RDF.type, EARL.Assertion))
    assert {str(graph.value(assertion, EARL.test)) for assertion in assertions} == {r.case.iri for r in results}
    outcomes = [graph.value(graph.value(assertion, EARL.result), EARL.outcome) for assertion in assertions]
    assert Counter(outcomes) == {EARL.passed: 2, EARL.failed: 1}


def test_the_table_counts_each_suite() -> None:
    shown = report.table([result("one", PASSED), result("two", failed("")), result("three", PASSED, SUITES[1])])
    first, second = shown.splitlines()[1:3]
    assert first.split() == [*SUITES[0].title.split(), "2", "1", "1", "0"]
    assert second.split() == [*SUITES[1].title.split(), "1", "1", "0", "0"]


def test_what_is_otherwise_than_known_is_told() -> None:
    known = next(iter(running.known_failures()))
    passes = running.Result(SUITES[0], Case(known, "", "", "", Tree(Path(), ""), Graph()), PASSED)
    assert report.surprises([result("one", failed("it differs")), result("two", PASSED), passes]) == [
        "<http://x/one> is not known to fail: it differs",
        f"<{known}> is known to fail, and passes",
    ]


def test_a_directory_without_the_suites_is_told(tmp_path: Path) -> None:
    shown = run(str(tmp_path))
    assert isinstance(shown.exception, InputError)
    assert "rdf-tests tests are not there" in str(shown.exception)


def test_a_file_outside_the_suite_is_not_read(tmp_path: Path) -> None:
    tree = Tree(tmp_path, "http://x/")
    for iri in ("http://y/a", "http://x/../a", "file:///etc/hostname"):
        with pytest.raises(InputError, match="no file of the test suite"):
            tree.data(iri)

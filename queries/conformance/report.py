"""What came of the suites, as a table for one page, as the page itself, and as an EARL report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Final

from rdflib import Literal

from .known import Known, failures, known_failures
from .running import Result
from .suites import SUITES

_HEADINGS: Final = ("suite", "tests", "passed", "failed", "do not apply")
_SUBJECT: Final = "https://w3id.org/diplograph"
_ORIGINS: Final = {
    "choice": "Diplograph's choice",
    "engine": "Oxigraph, the engine",
    "validator": "pySHACL, the validator",
}
_SPARQL_11: Final = ("SPARQL 1.1 Query", "SPARQL 1.1 Update", "SPARQL 1.1 Results in CSV, TSV and JSON")
_FEDERATION: Final = "SPARQL 1.1 Federation, syntax"


def table(results: Sequence[Result]) -> str:
    """Return the counts of each suite as text."""
    rows = [_HEADINGS, *_counted(results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def page(results: Sequence[Result]) -> str:
    """Return the page of Markdown that is published: the counts, then every known failure with its reason."""
    parts = [
        "# Conformance\n",
        "What comes of the W3C's test suites, run through what a user of Diplograph reaches. This page is written by "
        "`diplograph conformance DIR --format markdown`, where DIR holds copies of the W3C's repositories `rdf-tests`, "
        "`data-shapes` and `rdf-canon`; `--format earl` gives the report in RDF. The tests of the project check that "
        "it is as it would be written now.\n",
        _of_498(results),
        _markdown_table(results),
        "A query keeps the base of its file by a BASE line put before it. Answers are compared up to the labels of "
        "blank nodes, in order where the suite gives one, and numbers by value, as the suites have it. Tests of RDF "
        "syntaxes and of SHACL compare terms exactly, validation reports by focus node, path, value, component, "
        "severity and shape. Requests of the protocols are given to the application in one process, each test over a "
        "store of its own.\n",
        "## What fails, and why\n",
        *(_reason(known) for known in failures()),
        "## What does not apply, and why\n",
        *_inapplicable(results),
    ]
    return "\n".join(parts)


def _of_498(results: Sequence[Result]) -> str:
    outcomes = [r.verdict.outcome for r in results if r.suite.title in (*_SPARQL_11, _FEDERATION)]
    return (
        f"Of the {len(outcomes)} tests of queries, updates, results and syntax of SPARQL 1.1, "
        f"{outcomes.count('passed')} pass.\n"
    )


def _counted(results: Iterable[Result]) -> Iterator[tuple[str, ...]]:
    counts: dict[str, Counter[str]] = {suite.title: Counter() for suite in SUITES}
    for result in results:
        counts[result.suite.title][result.verdict.outcome] += 1
    for title, count in counts.items():
        numbers = (count.total(), count["passed"], count["failed"], count["inapplicable"])
        yield title, *(str(number) for number in numbers)


def _markdown_table(results: Sequence[Result]) -> str:
    through = {suite.title: suite.through for suite in SUITES}
    lines = [f"| {' | '.join((*_HEADINGS, 'run through'))} |", "|---|---:|---:|---:|---:|---|"]
    lines += [f"| {' | '.join((*row, through[row[0]]))} |" for row in _counted(results)]
    return "".join(f"{line}\n" for line in lines)


def _reason(known: Known) -> str:
    return f"- **{_ORIGINS[known.origin]}.** {known.reason}\n  {_named(known.tests)}\n"


def _named(tests: Iterable[str]) -> str:
    return ", ".join(f"[{test.replace('#', '/').rpartition('/')[2]}]({test})" for test in tests)


def _inapplicable(results: Sequence[Result]) -> Iterator[str]:
    whole: dict[str, list[str]] = {}
    for suite in SUITES:
        if suite.beyond:
            whole.setdefault(suite.beyond, []).append(suite.title)
    for reason, titles in whole.items():
        yield f"- {reason}\n  All of {' and '.join(titles)}.\n"
    single: dict[str, list[str]] = {}
    for result in results:
        if result.verdict.outcome == "inapplicable" and not result.suite.beyond:
            single.setdefault(result.verdict.told, []).append(result.case.iri)
    for reason, tests in single.items():
        yield f"- {reason}\n  {_named(tests)}\n"


def surprises(results: Iterable[Result]) -> list[str]:
    """Return a line for each test that failed and is not known to, or passed and is known to fail."""
    known = known_failures()
    failed = [result for result in results if result.verdict.outcome == "failed" and result.case.iri not in known]
    passed = [result for result in results if result.verdict.outcome == "passed" and result.case.iri in known]
    return [
        *(f"<{result.case.iri}> is not known to fail: {result.verdict.told}" for result in failed),
        *(f"<{result.case.iri}> is known to fail, and passes" for result in passed),
    ]


def earl(results: Iterable[Result]) -> str:
    """Return the results as an EARL report in Turtle (https://www.w3.org/TR/EARL10-Schema/), one assertion a test."""
    known = known_failures()
    head = (
        "@prefix dct: <http://purl.org/dc/terms/> .\n"
        "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
        "@prefix earl: <http://www.w3.org/ns/earl#> .\n\n"
        f"<{_SUBJECT}> a doap:Project, earl:Software, earl:TestSubject ;\n"
        f'    doap:name "Diplograph" ;\n'
        f"    doap:release [ doap:revision {Literal(version('diplograph')).n3()} ] .\n"
    )
    return head + "".join(_assertion(result, known.get(result.case.iri)) for result in results)


def _assertion(result: Result, known: Known | None) -> str:
    told = known.reason if known and result.verdict.outcome == "failed" else result.verdict.told
    info = f" ; dct:description {Literal(told).n3()}" if told else ""
    return (
        f"\n[] a earl:Assertion ;\n"
        f"    earl:assertedBy <{_SUBJECT}> ;\n"
        f"    earl:subject <{_SUBJECT}> ;\n"
        f"    earl:test <{result.case.iri}> ;\n"
        f"    earl:mode earl:automatic ;\n"
        f"    earl:result [ a earl:TestResult ; earl:outcome earl:{result.verdict.outcome}{info} ] .\n"
    )

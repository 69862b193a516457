"""Running suites: each test by its type, or the reason why it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...errors import InputError
from . import canonization, description, parsing, querying, requests, shapes, updating
from .known import known_failures, known_inapplicable
from .manifests import Case
from .querying import QUERIES
from .suites import SUITES, Suite
from .updating import UPDATES
from .verdicts import Verdict, failed, inapplicable

_RDF: Final = ("Turtle", "Trig", "NTriples", "NQuads", "XML")
_RUNS: Final[dict[str, Callable[[Case], Verdict]]] = {
    "QueryEvaluationTest": querying.evaluation,
    "CSVResultFormatTest": querying.evaluation,
    **dict.fromkeys(("PositiveSyntaxTest", "PositiveSyntaxTest11"), QUERIES.positive_syntax),
    **dict.fromkeys(("NegativeSyntaxTest", "NegativeSyntaxTest11"), QUERIES.negative_syntax),
    "UpdateEvaluationTest": updating.evaluation,
    **dict.fromkeys(("PositiveUpdateSyntaxTest", "PositiveUpdateSyntaxTest11"), UPDATES.positive_syntax),
    **dict.fromkeys(("NegativeUpdateSyntaxTest", "NegativeUpdateSyntaxTest11"), UPDATES.negative_syntax),
    **{f"Test{name}Eval": parsing.evaluation for name in _RDF},
    **{f"Test{name}PositiveSyntax": parsing.positive_syntax for name in _RDF},
    **{f"Test{name}NegativeSyntax": parsing.negative_syntax for name in _RDF},
    **{f"Test{name}PositiveC14N": parsing.canonical_form for name in _RDF},
    "RDFC10EvalTest": canonization.canonization,
    "Validate": shapes.validation,
    **dict.fromkeys(("ProtocolTest", "GraphStoreProtocolTest"), requests.exchange),
    "ServiceDescriptionTest": description.description,
}


@dataclass(frozen=True)
class Result:
    """A test of a suite, and what came of it."""

    suite: Suite
    case: Case
    verdict: Verdict


def results(directory: Path) -> Iterator[Result]:
    """Yield what comes of every test of every suite in a directory; raises InputError where a suite is not there."""
    for suite in SUITES:
        for case in suite.cases(directory):
            yield Result(suite, case, verdict(suite, case))


def verdict(suite: Suite, case: Case) -> Verdict:
    """Return what comes of a test."""
    reason = suite.beyond or known_inapplicable().get(case.iri)
    if reason:
        return inapplicable(reason)
    known = known_failures().get(case.iri)
    if known and not known.run:
        return failed("It was not run, as it would not end.")
    return _run(case)(case)


def _run(case: Case) -> Callable[[Case], Verdict]:
    # Some manifests call what is no SPARQL Update by the name of what is no query.
    if case.kind == "NegativeSyntaxTest11" and str(case.action()).endswith(".ru"):
        return UPDATES.negative_syntax
    if case.kind not in _RUNS:
        raise InputError(f"<{case.iri}> is a {case.kind}: no way is known to run such a test.")
    return _RUNS[case.kind]

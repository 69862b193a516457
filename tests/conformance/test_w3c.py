"""Every test of the W3C that applies passes, but for those that are known to fail, and those do fail."""

from __future__ import annotations

from collections import Counter

import pytest

from diplograph.queries.conformance.known import failures, known_failures, known_inapplicable
from diplograph.queries.conformance.manifests import Case
from diplograph.queries.conformance.running import verdict
from diplograph.queries.conformance.suites import Suite

pytestmark = pytest.mark.shared


# Some tests are about texts that are no number or truth, which rdflib mentions when it meets them.
@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
def test_passes(suite: Suite, case: Case) -> None:
    found = verdict(suite, case)
    assert found.outcome == "passed", found.told


def test_what_is_known_of_a_test_is_known_of_one_that_there_is(w3c_cases: list[tuple[Suite, Case]]) -> None:
    assert set(known_failures()) | set(known_inapplicable()) <= {case.iri for _, case in w3c_cases}


def test_nothing_is_known_twice_of_a_test() -> None:
    listed = Counter([*(test for known in failures() for test in known.tests), *known_inapplicable()])
    assert [test for test, times in listed.items() if times > 1] == []


def test_every_test_is_counted_once(w3c_cases: list[tuple[Suite, Case]]) -> None:
    tests = Counter(case.iri for _, case in w3c_cases)
    assert [test for test, times in tests.items() if times > 1] == []


def test_of_498_tests_of_sparql_11_at_least_487_pass(w3c_cases: list[tuple[Suite, Case]]) -> None:
    parts = ("Query", "Update", "Results in CSV, TSV and JSON", "Federation, syntax")
    titles = {f"SPARQL 1.1 {part}" for part in parts}
    tests = {case.iri for suite, case in w3c_cases if suite.title in titles}
    assert len(tests) == 498
    assert len(tests - set(known_failures())) >= 487

"""The updates of the W3C's suites: their steps do what they do at once, to no graphs but those that are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import URIRef

from diplograph.errors import QueryError, QueryRefusedError
from diplograph.graph.oxigraph import OxigraphDataset
from diplograph.graph.steps import Step, steps
from diplograph.graph.tokens import unescaped
from diplograph.queries.conformance.isomorphism import same
from diplograph.queries.conformance.manifests import Case
from diplograph.queries.conformance.suites import Suite
from diplograph.queries.conformance.terms import statements
from diplograph.queries.conformance.updating import UT, _graphs

EVALUATION = "UpdateEvaluationTest"
KINDS = (EVALUATION, "PositiveUpdateSyntaxTest", "PositiveUpdateSyntaxTest11")


def told_apart(case: Case) -> tuple[str, str, list[Step]] | None:
    """An update's IRI, its text and its steps, None for one that is refused or loads."""
    iri = str(case.value(UT.request, of=case.action()) if case.kind == EVALUATION else case.action())
    text = unescaped(case.tree.data(iri).decode())
    try:
        parts = steps(text, {})
    except QueryRefusedError:
        return None
    return None if any(step.load for step in parts) else (iri, text, parts)


def done(case: Case, update: Callable[[OxigraphDataset], None]) -> dict[URIRef | None, bytes] | None:
    dataset = OxigraphDataset(_graphs(case, case.action()) if case.kind == EVALUATION else {None: b""})
    try:
        update(dataset)
    except QueryError:
        return None
    return dataset.graphs()


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_steps_do_what_the_whole_does_to_the_graphs_that_they_name(w3c_cases: list[tuple[Suite, Case]]) -> None:
    cases = [case for _, case in w3c_cases if case.kind in KINDS]
    found = [(case, told) for case in cases if (told := told_apart(case))]
    assert len(found) >= 60
    assert len(cases) - len(found) >= 30, "those that change the default graph are refused"
    for case, (iri, text, parts) in found:

        def one_by_one(dataset: OxigraphDataset, parts: list[Step] = parts, iri: str = iri) -> None:
            for step in parts:
                dataset.update(step.text, base=iri)

        def at_once(dataset: OxigraphDataset, text: str = text, iri: str = iri) -> None:
            dataset.update(text, base=iri)

        before, after, whole = done(case, lambda _: None), done(case, one_by_one), done(case, at_once)
        assert before is not None
        assert (after is None) == (whole is None), case.iri
        if after is None or whole is None:
            continue
        assert same(statements(after), statements(whole)), case.iri
        touched = {name for name in {*before, *whole} if before.get(name) != whole.get(name) and name is not None}
        named = [step.graphs for step in parts]
        assert None in named or touched <= frozenset().union(*(each for each in named if each is not None)), case.iri

"""Persons of real records who may be one: proposed with reasons, merged by judgement, and never by name alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rdflib import URIRef

from diplograph.graph.candidates import Proposal, proposals
from diplograph.graph.description import description
from diplograph.graph.judgements import judgements
from diplograph.graph.loading import Source, load, packaged_sources
from diplograph.graph.merging import judge, judge_by_rule, undo
from diplograph.graph.oxigraph import OxigraphStore, canonical
from diplograph.graph.sources import travels, visits
from diplograph.graph.sources.intake import Intake
from diplograph.graph.sources.states import StateNames
from diplograph.graph.store import Store
from diplograph.graph.verification import verification
from diplograph.ontology.identifiers import entity_iri

pytestmark = pytest.mark.shared

HEYDAR, GEIDAR, ILHAM, VISITOR = (
    entity_iri("person", name)
    for name in ("Heydar Aliyev AZE", "Geidar Aliyev AZE", "Ilham Aliyev", "Ilham Aliyev AZE")
)


@pytest.fixture(scope="module")
def records(archive: Callable[[str], Path], states: StateNames) -> Iterator[Store]:
    """A store with the dossier of one article, the visits to the United States, and the trips abroad."""
    with tempfile.TemporaryDirectory() as directory, OxigraphStore() as store:
        intake = Intake(Path(directory))
        visits.read(archive("visits"), intake, states)
        travels.read(archive("travels"), intake, states)
        drafts = [Source(each.draft.document, each.draft.path, "records", each.digest) for each in intake.finished]
        load(store, [*packaged_sources("states"), *packaged_sources("trend-2023-02-28"), *drafts])
        yield store


@pytest.fixture(scope="module")
def proposed(records: Store) -> list[Proposal]:
    return proposals(records)


def of(proposed: list[Proposal], *pair: URIRef) -> Proposal:
    (found,) = (each for each in proposed if {each.keeps, each.merges} == set(pair))
    return found


def test_two_spellings_of_one_president_are_proposed(proposed: list[Proposal]) -> None:
    found = of(proposed, HEYDAR, GEIDAR)
    assert not found.certain
    assert not found.against
    assert found.reason == (
        "Geidar Aliyev and Heydar Aliyev are alike; both appear as President of Azerbaijan, 2001 and 1994 to 2003."
    )


def test_the_article_and_the_records_name_one_president(proposed: list[Proposal]) -> None:
    found = of(proposed, ILHAM, VISITOR)
    assert (found.keeps, found.certain) == (ILHAM, False)
    assert found.reason == (
        "Both are called Ilham Aliyev; both appear as President of Azerbaijan, 2023 and 2006 to 2016."
    )


def test_fathers_and_sons_are_not_proposed(proposed: list[Proposal]) -> None:
    pairs = {frozenset((each.keeps, each.merges)) for each in proposed}
    assert frozenset((HEYDAR, VISITOR)) not in pairs
    assert not [each for each in proposed if {"george-ii-grc", "george-vi-gbr"} & {each.keeps.rpartition("/")[2]}]


def test_the_rule_is_sure_of_nobody_here(records: Store) -> None:
    # Whoever has the same name and represents the same state is one person in the records already.
    done = judge_by_rule(records)
    assert (done.merged, judgements(records)) == ((), [])
    assert len(done.apart) > 100


def test_judging_them_one_and_taking_it_back(records: Store) -> None:
    before = canonical(records.view().ntriples())
    judge(records, HEYDAR, GEIDAR, reason="The record spells him two ways.", by="test")
    judge(records, ILHAM, VISITOR, reason="Both are President of Azerbaijan.", by="test")
    told = description(records, GEIDAR)
    assert (told.entity, told.aliases) == (HEYDAR, ("Geidar Aliyev",))
    assert sum(line.words.startswith("makes Visit") for line in told.lines) == 6
    article_and_records = {evidence.title for line in description(records, ILHAM).lines for evidence in line.evidence}
    assert len(article_and_records) == 2
    assert verification(records).sound
    for each in judgements(records):
        undo(records, each.iri)
    assert canonical(records.view().ntriples()) == before

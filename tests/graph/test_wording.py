"""Facts in plain words, and when they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import URIRef

from diplograph.graph.loading import Source, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.statements import Evidence, all_facts
from diplograph.graph.store import Store
from diplograph.graph.wording import Period, Wording, cited
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

NewSource = Callable[[str, str], Source]
WORLD = """
person:ann skos:prefLabel "Ann Lind"@en . person:bob skos:prefLabel "Bob Okoro"@en .
post:minister skos:prefLabel "Minister of Peace"@en . state:AZE skos:prefLabel "Azerbaijan"@en .
state:RUS skos:prefLabel "Russia"@en . topic:trade skos:prefLabel "trade"@en .
event:talks skos:prefLabel "Talks"@en ; dg:date "2023-02"^^xsd:gYearMonth .
agreement:pact skos:prefLabel "Pact"@en ; dg:date "2022"^^xsd:gYear .
"""


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store of either engine."""
    made: Store = request.param()
    return made


def told(store: Store, new_source: NewSource, fact: str, subject: str | None = None) -> tuple[str, str]:
    """The sentence and the period of the one fact that some Turtle states."""
    load(store, [new_source("a", f"{WORLD} [] {fact} .")])
    [found] = all_facts(store.view())
    wording = Wording(store.view(), [found])
    about = None if subject is None else URIRef(PREFIXES[subject.partition(":")[0]] + subject.partition(":")[2])
    return wording.sentence(found, about), str(wording.period(found))


TENURE = "a dg:Tenure ; dg:person person:ann ; dg:post post:minister"
RELATIONS = "a dg:Relations ; dg:oneSide state:AZE ; dg:otherSide state:RUS ; dg:relationKind relation:partnership"
UTTERANCE = "a dg:Utterance ; dg:speaker person:ann ; dg:event event:talks"


@pytest.mark.parametrize(
    ("fact", "subject", "sentence"),
    [
        (TENURE, None, "Ann Lind holds post Minister of Peace"),
        (TENURE, "person:ann", "holds post Minister of Peace"),
        (TENURE, "post:minister", "Ann Lind holds post Minister of Peace"),
        (RELATIONS, "state:AZE", "is a partner of Russia"),
        (RELATIONS, "state:RUS", "is a partner of Azerbaijan"),
        (f"{UTTERANCE} ; dg:topic topic:trade", None, "Ann Lind spoke about trade, at Talks"),
        (f'{UTTERANCE} ; dg:summary "Trade is good."@en', "person:ann", "said: Trade is good, at Talks"),
        (
            "a dg:Participation ; dg:agent person:ann ; dg:event event:talks ; dg:role role:speaker ; "
            "dg:capacity post:minister",
            None,
            "Ann Lind speaks at Talks, as Minister of Peace",
        ),
        (
            f"{RELATIONS} ; dg:realis realis:claimed ; dg:claimedBy person:bob",
            None,
            "Azerbaijan is a partner of Russia, as Bob Okoro claims",
        ),
        (
            'a dg:Recommendation ; dg:event event:talks ; dg:summary "Meet again."@en',
            None,
            "Talks recommended: Meet again",
        ),
    ],
)
def test_a_fact_reads_as_a_sentence(
    store: Store, new_source: NewSource, fact: str, subject: str | None, sentence: str
) -> None:
    assert told(store, new_source, fact, subject)[0] == sentence


@pytest.mark.parametrize(
    ("fact", "period"),
    [
        (TENURE, ""),
        (f'{TENURE} ; dg:from "2020"^^xsd:gYear', "since 2020"),
        (f'{TENURE} ; dg:until "2021-05"^^xsd:gYearMonth', "until 2021-05"),
        (f'{TENURE} ; dg:from "2020"^^xsd:gYear ; dg:until "2021-05-01"^^xsd:date', "2020 to 2021-05-01"),
        (
            f'{TENURE} ; dg:evidence [ dg:asOf "2023-02-28"^^xsd:date ], [ dg:asOf "2022"^^xsd:gYear ]',
            "as of 2022, 2023-02-28",
        ),
        (f'{TENURE} ; dg:from "2020"^^xsd:gYear ; dg:evidence [ dg:asOf "2023-02-28"^^xsd:date ]', "since 2020"),
        (UTTERANCE, "2023-02"),
        (f'{UTTERANCE} ; dg:date "2023-02-28T17:52:00+04:00"^^xsd:dateTime', "2023-02-28"),
        ("a dg:Signature ; dg:signatory person:ann ; dg:agreement agreement:pact", "2022"),
        ("a dg:Partyship ; dg:party state:AZE ; dg:agreement agreement:pact", "agreement of 2022"),
    ],
)
def test_a_fact_holds_when_its_sources_say(store: Store, new_source: NewSource, fact: str, period: str) -> None:
    assert told(store, new_source, fact)[1] == period


def test_no_facts_need_no_words(store: Store) -> None:
    assert Wording(store.view(), []).labels == {}


def test_a_period_is_open_where_nothing_is_known() -> None:
    assert str(Period(None, None)) == ""
    assert str(Period("2020", "2020", ("2021",))) == "2020"
    assert str(Period(None, None, ("2021",))) == "as of 2021"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "A report"),
        ({"published": "2023-02-28T17:52:00+04:00"}, "A report, 2023-02-28"),
        ({"start": 0, "end": 3}, "A report, characters 0–3"),
        ({"start": 0, "end": 3, "quote": "Ann"}, "“Ann” — A report"),
        ({"level": "inferred", "published": "2023"}, "A report, 2023 [inferred]"),
    ],
)
def test_evidence_is_cited_in_one_line(more: dict[str, object], line: str) -> None:
    plain = {"title": "A report", "published": None, "level": "stated", "method": "curated"}
    assert cited(Evidence(document_iri("a"), **{**plain, **more})) == line  # type: ignore[arg-type]


RECORD = f"""{TENURE} ; dg:from "1853"^^xsd:gYear ; dg:evidence [ dg:file "chiefs.xml" ; dg:record "no-1853-lind" ] .
doc:a a dg:Dataset ; dcterms:title "Chiefs of mission"@en ; dg:lastUpdated "2020-05-01"^^xsd:date"""


def test_an_open_end_in_a_record_is_not_said_to_last_until_now(store: Store, new_source: NewSource) -> None:
    assert told(store, new_source, RECORD)[1] == "from 1853, end not recorded"


def test_a_record_is_cited_by_its_file_and_its_place_there(store: Store, new_source: NewSource) -> None:
    told(store, new_source, RECORD)
    [fact] = all_facts(store.view())
    [evidence] = fact.evidence
    assert (evidence.file, evidence.record, evidence.kept) == ("chiefs.xml", "no-1853-lind", "2020-05-01")
    assert cited(evidence) == "Chiefs of mission, chiefs.xml, no-1853-lind"

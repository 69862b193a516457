"""Where sources disagree, what happened when, and who only claims it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diplograph import Store, ask

StoreOf = Callable[..., Store]


def said(prop: str, value: str, subject: str = "event:e") -> str:
    return f"[] a dg:Assertion ; rdf:subject {subject} ; rdf:predicate {prop} ; rdf:object {value} .\n"


def tenure(start: str | None, end: str | None = None) -> str:
    dates = "".join(f' ; {prop} "{year}"^^xsd:gYear' for prop, year in (("dg:from", start), ("dg:until", end)) if year)
    return f"[] a dg:Tenure ; dg:person person:a ; dg:post post:p{dates} .\n"


def disagreements(store: Store) -> list[tuple[str, str, str, str]]:
    return [
        (row["property"], row["value"], row["otherValue"], row["sources"][0]["document"].rpartition("/")[2])
        for row in ask(store, "disagreements")
    ]


def test_each_value_stands_with_its_own_source(store_of: StoreOf) -> None:
    one, two = (said("dg:date", f'"{day}"^^xsd:date') for day in ("2020-05-05", "2020-05-06"))
    assert disagreements(store_of(one=one, two=two)) == [
        ("date", "2020-05-05", "2020-05-06", "one"),
        ("date", "2020-05-06", "2020-05-05", "two"),
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (said("dg:date", '"2020"^^xsd:gYear'), said("dg:date", '"2020-05"^^xsd:gYearMonth')),
        (said("dg:date", '"2020"^^xsd:gYear'), said("dg:date", '"2020"^^xsd:gYear')),
        (said("dg:date", '"2020"^^xsd:gYear'), said("dg:date", '"2021"^^xsd:gYear', "event:f")),
        (said("dg:topic", "topic:t"), said("dg:topic", "topic:u")),
        (said("dg:heldIn", "place:town"), said("dg:heldIn", "place:land") + "place:town dg:locatedIn place:land ."),
        (tenure("2000", "2004") + tenure("2012", "2016"), tenure("2000", "2004") + tenure("2012", "2016")),
        (tenure("2000", "2004"), tenure("2012", "2016")),
        (tenure("2000", "2004"), tenure(None, "2004")),
        (
            said("dg:date", '"2020"^^xsd:gYear'),
            said("dg:date", '"2021"^^xsd:gYear').replace(" .\n", " ; dg:realis realis:claimed .\n"),
        ),
    ],
    ids=["less exact", "same", "of other things", "many values", "within", "two terms", "apart", "unknown", "claimed"],
)
def test_what_can_both_be_true_is_no_disagreement(store_of: StoreOf, one: str, two: str) -> None:
    assert disagreements(store_of(one=one, two=two)) == []


@pytest.mark.parametrize(
    ("one", "two", "properties"),
    [
        (said("dg:ordinal", "1"), said("dg:ordinal", "12"), {"ordinal"}),
        (said("dg:ordinal", "3"), said("dg:ordinal", "4"), {"ordinal"}),
        (said("dg:heldIn", "place:town"), said("dg:heldIn", "place:other"), {"held in"}),
        (tenure("2000", "2004"), tenure("2001", "2005"), {"from", "until"}),
        (tenure("2000"), tenure("2001"), {"from"}),
    ],
)
def test_two_values_of_what_has_one_disagree(store_of: StoreOf, one: str, two: str, properties: set[str]) -> None:
    found = disagreements(store_of(one=one, two=two))
    assert {prop for prop, *_ in found} == properties
    assert {document for *_, document in found} == {"one", "two"}
    assert disagreements(store_of(one=one + two)) == [], "one source alone does not disagree with another"


LIFE = (
    "person:a a dg:Person . organization:x a dg:Organization . event:e a dg:Meeting .\n"
    + tenure("2015")
    + said("dg:date", '"2014-05-05"^^xsd:date')
    + said("dg:inSeries", "organization:x")
    + "[] a dg:Participation ; dg:agent person:a ; dg:event event:f ; dg:role role:speaker .\n"
    + said("dg:date", '"2014-05"^^xsd:gYearMonth', "event:f")
    + '[] a dg:Membership ; dg:member person:a ; dg:organization organization:y ; dg:until "2013"^^xsd:gYear .\n'
    + "[] a dg:Membership ; dg:member person:a ; dg:organization organization:z .\n"
)


def timeline(store: Store, entity: str) -> list[tuple[str, str]]:
    rows = ask(store, "timeline-of", entity=entity).terms()
    return [(str(row["date"]), str(row.get("what", "")).rpartition("/")[2]) for row in rows]


def test_a_timeline_has_what_is_dated_of_the_entity_alone_in_order(
    store_of: StoreOf, in_rdflib: Callable[[Store], Store]
) -> None:
    store = store_of(a=LIFE)
    for engine in (store, in_rdflib(store)):
        assert timeline(engine, "person/a") == [("2013", "y"), ("2014-05", "f"), ("2015", "p")]
        assert timeline(engine, "organization/x") == [("2014-05-05", "e")]
        assert timeline(engine, "event/e") == [("2014-05-05", "e")]


def test_what_is_claimed_planned_or_denied_is_on_no_timeline(store_of: StoreOf) -> None:
    planned = tenure("2015").replace(" .\n", " ; dg:realis realis:planned .\n")
    assert timeline(store_of(a="person:a a dg:Person .\n" + planned), "person/a") == []


CLAIMS = [
    "dg:Tenure ; dg:person person:a ; dg:post post:p",
    "dg:Participation ; dg:agent person:a ; dg:event event:e ; dg:role role:speaker",
    "dg:Membership ; dg:member person:a ; dg:organization organization:x",
    "dg:Partyship ; dg:party person:a ; dg:agreement agreement:k",
    "dg:Signature ; dg:signatory person:a ; dg:agreement agreement:k",
    "dg:Representation ; dg:agent person:a ; dg:principal state:AAA",
    "dg:Relations ; dg:oneSide person:a ; dg:otherSide state:AAA ; dg:relationKind relation:partnership",
    "dg:Assertion ; rdf:subject person:a ; rdf:predicate dg:basedIn ; rdf:object place:town",
]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim).split()[0])
def test_every_claim_tells_of_whom_and_of_what_in_both_questions(store_of: StoreOf, claim: str) -> None:
    told = f"person:c a dg:Person .\n[] a {claim} ; dg:realis realis:claimed ; dg:claimedBy person:c .\n"
    (of_all,) = ask(store_of(a=told), "claims")
    (of_one,) = ask(store_of(a=told), "statements-by", person="person/c")
    assert of_all["claimant"] == "person:c"
    assert of_all["about"] == of_one["about"] == "person:a"
    assert of_all["other"] is not None
    assert of_all["other"] == (of_one["other"] or of_one["event"])


def test_what_every_source_infers_is_inferred_and_what_one_states_is_not(store_of: StoreOf) -> None:
    inferred, stated = (
        f"[] a dg:Membership ; dg:member person:a ; dg:organization organization:x ; "
        f"dg:evidence [ dg:level level:{level} ] .\n"
        for level in ("inferred", "stated")
    )
    assert len(ask(store_of(one=inferred), "inferred")) == 1
    assert len(ask(store_of(one=inferred, two=stated), "inferred")) == 0

"""Values become terms: what a person means is found, and nothing that is given can become part of the query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from diplograph import DiplographError, Store, ask
from diplograph.errors import AmbiguousNameError, IdentifierError, NotFoundError, ParameterError
from diplograph.graph.entities import Names
from diplograph.graph.store import Solutions
from diplograph.queries.binding import bound, terms_of
from diplograph.queries.catalogue import question, read_question

POST = "Minister of Foreign Affairs of Azerbaijan"
BAYRAMOV = URIRef("https://w3id.org/diplograph/id/person/jeyhun-bayramov")
HOSTILE = [
    '"',
    "'",
    '") } #',
    ") } DROP ALL #",
    "\\",
    '\\"',
    'a\n\\"',
    'a\r\n"""',
    r"\g<0>",
    r"\1",
    r"\g<before>",
    "$1",
    "?post",
    "}",
    "\x00",
    "\u2028",
    "<http://x/> ) }",
    "UNDEF",
]


def is_like_no_escape(text: str) -> bool:
    return "\\u" not in text.lower()


def of_text(sparql_row: str = "VALUES (?text) { (1) }") -> str:
    return (
        '#+ summary: What?\n#+ parameters:\n#+   text: {kind: text, meaning: "a text", example: "x"}\n'
        f"SELECT ?text WHERE {{\n  {sparql_row}\n}}\n"
    )


def asked_of_text(store: Store, text: str) -> str:
    asked = read_question("t", "t.rq", of_text())
    return bound(asked, terms_of(asked, {"text": text}, Names(store.view())))


@pytest.mark.parametrize("value", HOSTILE)
def test_text_comes_out_of_the_query_as_it_went_in(example: Store, value: str) -> None:
    for text in (f"a{value}b", f"a{value}".strip(), f"{value}b".strip()):
        asked = asked_of_text(example, text)
        answer = example.view().query(asked)
        assert isinstance(answer, Solutions)
        assert list(answer.rows) == [(Literal(text),)]


@pytest.mark.parametrize("value", [r"\u0041", r"\U00000022", r"\\u0000", r"\U0000", r"a\u"])
def test_a_text_that_sparql_would_change_is_refused(example: Store, value: str) -> None:
    with pytest.raises(ParameterError, match=r"^text='.*' has .., which SPARQL takes for an escape\. Leave it out\.$"):
        asked_of_text(example, value)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(is_like_no_escape))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_out_of_the_query_as_it_went_in(example: Store, value: str) -> None:
    asked = asked_of_text(example, value)
    answer = example.view().query(asked)
    assert isinstance(answer, Solutions)
    assert [str(term) for (term,) in answer.rows] == [value]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(("name", "key"), [("posts-of", "person"), ("anniversaries", "on"), ("timeline-of", "entity")])
def test_a_hostile_value_is_refused_by_an_error_of_ours(example: Store, name: str, key: str, value: str) -> None:
    with pytest.raises((ParameterError, NotFoundError, IdentifierError)):
        ask(example, name, {key: value})


@pytest.mark.parametrize("value", ["http://x/> ) }", "http://x/ y", "relative", 'http://x/"', "http://x/\n"])
def test_an_iri_with_bad_characters_is_refused_in_every_form(
    example: Store, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    for given_value in (URIRef(value), f"<{value}>"):
        with pytest.raises(DiplographError):
            ask(example, "posts-of", person=given_value)
    caplog.clear()


def test_an_entity_is_meant_by_label_alias_short_id_prefixed_name_or_iri(example: Store) -> None:
    names = Names(example.view())
    forms: list[object] = [
        "Jeyhun Bayramov",
        "  jeyhun   BAYRAMOV ",
        "Jéyhun-Bayramov",
        "person/jeyhun-bayramov",
        "person:jeyhun-bayramov",
        str(BAYRAMOV),
        f"<{BAYRAMOV}>",
        BAYRAMOV,
    ]
    meant = [terms_of(question("posts-of"), {"person": form}, names) for form in forms]
    assert meant == [{"person": BAYRAMOV}] * len(forms)
    by_alias = terms_of(question("members-of"), {"organization": "RIAC"}, names)
    by_label = terms_of(question("members-of"), {"organization": "Russian International Affairs Council"}, names)
    assert by_alias == by_label


def test_a_code_names_a_state(example: Store) -> None:
    rows = [
        [row["agreement"] for row in ask(example, "agreements-of", state=name)] for name in ("AZE", "az", "Azerbaijan")
    ]
    assert rows[0] == rows[1] == rows[2] != []


def test_what_the_store_does_not_know_is_not_found(example: Store) -> None:
    for unknown in (
        "Nobody At All",
        "person/nobody",
        "<http://example.org/nobody>",
        URIRef("http://example.org/nobody"),
    ):
        with pytest.raises(NotFoundError):
            ask(example, "posts-of", person=unknown)
    with pytest.raises(NotFoundError, match=r"kind person .*Names near it: Jeyhun Bayramov"):
        ask(example, "posts-of", person="Jeyhun")


@pytest.mark.parametrize(
    "other", ["Azerbaijan", "state/AZE", "state:AZE", "<https://w3id.org/diplograph/id/state/AZE>"]
)
def test_an_entity_of_another_kind_is_refused_however_it_is_named(example: Store, other: str) -> None:
    with pytest.raises((ParameterError, NotFoundError), match="person"):
        ask(example, "posts-of", person=other)


def test_a_narrower_kind_will_do(example: Store) -> None:
    assert len(ask(example, "organisers", event="event/raec-meeting-3")) == 2


def test_a_name_of_several_entities_lists_them(store_of: Callable[..., Store]) -> None:
    store = store_of(
        a="person:a a dg:Person ; skos:prefLabel 'J. Doe' . person:b a dg:Person ; skos:prefLabel 'J Doe' ."
    )
    with pytest.raises(AmbiguousNameError) as error:
        ask(store, "posts-of", person="j. doe")
    assert [iri.rpartition("/")[2] for _, iri in error.value.candidates] == ["a", "b"]
    assert all(iri in str(error.value) for _, iri in error.value.candidates)


def test_parameters_that_are_missing_or_unknown_are_named(example: Store) -> None:
    with pytest.raises(ParameterError, match=r"who-held-post needs on: .*For example: who-held-post post="):
        ask(example, "who-held-post", post=POST)
    with pytest.raises(ParameterError, match=r"no parameter 'day'. It takes post, on"):
        ask(example, "who-held-post", post=POST, day="2023")
    with pytest.raises(ParameterError, match=r"It takes none"):
        ask(example, "claims", on="2023")


def test_a_default_applies_where_nothing_is_given(example: Store) -> None:
    on = "2026-02-20"
    given_default = ask(example, "anniversaries", on=on, within=30).terms()
    assert ask(example, "anniversaries", on=on).terms() == given_default
    assert ask(example, "anniversaries", on=on, within=None).terms() == given_default


@pytest.mark.parametrize(
    "value",
    ["", "2023-02-30", "2023-13", "0000", "2023-2-3", "23", "10000", "-0044", "2023-02-28T00:00:00Z", "today", "٢٠٢٣"],
)
def test_a_date_is_written_out_and_exists(example: Store, value: str) -> None:
    with pytest.raises(ParameterError, match=r"^on: "):
        ask(example, "who-held-post", post=POST, on=value)


@pytest.mark.parametrize("value", [date(2023, 2, 28), "2023-02-28", Literal("2023-02-28")])
def test_a_date_may_be_text_or_a_python_date(example: Store, value: object) -> None:
    assert [row["answer"] for row in ask(example, "who-held-post", post=POST, on=value)] == ["yes"]


@pytest.mark.parametrize("value", ["2026", "2026-02"])
def test_anniversaries_are_asked_for_from_a_day(example: Store, value: str) -> None:
    with pytest.raises(ParameterError, match="YYYY-MM-DD"):
        ask(example, "anniversaries", on=value)


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "", "٣٠", "1e3", "9" * 30, "½"])
def test_a_number_is_whole_and_in_plain_digits(example: Store, value: str) -> None:
    with pytest.raises(ParameterError, match="within"):
        ask(example, "anniversaries", on="2026-02-20", within=value)

"""What a name or code of a state means depends on the date of the record, and is left open where it cannot be told."""

from __future__ import annotations

import pytest

from diplograph.graph.sources.states import StateNames, spoken
from diplograph.ontology.identifiers import entity_iri


def meant(states: StateNames, name: str, on: str = "") -> str | None:
    found = states.entity(name, on)
    return None if found is None else str(found).rpartition("/")[2]


@pytest.mark.parametrize(
    ("name", "on", "state"),
    [
        ("Soviet Union", "1970", "SUN"),
        ("the Soviet Union", "1970-05-06", "SUN"),
        ("Russia", "1995", "RUS"),
        ("Czechoslovakia", "1930", "CSK"),
        ("Czechoslovakia", "1992-12", "CSK"),
        ("Serbia and Montenegro", "2004", "SCG"),
        ("Federal Republic of Yugoslavia", "1998", "SCG"),
        ("Swaziland", "1980", "SWZ"),
        ("Eswatini", "2019", "SWZ"),
        ("Turkey", "1930", "TUR"),
        ("Türkiye", "2023", "TUR"),
        ("Turkiye", "2023", "TUR"),
        ("Yugoslavia", "1930", "yugoslavia-kingdom"),
        ("Yugoslavia", "1970", "YUG"),
        ("Yugoslavia", "2000", "SCG"),
        ("Yugoslavia", "2000-10-05", "SCG"),
        ("Korea", "1890", "korea-empire"),
        ("Korea", "1960", "KOR"),
    ],
)
def test_a_name_means_the_state_that_bore_it(states: StateNames, name: str, on: str, state: str) -> None:
    assert meant(states, name, on) == state


@pytest.mark.parametrize(
    ("name", "on"),
    [
        *[("congo", ""), ("congo", "1965"), ("Congo", "2000-01-02")],
        *[("Yugoslavia", ""), ("Yugoslavia", "1945"), ("Korea", ""), ("Korea", "1930")],
        *[("Atlantis", ""), ("Atlantis", "1970"), ("", ""), ("the ", ""), ("()", "")],
    ],
)
def test_what_cannot_be_told_is_left_open(states: StateNames, name: str, on: str) -> None:
    assert states.entity(name, on) is None


@pytest.mark.parametrize(
    ("name", "state"),
    [
        *[("AZE", "AZE"), ("aze", "AZE"), ("AZ", "AZE"), ("SUN", "SUN")],
        *[("united-states", None), ("United States", "USA"), ("the united states", "USA"), ("UNITED  STATES", "USA")],
        *[("The Gambia", "GMB"), ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV")],
    ],
)
def test_codes_articles_and_accents_make_no_difference(states: StateNames, name: str, state: str | None) -> None:
    assert meant(states, name.replace("-", " ")) == (state or "USA")


def test_a_remark_in_brackets_tells_two_apart_and_is_passed_over_otherwise(states: StateNames) -> None:
    assert meant(states, "Congo (Kinshasa)") == "COD"
    assert meant(states, "Congo (Brazzaville)") == "COG"
    assert meant(states, "Azerbaijan (Baku)") == "AZE"


def test_an_alias_goes_before_every_name() -> None:
    aze = entity_iri("state", "AZE")
    states = StateNames({"Land of Fire": aze, "The Congo": aze})
    assert states.entity("land of fire") == states.entity("Congo", "1970") == aze
    assert StateNames().entity("Land of Fire") is None


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        *[("USA", "the United States"), ("AZE", "Azerbaijan"), ("NLD", "the Netherlands"), ("SUN", "the Soviet Union")],
        *[("SDN", "the Sudan"), ("SSD", "South Sudan"), ("DMA", "Dominica"), ("DOM", "the Dominican Republic")],
        *[("COD", "the Democratic Republic of the Congo"), ("CZE", "Czechia"), ("VAT", "the Holy See")],
    ],
)
def test_a_state_is_named_in_a_sentence_with_its_article(states: StateNames, code: str, phrase: str) -> None:
    assert states.phrase(entity_iri("state", code)) == phrase
    assert states.label(entity_iri("state", code)) == phrase.removeprefix("the ")


def test_every_label_means_its_own_state_where_no_other_bears_it(states: StateNames) -> None:
    open_ = {label for entity, label in states.labels.items() if states.entity(label) not in {entity, None}}
    assert open_ == set()


def test_a_name_is_compared_without_its_article() -> None:
    assert spoken("The Bahamas") == spoken("BAHAMAS") == "bahamas"
    assert spoken("Theodoro") == "theodoro"

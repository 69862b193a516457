"""Visitors: a text is parsed into titles and names, and a title means a post in the state somebody comes from."""

from __future__ import annotations

import pytest

from diplograph.graph.sources.namesakes import Called, told_apart
from diplograph.graph.sources.titles import TITLES, office
from diplograph.graph.sources.visitors import visitors


def parsed(text: str, code: str = "AZE", phrase: str = "Azerbaijan") -> list[tuple[str, str]]:
    """Name and post of each visitor, the post empty where there is none."""
    posts = [(v.name, office(v.title, code, phrase)) for v in visitors(text).named]
    return [(name, post.label if post else "") for name, post in posts]


@pytest.mark.parametrize(
    ("text", "name", "post"),
    [
        ("President Heydar Aliyev", "Heydar Aliyev", "President of Azerbaijan"),
        ("Acting President Arpad Goncz", "Arpad Goncz", "President of Azerbaijan"),
        ("Prime Minister Tô Lâm", "Tô Lâm", "Prime Minister of Azerbaijan"),
        ("Premier de Gaulle", "de Gaulle", "Prime Minister of Azerbaijan"),
        ("Prime Minster Mackenzie King", "Mackenzie King", "Prime Minister of Azerbaijan"),
        ("Prime MinisterHaidar al- Abadi", "Haidar al-Abadi", "Prime Minister of Azerbaijan"),
        ("Foreign Minister Elmar Mammadyarov", "Elmar Mammadyarov", "Minister of Foreign Affairs of Azerbaijan"),
        ("King Hussein I", "Hussein I", "King of Azerbaijan"),
        ("Amir Sheikh Sabah al-Ahmed al-Sabah", "Sabah al-Ahmed al-Sabah", "Emir of Azerbaijan"),
        ("President Dr. Hilda C. Heine", "Hilda C. Heine", "President of Azerbaijan"),
        ("President Benigno S. Aquino, 3rd", "Benigno S. Aquino, 3rd", "President of Azerbaijan"),
        ("President Surangel Whipps, Jr.", "Surangel Whipps, Jr.", "President of Azerbaijan"),
        ("Governor General Earl of Athlone", "Earl of Athlone", "Governor-General of Azerbaijan"),
        ("Premier & Prince Sihanouk", "Sihanouk", "Prime Minister of Azerbaijan"),
        ("Prime Minister-Prince Norodom Kantol", "Norodom Kantol", "Prime Minister of Azerbaijan"),
        ("Novruz Mammadov, Prime Minister", "Novruz Mammadov", "Prime Minister of Azerbaijan"),
        ("Novruz Mammadov Prime Minister", "Novruz Mammadov", "Prime Minister of Azerbaijan"),
    ],
)
def test_a_title_and_a_name_are_a_person_and_a_post(text: str, name: str, post: str) -> None:
    assert parsed(text) == [(name, post)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("President-elect Vicente Fox", "Vicente Fox"),
        ("President- designate Roberto E. Viola", "Roberto E. Viola"),
        ("Lieutenant General Olusegun Obasanjo", "Olusegun Obasanjo"),
        ("Chairman Park", "Park"),
        ("Prince Sihanouk", "Sihanouk"),
        ("Valdas Adamkus", "Valdas Adamkus"),
        ("Hamid Karzai, Chairman of the Interim Authority", "Hamid Karzai"),
    ],
)
def test_what_is_no_office_makes_no_post(text: str, name: str) -> None:
    assert parsed(text) == [(name, "")]


def test_two_visitors_are_parted_before_a_title() -> None:
    assert parsed("King Abdullah and Crown Prince Hussein", "JOR", "Jordan") == [
        ("Abdullah", "King of Jordan"),
        ("Hussein", "Crown Prince of Jordan"),
    ]
    assert [name for name, _ in parsed("President Anwar Sadat, Prime Minister Mustafa Khalil")] == [
        "Anwar Sadat",
        "Mustafa Khalil",
    ]


def test_a_spouse_is_no_visitor_of_an_office() -> None:
    found = visitors("Prime Minister Nehru and Mrs. Gandhi")
    assert [visitor.name for visitor in found.named] == ["Nehru"]
    assert found.rest == ("Mrs. Gandhi",)


@pytest.mark.parametrize(
    "text", ["Special envoys of the junta", "President Obote and delegation", "Tubman", "the King"]
)
def test_what_cannot_be_told_is_the_rest(text: str) -> None:
    assert visitors(text).named == ()
    assert visitors(text).rest == (text,)


def test_nothing_is_nobody() -> None:
    assert visitors("  ") == visitors("")
    assert not visitors("").named
    assert not visitors("").rest


@pytest.mark.parametrize(
    ("words", "code", "phrase", "post"),
    [
        (
            "General Secretary",
            "SUN",
            "the Soviet Union",
            "General Secretary of the Communist Party of the Soviet Union",
        ),
        ("General Secretary", "AZE", "Azerbaijan", None),
        ("Prince", "MCO", "Monaco", "Prince of Monaco"),
        ("Pope", "VAT", "the Holy See", "Pope"),
        ("King", "hawaii-kingdom", "the Kingdom of Hawaii", "King of Hawaii"),
        ("Secretary General", "NATO", "NATO", "Secretary General of NATO"),
        ("Secretary General", "BEL", "Belgium", None),
    ],
)
def test_the_state_decides_what_a_title_means(words: str, code: str, phrase: str, post: str | None) -> None:
    found = office(next(title for title in TITLES if words in title.words), code, phrase)
    assert (found.label if found else None) == post


def test_no_two_titles_have_the_same_words() -> None:
    words = [word.casefold() for title in TITLES for word in title.words]
    assert len(words) == len(set(words))


def test_a_name_is_one_person_for_a_generation() -> None:
    first, second, third = (Called("Bjarni Benediktsson", "ISL", day) for day in ("1964-11-18", "1969", "2017-04-25"))
    known = told_apart([third, first, second])
    assert known[first] == known[second]
    assert str(known[first].person).endswith("/bjarni-benediktsson-isl")
    assert str(known[third].person).endswith("/bjarni-benediktsson-isl-2017")
    assert "1969" in known[third].note


def test_accents_make_no_other_person_and_a_state_does() -> None:
    one, same, other = (
        Called("Shinzo Abe", "JPN", "2007"),
        Called("Shinzō Abe", "JPN", "2013"),
        Called("Abe", "KOR", "2013"),
    )
    known = told_apart([one, same, other])
    assert known[one] == known[same]
    assert known[one].name == "Shinzo Abe"
    assert known[other].person != known[one].person


def test_a_crown_prince_is_not_the_king_who_came_before() -> None:
    king, prince = Called("Hussein", "JOR", "1999", "King"), Called("Hussein", "JOR", "2023", "Crown Prince")
    known = told_apart([king, prince])
    assert known[king].person != known[prince].person
    heir, crowned = Called("Salman", "SAU", "2012", "Crown Prince"), Called("Salman", "SAU", "2015", "King")
    known = told_apart([heir, crowned])
    assert known[heir].person == known[crowned].person

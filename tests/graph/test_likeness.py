"""Names are alike by their words: the same, shortened, spelled another way; initials and numbers must agree."""

from __future__ import annotations

import pytest

from diplograph.graph.likeness import Likeness, closest, likeness, words


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("Ilham Aliyev", "İLHAM ALIYEV", Likeness.SAME),
        ("Ilham Aliyev", "İlham Əliyev", Likeness.ALIKE),
        ("Aliyev, Ilham", "Ilham Aliyev", Likeness.SAME),
        ("Владимир Путин", "Vladimir Putin", Likeness.SAME),
        ("Madeleine K. Albright", "Madeleine Korbel Albright", Likeness.SHORTENED),
        ("Madeleine Albright", "Madeleine Korbel Albright", Likeness.SHORTENED),
        ("M. Albright", "Madeleine Albright", Likeness.SHORTENED),
        ("Abdullah II", "Abdullah II bin Al-Hussein", Likeness.SHORTENED),
        ("Heydar Aliyev", "Geidar Aliyev", Likeness.ALIKE),
        ("Jeyhun Bayramov", "Ceyhun Bayramov", Likeness.ALIKE),
        ("Abdelaziz Bouteflika", "Abdelaziz Boutefilka", Likeness.ALIKE),
        ("Dean Rusk", "David Dean Rusk", Likeness.PART),
        ("Heydar Aliyev", "Ilham Heydar Aliyev", Likeness.PART),
        ("Ilham Aliyev", "Heydar Aliyev", None),
        ("John A. Smith", "John B. Smith", None),
        ("George V", "George VI", None),
        ("Abdullah", "Abdullah II", None),
        ("Wang Yi", "Wang Li", None),
        ("J. S.", "John Smith", None),
        ("", "", None),
    ],
)
def test_likeness(one: str, other: str, like: Likeness | None) -> None:
    assert likeness(words(one), words(other)) == like
    assert likeness(words(other), words(one)) == like


def test_the_closest_names_of_two_persons_count() -> None:
    assert closest([words("Geidar Aliyev"), words("Heydar Aliyev")], [words("Heydar Aliyev")]) == (Likeness.SAME, 1, 0)
    assert closest([words("Geidar Aliyev")], []) is None

"""Kinds can be told apart by anybody, on either background, and captions mislead nobody."""

from __future__ import annotations

import re
from importlib import resources
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.viz.style import (
    BACKGROUND_DARK,
    BACKGROUND_LIGHT,
    KINDS,
    OTHER_KIND,
    REALIS,
    SHAPES,
    caption,
    kind_style,
    legend_order,
    printable,
)

ALL = [*KINDS.values(), OTHER_KIND]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def page_colours(theme: str) -> dict[str, str]:
    css = (resources.files("diplograph.viz") / "assets" / "basics.css").read_text(encoding="utf-8")
    block = css.split(':root[data-theme="dark"]')[theme == "dark"]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block.split("}")[0]))


@pytest.mark.parametrize("style", ALL)
def test_marks_stand_out_from_both_backgrounds(style):
    assert contrast(style.light, BACKGROUND_LIGHT) >= 3
    assert contrast(style.dark, BACKGROUND_DARK) >= 3


@pytest.mark.parametrize(("theme", "paper"), [("light", BACKGROUND_LIGHT), ("dark", BACKGROUND_DARK)])
def test_text_and_lines_of_the_page_stand_out(theme, paper):
    colours = page_colours(theme)
    assert colours["paper"] == paper
    for ground in (colours["paper"], colours["surface"]):
        assert contrast(colours["ink"], ground) >= 7
        assert contrast(colours["muted"], ground) >= 4.5
        assert contrast(colours["accent"], ground) >= 4.5
        assert contrast(colours["edge"], ground) >= 3
    assert contrast(colours["warn"], colours["warn-tint"]) >= 4.5
    assert contrast(colours["ink"], colours["tint"]) >= 7


def test_no_two_kinds_share_a_shape_so_colour_is_never_the_only_difference():
    assert len({style.shape for style in ALL}) == len(ALL)
    assert {style.shape for style in ALL} <= set(SHAPES)
    assert all(one != other for one, other in combinations(SHAPES.values(), 2))


def test_standings_differ_by_their_line():
    assert REALIS["held"].dashes == ()
    assert len({line.dashes for line in REALIS.values()}) == len(REALIS)


def test_the_legend_lists_each_kind_once_and_unknown_ones_last():
    assert legend_order(["zebra", "state", "person", "state", "ant"]) == ["person", "state", "ant", "zebra"]
    assert kind_style("zebra") == OTHER_KIND


def test_captions_keep_the_beginning_and_the_end_of_a_long_name():
    assert caption("Sergey Lavrov") == "Sergey Lavrov"
    assert caption("Minister of Foreign Affairs of Russia") == "Minister of Foreign\nAffairs of Russia"
    first, second = (caption(f"trilateral statement of the three leaders on the border ({y})") for y in (2020, 2021))
    assert first.endswith("(2020)")
    assert second.endswith("(2021)")
    assert caption("x" * 5000) == "x" * 23 + "…"
    assert caption("participated in the conference as", width=12, lines=1) == "participate…"


@given(st.text(), st.integers(5, 40), st.integers(1, 2))
def test_captions_never_exceed_their_room_nor_carry_controls(name, width, lines):
    rows = caption(name, width=width, lines=lines).split("\n")
    assert len(rows) <= lines
    assert all(len(row) <= width for row in rows)
    assert not re.search(r"[\x00-\x1f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "".join(rows))


@given(st.text(st.characters(), max_size=40))
def test_printable_text_can_be_written_as_utf8_on_one_line(text):
    assert "\n" not in printable(text).encode("utf-8").decode()
    assert printable(printable(text)) == printable(text)

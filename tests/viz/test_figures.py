"""Figures for papers carry the picture as shapes and its words as text, and are the same every time."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import networkx as nx
import pytest

from diplograph.errors import InputError
from diplograph.viz.figures import figure
from diplograph.viz.layout import positions
from diplograph.viz.style import SHAPES
from diplograph.viz.views.network import picture
from diplograph.viz.views.scene import Bar, Line, Mark, Scene, Text

SVG = "{http://www.w3.org/2000/svg}"


def one_of_each() -> Scene:
    items = (
        Bar(10, 10, 40, 20, "accent", 0.5, round=3),
        Line(10, 10, 90, 90, level=True, dashes=(4, 2)),
        *(Mark(20 + 10 * at, 50, 5, shape, "person") for at, shape in enumerate(SHAPES)),
        Text(20, 80, "costs $5 and $6 <b>", turn=-40),
    )
    return Scene("A title", "A subtitle", "All there is.", 200, 120, items, (), (("person", "persons"),))


def test_a_figure_is_the_same_every_time(council: nx.MultiDiGraph) -> None:
    pytest.importorskip("matplotlib")
    shown = picture(council, positions(council))
    for form in ("svg", "pdf"):
        assert figure(shown, form) == figure(shown, form)  # type: ignore[arg-type]
    assert figure(shown, "pdf").startswith(b"%PDF")


def test_words_stay_text_as_they_are() -> None:
    pytest.importorskip("matplotlib")
    root = ElementTree.fromstring(figure(one_of_each(), "svg"))
    told = ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]
    assert {"A title", "A subtitle", "costs $5 and $6 <b>", "persons"} <= set(told)


def test_every_shape_is_drawn_where_it_stands() -> None:
    pytest.importorskip("matplotlib")
    from diplograph.viz.figures import _outline

    for shape in SHAPES:
        outline = _outline(shape)
        assert abs(outline.vertices).max() <= 1.3, shape
        assert outline.contains_point((0, 0.7) if shape == "ring" else (0, 0.3)), shape
        assert not outline.contains_point((1.2, 1.2)), shape


def test_without_matplotlib_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"diplograph\[figures\]"):
        figure(one_of_each(), "svg")

"""Each view shows what its table says, names everything in words, and is the same every time."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph import Store, example_store
from diplograph.errors import InputError, NotFoundError
from diplograph.graph.entities import Names
from diplograph.viz.drawing import Drawing, _timeline, drawn, period_written
from diplograph.viz.layout import positions
from diplograph.viz.selection import Selection, selected
from diplograph.viz.style import printable
from diplograph.viz.ties import ties
from diplograph.viz.views.bipartite import bipartite
from diplograph.viz.views.comparison import comparison
from diplograph.viz.views.matrix import matrix
from diplograph.viz.views.network import picture
from diplograph.viz.views.scene import Bar, Line, Mark, Scene, Text, short
from diplograph.viz.views.sheet import sheet
from diplograph.viz.views.svg import svg
from diplograph.viz.views.timeline import timeline


@pytest.fixture(scope="module")
def example() -> Store:
    return example_store()


def cells(scene: Scene) -> set[tuple[str, ...]]:
    return {row.cells for table in scene.tables for row in table.rows}


def of_person(store: Store, name: str) -> Scene:
    return timeline(selected(store, Selection(around=name)), str(Names(store.view()).entity(name)))


@pytest.fixture(params=["matrix", "bipartite", "timeline", "network", "comparison"])
def scene(request: pytest.FixtureRequest, example: Store, council: nx.MultiDiGraph) -> Scene:
    view = example.view()
    met = ties(view, "met", "people")
    later = council.copy()
    later.remove_edges_from(list(later.edges(keys=True))[:4])
    return {
        "matrix": lambda: matrix(view, met),
        "bipartite": lambda: bipartite(view, met),
        "timeline": lambda: of_person(example, "Jeyhun Bayramov"),
        "network": lambda: picture(council, positions(council)),
        "comparison": lambda: comparison(council, later, ("2020", "2023"), title="Before and after"),
    }[request.param]()


def test_everything_lies_within_the_picture(scene: Scene) -> None:
    for item in scene.items:
        points = [(item.x1, item.y1), (item.x2, item.y2)] if isinstance(item, Line) else [(item.x, item.y)]
        assert all(-1 <= x <= scene.width + 1 and -1 <= y <= scene.height + 1 for x, y in points), item


def test_names_are_words_and_no_identifiers(scene: Scene) -> None:
    told = [item.text for item in scene.items if isinstance(item, Text)] + [c for row in cells(scene) for c in row]
    assert told
    assert not any("://" in text for text in told)
    assert scene.summary.endswith(".")
    assert all(table.rows for table in scene.tables)


def test_the_svg_is_well_formed_and_described(scene: Scene) -> None:
    root = ElementTree.fromstring(svg(scene))
    named = {each.get("id"): each.text for each in root if each.get("id")}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == ["picture-title", "picture-summary"]
    assert named == {"picture-title": scene.title, "picture-summary": scene.summary}


def test_the_page_is_the_same_every_time_and_reaches_nowhere(scene: Scene) -> None:
    content = sheet(scene)
    assert content == sheet(scene)
    assert "default-src 'none'" in html.unescape(content)
    outside = set(re.findall(r"https?://[^\s\"'<)]+", content)) - {"http://www.w3.org/2000/svg"}
    assert outside == set()
    assert not re.search(r"<[^>]*\s(style|on\w+)=", content)
    HTMLParser().feed(content)


def test_the_page_has_every_row_of_the_tables(scene: Scene) -> None:
    content = sheet(scene)
    rows = sum(len(table.rows) for table in scene.tables)
    assert content.count("<tr") == rows + len(scene.tables)


def test_a_matrix_has_a_square_for_each_way_and_a_row_for_each_tie(example: Store) -> None:
    met = ties(example, "met", "people")
    shown = matrix(example.view(), met)
    squares = [item for item in shown.items if isinstance(item, Bar) and item.title]
    assert len(squares) == met.weights.nnz
    names = {Names(example.view()).entity(name) for name in ("Jeyhun Bayramov", "Sergey Lavrov")}
    assert {str(name) for name in names} <= set(met.names)
    assert any({"Jeyhun Bayramov", "Sergey Lavrov", "2"} <= set(row) for row in cells(shown))


def test_a_matrix_keeps_the_strongest_and_says_so(example: Store) -> None:
    shown = matrix(example.view(), ties(example, "met", "people"), most=2)
    assert shown.subtitle == "2 of 4 actors, those with the most ties"
    assert {row[:2] for row in cells(shown)} <= {
        ("Jeyhun Bayramov", "Sergey Lavrov"),
        ("Sergey Lavrov", "Jeyhun Bayramov"),
    }


def test_meetings_are_joined_to_whoever_was_there(example: Store) -> None:
    met = ties(example, "met", "people")
    shown = bipartite(example.view(), met)
    lines = [item for item in shown.items if isinstance(item, Line)]
    assert met.incidence is not None
    assert len(lines) == len(set(zip(met.incidence.actor.tolist(), met.incidence.target.tolist(), strict=True)))
    assert ("2023", "3rd meeting of the Russia-Azerbaijan Expert Council", "Jeyhun Bayramov, Sergey Lavrov") in cells(
        shown
    )


def test_a_timeline_has_a_mark_for_each_dated_fact(council: nx.MultiDiGraph) -> None:
    lind = "https://example.org/id/person/lind"
    shown = timeline(council, lind)
    drawn_marks = [item for item in shown.items if isinstance(item, Bar | Mark)]
    dated = [data for _, _, data in council.out_edges(lind, data=True) if data["start"] or data["end"]]
    assert len(drawn_marks) == len(dated) == 2
    (tenure,) = (item for item in drawn_marks if isinstance(item, Bar))
    assert tenure.years == ((2019, 2023),)
    assert any(row[0] == "undated" or row[1] == "Other facts" for row in cells(shown))


def test_an_open_end_is_drawn_as_far_as_anything_is_known_and_stays_open(council: nx.MultiDiGraph) -> None:
    shown = timeline(council, "https://example.org/id/person/petrov")
    (envoy,) = (item for item in shown.items if isinstance(item, Bar))
    assert envoy.years == ((2022, None),)
    assert envoy.opacity < 0.5


def test_a_councils_meetings_stand_in_its_timeline_at_their_dates(example: Store) -> None:
    shown = _timeline(example.view(), Drawing(view="timeline", selection=Selection(around="RAEC")))
    series = {row[2].split()[0]: row[0] for row in cells(shown) if row[1] == "In series"}
    assert series == {"1st": "2021-11", "2nd": "2022-11", "3rd": "2023-02-28"}
    assert len([item for item in shown.items if isinstance(item, Bar | Mark)]) == 6
    assert shown.subtitle == "6 dated facts, 1 without a date"


def test_a_timeline_of_what_has_no_date_is_refused(council: nx.MultiDiGraph) -> None:
    with pytest.raises(NotFoundError, match="Archive of Treaties has a date"):
        timeline(council, "https://example.org/id/organization/archive")


def test_a_comparison_says_what_is_found_when(council: nx.MultiDiGraph) -> None:
    later = council.copy()
    gone = next(iter(later.edges(keys=True)))
    later.remove_edge(*gone)
    shown = comparison(council, later, ("2020", "2023"), title="t")
    assert shown.subtitle.startswith("1 ties only in 2020, 0 ties only in 2023, 14 ties at both")
    assert {row[0] for row in cells(shown)} == {"only in 2020", "at both"}


def test_hostile_names_stay_text(hostile: nx.MultiDiGraph) -> None:
    shown = picture(hostile, positions(hostile))
    ElementTree.fromstring(svg(shown))
    content = sheet(shown)
    assert "<img" not in content
    assert content.count("<script>") == 1
    assert content.count("</script>") == 1


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        (Drawing(view="timeline"), "--around"),
        (Drawing(view="map"), "no view 'map'"),
        (Drawing(view="matrix", thin="core:2"), "--most"),
        (Drawing(view="matrix", selection=Selection(kinds=("person",))), "--kind"),
        (Drawing(view="matrix", pair=("2020", "2021")), "--view matrix"),
        (Drawing(thin="few"), "no rule"),
        (Drawing(pair=("2020", "2021/2019")), "ends before it begins"),
        (Drawing(colour_by="beauty"), "no measure"),
        (Drawing(size_by="density"), "not of actors"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused_in_words(example: Store, drawing: Drawing, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        drawn(example, drawing)


def test_periods_are_written_as_one_date_or_as_two() -> None:
    assert period_written("2001-05") == ("2001-05", "2001-05")
    assert period_written("2001/2008-03") == ("2001", "2008-03")


@given(st.text(min_size=0, max_size=90), st.integers(8, 60))
def test_a_shortened_name_keeps_its_beginning_and_its_end(name: str, most: int) -> None:
    told = short(name, most)
    whole = printable(name)
    assert len(told) <= most
    if len(whole) <= most:
        assert told == whole
    else:
        begin, _, end = (part.strip() for part in told.partition("…"))
        assert whole.startswith(begin) or "…" in whole
        assert whole.endswith(end) or "…" in whole

"""A view's page as its readers meet it: years, tables, themes and saving, with the keyboard, in Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from diplograph.viz.page import page as page_of
from diplograph.viz.views.scene import Bar, Listing, Mark, Row, Scene, Text
from diplograph.viz.views.sheet import sheet

sync_api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: install it or name it in CHROMIUM"),
]

Opened = Callable[..., Any]

TWICE = ((1990, 1990), (2001, None))
SCENE = Scene(
    "Who met <whom>",
    "All there are",
    "Two marks.",
    600,
    300,
    (
        Bar(50, 50, 100, 100, "accent", 0.5, "twice", TWICE, ("a",), count=True),
        Text(100, 100, "2", years=TWICE, count=True),
        Mark(300, 100, 8, "circle", "person", "once", ((1995, 1996),), ("b",)),
        Text(320, 100, "always", keys=("b",)),
    ),
    (
        Listing(
            "Ties", ("One", "How often"), (Row(("b", "10"), TWICE), Row(("a", "9"), ((1995, 1996),)), Row(("c", "2")))
        ),
    ),
    (("accent", "meetings"),),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """Opens a page from a file; at the end of the test it may have asked for nothing and complained of nothing."""
    tabs, noises = [], []

    def open_page(content: str, *, wide: int = 1200, **context: Any) -> Any:
        file = tmp_path / f"sheet-{len(tabs)}.html"
        file.write_text(content, encoding="utf-8", newline="")
        tab = browser.new_page(viewport={"width": wide, "height": 800}, accept_downloads=True, **context)
        own = (file.as_uri(), "blob:", "data:")
        tab.on("request", lambda request: None if request.url.startswith(own) else noises.append(request.url))
        tab.on("console", lambda message: noises.append(message.text))
        tab.on("pageerror", lambda error: noises.append(str(error)))
        tab.goto(file.as_uri())
        tabs.append(tab)
        return tab

    yield open_page
    for tab in tabs:
        tab.close()
    assert noises == []


def shown_rows(tab: Any) -> list[str]:
    return [text.split("\t")[0] for text in tab.locator("tbody tr:visible").all_inner_texts()]


def set_year(tab: Any, which: str, year: int) -> None:
    tab.locator(f"#{which}-year").focus()
    while int(tab.locator(f"#{which}-year").input_value()) != year:
        now = int(tab.locator(f"#{which}-year").input_value())
        tab.keyboard.press("ArrowLeft" if now > year else "ArrowRight")


def test_years_choose_what_is_shown_in_picture_and_table(opened: Opened) -> None:
    tab = opened(sheet(SCENE))
    assert shown_rows(tab) == ["b", "a", "c"]
    set_year(tab, "to", 1996)
    set_year(tab, "from", 1995)
    assert tab.locator("#years").inner_text() == "1995 to 1996"
    assert shown_rows(tab) == ["a", "c"]
    assert tab.locator("#picture rect.gone").count() == 1
    assert tab.locator("#picture path.gone").count() == 0
    assert "(2)" in tab.locator("caption").inner_text()
    tab.locator("#all-years").click()
    assert shown_rows(tab) == ["b", "a", "c"]
    assert tab.locator("#picture .gone").count() == 0


def test_counts_follow_the_years_and_an_open_end_stays_open(opened: Opened) -> None:
    tab = opened(sheet(SCENE))
    assert tab.locator("#picture text").first.text_content() == "2"
    set_year(tab, "from", 2001)
    assert tab.locator("#picture text").first.text_content() == "1"
    assert shown_rows(tab) == ["b", "c"]


def test_a_slider_takes_the_other_along(opened: Opened) -> None:
    tab = opened(sheet(SCENE))
    set_year(tab, "to", 1993)
    set_year(tab, "from", 1996)
    assert tab.locator("#years").inner_text() == "1996"


def test_tables_can_be_sorted_with_the_keyboard_and_numbers_as_numbers(opened: Opened) -> None:
    tab = opened(sheet(SCENE))
    head = tab.get_by_role("button", name="How often")
    head.focus()
    tab.keyboard.press("Enter")
    assert shown_rows(tab) == ["c", "a", "b"]
    assert tab.locator("th[aria-sort=ascending]").inner_text().startswith("How often")
    tab.keyboard.press("Enter")
    assert shown_rows(tab) == ["b", "a", "c"]


def test_the_picture_has_a_name_and_a_way_past_it(opened: Opened) -> None:
    tab = opened(sheet(SCENE))
    assert tab.get_by_role("img", name="Who met <whom>").count() == 1
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the table"
    assert tab.evaluate("document.querySelector('main table caption') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_button(opened: Opened, scheme: str) -> None:
    tab = opened(sheet(SCENE), color_scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    mark = "getComputedStyle(document.querySelector('#picture path')).fill"
    before = tab.evaluate(f"[{ground}, {mark}]")
    tab.locator("#toggle-theme").click()
    after = tab.evaluate(f"[{ground}, {mark}]")
    assert tab.evaluate("document.documentElement.dataset.theme") != scheme
    assert all(one != other for one, other in zip(before, after, strict=True))


def saved(tab: Any, button: str, tmp_path: Path) -> bytes:
    with tab.expect_download() as download:
        tab.locator(button).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    return file.read_bytes()


def test_the_picture_is_saved_as_it_is_seen(opened: Opened, tmp_path: Path) -> None:
    tab = opened(sheet(SCENE))
    set_year(tab, "from", 2001)
    text = saved(tab, "#save-svg", tmp_path).decode()
    assert text.startswith("<svg")
    for part in (
        "Who met &lt;whom&gt;",
        "All there are",
        "2001 to 2001" if "2001 to 2001" in text else "2001",
        "meetings",
    ):
        assert part in text
    assert 'display="none"' in text
    assert "class=" not in text
    assert saved(tab, "#save-png", tmp_path).startswith(b"\x89PNG")


def test_a_network_is_saved_with_its_names_and_legend(opened: Opened, tmp_path: Path, council: nx.MultiDiGraph) -> None:
    tab = opened(page_of(council))
    tab.wait_for_timeout(300)
    text = saved(tab, "#save-svg", tmp_path).decode()
    for part in ("The Council’s third meeting", "Ngozi Okoro", "Organization", "stroke-dasharray"):
        assert part in text
    assert text.count("<path") >= len(council) + council.number_of_edges()
    assert saved(tab, "#save-png", tmp_path).startswith(b"\x89PNG")


def test_it_fits_a_small_window(opened: Opened) -> None:
    tab = opened(sheet(SCENE), wide=390)
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


def test_hostile_titles_stay_text(opened: Opened) -> None:
    nasty = '</script><script>document.title = "hit"</script><img src=x onerror=alert(1)>'
    tab = opened(sheet(Scene(nasty, nasty, nasty, 100, 100, (Text(1, 1, nasty, title=nasty),), ())))
    assert tab.locator("h1").inner_text() == nasty
    assert tab.title() == nasty

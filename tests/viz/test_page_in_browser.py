"""The page as its readers meet it: opened from a file in Chromium, clicked, typed into and listened to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from diplograph.viz.page import page as page_of

sync_api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: install it or name it in CHROMIUM"),
]

LIND = "https://example.org/id/person/lind"
PETROV = "https://example.org/id/person/petrov"
ALAND = "https://example.org/id/state/aland"
MEETING = "https://example.org/id/meeting/third"
ARCHIVE = "https://example.org/id/organization/archive"

Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """Opens a network's page; at the end of the test, no page may have asked for, complained of or run anything."""
    pages, noises = [], []

    def open_page(
        network: nx.MultiDiGraph, *, wide: int = 1440, high: int = 900, address: str = "", **context: Any
    ) -> Any:
        file = tmp_path / f"page-{len(pages)}.html"
        file.write_text(page_of(network), encoding="utf-8", newline="")
        tab = browser.new_page(viewport={"width": wide, "height": high}, reduced_motion="reduce", **context)
        tab.on("request", lambda request: None if request.url.startswith(file.as_uri()) else noises.append(request.url))
        tab.on("console", lambda message: noises.append(message.text))
        tab.on("pageerror", lambda error: noises.append(str(error)))
        tab.on("dialog", lambda dialog: noises.append(dialog.message))
        tab.add_init_script(
            "window.violations = [];"
            "addEventListener('securitypolicyviolation', (e) => window.violations.push(e.violatedDirective));"
        )
        tab.goto(file.as_uri() + address)
        wait_until(tab, "window.diplograph !== undefined")
        pages.append(tab)
        return tab

    yield open_page
    for tab in pages:
        assert tab.evaluate("window.violations") == []
        assert tab.evaluate("window.__hit") is None
        tab.close()
    assert noises == []


def wait_until(tab: Any, script: str) -> None:
    """Waits as playwright itself cannot here: the page's policy refuses the scripts that it would make out of text."""
    for _ in range(50):
        if tab.evaluate(script):
            return
        tab.wait_for_timeout(100)
    pytest.fail(f"after five seconds it is still not so: {script}")


def click_on_canvas(tab: Any, script: str) -> None:
    """Clicks where the script says, in the network's own coordinates."""
    x, y = tab.evaluate(f"(() => {{ const p = diplograph.network.canvasToDOM({script}); return [p.x, p.y]; }})()")
    box = tab.locator("#canvas").bounding_box()
    tab.mouse.click(box["x"] + x, box["y"] + y)
    # vis-network waits to see whether a second click follows.
    tab.wait_for_timeout(400)


def click_node(tab: Any, iri: str) -> None:
    click_on_canvas(tab, f"diplograph.network.getPosition(diplograph.node({iri!r}).id)")


def add_topic(network: nx.MultiDiGraph, label: str, **values: Any) -> str:
    iri = f"https://example.org/id/topic/{network.number_of_nodes()}"
    network.add_node(
        iri, **{**network.nodes[ARCHIVE], "label": label, "kind": "topic", "kind_label": "Topic", **values}
    )
    return iri


def add_fact(network: nx.MultiDiGraph, source: str, target: str, label: str, **values: Any) -> None:
    like = network.get_edge_data(LIND, MEETING)
    iri = f"https://example.org/id/fact/{network.number_of_edges()}"
    told = {**next(iter(like.values())), "label": label, **values}
    network.add_edge(source, target, key=iri, **{**told, "fact": {**told["fact"], "text": label, **values}})


def text(tab: Any, selector: str = "#panel") -> str:
    return str(tab.locator(selector).inner_text())


def visible(tab: Any, what: str = "Edges") -> list[str]:
    return list(tab.evaluate(f"diplograph.visible{what}()"))


def focused(tab: Any) -> str:
    return str(tab.evaluate("document.activeElement.id"))


def test_it_opens_with_an_overview_and_no_complaint(opened, council):
    tab = opened(council)
    assert tab.title() == "The Council’s third meeting"
    assert "12 entities and 15 connections, told by 1 document" in text(tab)
    assert "Dates lie from 1992 to 2023" in text(tab)
    assert tab.locator("#panel .links button.entity").count() == 4
    assert tab.locator("#canvas canvas").count() == 1


def test_a_click_on_an_entity_shows_its_facts_dates_and_sources(opened, council):
    tab = opened(council)
    click_node(tab, LIND)
    shown = text(tab)
    for part in ("Åsa Lindqvist", "Person", "Also: A. Lindqvist", "born in Uppsala", "1961", "holds post"):
        assert part in shown
    for part in ("2019-11 to 2023-02-28", "took part as speaker", "28 February 2023", "Record of the third meeting"):
        assert part in shown
    assert "https://example.org" not in shown
    tab.locator("#panel li", has_text="took part as speaker").locator("summary").click()
    for part in ("Lindqvist, the minister, spoke first", "understood from the context", "Decided by: characters 1-9"):
        assert part in text(tab)


def test_a_click_on_a_line_shows_the_fact(opened, council):
    tab = opened(council)
    edge = f"Object.values(diplograph.network.body.edges).find((e) => e.fromId === diplograph.node({PETROV!r}).id)"
    click_on_canvas(tab, f"{edge}.edgeType.getPoint(0.5)")
    assert text(tab, "#panel h2").startswith("Пётр Петров")
    assert "characters 10-42 · said in so many words" in text(tab)


def test_a_click_beside_everything_goes_back_to_the_overview(opened, council):
    tab = opened(council)
    click_node(tab, LIND)
    box = tab.locator("#canvas").bounding_box()
    tab.mouse.click(box["x"] + 5, box["y"] + 5)
    tab.wait_for_timeout(400)
    assert "Overview" in text(tab)


def test_connections_lead_on_and_back_leads_back(opened, council):
    tab = opened(council)
    tab.evaluate(f"diplograph.select({LIND!r})")
    tab.get_by_role("button", name="Minister of Foreign Affairs of Aland", exact=True).click()
    assert text(tab, "#panel h2") == "Minister of Foreign Affairs of Aland"
    assert focused(tab) == "panel-heading"
    tab.locator("#back").click()
    wait_until(tab, "document.getElementById('panel-heading').textContent === 'Åsa Lindqvist'")
    tab.go_back()
    wait_until(tab, "document.getElementById('panel-heading').textContent === 'Overview'")


def test_the_address_leads_to_what_was_chosen(opened, council):
    tab = opened(council)
    tab.evaluate(f"diplograph.select({LIND!r})")
    again = opened(council, address=tab.evaluate("location.hash"))
    assert text(again, "#panel h2") == "Åsa Lindqvist"


def test_claims_and_denials_say_whose_they_are(opened, council):
    tab = opened(council)
    tab.evaluate(f"diplograph.select({ALAND!r})")
    assert "only claimed by Åsa Lindqvist" in text(tab)
    assert "denied by Пётр Петров" in text(tab)


@pytest.mark.parametrize(("asked", "name"), [("asa", "Åsa"), ("LINDQVIST", "Åsa"), ("pyotr", "Пётр"), ("петр", "Пётр")])
def test_search_finds_names_and_aliases_without_regard_to_marks(opened, council, asked, name):
    tab = opened(council)
    tab.get_by_role("combobox", name="Search by name").fill(asked)
    assert tab.locator("#found li").first.inner_text().startswith(name)
    assert "1 name found" in tab.locator("#status").text_content()
    tab.keyboard.press("Enter")
    assert text(tab, "#panel h2").startswith(name)
    assert focused(tab) == "panel-heading"


def test_search_walks_by_arrow_keys_and_closes_by_escape(opened, council):
    tab = opened(council)
    tab.keyboard.press("/")
    tab.keyboard.type("aland")
    count = tab.locator("#found li").count()
    assert count == 6
    tab.keyboard.press("ArrowDown")
    assert tab.locator("#search").get_attribute("aria-activedescendant") == "found-1"
    assert tab.locator("#found li[aria-selected=true]").count() == 1
    tab.keyboard.press("Escape")
    assert tab.locator("#found").is_hidden()
    assert tab.locator("#search").get_attribute("aria-expanded") == "false"
    tab.locator("#search").fill("nobody of that name")
    assert "Nothing found" in tab.locator("#status").text_content()


def test_a_search_in_vain_says_so_to_the_eye_as_well(opened, council):
    tab = opened(council)
    search, nothing = tab.locator("#search"), tab.locator("#found-none")
    for asked in ("nobody of that name", "?!"):
        search.fill(asked)
        assert nothing.inner_text() == "Nothing found by that name."
        assert nothing.bounding_box()["height"] > 20
        assert tab.locator("#found").is_hidden()
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        assert nothing.is_visible()
    tab.keyboard.press("Escape")
    assert nothing.is_hidden()
    assert search.input_value() == "?!"
    search.fill("nobody")
    search.fill("asa")
    assert nothing.is_hidden()
    assert tab.locator("#found").is_visible()
    search.fill("")
    assert tab.locator(".found >> visible=true").count() == 0


def test_the_legend_filters_by_kind(opened, council):
    tab = opened(council)
    tab.get_by_label("Person").uncheck()
    assert len(visible(tab, "Nodes")) == 9
    assert len(visible(tab)) == 10
    assert tab.evaluate(f"diplograph.network.body.nodes[diplograph.node({LIND!r}).id].options.hidden") is True
    assert "9 of 12 entities, 10 of 15 connections" in text(tab, "#shown")
    tab.get_by_role("button", name="Show everything").click()
    assert len(visible(tab)) == 15
    assert tab.get_by_label("Person").is_checked()


def test_relations_and_standings_can_be_left_out(opened, council):
    tab = opened(council)
    tab.get_by_role("group", name="Show what is").get_by_label("only claimed").uncheck()
    assert len(visible(tab)) == 14
    tab.get_by_label("Tenure").uncheck()
    assert len(visible(tab)) == 11
    # Who was tied by nothing else goes as well; who never had a tie stays.
    assert not any("okoro" in iri for iri in visible(tab, "Nodes"))
    assert ARCHIVE in visible(tab, "Nodes")


def test_what_is_hidden_can_still_be_found_and_says_so(opened, council):
    tab = opened(council)
    tab.get_by_label("Person").uncheck()
    tab.get_by_role("combobox").fill("okoro")
    tab.keyboard.press("Enter")
    assert "The filters hide this entity" in text(tab)
    tab.locator("#panel").get_by_role("button", name="Show everything").first.click()
    assert len(visible(tab, "Nodes")) == 12


def slide(tab: Any, name: str, year: int) -> None:
    tab.get_by_label(name, exact=True).evaluate(
        f"(slider) => {{ slider.value = {year}; slider.dispatchEvent(new Event('input', {{bubbles: true}})); }}"
    )


def labels_of(tab: Any, network: nx.MultiDiGraph) -> list[str]:
    labels = {key: data["label"] for _, _, key, data in network.edges(keys=True, data=True)}
    return sorted(labels[key] for key in visible(tab))


def test_the_date_control_keeps_what_may_have_held(opened, council):
    tab = opened(council)
    assert text(tab, "#years") == "1992 to 2023"
    slide(tab, "To", 2019)
    slide(tab, "From", 2019)
    tab.get_by_label("Show undated").uncheck()
    # Until and from November 2019, both of which touch 2019, and what has no known end.
    assert labels_of(tab, council) == ["diplomatic relations", "holds post", "holds post"]
    assert not tab.get_by_label("Any time").is_checked()
    slide(tab, "From", 2023)
    assert text(tab, "#years") == "2023"
    assert labels_of(tab, council).count("holds post") == 2
    assert "party to" not in labels_of(tab, council)
    tab.get_by_label("Show undated").check()
    assert "at war with" in labels_of(tab, council)
    tab.get_by_label("Any time").check()
    assert len(visible(tab)) == 15


def test_there_is_no_date_control_without_dates(opened, council):
    for _, _, data in council.edges(data=True):
        data["start"] = data["end"] = None
    tab = opened(council)
    assert tab.locator("#time-set").is_hidden()


def test_the_table_has_what_the_picture_has(opened, council):
    tab = opened(council)
    tab.get_by_role("tab", name="Table").click()
    rows = tab.locator("#table-connections tbody tr")
    assert rows.count() == len(visible(tab)) == 15
    assert tab.locator("#table-entities tbody tr").count() == 12
    tab.get_by_label("Person").uncheck()
    assert rows.count() == len(visible(tab)) == 10
    assert text(tab, "#table-connections caption") == "Connections (10)"
    assert tab.locator("#table-connections thead th[scope=col]").count() == 6
    assert tab.locator("#table-connections tbody th[scope=row]").count() == 10
    tab.get_by_role("button", name="Third meeting of the Aland–Borduria Council").first.click()
    assert text(tab, "#panel h2") == "Third meeting of the Aland–Borduria Council"


def test_the_table_sorts_by_any_column(opened, council):
    tab = opened(council)
    tab.get_by_role("tab", name="Table").click()
    button = tab.locator("#table-connections thead").get_by_role("button", name="Relation")
    button.click()
    relations = tab.locator("#table-connections tbody tr td:nth-child(2)").all_inner_texts()
    assert relations == sorted(relations)
    assert tab.locator("#table-connections th[aria-sort=ascending]").inner_text().startswith("Relation")
    tab.keyboard.press("Enter")
    assert tab.locator("#table-connections th[aria-sort=descending]").count() == 1
    assert tab.locator("#table-connections tbody tr td:nth-child(2)").all_inner_texts() == relations[::-1]


def open_table(tab: Any) -> None:
    tab.get_by_role("tab", name="Table").click()


def beyond_the_pane(tab: Any) -> int:
    return int(tab.evaluate("(view => view.scrollWidth - view.clientWidth)(document.getElementById('view-table'))"))


# The words of the names in the table that were broken over two lines; a break at a hyphen is none.
BROKEN_WORDS = """() => [...document.querySelectorAll("#view-table .entity span")].flatMap((span) =>
  [...span.textContent.matchAll(/[^\\s\\p{P}]+/gu)].filter((word) => {
    const range = document.createRange();
    range.setStart(span.firstChild, word.index);
    range.setEnd(span.firstChild, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((line) => line.top)).size > 1;
  }).map((word) => word[0]))"""


def test_the_table_has_the_width_to_itself_until_something_is_chosen(opened, council):
    advice = add_topic(council, "practical recommendations on deepening relations")
    add_fact(council, MEETING, advice, "participated in")
    tab = opened(council, wide=1280, high=800)
    open_table(tab)
    assert tab.locator("#panel").is_hidden()
    assert beyond_the_pane(tab) == 0
    assert tab.evaluate(BROKEN_WORDS) == []
    last = tab.locator("#table-connections thead th").last.bounding_box()
    assert last["x"] + last["width"] <= 1280
    tab.locator("#table-connections tbody button").first.click()
    assert tab.locator("#panel").is_visible()
    assert tab.evaluate(BROKEN_WORDS) == []
    tab.locator("#close").click()
    assert tab.locator("#panel").is_hidden()


def test_a_shadow_tells_of_columns_beyond_the_edge(opened, council):
    tab = opened(council, wide=1280, high=800)
    hint = tab.locator("#more-columns")
    open_table(tab)
    assert hint.is_hidden()
    tab.locator("#table-connections tbody button").first.click()
    assert beyond_the_pane(tab) > 0
    assert hint.is_visible()
    edge = hint.bounding_box()
    assert edge["x"] + edge["width"] <= tab.locator("#panel").bounding_box()["x"]
    tab.evaluate("document.getElementById('view-table').scrollLeft = 9999")
    wait_until(tab, "document.getElementById('more-columns').hidden")
    tab.get_by_role("tab", name="Network").click()
    assert hint.is_hidden()


def test_on_a_small_screen_every_row_is_a_card_with_all_its_columns(opened, council, hostile):
    for network in (council, hostile):
        tab = opened(network, wide=400, high=800)
        open_table(tab)
        assert tab.locator("#panel").is_hidden()
        assert beyond_the_pane(tab) == 0
        assert tab.locator("#view-table").bounding_box()["height"] > 600
    tab = opened(council, wide=400, high=800)
    open_table(tab)
    assert tab.evaluate(BROKEN_WORDS) == []
    row = tab.locator("#table-connections tbody tr", has_text="only claimed").first
    names = row.locator("th, td").evaluate_all(
        "(cells) => cells.filter((cell) => cell.offsetParent)"
        ".map((cell) => getComputedStyle(cell, '::before').content.replaceAll('\"', ''))"
    )
    assert names == ["From", "Relation", "To", "Standing", "Sources"]
    for cell in row.locator("th, td").locator("visible=true").all():
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
    tab.locator("#table-connections thead button", has_text="Relation").click()
    assert tab.locator("#table-connections th[aria-sort=ascending]").inner_text().startswith("Relation")
    chosen = tab.locator("#table-connections tbody button").nth(20)
    chosen.click()
    assert chosen.bounding_box()["y"] < tab.locator("#panel").bounding_box()["y"]


def test_what_is_printed_is_the_view_alone(opened, council):
    tab = opened(council, wide=794, high=1123)
    tab.emulate_media(media="print")
    assert tab.locator("#canvas").bounding_box()["height"] > 400
    assert tab.locator("#panel").is_visible()
    tab.emulate_media(media="screen")
    open_table(tab)
    tab.emulate_media(media="print")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 794
    for gone in ("#panel", "#filters", "#more-columns", "#found-none", ".zoom"):
        assert tab.locator(gone).is_hidden()
    # The table runs over the pages instead of scrolling.
    assert tab.evaluate("document.documentElement.scrollHeight") > 1123
    assert beyond_the_pane(tab) == 0


def test_light_and_dark_follow_the_system_until_told_otherwise(opened, council):
    def paper(tab: Any) -> str:
        return str(tab.evaluate("getComputedStyle(document.body).backgroundColor"))

    light, dark = opened(council, color_scheme="light"), opened(council, color_scheme="dark")
    assert paper(light) == "rgb(251, 250, 248)"
    assert paper(dark) == "rgb(21, 23, 27)"
    light.get_by_role("button", name="Use dark colours").click()
    assert paper(light) == paper(dark)
    light.emulate_media(color_scheme="light")
    assert paper(light) == paper(dark)
    dark.emulate_media(color_scheme="light")
    wait_until(dark, "document.documentElement.dataset.theme === 'light'")
    assert paper(dark) == "rgb(251, 250, 248)"


def test_the_keyboard_reaches_everything(opened, council):
    tab = opened(council)
    reached = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        reached.append(
            tab.evaluate("(e => e.id || e.dataset.key || e.className || e.textContent)(document.activeElement)")
        )
        if len(reached) > 1 and reached[-1] == reached[0]:
            break
    assert reached[0] == "skip"
    for part in ("search", "tab-network", "toggle-theme", "person", "any-time", "from-year", "vis-network", "zoom-in"):
        assert part in reached
    assert "entity" in reached


def test_the_keyboard_alone_can_choose_read_and_close(opened, council):
    tab = opened(council)
    tab.locator("#tab-network").focus()
    tab.keyboard.press("ArrowRight")
    assert focused(tab) == "tab-table"
    assert tab.locator("#view-table").is_visible()
    first = tab.locator("#table-connections tbody button").first
    first.focus()
    tab.keyboard.press("Enter")
    assert focused(tab) == "panel-heading"
    tab.locator("#panel .links button.entity").first.focus()
    tab.keyboard.press("Escape")
    assert tab.locator("#panel").is_hidden()
    assert first.evaluate("(button) => button === document.activeElement")
    tab.locator("#tab-table").focus()
    tab.keyboard.press("ArrowLeft")
    assert "Overview" in text(tab)
    tab.locator("#panel .links button.entity").first.focus()
    tab.keyboard.press("ArrowDown")
    assert tab.locator("#panel .links button.entity").nth(1).evaluate("(button) => button === document.activeElement")


def test_every_control_has_a_name_and_every_id_is_its_own(opened, council):
    tab = opened(council)
    tab.get_by_role("tab", name="Table").click()
    tab.evaluate(f"diplograph.select({LIND!r})")
    nameless = tab.evaluate(
        """() => [...document.querySelectorAll("input, button, [role=tab], summary")].filter((control) =>
             !(control.getAttribute("aria-label") || control.textContent.trim()
               || (control.labels && [...control.labels].some((label) => label.textContent.trim()))))
           .map((control) => control.outerHTML)"""
    )
    assert nameless == []
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    dangling = tab.evaluate(
        """() => [...document.querySelectorAll("[aria-controls], [aria-labelledby]")].filter((element) =>
             !document.getElementById(element.getAttribute("aria-controls") || element.getAttribute("aria-labelledby")))
           .map((element) => element.outerHTML)"""
    )
    assert dangling == []
    for landmark in ("banner", "search", "main"):
        assert tab.get_by_role(landmark).count() == 1
    assert tab.get_by_role("complementary").count() == 2


@pytest.mark.parametrize(("wide", "high"), [(1440, 900), (1000, 700), (400, 720)])
def test_nothing_hangs_over_the_window(opened, council, hostile, wide, high):
    for network in (council, hostile):
        tab = opened(network, wide=wide, high=high)
        tab.evaluate("diplograph.select(diplograph.visibleNodes()[0])")
        assert tab.evaluate("document.documentElement.scrollWidth") <= wide
        assert tab.locator("#canvas").bounding_box()["height"] > 150
        assert tab.locator("#panel").bounding_box()["height"] > 150
        assert tab.evaluate("(p => p.scrollWidth <= p.clientWidth)(document.getElementById('panel'))")


@pytest.mark.parametrize(("wide", "high"), [(1280, 800), (400, 800)])
def test_the_page_stays_as_high_as_the_window(opened, council, wide, high):
    for number in range(40):
        add_fact(council, ALAND, MEETING, f"dealt with for the time of number {number}")
    tab = opened(council, wide=wide, high=high)
    for view in ("Network", "Table"):
        tab.get_by_role("tab", name=view).click()
        for chosen in ("null", repr(ALAND)):
            tab.evaluate(f"diplograph.select({chosen})")
            assert tab.evaluate("document.documentElement.scrollHeight") == high
            assert tab.evaluate("document.documentElement.scrollWidth") == wide


@pytest.mark.parametrize(("wide", "high"), [(1280, 800), (400, 800)])
def test_captions_keep_clear_of_the_buttons(opened, council, wide, high):
    tab = opened(council, wide=wide, high=high)
    canvas, buttons = tab.locator("#canvas").bounding_box(), tab.locator(".zoom").bounding_box()
    left, top = buttons["x"] - canvas["x"], buttons["y"] - canvas["y"]
    named = 0
    # The network is moved about, so that marks come to lie above, beside and under the buttons.
    for step in range(-4, 5):
        tab.evaluate(
            "([x, y]) => diplograph.network.moveTo({position: diplograph.network.DOMtoCanvas({x, y})})",
            [canvas["width"] / 2 + 12 * step, canvas["height"] / 2 - 8 * step],
        )
        tab.wait_for_timeout(60)
        captions = tab.evaluate("diplograph.captions()")
        named += len(captions)
        for box in captions:
            across = box["left"] < left + buttons["width"] and box["right"] > left
            assert not (across and box["top"] < top + buttons["height"] and box["bottom"] > top), box
    assert named > 20


def test_unknown_standings_and_kinds_are_drawn_as_held_and_as_other(opened, council):
    launched = {"text": "launched", "dates": "", "realis": "rumoured", "claimed_by": None, "sources": []}
    ship = add_topic(council, "Ship", kind="spaceship", kind_label="Spaceship", facts=[launched])
    del council.nodes[ARCHIVE]["kind"], council.nodes[ARCHIVE]["kind_label"]
    add_fact(council, ship, ALAND, "docked at", realis="rumoured")
    tab = opened(council)
    for iri in (ship, ARCHIVE):
        tab.evaluate(f"diplograph.select({iri!r})")
        assert "rumoured" not in text(tab)
    assert {"Spaceship", "Other"} <= set(text(tab, "#kinds").splitlines())
    tab.evaluate(f"diplograph.select({ship!r})")
    tab.locator("#panel .links button.quiet", has_text="docked at").click()
    assert tab.locator("#panel .line line").get_attribute("stroke-dasharray") == "none"
    open_table(tab)
    row = tab.locator("#table-connections tbody tr", has_text="docked at")
    assert row.locator("[data-column=Standing]").inner_text() == "held"


def test_hostile_text_is_shown_and_never_run(opened, hostile):
    tab = opened(hostile)
    assert "</script>" in text(tab, "h1")
    for iri in (*hostile.nodes, *[key for _, _, key in hostile.edges(keys=True)]):
        tab.evaluate("(iri) => diplograph.select(iri)", iri)
        for summary in tab.locator("#panel summary").all():
            summary.click()
    tab.evaluate("(iri) => diplograph.select(iri)", next(iter(hostile)))
    assert "<img src=x onerror=" in text(tab)
    tab.evaluate("() => { const n = diplograph.network; n.moveTo({scale: 1}); n.redraw(); }")
    for node in hostile:
        click_node(tab, node)
    tab.get_by_role("combobox").fill("script")
    assert tab.locator("#found li").count() >= 1
    tab.keyboard.press("Enter")
    tab.get_by_role("tab", name="Table").click()
    assert tab.locator("#table-connections tbody tr").count() == 2
    assert tab.locator("img, iframe, a:not(.skip)").count() == 0
    assert tab.evaluate("Object.prototype.kind === undefined")


def test_an_empty_network_and_a_lone_entity_open_too(opened, council):
    council.remove_nodes_from([node for node in council if node != ARCHIVE])
    lone = opened(council)
    lone.evaluate(f"diplograph.select({ARCHIVE!r})")
    assert "No connections." in text(lone)
    empty = opened(nx.MultiDiGraph(title="Nothing", subtitle=""))
    assert "0 entities and 0 connections" in text(empty)
    empty.get_by_role("button", name="Reset view").click()


def test_a_large_network_is_drawn_in_good_time(opened):
    plain = nx.barabasi_albert_graph(400, 2, seed=1)
    large = nx.MultiDiGraph(title="Large", subtitle="")
    for node in plain:
        large.add_node(
            f"id:{node}", label=f"Entity {node}", kind="person", kind_label="Person", aliases=[], facts=[], note=None
        )
    told = {"text": "met", "dates": "", "realis": "held", "claimed_by": None, "sources": []}
    plain_edge = {"label": "met", "kind": "m", "kind_label": "Meeting", "realis": "held", "claimed_by": None}
    for u, v in plain.edges:
        large.add_edge(
            f"id:{u}", f"id:{v}", key=f"f:{u}-{v}", start=None, end=None, directed=False, fact=told, **plain_edge
        )
    tab = opened(large)
    took = tab.evaluate(
        "() => { const t = performance.now(); diplograph.network.redraw(); return performance.now() - t; }"
    )
    assert took < 1500

"""The page's bytes: complete, repeatable, closed to the network, and only the page's own scripts run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import resources

import networkx as nx
import pytest

from diplograph.errors import InputError
from diplograph.viz.page import page
from diplograph.viz.style import OTHER_KIND, SHAPES


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the content of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1][0] in {"script", "style"} and data.strip():
            self.raw.append((*self.found[-1], data))


def payload(html: str) -> dict:
    return json.loads(next(text for tag, at, text in Elements(html).raw if at.get("id") == "data"))


def test_the_same_network_gives_the_same_page(council):
    other = nx.MultiDiGraph(**council.graph)
    other.add_nodes_from(reversed(list(council.nodes(data=True))))
    other.add_edges_from(reversed(list(council.edges(keys=True, data=True))))
    assert page(council) == page(council) == page(other)


def test_the_network_is_left_as_it_was(council):
    before = json.dumps(nx.node_link_data(council, edges="links"))
    page(council)
    assert json.dumps(nx.node_link_data(council, edges="links")) == before


def test_every_node_and_edge_is_on_the_page_parallel_and_undirected_ones_too(council):
    data = payload(page(council))
    assert {node["iri"] for node in data["nodes"]} == set(council)
    assert {edge["iri"] for edge in data["edges"]} == {key for _, _, key in council.edges(keys=True)}
    arrows = {edge["name"]: edge["arrows"] for edge in data["edges"]}
    assert (arrows["diplomatic relations"], arrows["partner of"]) == ("", "to")


def test_facts_between_the_same_two_are_fanned_out(council):
    data = payload(page(council))
    names = {node["id"]: node["name"] for node in data["nodes"]}
    between = [edge for edge in data["edges"] if {names[edge["from"]], names[edge["to"]]} == {"Aland", "Borduria"}]
    # Seen from Aland: positive for a bend to the right, whichever way the edge itself runs.
    sides = []
    for edge in between:
        smooth = edge["smooth"] or {"type": "curvedCW", "roundness": 0}
        sign = (smooth["type"] == "curvedCW") == (names[edge["from"]] == "Aland")
        sides.append(smooth["roundness"] * (1 if sign else -1))
    assert len(set(sides)) == len(sides) == 3


def test_given_places_are_used(council):
    places = {node: (float(number), -float(number)) for number, node in enumerate(sorted(council))}
    data = payload(page(council, positions=places))
    assert {node["iri"]: (node["x"], node["y"]) for node in data["nodes"]} == places
    assert data["options"]["physics"] == {"enabled": False}


def test_a_node_without_a_place_is_named(council):
    with pytest.raises(InputError, match=r"lack 11 of 12 nodes, first .*agreement/pact"):
        page(council, positions={"https://example.org/id/state/aland": (0.0, 0.0)})


@pytest.mark.parametrize("realis", ["rumoured", "", None, 7, "__proto__"])
def test_a_fact_of_unknown_standing_counts_as_held(council, realis):
    _, _, data = next(iter(council.edges(data=True)))
    data["realis"] = data["fact"]["realis"] = realis
    iri = "https://example.org/id/person/lind"
    council.nodes[iri]["facts"][0]["realis"] = realis
    told = payload(page(council))
    edge = next(edge for edge in told["edges"] if edge["iri"] == "https://example.org/id/fact/0")
    node = next(node for node in told["nodes"] if node["iri"] == iri)
    assert edge["realis"] == edge["fact"]["realis"] == node["facts"][0]["realis"] == "held"
    assert edge["dashes"] is False


def test_a_fact_that_tells_no_standing_counts_as_held(council):
    for _, _, data in council.edges(data=True):
        del data["realis"], data["fact"]["realis"]
    edges = payload(page(council))["edges"]
    assert {edge["realis"] for edge in edges} == {edge["fact"]["realis"] for edge in edges} == {"held"}


@pytest.mark.parametrize("kind", ["spaceship", None, ""])
def test_an_unknown_kind_looks_like_the_other_kind(council, kind):
    iri = "https://example.org/id/person/lind"
    council.nodes[iri].update(kind=kind, kind_label=None)
    data = payload(page(council))
    node = next(node for node in data["nodes"] if node["iri"] == iri)
    look = next(look for look in data["looks"]["kinds"] if look["key"] == node["kind"])
    assert (node["kind"], node["kind_label"]) == ((kind, "Spaceship") if kind else ("other", "Other"))
    assert (look["light"], look["path"]) == (OTHER_KIND.light, SHAPES[OTHER_KIND.shape])


def test_nothing_is_fetched(council):
    html = page(council)
    for tag, attributes in Elements(html).found:
        assert tag not in {"iframe", "object", "embed", "img", "base", "form"}
        for name in ("src", "href", "data", "action", "srcset"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
    assert "sourceMappingURL" not in html
    assert "cdn" not in html.lower().replace("cdn_resources", "")


def test_the_policy_lets_only_the_pages_own_scripts_run(council):
    html = page(council)
    elements = Elements(html)
    policy = next(at["content"] for tag, at in elements.found if at.get("http-equiv") == "Content-Security-Policy")
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert rules["img-src"] == ["data:"]
    assert "unsafe" not in policy
    running = [text for tag, at, text in elements.raw if tag == "script" and at.get("type") != "application/json"]
    styles = [text for tag, _, text in elements.raw if tag == "style"]
    assert rules["script-src"] == [digest(text) for text in running]
    assert rules["style-src"] == [digest(text) for text in styles]
    assert not [at for _, at in elements.found for name in at if name.startswith("on") or name == "style"]


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_hostile_text_adds_no_element_to_the_page(council, hostile):
    calm, wild = page(council), page(hostile)
    assert [tag for tag, _ in Elements(wild).found] == [tag for tag, _ in Elements(calm).found]
    assert wild.count("<script") == calm.count("<script")
    assert "{{ 7 * 7 }} {% raw %}" in wild.split("</title>")[0]
    data = payload(wild)
    assert {node["iri"] for node in data["nodes"]} == set(hostile)
    assert {node["name"] for node in data["nodes"]} == set(dict(hostile.nodes(data="label")).values())
    wild.encode("utf-8")


def test_data_cannot_end_its_script_element(hostile):
    html = page(hostile)
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    assert not re.search("[<>&\u2028\u2029\x00]", block[1])
    json.loads(block[1])


def test_no_script_holds_what_would_end_it():
    for tag, _, text in Elements(page(nx.MultiDiGraph())).raw:
        assert "</script" not in text.lower(), tag
        assert "<!--" not in text, tag


def test_an_empty_network_has_a_page():
    html = page(nx.MultiDiGraph())
    assert "<title>Network</title>" in html
    assert payload(html)["nodes"] == []


def test_every_field_has_a_label_and_every_region_a_name(council):
    html = page(council)
    found = Elements(html).found
    labelled = {at["for"] for tag, at in found if tag == "label" and "for" in at}
    for tag, at in found:
        if tag == "input":
            wrapped = re.search(rf'<label[^>]*>(?:(?!</label>).)*id="{at["id"]}"', html, re.DOTALL)
            assert at["id"] in labelled or wrapped, at["id"]
        if tag == "aside":
            assert at.get("aria-label")
    assert [tag for tag, _ in found].count("main") == 1
    assert dict(found)["html"]["lang"] == "en"


def test_our_scripts_make_no_html_and_read_no_network():
    for asset in (resources.files("diplograph.viz") / "assets").iterdir():
        text = asset.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|fetch\(|XMLHttp|https?://(?!www\.w3)", text
        )


def test_importing_the_page_loads_nothing_heavy():
    code = (
        "import sys, diplograph.viz.page; sys.exit(str({'pyvis', 'IPython', 'networkx', 'scipy'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.stderr.strip() == "set()"

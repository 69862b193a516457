"""The reference tells every term, in both forms, the same every time, to every reader."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from rdflib import URIRef
from rdflib.namespace import OWL, RDF, SKOS

from diplograph.ontology import reference
from diplograph.ontology.documents import version, vocabulary
from diplograph.ontology.namespaces import TERMS
from diplograph.ontology.rules import shortcut_rules

VOID = {"meta", "link", "br", "img"}


class Page(HTMLParser):
    """What a reader of a page meets: its elements in order, its ids, its links; raises where tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def attributes(self, name: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(name)) is not None]


@cache
def page() -> Page:
    return Page(reference.html())


@cache
def markdown() -> str:
    return reference.markdown()


def terms() -> list[URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    graph = vocabulary("diplograph")
    return sorted(URIRef(str(term)) for kind in kinds for term in graph.subjects(RDF.type, kind))


def test_every_term_is_told_with_its_definition_in_both():
    graph, told_in_html = vocabulary("diplograph"), reference.html()
    for term in terms():
        definition = str(graph.value(term, SKOS.definition))
        assert f"`dg:{term.removeprefix(TERMS)}`" in markdown()
        assert definition in markdown()
        assert definition.replace("'", "&#x27;").replace('"', "&quot;") in told_in_html


def test_every_term_can_be_linked_to_by_its_local_name():
    assert {term.removeprefix(TERMS) for term in terms()} <= set(page().attributes("id"))


def test_every_code_is_told_with_its_meaning():
    schemes = vocabulary("schemes")
    for code in schemes.subjects(RDF.type, SKOS.Concept):
        assert str(schemes.value(code, SKOS.definition)) in markdown()


def test_every_shortcut_and_example_is_told():
    assert all(rule.predicate is None or rule.predicate.removeprefix(TERMS) in markdown() for rule in shortcut_rules())
    for path in (files("diplograph.ontology") / "examples").iterdir():
        assert path.read_text(encoding="utf-8").strip() in markdown()


def test_the_version_is_told():
    assert f"Version {version()}." in markdown()
    assert f"Version {version()}." in reference.html()


def test_the_page_is_whole_and_runs_nothing_and_loads_nothing():
    assert page().open == []
    tags = {tag for tag, _ in page().elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert not any(name.startswith("on") for _, attrs in page().elements for name in attrs)
    assert page().attributes("src") == []


def test_every_id_is_once_and_every_link_leads_somewhere():
    ids = page().attributes("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page().attributes("href")} <= set(ids)


def test_a_screen_reader_finds_its_way():
    elements = page().elements
    assert ("html", {"lang": "en"}) in elements
    assert [tag for tag, _ in elements].count("h1") == 1
    assert [tag for tag, _ in elements].count("main") == 1
    levels = [int(tag[1]) for tag, _ in elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tags = [tag for tag, _ in elements]
    assert tags.count("table") == tags.count("caption")
    assert all(attrs.get("scope") for tag, attrs in elements if tag == "th")
    assert all(attrs.get("aria-label") for tag, attrs in elements if tag in ("nav", "pre"))
    assert next(attrs for tag, attrs in elements if tag == "a") == {"class": "skip", "href": "#main"}


def test_the_rows_of_a_markdown_table_have_as_many_cells_as_its_head():
    prose = re.sub(r"^```turtle\n.*?^```$", "", markdown(), flags=re.MULTILINE | re.DOTALL)
    for table in re.findall(r"(?:^\|.*\|\n)+", prose, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_reference_is_the_same_in_every_process(form: str):
    probe = (
        "import hashlib; from diplograph.ontology import reference; "
        f"print(hashlib.sha256(reference.{form}().encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONPATH": str(files("diplograph") / ".typing"), "PYTHONHASHSEED": "7"}
    run = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(getattr(reference, form)().encode()).hexdigest()


def test_text_cannot_become_markup():
    assert reference._html_block(reference.Paragraph("a < b & `<c>`")) == "<p>a &lt; b &amp; <code>&lt;c&gt;</code></p>"
    assert reference._markdown_block(reference.Paragraph("a *b* <c> `*d*`")) == r"a \*b\* \<c\> `*d*`"

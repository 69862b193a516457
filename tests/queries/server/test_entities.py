"""Linked Data: an identifier leads to a page or to a graph, and what a store says cannot get out of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef
from rdflib.namespace import SKOS

from diplograph import load, open_store
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import file_sources
from diplograph.graph.oxigraph import parsed
from diplograph.ontology.namespaces import PREFIXES
from diplograph.queries.catalogue import questions

PERSON = "/about/person/sergey-lavrov"
IRI = URIRef("https://w3id.org/diplograph/id/person/sergey-lavrov")


def test_a_thing_leads_to_what_is_said_of_it(service: Any) -> None:
    answer = service.send("/id/person/sergey-lavrov")
    assert (answer.status, answer.headers["location"]) == (303, PERSON)


def test_people_get_a_page(service: Any) -> None:
    answer = service.send(PERSON, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-location"] == f"{PERSON}?format=html"
    assert "<h1>Sergey Lavrov" in answer.text
    assert "characters 3374–3405" in answer.text
    assert '<a href="/doc/trend-2023-02-28">' in answer.text
    assert "https://w3id.org" not in answer.text


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/trig"])
def test_programs_get_a_graph(service: Any, accept: str) -> None:
    answer = service.send(PERSON, headers={"Accept": accept})
    [ntriples] = parsed(answer.body, syntax_named(accept), source="the answer").values()
    assert f"{IRI.n3()} {SKOS.prefLabel.n3()}".encode() in ntriples
    assert answer.headers["content-location"].startswith(f"{PERSON}?format=")
    assert service.send(answer.headers["content-location"]).body == answer.body


def test_a_document_is_its_statements_to_programs(service: Any) -> None:
    path = "/doc/trend-2023-02-28"
    told = service.send(path, headers={"Accept": "application/n-triples"})
    asked = service.send(
        f"/graphs?graph=https://w3id.org/diplograph{path}", headers={"Accept": "application/n-triples"}
    )
    assert len(told.body.splitlines()) == len(asked.body.splitlines())
    assert "<h1>" in service.send(path, headers={"Accept": "text/html"}).text


def test_a_code_leads_to_the_facts_that_have_it(service: Any) -> None:
    answer = service.send("/code/role/participant", headers={"Accept": "text/html"})
    assert answer.status == 200
    assert "takes part in" in answer.text


def test_the_first_page_leads_to_all(service: Any) -> None:
    page = service.send("/").text
    links = re.findall(r'href="([^"]*)"', page)
    assert '<a href="/doc/states">' in page
    for link in {"/sparql", "/openapi.json", "/style.css", "/doc/states", "/ask/disagreements"}:
        assert link in links
        assert service.send(link).status == 200
    assert sum(link.startswith("/ask/") for link in links) >= 30


def test_what_facts_name_is_linked_but_for_the_page_itself(service: Any) -> None:
    page = service.send(PERSON, headers={"Accept": "text/html"}).text
    assert '<a href="/id/state/RUS">Russia</a>' in page
    assert 'href="/id/person/sergey-lavrov"' not in page
    state = service.send("/about/state/AZE", headers={"Accept": "text/html"}).text
    assert re.search(r'<dt>capital</dt><dd><a href="/id/place/[^"]+">Baku</a></dd>', state)


def test_many_facts_stand_on_several_pages(tmp_path: Path, running: Callable[..., AbstractContextManager[Any]]) -> None:
    tenures = "".join(
        f'[] a dg:Tenure ; dg:person person:p ; dg:post post:n{n} ; dg:from "{1500 + n}"^^xsd:gYear .\n'
        for n in range(450)
    )
    (tmp_path / "many.ttl").write_text(
        "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("dg", "person", "post", "xsd", "skos"))
        + f'person:p a dg:Person ; skos:prefLabel "Anna" .\n{tenures}'
    )
    with open_store(tmp_path / "store") as store:
        load(store, file_sources(tmp_path / "many.ttl"))
    with running(tmp_path / "store") as service:
        seen: list[str] = []
        target, pages = "/about/person/p", 0
        while target:
            page = service.send(target, headers={"Accept": "text/html"})
            assert page.headers["content-location"].endswith(f"&page={pages + 1}") or not pages
            seen = re.findall(r"<td>since (\d{4})</td>", page.text) + seen
            links = {
                text: unescape(link) for link, text in re.findall(r'<a href="([^"]*page=[^"]*)">([^<]*)', page.text)
            }
            target = next((link for text, link in links.items() if "earlier" in text), "")
            pages += 1
            assert ("later facts" in links) == (pages > 1)
        assert pages == 3
        assert seen == [str(1500 + n) for n in range(450)], "each once, in order of time"
        assert service.send("/about/person/p?page=4", headers={"Accept": "text/html"}).status == 404
        for wrong in ("0", "-1", "x", "", "1e3", "9" * 30):
            assert service.send(f"/about/person/p?page={wrong}", headers={"Accept": "text/html"}).status == 400


def test_every_page_has_landmarks_a_title_and_labels(service: Any) -> None:
    for target in (
        "/",
        PERSON,
        "/doc/states",
        "/ask/disagreements",
        "/find?text=a",
        "/sparql",
        "/ask/posts-of",
        "/none",
    ):
        page = service.send(target, headers={"Accept": "text/html"}).text
        tags = Tags()
        tags.feed(page)
        names = [tag for tag, _ in tags.seen]
        assert '<html lang="en">' in page
        assert re.search(r"<title>[^<]*Diplograph</title>", page)
        assert {"header", "nav", "main"} <= set(names)
        assert page.count("<h1>") == 1
        assert re.findall(r"<(?:input|textarea)(?![^>]*aria-label)", page) == re.findall(
            r"<label>[^<]*(<(?:input|textarea))", page
        )


def test_the_first_page_has_the_questions_by_theme(service: Any) -> None:
    page = service.send("/").text
    themes = re.findall(r"<h3>(\w+)</h3>\n<ul>(.*?)</ul>", page)
    assert [theme.lower() for theme, _ in themes] == sorted({each.theme for each in questions().values()})
    assert sum(items.count("<li>") for _, items in themes) == len(questions())


class Tags(HTMLParser):
    """Collects the elements of a page and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [(tag, name) for name, _ in attrs] or [(tag, "")]


EVIL = '</h1><script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover="alert(3)\' {{x}} \u202e\u0007'


def test_no_label_gets_out_of_its_place(tmp_path: Path, running: Callable[..., AbstractContextManager[Any]]) -> None:
    evil = EVIL.replace("\\", "\\\\").replace('"', '\\"')
    (tmp_path / "evil.ttl").write_text(
        "@prefix dg: <https://w3id.org/diplograph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix id: <https://w3id.org/diplograph/id/> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        f'<https://w3id.org/diplograph/doc/evil> dct:title "{evil}" .\n'
        f'<https://w3id.org/diplograph/id/person/evil> a dg:Person ; skos:prefLabel "{evil}" .\n'
        f'<https://w3id.org/diplograph/id/person/evil> skos:altLabel "also {evil}" .\n'
        f'<https://w3id.org/diplograph/id/post/evil> a dg:Post ; skos:prefLabel "{evil}" .\n'
        "[] a dg:Tenure ; dg:person <https://w3id.org/diplograph/id/person/evil> ;\n"
        "   dg:post <https://w3id.org/diplograph/id/post/evil> .\n"
    )
    with open_store(tmp_path / "store") as store:
        load(store, file_sources(tmp_path / "evil.ttl"))
    with running(tmp_path / "store") as service:
        targets = (
            "/",
            "/about/person/evil",
            "/about/post/evil",
            "/doc/evil",
            "/ask/posts-of?person=person/evil",
            "/ask/holders-of?post=post/evil",
            "/find?text=alert",
            "/sparql?query=SELECT+*+%7B+?s+skos:prefLabel+?o+%7D",
        )
        for target in targets:
            answer = service.send(target, headers={"Accept": "text/html"})
            tags = Tags()
            tags.feed(answer.text)
            assert answer.status == 200
            assert "alert(1)" in answer.text, f"{target} shows the label"
            assert not {tag for tag, _ in tags.seen} & {"script", "img", "style", "iframe"}
            assert not [name for _, name in tags.seen if name.startswith("on")]
            assert "\u202e" not in answer.text
            assert "\u0007" not in answer.text
        turtle = service.send("/about/person/evil", headers={"Accept": "text/turtle"})
        assert parsed(turtle.body, syntax_named("turtle"), source="the answer")

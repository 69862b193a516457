"""The SPARQL endpoint over a real socket: ways to ask, formats, conditional requests, and the service description."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, VOID, Namespace

from diplograph.graph.formats import SYNTAXES, syntax_named
from diplograph.graph.oxigraph import parsed

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
PEOPLE = "SELECT ?p WHERE { ?p a dg:Person } ORDER BY ?p"
MADE = "CONSTRUCT { ?p a dg:Person } WHERE { ?p a dg:Person }"
DOCUMENT = "https://w3id.org/diplograph/doc/states"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


def test_each_way_of_asking_gives_the_same_answer(service: Any) -> None:
    by_get = service.ask("ASK { ?s a dg:Person }")
    by_form = service.send("/sparql", "POST", "query=ASK+%7B+%3Fs+a+dg%3APerson+%7D", {"Content-Type": FORM})
    direct = service.send("/sparql", "POST", "ASK { ?s a dg:Person }", {"Content-Type": QUERY})
    assert by_get.json == by_form.json == direct.json == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/xml, text/html;q=0.9, */*;q=0.8", "application/xml"),
    ],
)
def test_tables_come_in_each_format(service: Any, accept: str | None, kind: str) -> None:
    answer = service.ask(PEOPLE, accept)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert "person/sergey-lavrov" in answer.text
    assert "Accept" in answer.headers["vary"]


def test_csv_is_csv(service: Any) -> None:
    rows = list(csv.reader(io.StringIO(service.ask(PEOPLE, "text/csv").text)))
    assert rows[0] == ["p"]
    assert ["https://w3id.org/diplograph/id/person/sergey-lavrov"] in rows


@pytest.mark.parametrize("accept", [None, *(syntax.media_type for syntax in SYNTAXES)])
def test_graphs_come_in_each_syntax_and_say_the_same(service: Any, accept: str | None) -> None:
    answer = service.ask(MADE, accept)
    kind = answer.headers["content-type"].partition(";")[0]
    [ntriples] = parsed(answer.body, syntax_named(kind), source="the answer").values()
    expected = {row["p"]["value"] for row in service.ask(PEOPLE).json["results"]["bindings"]}
    assert kind == (accept or "text/turtle")
    assert {line.split(b" ")[0].decode() for line in ntriples.splitlines()} == {f"<{iri}>" for iri in expected}


def test_a_table_is_no_graph_and_a_graph_no_table(service: Any) -> None:
    assert service.ask(PEOPLE, "text/turtle").status == 406
    assert service.ask(MADE, "text/csv").status == 406


def test_head_gives_the_headers_alone(service: Any) -> None:
    got, head = (service.send(f"/sparql?query={'ASK%7B%7D'}", method) for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.status == 200
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


class TestDataset:
    COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def count(self, answer: Any) -> int:
        return int(answer.json["results"]["bindings"][0]["n"]["value"])

    def test_the_request_can_choose_the_default_graph(self, service: Any) -> None:
        chosen = self.count(service.ask(self.COUNT, **{"default-graph-uri": DOCUMENT}))
        assert 0 < chosen < self.count(service.ask(self.COUNT))

    def test_the_request_can_choose_the_named_graphs(self, service: Any) -> None:
        names = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
        answer = service.ask(names, **{"named-graph-uri": DOCUMENT})
        assert [row["g"]["value"] for row in answer.json["results"]["bindings"]] == [DOCUMENT]
        assert self.count(service.ask(self.COUNT, **{"named-graph-uri": DOCUMENT})) == 0

    def test_the_request_wins_over_the_query(self, service: Any) -> None:
        other = "https://w3id.org/diplograph/doc/trend-2023-02-28"
        query = self.COUNT.replace("WHERE", f"FROM <{other}> WHERE")
        alone = self.count(service.ask(self.COUNT, **{"default-graph-uri": DOCUMENT}))
        assert self.count(service.ask(query, **{"default-graph-uri": DOCUMENT})) == alone
        assert self.count(service.ask(query)) != alone

    def test_from_named_chooses_among_the_graphs(self, service: Any) -> None:
        names = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }".replace("WHERE", f"FROM NAMED <{DOCUMENT}> WHERE")
        assert [row["g"]["value"] for row in service.ask(names).json["results"]["bindings"]] == [DOCUMENT]

    def test_from_keeps_its_meaning_beside_from_named(self, service: Any) -> None:
        other = "https://w3id.org/diplograph/doc/trend-2023-02-28"
        where = "WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        both = " ".join(("SELECT (COUNT(*) AS ?n) FROM doc:states FROM NAMED <%s>", where))
        apart = [self.count(service.ask(self.COUNT, **{"default-graph-uri": each})) for each in (DOCUMENT, other)]
        assert self.count(service.ask(both % other)) == sum(apart)
        assert self.count(service.ask(both.replace("FROM NAMED <%s> ", ""))) == apart[0]

    def test_the_stores_own_records_are_not_served(self, service: Any) -> None:
        assert "graph/loads" not in service.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").text
        assert service.ask("ASK { GRAPH <https://w3id.org/diplograph/id/graph/loads> { ?s ?p ?o } }").json == {
            "head": {},
            "boolean": False,
        }
        assert "packaged states" not in service.ask("SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }").text


class TestConditional:
    def test_what_a_client_has_is_not_sent_again(self, service: Any) -> None:
        target = "/sparql?query=ASK%20%7B%20%3Fs%20a%20dg%3APerson%20%7D"
        tag = service.send(target).headers["etag"]
        for match in (tag, f'"other", {tag}', tag.removeprefix("W/")):
            again = service.send(target, headers={"If-None-Match": match})
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        assert service.send(target, headers={"If-None-Match": '"other"'}).status == 200

    def test_a_tag_is_of_one_format_and_one_address(self, service: Any) -> None:
        tags = {
            service.ask(query, accept).headers["etag"] for query in ("ASK {}", PEOPLE) for accept in (None, "text/csv")
        }
        assert len(tags) == 4

    def test_what_changes_by_itself_is_never_kept(self, service: Any) -> None:
        first, second = (service.ask("SELECT (STRUUID() AS ?x) {}") for _ in range(2))
        assert first.body != second.body
        assert "etag" not in first.headers
        assert first.headers["cache-control"] == "no-store"

    def test_an_answer_from_memory_is_the_same(self, service: Any) -> None:
        answers = [service.ask(PEOPLE, accept) for accept in (None, "text/csv") * 3]
        assert len({(answer.headers["content-type"], answer.body) for answer in answers}) == 2
        assert answers[0].headers | {"date": ""} == answers[4].headers | {"date": ""}
        assert "kept_answers_used_total 0.0" not in service.send("/metrics").text


def test_long_answers_are_compressed_for_who_takes_that(service: Any) -> None:
    plain = service.ask("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3000")
    query = "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20ORDER%20BY%20%3Fs%20%3Fp%20%3Fo%20LIMIT%203000"
    packed = service.send(query, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    assert "content-encoding" not in plain.headers


def test_a_syntax_error_tells_its_place(service: Any) -> None:
    answer = service.ask("SELECT * WHERE { ?s ?p }")
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json["status"], answer.json["line"], answer.json["column"]) == (400, 1, 25)


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_without_a_query_the_service_describes_itself(service: Any, method: str) -> None:
    answer = service.send("/sparql", method)
    graph = Graph().parse(data=answer.text, format="turtle")
    endpoint = URIRef(f"{service.url}/sparql")
    [dataset] = graph.objects(endpoint, SD.defaultDataset)
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert (endpoint, RDF.type, SD.Service) in graph
    assert (endpoint, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (endpoint, DCAT.servesDataset, dataset) in graph
    assert (dataset, RDF.type, VOID.Dataset) in graph
    assert {str(name) for name in graph.objects(None, SD.name)} == {
        DOCUMENT,
        "https://w3id.org/diplograph/doc/trend-2023-02-28",
    }
    triples = service.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json["results"]["bindings"][0]["n"]["value"]
    assert (dataset, VOID.triples, Literal(int(triples))) in graph


def test_an_update_is_refused_with_the_way_there_is(service: Any) -> None:
    for kind, body in (("application/sparql-update", "DROP ALL"), (FORM, "update=DROP+ALL")):
        answer = service.send("/sparql", "POST", body, {"Content-Type": kind, "Authorization": "Bearer x"})
        assert answer.status == 403
        assert "--updates" in answer.json["detail"]
    described = Graph().parse(data=service.send("/sparql").text, format="turtle")
    assert SD.SPARQL11Update not in set(described.objects(None, SD.supportedLanguage))


def test_every_answer_is_told_to_be_kept_safe(service: Any) -> None:
    for target in ("/", "/sparql", "/sparql?query=x", "/nope", "/graphs?default", "/style.css", "/healthz"):
        headers = service.send(target).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers

"""The protocols as pure functions: what each request asks, and which error each malformed one is."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph.errors import ProtocolError
from diplograph.queries.protocol import (
    FORM,
    QUERY,
    UPDATE,
    DefaultGraph,
    Description,
    Message,
    Query,
    Update,
    form_fields,
    graph_asked,
    operation,
    single_fields,
)

ASK = "ASK {}"


def get(**fields: str | list[str]) -> Message:
    return Message("GET", urlencode(fields, doseq=True))


def post(body: str | bytes, content_type: str | None, **fields: str | list[str]) -> Message:
    data = body if isinstance(body, bytes) else body.encode()
    return Message("POST", urlencode(fields, doseq=True), content_type, data)


def form(**fields: str | list[str]) -> Message:
    return post(urlencode(fields, doseq=True), FORM)


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
def test_the_three_ways_to_send_a_query_ask_the_same(sparql: str) -> None:
    for message in (get(query=sparql), form(query=sparql), post(sparql, QUERY)):
        assert operation(message) == Query(sparql)


def test_the_dataset_comes_along_in_each_way() -> None:
    graphs = {"default-graph-uri": ["http://a/1", "http://a/2"], "named-graph-uri": ["http://a/3"]}
    asked = Query(ASK, (URIRef("http://a/1"), URIRef("http://a/2")), (URIRef("http://a/3"),))
    assert operation(get(query=ASK, **graphs)) == asked
    assert operation(form(query=ASK, **graphs)) == asked
    assert operation(post(ASK, QUERY, **graphs)) == asked
    assert operation(post(urlencode({"query": ASK}), FORM, **graphs)) == asked


def test_head_asks_what_get_asks() -> None:
    assert operation(Message("HEAD", "query=ASK%7B%7D")) == operation(Message("GET", "query=ASK%7B%7D"))


@pytest.mark.parametrize("message", [Message("GET"), Message("HEAD"), Message("OPTIONS"), get(format="json")])
def test_without_a_query_the_service_tells_of_itself(message: Message) -> None:
    assert operation(message) == Description()


def test_an_update_comes_by_post_alone() -> None:
    assert operation(form(update="CLEAR ALL")) == Update("CLEAR ALL")
    assert operation(post("CLEAR ALL", UPDATE)) == Update("CLEAR ALL")


def test_an_update_may_have_its_own_graphs() -> None:
    graphs = {"using-graph-uri": ["http://a/", "http://b/"], "using-named-graph-uri": "http://c/"}
    expected = Update("CLEAR ALL", (URIRef("http://a/"), URIRef("http://b/")), (URIRef("http://c/"),))
    assert operation(form(update="CLEAR ALL", **graphs)) == expected
    assert operation(post("CLEAR ALL", UPDATE, **graphs)) == expected


def test_what_clients_add_is_let_pass() -> None:
    assert operation(get(query=ASK, format="json", results="json", output="json")) == Query(ASK)


@pytest.mark.parametrize("content_type", [f"{QUERY};charset=UTF-8", f'{QUERY}; Charset="utf-8"', QUERY.upper()])
def test_a_media_type_has_parameters_and_any_case(content_type: str) -> None:
    assert operation(post(ASK, content_type)) == Query(ASK)


REFUSED = {
    "another method": (Message("PUT", "query=ASK"), 405),
    "a method of the graph store": (Message("DELETE"), 405),
    "no query in a form": (form(format="json"), 400),
    "graphs without a query": (get(**{"default-graph-uri": "http://a/"}), 400),
    "an empty query": (get(query=" "), 400),
    "two queries": (get(query=[ASK, ASK]), 400),
    "two queries in a form": (form(query=[ASK, ASK]), 400),
    "a query in the address and the body": (post(ASK, QUERY, query=ASK), 400),
    "an update in the address and the body": (post("CLEAR ALL", UPDATE, update="CLEAR ALL"), 400),
    "a query beside a form": (post(urlencode({"query": ASK}), FORM, query=ASK), 400),
    "graphs beside and in a form": (
        post(urlencode({"query": ASK, "named-graph-uri": "http://a/"}), FORM, **{"named-graph-uri": "http://a/"}),
        400,
    ),
    "a query and an update": (form(query=ASK, update="CLEAR ALL"), 400),
    "an update by GET": (get(update="CLEAR ALL"), 400),
    "two updates": (form(update=["CLEAR ALL", "CLEAR ALL"]), 400),
    "graphs of a query with an update": (post("CLEAR ALL", UPDATE, **{"default-graph-uri": "http://a/"}), 400),
    "graphs of a query in an update's form": (form(update="CLEAR ALL", **{"named-graph-uri": "http://a/"}), 400),
    "a graph of an update that is no IRI": (post("CLEAR ALL", UPDATE, **{"using-graph-uri": "a"}), 400),
    "graphs of an update with a query": (get(query=ASK, **{"using-graph-uri": "http://a/"}), 400),
    "a body without a type": (post(ASK, None), 415),
    "a body of another type": (post(ASK, "text/plain"), 415),
    "a form of files": (post(ASK, "multipart/form-data; boundary=x"), 415),
    "a body in another charset": (post(ASK.encode("utf-16"), f"{QUERY};charset=utf-16"), 415),
    "a body that is not UTF-8": (post(ASK.encode("utf-16"), QUERY), 400),
    "a form that is not UTF-8": (post(b"query=\xff", FORM), 400),
    "an encoded byte that is not UTF-8": (Message("GET", "query=ASK%FF"), 400),
    "a percent sign alone": (Message("GET", "query=ASK%"), 400),
    "a percent sign with no digits": (Message("GET", "query=%zz"), 400),
    "too many parameters": (Message("GET", "&".join(f"a{n}=1" for n in range(1001))), 400),
    "a relative graph": (get(query=ASK, **{"default-graph-uri": "graph"}), 400),
    "a graph with a space": (get(query=ASK, **{"named-graph-uri": "http://a/b c"}), 400),
    "a graph that breaks out": (get(query=ASK, **{"default-graph-uri": "http://a/> {} #"}), 400),
    "a graph without a name": (get(query=ASK, **{"default-graph-uri": ""}), 400),
}


@pytest.mark.parametrize(("message", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_malformed_has_its_status(message: Message, status: int) -> None:
    with pytest.raises(ProtocolError) as raised:
        operation(message)
    assert raised.value.status == status


def test_another_method_is_told_those_that_would_do() -> None:
    with pytest.raises(ProtocolError) as raised:
        operation(Message("PATCH"))
    assert raised.value.headers == {"Allow": "GET, HEAD, POST, OPTIONS"}


@given(
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT", "BREW"]),
    st.text(),
    st.none() | st.sampled_from([FORM, QUERY, UPDATE]) | st.text(),
    st.binary(),
)
def test_any_request_is_understood_or_refused_with_4xx(
    method: str, query_string: str, content_type: str | None, body: bytes
) -> None:
    status = 400
    try:
        operation(Message(method, query_string, content_type, body))
    except ProtocolError as error:
        status = error.status
    assert 400 <= status < 500


class TestGraphStore:
    OWN = "http://localhost/graphs"

    def test_a_graph_is_named_directly_or_by_iri(self) -> None:
        assert graph_asked("default", self.OWN) == graph_asked("default=", self.OWN) == DefaultGraph()
        iri = "https://example.org/a?b=c#d"
        assert graph_asked(f"graph={quote(iri, safe='')}", self.OWN) == URIRef(iri)
        assert graph_asked("", self.OWN) is None

    @pytest.mark.parametrize(
        "query_string",
        [
            "default&graph=http://a/",
            "graph=http://a/&graph=http://b/",
            "graph=",
            "graph=relative",
            "graph=http://a/%20b",
            "graph=http://a/%3E",
            "graph=http://localhost/graphs",
        ],
    )
    def test_no_or_no_single_graph_is_refused(self, query_string: str) -> None:
        with pytest.raises(ProtocolError, match=r"graph|default") as raised:
            graph_asked(query_string, self.OWN)
        assert raised.value.status == 400


def test_a_field_that_may_come_once_comes_once() -> None:
    assert single_fields(form_fields("a=1&b=+%2B")) == {"a": "1", "b": " +"}
    with pytest.raises(ProtocolError, match="a is given 2 times"):
        single_fields(form_fields("a=1&a=1"))

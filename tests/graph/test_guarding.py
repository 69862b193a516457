"""What a query may not do, however it is disguised, and what only looks as if it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph.errors import QueryError, QueryRefusedError, QuerySyntaxError
from diplograph.graph.guarding import checked_query, query_form
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

A, B = document_iri("a"), document_iri("b")
FACTS = b"""\
<http://example.org/s> <http://example.org/p> <http://example.org/> .
<http://example.org/s> <http://example.org/p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<http://example.org/s> <http://example.org/p> "100000"^^<http://www.w3.org/2001/XMLSchema#double> .
<http://example.org/s> <http://example.org/SERVICE> "LOAD <x> ; SERVICE <y> { }" .
"""


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store of either engine."""
    made: Store = request.param()
    return made


def checked(sparql: str) -> str:
    return checked_query(sparql, lambda: (A, B), {})


@pytest.fixture(scope="module")
def endpoint(counting: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """An endpoint on this machine, and what it has been asked."""
    address, paths = counting
    return f"{address}/sparql", paths


# In each of these, at least one of the engines would read the keyword SERVICE and ask the endpoint {}.
DISGUISED_SERVICES = [
    "SELECT * { SERVICE <{}> { ?a ?b ?c } }",
    "SELECT*{service<{}>{?a ?b ?c}}",
    "SELECT * { SeRvIcE SILENT <{}> { ?a ?b ?c } }",
    "SELECT * { SERVICE # <x>\n<{}> { ?a ?b ?c } }",
    "SELECT * { FILTER EXISTS { SERVICE <{}> { ?a ?b ?c } } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <{}> { ?a ?b ?c } } } } }",
    "ASK { SERVICE <{}> { ?a ?b ?c } }",
    "CONSTRUCT { ?a ?b ?c } WHERE { SERVICE <{}> { ?a ?b ?c } }",
    "DESCRIBE ?a { SERVICE <{}> { ?a ?b ?c } }",
    "PREFIX e: <{}> SELECT * { SERVICE e: { ?a ?b ?c } }",
    "BASE <{}> SELECT * { SERVICE <> { ?a ?b ?c } }",
    "SELECT * { VALUES ?e { <{}> } SERVICE ?e { ?a ?b ?c } }",
    # escapes that become the keyword, or end what would hide it
    r"SELECT * { \u0053ERVICE <{}> { ?a ?b ?c } }",
    r"SELECT * { \U00000053\u0045RVICE <{}> { ?a ?b ?c } }",
    r"SELECT * { \u005Cu0053ERVICE <{}> { ?a ?b ?c } }",
    "SELECT * { ?s ?p ?o FILTER(?o != 'a\\u0027) SERVICE <{}> { ?a ?b ?c } #')\n}",
    "SELECT * { ?s ?p ?o #\\u000A SERVICE <{}> { ?a ?b ?c }\n}",
    "SELECT * { ?s <http://example.org/\\u0070#\\u003E ?o . SERVICE <{}> { ?a ?b ?c } #>\n}",
    # letters that some take for others
    "SELECT * { ſERVICE <{}> { ?a ?b ?c } }",
    "SELECT * { SERVıCE <{}> { ?a ?b ?c } }",
    # keywords that touch what stands before or after them
    "PREFIX ex: <http://example.org/> SELECT * { ?s ?p ex:.SERVICE <{}> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1e5SERVICE <{}> { ?a ?b ?c } }",
    "SELECT * { ?s ?p trueSERVICE <{}> { ?a ?b ?c } }",
    "SELECT * { SERVICESILENT <{}> { ?a ?b ?c } }",
    "PREFIX e: <{}> SELECT * { SERVICESILENT e: { ?a ?b ?c } }",
    "PREFIX : <{}> PREFIX SERVICE: <http://example.org/> SELECT * { SERVICE: { ?a ?b ?c } }",
    "PREFIX : <{}> PREFIX service: <http://example.org/> SELECT * { {} service:x { ?a ?b ?c } }",
    # what looks like a string, an IRI or a comment and is none
    "SELECT * { ?s ?p ''SERVICE<{}>{?a ?b ?c}#'\n}",
    "SELECT * { ?s ?p '''a'' '''SERVICE<{}>{?a ?b ?c}#'''\n}",
    "SELECT * { ?s ?p '\\\\'SERVICE<{}>{?a ?b ?c}#'\n}",
    "SELECT * { ?s ?p ?o FILTER(?o<1)SERVICE<{}>{?a ?b ?c}FILTER(?s>1)}",
    "SELECT * { ?s ?p ?o FILTER(?o <?s&&?s>?o)SERVICE<{}>{?a ?b ?c}}",
    "SELECT * { ?s ?p ?o . ?s ?p <a\\>SERVICE<{}>{?a ?b ?c}#>\n}",
    "SELECT * { ?s ?p <a'>SERVICE<{}>{?a ?b ?c}#'\n}",
    "SELECT * { {} #\rSERVICE <{}> { ?a ?b ?c }\n}",
]


@pytest.mark.parametrize("sparql", DISGUISED_SERVICES)
def test_no_endpoint_is_asked(store: Store, endpoint: tuple[str, list[str]], sparql: str) -> None:
    address, asked = endpoint
    asked.clear()
    with store.writing() as writer:
        writer.put(A, FACTS)
    with pytest.raises(QueryError):
        store.view().query(sparql.replace("{}", address, 1))
    assert asked == []


@pytest.mark.parametrize(
    "sparql", [query for query in DISGUISED_SERVICES if "SERVICE <" in query and "\\" not in query]
)
def test_the_refusal_says_why(sparql: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"SERVICE would ask another endpoint"):
        checked(sparql)


@pytest.mark.parametrize(
    ("sparql", "word"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "INSERT"),
        ("insert { ?s ?p 1 } where { ?s ?p ?o }", "INSERT"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("# harmless\nDELETE DATA { <a:a> <a:b> <a:c> }", "DELETE"),
        ("LOAD <http://example.org/>", "LOAD"),
        ("LOAD<file:///etc/passwd>", "LOAD"),
        ("PREFIX SELECT: <http://example.org/> LOAD SELECT:x", "LOAD"),
        ("BASE <http://example.org/> PREFIX ask: <#> CLEAR ALL", "CLEAR"),
        ("DROP ALL", "DROP"),
        ("CREATE GRAPH <a:g>", "CREATE"),
        ("COPY <a:g> TO <a:h>", "COPY"),
        ("MOVE <a:g> TO <a:h>", "MOVE"),
        ("ADD <a:g> TO <a:h>", "ADD"),
        ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH"),
        (r"\u0049NSERT DATA { <a:a> <a:b> <a:c> }", "INSERT"),
        (r"PREFIX a: <a:> \u004cOAD <http://example.org/>", "LOAD"),
    ],
)
def test_an_update_is_refused(store: Store, sparql: str, word: str) -> None:
    with store.writing() as writer:
        writer.put(A, FACTS)
    before = sorted(store.view().ntriples().splitlines())
    with pytest.raises(QueryRefusedError, match=rf"would write \({word}\).*`diplograph load`"):
        store.view().query(sparql)
    with pytest.raises(QueryRefusedError):
        store.view().serialized(sparql, "json")
    assert sorted(store.view().ntriples().splitlines()) == before


def test_an_update_behind_a_query_does_not_parse(store: Store) -> None:
    with pytest.raises(QuerySyntaxError):
        store.view().query("SELECT * { ?s ?p ?o } ; INSERT DATA { <a:a> <a:b> <a:c> }")
    assert store.view().size() == 0


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { ?s ?p 'SERVICE <http://example.org/> { }' }",
        'SELECT * { ?s ?p """INSERT DATA { }\n" LOAD <x> FROM <y>""" }',
        "SELECT * { ?s ?p '''it's ''LOAD'' SERVICE ''' }",
        "SELECT * { ?s ?p 'a \\' SERVICE <x> { }' }",
        "SELECT * { ?s ?p 'x'@en-SERVICE }",
        "# SERVICE <http://example.org/> { }\nSELECT * { ?s ?p ?o } # INSERT DATA FROM <x>",
        "#LOAD\n#DROP ALL\nASK {}",
        "SELECT * { ?s <http://example.org/SERVICE> ?o }",
        "SELECT * { ?s <http://example.org/#SERVICE> ?o . <http://example.org/INSERT> ?p <http://example.org/FROM> }",
        "SELECT ?SERVICE $FROM ?load { ?SERVICE ?insert $FROM . ?load ?p ?o }",
        "PREFIX ex: <http://example.org/> SELECT * { ?s ex:SERVICE ?o ; ex:from ?b ; ex:insert.load ?c }",
        "PREFIX load: <http://example.org/> SELECT * { ?s load:p ?o }",
        "PREFIX from: <http://example.org/> SELECT * { ?s from:p ?o }",
        "PREFIX insert: <http://example.org/> ASK { ?s insert:SERVICE ?o }",
        "SELECT * { _:service ?p _:insert.load }",
        "SELECT ?s { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
        "SELECT ?s { ?s ?p ?o FILTER(STR(?o) = 'a#b') }",
        r"SELECT * { ?s ?p 'Baku \u00e9 \U0001F600' }",
    ],
)
def test_what_only_looks_so_is_asked(store: Store, sparql: str) -> None:
    with store.writing() as writer:
        writer.put(A, FACTS)
    store.view().query(sparql)


def test_a_query_without_escapes_is_asked_as_it_is() -> None:
    sparql = "PREFIX ex: <http://example.org/> # why\nSELECT * { ?s ex:p 'Ağdam' }"
    assert checked(sparql) == sparql


# FROM


@pytest.mark.parametrize(
    "clause",
    [
        "FROM <http://example.org/>",
        "FROM NAMED <http://example.org/>",
        "from\n# why\nnamed <http://example.org/>",
        f"FROM <{A}> FROM <http://example.org/>",
        f"FROM NAMED <{A}> FROM NAMED <{A}x>",
        "FROM <file:///etc/passwd>",
        "FROM <a>",
        "FROM <>",
        "FROM ex:x",
        "FROM ex:",
        "FROM undeclared:a",
    ],
)
def test_a_graph_that_the_store_does_not_have_is_refused(clause: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"FROM names the graph .* not in the store.*`diplograph sources`"):
        checked(f"PREFIX ex: <http://example.org/> SELECT * {clause} WHERE {{ ?s ?p ?o }}")


@pytest.mark.parametrize(
    "query", ["ASKFROM<{}>{?s ?p ?o}", "SELECT*FROMNAMED<{}>{?s ?p ?o}", "DESCRIBE*FROM<{}>{?s ?p ?o}"]
)
def test_a_graph_is_checked_where_the_keyword_touches_others(query: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"FROM names the graph <http://example\.org/>"):
        checked(query.replace("{}", "http://example.org/", 1))


@pytest.mark.parametrize(
    ("prologue", "clause"),
    [
        ("", f"FROM <{A}>"),
        ("", f"from named <{A}> FROM <{B}>"),
        (f"PREFIX doc: <{PREFIXES['doc']}>", "FROM doc:a"),
        (f"PREFIX : <{PREFIXES['doc']}>", "FROM NAMED :b"),
        (f"BASE <{PREFIXES['doc']}>", "FROM <a>"),
        (f"BASE <{PREFIXES['doc']}x/y> BASE <..> PREFIX d: <>", "FROM d:b"),
    ],
)
def test_a_document_of_the_store_may_be_asked_alone(prologue: str, clause: str) -> None:
    assert checked(f"{prologue} SELECT * {clause} WHERE {{ ?s ?p ?o }}")


def test_no_file_is_read_through_from(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_bytes(FACTS)
    with pytest.raises(QueryRefusedError):
        store.view().query(f"SELECT * {'FROM'} <{secret.as_uri()}> {{ ?s ?p ?o }}")
    with store.writing() as writer:
        writer.put(URIRef(secret.as_uri()), b"")  # a document of that name, which says nothing
    assert store.view().select(f"SELECT * {'FROM'} <{secret.as_uri()}> {{ ?s ?p ?o }}") == []
    assert store.view().size() == 0


# Prefixes


def test_a_prefix_that_is_not_declared_is_named_with_its_place() -> None:
    with pytest.raises(QuerySyntaxError, match=r"prefix nope: at line 2, column 6.*Begin with PREFIX nope:") as caught:
        checked("SELECT *\n{ ?s nope:x ?o }")
    assert (caught.value.line, caught.value.column) == (2, 6)


def test_prefixes_that_are_given_or_declared_are_known() -> None:
    sparql = "PREFIX ex: <http://example.org/> SELECT * { ?s ex:p dg:Person }"
    assert checked_query(sparql, tuple, {"dg": PREFIXES["dg"]}) == sparql
    with pytest.raises(QuerySyntaxError, match="prefix dg:"):
        checked(sparql)


@pytest.mark.parametrize(
    "sparql", [r"SELECT ('\UFFFFFFFF' AS ?x) {}", r"SELECT ('\uD800' AS ?x) {}", "ASK {} # \ud800"]
)
def test_characters_that_do_not_exist_are_refused(store: Store, sparql: str) -> None:
    with pytest.raises(QuerySyntaxError):
        store.view().query(sparql)


DEEP = {
    "groups": ("SELECT * {", "{", "}", "}"),
    "brackets": ("SELECT * { FILTER(", "(", ")", "1) }"),
    "brackets that an IRI could hide": ("SELECT * { FILTER(?a<", "(", ")", ">?b) }"),
    "brackets after a comment's end": ("SELECT * { #\r{ FILTER(\n", "(", ")", "1) }"),
    "blank nodes": ("SELECT * { ?s ?p ", "[ <a:p> ", "]", " }"),
    "optional parts": ("SELECT * {", "OPTIONAL {", "}", "}"),
}
CHAINS = [("FILTER(", "!"), ("BIND(1", "+1"), ("{}", " UNION {}"), ("", "?s<a:p>/")]


class TestDepth:
    """What an engine would follow until its stack is used up is refused before it begins."""

    @pytest.mark.parametrize("shape", DEEP.values(), ids=DEEP)
    def test_deep_nesting_is_refused(self, shape: tuple[str, str, str, str]) -> None:
        begin, opening, closing, end = shape
        with pytest.raises(QueryRefusedError, match="nested"):
            checked_query(begin + opening * 10_000 + closing * 10_000 + end, lambda: (), {})

    @pytest.mark.parametrize(
        ("begin", "link"), [("FILTER(", "!"), ("BIND(1", "+1"), ("{}", " UNION {}"), ("", "?s<a:p>/")]
    )
    def test_a_long_chain_of_operators_is_refused(self, begin: str, link: str) -> None:
        with pytest.raises(QueryRefusedError, match="operators"):
            checked_query("SELECT * { " + begin + link * 10_000, lambda: (), {})

    def test_a_long_list_of_values_is_not_nested(self) -> None:
        rows = "(<https://example.org/a?b=(((> 'a+b*c{{{') " * 1_000
        query = f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} }}"
        assert checked_query(query, lambda: (), {}) == query


def test_the_form_of_a_query_is_the_first_word_after_its_prologue() -> None:
    assert query_form("# ASK\nPREFIX select: <http://a/ask> BASE <b> Construct WHERE {}") == "CONSTRUCT"
    assert query_form("PREFIX # select\n a: <b> describe a:b") == "DESCRIBE"
    assert query_form("\\u0053ELECT * {}") == "SELECT"
    assert query_form("INSERT DATA {}") is None
    assert query_form("") is None


PIECES = (
    "SELECT * ", "ASK", "{", "}", "SERVICE", "FROM", "NAMED", "<http://a/b#c:d>", "<a:b>", "<", ">", "'", '"', "#",
    "\n", "\r", "dg:x", "nope:x", ":x", ":", "PREFIX nope: <a:>", "BASE <a:>", "?s", " ", "true", "GRAPH", "LOAD",
    "WITH", "\\u0053ERVICE", "@en", "_:b", "1", ".", ";", "(", ")",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_let_through_at_a_glance_is_let_through_by_reading(text: str) -> None:
    def outcome(padding: str) -> str:
        try:
            return checked_query(text + padding, lambda: (), PREFIXES).removesuffix(padding)
        except QueryError as error:
            return type(error).__name__

    # A text that is padded is too long for a glance.
    assert outcome("") == outcome("\n" * 300)

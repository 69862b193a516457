"""FROM and the protocol's graphs where the store has none of them: documents that are fetched are asked instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import Dataset, URIRef

from diplograph.errors import FormatError, HostError, InputError, ParseError, QueryRefusedError, QuerySyntaxError
from diplograph.graph.elsewhere import MOST_DOCUMENTS, view_asked
from diplograph.graph.memory import MemoryStore
from diplograph.graph.origins import Target, origin
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.scope import WHOLE, Scope
from diplograph.graph.store import LOADS, Answer, Solutions, Store
from diplograph.graph.updating import update
from diplograph.graph.web import OFFLINE, Reply, Web
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import IDENTIFIERS, PREFIXES

HERE = document_iri("here")
ONE, TWO = (URIRef(f"https://there.example/{name}.ttl") for name in ("one", "two"))
DOCUMENTS = {
    "/one.ttl": ("text/turtle", b"<x:s> <x:p> 1, 2 . _:b <x:q> <rel> ."),
    "/two.ttl": ("text/turtle", b"<x:s> <x:p> 2, 3 . _:b <x:q> <rel> ."),
    "/led": Reply("", b"", "/one.ttl"),
    "/away": Reply("", b"", "https://other.example/one.ttl"),
    "/none.nt": ("application/n-triples", b""),
    "/ld": ("application/ld+json", b'{"@context": "/context", "@id": "x:s", "p": "by a context"}'),
    "/ld-away": ("application/ld+json", b'{"@context": "https://other.example/c", "@id": "x:s", "p": 1}'),
    "/context": ("application/ld+json", b'{"@context": {"p": "x:p"}}'),
    "/page": ("text/html", b"<p>Moved</p>"),
    "/broken.ttl": ("text/turtle", b"<x:s> <x:p>"),
    "/graphs.trig": ("application/trig", b"GRAPH <x:g> { <x:s> <x:p> 1 }"),
}


class Host:
    """A host with these documents, and which of them were asked for."""

    def __init__(self) -> None:
        self.asked = list[str]()

    def __call__(self, target: Target, accept: str, most_bytes: int) -> Reply:
        self.asked.append(target.path)
        if target.path not in DOCUMENTS:
            raise HostError("there.example answered with status 404.")
        return Reply(*DOCUMENTS[target.path])

    @property
    def web(self) -> Web:
        return Web((origin("there.example"),), self)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture(params=["oxigraph", "memory"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with OxigraphStore() if request.param == "oxigraph" else MemoryStore(Dataset()) as made:
        with made.writing() as writer:
            writer.put(HERE, b'<x:s> <x:p> "here" .\n')
            writer.note(f'<{HERE}> <x:p> "noted" .\n'.encode(), about=HERE)
        yield made


def answer(store: Store, host: Host, sparql: str, scope: Scope = WHOLE) -> Answer:
    view = view_asked(store.view(), sparql, PREFIXES, scope, host.web)
    return view.query(sparql, PREFIXES, scope)


def values(store: Store, host: Host, sparql: str, scope: Scope = WHOLE) -> list[str]:
    found = answer(store, host, sparql, scope)
    assert isinstance(found, Solutions)
    return sorted(str(value) for row in found.rows for value in row)


def from_(*graphs: str, how: str = "FROM") -> str:
    return " ".join(f"{how} <{graph}>" for graph in graphs)


class TestAnswers:
    def test_a_document_is_the_default_graph_and_the_store_is_not_asked(self, store: Store, host: Host) -> None:
        assert values(store, host, f"SELECT ?o {from_(ONE)} {{ <x:s> <x:p> ?o }}") == ["1", "2"]
        assert answer(store, host, f"ASK {from_(ONE)} {{ GRAPH ?g {{ ?s ?p ?o }} }}") is False
        assert values(store, host, "SELECT ?o { <x:s> <x:p> ?o }") == ["here"]
        assert host.asked == ["/one.ttl", "/one.ttl"]

    def test_the_default_graph_is_the_union_and_blank_nodes_are_apart(self, store: Store, host: Host) -> None:
        both = from_(ONE, TWO)
        assert values(store, host, f"SELECT ?o {both} {{ <x:s> <x:p> ?o }}") == ["1", "2", "3"]
        assert values(store, host, f"SELECT (COUNT(?b) AS ?n) {both} {{ ?b <x:q> ?o }}") == ["2"]

    def test_relative_names_are_of_the_address(self, store: Store, host: Host) -> None:
        assert values(store, host, f"SELECT ?o {from_(ONE)} {{ ?s <x:q> ?o }}") == ["https://there.example/rel"]

    def test_named_graphs_are_those_of_from_named(self, store: Store, host: Host) -> None:
        named = f"{from_(ONE)} {from_(TWO, how='FROM NAMED')}"
        assert values(store, host, f"SELECT ?o {named} {{ <x:s> <x:p> ?o }}") == ["1", "2"]
        assert values(store, host, f"SELECT DISTINCT ?g {named} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == [str(TWO)]
        only = from_(TWO, how="FROM NAMED")
        assert answer(store, host, f"ASK {only} {{ ?s ?p ?o }}") is False

    def test_the_protocol_chooses_as_from_does_and_before_it(self, store: Store, host: Host) -> None:
        scope = Scope((ONE,), (TWO,), frozenset({LOADS}))
        assert values(store, host, "SELECT ?o { <x:s> <x:p> ?o }", scope) == ["1", "2"]
        assert values(store, host, "SELECT ?o { GRAPH ?g { <x:s> <x:p> ?o } }", scope) == ["2", "3"]
        assert values(store, host, f"SELECT ?o {from_(TWO)} {{ <x:s> <x:p> ?o }}", scope) == ["1", "2"]

    @pytest.mark.parametrize(
        "clause",
        [
            "PREFIX t: <https://there.example/> SELECT ?o FROM t:one.ttl",
            "BASE <https://there.example/x> SELECT ?o FROM <one.ttl>",
            "SELECT ?o from#\n<https://there.example/one.ttl>",
            "SELECT ?o \\u0046ROM <https://there.example/one.ttl>",
            "SELECT ?o FROM <https://there.example/one.ttl> FROM <https://there.example/one.ttl>",
            "SELECT ?o FROM <https://there.example/led>",
        ],
    )
    def test_however_it_is_named(self, store: Store, host: Host, clause: str) -> None:
        assert values(store, host, f"{clause} {{ <x:s> <x:p> ?o }}") == ["1", "2"]
        assert host.asked[-1] == "/one.ttl"

    def test_contexts_are_fetched_as_for_what_is_loaded(self, store: Store, host: Host) -> None:
        found = values(store, host, "SELECT ?o FROM <https://there.example/ld> { <x:s> <x:p> ?o }")
        assert (found, host.asked) == (["by a context"], ["/ld", "/context"])

    def test_what_says_nothing_is_a_graph_too(self, store: Store, host: Host) -> None:
        none = "https://there.example/none.nt"
        assert answer(store, host, f"ASK {from_(none)} {{ ?s ?p ?o }}") is False
        assert answer(store, host, f"ASK {from_(none, how='FROM NAMED')} {{ GRAPH ?g {{}} }}") is True

    def test_graphs_of_the_store_are_asked_there(self, store: Store, host: Host) -> None:
        assert values(store, host, f"SELECT ?o {from_(HERE)} {{ <x:s> <x:p> ?o }}") == ["here"]
        with store.writing() as writer:
            writer.put(ONE, b'<x:s> <x:p> "kept" .\n')
        assert values(store, host, f"SELECT ?o {from_(ONE)} {{ <x:s> <x:p> ?o }}") == ["kept"]
        assert host.asked == []

    def test_nothing_is_kept_from_one_query_to_the_next(self, store: Store, host: Host) -> None:
        before = store.view().graphs()
        for number in (1, 2):
            assert answer(store, host, f"ASK {from_(ONE)} {{ ?s ?p ?o }}") is True
            assert len(host.asked) == number
        assert store.view().graphs() == before


OTHER = "https://other.example/x.ttl"
NINE = [f"https://there.example/{number}" for number in range(MOST_DOCUMENTS + 1)]
HIDDEN = Scope(hidden=frozenset({LOADS}))
REFUSED = {
    "another host": (f"ASK {from_(OTHER)} {{}}", WHOLE, rf"<{OTHER}>.*not in the store.*names: there\.example"),
    "another port": ("ASK FROM <https://there.example:8443/x> {}", WHOLE, "--allow-document"),
    "without encryption": ("ASK FROM <http://there.example/x> {}", WHOLE, "--allow-document"),
    "with a user": ("ASK FROM <https://there.example@127.0.0.1/> {}", WHOLE, "--allow-document"),
    "a file": ("ASK FROM NAMED <file:///etc/passwd> {}", WHOLE, "--allow-document"),
    "what is no address": ("ASK FROM <http://[/#x> {}", WHOLE, "--allow-document"),
    "what is no address, by the protocol": ("ASK {}", Scope((URIRef("http://[/#x"),), ()), "--allow-document"),
    "a relative name": ("ASK FROM <one.ttl> {}", WHOLE, "--allow-document"),
    "by a prefix": ("PREFIX t: <https://other.example/> ASK FROM t:x {}", WHOLE, "--allow-document"),
    "by the protocol": ("ASK {}", Scope((URIRef(OTHER),), ()), "--allow-document"),
    "by the protocol, as a named graph": ("ASK {}", Scope((), (URIRef(OTHER),)), "--allow-document"),
    "beside one that is allowed": (f"ASK {from_(ONE, OTHER)} {{}}", WHOLE, rf"<{OTHER}>"),
    "beside one of the store": (f"ASK {from_(ONE, HERE)} {{}}", WHOLE, rf"<{HERE}>, which is in .*<{ONE}>.*LOAD"),
    "named beside one of the store": (
        f"ASK {from_(HERE)} {from_(ONE, how='FROM NAMED')} {{}}", WHOLE, "LOAD what is not in the store first"),
    "by the protocol beside one of the store": (f"ASK {from_(HERE)} {{}}", Scope((ONE,), ()), "LOAD what is not"),
    "too many": (f"ASK {from_(*NINE)} {{}}", WHOLE, f"9 documents of other hosts.*At most {MOST_DOCUMENTS}"),
    "the store's records": (f"ASK {from_(LOADS)} {{}}", HIDDEN, "not in the store"),
    "the store's records beside one that is allowed": (
        f"ASK {from_(LOADS, ONE)} {{}}", HIDDEN, f"<{LOADS}>, which is not in the store"),
    "SERVICE beside it": (f"ASK {from_(ONE)} {{ SERVICE <{ONE}> {{ ?s ?p ?o }} }}", WHOLE, "SERVICE would ask"),
    "an update": (f"LOAD <{ONE}> ; ASK {from_(ONE)} {{}}", WHOLE, "LOAD"),
    "another that an engine could see": (f"SELECT * {from_(ONE)} {{ ?s ?p <a'> }} {from_(OTHER)} #'\n", WHOLE, OTHER),
    "another where a comment could end": (f"ASK {from_(ONE)} #\r{from_(OTHER)} \n{{}}", WHOLE, OTHER),
    "what nests too deep": (f"ASK {from_(ONE)} {'{' * 300}{'}' * 300}", WHOLE, "nested 300 deep"),
}  # fmt: skip


@pytest.mark.parametrize(("sparql", "scope", "said"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_is_refused_and_nothing_is_fetched(
    store: Store, host: Host, sparql: str, scope: Scope, said: str
) -> None:
    with pytest.raises(QueryRefusedError, match=said):
        answer(store, host, sparql, scope)
    assert host.asked == []


def test_the_stores_records_are_not_fetched_where_they_would_be(store: Store) -> None:
    host = Host()
    web = Web((origin("w3id.org"),), host)
    for sparql, scope in ((f"ASK {from_(LOADS)} {{}}", HIDDEN), ("ASK {}", Scope((LOADS,), (), HIDDEN.hidden))):
        with pytest.raises(QueryRefusedError, match="not in the store"):
            view_asked(store.view(), sparql, PREFIXES, scope, web)
    assert IDENTIFIERS.startswith("https://w3id.org/")
    assert host.asked == []


@pytest.mark.parametrize(
    "sparql",
    [
        f"SELECT * {{ ?s ?p ?o }} {from_(ONE)}",
        f"SELECT * {{ {from_(ONE)} ?s ?p ?o }}",
        f"SELECT * {{ {{ SELECT * {from_(ONE)} {{ ?s ?p ?o }} }} }}",
        f"ASK {{ FILTER EXISTS {{ {from_(ONE)} }} }}",
        f"SELECT * {from_(ONE)} {{ <relative> ?p ?o }}",
        f"SELECT * {from_(ONE)} {{ none:x ?p ?o }}",
        f"SELECT * {from_(ONE)} {{",
    ],
)
def test_nothing_is_fetched_for_what_is_no_query(store: Store, host: Host, sparql: str) -> None:
    with pytest.raises(QuerySyntaxError):
        answer(store, host, sparql)
    assert host.asked == []


FAILING = {
    "one that is not there": ("gone", HostError, "<https://there.example/gone> cannot be fetched"),
    "a page": ("page", FormatError, "text/html"),
    "what does not parse": ("broken.ttl", ParseError, "broken.ttl"),
    "graphs of its own": ("graphs.trig", InputError, "a graph of its own, <x:g>"),
    "what leads away": ("away", QueryRefusedError, "to which <https://there.example/away> leads.*--allow-document"),
    "a context elsewhere": ("ld-away", QueryRefusedError, r"<https://other\.example/c>.*--allow-document"),
}


@pytest.mark.parametrize(("name", "error", "said"), FAILING.values(), ids=FAILING)
def test_what_fails_is_told(store: Store, host: Host, name: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        answer(store, host, f"ASK {from_(ONE, f'https://there.example/{name}')} {{ ?s ?p ?o }}")


def test_as_many_as_are_allowed_are_fetched(store: Store, host: Host) -> None:
    graphs = [f"{ONE}#{number}" for number in range(MOST_DOCUMENTS)]
    asked = f"SELECT DISTINCT ?g {from_(*graphs, how='FROM NAMED')} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert values(store, host, asked) == sorted(graphs)
    assert host.asked == ["/one.ttl"] * MOST_DOCUMENTS


def test_unless_hosts_are_named_all_stays_refused(store: Store) -> None:
    for sparql, scope in ((f"ASK {from_(ONE)} {{}}", WHOLE), ("ASK {}", Scope((ONE,), ()))):
        view = store.view()
        assert view_asked(view, sparql, PREFIXES, scope, OFFLINE) is view
        with pytest.raises(QueryRefusedError, match="not in the store"):
            view.query(sparql, PREFIXES, scope)


def test_what_was_loaded_first_is_of_the_store(host: Host) -> None:
    with OxigraphStore() as store:
        update(store, f"LOAD <{ONE}> INTO GRAPH doc:one", web=host.web)
        assert values(store, host, "SELECT ?o FROM doc:one { <x:s> <x:p> ?o }") == ["1", "2"]
        assert host.asked == ["/one.ttl"]

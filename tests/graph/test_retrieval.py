"""LOAD in an update: what a host gives becomes statements of a document, as if they had been inserted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from diplograph.errors import (
    FormatError,
    HostError,
    InputError,
    ParseError,
    QueryError,
    QueryRefusedError,
    QuerySyntaxError,
    ValidationError,
)
from diplograph.graph.operations import Using
from diplograph.graph.origins import Target, origin
from diplograph.graph.oxigraph import OxigraphStore, canonical
from diplograph.graph.provenance import documents
from diplograph.graph.store import LOADS, Store
from diplograph.graph.updating import planned, update, updated
from diplograph.graph.web import OFFLINE, Reply, Web
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

A, B = document_iri("a"), document_iri("b")
DG = PREFIXES["dg"]
ONE = b"<https://there.example/data/s> <x:p> <https://there.example/data/o> .\n"
TURTLE = b"<s> <x:p> <o> ."
XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
    b'<rdf:Description rdf:about="s"><x:p rdf:resource="o"/></rdf:Description></rdf:RDF>'
)
JSON = b'{"@id": "s", "x:p": {"@id": "o"}}'
TENURE = (
    f"@prefix dg: <{DG}> . @prefix skos: <{PREFIXES['skos']}> . "
    '<x:ann> a dg:Person ; skos:prefLabel "Ann"@en . <x:post> a dg:Post ; skos:prefLabel "Envoy"@en . '
    "[] a dg:Tenure ; dg:person <x:ann> ; dg:post <x:post> ."
).encode()


class Host:
    """Documents by path, each with its media type, and which of them were asked for."""

    def __init__(self, **documents: tuple[str, bytes] | Reply) -> None:
        self.documents = {f"/data/{name.replace('_', '.')}": each for name, each in documents.items()}
        self.asked = list[str]()

    def __call__(self, target: Target, accept: str, most_bytes: int) -> Reply:
        self.asked.append(target.path)
        if target.path not in self.documents:
            raise HostError("there.example answered with status 404.")
        return Reply(*self.documents[target.path])

    @property
    def web(self) -> Web:
        return Web((origin("there.example"),), self)


def load(name: str = "one.ttl", document: str = "doc:a", how: str = "LOAD") -> str:
    return f"{how} <https://there.example/data/{name}> INTO GRAPH {document}"


def content(store: Store, document: URIRef = A) -> set[bytes]:
    return set(store.view().ntriples(document).splitlines(keepends=True))


def state(store: Store) -> set[bytes]:
    view = store.view()
    return {line + str(name).encode() for name in (None, *view.graphs()) for line in view.ntriples(name).splitlines()}


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with OxigraphStore(tmp_path / "store" if request.param == "disk" else None) as made:
        yield made


SYNTAXES = {
    "turtle by type": ("x", "text/turtle", TURTLE),
    "turtle by name": ("x.ttl", "text/plain", TURTLE),
    "turtle without a type": ("x.TTL", "", TURTLE),
    "turtle under another name": ("x.rdf", "text/turtle", TURTLE),
    "ntriples": ("x.nt", "application/octet-stream", ONE),
    "rdfxml by type": ("x", "application/rdf+xml", XML),
    "rdfxml by name": ("x.rdf", "application/xml", XML),
    "jsonld by type": ("x", "application/ld+json", JSON),
    "jsonld by name": ("x.jsonld", "application/json", JSON),
    "trig": ("x.trig", "application/trig", TURTLE),
    "trig with the document": ("x.trig", "application/trig", f"GRAPH <{A}> {{ <s> <x:p> <o> }}".encode()),
    "nquads": ("x.nq", "text/plain", ONE),
}


@pytest.mark.parametrize(("name", "kind", "body"), SYNTAXES.values(), ids=SYNTAXES)
def test_the_syntax_is_told_by_the_type_else_by_the_name(name: str, kind: str, body: bytes) -> None:
    host = Host(**{name.replace(".", "_"): (kind, body)})
    with OxigraphStore() as store:
        assert update(store, load(name), web=host.web) == {A: "new"}
        assert content(store) == {ONE}, "relative IRIs are resolved against the address"


def test_it_is_as_if_it_had_been_inserted(store: Store) -> None:
    update(store, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
    body = TENURE.decode().partition(". <x:ann>")[2] + r' <x:s> <x:p> 1, "a\\t\n\"b"@en, "1"^^<x:type>, "\u00e9\\" .'
    host = Host(one_ttl=("text/turtle", TENURE.partition(b"<x:ann>")[0] + f"<x:ann>{body}".encode()))
    assert update(store, load(), web=host.web) == {A: "changed"}
    with OxigraphStore() as other:
        update(other, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
        update(other, f"INSERT DATA {{ GRAPH doc:a {{ <x:ann>{body} }} }}")
        assert canonical(store.view().ntriples(A)) == canonical(other.view().ntriples(A))
        assert set(store.view().ntriples().splitlines()) == set(other.view().ntriples().splitlines())
    assert store.view().query("ASK { <x:ann> dg:holdsPost <x:post> }", PREFIXES) is True


def test_the_address_is_the_origin_of_what_is_all_from_there(store: Store) -> None:
    host = Host(one_ttl=("text/turtle", TURTLE))
    update(
        store, f"INSERT DATA {{ GRAPH doc:b {{ <x:s> <x:p> 1 }} }} ; {load()} ; {load(document='doc:b')}", web=host.web
    )
    origins = {record.iri: record.loaded_from for record in documents(store.view())}
    assert origins == {A: "https://there.example/data/one.ttl", B: "an update"}
    update(store, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
    assert {record.loaded_from for record in documents(store.view())} == {"an update"}


def test_what_follows_sees_it_and_what_comes_before_is_done_before(store: Store) -> None:
    host = Host(one_ttl=("text/turtle", TURTLE), two_ttl=("text/turtle", b"<x:two> <x:p> 2 ."))
    update(store, "INSERT DATA { GRAPH doc:a { <x:old> <x:p> 0 } }")
    text = f"""DROP GRAPH doc:a ; {load()} ;
        INSERT {{ GRAPH doc:b {{ ?s <x:copied> ?o }} }} WHERE {{ ?s <x:p> ?o }} ;
        PREFIX d: <https://there.example/data/> BASE <https://w3id.org/diplograph/doc/>
        LOAD SILENT d:two.ttl INTO GRAPH <a> ; INSERT DATA {{ GRAPH <b> {{ <x:after> <x:p> "x" }} }}"""
    assert update(store, text, web=host.web) == {A: "changed", B: "new"}
    assert content(store) == {ONE, b'<x:two> <x:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'}
    assert content(store, B) == {ONE.replace(b"x:p", b"x:copied"), b'<x:after> <x:p> "x" .\n'}


def test_an_address_may_be_relative_to_the_base(store: Store) -> None:
    host = Host(one_ttl=("text/turtle", TURTLE))
    assert update(store, "LOAD <../data/./one.ttl#it> INTO GRAPH doc:a", base="https://there.example/x/y", web=host.web)
    assert host.asked == ["/data/one.ttl"]


def test_a_redirect_is_followed_within_what_is_allowed(store: Store) -> None:
    host = Host(one_ttl=Reply("", b"", "deep/two.ttl"))
    host.documents["/data/deep/two.ttl"] = ("text/turtle", TURTLE)
    update(store, load(), web=host.web)
    assert content(store) == {ONE.replace(b"/data/", b"/data/deep/")}
    away = Host(one_ttl=Reply("", b"", "http://there.example/data/two.ttl"))
    for how in ("LOAD", "LOAD SILENT"):
        with pytest.raises(QueryRefusedError, match=r"http://there\.example/data/two\.ttl>, to which"):
            update(store, load(how=how), web=away.web)


def test_contexts_come_from_hosts_that_are_allowed(store: Store) -> None:
    text = b'{"@context": "../context", "@id": "s", "p": {"@id": "o"}}'
    host = Host(one_jsonld=("application/ld+json", text))
    host.documents["/context"] = ("application/json", b'{"@context": {"p": "x:p"}}')
    update(store, load("one.jsonld"), web=host.web)
    assert content(store) == {ONE}
    elsewhere = Host(one_jsonld=("application/ld+json", text.replace(b"..", b"https://other.example")))
    for how in ("LOAD", "LOAD SILENT"):
        with pytest.raises(QueryRefusedError, match=r"<https://other\.example/context>.*--allow-document"):
            update(store, load("one.jsonld", how=how), web=elsewhere.web)


FAILING = {
    "one that is not there": ("none", ("", b""), HostError, r"<https://there\.example/data/none> cannot be fetched"),
    "a page": ("x.ttl", ("text/html", b"<html></html>"), FormatError, "'text/html', which tells no RDF syntax"),
    "what has no name either": ("x", ("text/plain", TURTLE), FormatError, "text/turtle"),
    "what is packed": ("x.ttl.gz", ("application/gzip", b"\x1f\x8b"), FormatError, "application/gzip"),
    "what is no Turtle": ("x.ttl", ("text/turtle", b"<s> <p>"), ParseError, r"data/x\.ttl>, line 1.*not Turtle"),
    "what is no UTF-8": ("x.ttl", ("text/turtle", b'<s> <p> "\xff" .'), ParseError, "not Turtle"),
    "entities in entities": (
        "x.rdf",
        ("application/rdf+xml", b'<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><r/>'),
        ParseError,
        "made of other entities",
    ),
    "several graphs": ("x.nq", ("application/n-quads", ONE + b"<x:s> <x:p> 1 <x:g> ."), InputError, "x:g|not N-Quads"),
    "another graph": ("x.nq", ("application/n-quads", b"<x:s> <x:p> <x:o> <x:g> ."), InputError, "its own, <x:g>"),
    "a fact without what its name needs": (
        "x.ttl",
        ("text/turtle", f"[] a <{DG}Tenure> ; <{DG}person> [] .".encode()),
        InputError,
        "blank node",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "reply", "error", "said"), FAILING.values(), ids=FAILING)
def test_what_fails_changes_nothing(name: str, reply: tuple[str, bytes], error: type[Exception], said: str) -> None:
    host = Host() if name == "none" else Host(**{name.replace(".", "_"): reply})
    with OxigraphStore() as store:
        update(store, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
        before = state(store)
        with pytest.raises(error, match=said):
            update(store, f"CREATE GRAPH doc:b ; {load(name)}", web=host.web)
        assert state(store) == before


@pytest.mark.parametrize(("name", "reply"), [case[:2] for case in FAILING.values()][:-1], ids=list(FAILING)[:-1])
def test_where_it_is_silent_the_request_goes_on(name: str, reply: tuple[str, bytes]) -> None:
    host = Host() if name == "none" else Host(**{name.replace(".", "_"): reply})
    with OxigraphStore() as store:
        update(store, "INSERT DATA { GRAPH doc:a { <x:s> <x:p> 1 } }")
        before = content(store)
        assert update(store, f"CREATE GRAPH doc:b ; {load(name, how='LOAD SILENT')}", web=host.web) == {B: "new"}
        assert content(store) == before


@pytest.mark.parametrize("how", ["LOAD", "LOAD SILENT"])
def test_facts_that_violate_the_shapes_are_refused(store: Store, how: str) -> None:
    host = Host(one_ttl=("text/turtle", f"<x:t> a <{DG}Tenure> .".encode()))
    before = state(store)
    with pytest.raises(ValidationError, match="dg:post"):
        update(store, load(how=how), web=host.web)
    assert state(store) == before


REFUSED = {
    "another host": ("LOAD SILENT <https://other.example/x.ttl> INTO GRAPH doc:a", "names: there.example"),
    "another port": ("LOAD <https://there.example:8443/x.ttl> INTO GRAPH doc:a", "--allow-document"),
    "without encryption": ("LOAD <http://there.example/x.ttl> INTO GRAPH doc:a", "--allow-document"),
    "with a user": ("LOAD <https://there.example@127.0.0.1/x.ttl> INTO GRAPH doc:a", "--allow-document"),
    "a file": ("LOAD <file:///etc/passwd> INTO GRAPH doc:a", "--allow-document"),
    "by a prefix": ("PREFIX t: <https://other.example/> LOAD t:x INTO GRAPH doc:a", "--allow-document"),
    "by the base": ("BASE <https://other.example/> LOAD <x> INTO GRAPH doc:a", "--allow-document"),
    "after one that is allowed": (f"{load()} ; LOAD <https://other.example/> INTO GRAPH doc:a", "--allow-document"),
    "the merged view": (f"CREATE GRAPH doc:b ;\n{load().partition(' INTO')[0]}", "line 2, column 1 .*INTO GRAPH"),
    "the merged view, silently": (load(how="load silent").partition(" INTO")[0], "INTO GRAPH"),
    "the store's records": (load(document=LOADS.n3()), "no document"),
    "what an engine could see where another sees a string": (
        f"INSERT DATA {{ GRAPH doc:a {{ <x:s> <x:a'> ' ; {load()} # ' }} }}", "LOAD would fetch"),
    "what is hidden in a comment": ("CREATE GRAPH doc:b ; #\rLOAD <http://o.example> INTO GRAPH doc:a\n", "o.example"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_is_refused_silent_or_not(store: Store, text: str, said: str) -> None:
    host = Host(one_ttl=("text/turtle", TURTLE))
    before = state(store)
    with pytest.raises(QueryRefusedError, match=said):
        update(store, text, web=host.web)
    assert state(store) == before


def test_nothing_is_fetched_for_what_is_no_update() -> None:
    host = Host(one_ttl=("text/turtle", TURTLE))
    for text in (
        f"{load()} ; SELECT",
        f"{load()} {load()}",
        load(document="?g"),
        load(document="_:b"),
        "LOAD ?x INTO GRAPH doc:a",
    ):
        with pytest.raises(QuerySyntaxError):
            planned(text, web=host.web)
    with pytest.raises(QueryError, match="one place"):
        planned(f"WITH doc:a DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} ; {load()}", using=Using((A,)), web=host.web)
    assert host.asked == []


def test_all_is_fetched_before_a_store_is_held(store: Store) -> None:
    host = Host(one_ttl=("text/turtle", TURTLE))
    plan = planned(load(), web=host.web)
    assert host.asked == ["/data/one.ttl"]
    with store.writing() as writer:
        assert updated(writer, plan) == {A: "new"}
    assert host.asked == ["/data/one.ttl"]


def test_loading_twice_changes_nothing(store: Store) -> None:
    host = Host(one_ttl=("text/turtle", TENURE))
    assert update(store, load(), web=host.web) == {A: "new"}
    before = state(store)
    assert update(store, load(), web=host.web) == {}
    assert state(store) == before


def test_where_nothing_is_allowed_nothing_is_loaded() -> None:
    with OxigraphStore() as store:
        for how in ("LOAD", "LOAD SILENT"):
            with pytest.raises(QueryRefusedError, match=r"nothing leaves this machine unasked.*--allow-document"):
                update(store, load(how=how), web=OFFLINE)


def test_a_word_that_only_looks_like_it_loads_nothing(store: Store) -> None:
    host = Host()
    update(
        store,
        "INSERT DATA { GRAPH doc:a { <x:LOAD> <x:p> 'LOAD <https://there.example/x>' } } # LOAD <x>",
        web=host.web,
    )
    assert store.view().select("SELECT ?o { ?s ?p ?o }")[0]["o"] == Literal("LOAD <https://there.example/x>")
    assert host.asked == []

"""Exports: the same bytes from the same statements, and the same statements back."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Graph, URIRef

from diplograph.errors import DocumentError, NotFoundError, QueryError, QueryRefusedError
from diplograph.graph.export import exported, exported_document, exported_entity, exported_query
from diplograph.graph.formats import SYNTAXES, Syntax, syntax_named
from diplograph.graph.loading import Source, example_store, file_sources, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore, canonical, parsed, rdflib_graph
from diplograph.graph.provenance import attach
from diplograph.graph.store import LOADS, Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

NewSource = Callable[[str, str], Source]
A, B, C = (document_iri(name) for name in "abc")
ANN = URIRef(f"{PREFIXES['person']}ann")
TEXT = "Ann saw Bob."
EXACT = URIRef(f"{PREFIXES['oa']}exact")

TURTLES = {
    "a": f"""
        doc:a a dg:NewsArticle ; dcterms:title "A report"@en .
        person:ann a dg:Person ; skos:prefLabel "Ann"@en, "Анна"@ru ; dg:note "a \\"quote\\"\\nand \\\\ a line" .
        [] a dg:Tenure ; dg:person person:ann ; dg:post post:minister ; dg:from "2020"^^xsd:gYear ;
            dg:evidence [ prov:wasQuotedFrom <#char=0,3> ; dg:decidedBy <#char=8,11> ; dg:level level:resolved ] .
        <#char=0,3> a dg:Passage ; oa:hasSource doc:a ; oa:start 0 ; oa:end 3 ; dg:mentions person:ann ;
            dg:sha256 "{sha256(b"Ann").hexdigest()}" .
        <#char=8,11> a dg:Passage ; oa:hasSource doc:a ; oa:start 8 ; oa:end 11 ; dg:mentions person:bob .
        state:AZE dg:capital [ a dg:City ; skos:prefLabel "Bakı"@az ; dg:partOf ( state:AZE [] ) ] .""",
    "b": """
        person:ann a dg:Person ; dg:holdsPost post:envoy .
        [] a dg:Tenure ; dg:person person:bob ; dg:post post:minister ;
            dg:realis realis:claimed ; dg:claimedBy person:ann .
        state:AZE dg:capital [ a dg:City ; skos:prefLabel "Bakı"@az ] .""",
    "c": """
        person:ann a dg:Person ; dg:date "2021-11"^^xsd:gYearMonth, "2021-11-30"^^xsd:date ; dg:isoNumeric "031" .""",
}
ALL = pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def empty(request: pytest.FixtureRequest) -> Callable[[], Store]:
    """Makes empty stores of either engine."""
    kind: Callable[[], Store] = request.param
    return kind


@pytest.fixture
def sources(new_source: NewSource) -> list[Source]:
    """Three documents that share some statements."""
    return [new_source(name, turtle) for name, turtle in TURTLES.items()]


def filled(store: Store, sources: list[Source]) -> Store:
    load(store, sources)
    return store


def content(store: Store) -> dict[URIRef | None, bytes]:
    view = store.view()
    graphs = [None, *(graph for graph in view.graphs() if graph != LOADS)]
    return {graph: canonical(view.ntriples(graph)) for graph in graphs}


def read_by_rdflib(text: bytes, syntax: Syntax, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    names = {"jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt"}
    dataset = Dataset()
    dataset.parse(data=text, format=names.get(syntax.name, syntax.name))
    return canonical(dataset.serialize(format="nquads", encoding="utf-8"))


def quads(store: Store) -> bytes:
    """The documents of a store, each in its graph, in the canonical form."""
    view = store.view()
    graphs = [graph for graph in view.graphs() if graph != LOADS]
    return canonical(b"".join(view.ntriples(graph).replace(b" .\n", b" <%s> .\n" % graph.encode()) for graph in graphs))


# The same bytes


@ALL
def test_the_order_of_loading_does_not_show(sources: list[Source], syntax: Syntax) -> None:
    texts = {
        exported(filled(kind(), list(order)), syntax)
        for kind, order in [(OxigraphStore, order) for order in itertools.permutations(sources)]
        + [(MemoryStore, sources), (MemoryStore, sources[::-1])]
    }
    assert len(texts) == 1


@ALL
def test_what_was_forgotten_or_replaced_does_not_show(sources: list[Source], syntax: Syntax) -> None:
    store = filled(OxigraphStore(), [*sources, Source(document_iri("d"), b"<x:s> <x:p> _:b .\n", "d")])
    load(store, [Source(document_iri("d"), b"<x:s> <x:p> <x:o> .\n", "d")])
    with store.writing() as writer:
        writer.remove(document_iri("d"))
    assert exported(store, syntax) == exported(filled(OxigraphStore(), sources), syntax)


@ALL
def test_nothing_exports_as_nothing(syntax: Syntax) -> None:
    text = exported(OxigraphStore(), syntax)
    assert parsed(text, syntax, source="") == {}


# The same statements back


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own parsers use it
@ALL
def test_it_reads_back_the_same(
    empty: Callable[[], Store], sources: list[Source], syntax: Syntax, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(empty(), sources)
    text = exported(store, syntax)
    wanted = quads(store) if syntax.name in ("trig", "nquads") else canonical(store.view().ntriples())
    formats = {"jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML, "turtle": ox.RdfFormat.TURTLE}
    formats |= {"trig": ox.RdfFormat.TRIG, "ntriples": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS}
    read = ox.serialize(ox.parse(text, format=formats[syntax.name]), format=ox.RdfFormat.N_QUADS)
    assert canonical(read or b"") == wanted
    assert read_by_rdflib(text, syntax, monkeypatch) == wanted


@pytest.mark.parametrize("name", ["trig", "nquads"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_export_of_documents_rebuilds_the_store(
    empty: Callable[[], Store], sources: list[Source], tmp_path: Path, name: str, suffix: str
) -> None:
    store = filled(empty(), sources)
    path = tmp_path / f"backup.{name if name == 'trig' else 'nq'}{suffix}"
    text = exported(store, syntax_named(name))
    path.write_bytes(gzip.compress(text) if suffix else text)
    again = filled(empty(), file_sources(path))
    assert content(again) == content(store)
    assert exported(again, syntax_named(name)) == text


@pytest.mark.parametrize("name", ["turtle", "jsonld"])
def test_json_ld_and_turtle_hold_the_merged_view(sources: list[Source], name: str) -> None:
    store = filled(OxigraphStore(), sources)
    assert parsed(exported(store, syntax_named(name)), syntax_named(name), source="").keys() == {None}
    assert b"holdsPost" in exported(store, syntax_named(name))
    assert json.loads(exported(store, syntax_named("jsonld")))


def test_documents_are_exported_without_shortcuts_and_records(sources: list[Source]) -> None:
    text = exported(filled(OxigraphStore(), sources[:1]), syntax_named("trig"))
    assert b"holdsPost" not in text
    assert b"loads" not in text
    assert b"takenIn" not in text


@ALL
def test_a_plain_graph_is_exported_whole(syntax: Syntax) -> None:
    graph = Graph().parse(data="<http://x.org/s> <http://x.org/p> <http://x.org/o> .", format="nt")
    read = parsed(exported(MemoryStore(graph), syntax), syntax, source="")
    assert read == {None: b"<http://x.org/s> <http://x.org/p> <http://x.org/o> .\n"}


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=5)
terms = st.builds(lambda text: ox.Literal(text).__str__(), texts) | st.sampled_from(
    ["<http://x.org/1>", "<http://x.org/p-q/>", "_:a", "_:b", '"x"@en-gb', '"1"^^<http://x.org/type>']
)
nodes = st.sampled_from(["<http://x.org/1>", "<http://x.org/a?b=c&d#e>", "_:a", "_:b"])
predicates = st.sampled_from(["<http://x.org/p>", f"<{PREFIXES['rdf']}type>", f"<{PREFIXES['rdf']}first>"])


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(statements=st.lists(st.tuples(nodes, predicates, terms), max_size=6))
@ALL
def test_any_statements_read_back_the_same(syntax: Syntax, statements: list[tuple[str, str, str]]) -> None:
    ntriples = canonical("".join(f"{' '.join(statement)} .\n" for statement in statements).encode())
    store = OxigraphStore()
    with store.writing() as writer:
        writer.put(A, ntriples)
    key = A if syntax.name in ("trig", "nquads") else None
    assert canonical(parsed(exported(store, syntax), syntax, source="").get(key, b"")) == ntriples


# Quotations


@ALL
def test_quotations_are_left_out_unless_asked_for(
    empty: Callable[[], Store], sources: list[Source], syntax: Syntax
) -> None:
    store = filled(empty(), sources)
    plain = exported(store, syntax)
    attach(store, TEXT, A)
    assert exported(store, syntax) == plain
    quoted = exported(store, syntax, quotations=True)
    assert quoted != plain
    assert b"Bob" in quoted


def test_the_text_itself_is_never_exported(sources: list[Source]) -> None:
    store = filled(OxigraphStore(), sources)
    attach(store, TEXT, A)
    for syntax in SYNTAXES:
        assert TEXT.encode() not in exported(store, syntax, quotations=True)


def test_a_quote_that_a_document_states_itself_stays(new_source: NewSource) -> None:
    own = TURTLES["a"].replace("oa:end 3 ;", 'oa:end 3 ; oa:exact "Ann" ;')
    store = filled(OxigraphStore(), [new_source("a", own)])
    attach(store, TEXT, A)
    for name in ("turtle", "trig"):
        assert b'oa:exact "Ann"' in exported(store, syntax_named(name))
        assert b'"Bob"' not in exported(store, syntax_named(name))


# One document, one entity, one query


@ALL
def test_one_document_is_exported_as_it_states_it(
    empty: Callable[[], Store], sources: list[Source], syntax: Syntax
) -> None:
    store = filled(empty(), sources)
    read = parsed(exported_document(store, B, syntax), syntax, source="")
    [(graph, ntriples)] = read.items()
    assert graph == (B if syntax.name in ("trig", "nquads") else None)
    assert canonical(ntriples) == canonical(store.view().ntriples(B))


def test_a_document_that_is_not_there_is_an_error(empty: Callable[[], Store]) -> None:
    with pytest.raises(DocumentError, match=r"no document .*doc/a.*`diplograph sources`"):
        exported_document(empty(), A)


def test_an_entity_is_exported_with_its_facts_their_evidence_and_passages(
    empty: Callable[[], Store], sources: list[Source]
) -> None:
    store = filled(empty(), sources)
    attach(store, TEXT, A)
    graph = rdflib_graph(parsed(exported_entity(store, ANN), syntax_named("turtle"), source="")[None])
    kinds = sorted(str(kind).partition("#")[2] for kind in graph.objects(None, URIRef(f"{PREFIXES['rdf']}type")))
    assert kinds == ["Evidence", "Evidence", "NewsArticle", "Passage", "Passage", "Person", "Tenure", "Tenure"]
    assert set(graph.subjects(URIRef(f"{PREFIXES['oa']}start"))) == {URIRef(f"{A}#char=0,3"), URIRef(f"{A}#char=8,11")}
    assert not list(graph.subjects(EXACT))
    assert set(graph) <= set(rdflib_graph(store.view().ntriples()))


def test_an_entity_that_nobody_speaks_of_is_an_error(empty: Callable[[], Store]) -> None:
    with pytest.raises(NotFoundError, match="says nothing of"):
        exported_entity(empty(), ANN)


def test_a_query_makes_a_graph_to_export(empty: Callable[[], Store], sources: list[Source]) -> None:
    store = filled(empty(), sources)
    text = exported_query(store, "CONSTRUCT { ?post dg:holder ?who } WHERE { ?who dg:holdsPost ?post }")
    assert [line for line in text.decode().splitlines() if line.startswith("post:")] == [
        "post:envoy dg:holder person:ann .",
        "post:minister dg:holder person:ann .",
    ]
    for sparql in ("SELECT * { ?s ?p ?o }", "ASK {}"):
        with pytest.raises(QueryError, match="Only CONSTRUCT and DESCRIBE"):
            exported_query(store, sparql)
    with pytest.raises(QueryRefusedError):
        exported_query(store, "INSERT DATA { <a:a> <a:b> <a:c> }")


def test_the_example_is_rebuilt_from_its_export(tmp_path: Path) -> None:
    store = example_store()
    path = tmp_path / "export.trig"
    path.write_bytes(exported(store, syntax_named("trig")))
    again = filled(OxigraphStore(), file_sources(path))
    assert content(again) == content(store)
    assert exported(again) == exported(store)

"""Sources are read from files and put into a store whole, or not at all."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from rdflib import URIRef
from rdflib.namespace import DCTERMS

from diplograph.errors import DocumentError, FormatError, InputError, ParseError
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import PACKAGED, Source, example_store, file_sources, forget, load, packaged_sources
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore, canonical, rdflib_graph
from diplograph.graph.provenance import attach, documents
from diplograph.graph.store import LOADS, Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG

NewSource = Callable[[str, str], Source]
A, B = document_iri("a"), document_iri("b")

# One graph in every syntax: a tenure without a name, so that loading has to find one for it.
TENURE = {
    "ttl": f"@prefix dg: <{PREFIXES['dg']}> . [] a dg:Tenure ; dg:person <x:ann> ; dg:post <x:minister> .",
    "nt": f"_:f <{PREFIXES['rdf']}type> <{PREFIXES['dg']}Tenure> .\n"
    f"_:f <{PREFIXES['dg']}person> <x:ann> .\n_:f <{PREFIXES['dg']}post> <x:minister> .\n",
    "jsonld": json.dumps(
        {
            "@context": {"@vocab": PREFIXES["dg"]},
            "@type": "Tenure",
            "person": {"@id": "x:ann"},
            "post": {"@id": "x:minister"},
        }
    ),
    "rdf": f'<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}" xmlns:dg="{PREFIXES["dg"]}"><dg:Tenure>'
    '<dg:person rdf:resource="x:ann"/><dg:post rdf:resource="x:minister"/></dg:Tenure></rdf:RDF>',
}
TENURE |= {"trig": TENURE["ttl"], "nq": TENURE["nt"], "json": TENURE["jsonld"], "xml": TENURE["rdf"]}
ONE = {"ttl": "<x:s> <x:p> 1 .", "trig": "<x:s> <x:p> 1 .", "jsonld": '{"@id": "x:s", "x:p": 1}'}
COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store of either engine."""
    made: Store = request.param()
    return made


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def state(store: Store) -> dict[URIRef | None, bytes]:
    view = store.view()
    return {graph: canonical(view.ntriples(graph)) for graph in (None, *view.graphs())}


# Reading files


@pytest.mark.parametrize("compression", COMPRESSED)
@pytest.mark.parametrize("extension", TENURE)
def test_every_syntax_loads_the_same_facts(tmp_path: Path, extension: str, compression: str) -> None:
    data = COMPRESSED[compression](TENURE[extension].encode())
    [source] = file_sources(written(tmp_path / f"a.{extension}{compression}", data))
    [plain] = file_sources(written(tmp_path / "plain" / "a.ttl", TENURE["ttl"]))
    assert source.document == A
    assert source.origin == str((tmp_path / f"a.{extension}{compression}").resolve())
    assert sorted(source.ntriples.splitlines()) == sorted(plain.ntriples.splitlines())
    assert source.statements == source.ntriples.count(b"\n") == 9


def test_each_named_graph_of_a_file_is_a_document(tmp_path: Path) -> None:
    text = f"<x:s> <x:p> 1 . <{B}> {{ <x:s> <x:p> 2 }} <{LOADS}> {{ <x:s> <x:p> 3 }}"
    sources = file_sources(written(tmp_path / "a.trig", text))
    assert [(source.document, source.statements) for source in sources] == [(A, 1), (B, 1)]
    assert len({source.origin for source in sources}) == 1


def test_a_document_can_be_named_and_its_syntax_told(tmp_path: Path) -> None:
    path = written(tmp_path / "Some Notes.txt", "<#it> <x:p> <x:o> .")
    [source] = file_sources(path, syntax=syntax_named("turtle"), document=B)
    assert source.document == B
    assert source.ntriples == f"<{B}#it> <x:p> <x:o> .\n".encode()
    with pytest.raises(FormatError, match=r"\.txt: no RDF format can be told"):
        file_sources(path)


def test_a_file_gives_its_document_the_name(tmp_path: Path) -> None:
    [source] = file_sources(
        written(tmp_path / "Communiqué of Şuşa (2021).v2.ttl.gz", gzip.compress(b"<x:s> <x:p> 1 ."))
    )
    assert source.document == document_iri("communique-of-susa-2021-v2")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.ttl: there is no such file"):
        file_sources(tmp_path / "missing.ttl")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").mkdir()
    with pytest.raises(InputError, match=r"a\.ttl: it cannot be read"):
        file_sources(tmp_path / "a.ttl")


def test_an_error_names_the_file_and_the_place(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ttl.gz", gzip.compress(b"<x:s> <x:p> 1 .\n<x:s> <x:p> oops .\n"))
    with pytest.raises(ParseError) as caught:
        file_sources(path)
    assert (caught.value.source, caught.value.line, caught.value.column) == (str(path), 2, 13)
    assert str(caught.value).startswith(f"{path}, line 2, column 13: this is not Turtle: ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", ""),
        ("a.ttl", "# nothing yet\n@prefix a: <x:> .\n"),
        ("a.jsonld", "[]"),
        ("a.trig", f"<{LOADS}> {{ <x:s> <x:p> 3 }}"),
    ],
)
def test_a_file_that_states_nothing_is_a_document_that_does(tmp_path: Path, name: str, content: str) -> None:
    store = OxigraphStore()
    load(store, file_sources(written(tmp_path / name, ONE[name.partition(".")[2]])))
    assert store.view().size(A) == 1
    [source] = file_sources(written(tmp_path / name, content))
    assert (source.document, source.statements) == (A, 0)
    load(store, [source])
    assert store.view().size() == 0
    assert A in store.view().graphs()


@pytest.mark.parametrize("name", PACKAGED)
def test_what_is_packaged_can_be_loaded(name: str) -> None:
    [source] = packaged_sources(name)
    assert source.document == document_iri(name)
    assert source.statements > 1000
    assert source.origin == f"packaged {name}"


# Loading


def test_loading_records_when_and_from_where(store: Store, new_source: NewSource) -> None:
    source = new_source("a", "person:ann a dg:Person .")
    load(store, [source])
    first = rdflib_graph(store.view().ntriples(LOADS))
    assert str(first.value(A, DG.loadedFrom)) == "a.ttl"
    assert first.value(A, DG.takenIn)
    assert not first.value(A, DG.refreshed)
    load(store, [new_source("a", "person:bob a dg:Person .")])
    again = rdflib_graph(store.view().ntriples(LOADS))
    assert again.value(A, DG.takenIn) == first.value(A, DG.takenIn)
    assert again.value(A, DG.refreshed)
    assert str(again.value(A, DG.sha256)) != str(first.value(A, DG.sha256))
    assert len(again) == 4


def test_the_same_file_twice_changes_nothing(tmp_path: Path, store: Store) -> None:
    path = written(tmp_path / "a.ttl", TENURE["ttl"] + " <x:s> <x:p> [ <x:q> [] ] .")
    load(store, file_sources(path))
    once = {graph: text for graph, text in state(store).items() if graph != LOADS}
    load(store, file_sources(path))
    assert {graph: text for graph, text in state(store).items() if graph != LOADS} == once


def test_what_is_new_changed_and_unchanged_is_told_apart(store: Store, new_source: NewSource) -> None:
    one, two = new_source("a", "person:ann a dg:Person ."), new_source("b", "person:bob a dg:Person .")
    assert load(store, [one]) == {A: "new"}
    changed = new_source("a", "person:cat a dg:Person .")
    assert load(store, [changed, two]) == {A: "changed", B: "new"}
    before = state(store)
    assert load(store, [two, changed]) == {A: "unchanged", B: "unchanged"}
    assert state(store) == before
    forget(store, [A])
    assert load(store, [changed, two]) == {A: "new", B: "unchanged"}


@pytest.mark.parametrize("extension", TENURE)
def test_a_file_read_again_is_unchanged(tmp_path: Path, store: Store, extension: str) -> None:
    path = written(tmp_path / f"a.{extension}", TENURE[extension])
    load(store, file_sources(path))
    assert load(store, file_sources(path)) == {A: "unchanged"}


def test_the_same_from_somewhere_else_is_a_change(store: Store) -> None:
    load(store, [Source(A, b"<x:s> <x:p> <x:o> .\n", "here")])
    other = Source(A, b"<x:s> <x:p> <x:o> .\n", "there")
    assert load(store, [other], replace=True) == {A: "changed"}
    assert b'"there"' in store.view().ntriples(LOADS)


def test_a_load_of_nothing_new_publishes_nothing(tmp_path: Path, new_source: NewSource) -> None:
    store = OxigraphStore(tmp_path / "store")
    sources = [new_source("a", cited("a", "Ann met Bob.", 0, 3) + "_:b <x:p> [] .")]
    load(store, sources)
    attach(store, "Ann met Bob.", A)
    before = (tmp_path / "store" / "diplograph.json").read_bytes()
    load(store, sources)
    assert (tmp_path / "store" / "diplograph.json").read_bytes() == before
    load(store, [new_source("b", "person:bob a dg:Person .")])
    assert (tmp_path / "store" / "diplograph.json").read_bytes() != before


def test_a_source_can_be_a_file_of_ntriples(tmp_path: Path, store: Store) -> None:
    lines = b"<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n"
    source = Source(A, written(tmp_path / "a.nt", lines), "a")
    heard = list[tuple[URIRef, int, int]]()
    assert source.statements == 1
    assert load(store, [source], progress=lambda *told: heard.append(told)) == {A: "new"}
    assert heard == [(A, len(lines), len(lines))]
    assert store.view().ntriples() == store.view().ntriples(A) == lines
    assert load(store, [Source(A, lines, "a")]) == {A: "unchanged"}


def test_a_document_from_somewhere_else_replaces_only_if_told(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", "person:ann a dg:Person .")])
    other = Source(A, b"<x:s> <x:p> <x:o> .\n", "elsewhere/a.ttl")
    before = state(store)
    with pytest.raises(
        DocumentError, match=r"doc/a was loaded from 'a\.ttl'.*'elsewhere/a\.ttl'.*--document.*--replace"
    ):
        load(store, [new_source("b", "person:bob a dg:Person ."), other])
    assert state(store) == before
    load(store, [other], replace=True)
    assert store.view().ntriples() == other.ntriples


def test_two_sources_of_one_load_may_not_be_the_same_document(store: Store) -> None:
    one, other = (Source(A, b"<x:s> <x:p> <x:%s> .\n" % name, f"{name.decode()}/a.ttl") for name in (b"one", b"other"))
    with pytest.raises(DocumentError, match=r"doc/a .*'one/a\.ttl'.*'other/a\.ttl'.*--document"):
        load(store, [one, other])
    assert store.view().size() == 0


def test_a_load_that_fails_half_way_loads_nothing(store: Store, new_source: NewSource) -> None:
    def fail(source: Source) -> None:
        done.append(source.document)
        if len(done) == 2:
            raise BrokenPipeError(32, "nobody listens")

    load(store, [new_source("a", "person:ann a dg:Person .")])
    before, done = state(store), list[URIRef]()
    sources = [new_source(name, "person:bob a dg:Person .") for name in ("a", "b", "c")]
    with pytest.raises(BrokenPipeError):
        load(store, sources, done=fail)
    assert done == [A, B]
    assert state(store) == before


def test_each_document_is_told_of_when_it_is_done(store: Store, new_source: NewSource) -> None:
    done = list[Source]()
    sources = [new_source(name, "person:bob a dg:Person .") for name in ("b", "a")]
    load(store, sources, done=done.append)
    assert done == sources


def test_the_order_of_loading_does_not_matter(new_source: NewSource) -> None:
    sources = [
        new_source("a", "[] a dg:Tenure ; dg:person person:ann ; dg:post post:minister ."),
        new_source("b", "person:ann dg:holdsPost post:minister . state:AZE dg:capital [ a dg:City ] ."),
        new_source("c", "[] a dg:Tenure ; dg:person person:ann ; dg:post post:minister ; dg:realis realis:claimed ."),
    ]
    stores = []
    for order in (sources, sources[::-1], sources[1:] + sources[:1]):
        store = OxigraphStore()
        for source in order:
            load(store, [source])
        stores.append({graph: text for graph, text in state(store).items() if graph != LOADS})
    assert stores[0] == stores[1] == stores[2]


# Texts that are attached


def cited(name: str, text: str, start: int, end: int) -> str:
    from hashlib import sha256

    digest = sha256(text[start:end].encode()).hexdigest()
    return (
        f"<{document_iri(name)}#char={start},{end}> a dg:Passage ; oa:hasSource doc:{name} ; "
        f'oa:start {start} ; oa:end {end} ; dg:sha256 "{digest}" .\n'
    )


def test_a_text_stays_attached_when_its_document_is_loaded_again(store: Store, new_source: NewSource) -> None:
    text = "Ann met Bob."
    load(store, [new_source("a", cited("a", text, 0, 3))])
    attach(store, text, A)
    load(store, [new_source("a", cited("a", text, 0, 3) + cited("a", text, 8, 11))])
    quotes = {
        str(row["quote"]) for row in store.view().select(f"SELECT ?quote {{ ?p <{PREFIXES['oa']}exact> ?quote }}")
    }
    assert quotes == {"Ann", "Bob"}


def test_passages_that_an_attached_text_does_not_have_load_nothing(store: Store, new_source: NewSource) -> None:
    text = "Ann met Bob."
    load(store, [new_source("a", cited("a", text, 0, 3))])
    attach(store, text, A)
    before = state(store)
    with pytest.raises(DocumentError, match=r"not the text that was cited: characters 0 to 3 of .*doc/a read 'Ann'"):
        load(store, [new_source("b", "person:bob a dg:Person ."), new_source("a", cited("a", "Eve met Bob.", 0, 3))])
    assert state(store) == before


def test_a_document_that_cites_no_passage_any_more_can_be_loaded(store: Store, new_source: NewSource) -> None:
    text = "Ann met Bob."
    load(store, [new_source("a", cited("a", text, 0, 3))])
    attach(store, text, A)
    load(store, [new_source("a", "person:ann a dg:Person .")])
    assert store.view().query(f"ASK {{ ?p <{PREFIXES['oa']}exact> ?quote }}") is False


# Forgetting


def test_forgetting_takes_exactly_the_contribution_back(store: Store) -> None:
    sources = packaged_sources("trend-2023-02-28") if isinstance(store, OxigraphStore) else []
    shared = Source(A, b"<x:s> <x:p> <x:o> .\n", "a")
    load(store, [shared, Source(B, b"<x:s> <x:p> <x:o> .\n<x:s> <x:p> <x:other> .\n", "b"), *sources])
    forget(store, [B, *(source.document for source in sources)])
    never = type(store)()
    load(never, [shared])
    assert {**state(store), LOADS: b""} == {**state(never), LOADS: b""}
    assert [record.iri for record in documents(store.view())] == [A]
    assert B.encode() not in store.view().ntriples(LOADS)


@pytest.mark.parametrize("unknown", [B, LOADS, URIRef("urn:x:nothing")])
def test_what_is_not_there_cannot_be_forgotten(store: Store, unknown: URIRef) -> None:
    load(store, [Source(A, b"<x:s> <x:p> <x:o> .\n", "a")])
    before = state(store)
    with pytest.raises(DocumentError, match=r"no document .*`diplograph sources`") as caught:
        forget(store, [A, unknown])
    assert str(unknown) in str(caught.value)
    assert state(store) == before


def test_a_forgotten_document_takes_its_quotations_and_records_along(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", cited("a", "Ann met Bob.", 0, 3))])
    attach(store, "Ann met Bob.", A)
    forget(store, [A])
    assert store.view().size() == 0
    assert store.view().ntriples(LOADS) == b""
    assert [graph for graph in store.view().graphs() if graph != LOADS] == []


def test_the_example_holds_what_is_packaged() -> None:
    store = example_store()
    assert [record.iri for record in documents(store.view())] == sorted(document_iri(name) for name in PACKAGED)
    assert store.view().query(f"ASK {{ ?article {DCTERMS.publisher.n3()} ?publisher }}") is True


# Blank nodes that graphs of one file share

SHARED = {
    "two graphs": "<x:g> { _:n <x:p> <x:o> } <x:h> { <x:s> <x:p> _:n }",
    "the default graph and another": "_:n <x:p> <x:o> . <x:g> { <x:s> <x:p> _:n }",
    "a fact and its evidence": f"@prefix dg: <{PREFIXES['dg']}> . <x:g> {{ _:f a dg:Tenure ; dg:person <x:a> ; "
    "dg:post <x:b> } <x:h> { _:f dg:evidence [ dg:note 'seen' ] }",
}


@pytest.mark.parametrize("text", SHARED.values(), ids=SHARED)
def test_a_blank_node_of_two_graphs_is_refused_as_each_would_have_another(tmp_path: Path, text: str) -> None:
    store, sources = OxigraphStore(), file_sources(written(tmp_path / "a.trig", text))
    with pytest.raises(InputError, match=r"a\.trig: <x:[gh]> and <.*> share a blank node.*Give the node an IRI"):
        load(store, sources)
    assert store.view().graphs() == ()


def test_graphs_may_have_blank_nodes_of_their_own(tmp_path: Path) -> None:
    text = '<x:g> { [] <x:p> "_:n ." } <x:h> { _:n <x:p> "_:n ." , _:n }'
    store = OxigraphStore()
    load(store, file_sources(written(tmp_path / "a.trig", text)))
    assert len(store.view().graphs()) == 3

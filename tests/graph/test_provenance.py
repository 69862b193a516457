"""What a store holds of each source, and the text of a document that only its holder may see."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from rdflib import URIRef

from diplograph.errors import DocumentError
from diplograph.graph.loading import Source, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.provenance import attach, attached_text, documents, quotation_graphs, quotations_graph
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

NewSource = Callable[[str, str], Source]
A, B = document_iri("a"), document_iri("b")
TEXT = "Ann 😀 met Bob in Bakı.\r\nThey spoke."


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store of either engine."""
    made: Store = request.param()
    return made


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def passage(start: int, end: int, *, hashed: str | None = TEXT, name: str = "a") -> str:
    told = f'; dg:sha256 "{digest(hashed[start:end])}"' if hashed is not None else ""
    iri = f"<{document_iri(name)}#char={start},{end}>"
    return f"{iri} a dg:Passage ; oa:hasSource doc:{name} ; oa:start {start} ; oa:end {end} {told} .\n"


def article(name: str = "a", text: str = TEXT) -> str:
    return f'doc:{name} a dg:NewsArticle ; dg:sha256 "{digest(text)}" .\n'


def quotes(store: Store) -> dict[str, str]:
    rows = store.view().select(f"SELECT ?p ?quote {{ ?p <{PREFIXES['oa']}exact> ?quote }}")
    return {str(row["p"]).partition("#char=")[2]: str(row["quote"]) for row in rows}


def test_documents_are_listed_with_what_is_known_of_them(store: Store, new_source: NewSource) -> None:
    told = 'doc:b dcterms:title "A report"@en ; dcterms:issued "2023-02-28"^^xsd:date .'
    load(store, [new_source("b", told), new_source("a", "person:ann a dg:Person .")])
    first, second = documents(store.view())
    assert (first.iri, first.title, first.published, first.statements, first.attached) == (A, None, None, 1, False)
    assert (second.iri, second.title, second.published) == (B, "A report", "2023-02-28")
    assert (second.loaded_from, second.statements) == ("b.ttl", 2)
    assert second.taken_in is not None
    assert second.taken_in.endswith("Z")


def test_an_empty_store_has_no_documents(store: Store) -> None:
    assert documents(store.view()) == []
    assert quotation_graphs(store.view()) == ()


def test_a_text_is_attached_to_the_document_that_has_its_hash(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", article() + passage(0, 3) + passage(4, 5) + passage(10, 13) + passage(17, 21))])
    assert attach(store, TEXT) == (A, 4)
    assert quotes(store) == {"0,3": "Ann", "4,5": "😀", "10,13": "Bob", "17,21": "Bakı"}
    assert attached_text(store.view(), A) == TEXT
    assert [(record.iri, record.attached) for record in documents(store.view())] == [(A, True)]
    assert quotation_graphs(store.view()) == (quotations_graph(A),)


def test_attaching_twice_changes_nothing(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", article() + passage(0, 3))])
    attach(store, TEXT)
    before = sorted(store.view().ntriples().splitlines())
    attach(store, TEXT)
    assert sorted(store.view().ntriples().splitlines()) == before


def test_a_text_that_no_document_has_is_refused(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", article() + passage(0, 3))])
    with pytest.raises(
        DocumentError, match=r"No document in the store has this text .*cited by passage: <.*doc/a>.*--document"
    ):
        attach(store, TEXT + " ")
    with pytest.raises(DocumentError, match=r"cited by passage: none"):
        attach(OxigraphStore(), TEXT)
    assert quotes(store) == {}


def test_a_document_that_is_named_has_its_passages_checked_one_by_one(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", passage(0, 3) + passage(10, 13))])
    before = store.view().graphs()
    with pytest.raises(DocumentError, match=r"not the text that was cited: characters 10 to 13 of .*doc/a read 'Eve'"):
        attach(store, TEXT.replace("Bob", "Eve"), A)
    assert quotes(store) == {}
    assert store.view().graphs() == before
    assert attached_text(store.view(), A) is None
    assert attach(store, TEXT.replace("spoke", "left"), A) == (A, 2)


@pytest.mark.parametrize("place", [(0, 1000), (900, 1000), (len(TEXT) - 1, len(TEXT) + 1)])
def test_a_passage_beyond_the_end_is_not_in_the_text(
    store: Store, new_source: NewSource, place: tuple[int, int]
) -> None:
    load(store, [new_source("a", passage(*place, hashed=None))])
    with pytest.raises(DocumentError, match="not the text that was cited"):
        attach(store, TEXT, A)
    assert quotes(store) == {}


def test_a_document_without_passages_takes_no_text(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", article())])
    with pytest.raises(DocumentError, match=r"cites no passage of .*doc/a"):
        attach(store, TEXT)
    with pytest.raises(DocumentError, match=r"cites no passage of .*doc/b"):
        attach(store, TEXT, B)


def test_the_hash_of_a_passage_is_not_that_of_a_document(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", passage(0, 3))])
    with pytest.raises(DocumentError, match="No document in the store has this text"):
        attach(store, "Ann")


def test_passages_that_other_documents_cite_are_quoted_too(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", article() + passage(0, 3)), new_source("b", passage(10, 13))])
    assert attach(store, TEXT) == (A, 2)


def test_no_document_can_pass_another_off_as_quotations(new_source: NewSource) -> None:
    store = OxigraphStore()
    load(store, [new_source("a", "person:ann a dg:Person ."), new_source("b", "doc:a dg:attachedTo doc:c .")])
    assert [record.iri for record in documents(store.view())] == [A, B]
    assert quotation_graphs(store.view()) == ()


def test_the_text_of_an_unknown_document_is_none(store: Store) -> None:
    assert attached_text(store.view(), URIRef("urn:x:nothing")) is None

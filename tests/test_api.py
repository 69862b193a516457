"""The public names: all there, all documented, imported when first used, and enough for a day's work."""

from __future__ import annotations

import ast
import doctest
import inspect
from importlib import import_module
from pathlib import Path

import pytest
from rdflib import Dataset, Graph, URIRef

import diplograph


@pytest.mark.parametrize("name", diplograph.__all__)
def test_every_public_name_can_be_imported_and_is_documented(name: str) -> None:
    value = getattr(diplograph, name)
    assert inspect.getdoc(value), f"{name} is missing its docstring"
    assert value.__module__.startswith("diplograph.")


def test_the_public_names_are_the_same_for_readers_and_type_checkers() -> None:
    tree = ast.parse(Path(str(diplograph.__file__)).read_text(encoding="utf-8"))
    imported = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == diplograph._HOMES
    assert sorted(diplograph.__all__) == sorted([*diplograph._HOMES, "DiplographError"])
    assert diplograph.__all__ == sorted(diplograph.__all__)
    assert set(diplograph.__all__) <= set(dir(diplograph))


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        diplograph.nothing  # noqa: B018


def test_the_example_of_the_docstring_is_true() -> None:
    found = doctest.testmod(diplograph)
    assert (found.attempted, found.failed) == (4, 0)


def test_a_graph_of_ones_own_is_asked_where_it_is() -> None:
    graph = Graph().parse(
        data="""
        @prefix dg: <https://w3id.org/diplograph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix realis: <https://w3id.org/diplograph/code/realis/> .
        <https://example.org/anna> a dg:Person ; skos:prefLabel "Anna" .
        <https://example.org/envoy> a dg:Post ; skos:prefLabel "Envoy" .
        <https://example.org/fact> a dg:Tenure ; dg:person <https://example.org/anna> ;
          dg:post <https://example.org/envoy> ; dg:realis realis:held .
        """,
        format="turtle",
    )
    before = set(graph)
    store = diplograph.open_store(graph)
    assert [row["person"] for row in diplograph.ask(store, "holders-of", post="envoy")] == ["Anna"]
    network = diplograph.network(store)
    assert set(network) == {"https://example.org/anna", "https://example.org/envoy"}
    assert "Anna" in diplograph.page(network)
    assert b"holds" not in diplograph.exported(store)
    assert set(graph) == before


SAID = """
    @prefix dg: <https://w3id.org/diplograph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix person: <https://w3id.org/diplograph/id/person/> . @prefix post: <https://w3id.org/diplograph/id/post/> .
    person:anna a dg:Person ; skos:prefLabel "Anna" . post:envoy a dg:Post .
    [] a dg:Tenure ; dg:person person:anna ; dg:post post:envoy .
"""


def test_documents_are_loaded_listed_described_and_forgotten(tmp_path: Path) -> None:
    (tmp_path / "said.ttl").write_text(SAID)
    for store in (diplograph.open_store(tmp_path / "s.db"), diplograph.open_store(Dataset())):
        with store:
            sources = diplograph.file_sources(tmp_path / "said.ttl")
            diplograph.load(store, sources)
            (record,) = diplograph.documents(store.view())
            assert (record.iri, record.statements) == (sources[0].document, sources[0].statements)
            told = diplograph.description(store, URIRef("https://w3id.org/diplograph/id/person/anna"))
            assert told.label == "Anna"
            assert [line.words for line in told.lines] == ["holds post post:envoy"]
            assert diplograph.exported_document(store, record.iri)
            diplograph.forget(store, [record.iri])
            assert store.view().size() == 0
            assert diplograph.documents(store.view()) == []


def test_every_module_says_in_one_sentence_what_lives_there() -> None:
    root = Path(str(diplograph.__file__)).parent
    for path in sorted(
        [*root.glob("*.py"), *(p for r in ("graph", "ontology", "queries", "viz") for p in (root / r).rglob("*.py"))]
    ):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert doc, f"{path} is missing its docstring"
        if path.name != "__main__.py":
            first = doc.partition("\n")[0]
            assert first.endswith((".", ":")), f"{path}: {first}"


def test_what_comes_from_a_library_names_only_its_homes() -> None:
    for name, home in diplograph._HOMES.items():
        assert getattr(import_module(f"diplograph.{home}"), name) is getattr(diplograph, name)

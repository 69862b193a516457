"""Manifests: the tests that a directory of the W3C's suites has, as its manifest files list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from ...errors import InputError
from ...graph.files import file_bytes
from ...graph.formats import syntax_named
from ...graph.oxigraph import parsed, rdflib_graph

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_APPROVALS: Final = (
    URIRef("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#approval"),
    URIRef("http://www.w3.org/ns/rdftest#approval"),
)


@dataclass(frozen=True)
class Tree:
    """A directory of a test suite, and the IRI, with a slash at its end, at which it is published."""

    directory: Path
    base: str

    def iri(self, path: Path) -> str:
        """Return the IRI of a file of the directory."""
        return self.base + path.relative_to(self.directory).as_posix()

    def path(self, iri: str) -> Path:
        """Return the file that an IRI stands for; raises InputError for an IRI that is not in the directory."""
        path = self.directory / iri.removeprefix(self.base)
        if not iri.startswith(self.base) or not path.resolve().is_relative_to(self.directory.resolve()):
            raise InputError(f"<{iri}> is no file of the test suite at <{self.base}>.")
        return path

    def data(self, iri: str) -> bytes:
        """Return what a file of the directory holds."""
        return file_bytes(self.path(iri))

    def graph(self, path: Path) -> Graph:
        """Return what a Turtle file of the directory states, relative IRIs resolved against its own."""
        graphs = parsed(file_bytes(path), syntax_named("turtle"), source=str(path), base=self.iri(path))
        return rdflib_graph(graphs.get(None, b""))


@dataclass(frozen=True)
class Case:
    """One test: its IRI, its name, the local name of its type, and the manifest that has the rest of it."""

    iri: str
    name: str
    kind: str
    approval: str
    tree: Tree
    manifest: Graph = field(repr=False, compare=False, hash=False)

    @property
    def node(self) -> URIRef:
        """The test in its manifest."""
        return URIRef(self.iri)

    def value(self, *path: URIRef, of: Node | None = None) -> Node | None:
        """Return the value at the end of a path of properties that starts at the test, or at another node."""
        node: Node | None = self.node if of is None else of
        for step in path:
            node = None if node is None else self.manifest.value(node, step)
        return node

    def iris(self, prop: URIRef, *, of: Node) -> list[str]:
        """Return the IRIs that are values of a node's property, sorted."""
        return sorted(str(value) for value in self.manifest.objects(of, prop))

    def action(self) -> Node:
        """Return what is to be done; raises InputError where the manifest does not say."""
        action = self.value(MF.action)
        if action is None:
            raise InputError(f"The manifest of <{self.iri}> does not say what is to be done (mf:action).")
        return action


def cases(tree: Tree, manifest: Path) -> list[Case]:
    """Return the tests that a manifest lists, then those of the manifests that it includes."""
    return list(_cases(tree, manifest, set()))


def _cases(tree: Tree, path: Path, seen: set[Path]) -> Iterator[Case]:
    if path in seen:
        return
    seen.add(path)
    graph = tree.graph(path)
    for entry in _listed(graph, MF.entries):
        yield Case(
            iri=str(entry),
            name=str(graph.value(entry, MF.name) or graph.value(entry, RDFS.label) or _local_name(entry)),
            kind=_local_name(graph.value(entry, RDF.type)),
            approval=_local_name(next((a for p in _APPROVALS if (a := graph.value(entry, p))), None)),
            tree=tree,
            manifest=graph,
        )
    for included in _listed(graph, MF.include):
        yield from _cases(tree, tree.path(str(included)), seen)


def _listed(graph: Graph, prop: URIRef) -> Iterator[Node]:
    for manifest in graph.subjects(RDF.type, MF.Manifest):
        for members in graph.objects(manifest, prop):
            if members == RDF.nil or (members, RDF.first, None) in graph:
                yield from Collection(graph, members)
            else:
                yield members


def _local_name(node: Node | None) -> str:
    return "" if node is None else str(node).replace("#", "/").rpartition("/")[2]

"""Tests of the service description: the service tells of itself in RDF, by the vocabulary that there is for it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from ...errors import DiplographError
from ...graph.formats import syntax_named
from ...graph.loading import packaged_sources
from ...graph.oxigraph import parsed, rdflib_graph
from .asgi import AUTHORITY, Service
from .manifests import Case
from .verdicts import PASSED, Verdict, failed

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
_ENDPOINT: Final = URIRef(f"http://{AUTHORITY}/sparql")
# Section 3.4 of https://www.w3.org/TR/sparql11-service-description/: each property, what has it and what it leads to.
_PROPERTIES: Final = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", ""),
    "inputFormat": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
_INSTANCES: Final = {
    **dict.fromkeys(("SPARQL10Query", "SPARQL11Query", "SPARQL11Update"), "Language"),
    **dict.fromkeys(
        ("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"), "Feature"
    ),
}
_CLASSES: Final = {name for pair in _PROPERTIES.values() for name in pair if name}


def description(case: Case) -> Verdict:
    """Return whether the service tells of itself as a test asks."""
    with tempfile.TemporaryDirectory() as directory:
        service = Service(Path(directory) / "store", packaged_sources("trend-2023-02-28"))
        answer = asyncio.run(service.answer("GET", "/sparql", {"accept": "text/turtle"}, b""))
    if answer.status != 200:
        return failed(f"The status is {answer.status}: {answer.body[:200]!r}")
    try:
        graphs = parsed(answer.body, syntax_named(answer.media_type), source="the description")
    except DiplographError as error:
        return failed(f"The description is no RDF: {error}")
    faults = list(_TESTS[case.iri.rpartition("#")[2]](rdflib_graph(graphs.get(None, b""))))
    return failed("; ".join(faults)) if faults else PASSED


def _says_something(graph: Graph) -> Iterator[str]:
    if not graph:
        yield "The description is empty"


def _endpoint_faults(graph: Graph) -> Iterator[str]:
    if set(graph.subject_objects(SD.endpoint)) != {(_ENDPOINT, _ENDPOINT)}:
        yield f"The endpoint is not {_ENDPOINT}"


def schema_faults(graph: Graph) -> Iterator[str]:
    """Yield what is not as the vocabulary has it: names that it has not, and ends of a property of another kind."""
    for subject, prop, value in graph:
        predicate = str(prop)
        name = predicate.removeprefix(SD)
        if prop == RDF.type and str(value).startswith(SD) and str(value).removeprefix(SD) not in _CLASSES:
            yield f"There is no class {value}"
        if not predicate.startswith(SD):
            continue
        if name not in _PROPERTIES:
            yield f"There is no property {predicate}"
            continue
        domain, target = _PROPERTIES[name]
        if domain not in _kinds(graph, subject):
            yield f"What has sd:{name} is no sd:{domain}"
        if isinstance(value, Literal) or (target and target not in _kinds(graph, value)):
            yield f"What sd:{name} leads to is no sd:{target or 'resource'}"
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        if len(set(graph.objects(named, SD["name"]))) != 1:
            yield "A named graph has no name, or several"


def _kinds(graph: Graph, node: Node) -> set[str]:
    kinds = {str(kind).removeprefix(SD) for kind in graph.objects(node, RDF.type)}
    kinds.add(_INSTANCES.get(str(node).removeprefix(SD), ""))
    return kinds | ({"GraphCollection"} if "Dataset" in kinds else set())


_TESTS: Final[dict[str, Callable[[Graph], Iterator[str]]]] = {
    "returns-rdf": _says_something,
    "has-endpoint-triple": _endpoint_faults,
    "conforms-to-schema": schema_faults,
}

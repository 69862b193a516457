"""The service in its own terms: SPARQL 1.1 Service Description, with VoID and DCAT on what it holds."""

from __future__ import annotations

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID, XSD, Namespace

from ..graph.provenance import documents
from ..graph.store import View
from ..ontology.namespaces import BASE, IDENTIFIERS, TERMS

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip


def service_description(
    view: View, base: str, *, federates: bool = False, updates: bool = False, fetches: bool = False
) -> Graph:
    """Return the description of the service whose addresses begin with `base`, a URL without a slash at its end.

    The default graph is the merged view; every document is a named graph. Counts are those of the view. It `federates`
    if SERVICE may ask other endpoints, `updates` if it does SPARQL Update, and `fetches` if graphs of a query may be
    documents of other hosts.
    """
    graph = Graph()
    for prefix, namespace in (("sd", SD), ("formats", _FORMATS), ("dcat", DCAT), ("void", VOID)):
        graph.bind(prefix, namespace)
    service, dataset, merged = URIRef(f"{base}/sparql"), URIRef(f"{base}/"), BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, SD.endpoint, service))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.endpointDescription, URIRef(f"{base}/openapi.json")))
    graph.add((service, DCAT.servesDataset, dataset))
    graph.add((service, DCTERMS.title, Literal("Diplograph", lang="en")))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    if updates:
        graph.add((service, SD.supportedLanguage, SD.SPARQL11Update))
    graph.add((service, SD.feature, SD.EmptyGraphs))
    if federates:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    if fetches:
        graph.add((service, SD.feature, SD.DereferencesURIs))
    for format_ in _RESULT_FORMATS:
        graph.add((service, SD.resultFormat, _FORMATS[format_]))
    graph.add((service, SD.defaultDataset, dataset))
    for kind in (SD.Dataset, VOID.Dataset, DCAT.Dataset):
        graph.add((dataset, RDF.type, kind))
    graph.add((dataset, DCTERMS.title, Literal("A knowledge graph of diplomacy", lang="en")))
    graph.add((dataset, VOID.sparqlEndpoint, service))
    graph.add((dataset, VOID.uriSpace, Literal(IDENTIFIERS)))
    graph.add((dataset, VOID.vocabulary, URIRef(TERMS)))
    graph.add((dataset, DCTERMS.conformsTo, URIRef(BASE + "ns")))
    graph.add((dataset, SD.defaultGraph, merged))
    graph.add((merged, RDF.type, SD.Graph))
    _count(graph, view, dataset, merged)
    _distribution(graph, dataset, base)
    for record in documents(view):
        named, content = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, record.iri))
        graph.add((named, SD.graph, content))
        graph.add((content, RDF.type, SD.Graph))
        graph.add((content, VOID.triples, Literal(record.statements)))
        if record.title:
            graph.add((content, DCTERMS.title, Literal(record.title)))
        if record.taken_in:
            graph.add((content, DCTERMS.modified, Literal(record.taken_in, datatype=XSD.dateTime, normalize=False)))
    return graph


def _count(graph: Graph, view: View, dataset: URIRef, merged: BNode) -> None:
    triples = Literal(view.size())
    graph.add((dataset, VOID.triples, triples))
    graph.add((merged, VOID.triples, triples))
    classes = view.select("SELECT ?class (COUNT(*) AS ?n) WHERE { ?s a ?class } GROUP BY ?class")
    graph.add((dataset, VOID.classes, Literal(len(classes))))
    for row in classes:
        if isinstance(row["class"], URIRef):
            part = BNode()
            graph.add((dataset, VOID.classPartition, part))
            graph.add((part, VOID["class"], row["class"]))
            graph.add((part, VOID.entities, Literal(int(str(row["n"])))))


def _distribution(graph: Graph, dataset: URIRef, base: str) -> None:
    dump = BNode()
    graph.add((dataset, DCAT.distribution, dump))
    graph.add((dataset, VOID.dataDump, URIRef(f"{base}/graphs?default")))
    graph.add((dump, RDF.type, DCAT.Distribution))
    graph.add((dump, DCAT.accessURL, URIRef(f"{base}/graphs?default")))
    graph.add((dump, DCAT.mediaType, URIRef("https://www.iana.org/assignments/media-types/text/turtle")))

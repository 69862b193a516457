"""Tests of SPARQL Update, on the engine itself: most change a default graph, which no store of Diplograph lets them."""

from __future__ import annotations

from typing import Final

from rdflib import Namespace, URIRef
from rdflib.namespace import RDFS
from rdflib.term import Node

from ...errors import DiplographError
from ...graph.oxigraph import OxigraphDataset, check_update_syntax
from .manifests import MF, Case
from .querying import file_graphs, graph_verdict
from .syntax import Language
from .terms import statements
from .verdicts import Verdict, failed

UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


def evaluation(case: Case) -> Verdict:
    """Return whether an update leaves a dataset as expected. Graphs that hold nothing count as not there."""
    action = case.action()
    iri = str(case.value(UT.request, of=action))
    dataset = OxigraphDataset(_graphs(case, action))
    try:
        dataset.update(case.tree.data(iri).decode(), base=iri)
    except DiplographError as error:
        return failed(f"{type(error).__name__}: {error}")
    result = case.value(MF.result)
    wanted = {} if result is None else _graphs(case, result)
    return graph_verdict(statements(wanted), statements(dataset.graphs()))


def _check_syntax(case: Case) -> None:
    iri = str(case.action())
    check_update_syntax(case.tree.data(iri).decode(), base=iri)


UPDATES: Final = Language("SPARQL Update", _check_syntax)


def _graphs(case: Case, state: Node) -> dict[URIRef | None, bytes]:
    graphs: dict[URIRef | None, bytes] = {None: b""}
    for source in case.iris(UT.data, of=state):
        for name, ntriples in file_graphs(case, source).items():
            graphs[name] = graphs.get(name, b"") + ntriples
    for named in case.manifest.objects(state, UT.graphData):
        file, label = case.value(UT.graph, of=named), URIRef(str(case.value(RDFS.label, of=named)))
        graphs[label] = graphs.get(label, b"") + file_graphs(case, str(file)).get(None, b"")
    return graphs

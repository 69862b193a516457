"""The Oxigraph engine behind the store's interface: on disk or in memory, and its parsers and canonical form."""

from .store import OxigraphStore
from .syntax import canonical, parsed, rdflib_graph, rdflib_triples, results_rewritten, rewritten

__all__ = ["OxigraphStore", "canonical", "parsed", "rdflib_graph", "rdflib_triples", "results_rewritten", "rewritten"]

"""The Oxigraph engine behind the store's interface: on disk or in memory, and its parsers and canonical form."""

from .dataset import OxigraphDataset, check_query_syntax, check_update_syntax
from .labelling import canonical
from .store import OxigraphStore
from .syntax import parsed, rdflib_graph, rdflib_triples, results_rewritten, rewritten
from .writer import OxigraphWriter

__all__ = [
    "OxigraphDataset",
    "OxigraphStore",
    "OxigraphWriter",
    "canonical",
    "check_query_syntax",
    "check_update_syntax",
    "parsed",
    "rdflib_graph",
    "rdflib_triples",
    "results_rewritten",
    "rewritten",
]

"""A network in the formats of other programs, one module for each."""

from .edge_list import CSV_COLUMNS, edge_list
from .gexf import gexf
from .graphml import graphml
from .node_link import node_link
from .pajek import pajek

__all__ = ["CSV_COLUMNS", "edge_list", "gexf", "graphml", "node_link", "pajek"]

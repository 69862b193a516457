"""What a query reaches: the whole store, chosen graphs, or all graphs but a few; and which other endpoints, if any."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rdflib import URIRef

from ..errors import QueryRefusedError
from .federation import CLOSED, Endpoints
from .guarding import checked_query, dataset_of

Graphs: TypeAlias = Callable[[], Sequence[URIRef]]

# Without the keyword no named graph is reached. As everywhere, one engine takes some letters for others, and needs no
# space before it where another token ends; of those that can stand before it, two end in a letter.
_GRAPH = re.compile("(?<![A-Za-z])(?:true|false)?GRAPH", re.IGNORECASE)


@dataclass(frozen=True)
class Scope:
    """What a query reaches: `default` is merged into its default graph, `named` are its named graphs.

    A request that chooses graphs of one kind alone has none of the other (SPARQL 1.1 Protocol, section 2.1.4): give
    both. None leaves each to the query's FROM and FROM NAMED and, without these, to the store. Graphs that are `hidden`
    are as if the store did not have them. SERVICE may ask these `endpoints`.
    """

    default: tuple[URIRef, ...] | None = None
    named: tuple[URIRef, ...] | None = None
    hidden: frozenset[URIRef] = frozenset()
    endpoints: Endpoints = CLOSED

    @property
    def is_whole(self) -> bool:
        """Whether nothing is chosen and nothing hidden."""
        return self == WHOLE

    def checked_query(self, sparql: str, graphs: Graphs, prefixes: Mapping[str, str]) -> str:
        """Return a query as `guarding.checked_query` does; also raises QueryRefusedError for graphs of this scope."""
        chosen = {*(self.default or ()), *(self.named or ())}
        if chosen and (missing := sorted(chosen.difference(self._seen(graphs)))):
            raise QueryRefusedError(
                f"The graph <{missing[0]}> is asked for, which is not in the store. "
                "`diplograph sources` lists those that are."
            )
        return checked_query(sparql, lambda: self._seen(graphs), prefixes, self.endpoints)

    def of(self, sparql: str, graphs: Graphs, prefixes: Mapping[str, str]) -> Scope:
        """Return the scope of one query, which has been checked: nothing is hidden in it that the query could reach."""
        if not self.hidden or self.named is not None or not _GRAPH.search(sparql):
            return Scope(self.default, self.named, endpoints=self.endpoints)
        seen, dataset = self._seen(graphs), dataset_of(sparql, prefixes)
        named = tuple(graph for graph in (dataset[1] if dataset else seen) if graph in seen)
        return Scope(self.default, named, endpoints=self.endpoints)

    def _seen(self, graphs: Graphs) -> Sequence[URIRef]:
        return [graph for graph in graphs() if graph not in self.hidden] if self.hidden else graphs()


WHOLE: Final = Scope()
"""The whole store."""

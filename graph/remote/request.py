"""A request of the SPARQL Protocol as SPARQLWrapper makes it, sent as we send it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

from SPARQLWrapper import GET, POST
from SPARQLWrapper.Wrapper import SPARQLWrapper

from .exchange import Sender

Form: TypeAlias = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "INSERT"]
"""What kind of request it is; INSERT stands for every update."""

AGENT: Final = "diplograph"
RESULTS: Final = "application/sparql-results+json,application/sparql-results+xml;q=0.8"
TRIPLES: Final = "application/n-triples,text/turtle;q=0.8,application/rdf+xml;q=0.5"
LONGEST_GET: Final = 4000
"""Queries that are longer, in characters, are not tried by GET."""


class SparqlRequest(SPARQLWrapper):
    """One query or update, with the graphs that make up its dataset."""

    _form: Form = "SELECT"

    def __init__(
        self, url: str, sparql: str, form: Form, *, defaults: Sequence[str] = (), named: Sequence[str] = ()
    ) -> None:
        super().__init__(url, agent=AGENT)
        self._form = form
        self._send: Sender | None = None
        self.setQuery(sparql)
        self.setMethod(POST)
        self.setOnlyConneg(True)
        for graph in defaults:
            self.addParameter("default-graph-uri", graph)
        for graph in named:
            self.addParameter("named-graph-uri", graph)
        accept = RESULTS if form in ("SELECT", "ASK") else TRIPLES if form in ("CONSTRUCT", "DESCRIBE") else "*/*"
        self.addCustomHttpHeader("Accept", accept)

    def by_get(self) -> None:
        """Ask by GET, for endpoints that take nothing else."""
        self.setMethod(GET)

    def sent(self, send: Sender) -> Any:
        """Send the request and return the response."""
        self._send = send
        return self.query().response

    def _parseQueryType(self, query: str) -> Form:  # noqa: N802 - the library's own name
        # The library guesses the form by patterns, which comments and strings can mislead. Here it is known.
        return self._form

    def _query(self) -> tuple[Any, str]:
        # The library's own sending has no limit of time that holds, reads any scheme and follows redirects anywhere.
        assert self._send is not None  # noqa: S101 - sent() sets it
        return self._send(self._createRequest()), self.returnFormat

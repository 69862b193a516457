"""The SPARQL endpoint: queries are answered, updates refused, and without a query the service tells of itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Scope

from ...errors import ProtocolError, QueryRefusedError, QuerySyntaxError
from ...graph.guarding import query_form
from ..negotiation import GRAPHS, RESULTS, media_type
from ..protocol import Description, Query, operation
from ..tasks import AnswerQuery, DescribeService
from .answers import Answered, Answers
from .requests import base_in, base_of, message_of
from .settings import Settings

_RESULTS, _GRAPHS = tuple(RESULTS), tuple(GRAPHS)
_METHODS = "GET, HEAD, POST, OPTIONS"


class SparqlEndpoint:
    """Answers requests to `/sparql`."""

    def __init__(self, answers: Answers, settings: Settings) -> None:
        self._answers, self._settings = answers, settings
        # What is nothing is nothing to send to workers either.
        self._endpoints = settings.endpoints if settings.endpoints.allowed else None

    async def __call__(self, request: Request) -> Answered:
        """Return what a request asks for."""
        asked = operation(await message_of(request, self._settings))
        if isinstance(asked, Query):
            task, chosen = self.task(asked, request.headers.get("accept"), request.scope)
            return await self._answers.response(request, task, chosen, asked=asked.sparql)
        if isinstance(asked, Description):
            return await self._described(request)
        raise QueryRefusedError(
            "SPARQL Update is not done here: documents are the unit of provenance, and an update belongs to none. "
            "Where changes are allowed, put, add to or delete whole documents with the Graph Store Protocol at /graphs."
        )

    def task(self, asked: Query, accept: str | None, scope: Scope) -> tuple[AnswerQuery, str]:
        """Return the task that answers a query, and the media type in which it does.

        Raises ProtocolError (406, 413) and QuerySyntaxError.
        """
        if len(asked.sparql) > self._settings.largest_query:
            raise ProtocolError(413, f"The query is longer than {self._settings.largest_query:,} characters.")
        form = query_form(asked.sparql)
        if form is None:
            raise QuerySyntaxError("This is no query: there is no SELECT, ASK, CONSTRUCT or DESCRIBE in it.")
        formats, offered = (RESULTS, _RESULTS) if form in ("SELECT", "ASK") else (GRAPHS, _GRAPHS)
        chosen = media_type(accept, offered)
        base = f"{base_in(scope, self._settings)}/sparql"
        dataset = asked.default_graphs, asked.named_graphs
        return AnswerQuery(asked.sparql, formats[chosen], *dataset, base, self._endpoints), chosen

    async def _described(self, request: Request) -> Answered:
        chosen = media_type(request.headers.get("accept"), _GRAPHS)
        task = DescribeService(base_of(request, self._settings), GRAPHS[chosen], self._endpoints is not None)
        return await self._answers.response(request, task, chosen, headers={"Allow": _METHODS})

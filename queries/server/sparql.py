"""The SPARQL endpoint: queries are answered, updates done where allowed; without either the service tells of itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from ...errors import ProtocolError, QueryRefusedError, QuerySyntaxError
from ...graph.guarding import query_form
from ...graph.operations import Using
from ...graph.updating import EFFECTS
from ..changes import Revision
from ..negotiation import GRAPHS, RESULTS, media_type
from ..protocol import Description, Query, Update, operation
from ..tasks import AnswerQuery, DescribeService
from .answers import Answered, Answers
from .changing import Changing
from .conditions import condition_of
from .requests import base_in, base_of, message_of, web_for
from .settings import Settings

_RESULTS, _GRAPHS = tuple(RESULTS), tuple(GRAPHS)
_METHODS = "GET, HEAD, POST, OPTIONS"


class SparqlEndpoint:
    """Answers requests to `/sparql`."""

    def __init__(self, answers: Answers, changing: Changing, settings: Settings) -> None:
        self._answers, self._changing, self._settings = answers, changing, settings
        # What is nothing is nothing to send to workers either.
        self._endpoints = settings.endpoints if settings.endpoints.allowed else None

    async def __call__(self, request: Request) -> Answered:
        """Return what a request asks for."""
        asked = operation(await message_of(request, self._settings))
        if isinstance(asked, Query):
            task, chosen = self.task(asked, request.headers.get("accept"), request.scope)
            return await self._answers.response(request, task, chosen, asked=asked.sparql, web=task.web)
        if isinstance(asked, Description):
            return await self._described(request)
        return await self._updated(request, asked)

    async def _updated(self, request: Request, asked: Update) -> Answered:
        if not self._changing.allowed:
            raise QueryRefusedError(
                "This service only reads: nothing can be changed by SPARQL Update, nor by the Graph Store Protocol at "
                "/graphs. Whoever runs it can allow changes with --updates and a token."
            )
        self._changing.check_token(request)
        condition = condition_of(request)
        if condition.exists is False:
            raise ProtocolError(400, "An update names no document of which If-None-Match could say that there is none.")
        self._check_length(asked.sparql, "update")
        base = f"{base_of(request, self._settings)}/sparql"
        using = Using(asked.default_graphs, asked.named_graphs)
        effects = await self._changing.done(Revision(asked.sparql, base, using, condition, self._settings.web))
        if "application/json" not in request.headers.get("accept", ""):
            return Response(None, 204)
        return JSONResponse({kind: [str(d) for d, effect in effects.items() if effect == kind] for kind in EFFECTS})

    def task(self, asked: Query, accept: str | None, scope: Scope) -> tuple[AnswerQuery, str]:
        """Return the task that answers a query, and the media type in which it does.

        Raises ProtocolError (406, 413) and QuerySyntaxError.
        """
        self._check_length(asked.sparql, "query")
        form = query_form(asked.sparql)
        if form is None:
            raise QuerySyntaxError("This is no query: there is no SELECT, ASK, CONSTRUCT or DESCRIBE in it.")
        formats, offered = (RESULTS, _RESULTS) if form in ("SELECT", "ASK") else (GRAPHS, _GRAPHS)
        chosen = media_type(accept, offered)
        base = f"{base_in(scope, self._settings)}/sparql"
        dataset = asked.default_graphs, asked.named_graphs
        web = web_for(asked, self._settings)
        return AnswerQuery(asked.sparql, formats[chosen], *dataset, base, self._endpoints, web), chosen

    def _check_length(self, sparql: str, what: str) -> None:
        if len(sparql) > self._settings.largest_query:
            raise ProtocolError(413, f"The {what} is longer than {self._settings.largest_query:,} characters.")

    async def _described(self, request: Request) -> Answered:
        chosen = media_type(request.headers.get("accept"), _GRAPHS)
        base, fetches = base_of(request, self._settings), bool(self._settings.web.allowed)
        task = DescribeService(base, GRAPHS[chosen], self._endpoints is not None, self._changing.allowed, fetches)
        return await self._answers.response(request, task, chosen, headers={"Allow": _METHODS})

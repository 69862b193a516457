"""The page on which people ask SPARQL: a browser that opens the endpoint gets a form, and answers as a table."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Scope

from ...errors import ProtocolError, QuerySyntaxError
from ...graph.guarding import query_form
from ..negotiation import GRAPHS, HTML, RESULTS, media_type
from ..protocol import Message, Query, operation
from ..tasks import ShowQuery
from .answers import Answered, Answers
from .requests import base_of
from .settings import Settings

_OFFERED = (*dict.fromkeys((*RESULTS, *GRAPHS)), HTML)


def wants_page(scope: Scope) -> bool:
    """Whether a request to the endpoint comes from somebody who would rather have a page than data."""
    if scope["method"] not in ("GET", "HEAD"):
        return False
    accept = [value for name, value in scope["headers"] if name == b"accept"]
    # Most requests say nothing of pages.
    if not any(b"html" in value.lower() for value in accept):
        return False
    try:
        return media_type(b",".join(accept).decode("latin-1"), _OFFERED) == HTML
    except ProtocolError:
        return False


class QueryForm:
    """Answers requests to `/sparql` that want a page."""

    def __init__(self, answers: Answers, settings: Settings) -> None:
        self._answers, self._settings = answers, settings

    async def __call__(self, request: Request) -> Answered:
        """Return the form and, if there is a query, its answer below it."""
        asked = operation(Message(request.method, request.scope["query_string"].decode("latin-1")))
        task = ShowQuery()
        if isinstance(asked, Query):
            if len(asked.sparql) > self._settings.largest_query:
                raise ProtocolError(413, f"The query is longer than {self._settings.largest_query:,} characters.")
            if query_form(asked.sparql) is None:
                raise QuerySyntaxError("This is no query: there is no SELECT, ASK, CONSTRUCT or DESCRIBE in it.")
            base = f"{base_of(request, self._settings)}/sparql"
            endpoints = self._settings.endpoints
            task = ShowQuery(asked.sparql, asked.default_graphs, asked.named_graphs, base, endpoints)
        return await self._answers.response(request, task, HTML, asked=task.sparql)

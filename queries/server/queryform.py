"""The page on which people ask SPARQL: a browser that opens the endpoint gets a form, and answers as a table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.types import Scope

from ...errors import DiplographError, ProtocolError, QuerySyntaxError
from ...graph.guarding import query_form
from ..negotiation import GRAPHS, HTML, RESULTS, media_type
from ..pages import query_problem_page
from ..protocol import Message, Query, operation
from ..tasks import ShowQuery
from .answers import Answered, Answers
from .problems import Page, problem
from .requests import base_of, web_for
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
        """Return the form and, if there is a query, its answer below it; or what was wrong with the query above it."""
        task = ShowQuery()
        try:
            asked = operation(Message(request.method, request.scope["query_string"].decode("latin-1")))
            if isinstance(asked, Query):
                base = f"{base_of(request, self._settings)}/sparql"
                endpoints = self._settings.endpoints
                task = ShowQuery(asked.sparql, asked.default_graphs, asked.named_graphs, base, endpoints)
                self._check(asked.sparql)
                task = replace(task, web=web_for(asked, self._settings))
        except DiplographError as error:
            return problem(error, request.headers.get("accept"), _page(task))
        return await self._answers.response(request, task, HTML, asked=task.sparql, web=task.web, page=_page(task))

    def _check(self, sparql: str) -> None:
        if len(sparql) > self._settings.largest_query:
            raise ProtocolError(413, f"The query is longer than {self._settings.largest_query:,} characters.")
        if query_form(sparql) is None:
            raise QuerySyntaxError("This is no query: there is no SELECT, ASK, CONSTRUCT or DESCRIBE in it.")


def _page(task: ShowQuery) -> Page:
    return partial(query_problem_page, task.sparql, task.graphs)

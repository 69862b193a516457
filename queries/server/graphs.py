"""The Graph Store Protocol: the merged view and documents as graphs to read and, where allowed, to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from ...errors import ProtocolError, QueryRefusedError
from ...graph.formats import SYNTAXES
from ..changes import Change
from ..negotiation import GRAPHS, media_type
from ..protocol import DefaultGraph, graph_asked
from ..tasks import FindGraph, SerialiseGraph
from .answers import Answered, Answers
from .changing import Changing
from .conditions import condition_of
from .requests import base_of, body_of
from .settings import Settings

_GRAPHS = tuple(GRAPHS)
_READING, _CHANGING = "GET, HEAD", "GET, HEAD, PUT, POST, DELETE"
_KINDS: dict[str, Literal["put", "add", "remove"]] = {"PUT": "put", "POST": "add", "DELETE": "remove"}


class GraphStore:
    """Answers requests to `/graphs`."""

    def __init__(self, answers: Answers, changing: Changing, settings: Settings) -> None:
        self._answers, self._changing, self._settings = answers, changing, settings

    async def __call__(self, request: Request) -> Answered:
        """Return the graph that is asked for, or change it where that is allowed."""
        allowed = _CHANGING if self._changing.allowed else _READING
        if request.method == "OPTIONS":
            return Response(None, 204, {"Allow": f"{allowed}, OPTIONS"})
        if request.method not in allowed.split(", "):
            raise ProtocolError(405, f"{request.method} is not done to graphs here.", Allow=f"{allowed}, OPTIONS")
        if request.method in _KINDS:
            self._changing.check_token(request)
        query_string = request.scope["query_string"].decode("latin-1")
        graph = graph_asked(query_string, f"{base_of(request, self._settings)}/graphs")
        if graph is None:
            raise ProtocolError(400, "No graph is named. Ask for ?default, or for ?graph= and the IRI of a document.")
        if request.method in _KINDS:
            return await self._changed(request, graph)
        return await self.graph(request, None if isinstance(graph, DefaultGraph) else graph)

    async def graph(self, request: Request, name: URIRef | None) -> Answered:
        """Return a named graph or, for None, the merged view."""
        chosen = media_type(request.headers.get("accept"), _GRAPHS)
        task = FindGraph(name) if request.method == "HEAD" else SerialiseGraph(name, GRAPHS[chosen])
        return await self._answers.response(request, task, chosen)

    async def _changed(self, request: Request, graph: URIRef | DefaultGraph) -> Answered:
        if isinstance(graph, DefaultGraph):
            raise QueryRefusedError(
                "The merged view follows from the documents. Change a document: ?graph= and its IRI."
            )
        asked = Change(_KINDS[request.method], graph, condition=condition_of(request), web=self._settings.web)
        if asked.kind != "remove":
            syntax = _syntax(request.headers.get("content-type"))
            body = await body_of(request, self._settings.largest_document, self._settings)
            asked = replace(asked, body=body, syntax=syntax)
        outcome = await self._changing.done(asked)
        return Response(None, 201 if outcome == "new" else 204)


def _syntax(content_type: str | None) -> str:
    kind = (content_type or "").partition(";")[0].strip().lower()
    for syntax in SYNTAXES:
        if kind == syntax.media_type:
            return syntax.name
    known = ", ".join(syntax.media_type for syntax in SYNTAXES)
    raise ProtocolError(415, f"The body is of type {kind[:60]!r}. Send one of {known}.", Accept_Post=known)

"""Linked Data: the local form of an entity's or document's IRI leads to a page for people or a graph for programs."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import RedirectResponse

from ...errors import IdentifierError, NotFoundError, ParameterError
from ...ontology.identifiers import checked_iri
from ...ontology.namespaces import BASE, IDENTIFIERS, INSTANCE_KINDS
from ..negotiation import GRAPHS, HTML, media_type, media_type_named
from ..protocol import form_fields, single_fields
from ..tasks import DescribeEntity
from .answers import Answered, Answers

_FORMATS = {HTML: "html", **GRAPHS}
_OFFERED = tuple(_FORMATS)


class Entities:
    """Answers requests to `/id/…`, `/about/…`, `/doc/…` and `/code/…`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def thing(self, request: Request) -> Answered:
        """Lead from a thing, which cannot be sent, to what is said about it (303 See Other)."""
        entity = self._entity(request)
        path = quote(entity.removeprefix(IDENTIFIERS), safe="/:@!$&'()*+,;=~-._")
        return RedirectResponse(f"/about/{path}", 303, {"Cache-Control": "max-age=3600"})

    async def about(self, request: Request) -> Answered:
        """Return what is said about a thing."""
        return await self._described(request, self._entity(request))

    async def document(self, request: Request) -> Answered:
        """Return what a document is, to people, or states, to programs; or what a code of a code list means."""
        return await self._described(request, _iri(BASE + request.scope["path"].removeprefix("/")))

    async def _described(self, request: Request, entity: URIRef) -> Answered:
        fields = single_fields(form_fields(request.scope["query_string"].decode("latin-1")))
        if "format" in fields:
            chosen = media_type_named(fields["format"], _FORMATS)
        else:
            chosen = media_type(request.headers.get("accept"), _OFFERED)
        name, page = _FORMATS[chosen], _page(fields) if chosen == HTML else 1
        further = f"&page={page}" if page > 1 else ""
        headers = {"Content-Location": f"{quote(request.scope['path'], safe=_SAFE)}?format={name}{further}"}
        task = DescribeEntity(entity, name, page)
        return await self._answers.response(request, task, chosen, headers=headers)

    def _entity(self, request: Request) -> URIRef:
        kind = request.path_params["kind"]
        if kind not in INSTANCE_KINDS:
            raise NotFoundError(f"{kind[:60]!r} is no kind of entity. There is {', '.join(INSTANCE_KINDS)}.")
        return _iri(f"{IDENTIFIERS}{kind}/{request.path_params['local']}")


_SAFE = "/:@!$&'()*+,;=~-._"


def _page(fields: Mapping[str, str]) -> int:
    number = fields.get("page", "1")
    if not (number.isascii() and number.isdecimal() and 0 < len(number) < 7 and int(number) > 0):
        raise ParameterError(f"page={number[:20]!r} is not the number of a page, such as 2.")
    return int(number)


def _iri(text: str) -> URIRef:
    try:
        return checked_iri(text)
    except IdentifierError as error:
        raise NotFoundError(f"Nothing can be called so: {error}") from error

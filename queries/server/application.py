"""The ASGI application: which address is answered by what, and the layers around it."""

from __future__ import annotations

from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ...errors import DiplographError, NotFoundError, ProtocolError
from ..markup import STYLE_PATH
from ..negotiation import HTML
from ..tasks import AnswerQuery, ShowIndex
from .answers import Answered, Answers, Workers
from .changing import Changing
from .entities import Entities
from .express import Express
from .finding import Finding
from .gate import Gate
from .graphs import GraphStore
from .keeping import Keeping
from .lookups import Lookups
from .measures import Measures
from .openapi import openapi
from .problems import problem
from .queryform import QueryForm, wants_page
from .questions import Questions
from .requests import SMALLEST_PACKED, base_of, takes_packed
from .settings import Settings
from .sparql import SparqlEndpoint

_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]


def application(settings: Settings, workers: Workers, lookups: Lookups | None = None) -> Express:
    """Return the application that answers from workers and, what it can, by lookups.

    Starting and ending both is up to who calls.
    """
    measures = Measures(settings.slow)
    answers = Answers(workers, measures)
    entities, questions, finding = Entities(answers), Questions(answers), Finding(answers)
    changing = Changing(settings)
    sparql, form = SparqlEndpoint(answers, changing, settings), QueryForm(answers, settings)
    graphs = GraphStore(answers, changing, settings)

    async def index(request: Request) -> Answered:
        return await answers.response(request, ShowIndex(), HTML)

    async def health(request: Request) -> Answered:
        found = await answers.response(request, AnswerQuery("ASK {}", "json"), "application/json")
        if found.status_code != 200:
            return found
        return JSONResponse({"status": "ok", "version": workers.version}, headers={"Cache-Control": "no-store"})

    async def metrics(_: Request) -> Response:
        return Response(measures.text(), 200, {"Cache-Control": "no-store"}, "text/plain; version=0.0.4; charset=utf-8")

    async def interface(request: Request) -> Response:
        told = openapi(base_of(request, settings), settings)
        return JSONResponse(told, headers={"Cache-Control": "no-cache"})

    style = files(__package__).joinpath("assets/page.css").read_bytes()

    async def styled(_: Request) -> Response:
        return Response(style, 200, {"Cache-Control": "max-age=3600"}, "text/css")

    app = Starlette(
        routes=[
            Route("/", index),
            Route("/graphs", graphs.__call__, methods=_EVERY_METHOD),
            Route("/find", finding.__call__),
            Route("/ask", questions.listed),
            Route("/ask/{name}", questions.asked),
            Route("/id/{kind}/{local:path}", entities.thing),
            Route("/about/{kind}/{local:path}", entities.about),
            Route("/doc/{local:path}", entities.document),
            Route("/code/{local:path}", entities.document),
            Route("/openapi.json", interface),
            Route("/healthz", health),
            Route("/metrics", metrics),
            Route(STYLE_PATH, styled),
        ],
        exception_handlers={DiplographError: _told, HTTPException: _routing, ClientDisconnect: _unheard},
    )
    app.router.redirect_slashes = False
    gate = Gate(_across_origins(_packed(_sparql_first(sparql, form, app)), settings), settings, measures)
    keeping = Keeping(gate, lambda: workers.version, settings.kept_answers, measures)
    return Express(keeping, gate, sparql, answers, lookups)


def _sparql_first(sparql: SparqlEndpoint, form: QueryForm, app: ASGIApp) -> ASGIApp:
    """Return the application with the SPARQL endpoint before it: most requests go there, and need nothing else."""

    async def first(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/sparql":
            await app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response: ASGIApp = await (form if wants_page(scope) else sparql)(request)
        except DiplographError as error:
            response = await _told(request, error)
        except ClientDisconnect as error:
            response = await _unheard(request, error)
        await response(scope, receive, send)

    return first


def _packed(app: ASGIApp) -> ASGIApp:
    """Return the application with compressed answers for those who take them, and untouched ones for others."""
    packing = GZipMiddleware(app, minimum_size=SMALLEST_PACKED, compresslevel=5)

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        await (packing if takes_packed(scope) else app)(scope, receive, send)

    return chosen


def _across_origins(app: ASGIApp, settings: Settings) -> ASGIApp:
    if not settings.origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=settings.origins,
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["Accept", "Content-Type", "If-None-Match"],
        expose_headers=["ETag", "Content-Location"],
    )


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, DiplographError)  # noqa: S101 - it is what this handler is for
    return problem(error, request.headers.get("accept"))


async def _routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is what this handler is for
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "GET, HEAD") + ", OPTIONS"
        if request.method == "OPTIONS":
            return Response(None, 204, {"Allow": allowed})
        return await _told(request, ProtocolError(405, f"{request.method} is not for this address.", Allow=allowed))
    if error.status_code == 404:
        return await _told(request, NotFoundError("There is nothing at this address. The page at / lists what is."))
    return await _told(request, ProtocolError(error.status_code, str(error.detail)))


async def _unheard(_: Request, __: Exception) -> Response:
    # Nobody reads it any more.
    return Response(status_code=499)

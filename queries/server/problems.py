"""Errors as answers: each kind has its status, and is told as problem details (RFC 9457) or as a page."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeAlias

from starlette.responses import Response

from ...errors import (
    AmbiguousNameError,
    BusyError,
    DiplographError,
    DocumentError,
    HostError,
    LimitError,
    NotFoundError,
    ProtocolError,
    QueryRefusedError,
    QuerySyntaxError,
    ServiceError,
    StoreError,
    StoreLockedError,
    UnknownQuestionError,
    ValidationError,
    WorkerError,
)
from ..negotiation import HTML, media_type
from ..pages import problem_page

PROBLEM: Final = "application/problem+json"

# What exactly the store's trouble is, the log says; paths on the server concern nobody else.
_BROKEN = "The store cannot be read or written now."
_LOCKED = "The store is being changed by somebody else. Try again in a moment."


def status_of(error: DiplographError) -> int:
    """Return the HTTP status that tells an error.

    A limit is 503, as Fuseki and RDF4J answer a query that took too long: 408 would say that the request came too
    slowly, and clients may repeat it by themselves. A worker that ended by itself is 500: that is a fault of ours, and
    what is 503 is tried again by clients and proxies, which would end one worker after another.
    """
    if isinstance(error, ProtocolError):
        return error.status
    if isinstance(error, NotFoundError | UnknownQuestionError):
        return 404
    if isinstance(error, QueryRefusedError):
        return 403
    if isinstance(error, ServiceError | HostError):
        return 502
    if isinstance(error, ValidationError):
        return 422
    if isinstance(error, DocumentError):
        return 409
    if isinstance(error, WorkerError):
        return 500
    return 503 if isinstance(error, LimitError | StoreError) else 400


Page: TypeAlias = Callable[[str, str], str]
"""Makes a page that tells an error, of the title of its status and what it says."""


def problem(error: DiplographError, accept: str | None = None, page: Page = problem_page) -> Response:
    """Return the answer that tells an error: what was wrong, where, and what would be right.

    A client that prefers HTML gets a page.
    """
    status = status_of(error)
    headers = {"Cache-Control": "no-store"} | (error.headers if isinstance(error, ProtocolError) else {})
    if isinstance(error, BusyError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, StoreError) and not isinstance(error, StoreLockedError):
        log("trouble", error)
    detail = str(error)
    if isinstance(error, StoreError) and not isinstance(error, WorkerError):
        detail = _LOCKED if isinstance(error, StoreLockedError) else _BROKEN
    if _prefers_page(accept):
        return Response(page(HTTPStatus(status).phrase, detail), status, headers, "text/html")
    told = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **_facts(error)}
    # No browser takes this for HTML; that there is none in it either costs nothing.
    text = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
    return Response(f"{text}\n", status, headers, PROBLEM)


def log(event: str, error: Exception) -> None:
    """Write a line of JSON on what went wrong with the service itself, for whoever runs it."""
    raised = traceback.extract_tb(error.__traceback__)
    where = f"{Path(raised[-1].filename).name}:{raised[-1].lineno}" if raised else None
    # Errors of ours about the store do not have the text of a query in them; what others say is not known.
    said = str(error) if isinstance(error, StoreError) else None
    sys.stderr.write(json.dumps({"event": event, "error": type(error).__name__, "where": where, "said": said}) + "\n")


def _prefers_page(accept: str | None) -> bool:
    try:
        return media_type(accept, (PROBLEM, "application/json", HTML)) == HTML
    except ProtocolError:
        return False


def _facts(error: DiplographError) -> dict[str, Any]:
    if isinstance(error, QuerySyntaxError):
        return {"line": error.line, "column": error.column}
    if isinstance(error, AmbiguousNameError):
        return {"name": error.name, "candidates": [{"label": label, "iri": iri} for label, iri in error.candidates]}
    if isinstance(error, LimitError):
        return {"limit": error.limit, "value": error.value}
    if isinstance(error, UnknownQuestionError):
        return {"near": list(error.near)}
    return {}

"""Requests as they are read: bodies within bounds of size and time, and the address under which we were asked."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from starlette.requests import Request
from starlette.types import Scope

from ...errors import ProtocolError
from ...graph.web import Web
from ..protocol import Message, Query
from .settings import Settings

SMALLEST_PACKED: Final = 1024
"""A smaller answer, in bytes, is not compressed."""

_GZIP = re.compile(rb"(?:^|[,\s])(?:x-)?gzip(?![\w-])(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
# Only a worker reads a query, and says which graphs it names: that can take long. This need not be exact. What is taken
# for FROM and is none costs an ETag; what is FROM and is not seen is asked of the store alone.
_NAMING = re.compile(r"(?<![:?$])FROM(?=[ \t\r\n]*+(?:[<#]|NAMED|[\w.-]{0,100}:))|\\u", re.IGNORECASE)


async def message_of(request: Request, settings: Settings) -> Message:
    """Return a request to the SPARQL endpoint with its body, whole; raises ProtocolError (408, 413, 415)."""
    body = await body_of(request, settings.largest_query, settings) if request.method == "POST" else b""
    query_string = request.scope["query_string"].decode("latin-1")
    return Message(request.method, query_string, request.headers.get("content-type"), body)


async def body_of(request: Request, largest: int, settings: Settings) -> bytes:
    """Return a request's body; raises ProtocolError: 415 if it is compressed, 413 if too long, 408 if too slow."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ProtocolError(415, "Compressed bodies are not read. Send it as it is.", Accept_Encoding="identity")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > largest:
        raise _too_long(largest)
    chunks, size = [], 0
    try:
        async with asyncio.timeout(settings.patience_for_request):
            async for chunk in request.stream():
                size += len(chunk)
                if size > largest:
                    raise _too_long(largest)
                chunks.append(chunk)
    except TimeoutError as error:
        seconds = settings.patience_for_request
        raise ProtocolError(408, f"The body did not come within {seconds:g} seconds.", Connection="close") from error
    return b"".join(chunks)


def web_for(asked: Query, settings: Settings) -> Web | None:
    """Return where documents may come from that a query names as its graphs, None where none may, or it names none."""
    names_graphs = asked.default_graphs or asked.named_graphs or _NAMING.search(asked.sparql)
    return settings.web if settings.web.allowed and names_graphs else None


def takes_packed(scope: Scope) -> bool:
    """Whether a client takes answers that are compressed by gzip."""
    return any(name == b"accept-encoding" and _GZIP.search(value) for name, value in scope.get("headers", ()))


def base_of(request: Request, settings: Settings) -> str:
    """Return where the service's own addresses begin, without a slash at the end."""
    return base_in(request.scope, settings)


def base_in(scope: Scope, settings: Settings) -> str:
    """Return what `base_of` does, by the scope of a request."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    # The gate lets no request through that has not one of these, and a host in it.
    [host] = [value for name, value in scope["headers"] if name == b"host"]
    return f"{scope['scheme']}://{host.decode('latin-1')}"


def _too_long(largest: int) -> ProtocolError:
    return ProtocolError(413, f"The body is longer than {largest:,} bytes, the most that is read here.")

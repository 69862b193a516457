"""The express way: a plain query by GET goes to a worker and its answer to the client, with nothing in between.

It is the way of most requests. Whatever is not plain, or turns out not to be, goes through the application.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol, runtime_checkable

from starlette.types import ASGIApp, Receive, Scope, Send

from ...errors import DiplographError
from ..protocol import Message, Query, operation
from ..tasks import AnswerQuery
from ..workers import Run, Task
from .answers import Answers
from .gate import SAFE, Gate
from .keeping import Keeping, Key, key_of
from .lookups import Lookups
from .requests import SMALLEST_PACKED, takes_packed
from .sparql import SparqlEndpoint


@runtime_checkable
class _Beginning(Protocol):
    """Workers who tell when an answer is there; see `queries.workers`."""

    @property
    def has_room(self) -> bool:
        """Whether one more may be asked."""

    def begin(self, task: Task, told: Callable[[Run], None]) -> Run:
        """Return the answer to a task before anything of it is there."""


class Express:
    """The application, with a way around it for a server that asks for one."""

    def __init__(
        self, keeping: Keeping, gate: Gate, sparql: SparqlEndpoint, answers: Answers, lookups: Lookups | None
    ) -> None:
        self._keeping, self._gate, self._sparql, self._answers = keeping, gate, sparql, answers
        self._lookups = lookups
        self.measures = answers.measures
        self._seen: tuple[list[tuple[bytes, bytes]] | None, _Plain | None] = None, None
        self._app: ASGIApp = keeping
        self._workers = answers.workers if isinstance(answers.workers, _Beginning) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the application."""
        await self._app(scope, receive, send)

    def written(self, address: bytes, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """Return what is written in answer to a GET, all but its first line, if it is kept or can be looked up."""
        kept = self._keeping.written(address, headers)
        path, _, query = address.partition(b"?")
        if kept is not None or self._lookups is None or path != b"/sparql":
            return kept
        plain = self._plain({"raw_path": path, "query_string": query, "headers": headers, "scheme": "http"})
        # What cannot be looked up is begun next, by the same headers.
        self._seen = headers, plain
        body = plain and self._lookups.answer(plain.task, plain.version)
        return self._answered(plain, body) if plain and body is not None else None

    def begun(self, scope: Scope, told: Callable[[Run, bytes | None], None]) -> Run | None:
        """Let a plain query be answered, and return the answer that is to come; None for any other request.

        `told` is given what is written in answer, all but its first line, or None if the application has to do that.
        """
        if scope["path"] != "/sparql" or scope["method"] != "GET" or not (self._workers and self._workers.has_room):
            return None
        headers, plain = self._seen
        if headers is not scope["headers"]:
            plain = self._plain(scope)
        return plain and self._workers.begin(plain.task, lambda run: told(run, self._answered(plain, run.whole)))

    def _plain(self, scope: Scope) -> _Plain | None:
        headers, query = scope["headers"], scope["query_string"]
        key, given = key_of(b"/sparql?" + query, headers), dict(headers)
        accept = given.get(b"accept", b"")
        # Other sites, people who want a page, and what is said twice are for the application.
        if key is None or len(given) < len(headers) or b"origin" in given or b"html" in accept.lower():
            return None
        try:
            self._gate.check(scope)
            asked = operation(Message("GET", query.decode("latin-1")))
            if not isinstance(asked, Query):
                return None
            task, media_type = self._sparql.task(asked, accept.decode("latin-1") or None, scope)
        except DiplographError:
            # The application tells it.
            return None
        fixed, _ = self._answers.headers(scope, media_type, asked.sparql, task.web)
        return _Plain(task, self._answers.workers.version, key, fixed, takes_packed(scope), time.perf_counter())

    def _answered(self, plain: _Plain, body: bytes | None) -> bytes | None:
        if body is None or (len(body) >= SMALLEST_PACKED and plain.takes_packed):
            return None
        self.measures.observe(time.perf_counter() - plain.begin, 200, plain.task.sparql, len(body))
        self.measures.requests[200] += 1
        headers = [*plain.headers, (b"content-length", b"%d" % len(body)), *SAFE]
        return self._keeping.keep(plain.key, plain.version, headers, body)


class _Plain(NamedTuple):
    """A plain query, and what is known of its answer before it is there."""

    task: AnswerQuery
    version: str
    key: Key
    headers: list[tuple[bytes, bytes]]
    takes_packed: bool
    begin: float

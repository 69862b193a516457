"""A service over a store of its own, asked without a network: requests are given to the application itself."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ...graph.loading import Source, load
from ...graph.opening import disk_store
from ..workers import Limits

if TYPE_CHECKING:
    from ..workers import Task

AUTHORITY: Final = "www.example"
"""The name under which the suites look for a service."""
_TOKEN: Final = "token-of-the-conformance-run"  # noqa: S105 - of a store that is thrown away
_LIMITS: Final = Limits(10, 1 << 30, None, None)


@dataclass(frozen=True)
class Answer:
    """What a service answers: header names are lower-case, the body is whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


class Service:
    """The application over a store in a directory, open to changes for its own requests."""

    def __init__(self, directory: Path, sources: Iterable[Source]) -> None:
        from ..server.application import application
        from ..server.settings import Settings

        with disk_store(directory) as store:
            load(store, list(sources))
        settings = Settings(directory, _LIMITS, public_url=f"http://{AUTHORITY}", token=_TOKEN)
        self._application = application(settings, _AtOnce(directory))

    async def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to a request, which has the right to make changes."""
        path, _, query = target.partition("?")
        given = {
            "host": AUTHORITY,
            "authorization": f"Bearer {_TOKEN}",
            "content-length": str(len(body)),
            **{name.lower(): value for name, value in headers.items()},
        }
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": (AUTHORITY, 80),
            "state": {},
        }
        exchange = _Exchange(body)
        await self._application(scope, exchange.receive, exchange.send)
        # What an application sends in answer to HEAD, a server keeps to itself.
        return replace(exchange.answer, body=b"") if method == "HEAD" else exchange.answer


class _Exchange:
    # One request and its answer, as ASGI passes them.

    def __init__(self, body: bytes) -> None:
        self._body, self._sent = body, False
        self._start: dict[str, Any] = {}
        self._pieces: list[bytes] = []

    async def receive(self) -> dict[str, Any]:
        if self._sent:
            # The client stays on the line.
            await asyncio.Event().wait()
        self._sent = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = dict(message)
        else:
            self._pieces.append(message.get("body", b""))

    @property
    def answer(self) -> Answer:
        headers = {name.decode().lower(): value.decode() for name, value in self._start.get("headers", ())}
        return Answer(int(self._start["status"]), headers, b"".join(self._pieces))


class _AtOnce:
    # What answers tasks in a running service are processes; here each is done where it is asked for.

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._asked = 0

    @property
    def version(self) -> str:
        # Nothing is kept from one request to the next, as a change may lie between them.
        self._asked += 1
        return str(self._asked)

    async def run(self, task: Task, limits: Limits | None = None) -> _Whole:
        with tempfile.NamedTemporaryFile() as out, disk_store(self._directory) as store:
            task.write(store.view(), Path(out.name))
            return _Whole(Path(out.name).read_bytes())


class _Whole:
    def __init__(self, data: bytes) -> None:
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data

    async def aclose(self) -> None:
        self._data = b""

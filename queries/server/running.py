"""Running the service: a socket, workers behind it, and an orderly end when the system asks for it.

The server is uvicorn: granian, written in Rust, gave a plain answer an eighth more often, but it lets nobody bound a
request's head while it is read, nor answer before the application is called, which is about twice as fast.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import uvicorn
import uvloop

from ...errors import DiplographError, StoreError
from ..workers import Workers
from .application import application
from .connection import Connection, connections_of
from .lookups import Lookups
from .problems import log
from .reception import Reception
from .settings import Settings

KEPT_ALIVE: Final = 15
"""How long, in seconds, a connection is kept that nobody uses."""


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve a store until SIGTERM or SIGINT: requests that are under way are finished then, within bounds of time.

    `ready` is told the address once it answers. Raises StoreError where there is no store, or no such address to listen
    at.
    """
    with contextlib.ExitStack() as stack:
        listener, *others = [stack.enter_context(contextlib.closing(each)) for each in _listeners(settings)]
        port = listener.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = settings.public_url or f"http://{host}:{port}"
        with seldom_collecting(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, listener, others, lambda: ready(url)))


async def _serve(
    settings: Settings, listener: socket.socket, others: Sequence[socket.socket], ready: Callable[[], None]
) -> None:
    async with Workers(settings.location, count=settings.workers, limits=settings.limits) as workers:
        with Lookups(settings.location, settings.limits) as lookups:
            app = application(settings, workers, lookups)
            config = uvicorn.Config(
                app,
                http=connections_of(settings),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEPT_ALIVE,
                timeout_graceful_shutdown=int(settings.patience_at_end),
                limit_concurrency=settings.most_connections,
            )
            _log_failures()
            server = _Server(config, ready)
            counted = app.measures.elsewhere.__setitem__
            with contextlib.closing(Reception(settings, others, server.take, counted)) as server.reception:
                await server.serve(sockets=[listener])


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for garbage in cycles less often: what is kept is much and in none, and was a fifth of the work."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _log_failures() -> None:
    logger = logging.getLogger("uvicorn.error")
    logger.setLevel(logging.ERROR)
    logger.handlers, logger.propagate = [_Failures()], False


class _Failures(logging.Handler):
    """Tells of errors that nobody foresaw. A broken connection is none, nor is a limit that breaks one."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Exception) and not isinstance(error, DiplographError):
            log("failure", error)


class _Server(uvicorn.Server):
    """Ends in order on a signal, without sending it to the process again: that would take the workers by surprise."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self.reception: Reception | None = None
        self._taking: set[asyncio.Future[Any]] = set()

    def take(self, connection: socket.socket, given: bytes) -> None:
        """Take a connection, and what was read from it."""
        # By the names that uvicorn gives them.
        state = {"config": self.config, "server_state": self.server_state, "app_state": self.lifespan.state}
        protocol: Connection = self.config.http_protocol_class(**state)  # type: ignore[assignment]
        protocol.given = given
        taking = asyncio.ensure_future(asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, connection))
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.reception:
            await self.reception.begun()
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.reception:
            # Nobody shall pass on what would be answered no more.
            self.reception.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        for each in signals:
            loop.add_signal_handler(each, self.handle_exit, each, None)
        try:
            yield
        finally:
            for each in signals:
                loop.remove_signal_handler(each)


def _listeners(settings: Settings) -> list[socket.socket]:
    """Return a socket for the service, and one for each receptionist, all at one address."""
    try:
        # Nobody else shall be there: those who share an address get a part of each other's connections.
        first = _bound(settings, settings.port, is_shared=False)
        if not settings.receptionists:
            return [first]
        with first:
            port = first.getsockname()[1]
        return [_bound(settings, port, is_shared=True) for _ in range(1 + settings.receptionists)]
    except OSError as error:
        raise StoreError(
            f"The service cannot listen at {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another with --host and --port."
        ) from error


def _bound(settings: Settings, port: int, *, is_shared: bool) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((settings.host, port))
        if not is_shared:
            bound.listen(1024)
    except OSError:
        bound.close()
        raise
    return bound

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
from collections.abc import Callable, Iterator

import uvicorn
import uvloop

from ...errors import DiplographError, StoreError
from ..workers import Workers
from .application import application
from .connection import connections_of
from .lookups import Lookups
from .problems import log
from .settings import Settings


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve a store until SIGTERM or SIGINT: requests that are under way are finished then, within bounds of time.

    `ready` is told the address once it answers. Raises StoreError where there is no store, or no such address to listen
    at.
    """
    listener = _listener(settings)
    with contextlib.closing(listener):
        port = listener.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = settings.public_url or f"http://{host}:{port}"
        with _seldom_collecting(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, listener, lambda: ready(url)))


async def _serve(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    async with Workers(settings.location, count=settings.workers, limits=settings.limits) as workers:
        with Lookups(settings.location, settings.limits) as lookups:
            config = uvicorn.Config(
                application(settings, workers, lookups),
                http=connections_of(settings),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=int(settings.patience_at_end),
                limit_concurrency=settings.most_connections,
            )
            _log_failures()
            await _Server(config, ready).serve(sockets=[listener])


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

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


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise StoreError(
            f"The service cannot listen at {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another with --host and --port."
        ) from error
    return listener

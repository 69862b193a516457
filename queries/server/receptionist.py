"""The process of a receptionist: it reads whole requests as they arrive, and knows nothing of any other."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import signal
import socket
import sys
from email.utils import formatdate
from typing import Final

import httptools
import uvloop
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from ...errors import WorkerError
from ...graph.oxigraph.generations import Generations
from ..workers import Limits, Run, Task
from .application import application
from .express import Express
from .lookups import Lookups
from .reception import CONNECTION, COUNTS, MOST
from .running import KEPT_ALIVE, seldom_collecting
from .settings import Settings

_TICK: Final = 1.0
"""How often, in seconds, counts are told, and connections are looked for that nobody uses."""
_PATIENCE: Final = 10.0
"""How long, in seconds, the service may take to be given a connection."""


class _Current:
    """The current state of a store, which answers nothing by itself."""

    def __init__(self, settings: Settings) -> None:
        self._generations = Generations(settings.location)

    @property
    def version(self) -> str:
        return self._generations.version() or ""

    async def run(self, task: Task, limits: Limits | None = None) -> Run:
        raise WorkerError("A receptionist has no workers.")


class Receptionist:
    """Takes connections at a listener, and answers what `app` has written at once."""

    def __init__(self, app: Express, settings: Settings, listener: socket.socket, control: socket.socket) -> None:
        self.app, self._settings, self._listener, self._control = app, settings, listener, control
        self.loop = asyncio.get_running_loop()
        self.callers: set[Caller] = set()
        self.head = b""
        """What an answer begins with, but for what is its own."""

    async def work(self) -> None:
        """Work until the service ends."""
        ended = asyncio.Event()
        self.loop.add_reader(self._control, ended.set)
        self._listener.listen(1024)
        self._listener.setblocking(False)
        self.loop.add_reader(self._listener, self._accept)
        while not ended.is_set():
            self._tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _TICK)
        self._listener.close()

    def pass_on(self, caller: Caller, data: bytes) -> None:
        """Let the service have a connection, with what was read from it and not answered."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [CONNECTION + data], [caller.socket.fileno()])
        caller.close()

    def _accept(self) -> None:
        try:
            taken, _ = self._listener.accept()
        except OSError:
            return
        taken.setblocking(False)
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        caller = Caller(self, taken)
        self.callers.add(caller)
        if len(self.callers) > self._settings.most_connections:
            self.pass_on(caller, b"")

    def _tick(self) -> None:
        date = formatdate(usegmt=True).encode()
        self.head = STATUS_LINE[200] + b"date: " + date + b"\r\n"
        oldest = self.loop.time() - KEPT_ALIVE
        for caller in [caller for caller in self.callers if caller.seen < oldest]:
            caller.close()
        with contextlib.suppress(OSError):
            self._control.send(COUNTS + pickle.dumps(self.app.measures.counts()))


class Caller:
    """A connection; as a parser's protocol it takes the parts of a request."""

    def __init__(self, receptionist: Receptionist, connection: socket.socket) -> None:
        self.socket, self.seen = connection, receptionist.loop.time()
        self._receptionist = receptionist
        self._parser = httptools.HttpRequestParser(self)
        self._unsent = b""
        receptionist.loop.add_reader(connection, self._read)

    def close(self) -> None:
        """Let the connection go."""
        self._receptionist.loop.remove_reader(self.socket)
        self._receptionist.loop.remove_writer(self.socket)
        self._receptionist.callers.discard(self)
        self.socket.close()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._address, self._headers = b"", list[tuple[bytes, bytes]]()
        self._is_whole = False

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._address += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers.append((name.lower(), value))

    def on_message_complete(self) -> None:
        """End the request."""
        self._is_whole = True

    def _read(self) -> None:
        try:
            data = self.socket.recv(MOST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        written = self._answer(data)
        if written is None:
            self._receptionist.pass_on(self, data)
        else:
            self.seen = self._receptionist.loop.time()
            self._send(self._receptionist.head + written)

    def _answer(self, data: bytes) -> bytes | None:
        # One request, whole, of the kind that is known here; whoever sends it otherwise talks to the service.
        if not data.startswith(b"GET /sparql?") or data.find(b"\r\n\r\n") != len(data) - 4:
            return None
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return None
        parser = self._parser
        if not (self._is_whole and parser.should_keep_alive() and parser.get_http_version() == "1.1"):
            return None
        return self._receptionist.app.written(self._address, self._headers)

    def _send(self, data: bytes) -> None:
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close()
            return
        self._unsent = data[sent:]
        if self._unsent:
            # Whoever does not read is not read from.
            self._receptionist.loop.remove_reader(self.socket)
            self._receptionist.loop.add_writer(self.socket, self._go_on)

    def _go_on(self) -> None:
        self.seen = self._receptionist.loop.time()
        self._receptionist.loop.remove_writer(self.socket)
        self._receptionist.loop.add_reader(self.socket, self._read)
        self._send(self._unsent)


async def _work(settings: Settings, listener: socket.socket, control: socket.socket) -> None:
    with Lookups(settings.location, settings.limits) as lookups:
        app = application(settings, _Current(settings), lookups)
        await lookups.open()
        await Receptionist(app, settings, listener, control).work()


def main() -> None:
    """Be a receptionist, with the control and the listener that the command line names."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    control, listener = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    # Both ends are processes of one service.
    settings = pickle.loads(control.recv(1 << 20))  # noqa: S301
    control.settimeout(_PATIENCE)
    with seldom_collecting(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings, listener, control))


if __name__ == "__main__":
    main()

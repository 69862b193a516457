"""One exchange with a server over HTTP: it ends in time, and its answer is whole and no larger than allowed."""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

from .address import Address
from .settings import RemoteSettings

_CHUNK: Final = 1 << 16
_ERROR_TEXT: Final = 4096
_REDIRECTS: Final = 5


class Failure(Exception):  # noqa: N818 - it is told to the user by RemoteError, when nothing more is tried
    """Why an exchange has failed: the status, if the server gave one, and the first line of what it said."""

    def __init__(self, reason: str, *, status: int | None = None, retry_after: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.status, self.retry_after = reason, status, retry_after


class OutOfTime(Failure):
    """The time for the whole question is over."""


@dataclass(frozen=True)
class Answer:
    """What a server has answered, whole. `framed` is False where nothing tells the end of it from a lost connection."""

    data: bytes
    headers: Message
    framed: bool

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get_content_type() if self.headers.get("Content-Type") else ""


class Sender(Protocol):
    """Opens a request, as urllib does."""

    def __call__(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Return the response, whose body has not been read."""
        ...


class Deadline:
    """A moment after which nothing is waited for any longer, by the clock that never goes back."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left, 0 at least."""
        return max(self._end - time.monotonic(), 0.0)


class Exchange:
    """Exchanges requests and answers with the server of one address, over http and https and nothing else."""

    def __init__(self, address: Address, settings: RemoteSettings) -> None:
        self._address, self._settings = address, settings

    def answer(self, ask: Callable[[Sender], Any], deadline: Deadline, *, moved: bool) -> Answer:
        """Return the answer to the request that `ask` sends. Redirects are followed if `moved`.

        Raises Failure, and OutOfTime when the deadline ends the wait. Looking up the host's name is the one thing that
        cannot be ended: the system decides how long that takes.
        """
        if not deadline.left:
            raise OutOfTime("there was no time left")
        watch = _Watch(deadline)
        try:
            with watch:
                opener = self._opener(watch, moved)

                def send(request: urllib.request.Request) -> http.client.HTTPResponse:
                    response: http.client.HTTPResponse = opener.open(request, timeout=self._settings.connect_timeout)
                    return response

                return self._whole(ask(send))
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error, watch) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if watch.ended:
                raise OutOfTime("it had not answered when the time was over") from error
            raise Failure(_reason(error)) from error

    def _whole(self, response: http.client.HTTPResponse) -> Answer:
        with response:
            encoding = response.headers.get("Content-Encoding", "identity")
            if encoding.lower() != "identity":
                raise Failure(
                    f"it answered in the encoding {encoding}, which was not asked for", status=response.status
                )
            parts, length = [], 0
            while part := response.read(_CHUNK):
                parts.append(part)
                length += len(part)
                if length > self._settings.largest_answer:
                    raise Failure(
                        f"its answer is longer than {self._settings.largest_answer:,} bytes. Ask for less at once",
                        status=response.status,
                    )
            if response.length:
                raise Failure(f"its answer was cut off: {response.length:,} bytes of it are missing")
            framed = response.length is not None or bool(response.chunked)
            return Answer(b"".join(parts), response.headers, framed)

    def _refusal(self, error: urllib.error.HTTPError, watch: _Watch) -> Failure:
        try:
            text = error.read(_ERROR_TEXT).decode("utf-8", "replace") if error.fp else ""
        except (OSError, http.client.HTTPException, ValueError):
            text = ""
        if watch.ended:
            return OutOfTime("it had not answered when the time was over")
        if error.code in (301, 302, 303, 307, 308):
            place = error.headers.get("Location", "")
            return Failure(f"it has moved, to {_shown(urljoin(self._address.url, place))}", status=error.code)
        line = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if line.startswith("<"):  # a page for people
            line = ""
        said = "".join(character if character.isprintable() else " " for character in line[:300])
        return Failure(said or str(error.reason), status=error.code, retry_after=error.headers.get("Retry-After"))

    def _opener(self, watch: _Watch, moved: bool) -> urllib.request.OpenerDirector:
        opener = urllib.request.OpenerDirector()
        handlers: list[urllib.request.BaseHandler] = [
            urllib.request.ProxyHandler(),
            _Http(watch, self._settings),
            _Https(watch, self._settings),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
        ]
        if moved:
            handlers.append(_Redirects())
        if self._address.user is not None:
            # Only to the endpoint's own server, and only when that asks.
            passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, self._address.origin, self._address.user, self._address.password or "")
            handlers += [_Digest(passwords), _Basic(passwords)]
        for handler in handlers:
            opener.add_handler(handler)
        return opener


class _Watch:
    """Ends the connections of an exchange when its time is over; a server that sends a byte now and then would not."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline, self.ended = deadline, False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(deadline.left, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def over(self, connection: socket.socket) -> None:
        """End this connection too when the time is over."""
        self._sockets.append(connection)
        if self.ended:
            self._end()

    def _end(self) -> None:
        self.ended = True
        for connection in self._sockets:
            try:
                # Not the method of a socket with TLS, which would forget its state under the one who reads.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                continue  # it has ended already


class _Timed(http.client.HTTPConnection):
    """A connection that is watched, and gives up when nothing comes for too long."""

    def __init__(self, *args: Any, watch: _Watch, settings: RemoteSettings, **options: Any) -> None:
        super().__init__(*args, **options)
        self._watch, self._silence = watch, settings.silence
        self.timeout = max(min(settings.connect_timeout, watch.deadline.left), 0.001)

    def connect(self) -> None:
        super().connect()
        self._watch.over(self.sock)
        self.sock.settimeout(self._silence)


class _TimedTls(_Timed, http.client.HTTPSConnection):
    """The same over TLS."""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, watch: _Watch, settings: RemoteSettings) -> None:
        super().__init__()
        self._options: dict[str, Any] = {"watch": watch, "settings": settings}

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Timed, req, **self._options)  # type: ignore[arg-type]


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, watch: _Watch, settings: RemoteSettings) -> None:
        super().__init__()
        self._options: dict[str, Any] = {"watch": watch, "settings": settings}

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_TimedTls, req, **self._options)  # type: ignore[arg-type]


class _Digest(urllib.request.HTTPDigestAuthHandler):
    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return _in_place_of(fp, lambda: super(_Digest, self).http_error_401(req, fp, code, msg, headers))


class _Basic(urllib.request.HTTPBasicAuthHandler):
    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return _in_place_of(fp, lambda: super(_Basic, self).http_error_401(req, fp, code, msg, headers))


def _in_place_of(response: IO[bytes], another: Callable[[], Any]) -> Any:
    """Return what another request brings, and close the response that made it be sent; None where none was sent."""
    try:
        found = another()
    except BaseException:
        response.close()
        raise
    if found is not None:
        response.close()
    return found


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows an endpoint that has moved, with the whole request, to http and https only and never back from https."""

    max_redirections = _REDIRECTS
    max_repeats = 2

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        place = urlsplit(newurl)
        if place.scheme not in ("http", "https") or (req.type == "https" and place.scheme == "http"):
            return None
        if code == 303:
            return urllib.request.Request(  # noqa: S310 - its scheme has been looked at
                newurl, headers={"Accept": req.get_header("Accept", "*/*")}
            )
        same = place.netloc == urlsplit(req.full_url).netloc
        kept = {k: v for k, v in req.header_items() if k.lower() not in ("host", "content-length")}
        if not same:
            kept = {k: v for k, v in kept.items() if k.lower() != "authorization"}
        return urllib.request.Request(newurl, req.data, kept, method=req.get_method())  # noqa: S310 - the same

    def http_error_302(self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        # Not its body, which the library reads however long it is.
        return _in_place_of(fp, lambda: super(_Redirects, self).http_error_302(req, _Nothing(), code, msg, headers))

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class _Nothing(io.BytesIO):
    """The body of a redirect."""


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(error: BaseException) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, http.client.IncompleteRead):
        return "its answer was cut off"
    if isinstance(cause, OSError):
        return (cause.strerror or str(cause) or type(cause).__name__).rstrip(".")
    return str(cause).rstrip(".") or type(cause).__name__

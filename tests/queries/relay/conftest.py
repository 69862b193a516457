"""An endpoint on this machine, in the place of one elsewhere, and a relay that is led there."""

from __future__ import annotations

import gzip
import http.server
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

RESULTS = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"from elsewhere"}}]}}'


@pytest.fixture(autouse=True, scope="module")
def _collecting(collecting_here: None) -> None:
    pass


@dataclass
class Endpoint:
    """An endpoint: its port, and what it was sent; its paths say how it answers."""

    port: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class Answering(http.server.BaseHTTPRequestHandler):
    endpoint: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.endpoint.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        with suppress(OSError):
            getattr(self, self.path.strip("/"))()

    do_GET = do_POST  # noqa: N815

    def sparql(self, kind: str = "application/sparql-results+json", body: bytes = RESULTS, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page(self) -> None:
        self.sparql("text/html; charset=utf-8", b"<p>no results</p>")

    def packed(self) -> None:
        self.sparql(Content_Encoding="gzip")

    def short(self) -> None:
        self.sparql(length="1000")

    def broken(self) -> None:
        self.sparql(body=RESULTS[:-3])

    def long(self) -> None:
        self.sparql(body=RESULTS + b" " * 100_000)

    def endless(self) -> None:
        self.sparql(length="1000000000")
        while True:
            self.wfile.write(b" " * 1000)

    def turtle(self) -> None:
        self.sparql("text/turtle; charset=utf-8", b"<s> <x:p> 1 .")

    def untyped(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab")

    def bomb(self) -> None:
        self.sparql("text/turtle", gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")

    def chunked(self) -> None:
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            self.wfile.write(b"100\r\n" + b" " * 256 + b"\r\n")

    def error(self) -> None:
        body = b"out of\n\x1b[31mmemory" + b"!" * 1000
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, to: str = "", status: int = 302) -> None:
        self.send_response(status)
        self.send_header("Location", to or f"http://127.0.0.1:{self.endpoint.port}/sparql")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def led(self) -> None:
        self.redirect("turtle", 303)

    def away(self) -> None:
        self.redirect(f"//there.example.invalid:{self.endpoint.port}/turtle", 301)

    def circle(self) -> None:
        self.redirect("/circle", 307)

    def slow(self) -> None:
        self.sparql(length="1000000")
        for _ in range(200):
            self.wfile.write(b" ")
            time.sleep(0.05)

    def slow_head(self) -> None:
        for _ in range(200):
            self.wfile.write(b"H")
            time.sleep(0.05)

    def silent(self) -> None:
        time.sleep(10)


@pytest.fixture
def endpoint(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[Endpoint]:
    """An endpoint that is asked without encryption."""
    found = Endpoint()
    with listening(Answering, endpoint=found) as found.port:
        yield found


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for right.example that nobody vouches for, in one file with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes a certificate, is missing")
    place = tmp_path_factory.mktemp("certificate")
    key, told = place / "key.pem", place / "certificate.pem"
    names = ("-subj", "/CN=right.example", "-addext", "subjectAltName=DNS:right.example", "-days", "2")
    made = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    command = ["openssl", "req", *made, *names, "-keyout", str(key), "-out", str(told)]
    subprocess.run(command, check=True, capture_output=True)
    (place / "both.pem").write_bytes(told.read_bytes() + key.read_bytes())
    return place / "both.pem"


@pytest.fixture
def encrypted(listening: Callable[..., AbstractContextManager[int]], certificate: Path) -> Iterator[Endpoint]:
    """An endpoint with that certificate."""
    found = Endpoint()
    with listening(Answering, certificate, endpoint=found) as found.port:
        yield found


@pytest.fixture(scope="session")
def certificates(certificate: Path) -> Callable[[], ssl.SSLContext]:
    """Trust in that certificate."""
    return lambda: ssl.create_default_context(cafile=str(certificate))

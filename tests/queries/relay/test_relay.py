"""The relay asks what it may, where it was checked, and gives up in time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from diplograph.errors import ServiceError
from diplograph.graph.origins import origin
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.scope import Scope
from diplograph.queries.relay import Relay, public_addresses
from diplograph.queries.relay.addresses import Address


def here(_: str, port: int) -> list[Address]:
    """This machine, whatever the name."""
    return [Address(socket.AF_INET, ("127.0.0.1", port))]


def relay(endpoint: Any, host: str = "http://there.example", **settings: Any) -> Relay:
    return Relay([origin(f"{host}:{endpoint.port}")], **{"seconds": 5, "addresses": here, **settings})


def answer(relay: Relay, way: str = "sparql", keyword: str = "SERVICE") -> list[Any]:
    iri = f"{relay.endpoints.allowed[0].scheme}://{relay.endpoints.allowed[0].host}:{relay.endpoints.allowed[0].port}"
    sparql = f"SELECT ?a {{ {keyword} <{iri}/{way}> {{ ?s ?p ?a }} }}"
    found: Any = OxigraphStore().view().query(sparql, {}, Scope(endpoints=relay.endpoints))
    return [None if a is None else str(a) for (a,) in found.rows]


def sent(relay: Relay, path: str, body: str = "ASK {}", method: str = "POST", **headers: str) -> tuple[int, str]:
    """What comes back from the relay's own address."""
    connection = http.client.HTTPConnection(urlsplit(relay.endpoints.relay).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers)
        with connection.getresponse() as response:
            return response.status, response.read().decode()
    finally:
        connection.close()


def test_the_query_is_passed_on_and_nothing_else(endpoint: Any) -> None:
    with relay(endpoint) as relaying:
        assert answer(relaying) == ["from elsewhere"]
        address = relaying.endpoints.address(f"http://there.example:{endpoint.port}/sparql")
        sent(relaying, urlsplit(address).path, Cookie="a=b", Authorization="Basic YTpi", Referer="http://x/", Via="x")
    for path, headers, _ in endpoint.requests:
        assert path == "/sparql"
        assert headers.pop("content-length")
        assert headers == {
            "host": f"there.example:{endpoint.port}",
            "accept": "application/sparql-results+json, application/sparql-results+xml",
            "accept-encoding": "identity",
            "content-type": "application/sparql-query",
            "user-agent": "Diplograph",
        }
    assert [body for _, _, body in endpoint.requests] == [b"SELECT * WHERE { ?s ?p ?a . }", b"ASK {}"]


TROUBLES = {
    "redirect": r"with 302, a redirect, and none is followed",
    "error": r"with status 500: out of \[31mmemory!+…$",
    "page": r"with text/html, not with SPARQL results",
    "packed": r"with what is compressed",
    "short": r"broke off",
    "long": r"more than 50,000 bytes",
    "endless": r"more than 50,000 bytes",
}


class TestTrouble:
    """What goes wrong there is told with the host; where SILENT is said, nothing is known then."""

    @pytest.mark.parametrize(("way", "said"), TROUBLES.items(), ids=TROUBLES)
    def test_it_is_told(self, endpoint: Any, way: str, said: str) -> None:
        with relay(endpoint, most_bytes=50_000) as relaying:
            with pytest.raises(ServiceError, match=rf"^there\.example .*{said}") as caught:
                answer(relaying, way)
            assert answer(relaying, way, "SERVICE SILENT") == [None]
        assert "127.0.0.1" not in str(caught.value)
        assert [path for path, _, _ in endpoint.requests] == [f"/{way}"] * 2, "a redirect leads nowhere"

    def test_what_is_no_results_is_told(self, endpoint: Any) -> None:
        with relay(endpoint) as relaying, pytest.raises(ServiceError, match=r"SERVICE.*no SPARQL results"):
            answer(relaying, "broken")

    def test_nobody_there_is_told(self, endpoint: Any) -> None:
        closed = socket.create_server(("127.0.0.1", 0))
        endpoint.port = closed.getsockname()[1]
        closed.close()
        with relay(endpoint) as relaying, pytest.raises(ServiceError, match=r"there\.example cannot be asked.*refused"):
            answer(relaying)

    @pytest.mark.parametrize("way", ["slow", "slow_head", "silent"])
    def test_it_ends_in_time(self, endpoint: Any, way: str) -> None:
        with relay(endpoint, seconds=0.5) as relaying:
            begin = time.monotonic()
            with pytest.raises(ServiceError, match=r"there\.example took longer than 0\.5 s"):
                answer(relaying, way)
        assert time.monotonic() - begin < 3

    def test_it_ends_when_nobody_waits_for_it(self, endpoint: Any) -> None:
        with relay(endpoint, seconds=60, most_calls=1) as relaying:
            address = urlsplit(relaying.endpoints.address(f"http://there.example:{endpoint.port}/silent"))
            with socket.create_connection((address.hostname, address.port)) as asking:
                asking.sendall(f"POST {address.path} HTTP/1.0\r\nContent-Length: 6\r\n\r\nASK {{}}".encode())
                while not endpoint.requests:
                    time.sleep(0.01)
            begin = time.monotonic()
            assert answer(relaying) == ["from elsewhere"]
        assert time.monotonic() - begin < 5


class TestAddresses:
    """Only an address that was checked is connected to."""

    def test_a_name_that_is_found_elsewhere_afterwards_leads_nowhere(
        self, endpoint: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked_up, connected = [], []

        def look_up(host: str, port: int, **_: object) -> list[Any]:
            looked_up.append(host)
            address = "8.8.8.8" if len(looked_up) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        class Watched(socket.socket):
            def connect(self, place: Any, /) -> None:
                connected.append(place[0])
                if place[0] != "127.0.0.1":
                    raise ConnectionRefusedError(111, "Connection refused")
                super().connect(place)

        with relay(endpoint, addresses=partial(public_addresses, look_up=look_up)) as relaying:
            monkeypatch.setattr(socket, "socket", Watched)
            with pytest.raises(ServiceError, match="refused"):
                answer(relaying)
            assert (looked_up, connected) == (["there.example"], ["8.8.8.8"])
            with pytest.raises(ServiceError, match="not public"):
                answer(relaying)
            assert connected == ["8.8.8.8"]
        assert endpoint.requests == []

    def test_the_next_address_is_tried_where_one_does_not_answer(self, endpoint: Any) -> None:
        free = socket.create_server(("127.0.0.1", 0))
        nobody = Address(socket.AF_INET, free.getsockname())
        free.close()
        with relay(endpoint, addresses=lambda host, port: [nobody, *here(host, port)]) as relaying:
            assert answer(relaying) == ["from elsewhere"]

    def test_usually_this_machine_is_not_asked(self, endpoint: Any) -> None:
        with (
            relay(endpoint, "http://localhost", addresses=public_addresses) as relaying,
            pytest.raises(ServiceError, match="not public"),
        ):
            answer(relaying)
        assert endpoint.requests == []


class TestEncryption:
    """A host must prove who it is."""

    def test_the_right_host_is_asked(self, encrypted: Any, certificates: Callable[[], ssl.SSLContext]) -> None:
        with relay(encrypted, "https://right.example", context=certificates()) as relaying:
            assert answer(relaying) == ["from elsewhere"]
            with pytest.raises(ServiceError, match=r"more than|took longer"):
                answer(relaying, "endless")

    def test_one_of_another_name_is_not(self, encrypted: Any, certificates: Callable[[], ssl.SSLContext]) -> None:
        with (
            relay(encrypted, "https://wrong.example", context=certificates()) as relaying,
            pytest.raises(ServiceError, match=r"wrong\.example has no certificate .*mismatch"),
        ):
            answer(relaying)
        assert encrypted.requests == []

    def test_one_whose_certificate_nobody_knows_is_not(self, encrypted: Any) -> None:
        with (
            relay(encrypted, "https://right.example") as relaying,
            pytest.raises(ServiceError, match=r"right\.example has no certificate .*self"),
        ):
            answer(relaying)
        assert encrypted.requests == []

    def test_it_ends_in_time(self, encrypted: Any, certificates: Callable[[], ssl.SSLContext]) -> None:
        with (
            relay(encrypted, "https://right.example", context=certificates(), seconds=0.5) as relaying,
            pytest.raises(ServiceError, match="took longer"),
        ):
            answer(relaying, "slow")


class TestOwnAddress:
    """Only who has been given the relay's address is served, and only what it is for."""

    def test_without_the_secret_it_is_not_found(self, endpoint: Any) -> None:
        with relay(endpoint) as relaying:
            path = urlsplit(relaying.endpoints.address(f"http://there.example:{endpoint.port}/sparql")).path
            secret, name = path.split("/")[1:]
            for wrong in ("/", f"/{name}", f"//{name}", f"/x/{name}", f"/{secret[:-1]}/{name}", f"/{secret}x/{name}"):
                assert sent(relaying, wrong)[0] == 404
            assert sent(relaying, path, method="GET")[0] == 501
            assert len(secret) >= 40
        assert endpoint.requests == []

    def test_with_it_the_list_holds_still(self, endpoint: Any) -> None:
        with relay(endpoint) as relaying:
            for iri in (f"http://evil.example:{endpoint.port}/", f"https://there.example:{endpoint.port}/", "x"):
                status, said = sent(relaying, urlsplit(relaying.endpoints.address(iri)).path)
                assert status == 502
                assert "Allowed" in said
        assert endpoint.requests == []

    def test_its_own_address_is_passed_on_to_nobody(self, endpoint: Any) -> None:
        with relay(endpoint) as relaying:
            address = relaying.endpoints.address(f"http://there.example:{endpoint.port}/sparql")
            status, said = sent(relaying, urlsplit(address).path, f"ASK {{ SERVICE <{address}> {{}} }}")
            assert (status, "within another" in said) == (502, True)
        assert endpoint.requests == []

    def test_another_machine_cannot_reach_it(self, endpoint: Any) -> None:
        with relay(endpoint) as relaying:
            assert urlsplit(relaying.endpoints.relay).hostname == "127.0.0.1"

    def test_it_is_gone_afterwards(self, endpoint: Any) -> None:
        with relay(endpoint) as relaying:
            pass
        with pytest.raises(ConnectionRefusedError):
            sent(relaying, "/")


def test_calls_at_once_are_bounded_and_others_wait(endpoint: Any) -> None:
    with relay(endpoint, seconds=0.5, most_calls=2) as relaying:
        errors: list[str] = []

        def ask() -> None:
            try:
                answer(relaying, "silent")
            except ServiceError as error:
                errors.append(str(error))

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for each in asking:
            each.start()
        time.sleep(0.3)
        assert len(endpoint.requests) == 2
        for each in asking:
            each.join()
        assert len(endpoint.requests) == len(errors) == 4

"""Documents are fetched where they may be, from where it was checked, and no more than is bearable."""

from __future__ import annotations

import pickle
import socket
import ssl
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from diplograph.errors import HostError, QueryRefusedError
from diplograph.graph.origins import origin
from diplograph.graph.web import Fetched, Web
from diplograph.queries.relay import Fetcher, public_addresses
from diplograph.queries.relay.addresses import Address
from diplograph.queries.relay.call import Caller


def here(_: str, port: int) -> list[Address]:
    """This machine, whatever the name."""
    return [Address(socket.AF_INET, ("127.0.0.1", port))]


def web(endpoint: Any, host: str = "http://there.example", **settings: Any) -> Web:
    return Web((origin(f"{host}:{endpoint.port}"),), Fetcher(Caller(**{"seconds": 5, "addresses": here, **settings})))


def fetched(web: Web, way: str = "turtle") -> Fetched:
    allowed = web.allowed[0]
    return web.document(f"{allowed.scheme}://{allowed.host}:{allowed.port}/{way}", "text/turtle", 50_000)


def test_the_document_is_asked_for_and_nothing_else_is_told(endpoint: Any) -> None:
    there = f"there.example:{endpoint.port}"
    assert fetched(web(endpoint)) == Fetched(f"http://{there}/turtle", "text/turtle", b"<s> <x:p> 1 .")
    headers = {"host": there, "accept": "text/turtle", "accept-encoding": "identity", "user-agent": "Diplograph"}
    assert endpoint.requests == [("/turtle", headers, b"")]


def test_a_document_without_a_type_has_none(endpoint: Any) -> None:
    assert fetched(web(endpoint), "untyped").media_type == ""


TROUBLES = {
    "error": r"with status 500: out of \[31mmemory!+…$",
    "packed": r"compressed, which was not asked for and is not unpacked",
    "bomb": r"compressed, which was not asked for and is not unpacked",
    "short": r"broke off",
    "long": r"more than 50,000 bytes",
    "endless": r"more than 50,000 bytes",
    "chunked": r"more than 50,000 bytes",
}


@pytest.mark.parametrize(("way", "said"), TROUBLES.items(), ids=TROUBLES)
def test_trouble_is_told_with_the_address(endpoint: Any, way: str, said: str) -> None:
    begin = time.monotonic()
    with pytest.raises(HostError, match=rf"^<http://there\.example:\d+/{way}> cannot be fetched: there.*{said}"):
        fetched(web(endpoint), way)
    assert time.monotonic() - begin < 4, "no more is read than is bearable"


@pytest.mark.parametrize("way", ["slow", "slow_head", "silent"])
def test_it_ends_in_time(endpoint: Any, way: str) -> None:
    begin = time.monotonic()
    with pytest.raises(HostError, match=r"there\.example took longer than 0\.5 s"):
        fetched(web(endpoint, seconds=0.5), way)
    assert time.monotonic() - begin < 3


def test_a_redirect_is_followed_where_it_may_be(endpoint: Any) -> None:
    assert fetched(web(endpoint), "led").address == f"http://there.example:{endpoint.port}/turtle"
    assert [path for path, _, _ in endpoint.requests] == ["/led", "/turtle"]


@pytest.mark.parametrize("way", ["redirect", "away"])
def test_a_redirect_elsewhere_is_refused_and_not_followed(endpoint: Any, way: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"to which <http://there\.example:\d+/\w+> leads"):
        fetched(web(endpoint), way)
    assert [path for path, _, _ in endpoint.requests] == [f"/{way}"]


def test_redirects_in_a_circle_end(endpoint: Any) -> None:
    with pytest.raises(HostError, match="more than 5 times"):
        fetched(web(endpoint), "circle")
    assert len(endpoint.requests) == 6


def test_each_step_of_the_way_is_looked_up_and_checked(endpoint: Any) -> None:
    looked_up = []

    def addresses(host: str, port: int) -> list[Address]:
        looked_up.append(host)
        if len(looked_up) == 2:
            raise HostError(f"{host} leads to an address that is not public, and only public ones are asked.")
        return here(host, port)

    with pytest.raises(HostError, match="not public"):
        fetched(web(endpoint, addresses=addresses), "led")
    assert looked_up == ["there.example"] * 2
    assert [path for path, _, _ in endpoint.requests] == ["/led"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:8.8.8.8", "100.64.0.1"])
def test_a_private_address_is_not_connected_to(endpoint: Any, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    look_up = partial(public_addresses, look_up=lambda *_, **__: [(family, 1, 6, "", (address, endpoint.port))])
    with pytest.raises(HostError, match=r"^<http://there\.example:\d+/turtle> cannot be .*not public") as caught:
        fetched(web(endpoint, addresses=look_up))
    assert address not in str(caught.value)
    assert endpoint.requests == []


def test_usually_this_machine_is_not_asked(endpoint: Any) -> None:
    for host in ("http://localhost", "http://127.0.0.1"):
        with pytest.raises(HostError, match="not public"):
            fetched(Web((origin(f"{host}:{endpoint.port}"),), Fetcher()))
    assert endpoint.requests == []


class TestEncryption:
    """A host must prove who it is."""

    def test_the_right_host_is_asked(self, encrypted: Any, certificates: Callable[[], ssl.SSLContext]) -> None:
        trusting = web(encrypted, "https://right.example", context=certificates())
        assert fetched(trusting).body == b"<s> <x:p> 1 ."
        with pytest.raises(QueryRefusedError, match="leads"):
            fetched(trusting, "away")

    def test_another_is_not(self, encrypted: Any, certificates: Callable[[], ssl.SSLContext]) -> None:
        with pytest.raises(HostError, match=r"wrong\.example has no certificate"):
            fetched(web(encrypted, "https://wrong.example", context=certificates()))
        with pytest.raises(HostError, match=r"right\.example has no certificate"):
            fetched(web(encrypted, "https://right.example"))
        assert encrypted.requests == []


def test_it_can_go_to_another_process() -> None:
    closed = Web((origin("there.example"),), Fetcher())
    assert pickle.loads(pickle.dumps(closed)) == closed  # noqa: S301

"""Which addresses are asked: public ones, whatever else is written into them."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.errors import HostError
from diplograph.queries.relay.addresses import Address, is_public, public_addresses

PUBLIC = ["1.1.1.1", "8.8.8.8", "91.198.174.192", "2606:4700:4700::1111", "2a02:ec80:300:ed1a::1", "64:ff9b::8.8.8.8"]
# The special registries of IANA (https://www.iana.org/assignments/iana-ipv4-special-registry/, and that of IPv6), what
# is multicast, and addresses in which another is written.
OTHERS = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.0.1 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.200 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
::ffff:0:8.8.8.8 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::192.168.1.1 64:ff9b::169.254.169.254 64:ff9b::224.0.0.1
64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1::1 2001:2::1
2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:808:808:: 2002:c0a8:101::1 3fff::1 4000::1 5f00::1
fc00::1 fd00::1 fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1
"""


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_asked(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", OTHERS.split())
def test_no_other_is(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_form_in_ipv6_makes_a_public_address_of_one_that_is_not(address: IPv4Address) -> None:
    number = int(address)
    assert is_public(IPv6Address(int(IPv6Address("64:ff9b::")) | number)) == is_public(address)
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b:1::"):
        assert not is_public(IPv6Address(int(IPv6Address(prefix)) | number))
    assert not is_public(IPv6Address(0x2002 << 112 | number << 80))
    assert not is_public(IPv6Address(0x20010000 << 96 | number << 64 | number ^ 0xFFFFFFFF))


def found(*addresses: str) -> Any:
    """What looks a host up and finds these addresses."""

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    return look_up


def test_all_addresses_of_a_host_are_given_with_the_port() -> None:
    assert public_addresses("a.example", 443, found("1.1.1.1", "2606:4700::1")) == [
        Address(socket.AF_INET, ("1.1.1.1", 443)),
        Address(socket.AF_INET6, ("2606:4700::1", 443)),
    ]


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("1.1.1.1", "10.0.0.1"), ("::1", "1.1.1.1"), ("fe80::1%lo",)])
def test_a_host_with_an_address_that_is_not_public_is_not_asked(addresses: tuple[str, ...]) -> None:
    with pytest.raises(HostError, match=r"a\.example.*not public") as caught:
        public_addresses("a.example", 443, found(*addresses))
    assert addresses[0] not in str(caught.value), "what a name means inside is nobody's business outside"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "0"])
def test_this_machine_is_not_asked_by_any_of_its_names(host: str) -> None:
    with pytest.raises(HostError):
        public_addresses(host, 80)


def test_a_host_that_is_not_known_is_an_error() -> None:
    def look_up(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(HostError, match=r"a\.example.*no address"):
        public_addresses("a.example", 443, look_up)

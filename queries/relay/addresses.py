"""The addresses of a host that may be connected to: public ones, as they were when they were looked up."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final, NamedTuple, TypeAlias

from ...errors import HostError


class Address(NamedTuple):
    """Where to connect to: a family of addresses, and what its sockets take."""

    family: socket.AddressFamily
    place: tuple[Any, ...]


Addresses: TypeAlias = Callable[[str, int], Sequence[Address]]
"""Gives the addresses of a host, for a port, that may be connected to; raises HostError for one that may not."""

# Python's versions differ in what they take for private: the special registries of IANA say what is left out here.
_GLOBAL: Final = IPv6Network("2000::/3")
_SPECIAL_6: Final = (
    IPv6Network("2001::/23"),  # of protocols, with Teredo
    IPv6Network("2001:db8::/32"),  # of documentation, as the next but one
    IPv6Network("2002::/16"),  # 6to4, in which any other address can be
    IPv6Network("3fff::/20"),
)
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_SPECIAL_4: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("240.0.0.0/4"))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public network, whatever Python's version takes for it.

    One that has another in it is not, but for those by which a network without IPv4 reaches it (RFC 6052).
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in net for net in _SPECIAL_4)
    if address in _TRANSLATED:
        return is_public(IPv4Address(address.packed[12:]))
    return address.is_global and address in _GLOBAL and not any(address in net for net in _SPECIAL_6)


def public_addresses(
    host: str, port: int, look_up: Callable[..., Sequence[Any]] = socket.getaddrinfo
) -> Sequence[Address]:
    """Return all addresses of a host; raises HostError if it has none, or one that is not public."""
    try:
        found = look_up(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostError(f"{host} has no address: it is not known, or cannot be found now.") from error
    addresses = [Address(family, place) for family, _, _, _, place in found]
    if not addresses or not all(is_public(ip_address(str(address.place[0]))) for address in addresses):
        raise HostError(f"{host} leads to an address that is not public, and only public ones are asked.")
    return addresses

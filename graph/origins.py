"""Where other machines are: hosts as they are named to be reached, and addresses at them."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final, NamedTuple

from ..errors import InputError

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_PLACE = rf"({_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?"
_ENTRY = re.compile(rf"(?:(https?)://)?{_PLACE}/?", re.IGNORECASE | re.ASCII)
# No user, no fragment, and nothing that two programs could read in two ways.
_ADDRESS = re.compile(rf"(https?)://{_PLACE}((?:/[\w.~!$&'()*+,;=:@/%-]*)?(?:\?[\w.~!$&'()*+,;=:@/%?-]*)?)",
                      re.IGNORECASE | re.ASCII)  # fmt: skip
_PORTS: Final = {"https": 443, "http": 80}


class Origin(NamedTuple):
    """Where something is: scheme, host in lower case, and port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        scheme = "" if self.scheme == "https" else f"{self.scheme}://"
        return f"{scheme}{self.host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


class Target(NamedTuple):
    """What is asked: an origin, and the path there, with what follows a question mark."""

    origin: Origin
    path: str


def origin(entry: str) -> Origin:
    """Return the origin that is named by `HOST` or `HOST:PORT`, and is asked by HTTPS unless it begins with `http://`.

    Without a port it is 443, or 80 for HTTP. Raises InputError for anything else.
    """
    found = _origin(match) if (match := _ENTRY.fullmatch(entry)) else None
    if found is None:
        raise InputError(
            f"{entry!r} names no host. Give a name such as example.org or example.org:8443, in ASCII and without a "
            "path; http://example.org for one that is to be asked without encryption."
        )
    return found


def target_at(iri: str, allowed: Container[Origin]) -> Target | None:
    """Return what an IRI names, None unless it is at one of these origins, without user and fragment."""
    match = _ADDRESS.fullmatch(iri)
    found = _origin(match) if match else None
    if match is None or found is None or found not in allowed:
        return None
    return Target(found, match[4] if match[4].startswith("/") else f"/{match[4]}")


def _origin(match: re.Match[str]) -> Origin | None:
    scheme, host = (match[1] or "https").lower(), match[2].lower()
    port = int(match[3]) if match[3] else _PORTS[scheme]
    return Origin(scheme, host, port) if 0 < port < 65536 and len(host) < 254 else None

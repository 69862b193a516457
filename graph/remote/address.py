"""The address of an endpoint, without the password in it, and where its other parts usually lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from ...errors import StoreError

_UPDATES: Final = {"/query": "/update", "/sparql": "/update"}
_GRAPHS: Final = {"/query": ("/store", "/data"), "/sparql": ("/store", "/data")}
_REPOSITORY: Final = "/repositories/"


@dataclass(frozen=True)
class Address:
    """The address of an endpoint, and who asks it; neither the user's name nor the password is ever shown."""

    url: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        """Scheme, host and port: the part that passwords are for."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/"

    def updates(self, virtuoso: bool) -> tuple[str, ...]:
        """Return where changes may be taken, the likeliest first."""
        found = [self._beside("/sparql-auth")] if virtuoso and self.user else []
        for end, other in _UPDATES.items():
            if self._path.endswith(end):
                found.append(self._beside(other))
        if self._is_repository:
            found.append(self._below("/statements"))
        return tuple(dict.fromkeys([*found, self.url]))

    def graph_stores(self, virtuoso: bool) -> tuple[str, ...]:
        """Return where whole graphs may be taken by the Graph Store Protocol, the likeliest first."""
        if virtuoso:
            return (self._beside("/sparql-graph-crud-auth" if self.user else "/sparql-graph-crud"),)
        found = [self._beside(other) for end, others in _GRAPHS.items() if self._path.endswith(end) for other in others]
        if self._is_repository:
            found.append(self._below("/rdf-graphs/service"))
        return tuple(dict.fromkeys(found))

    @property
    def _path(self) -> str:
        return urlsplit(self.url).path.rstrip("/")

    @property
    def _is_repository(self) -> bool:
        return _REPOSITORY in self._path and "/" not in self._path.rpartition(_REPOSITORY)[2]

    def _beside(self, name: str) -> str:
        return self._with_path(self._path.rpartition("/")[0] + name)

    def _below(self, name: str) -> str:
        return self._with_path(self._path + name)

    def _with_path(self, path: str) -> str:
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def address_of(location: str, user: str | None = None, password: str | None = None) -> Address:
    """Return the address that a location gives: https://user:password@host/path takes precedence over the other two.

    Raises StoreError for what is no address of an endpoint.
    """
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise StoreError(f"The address of the endpoint is no URL ({error}). Write https://host/path.") from error
    if parts.scheme not in ("http", "https") or not host or not location.isprintable() or " " in location:
        raise StoreError(f"{parts.scheme}://{host or ''} is no address of an endpoint. Write https://host/path.")
    name = f"[{host}]" if ":" in host else host
    url = urlunsplit((parts.scheme, name if port is None else f"{name}:{port}", parts.path or "/", parts.query, ""))
    if parts.username is not None:
        return Address(url, unquote(parts.username), unquote(parts.password or ""))
    return Address(url, user, password)

"""The store in an endpoint."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ...errors import StoreError
from ..store import Store, View, Writer
from .address import address_of
from .endpoint import Endpoint
from .settings import RemoteSettings
from .view import RemoteView


class RemoteStore(Store):
    """A store in a SPARQL 1.1 endpoint. Nothing is sent before it is asked or changed."""

    def __init__(self, location: str, settings: RemoteSettings | None = None) -> None:
        chosen = settings or RemoteSettings()
        self._endpoint = Endpoint(address_of(location, chosen.user, chosen.password), chosen)
        self._closed = False

    def view(self) -> View:
        """Return a view of the endpoint; changes made elsewhere show in it as they are made."""
        self._check()
        return RemoteView(self._endpoint)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change."""
        raise StoreError("Not yet.")
        yield

    def close(self) -> None:
        """Close the store; the endpoint goes on."""
        self._closed = True

    def _check(self) -> None:
        if self._closed:
            raise StoreError("This store has been closed. Open it again to use it.")

"""Lookups are answered by the server itself: to pass them on to a worker would take longer than to answer them."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Self

from ...errors import DiplographError
from ...graph.lookups import MOST_CHARACTERS, MOST_ROWS
from ...graph.opening import versioned_store
from ...graph.oxigraph import OxigraphStore
from ...graph.store import View
from ...ontology.namespaces import PREFIXES
from ..tasks import AnswerQuery
from ..workers import Limits

_MOST_BYTES = 8 * MOST_CHARACTERS
"""What an answer cannot be longer than, with all that stands around its rows, whatever its characters are."""


class Lookups:
    """A view of the current generation of a store, as a context, for queries that are sure to be short.

    When another generation is published, workers answer until it is open.
    """

    def __init__(self, directory: Path, limits: Limits) -> None:
        self._directory = directory
        bounds = ((limits.rows, MOST_ROWS), (limits.bytes, _MOST_BYTES))
        self._is_allowed = all(most is None or most >= bound for most, bound in bounds)
        self._version = self._sought = ""
        self._store: OxigraphStore | None = None
        self._view: View | None = None
        self._opening: asyncio.Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let the store go."""
        if self._store is not None:
            self._store.close()
        self._store = self._view = None

    def answer(self, task: AnswerQuery, version: str) -> bytes | None:
        """Return the answer to a query of a version of the store, None where a worker has to give it."""
        if not self._is_allowed:
            return None
        if version != self._version:
            self._renew(version)
            return None
        if self._view is None or task.rows != "json" or task.default_graphs or task.named_graphs or task.web:
            return None
        with contextlib.suppress(DiplographError):
            # A worker meets the same error, and tells it.
            return self._view.looked_up(task.sparql, PREFIXES)
        return None

    def _renew(self, version: str) -> None:
        # Once for each version: where it cannot be opened, workers answer.
        if self._opening is None and version != self._sought:
            self._sought = version
            self._opening = asyncio.ensure_future(self.open())

    async def open(self) -> None:
        """Open the current generation, if it can be opened."""
        try:
            version, store = await asyncio.to_thread(versioned_store, self._directory)
        except DiplographError:
            return
        finally:
            self._opening = None
        self.__exit__()
        self._version, self._store, self._view = version, store, store.view()

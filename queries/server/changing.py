"""Changing documents over HTTP: only for whoever has the token, one at a time, in a process of its own."""

from __future__ import annotations

import asyncio
import hmac
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from starlette.requests import Request

from ...errors import ProtocolError, StoreError
from ...graph.loading import Outcome
from ..changes import Change, change
from .settings import Settings


class Changing:
    """Does changes; the service answers from the state before until a change is published."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def allowed(self) -> bool:
        """Whether anything can be changed at all."""
        return self._settings.token is not None

    def check_token(self, request: Request) -> None:
        """Raise ProtocolError (401) unless the request has the token; how long it takes tells nothing of it."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        expected = self._settings.token or ""
        right = hmac.compare_digest(given.strip().encode(), expected.encode())
        if scheme.lower() != "bearer" or not expected or not right:
            raise ProtocolError(401, "Changes need the token, as Authorization: Bearer ….", WWW_Authenticate="Bearer")

    async def done(self, asked: Change) -> Outcome:
        """Return what a change did, once it is done. It is done to the end though the client hang up."""
        # A new process for each: what a large document took is given back.
        pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        try:
            work = asyncio.get_running_loop().run_in_executor(pool, change, self._settings.location, asked)
            return await asyncio.shield(work)
        except BrokenProcessPool as error:
            raise StoreError("The process that changed the store ended before it was done.") from error
        finally:
            pool.shutdown(wait=False)

"""Changing documents over HTTP: only for whoever has the token, one at a time, in a process of its own with bounds."""

from __future__ import annotations

import asyncio
import hmac
import multiprocessing
import resource
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol, TypeVar

from starlette.requests import Request

from ...errors import DiplographError, LimitError, ProtocolError, WorkerError
from .settings import Settings

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Asked(Protocol[T_co]):
    """What is to be done to the store in a directory, as `queries.changes` has it; it can go to another process."""

    def done(self, directory: Path) -> T_co:
        """Do it, all or nothing, and return what that did."""


class Changing:
    """Does changes; the service answers from the state before until a change is published."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()

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

    async def done(self, asked: Asked[T]) -> T:
        """Return what a change did, once it is done; others wait for it. A client that hangs up does not end it.

        Raises what doing it raises, LimitError where it takes too long, and WorkerError where its process ends before
        it is done, as it does without enough memory. Nothing is changed then.
        """
        async with self._turn:
            return await asyncio.shield(asyncio.to_thread(_done, self._settings, asked))


def _done(settings: Settings, asked: Asked[T]) -> T:
    # A new process for each: what a large document took is given back, and what takes too much ends alone.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_change, args=(theirs, settings.location, asked, settings.memory_for_change), daemon=True
    )
    process.start()
    theirs.close()
    try:
        if not ours.poll(settings.patience_for_change):
            seconds = settings.patience_for_change
            raise LimitError(f"The change took longer than {seconds:g} seconds.", limit="seconds", value=seconds)
        outcome: T | DiplographError = ours.recv()
    except EOFError as error:
        raise WorkerError(
            "The process that was to change the store ended before it was done. Nothing is changed. What needs more "
            f"than {settings.memory_for_change // 2**20:,} MB cannot be done over HTTP."
        ) from error
    finally:
        # What is not published by now is not to be.
        process.kill()
        process.join()
        ours.close()
    if isinstance(outcome, DiplographError):
        raise outcome
    return outcome


def _change(told: Connection, directory: Path, asked: Asked[object], memory: int) -> None:
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    # A crash leaves nothing behind on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        told.send(asked.done(directory))
    except DiplographError as error:
        told.send(error)
    except MemoryError:
        # Whoever waits is told by the end of the process.
        told.close()

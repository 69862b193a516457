"""One piece of work on a store under limits, for a caller that is no server: it is done in a worker and then over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...graph.store import View
from .limits import Limits
from .pool import Workers


@dataclass(frozen=True)
class Call:
    """The text or bytes that a function makes of a view and further arguments; it is found by its name."""

    function: Callable[..., str | bytes]
    arguments: tuple[Any, ...]
    rows: None = None

    def write(self, view: View, out: Path) -> None:
        """Write what the function returns; raises what it raises."""
        made = self.function(view, *self.arguments)
        out.write_bytes(made.encode() if isinstance(made, str) else made)


def limited(directory: Path, limits: Limits, function: Callable[..., str | bytes], *arguments: Any) -> bytes:
    """Return what a function of a module makes of the view of a store on disk and of further arguments.

    The work ends with an interruption too. Raises what the function raises, LimitError and WorkerError.
    """

    async def made() -> bytes:
        async with Workers(directory, count=1, spare=0, limits=limits, grace=0) as workers:
            return b"".join([piece async for piece in await workers.run(Call(function, arguments))])

    return asyncio.run(made())

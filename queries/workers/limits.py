"""How much one answer may cost: time, memory, rows and bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import InputError, LimitError

_MEBI = 1024 * 1024
_LEAST_MEMORY = 64 * _MEBI
"""Below this, in bytes, no query could be answered at all."""


@dataclass(frozen=True)
class Limits:
    """The limits of one answer: seconds from its beginning, bytes of memory beside the store, and its rows and bytes.

    None is no limit. Raises InputError for a value that could never be kept.
    """

    seconds: float = 30
    memory: int | None = 1024 * _MEBI
    rows: int | None = 10_000_000
    bytes: int | None = 4096 * _MEBI

    def __post_init__(self) -> None:
        if not (0 < self.seconds < math.inf):
            raise InputError(f"A limit of {self.seconds} seconds cannot be kept. Give a number above 0, such as 30.")
        if self.memory is not None and self.memory < _LEAST_MEMORY:
            raise InputError(
                f"A limit of {self.memory:,} bytes of memory is too small. Give at least {_LEAST_MEMORY:,}."
            )
        for name, value in (("rows", self.rows), ("bytes", self.bytes)):
            if value is not None and value < 0:
                raise InputError(f"A limit of {value} {name} cannot be kept. Give 0 or more.")

    def broken(self, limit: str) -> LimitError:
        """Return the error that says that one of these limits, called by its field's name, ended the work."""
        value = getattr(self, limit)
        message = {
            "seconds": f"The answer took longer than {value:g} s, so the work was ended.",
            "memory": f"The answer took more than {value / _MEBI:,.0f} MiB of memory, so the work was ended.",
            "rows": f"The answer has more than {value:,} rows, so it was ended.",
            "bytes": f"The answer is longer than {value:,} bytes, so it was ended.",
        }[limit]
        return LimitError(f"{message} {_ADVICE[limit]}", limit=limit, value=value)


_ADVICE = {
    "seconds": "Make the query more selective, or allow it more time.",
    "memory": "Make the query more selective: sorting, grouping and DISTINCT keep all they find.",
    "rows": "Ask for fewer with LIMIT, or in parts.",
    "bytes": "Ask for less with LIMIT, or in parts.",
}

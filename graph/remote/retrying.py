"""Trying again: what is worth it, and how long to wait before it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

from .exchange import Deadline, Failure, OutOfTime
from .settings import RemoteSettings

T = TypeVar("T")

_BUSY: Final = (429, 503)
"""The server has not begun with it: https://www.rfc-editor.org/rfc/rfc9110#status.503, RFC 6585 section 4."""
_PASSING: Final = (502, 504)
"""What stands before the server could not reach it: it may have begun, or not."""


class Retrying:
    """Tries again with growing waits, so many times and for so long as the settings say.

    Whatever was refused by a server that was too busy is tried again; after a lost connection, only what changes
    nothing. `sleep` waits for seconds, and `chance` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        settings: RemoteSettings,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings, self._sleep, self._chance = settings, sleep, chance

    def result(self, attempt: Callable[[], T], deadline: Deadline, *, idempotent: bool) -> T:
        """Return what an attempt returns; raises the Failure of the last one."""
        tried = 1
        while True:
            try:
                return attempt()
            except OutOfTime:
                raise
            except Failure as failure:
                wait = self._wait(failure, tried, idempotent)
                if wait is None or tried >= self._settings.attempts:
                    raise
                if wait >= deadline.left:
                    raise OutOfTime(f"{failure}; there was no time left to try again") from failure
            self._sleep(wait)
            tried += 1

    def _wait(self, failure: Failure, tried: int, idempotent: bool) -> float | None:
        """Return how long to wait before another attempt, None where there should be none."""
        lost = failure.status is None and not isinstance(failure, OutOfTime)
        if failure.status not in _BUSY and not (idempotent and (lost or failure.status in _PASSING)):
            return None
        asked = _seconds(failure.retry_after)
        if asked is not None:
            return asked if asked <= self._settings.longest_wait else None
        # Anywhere up to twice as long each time, so that those who were refused together do not come back together.
        growing = self._settings.first_wait * 2.0 ** (tried - 1)
        return min(growing, self._settings.longest_wait) * (0.5 + self._chance() / 2)


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, None where there is none that can be read."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)

"""How long to wait for an endpoint, how often to try, how much to take from it, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from ...errors import InputError

_PREFIX = "DIPLOGRAPH_ENDPOINT_"


@dataclass(frozen=True)
class RemoteSettings:
    """Times are in seconds.

    `timeout` bounds one question or change as a whole, with everything that is tried again and the waits between;
    `connect_timeout` and `silence` are for one attempt: until there is a connection, and without a byte from there.
    Where an endpoint says how long to wait, it is waited for `longest_wait` at most. `largest_answer` is in bytes;
    answers longer than `page` rows are fetched in pages of so many. The addresses for changes and for whole graphs are
    found by the endpoint's own address where they are not given.
    """

    timeout: float = 300.0
    connect_timeout: float = 10.0
    silence: float = 120.0
    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0
    largest_answer: int = 1 << 30
    page: int = 100_000
    update_url: str | None = None
    graph_store_url: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings that variables give: DIPLOGRAPH_ENDPOINT_TIMEOUT, _UPDATE_URL, _GRAPH_STORE_URL, _USER
        and _PASSWORD. Raises InputError for a timeout that is no number of seconds."""
        given = {name: environment.get(_PREFIX + name) or None for name in ("UPDATE_URL", "GRAPH_STORE_URL", "USER")}
        text = environment.get(_PREFIX + "TIMEOUT") or str(cls.timeout)
        try:
            timeout = float(text)
        except ValueError:
            timeout = 0.0
        if not 0 < timeout < float("inf"):
            raise InputError(f"{_PREFIX}TIMEOUT is {text!r}, which is no number of seconds. Write 60, for example.")
        return cls(
            timeout=timeout,
            update_url=given["UPDATE_URL"],
            graph_store_url=given["GRAPH_STORE_URL"],
            user=given["USER"],
            password=environment.get(_PREFIX + "PASSWORD") or None,
        )

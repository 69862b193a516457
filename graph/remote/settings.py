"""How long to wait for an endpoint, how often to try, how much to take from it, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass, field


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

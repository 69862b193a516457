"""What a change depends on: headers that name a state of the store, or say that a document is there or is not."""

from __future__ import annotations

import re

from starlette.requests import Request

from ...errors import ProtocolError
from ..changes import Condition

_VERSION = re.compile(r'(?:W/)?"([^"-]*)-[0-9a-f]*"')


def condition_of(request: Request) -> Condition:
    """Return what a change depends on (RFC 9110, section 13.1).

    Our tags are weak, as answers may come compressed, and If-Match compares strong ones only; but each tells the state
    of the whole store, and whoever sends one wants to change nothing but that state.
    """
    versions, exists = None, None
    match, none_match = (", ".join(request.headers.getlist(name)).strip() for name in ("if-match", "if-none-match"))
    if match == "*":
        exists = True
    elif match:
        versions = frozenset(_VERSION.findall(match))
    if none_match == "*":
        exists = False
    elif none_match:
        raise ProtocolError(400, "A change takes If-None-Match: * only, which says that there must be none yet.")
    return Condition(versions, exists)

"""What the server of Oxigraph does in its own way."""

from __future__ import annotations

from .dialect import Dialect


class OxigraphServer(Dialect):
    """Oxigraph: queries with functions that it does not know it refuses as if it had failed."""

    def refused(self, status: int | None, text: str) -> bool:
        """Return whether it refuses a query."""
        return status == 400 or (status == 500 and text.rstrip(".").endswith("is not supported"))

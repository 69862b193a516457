"""Any SPARQL 1.1 endpoint as a store: read, and written where the endpoint lets it be."""

from .settings import RemoteSettings
from .store import RemoteStore

__all__ = ["RemoteSettings", "RemoteStore"]

"""The relay asks other endpoints for the engine, and fetches documents, at checked addresses under limits that hold."""

from .addresses import public_addresses
from .fetching import Fetcher
from .serving import Relay

__all__ = ["Fetcher", "Relay", "public_addresses"]

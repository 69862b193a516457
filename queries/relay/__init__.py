"""The relay: it asks other endpoints for the engine, at addresses that were checked, under limits that hold."""

from .addresses import public_addresses
from .serving import Relay

__all__ = ["Relay", "public_addresses"]

"""Opening the store at a location."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rdflib import Graph

from ..errors import StoreError, StoreMissingError
from .memory import MemoryStore
from .oxigraph import OxigraphStore
from .oxigraph.generations import Generations
from .store import Store

IN_MEMORY: Final = ":memory:"
DEFAULT: Final = "diplograph.db"


def open_store(location: str | Path | Graph = DEFAULT, *, create: bool = True) -> Store:
    """Return the store at a location: a directory, `:memory:` or an rdflib graph.

    A directory that is empty or does not exist becomes a store with the first document written to it, unless `create`
    is False: then StoreMissingError is raised. Also raises StoreVersionError and StoreError where the directory cannot
    be used.
    """
    if isinstance(location, Graph):
        return MemoryStore(location)
    if str(location) == IN_MEMORY:
        return OxigraphStore()
    if str(location).startswith(("http://", "https://")):
        raise StoreError(f"{location}: this version opens no remote endpoints. Give a directory or :memory:.")
    return disk_store(Path(location), create=create)


def disk_store(directory: Path, *, create: bool = True) -> OxigraphStore:
    """Return the store in a directory; see `open_store`."""
    if str(directory) == IN_MEMORY:
        raise StoreError(f"A store in memory ({IN_MEMORY}) ends with its process. Give a directory here.")
    try:
        directory.exists()
    except OSError as error:
        raise StoreError(f"There can be no store at {str(directory)[:60]!r}: {error.strerror}.") from error
    # A directory in which nothing was ever published is as good as none.
    if not create and Generations(directory).current() is None:
        raise StoreMissingError(directory)
    return OxigraphStore(directory)

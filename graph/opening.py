"""Opening the store at a location."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import Graph

from ..errors import StoreError, StoreMissingError
from .memory import MemoryStore
from .oxigraph import OxigraphStore
from .oxigraph.generations import Generations
from .store import Store

if TYPE_CHECKING:
    from .remote import RemoteSettings

IN_MEMORY: Final = ":memory:"
DEFAULT: Final = "diplograph.db"


def open_store(
    location: str | Path | Graph = DEFAULT, *, create: bool = True, remote: RemoteSettings | None = None
) -> Store:
    """Return the store at a location: a directory, `:memory:`, the URL of a SPARQL endpoint, or an rdflib graph.

    A directory that is empty or does not exist becomes a store with the first document written to it, unless `create`
    is False: then StoreMissingError is raised. `remote` says how long to wait for an endpoint, and more; nothing
    is sent to it before it is used. Also raises StoreVersionError and StoreError where the location cannot be used.
    """
    if isinstance(location, Graph):
        return MemoryStore(location)
    if str(location) == IN_MEMORY:
        return OxigraphStore()
    if _is_url(location):
        from .remote import RemoteStore

        return RemoteStore(str(location), remote)
    return disk_store(Path(location), create=create)


def disk_store(directory: Path, *, create: bool = True) -> OxigraphStore:
    """Return the store in a directory; see `open_store`."""
    if str(directory) == IN_MEMORY:
        raise StoreError(f"A store in memory ({IN_MEMORY}) ends with its process. Give a directory here.")
    if _is_url(directory):
        raise StoreError("A store in an endpoint has no directory of its own. Give a directory here.")
    try:
        directory.exists()
    except OSError as error:
        raise StoreError(f"There can be no store at {str(directory)[:60]!r}: {error.strerror}.") from error
    # A directory in which nothing was ever published is as good as none.
    if not create and Generations(directory).current() is None:
        raise StoreMissingError(directory)
    return OxigraphStore(directory)


def versioned_store(directory: Path) -> tuple[str, OxigraphStore]:
    """Return the store in a directory, which must be there, and the version of what it holds.

    See `Generations.version`. Raises what `disk_store` raises.
    """
    generations = Generations(directory)
    while True:
        version, store = generations.version(), disk_store(directory, create=False)
        if version is not None and version == generations.version():
            return version, store
        # A new generation was published meanwhile: which of the two this is cannot be told.
        store.close()


def _is_url(location: str | Path) -> bool:
    # A path has one slash less.
    return str(location).lower().startswith(("http:/", "https:/"))

"""The Oxigraph store, on disk in one directory or in memory."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from ...errors import StoreError
from ..naming import FILE as NAMES_FILE
from ..store import Store, View, Writer
from .edging import carry_edges, has_edges
from .generations import Generations, store_errors
from .naming import write_names
from .trial import copied
from .view import OxigraphView, State
from .writer import OxigraphWriter


class OxigraphStore(Store):
    """A store in the Oxigraph engine; `directory` None keeps it in memory."""

    def __init__(self, directory: Path | None = None) -> None:
        self._generations = None if directory is None else Generations(directory)
        self._generation: Path | None = None
        self._held = contextlib.ExitStack()
        self._states: weakref.WeakSet[State] = weakref.WeakSet()
        self._show(ox.Store())
        self._open()

    def _open(self) -> None:
        if self._generations is None:
            return
        with contextlib.ExitStack() as stack:
            generation = stack.enter_context(self._generations.reading())
            with store_errors(self._generations.directory, "read"):
                engine = ox.Store.read_only(str(generation)) if generation else ox.Store()
            self._held.close()
            self._held = stack.pop_all()
        self._generation = generation
        self._show(engine)

    def _show(self, engine: ox.Store) -> None:
        self._state = State(engine, self._generations.directory if self._generations else None)
        self._state.settle(self._generation)
        self._states.add(self._state)

    def view(self) -> View:
        """Return a view of the store as this process last saw it."""
        self._state.check()
        return OxigraphView(self._state)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change a copy of the store and publish it when the block ends without an error, if it has changed it."""
        self._state.check()
        if self._generations is None:
            copy = copied(self._state.engine)
            with State(copy) as state, OxigraphWriter(state) as writer:
                yield writer
                writer.settle()
            self._show(copy)
            return
        directory = self._generations.directory
        with self._generations.next() as (draft, final):
            with store_errors(directory, "written"):
                opened = State(ox.Store(str(draft)), directory)
            with opened as state, OxigraphWriter(state, has_edges=has_edges(draft)) as writer:
                yield writer
                writer.settle()
                if writer.changed or self._generation is None:
                    with store_errors(directory, "written"), ThreadPoolExecutor(1) as pool:
                        tsv, names = OxigraphView(state).tsv, draft / f"{NAMES_FILE}.new"
                        # At the same time, as the engine compacts on one processor only.
                        named = pool.submit(write_names, names, draft / NAMES_FILE, writer.renamed, tsv)
                        writer.compact()
                        named.result()
                        # A copy, as the engine goes on tidying the files of the draft until it is closed.
                        state.engine.backup(str(final))
                        names.rename(final / NAMES_FILE)
                        carry_edges(draft, final, writer.touched)
        self._open()

    def backup(self, directory: Path) -> None:
        """Make a store in another directory that holds what this one holds now; one that is there gets a new state."""
        Generations(directory).adopt(self._kept())

    def restore(self, directory: Path) -> None:
        """Take over what the store in another directory holds; what this one held is replaced."""
        self._state.check()
        with OxigraphStore(directory) as source:
            generation = source._kept()
            if self._generations is None:
                raise StoreError("A store in memory cannot be restored. Give --store a directory.")
            self._generations.adopt(generation)
        self._open()

    def _kept(self) -> Path:
        self._state.check()
        if self._generation is None:
            raise StoreError("This store has nothing on disk to copy: it is in memory, or nothing was ever loaded.")
        return self._generation

    def close(self) -> None:
        """Give back the generation that is held open; to use the store or its views then raises StoreError."""
        for state in set(self._states):
            state.close()
        self._held.close()

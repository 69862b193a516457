"""A store on disk as numbered generations, of which one is current: changes make a new one and publish it at once.

The directory holds `diplograph.json` (layout version and the current generation), `lock`, and one directory for each
generation. A published generation never changes, so any number of processes can read it while one writes the next.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from ...errors import StoreError, StoreLockedError, StoreVersionError

LAYOUT: Final = 1
"""The version of the directory layout that this code reads and writes."""

_RECORD = "diplograph.json"


class Generations:
    """The generations of one store directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def initialise(self) -> None:
        """Make the directory ready for a first generation; raises StoreError if it is something else than a store."""
        self.current()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"No store can be made at {str(self.directory)!r}: {error.strerror}.") from error

    def current(self) -> Path | None:
        """Return the directory of the current generation, None while nothing has been published.

        Raises StoreVersionError where its layout is another, StoreError where it is no store.
        """
        if not self.directory.exists():
            return None
        if not self.directory.is_dir():
            raise StoreError(f"{str(self.directory)!r} is a file and no Diplograph store. Give --store a directory.")
        try:
            record = json.loads((self.directory / _RECORD).read_bytes())
        except FileNotFoundError:
            if any(path.name != "lock" and not path.stem.isdigit() for path in self.directory.iterdir()):
                raise StoreError(f"{str(self.directory)!r} is no Diplograph store: it has no {_RECORD}.") from None
            return None
        except OSError as error:
            raise StoreError(f"{str(self.directory)!r} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise StoreError(
                f"{self.directory / _RECORD} is damaged: {error}. Restore the store from a backup."
            ) from error
        if not isinstance(record, dict) or record.get("layout") != LAYOUT:
            found = record.get("layout") if isinstance(record, dict) else record
            raise StoreVersionError(self.directory, found, LAYOUT)
        generation = self.directory / str(record.get("generation"))
        if not generation.is_dir():
            raise StoreError(
                f"{str(self.directory)!r} lacks its generation {generation.name}. Restore it from a backup."
            )
        return generation

    @contextlib.contextmanager
    def held(self, generation: Path) -> Iterator[None]:
        """Keep a generation from being cleared away while it is read."""
        with _locked(generation.with_name(f"{generation.name}.readers"), fcntl.LOCK_SH):
            yield

    @contextlib.contextmanager
    def next(self) -> Iterator[tuple[Path, Path]]:
        """Yield a draft, which is a copy of the current generation, and where its final state has to be put.

        When the block ends well, the final state is the current generation. After an error, or a crash, the current
        one is as it was. Raises StoreLockedError while another process writes.
        """
        self.initialise()
        try:
            lock = _lock(self.directory / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreLockedError(self.directory) from error
        except OSError as error:
            raise StoreError(f"{str(self.directory)!r} cannot be written: {error.strerror}.") from error
        with lock:
            current = self.current()
            number = int(current.name) + 1 if current else 1
            final = self.directory / f"{number:06d}"
            draft = self.directory / f"{number:06d}.draft"
            for remains in (draft, final):
                shutil.rmtree(remains, ignore_errors=True)
            try:
                if current:
                    # The engine's table files never change once written, so generations can share them.
                    shutil.copytree(current, draft, copy_function=_linked_table)
                yield draft, final
                self._publish(final)
            except BaseException:
                shutil.rmtree(final, ignore_errors=True)
                raise
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            self._clear(keep=final)

    def adopt(self, generation: Path) -> None:
        """Make a copy of a generation, of this store or another, the current one."""
        with self.next() as (_, final):
            shutil.copytree(generation, final)

    def _publish(self, generation: Path) -> None:
        draft = self.directory / f"{_RECORD}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"layout": LAYOUT, "generation": generation.name}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.directory / _RECORD)

    def _clear(self, keep: Path) -> None:
        for path in self.directory.iterdir():
            if not path.name.isdigit() or path == keep:
                continue
            readers = path.with_name(f"{path.name}.readers")
            with contextlib.suppress(BlockingIOError), _locked(readers, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(path, ignore_errors=True)
                readers.unlink(missing_ok=True)


def _linked_table(source: str, target: str) -> str:
    if source.endswith(".sst"):
        os.link(source, target)
        return target
    return shutil.copy2(source, target)


def _lock(path: Path, how: int) -> IO[bytes]:
    file = path.open("ab")
    try:
        fcntl.flock(file, how)
    except BaseException:
        file.close()
        raise
    return file


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    with _lock(path, how):
        yield

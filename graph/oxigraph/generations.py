"""A store on disk as numbered generations, of which one is current: changes make a new one and publish it at once.

The directory holds `diplograph.json` (layout version and the current generation), `lock`, and one directory for each
generation. What the engine wrote of a published generation never changes, so any number of processes can read it while
one writes the next. Only the table of edges, which follows from it, may be added in a directory of its own.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from ...errors import StoreError, StoreLockedError, StoreVersionError
from ..edges.record import TEMPORARY
from ..naming import FILE as NAMES_FILE

LAYOUT: Final = 1
"""The version of the directory layout that this code reads and writes."""

_RECORD = "diplograph.json"
_NEW_RECORD = "diplograph.json.new"
_LOCK = "lock"
_OWN = re.compile(r"(?P<number>[0-9]{6,})(?:[.0-9a-f]*\.(?P<kind>draft|readers))?")
_BEGINNING = re.compile(rf"{_LOCK}|{re.escape(_NEW_RECORD)}|000001(?:[.0-9a-f]*\.draft)?")
"""What a first change that was cut off before it was published can leave behind."""
_UNFINISHED = shutil.ignore_patterns(f"*{TEMPORARY}")
"""What a reader may be adding, and may be gone the next moment."""
_WITHOUT_LOCKS = frozenset([errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOLCK, errno.EOPNOTSUPP])


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
        generation = self._recorded()
        while generation and not generation.is_dir():
            # A writer may have cleared it away since the record was read: then the record names another by now.
            missing, generation = generation, self._recorded()
            if generation == missing:
                raise self._lacking(missing.name)
        return generation

    def version(self) -> str | None:
        """Return what no other generation has, of this store or another; None while nothing has been published.

        It is cheap to ask for: the record is made anew for every generation, and is only looked at from outside.
        """
        try:
            status = (self.directory / _RECORD).stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"The store at {str(self.directory)!r} cannot be read: {error.strerror}.") from error
        return f"{status.st_ino:x}.{status.st_mtime_ns:x}"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Path | None]:
        """Yield the current generation, which is not cleared away meanwhile; None while nothing has been published."""
        while generation := self.current():
            with contextlib.ExitStack() as stack:
                with store_errors(self.directory, "read"):
                    stack.enter_context(self.held(generation))
                if self.current() == generation:
                    yield generation
                    return
        yield None

    @contextlib.contextmanager
    def held(self, generation: Path) -> Iterator[None]:
        """Keep a generation from being cleared away from now on; it may be gone already."""
        try:
            lock: contextlib.AbstractContextManager[object] = _lock(_readers(generation), fcntl.LOCK_SH)
        except OSError as error:
            if error.errno not in _WITHOUT_LOCKS:
                raise
            # Who may not write here can still read.
            lock = contextlib.nullcontext()
        with lock:
            yield

    @contextlib.contextmanager
    def next(self) -> Iterator[tuple[Path, Path]]:
        """Yield a draft, which is a copy of the current generation, and where its final state has to be put.

        When the block ends well, the final state is the current generation. Where the block puts none, and after an
        error or a crash, the current one is as it was. Raises StoreLockedError while another process writes.
        """
        self.initialise()
        with self._write_lock():
            current = self.current()
            number = int(current.name) + 1 if current else 1
            final = self.directory / f"{number:06d}"
            # Whoever still looks at an error may have the last draft open: none has the name of another.
            draft = self.directory / f"{number:06d}.{secrets.token_hex(4)}.draft"
            shutil.rmtree(final, ignore_errors=True)
            try:
                if current:
                    with store_errors(self.directory, "written"):
                        # Table files and the index of names never change once written, so generations can share them.
                        shutil.copytree(current, draft, copy_function=_linked_table, ignore=_UNFINISHED)
                yield draft, final
                with store_errors(self.directory, "written"):
                    if final.exists():
                        self._publish(final)
            except BaseException:
                # An interruption can come when the record names the new generation already.
                with contextlib.suppress(StoreError):
                    if self.current() != final:
                        shutil.rmtree(final, ignore_errors=True)
                raise
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            self._clear(before=number)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """Yield where whoever makes the next generation can put a copy of the draft, which is removed afterwards."""
        directory, emptied = (self.directory / f"000001.{secrets.token_hex(4)}.draft" for _ in range(2))
        try:
            yield directory
        finally:
            # The engine may still be open, and tidy its files: it finds no place for new ones any more.
            with contextlib.suppress(OSError):
                directory.rename(emptied)
            shutil.rmtree(emptied, ignore_errors=True)

    def adopt(self, generation: Path) -> None:
        """Make a copy of a generation, of this store or another, the current one."""
        with self.next() as (_, final), store_errors(self.directory, "written"):
            shutil.copytree(generation, final, ignore=_UNFINISHED)

    def _recorded(self) -> Path | None:
        with store_errors(self.directory, "read"):
            if not self.directory.exists():
                return None
            if not self.directory.is_dir():
                raise StoreError(
                    f"{str(self.directory)!r} is a file and no Diplograph store. Give --store a directory."
                )
            try:
                record = json.loads((self.directory / _RECORD).read_bytes())
            except FileNotFoundError:
                names = {path.name for path in self.directory.iterdir()}
                # A record that came just now is no reason to refuse, nor to take the store for an empty one.
                if _RECORD in names:
                    return self._recorded()
                if names and not (_LOCK in names and all(map(_BEGINNING.fullmatch, names))):
                    raise StoreError(f"{str(self.directory)!r} is no Diplograph store: it has no {_RECORD}.") from None
                return None
            except (ValueError, RecursionError) as error:
                raise StoreError(
                    f"{self.directory / _RECORD} is damaged: {error}. Restore the store from a backup."
                ) from error
        if not isinstance(record, dict) or record.get("layout") != LAYOUT:
            found = record.get("layout") if isinstance(record, dict) else record
            raise StoreVersionError(self.directory, found, LAYOUT)
        name = record.get("generation")
        match = _OWN.fullmatch(name) if isinstance(name, str) else None
        if match is None or match["kind"]:
            raise self._lacking(name)
        return self.directory / match["number"]

    def _lacking(self, generation: object) -> StoreError:
        return StoreError(f"{str(self.directory)!r} lacks its generation {generation!r}. Restore it from a backup.")

    def _write_lock(self) -> IO[bytes]:
        with store_errors(self.directory, "written"):
            try:
                return _lock(self.directory / _LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreLockedError(self.directory) from error

    def _publish(self, generation: Path) -> None:
        # All that the record will name has to be on the disk before the record is.
        for path in (*generation.iterdir(), generation, self.directory):
            _sync(path)
        new = self.directory / _NEW_RECORD
        with new.open("w", encoding="utf-8") as file:
            json.dump({"layout": LAYOUT, "generation": generation.name}, file)
        _sync(new)
        new.replace(self.directory / _RECORD)
        _sync(self.directory)

    def _clear(self, before: int) -> None:
        """Remove older generations that nobody reads, and what writers that died have left of theirs."""
        for path in sorted(self.directory.iterdir()):
            match = _OWN.fullmatch(path.name)
            if match is None or (int(match["number"]) >= before and match["kind"] != "draft"):
                continue
            # What cannot be removed now is left to the next change; this one is published.
            with contextlib.suppress(OSError):
                if match["kind"] == "draft":
                    shutil.rmtree(path)
                elif match["kind"] == "readers":
                    if not path.with_suffix("").exists():
                        path.unlink()
                else:
                    with _lock(_readers(path), fcntl.LOCK_EX | fcntl.LOCK_NB):
                        shutil.rmtree(path)


@contextlib.contextmanager
def store_errors(directory: Path | None, participle: str) -> Iterator[None]:
    """Raise StoreError for what the system or the engine reports; `participle` says what cannot be done."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        place = "in memory" if directory is None else f"at {str(directory)!r}"
        # Copying a directory reports each file that failed; the first says enough.
        copied = error.args[0] if isinstance(error, shutil.Error) and error.args else None
        reason = copied[0][-1] if isinstance(copied, list) and copied else error
        raise StoreError(f"The store {place} cannot be {participle}: {str(reason).rstrip('.')}.") from error


def _linked_table(source: str, target: str) -> str:
    if source.endswith((".sst", ".parquet", NAMES_FILE)):
        # Not every file system has links.
        with contextlib.suppress(OSError):
            os.link(source, target)
            return target
    return shutil.copy2(source, target)


def _readers(generation: Path) -> Path:
    return generation.with_name(f"{generation.name}.readers")


def _lock(path: Path, how: int) -> IO[bytes]:
    # Sharing needs no right to write to the file, if only it is there.
    access = os.O_RDONLY if how == fcntl.LOCK_SH else os.O_RDWR
    file = os.fdopen(os.open(path, access | os.O_CREAT, 0o666), "rb")
    try:
        fcntl.flock(file, how)
    except BaseException:
        file.close()
        raise
    return file


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some file systems cannot do this for a directory.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)

"""Where the engine writes an answer to: a file or a pipe, in pieces, while it finds it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from ...errors import OutputError


@contextlib.contextmanager
def opened(out: Path, *, xml: bool = False) -> Iterator[IO[bytes]]:
    """Yield a file or pipe for an engine to write to; raises OutputError where it does not take what is written.

    A path given to the engine itself would do the same, but the engine then wants it synced to a disk, and a pipe has
    none. The engine writes pieces of 8 kB, so that nothing is lost by this.
    """
    with _Output(out, xml=xml) as output:
        yield cast(IO[bytes], output)


class _Output(io.RawIOBase):
    def __init__(self, path: Path, *, xml: bool) -> None:
        with _output_errors(path):
            self._file = path.open("wb", buffering=0)
        self._path, self._xml = path, xml

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        # Whoever reads XML takes a bare carriage return for a line feed.
        rest = memoryview(data.replace(b"\r", b"&#13;") if self._xml else data)
        with _output_errors(self._path):
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


@contextlib.contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error

"""Files read and written whole: what cannot be read is said plainly, and nothing half-written is ever under a name."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from ..errors import InputError, OutputError


def file_bytes(path: Path) -> bytes:
    """Return what a file holds; raises InputError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file.") from error
    except OSError as error:
        raise InputError(f"{path}: it cannot be read ({error.strerror}).") from error


def file_text(path: Path) -> str:
    """Return what a UTF-8 file holds, line ends as they are; raises InputError where it cannot be read or decoded."""
    try:
        return file_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: it is not UTF-8 text ({error.reason} at byte {error.start}).") from error


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole, or leave what was there; raises OutputError where it cannot be written."""
    draft = None
    try:
        path = Path(os.path.realpath(path))
        if path.exists() and not path.is_file() and not path.is_dir():
            # A pipe or a device is written to; nothing can take its place.
            path.write_bytes(data)
            return
        # Beside its place and then moved there; mkstemp's own mode would keep the file from others.
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(draft, 0o666 & ~_umask())
        os.replace(draft, path)
    except OSError as error:
        if draft is not None:
            with contextlib.suppress(OSError):
                os.unlink(draft)
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

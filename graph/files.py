"""Files read and written whole: what cannot be read is said plainly, and nothing half-written is ever under a name."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
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
    """Write a file whole, or leave what was there; a file that was there keeps its mode, a link its target's name.

    A pipe or a device is written to, as nothing can take its place. Raises OutputError where it cannot be written.
    """
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            _replace(Path(os.path.realpath(path)), data, None if mode is None else stat.S_IMODE(mode))
        else:
            path.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    # Beside its place and then moved there. A new file gets the mode that the system gives to new files.
    draft = path.with_name(f".{secrets.token_hex(8)}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode & 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(handle, mode)
            os.fsync(handle)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise

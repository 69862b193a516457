"""Tasks that do what queries seldom do, for the tests of workers, which find this module on their path."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from diplograph.errors import QueryError
from diplograph.graph.store import View

MIB = 1024 * 1024
_kept: list[bytes] = []


@dataclass(frozen=True)
class Odd:
    """Writes some MiB, notes on the side how far it is, and then does something that is called by its name.

    It waits before that until there is a file `until`.
    """

    then: str = "end"
    mib: float = 0
    notes: Path = Path(os.devnull)
    until: Path = Path(os.devnull)
    rows: None = None

    def write(self, view: View, out: Path) -> None:
        with out.open("wb", buffering=0) as pipe, self.notes.open("a", encoding="ascii") as notes:
            for _ in range(int(self.mib * 16)):
                pipe.write(b"x" * (MIB // 16))
                notes.write("x")
                notes.flush()
            if self.then == "tell":
                pipe.write(f"{os.getpid()} {os.getppid()}".encode())
        while not self.until.exists():
            time.sleep(0.005)
        if self.then == "sleep":
            time.sleep(60)
        elif self.then == "abort":
            os.abort()
        elif self.then == "exit":
            os._exit(3)
        elif self.then == "fail":
            raise QueryError("It failed at the end.")
        elif self.then == "break":
            raise LookupError("a mistake of ours")
        elif self.then == "fill":
            bytearray(1000 * MIB)
        elif self.then == "keep":
            _kept.append(b"x" * (200 * MIB))

"""When the engine tidies its files: after a large load rather than during it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

_THREADS: Final = Path("/proc/self/task")
_TIDYING: Final = "rocksdb:low"
"""What the engine's library of tables calls the threads that merge table files."""
_LAST: Final = 19
"""The nice value of what runs when nothing else wants to."""


def tidy_last() -> None:
    """Let the threads that merge table files wait for all others, where the system gives each thread a priority.

    While much is loaded they would merge again and again what the compaction at the end merges once more, and take
    about a fifth of the load's time for it. They stay so, as not every user may take it back; on processors with
    nothing else to do they are as fast as before.
    """
    for thread in _THREADS.glob("*"):
        # Threads come and go, and to be slower is no error.
        with contextlib.suppress(OSError):
            if (thread / "comm").read_text(encoding="utf-8").startswith(_TIDYING):
                os.setpriority(os.PRIO_PROCESS, int(thread.name), _LAST)

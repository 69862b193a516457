"""When the engine tidies its files: after a large load rather than during it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

_THREADS: Final = Path("/proc/self/task")
_TIDYING: Final = "rocksdb:low"
"""What the engine's library of tables calls the threads that merge table files."""
_NICER: Final = 5
"""How much higher their nice value is: a third of the share of a processor that others get who want it, too."""


def tidy_later() -> None:
    """Let the threads that merge table files step back for others, where the system gives each thread a priority.

    While much is loaded they merge again and again what the compaction at the end merges once more, and would take
    about a fifth of the load's time for it. They stay so, as not every user may take it back; on a processor that has
    nothing else to do they are as fast as before.
    """
    nice = os.getpriority(os.PRIO_PROCESS, 0) + _NICER
    for thread in _THREADS.glob("*"):
        # Threads come and go, and to be slower is no error.
        with contextlib.suppress(OSError):
            number = int(thread.name)
            is_tidying = (thread / "comm").read_text(encoding="utf-8").startswith(_TIDYING)
            if is_tidying and os.getpriority(os.PRIO_PROCESS, number) < nice:
                os.setpriority(os.PRIO_PROCESS, number, nice)

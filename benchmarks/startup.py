"""What starting costs: `--help` beside an empty Python, and the whole demo, each as the median of several runs."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

HELP_LIMIT = 0.15
DEMO_LIMIT = 5.0


def main() -> None:
    """Print the medians and the two promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command (default 7)")
    runs = parser.parse_args().runs
    python = [sys.executable]
    empty, helped = _medians([[*python, "-c", "pass"], [*python, "-m", "diplograph", "--help"]], runs)
    with tempfile.TemporaryDirectory() as directory:
        (demo,) = _medians([[*python, "-m", "diplograph", "demo", "--out", directory]], max(3, runs // 2))
    print(f"python -c pass      {empty:6.3f} s")
    print(f"diplograph --help   {helped:6.3f} s   {helped - empty:+.3f} s   (promise: at most +{HELP_LIMIT} s)")
    print(f"diplograph demo     {demo:6.3f} s              (promise: under {DEMO_LIMIT:.0f} s)")


def _medians(commands: Sequence[Sequence[str]], runs: int) -> list[float]:
    # In turn, so that a machine that drifts drifts for all of them.
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(runs + 1):
        for command, taken in zip(commands, times, strict=True):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken[1:]) for taken in times]


if __name__ == "__main__":
    main()

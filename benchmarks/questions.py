"""How fast the library's questions are answered by the default engine, beside rdflib's own on the same data."""

from __future__ import annotations

import argparse
import statistics
import time
import warnings

from rdflib import Dataset

from diplograph.graph.loading import PACKAGED, example_store, load, packaged_sources
from diplograph.graph.memory import MemoryStore
from diplograph.graph.store import Solutions, View
from diplograph.queries.catalogue import questions


def main() -> None:
    """Print the time of each question as its file stands, on both engines, and the ratios' median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each question (default 3)")
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore", DeprecationWarning)
    default, reference = example_store(), MemoryStore(Dataset())
    load(reference, [source for name in PACKAGED for source in packaged_sources(name)])
    print(f"{default.view().size():,} triples; seconds, median of {runs}\n")
    print(f"{'question':<22} {'default':>9} {'rdflib':>9} {'ratio':>8}")
    ratios = []
    for question in questions().values():
        ours, theirs = (_median(store.view(), question.sparql, runs) for store in (default, reference))
        ratios.append(theirs / ours)
        print(f"{question.name:<22} {ours:9.5f} {theirs:9.5f} {ratios[-1]:7.1f}x")
    print(f"\nmedian ratio {statistics.median(ratios):.1f}x, least {min(ratios):.1f}x, greatest {max(ratios):.1f}x")


def _median(view: View, sparql: str, runs: int) -> float:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        answer = view.query(sparql)
        assert isinstance(answer, Solutions)
        list(answer.rows)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


if __name__ == "__main__":
    main()

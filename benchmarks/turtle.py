"""What readable Turtle costs: `graph.turtle` beside rdflib's serializer on the same graph, in one run."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from itertools import islice

import rdflib
from synthetic import SEED, statements

from diplograph.graph.turtle import turtle
from diplograph.ontology.namespaces import PREFIXES


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the seconds that both need, and how many times faster diplograph is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=200_000, help="the size of the graph (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="leave rdflib out, for graphs too large for it")
    options = parser.parse_args()

    lines = list(dict.fromkeys(islice(statements(blank_nodes=True), options.triples)))
    random.Random(SEED).shuffle(lines)  # noqa: S311
    data, size = "".join(lines).encode(), len(lines)
    del lines
    ours = min(seconds(lambda: turtle(data, PREFIXES)) for _ in range(3))
    print(f"{size:,} triples, shuffled, {len(data) / 1e6:.1f} MB of N-Triples")
    print(f"diplograph {ours:8.2f} s   {size / ours:12,.0f} triples/s")
    if options.alone:
        return
    graph = rdflib.Graph().parse(data=data, format="nt")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    theirs = seconds(lambda: graph.serialize(format="turtle"))
    print(f"rdflib     {theirs:8.2f} s   {size / theirs:12,.0f} triples/s")
    print(f"diplograph is {theirs / ours:.1f} times as fast")


if __name__ == "__main__":
    main()

"""How fast the library's questions are answered by the default engine, beside rdflib's own on the same data.

With `--store`, how fast those of networks are answered there from the table of edges, beside their SPARQL.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial

from rdflib import Dataset, URIRef

from diplograph.graph.entities import Names
from diplograph.graph.loading import PACKAGED, example_store, load, packaged_sources
from diplograph.graph.memory import MemoryStore
from diplograph.graph.opening import open_store
from diplograph.graph.store import Row, Solutions, View, edges_of
from diplograph.ontology.identifiers import shortened
from diplograph.queries.binding import bound, terms_of
from diplograph.queries.catalogue import question, questions
from diplograph.queries.networks import NETWORKS

STATE = "United States"


def main() -> None:
    """Print the time of each question as its file stands, on both sides."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each question (default 3)")
    parser.add_argument("--store", help="a store on disk, to ask questions of networks")
    arguments = parser.parse_args()
    if arguments.store:
        networks(arguments.store, arguments.runs)
    else:
        library(arguments.runs)


def library(runs: int) -> None:
    """Print the times of the whole library over the packaged documents, and the ratios' median."""
    warnings.simplefilter("ignore", DeprecationWarning)
    default, reference = example_store(), MemoryStore(Dataset())
    load(reference, [source for name in PACKAGED for source in packaged_sources(name)])
    print(f"{default.view().size():,} triples; seconds, median of {runs}\n")
    print(f"{'question':<22} {'default':>9} {'rdflib':>9} {'ratio':>8}")
    ratios = []
    for asked in questions().values():
        ours, theirs = (_median(partial(_answered, store.view(), asked.sparql), runs) for store in (default, reference))
        ratios.append(theirs / ours)
        print(f"{asked.name:<22} {ours:9.5f} {theirs:9.5f} {ratios[-1]:7.1f}x")
    print(f"\nmedian ratio {statistics.median(ratios):.1f}x, least {min(ratios):.1f}x, greatest {max(ratios):.1f}x")


def networks(location: str, runs: int) -> None:
    """Print the times of the questions of networks over a store of records."""
    with open_store(location) as store:
        view, table = store.view(), edges_of(store)
        print(f"{view.size():,} triples, {len(table):,} edges; seconds, median of {runs}\n")
        print(f"{'question':<60} {'table':>9} {'SPARQL':>9} {'ratio':>8}")
        for name, network in NETWORKS.items():
            asked = question(name)
            values = {parameter.name: parameter.example for parameter in asked.parameters}
            terms = terms_of(asked, values | {"state": STATE} if "state" in values else values, Names(view))
            ours = _median(partial(network.rows, view, terms), runs)
            theirs = _median(partial(_answered, view, bound(asked, terms)), runs)
            told = " ".join([name, *(shortened(term) if isinstance(term, URIRef) else term for term in terms.values())])
            print(f"{told:<60} {ours:9.4f} {theirs:9.4f} {theirs / ours:7.1f}x")


def _answered(view: View, sparql: str) -> list[Row]:
    answer = view.query(sparql)
    assert isinstance(answer, Solutions)
    return list(answer.rows)


def _median(answered: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        answered()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


if __name__ == "__main__":
    main()

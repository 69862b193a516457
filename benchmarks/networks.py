"""What network questions cost: on the edge table beside SPARQL engines, on one synthetic graph in one run."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import synthetic
from engines import QUESTIONS, STATE, Times, best, maplib, pyoxigraph, timed, virtuoso
from scipy.sparse import coo_array

from diplograph.graph.edges.table import STANDINGS, EdgeTable
from diplograph.graph.loading import Source, load
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import edges_of
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.viz.measures import measured
from diplograph.viz.ties import Attendance, Ties, ties


def diplograph(ntriples: Path, place: Path) -> tuple[Times, dict[str, int]]:
    """Load the graph, build the edge table, ask it, and add 1,000 facts."""
    times: Times = {}
    counts: dict[str, int] = {}
    with OxigraphStore(place / "store") as store:
        with timed(times, "load"):
            load(store, [Source(document_iri("synthetic"), ntriples, "made up")])
        with timed(times, "edge table: build"):
            table = edges_of(store)
        print(f"{len(table):,} edges", file=sys.stderr)
    with OxigraphStore(place / "store") as store:
        with timed(times, "edge table: open"):
            table = edges_of(store)
        network = best(times, "all pairs of states", lambda: ties(table, "met", "states", through="nationality"))
        counts["all pairs of states"] = int(network.edges[2].sum())
        with timed(times, "one state's partners: once"):
            present = Attendance(table, "states", through="nationality")
            found = present.partners(STATE)
        found = best(times, "one state's partners", lambda: present.partners(STATE))
        # The question in SPARQL counts the state itself, too: not all engines leave it out where they are asked to.
        own = len(present.meetings(STATE))
        counts["one state's partners"] = sum(count for _, count in found) + own
        years = best(times, "meetings per year", lambda: meetings_per_year(table))
        counts["meetings per year"] = int(years.sum())
        best(times, "all pairs of people", lambda: ties(table, "met", "people"))
        with timed(times, "load 1,000 facts"):
            load(store, [Source(document_iri("more"), "".join(more_facts()).encode(), "made up")])
        with timed(times, "edge table: refresh"):
            edges_of(store)
    return times, counts


def meetings_per_year(table: EdgeTable) -> np.ndarray:
    """Return the number of events that anybody is said to have taken part in, by year."""
    held = table.edges(["participation"], realis=STANDINGS)
    days = np.full(table.size, -(2**31))
    days[held["target"]] = held["start_first"]
    years = days[days > -(2**31)].astype("datetime64[D]").astype("datetime64[Y]").astype(int)
    return np.bincount(years - years.min())


def more_facts() -> Iterator[str]:
    """Yield a thousand tenures of people of whom the graph speaks."""
    for number in range(1000):
        fact = f"<{PREFIXES['fact']}more-{number}>"
        yield f"{fact} <{PREFIXES['rdf']}type> <{PREFIXES['dg']}Tenure> .\n"
        yield f"{fact} <{PREFIXES['dg']}person> <{PREFIXES['person']}person-{number}> .\n"
        yield f"{fact} <{PREFIXES['dg']}post> <{PREFIXES['post']}more-{number}> .\n"
        yield f"{fact} <{PREFIXES['dg']}realis> <{PREFIXES['realis']}held> .\n"


class Names:
    """As much of an edge table as a made-up network needs."""

    def __init__(self, size: int) -> None:
        self.terms = np.array([f"n{number}" for number in range(size)], dtype=object)


def made_up(nodes: int, edges: int) -> Ties:
    """Return a network in which few have many ties, and most have few."""
    chance = np.random.default_rng(1848)
    pairs = (nodes * chance.random((2 * edges, 2)) ** 2).astype(np.int64)
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    pairs = pairs[chance.permutation(len(pairs))[:edges]]
    i, j = np.concatenate([pairs, pairs[:, ::-1]]).T
    weights = coo_array((np.ones(len(i)), (i, j)), shape=(nodes, nodes)).tocsr()
    return Ties(Names(nodes), "met", "people", np.arange(nodes), weights, False)  # type: ignore[arg-type]


def measures(ntriples: Path, place: Path) -> tuple[Times, dict[str, int]]:
    """Measure made-up networks of 10,000 and 100,000 actors, and hand them to networkx."""
    import networkx as nx

    times: Times = {}
    small, large = made_up(10_000, 100_000), made_up(100_000, 400_000)
    with timed(times, "betweenness, 10,000 actors, 100,000 ties"):
        measured(small, ["betweenness"])
    with timed(times, "Leiden, 10,000 actors, 100,000 ties"):
        measured(small, ["communities"])
    for name in ("k-core", "clustering", "constraint", "closeness", "eigenvector"):
        with timed(times, f"{name}, 10,000 actors, 100,000 ties"):
            measured(small, [name])
    with timed(times, "PageRank, 100,000 actors, 400,000 ties"):
        measured(large, ["pagerank"])
    names = small.names
    rows = [
        (names[a], names[b], {"weight": w}) for a, b, w in zip(*(part.tolist() for part in small.edges), strict=True)
    ]

    def added() -> None:
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(names)
        graph.add_edges_from(rows)

    best(times, "networkx's own add_edges_from, 100,000 ties", added)
    best(times, "to networkx, 100,000 ties", small.networkx)
    return times, {}


RUNS: dict[str, Callable[[Path, Path], tuple[Times, dict[str, int]]]] = {
    run.__name__: run for run in (diplograph, maplib, pyoxigraph, virtuoso, measures)
}


def installed(name: str) -> bool:
    """Return whether what a run needs is there."""
    if name == "virtuoso":
        return bool(shutil.which("virtuoso-t"))
    return name in ("diplograph", "measures") or find_spec(name) is not None


def measured_apart(name: str, ntriples: Path, limit: float) -> tuple[Times, dict[str, int], int] | None:
    """Return the seconds of a run, what it counted and its peak memory in MB; None where it took too long or failed."""
    with tempfile.TemporaryDirectory(dir=ntriples.parent) as place:
        command = [sys.executable, __file__, "--run", name, str(ntriples), place]
        try:
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=limit)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"{name}: {error}")
            return None
    times, counts, memory = json.loads(done.stdout)
    return times, counts, memory


def main() -> None:
    """Print the seconds of each part in each run, and how many times faster the edge table is than the best engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000, help="the size of the graph (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=1800, help="seconds for each run (default: %(default)s)")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        name, ntriples, place = options.run
        times, counts = RUNS[name](Path(ntriples), Path(place))
        print(json.dumps([times, counts, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
        return
    results = {}
    with tempfile.TemporaryDirectory() as directory:
        ntriples = Path(directory) / "synthetic.nt"
        synthetic.write(ntriples, options.triples)
        print(f"{options.triples:,} triples")
        for name in filter(installed, RUNS):
            found = measured_apart(name, ntriples, options.limit)
            if found is None:
                continue
            results[name] = found
            print(f"\n{name} ({found[2]:,} MB)")
            for part, seconds in found[0].items():
                print(f"  {part:46} {seconds:10.4f} s")
    tell(results)


def tell(results: dict[str, tuple[Times, dict[str, int], int]]) -> None:
    """Print the ratios, and whether all found the same."""
    times, counts, _ = results["diplograph"]
    print(f"\nEdge table: {times['edge table: build'] / times['load']:.2f} of the store's own load")
    for question in QUESTIONS:
        peers = {name: found[0][question] for name, found in results.items() if question in found[0]}
        peers.pop("diplograph")
        # The last fact of the graph may be cut off in its middle.
        told = {name: found[1].get(question, counts[question]) for name, found in results.items()}
        others = [f"{name} counts {n:,}" for name, n in told.items() if abs(n - counts[question]) > 1]
        agreed = f"not all count {counts[question]:,}: {', '.join(others)}" if others else "all count the same"
        if peers:
            fastest = min(peers, key=lambda name: peers[name])
            ratio = peers[fastest] / times[question]
            print(f"{question}: {ratio:.1f} times faster than {fastest}; {agreed}")
    own = results.get("measures", ({}, {}, 0))[0]
    if own:
        ratio = own["to networkx, 100,000 ties"] / own["networkx's own add_edges_from, 100,000 ties"]
        print(f"to networkx: {ratio:.2f} of networkx's own add_edges_from")


if __name__ == "__main__":
    main()

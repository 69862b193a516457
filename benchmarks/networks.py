"""What network questions cost: on the edge table beside SPARQL engines, on one synthetic graph in one run."""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import synthetic
from scipy.sparse import coo_array

from diplograph.graph.edges.table import STANDINGS, EdgeTable
from diplograph.graph.loading import Source, load
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import edges_of
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import IDENTIFIERS, PREFIXES
from diplograph.viz.measures import measured
from diplograph.viz.ties import Attendance, Ties, ties

Times = dict[str, float]
STATE = f"{IDENTIFIERS}state/S7"
HEAD = f"PREFIX dg: <{PREFIXES['dg']}> PREFIX realis: <{PREFIXES['realis']}> PREFIX role: <{PREFIXES['role']}>\n"
AT = """SELECT DISTINCT ?{0} ?m WHERE {{
  ?f dg:event ?m ; dg:agent ?p ; dg:role ?r . ?p dg:nationality ?{0} .
  FILTER(?r IN (role:participant, role:speaker, role:observer)) FILTER EXISTS {{ ?f dg:realis realis:held }} }}"""
QUESTIONS = {
    "all pairs of states": f"""{HEAD} SELECT ?a ?b (COUNT(?m) AS ?n) WHERE {{
      {{ {AT.format("a")} }} {{ {AT.format("b")} }} FILTER(STR(?a) < STR(?b)) }} GROUP BY ?a ?b""",
    "one state's partners": f"""{HEAD} SELECT ?b (COUNT(DISTINCT ?m) AS ?n) WHERE {{
      {{ SELECT DISTINCT ?m WHERE {{ ?q dg:nationality <{STATE}> . ?g dg:agent ?q ; dg:event ?m ; dg:role ?s ;
        dg:realis realis:held . FILTER(?s IN (role:participant, role:speaker, role:observer)) }} }}
      {{ {AT.format("b")} }} }} GROUP BY ?b""",
    "meetings per year": f"""{HEAD} SELECT ?y (COUNT(?m) AS ?n) WHERE {{
      ?m a dg:Meeting ; dg:date ?d . BIND(SUBSTR(STR(?d), 1, 4) AS ?y) }} GROUP BY ?y""",
}
"""Each in the way in which these engines are fastest: parts that are distinct by themselves, before they are joined."""


@contextlib.contextmanager
def timed(times: Times, name: str) -> Iterator[None]:
    """Note how long the block takes, in seconds."""
    start = time.perf_counter()
    yield
    times[name] = time.perf_counter() - start


def best(times: Times, name: str, action: Callable[[], Any], tries: int = 3) -> Any:
    """Note the least time of some tries, of one where it takes long, and return what it gives."""
    for _ in range(tries):
        start = time.perf_counter()
        answer = action()
        seconds = time.perf_counter() - start
        times[name] = min(seconds, times.get(name, seconds))
        if seconds > 5:
            break
    return answer


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


def pyoxigraph(ntriples: Path, place: Path) -> tuple[Times, dict[str, int]]:
    """Ask pyoxigraph, on disk."""
    import pyoxigraph as ox

    times: Times = {}
    store = ox.Store(str(place / "oxigraph"))
    with timed(times, "load"):
        store.bulk_load(path=str(ntriples), format=ox.RdfFormat.N_TRIPLES)
        store.optimize()
    counts = {}
    for name, query in QUESTIONS.items():
        rows = best(times, name, lambda query=query: [int(row["n"].value) for row in store.query(query)])  # type: ignore
        counts[name] = sum(rows)
    return times, counts


def maplib(ntriples: Path, place: Path) -> tuple[Times, dict[str, int]]:
    """Ask maplib, in memory."""
    from maplib import Model

    times: Times = {}
    model = Model()
    with timed(times, "load"):
        model.read(str(ntriples))
    counts = {}
    for name, query in QUESTIONS.items():
        frame = best(times, name, lambda query=query: model.query(query))  # type: ignore[misc]
        counts[name] = int(frame["n"].sum())
    return times, counts


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 2000
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
ThreadsPerQuery = 2
DirsAllowed = {allowed}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 600
"""


def virtuoso(ntriples: Path, place: Path) -> tuple[Times, dict[str, int]]:
    """Ask Virtuoso, a server of its own."""
    sql, http = free_port(), free_port()
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(sql=sql, http=http, allowed=ntriples.parent))
    program, url = shutil.which("virtuoso-t") or "", f"http://127.0.0.1:{http}/sparql"
    times: Times = {}
    with (place / "output").open("wb") as output:
        process = subprocess.Popen([program, "-f", "-c", "virtuoso.ini"], cwd=place, stdout=output, stderr=output)
    try:
        wait(url)
        with timed(times, "load"):
            statements = (
                f"ld_dir('{ntriples.parent}', '{ntriples.name}', 'http://example.org/g'); rdf_loader_run(); checkpoint;"
            )
            command = [shutil.which("isql-vt") or shutil.which("isql-v") or "isql", f"127.0.0.1:{sql}", "dba", "dba"]
            subprocess.run([*command, f"exec={statements}"], check=True, capture_output=True, cwd=place)
        counts = {}
        for name, query in QUESTIONS.items():
            # Virtuoso loses the EXISTS of a distinct part that is joined with another, and counts what nobody held.
            query = query.replace("FILTER EXISTS { ?f dg:realis realis:held }", "?f dg:realis realis:held")
            counts[name] = sum(best(times, name, lambda query=query: asked(url, query)))  # type: ignore[misc]
    finally:
        process.kill()
        process.wait()
    return times, counts


def asked(url: str, query: str) -> list[int]:
    """Return the numbers that an endpoint finds, in the variable n."""
    data = urllib.parse.urlencode({"query": query, "format": "application/sparql-results+json"}).encode()
    with urllib.request.urlopen(url, data, timeout=900) as answer:  # noqa: S310
        return [int(row["n"]["value"]) for row in json.load(answer)["results"]["bindings"]]


def wait(url: str) -> None:
    """Wait until an endpoint answers."""
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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

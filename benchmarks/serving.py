"""What the service costs beside its peers on the same data, in one run: `oxigraph serve`, rdflib-endpoint, in-process.

Uses `wrk` where it is installed, which disturbs less, and clients of its own otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import importlib.util
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from synthetic import write

from diplograph.graph.loading import file_sources, load
from diplograph.graph.opening import open_store
from diplograph.ontology.namespaces import IDENTIFIERS

JSON = "application/sparql-results+json"
ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
MEETINGS = 1000
WRK = """
local n = {seed}
function request()
  n = n + 1
  local q = "{before}" .. (n % {meetings}) .. "{after}%23" .. n
  return wrk.format("GET", "{path}?query=" .. q, {{["Accept"] = "{accept}"}})
end
"""


def point(number: int) -> str:
    """Return a query for what is said of one meeting."""
    return f"SELECT ?p ?o WHERE {{ <{IDENTIFIERS}event/meeting-{number}> ?p ?o }}"


def main() -> None:
    """Print requests in a second, latency and the speed of a long answer, and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the made-up graph (default 1000000)")
    parser.add_argument("--seconds", type=int, default=5, help="seconds of each measurement (default 5)")
    here = sys.executable if importlib.util.find_spec("rdflib_endpoint") else None
    words = "an interpreter that has rdflib-endpoint (default: this one, if it has)"
    parser.add_argument("--rdflib-endpoint", metavar="PYTHON", default=here, help=words)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        data = directory / "data.nt"
        write(data, options.triples)
        load_ours(directory / "ours", data)
        load_oxigraph(directory / "theirs", data)
        print(f"{options.triples:,} triples; {'wrk' if shutil.which('wrk') else 'own clients'}, 32 connections\n")
        ours = [sys.executable, "-m", "diplograph", "serve", "--store", str(directory / "ours"), "--port"]
        theirs = [*oxigraph(), "serve-read-only", "--location", str(directory / "theirs"), "--bind"]
        with running([*ours, "{port}"]) as our_port, running([*theirs, "127.0.0.1:{port}"]) as their_port:
            measure_requests(our_port, their_port, options.seconds)
            measure_latency(directory / "ours", our_port)
            measure_streaming(our_port, their_port)
    if options.rdflib_endpoint:
        measure_rdflib_endpoint(options.rdflib_endpoint, options.seconds)
    else:
        print("rdflib-endpoint: not installed, so not measured; see --rdflib-endpoint")


def measure_requests(ours: int, theirs: int, seconds: int) -> None:
    """Print requests in a second for distinct and repeated queries; the better of two rounds, taken in turn."""
    for kind, rate in (("distinct", distinct), ("repeated", repeated)):
        best = [0.0, 0.0]
        for turn in range(2):
            best[0] = max(best[0], rate(ours, "/sparql", seconds, turn))
            best[1] = max(best[1], rate(theirs, "/query", seconds, turn))
        print(
            f"{kind} point queries: {best[0]:8,.0f}/s  oxigraph serve {best[1]:8,.0f}/s  ratio {best[0] / best[1]:.2f}"
        )


def measure_latency(store: Path, port: int) -> None:
    """Print how much longer a point query takes over HTTP than on the store in this process."""
    numbers = range(500, 900)
    with open_store(store, create=False) as opened:
        view = opened.view()
        inside = [timed(lambda number=number: view.serialized(point(number), "json")) for number in numbers]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    over = [timed(lambda number=number: get(connection, "/sparql", point(number) + "#")) for number in numbers]
    medians = [1000 * statistics.median(times) for times in (inside, over)]
    print(f"\npoint query, median: in-process {medians[0]:.3f} ms, HTTP {medians[1]:.3f} ms, "
          f"difference {medians[1] - medians[0]:.3f} ms")  # fmt: skip


def measure_streaming(ours: int, theirs: int) -> None:
    """Print the speed of an answer of all triples, and the memory of our server meanwhile."""
    speeds = []
    for name, port, path in (("diplograph", ours, "/sparql"), ("oxigraph serve", theirs, "/query")):
        rates = []
        for _ in range(2):
            begin = time.perf_counter()
            size = len_of(port, path, ALL)
            rates.append(size / (time.perf_counter() - begin) / 1e6)
        speeds.append(max(rates))
        print(f"{name}: {size / 1e6:,.0f} MB of results at {max(rates):.0f} MB/s")
    print(f"ratio {speeds[0] / speeds[1]:.2f}; most memory of our server {peak(ours):.0f} MiB\n")


def measure_rdflib_endpoint(python: str, seconds: int) -> None:
    """Print requests in a second of rdflib-endpoint and ours, on a graph small enough for it."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        data = directory / "data.nt"
        write(data, 20_000)
        load_ours(directory / "ours", data)
        ours = [sys.executable, "-m", "diplograph", "serve", "--store", str(directory / "ours"), "--port", "{port}"]
        theirs = [python, "-m", "rdflib_endpoint", "serve", "--host", "127.0.0.1", "--port", "{port}", str(data)]
        with running(ours) as our_port, running(theirs) as their_port:
            rates = distinct(our_port, "/sparql", seconds, 0), distinct(their_port, "/", seconds, 0)
        print(f"distinct, 20,000 triples: {rates[0]:,.0f}/s  rdflib-endpoint {rates[1]:,.0f}/s  "
              f"ratio {rates[0] / rates[1]:.1f}")  # fmt: skip


def distinct(port: int, path: str, seconds: int, turn: int) -> float:
    """Return requests in a second where no query comes twice."""
    before, after = (quote(part) for part in point(0).rsplit("0", 1))
    if shutil.which("wrk"):
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            fields = {"before": before, "after": after, "path": path, "accept": JSON, "meetings": MEETINGS}
            script.write(WRK.format(seed=turn * 10_000_000, **fields))
            script.flush()
            return wrk(port, seconds, "-s", script.name)
    numbers = iter(range(turn * 10_000_000, (turn + 1) * 10_000_000))
    return asyncio.run(
        own(port, seconds, lambda: f"{path}?query={before}{(n := next(numbers)) % MEETINGS}{after}%23{n}")
    )


def repeated(port: int, path: str, seconds: int, _: int) -> float:
    """Return requests in a second of one query."""
    target = f"{path}?query={quote(point(77))}"
    if shutil.which("wrk"):
        return wrk(port, seconds, "-H", f"Accept: {JSON}", target=target)
    return asyncio.run(own(port, seconds, lambda: target))


def wrk(port: int, seconds: int, *options: str, target: str = "") -> float:
    """Return what wrk measures; fails if an answer was not 200."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds}", *options, f"http://127.0.0.1:{port}{target}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text, text
    match = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert match, text
    return float(match[1])


async def own(port: int, seconds: int, target: object) -> float:
    """Return what 32 clients of our own measure."""
    assert callable(target)
    count, end = 0, time.perf_counter() + seconds

    async def client() -> None:
        nonlocal count
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            writer.write(f"GET {target()} HTTP/1.1\r\nHost: localhost\r\nAccept: {JSON}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            if length:
                await reader.readexactly(int(length[1]))
            else:
                while size := int(await reader.readline(), 16):
                    await reader.readexactly(size + 2)
                await reader.readline()
            count += 1
        writer.close()

    await asyncio.gather(*(client() for _ in range(32)))
    return count / seconds


def timed(work: object) -> float:
    """Return the seconds that a piece of work takes."""
    assert callable(work)
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def get(connection: http.client.HTTPConnection, path: str, sparql: str) -> int:
    """Return the length of an answer, read whole."""
    connection.request("GET", f"{path}?query={quote(sparql)}", headers={"Accept": JSON})
    size = 0
    with connection.getresponse() as response:
        assert response.status == 200
        while piece := response.read(1 << 20):
            size += len(piece)
    return size


def len_of(port: int, path: str, sparql: str) -> int:
    """Return the length of an answer to a client of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        return get(connection, path, sparql)
    finally:
        connection.close()


def peak(port: int) -> float:
    """Return the most memory in MiB that one of the processes had that listen at a port."""
    text = subprocess.run(["ss", "-ltnpH", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    texts = [Path(f"/proc/{pid}/status").read_text() for pid in re.findall(r"pid=(\d+)", text)]
    return max(int(status.split("VmHWM:")[1].split()[0]) for status in texts) / 1024


def load_ours(directory: Path, data: Path) -> None:
    """Put the data into a store of ours."""
    with open_store(directory) as store:
        load(store, file_sources(data))


def load_oxigraph(directory: Path, data: Path) -> None:
    """Put the data into a store of `oxigraph`."""
    for options in (["load", "--file", str(data)], ["optimize"]):
        command = [*oxigraph(), options[0], "--location", str(directory), *options[1:]]
        subprocess.run(command, check=True, capture_output=True)


def oxigraph() -> list[str]:
    """Return the command of oxigraph's own server."""
    return [str(Path(sys.executable).with_name("oxigraph"))]


@contextmanager
def running(command: list[str]) -> Iterator[int]:
    """Run a server at a free port, and end it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [word.format(port=port) if "{port}" in word else word for word in command]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()

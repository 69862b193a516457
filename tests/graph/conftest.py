"""A store of each kind, so that one suite says what every store does."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TypeAlias
from urllib.error import URLError

import pytest
from rdflib import Dataset

from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import PACKAGED, Source, load, packaged_sources
from diplograph.graph.memory import MemoryStore
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.graph.remote import RemoteStore
from diplograph.graph.remote.address import address_of
from diplograph.graph.remote.endpoint import Endpoint
from diplograph.graph.remote.settings import RemoteSettings
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

NewStore: TypeAlias = Callable[[], Store]
NewSource: TypeAlias = Callable[[str, str], Source]


SERVERS: Final = {"oxigraph server": "oxigraph_url", "virtuoso": "virtuoso_url"}
"""The fixtures that start them."""
VIRTUOSO: Final = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 1
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""
VIRTUOSO_ROWS: Final = 10_000
"""How many rows it gives at once: as many as public endpoints do."""


@pytest.fixture(scope="session")
def oxigraph_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an Oxigraph server of this session's own."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("there is no Oxigraph server here (pip install oxigraph)")
    port = _free_port()
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, tmp_path_factory.mktemp("oxigraph"), f"http://127.0.0.1:{port}/query"):
        yield f"http://127.0.0.1:{port}/query"


@pytest.fixture(scope="session")
def virtuoso_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a Virtuoso server of this session's own, with the name and password that it begins with."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("there is no Virtuoso server here (Debian: virtuoso-opensource-7-bin)")
    place, port = tmp_path_factory.mktemp("virtuoso"), _free_port()
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(sql=_free_port(), http=port, rows=VIRTUOSO_ROWS))
    command = [program, "-f", "-c", "virtuoso.ini"]
    with _running(command, place, f"http://127.0.0.1:{port}/sparql"):
        yield f"http://dba:dba@127.0.0.1:{port}/sparql"


@contextlib.contextmanager
def _running(command: list[str], place: Path, url: str) -> Iterator[None]:
    """Run a server in a directory until the block ends, from when it answers on."""
    with (place / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=place, stdout=output, stderr=output)
        try:
            end = time.monotonic() + 60
            while not _answers(url):
                assert process.poll() is None, (place / "output").read_text()
                assert time.monotonic() < end, f"{command[0]} does not answer"
                time.sleep(0.05)
            yield
        finally:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(URLError, OSError), urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5):
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Servers:
    """The stores in the servers of this session, and which of them hold the example store now."""

    def __init__(self) -> None:
        self._examples: set[str] = set()

    def emptied(self, url: str) -> RemoteStore:
        """Empty an endpoint, and return the store that is there."""
        self._examples.discard(url)
        endpoint = Endpoint(address_of(url), RemoteSettings())
        virtuoso = endpoint.dialect.is_virtuoso
        found = endpoint.rows("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING (COUNT(*) > 0)")
        graphs = [row["g"]["value"] for row in found if not endpoint.dialect.is_own(row["g"]["value"])]
        steps = [f"DROP SILENT GRAPH <{graph}>" for graph in graphs] if virtuoso else ["DROP ALL"]
        if steps:
            endpoint.updated(endpoint.address.updates(virtuoso)[0], " ; ".join(steps))
        return RemoteStore(url)

    def example(self, url: str) -> RemoteStore:
        """Return the store at an endpoint, in which the example store is, and stays for whoever wants it next."""
        if url in self._examples:
            return RemoteStore(url)
        store = self.emptied(url)
        load(store, [source for name in PACKAGED for source in packaged_sources(name)])
        self._examples.add(url)
        return store


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The stores in the servers of this session."""
    return Servers()


@pytest.fixture(params=["memory", "oxigraph", "disk", "oxigraph server", "virtuoso"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[NewStore]:
    """Make empty stores of one kind: over an rdflib Dataset, in the Oxigraph engine, on disk, or in an endpoint.

    Of an endpoint there is one store, which is emptied each time.
    """
    made: list[Store] = []
    url = request.getfixturevalue(SERVERS[request.param]) if request.param in SERVERS else ""

    def store() -> Store:
        if url:
            made.append(servers.emptied(url))
        elif request.param == "memory":
            made.append(MemoryStore(Dataset()))
        elif request.param == "oxigraph":
            made.append(OxigraphStore())
        else:
            made.append(OxigraphStore(tmp_path / f"store-{len(made)}"))
        return made[-1]

    yield store
    for each in made:
        each.close()


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """An empty store of each kind."""
    return new_store()


@pytest.fixture
def new_source() -> NewSource:
    """Make a document of a name from Turtle, in which every prefix of the project is known."""

    def source(name: str, turtle: str) -> Source:
        document = document_iri(name)
        head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
        graphs = parsed((head + turtle).encode(), syntax_named("turtle"), source=name, base=str(document))
        return Source(document, minted(graphs.get(None, b""), document), f"{name}.ttl")

    return source


RESULTS = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"from elsewhere"}}]}}'


class Counting(http.server.BaseHTTPRequestHandler):
    """Gives everybody the same SPARQL results, and takes down the paths that it is asked for."""

    paths: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.paths.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(RESULTS)))
        self.end_headers()
        self.wfile.write(RESULTS)

    do_GET = do_POST  # noqa: N815


@pytest.fixture(scope="module")
def counting(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, in the place of any other, and the paths that were asked there."""
    paths: list[str] = []
    with listening(Counting, paths=paths) as port:
        yield f"http://127.0.0.1:{port}", paths

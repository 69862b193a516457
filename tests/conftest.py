"""What all tests share: the checkout is no package of tests, a skip can fail, a packaged store, networks in SPARQL."""

from __future__ import annotations

import gc
import http.server
import os
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import pytest

from diplograph import load, open_store, packaged_sources
from diplograph.graph.store import View
from diplograph.ontology.dates import PartialDate
from diplograph.ontology.facts import presence_roles
from diplograph.ontology.namespaces import PREFIXES

Pairs: TypeAlias = dict[tuple[str, str], int]
SPARQL = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


class Checkout:
    """Takes the root of the checkout for a plain directory.

    It has an `__init__.py`, as it is the package; taken for a package of tests, it would be imported under the
    directory's own name, which may be any.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        return pytest.Dir.from_parent(parent, path=path) if path == Path(__file__).parent.parent else None


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Checkout())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("DIPLOGRAPH_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped where no test may be: {report.longrepr}"
    return report


@pytest.fixture(scope="module")
def collecting_here() -> Iterator[None]:
    """Collect no garbage in a server's thread: an answer of the engine must be let go where it was made."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def listening() -> Callable[..., AbstractContextManager[int]]:
    """A server on this machine, in the place of one elsewhere, at the port that it gives.

    It takes the class that handles requests, what that is told, and the certificate with which it is encrypted, if any.
    """
    return _listening


@contextmanager
def _listening(
    handler: type[http.server.BaseHTTPRequestHandler], certificate: Path | None = None, **told: object
) -> Iterator[int]:
    def handle(self: http.server.BaseHTTPRequestHandler) -> None:
        # Whoever is ended while it waits hangs up.
        with suppress(OSError):
            handler.handle(self)

    own = {"handle": handle, "log_message": lambda *_: None, **told}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Quiet", (handler,), own))
    server.daemon_threads, server.block_on_close = True, False
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the packaged documents, to be read only."""
    directory = tmp_path_factory.mktemp("packaged") / "store"
    with open_store(directory) as store:
        load(store, [*packaged_sources("states"), *packaged_sources("trend-2023-02-28")])
    return directory


# Who is at a target: the fact that says so is ?fact, and the one it is said of ?actor.
ROLES = " ".join(role.n3() for role in presence_roles())
AT_EVENTS = f"?fact a dg:Participation ; dg:agent ?who ; dg:event ?target ; dg:role ?role . VALUES ?role {{ {ROLES} }}"
ITSELF = f"{AT_EVENTS} BIND(?who AS ?actor)"
# Each part by itself first: engines join them by both what they share, and not one by one.
STANDS = "?stands a dg:Representation ; dg:agent ?who ; dg:principal ?actor ; dg:realis realis:held"
PRESENCE = f"{{ SELECT ?fact ?who ?target WHERE {{ {AT_EVENTS} }} }}"
FOR_OTHERS = f"""{{ {ITSELF} }}
    UNION {{ {PRESENCE} {{ SELECT ?who ?actor ?target WHERE {{ {STANDS} ; dg:event ?target }} }} }}
    UNION {{ {PRESENCE} {{ SELECT ?who ?actor ?general ?sf ?su WHERE {{ {STANDS}
        FILTER NOT EXISTS {{ ?stands dg:event ?any }} BIND(true AS ?general)
        OPTIONAL {{ ?stands dg:from ?sf }} OPTIONAL {{ ?stands dg:until ?su }} }} }} }}"""
AT = {
    "met": (FOR_OTHERS, "?last", False),
    "agreement": ("?fact a dg:Partyship ; dg:party ?actor ; dg:agreement ?target .", '""', True),
    "organization": ("?fact a dg:Membership ; dg:member ?actor ; dg:organization ?target .", None, True),
    "post": ("?fact a dg:Tenure ; dg:person ?actor ; dg:post ?target .", None, False),
}
OF = {"people": "dg:Person", "states": "dg:State"}


def side(number: int, tie: str, of: str, period: tuple[str, str] | None, some: str = "") -> str:
    """The actors at targets, with the first and the last day, as text, that each can have been there."""
    joined, last, _ = AT[tie]
    times = "OPTIONAL { ?target dg:date|dg:from|dg:until ?d }" if last else ""
    groups = "?actor ?target ?fact ?from ?until ?general ?sf ?su"
    begins, ends = ("COALESCE(?first, '')", f"COALESCE({last}, '')") if last else ("''", "''")
    days = [(PartialDate(p).first_day.isoformat(), PartialDate(p).last_day.isoformat()) for p in period or ()]
    held = f"FILTER(?s != '' || ?u != '') FILTER(?b <= '{days[1][1]}' && ?e >= '{days[0][0]}')" if period else ""
    return f"""{{ SELECT DISTINCT (?actor AS ?a{number}) ?target (?b AS ?b{number}) (?e AS ?e{number}) WHERE {{
        {{ SELECT {groups} (MIN(SUBSTR(STR(?d), 1, 10)) AS ?first) (MAX(SUBSTR(STR(?d), 1, 10)) AS ?last) WHERE {{
            {some} {joined} FILTER EXISTS {{ ?fact dg:realis realis:held }} FILTER EXISTS {{ ?actor a {OF[of]} }}
            OPTIONAL {{ ?fact dg:from ?from }} OPTIONAL {{ ?fact dg:until ?until }} {times} }} GROUP BY {groups} }}
        BIND(BOUND(?from) || BOUND(?until) AS ?own)
        BIND(IF(?own, COALESCE(STR(?from), ''), {begins}) AS ?s) BIND(IF(?own, COALESCE(STR(?until), ''), {ends}) AS ?u)
        BIND(IF(?s = '', '0000-01-01', CONCAT(?s, SUBSTR('0000-01-01', STRLEN(?s) + 1))) AS ?b)
        BIND(IF(?u = '', '9999-12-31', CONCAT(?u, SUBSTR('0000-12-31', STRLEN(?u) + 1))) AS ?e) {held}
        BIND(IF(BOUND(?sf), CONCAT(STR(?sf), SUBSTR('0000-01-01', STRLEN(STR(?sf)) + 1)), '0000-01-01') AS ?sb)
        BIND(IF(BOUND(?su), CONCAT(STR(?su), SUBSTR('0000-12-31', STRLEN(STR(?su)) + 1)), '9999-12-31') AS ?se)
        FILTER(!BOUND(?general) || (?sb <= ?e && ?b <= ?se)) }} }}"""


def asked(view: View, tie: str, of: str, period: tuple[str, str] | None, actors: str = "") -> Pairs:
    """The ties as the store's own engine answers; those of some actors, as terms in SPARQL, where any are given."""
    at_once = "FILTER(?b1 <= ?e2 && ?b2 <= ?e1)" if AT[tie][2] else ""
    some = f"VALUES ?actor {{ {actors} }}" if actors else ""
    rows = view.select(
        f"""{SPARQL} SELECT ?a1 ?a2 (COUNT(DISTINCT ?target) AS ?n) WHERE {{
        {side(1, tie, of, period, some)} {side(2, tie, of, period)} FILTER(?a1 != ?a2) {at_once} }} GROUP BY ?a1 ?a2"""
    )
    return {(str(row["a1"]), str(row["a2"])): int(str(row["n"])) for row in rows if "a1" in row}


@pytest.fixture(scope="session")
def ties_in_sparql() -> Callable[..., Pairs]:
    """How often each two actors are tied, as the engine of a view answers."""
    return asked

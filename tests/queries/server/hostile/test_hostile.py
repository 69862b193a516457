"""Hostile requests: each gets its 4xx, and none makes the service reach for the network or for foreign files."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
QUERY, UPDATE, FORM = "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"

WATCH = """
import os, sys
_log = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_own = tuple(os.environ["WATCH_OWN"].split(os.pathsep))
_events = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen",
           "os.system", "os.exec", "os.posix_spawn", "os.remove", "os.rename", "urllib.Request", "ctypes.dlopen")

def _watch(event, args):
    if event in _events:
        os.write(_log, f"{event} {args!r:.200}\\n".encode())
    elif event == "open" and isinstance(args[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(args[0]))
        if not path.startswith(_own):
            os.write(_log, f"open {path}\\n".encode())

def _begin():
    os.write(_log, f"watched {os.getpid()}\\n".encode())

# A hook goes on in the copies that a process makes of itself.
os.register_at_fork(after_in_child=_begin)
sys.addaudithook(_watch)
_begin()
"""
"""Is read by every Python that is started with its directory on the path: it writes down what must not happen."""


@dataclass(frozen=True)
class Case:
    """A request as it is sent, and the statuses that answer it rightly."""

    about: str
    statuses: tuple[int, ...]
    method: str = "GET"
    target: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    raw: bytes | None = None


def table(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8")))


def repeated(text: Any) -> str:
    return text if isinstance(text, str) else text.get("before", "") + text["text"] * text["times"]


def statuses(group: dict[str, Any]) -> tuple[int, ...]:
    status = group["status"]
    return tuple(status) if isinstance(status, list) else (status,)


def reaching(trap: str, name: str = "reaching") -> Iterator[Case]:
    """What would make the service ask `trap` or others."""
    for group in table(name):
        for way in group["ways"]:
            for target in group["targets"]:
                for text in group["texts"]:
                    sparql = re.sub("<T(#[0-9])?>", rf"<{trap if target == 'trap' else target}\1>", text)
                    yield sent(f"{group['about']}, {way}: {sparql}", statuses(group), way, sparql, target, trap)


def sent(about: str, expected: tuple[int, ...], way: str, sparql: str, target: str, trap: str) -> Case:
    if way in ("get", "default-graph-uri", "named-graph-uri"):
        fields = {"query": sparql} | ({} if way == "get" else {way: trap if target == "trap" else target})
        return Case(about, expected, target=f"/sparql?{urlencode(fields)}")
    if way in ("form", "update"):
        body = urlencode({"query" if way == "form" else "update": sparql})
        return Case(about, expected, "POST", "/sparql", {"Content-Type": FORM}, body.encode())
    if way == "put":
        graph = "/graphs?graph=https://w3id.org/diplograph/doc/a"
        text = re.sub("[<>]", "", sparql)
        return Case(about, expected, "PUT", graph, {"Content-Type": "application/ld+json"}, text.encode())
    kind = {"direct": QUERY, "direct-update": UPDATE}[way]
    return Case(about, expected, "POST", "/sparql", {"Content-Type": kind}, sparql.encode())


def malformed() -> Iterator[Case]:
    for group in table("requests"):
        headers = {name: repeated(value) for name, value in group.get("headers", {}).items()}
        headers |= {f"X-{number}": "a" for number in range(group.get("many", 0))}
        body = gzip.compress(b"0" * group["bomb"]) if "bomb" in group else None
        if "body" in group:
            body = repeated(group["body"]).encode()
        for line in group["each"]:
            method, target = line.split(" ", 1)
            longer = repeated(group.get("longer", ""))
            yield Case(f"{group['about']}: {line[:80]}", statuses(group), method, target + longer, headers, body)


def raw(host: str) -> Iterator[Case]:
    for group in table("raw"):
        for each in group["each"]:
            text = re.sub(r"(?<=\n)H(?=\r\n)", f"Host: {host}", repeated(each))
            yield Case(f"{group['about']}: {text[:60]!r}", statuses(group), raw=text.encode("latin-1") + b"\r\n\r\n")


def injected() -> Iterator[Case]:
    for group in table("injection"):
        for address in group["each"]:
            for text in group["texts"]:
                for accept in ("application/json, text/turtle;q=0.5", "text/html, text/turtle;q=0.5"):
                    target = address.replace("V", quote(text, safe=""))
                    about = f"{group['about']}: {address} {text!r} {accept[:9]}"
                    yield Case(about, statuses(group), target=target, headers={"Accept": accept})


class Trap:
    """Listens where requests try to make the service connect to, and counts who comes: also what no hook can see."""

    def __init__(self) -> None:
        self.visits = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()

    def close(self) -> None:
        self._listener.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    found = Trap()
    yield found
    found.close()


@dataclass(frozen=True)
class Watched:
    """A service in which every process is watched; `seen` is what happened that must not."""

    service: Any
    log: Path
    begin: int

    def seen(self) -> list[str]:
        return self.log.read_text()[self.begin :].splitlines()


def environment(directory: Path, log: Path, store: Path) -> dict[str, str]:
    (directory / "sitecustomize.py").write_text(WATCH)
    own = (store, ROOT, sys.prefix, sys.base_prefix, "/dev", "/proc", "/usr/share/zoneinfo", directory)
    return {
        "PYTHONPATH": str(directory),
        "WATCH_LOG": str(log),
        "WATCH_OWN": os.pathsep.join(os.path.realpath(path) for path in own),
    }


@pytest.fixture(scope="module")
def watched(
    packaged: Path, tmp_path_factory: pytest.TempPathFactory, running: Callable[..., AbstractContextManager[Any]]
) -> Iterator[Watched]:
    directory = tmp_path_factory.mktemp("watch")
    log = directory / "log"
    with running(packaged, environment=environment(directory, log, packaged)) as service:
        # What is read once, at the first use, is no answer to what is asked later.
        used = "/", "/ask/disagreements", "/about/state/AZE", "/doc/states", "/graphs?default", "/openapi.json"
        for address in used:
            for accept in ("text/html, */*;q=0.5", "*/*"):
                assert service.send(address, headers={"Accept": accept}).status == 200
        yield Watched(service, log, len(log.read_text()))


@pytest.fixture(scope="module")
def federating(
    packaged: Path, tmp_path_factory: pytest.TempPathFactory, running: Callable[..., AbstractContextManager[Any]]
) -> Iterator[Watched]:
    """A service that may ask a host which there can never be."""
    directory = tmp_path_factory.mktemp("federating")
    log, hosts = directory / "log", ("allowed.invalid", "allowed.invalid:8443")
    options = [option for host in hosts for option in ("--allow-service", host)]
    with running(packaged, *options, environment=environment(directory, log, packaged)) as service:
        assert service.send("/sparql?query=ASK%20%7B%7D").status == 200
        yield Watched(service, log, len(log.read_text()))


def answered(service: Any, case: Case) -> tuple[int, bytes]:
    if case.raw is not None:
        answer = service.raw(case.raw)
        # A connection that is broken off answers too: that this is no request.
        return (int(answer.split(b" ", 2)[1]) if answer else 400), answer
    answer = service.send(case.target, case.method, case.body, case.headers)
    return answer.status, answer.body


def test_every_hostile_request_gets_its_status_and_reaches_nothing(watched: Watched, trap: Trap) -> None:
    host = f"127.0.0.1:{watched.service.port}"
    cases = [*reaching(trap.url), *malformed(), *raw(host), *injected()]
    assert len(cases) >= 300
    wrong = wrongly_answered(watched.service, cases)
    assert not wrong, "\n".join(wrong)
    assert trap.visits == 0
    assert watched.seen() == []
    assert watched.service.send("/healthz").status == 200


def test_where_one_host_is_allowed_nothing_else_is_reached(federating: Watched, trap: Trap) -> None:
    cases = [*reaching(trap.url, "federating"), *reaching(trap.url)]
    assert len(cases) >= 600
    wrong = wrongly_answered(federating.service, cases)
    assert not wrong, "\n".join(wrong)
    assert trap.visits == 0
    assert federating.seen() == []


def test_the_host_that_is_allowed_is_looked_up_and_no_other(federating: Watched) -> None:
    before = len(federating.seen())
    answer = federating.service.ask("ASK { SERVICE <https://allowed.invalid/> { ?s ?p ?o } }")
    assert answer.status == 502
    assert "allowed.invalid" in answer.json["detail"]
    silent = federating.service.ask("ASK { SERVICE SILENT <https://allowed.invalid:8443/> { ?s ?p ?o } }")
    assert silent.json["boolean"] is True
    assert [line.split("(")[1].split(",")[:2] for line in federating.seen()[before:]] == [
        ["'allowed.invalid'", " 443"],
        ["'allowed.invalid'", " 8443"],
    ]


TOKEN = "-".join(["a", "token", "without", "spaces"])
HARMLESS = Case("an update", (204,), "POST", "/sparql", {"Content-Type": UPDATE}, b"DROP SILENT GRAPH doc:none")


@dataclass
class Changed:
    """A service that takes updates from whoever has the token, and has taken one that changes nothing."""

    service: Any
    log: Path

    def __post_init__(self) -> None:
        assert answered(self.service, authorized(HARMLESS))[0] == 204
        self.before, self._begin = self.version(), len(self.log.read_text())

    def version(self) -> str:
        """What tells the state of the store."""
        return str(self.service.send("/graphs?default", "HEAD").headers["etag"])

    def seen(self) -> list[str]:
        """What happened since that is no part of a change, which has a process of its own and clears away after it."""
        usual = "watched ", "ctypes.dlopen (None,)", "os.remove ", "os.rename "
        return [line for line in self.log.read_text()[self._begin :].splitlines() if not line.startswith(usual)]


@pytest.fixture
def changing(
    packaged: Path, tmp_path: Path, running: Callable[..., AbstractContextManager[Any]]
) -> Callable[..., AbstractContextManager[Changed]]:
    """A service that takes updates, with more settings in its environment."""

    @contextmanager
    def changing(**settings: str) -> Iterator[Changed]:
        store, log = tmp_path / "store", tmp_path / "log"
        shutil.copytree(packaged, store)
        told = {**environment(tmp_path, log, store), "DIPLOGRAPH_TOKEN": TOKEN, **settings}
        with running(store, "--updates", environment=told) as service:
            yield Changed(service, log)

    return changing


def test_no_hostile_update_reaches_or_changes_anything(
    changing: Callable[..., AbstractContextManager[Changed]], trap: Trap
) -> None:
    with changing() as changed:
        wrong = wrongly_answered(changed.service, map(authorized, reaching(trap.url, "updates")))
        assert not wrong, "\n".join(wrong)
        assert changed.version() == changed.before
        assert changed.seen() == []
        assert trap.visits == 0


def test_where_documents_of_one_host_are_fetched_nothing_else_is_reached_or_changed(
    changing: Callable[..., AbstractContextManager[Changed]], trap: Trap
) -> None:
    with changing(DIPLOGRAPH_ALLOW_DOCUMENT="allowed.invalid allowed.invalid:8443") as changed:
        cases = [*reaching(trap.url, "fetching")]
        assert len(cases) >= 400
        wrong = wrongly_answered(changed.service, map(authorized, cases))
        assert not wrong, "\n".join(wrong)
        assert changed.version() == changed.before
        assert changed.seen() == []
        load = replace(HARMLESS, body=b"LOAD <https://allowed.invalid:8443/x.ttl> INTO GRAPH doc:a")
        assert answered(changed.service, authorized(load))[0] == 502
        asked = changed.service.ask("ASK FROM <https://allowed.invalid/x.ttl> {}")
        assert (asked.status, "<https://allowed.invalid/x.ttl> cannot be fetched" in asked.json["detail"]) == (
            502,
            True,
        )
        by_protocol = changed.service.ask("ASK {}", **{"named-graph-uri": "https://allowed.invalid/x.ttl"})
        assert by_protocol.status == 502
        seen = [line.split("(")[1].split(",")[:2] for line in changed.seen()]
        assert seen == [["'allowed.invalid'", " 8443"], *[["'allowed.invalid'", " 443"]] * 2]
        assert trap.visits == 0


def authorized(case: Case) -> Case:
    return replace(case, headers={**case.headers, "Authorization": f"Bearer {TOKEN}"})


def wrongly_answered(service: Any, cases: Iterable[Case]) -> list[str]:
    """Send requests, and return those that got another status than they should."""
    wrong = []
    for case in cases:
        status, body = answered(service, case)
        if status not in case.statuses:
            wrong.append(f"{status} instead of {case.statuses}: {case.about} {body[:150]!r}")
        assert b"<script" not in body
        assert b"onerror=alert(1)>" not in body
        assert b"Traceback" not in body
    return wrong


def test_all_processes_of_the_service_were_watched(watched: Watched) -> None:
    pids = {line.split()[1] for line in watched.log.read_text().splitlines() if line.startswith("watched ")}
    assert str(watched.service.pid) in pids
    assert len(pids) >= 4, "the service, what starts its workers, and two of them"


def test_what_must_not_happen_would_be_seen(tmp_path: Path, trap: Trap) -> None:
    log = tmp_path / "log"
    port = trap.url.rpartition(":")[2].strip("/")
    program = f"import socket; open('/etc/hostname').close(); socket.create_connection(('127.0.0.1', {port}))"
    subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment(tmp_path, log, tmp_path)}, check=True
    )
    events = [line.split()[0] for line in log.read_text().splitlines()]
    assert "open" in events
    assert "socket.connect" in events
    trap.visits = 0

"""Lookups are answered at once, as workers would answer them, whatever workers do and whichever state is current."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from diplograph import load, open_store
from diplograph.graph.loading import file_sources

Running = Callable[..., AbstractContextManager[Any]]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LOOKUP = "SELECT ?p ?o WHERE { state:AZE ?p ?o }"
JSON = "application/sparql-results+json"


def awake(service: Any) -> None:
    """Wait until lookups are answered: the first request makes the server open the store."""
    service.ask("ASK { ?s ?p ?o }")
    time.sleep(1)


def test_an_answer_is_the_same_as_a_workers(packaged: Path, running: Running) -> None:
    with running(packaged, "--workers", "1") as service:
        awake(service)
        for accept in (JSON, "text/csv", "application/sparql-results+xml", "text/tab-separated-values", None):
            looked_up = service.ask(LOOKUP, accept)
            # With a variable that is twice in the pattern it would be none; a comment is in neither's way.
            worked = service.ask(f"{LOOKUP} ORDER BY ?nothing", accept)
            assert looked_up.status == worked.status == 200
            assert sorted(looked_up.text) == sorted(worked.text)
            same = [{k: v for k, v in a.headers.items() if k not in ("etag", "date")} for a in (looked_up, worked)]
            assert same[0] == same[1]
            assert looked_up.headers["etag"] != worked.headers["etag"]


def test_lookups_do_not_wait_for_workers(packaged: Path, running: Running) -> None:
    with running(packaged, "--workers", "1", "--query-timeout", "5") as service:
        awake(service)
        statuses: list[int] = []
        endless = [threading.Thread(target=lambda: statuses.append(service.ask(ENDLESS).status)) for _ in range(3)]
        for each in endless:
            each.start()
        time.sleep(0.5)
        begin = time.monotonic()
        answers = [service.ask(f"{LOOKUP} #{number}") for number in range(50)]
        assert {answer.status for answer in answers} == {200}
        # None of the three had ended by then.
        assert not statuses
        assert time.monotonic() - begin < 5
        service.send("/healthz")
        for each in endless:
            each.join()


def test_another_state_of_the_store_answers_once_it_is_published(
    packaged: Path, running: Running, tmp_path: Path
) -> None:
    shutil.copytree(packaged, tmp_path / "store")
    (tmp_path / "more.nt").write_text("<urn:new> <urn:p> <urn:o> .\n")
    with running(tmp_path / "store", "--workers", "1") as service:
        awake(service)
        sparql = "SELECT ?o { <urn:new> ?p ?o }"
        before = service.ask(sparql)
        assert before.json["results"]["bindings"] == []
        with open_store(tmp_path / "store") as store:
            load(store, file_sources(tmp_path / "more.nt"))
        for number in range(20):
            after = service.ask(f"{sparql} #{number}")
            assert [row["o"]["value"] for row in after.json["results"]["bindings"]] == ["urn:o"]
            assert after.headers["etag"].partition("-")[0] != before.headers["etag"].partition("-")[0]
            time.sleep(0.05)


def test_limits_hold_for_lookups(packaged: Path, running: Running) -> None:
    with running(packaged, "--workers", "1", "--query-rows", "2") as service:
        awake(service)
        answer = service.ask(LOOKUP)
        assert (answer.status, answer.json["limit"]) == (503, "rows")


def test_what_is_refused_is_refused_for_lookups(service: Any) -> None:
    awake(service)
    target = "/sparql?query=SELECT%20*%20%7B%20%3Curn:x%3E%20?p%20?o%20%7D"
    assert service.send(target).status == 200
    assert service.send(target, headers={"Host": "evil.example"}).status == 421
    assert service.send(target, headers={"Accept": "image/png"}).status == 406
    assert service.send(f"{target}&default-graph-uri=urn:none").status == 403
    assert service.send(f"{target}&query=ASK%7B%7D").status == 400

"""The service under queries without end: they are ended and told, others do not feel it, and the README is true."""

from __future__ import annotations

import http.client
import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a ?d"


@pytest.fixture(scope="module")
def bounded(packaged: Path, running: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    limits = ("--query-timeout", "1", "--query-memory", "256", "--query-bytes", "20000000")
    with running(packaged, *limits, "--workers", "2") as started:
        yield started


def test_a_query_without_end_is_ended_and_told(bounded: Any) -> None:
    begin = time.monotonic()
    answer = bounded.ask(ENDLESS)
    assert (answer.status, answer.json["limit"]) == (503, "seconds")
    assert time.monotonic() - begin >= 1
    assert bounded.ask("ASK {}").status == 200


def test_a_greedy_query_is_ended_and_told(packaged: Path, running: Callable[..., AbstractContextManager[Any]]) -> None:
    with running(packaged, "--query-timeout", "60", "--query-memory", "64", "--workers", "1") as service:
        answer = service.ask(GREEDY)
        assert (answer.status, answer.json["limit"]) == (503, "memory")
        assert service.ask("ASK {}").status == 200


def test_an_answer_without_end_is_never_taken_for_whole(bounded: Any) -> None:
    for accept in ("text/csv", "application/sparql-results+json"):
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            bounded.ask(ENDLESS_ROWS, accept)
    assert "answers_cut_total 2.0" in bounded.send("/metrics").text


def test_others_do_not_feel_it(bounded: Any) -> None:
    ends: list[int] = []
    endless = [threading.Thread(target=lambda: ends.append(bounded.ask(ENDLESS).status)) for _ in range(4)]
    for each in endless:
        each.start()
    answers = [bounded.ask(f"ASK {{ ?s a dg:Person }} #{number}").status for number in range(20)]
    for each in endless:
        each.join()
    assert set(answers) == {200}
    assert ends == [503] * 4


README = Path(__file__).parents[3] / "README.md"


def test_the_readmes_requests_are_answered_as_it_says(service: Any) -> None:
    [block] = re.findall(r"### Serve\n\n```text\n(.*?)```", README.read_text(), re.DOTALL)
    commands = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    asked = 0
    for command, _, expected in (part.partition("\n") for part in commands):
        words = shlex.split(command)
        if words[0] != "curl":
            continue
        headers = dict(word.split(": ") for flag, word in pairwise(words) if flag == "-H")
        fields = [tuple(word.split("=", 1)) for flag, word in pairwise(words) if flag.startswith("--data")]
        target = words[1 if words[1].startswith("http") else -1].removeprefix("http://127.0.0.1:8484")
        answer = service.send(f"{target}?{urlencode(fields)}" if fields else target, headers=headers)
        assert answer.text.replace("\r", "") == expected
        asked += 1
    assert asked == 2

"""What the service counts, for Prometheus: requests, kept answers, seconds of work; and the log of what was slow."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_BOUNDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


class Counts(NamedTuple):
    """What one process has counted: answers by status, those from memory and the bytes of these, and work by time."""

    requests: Counter[int]
    kept: int
    kept_bytes: int
    buckets: tuple[int, ...]
    seconds: float


class Measures(Collector):
    """Counts without labels that a client could choose, so that nothing a client sends makes them grow.

    `elsewhere` is what other processes of the service have counted, by their numbers.
    """

    def __init__(self, slow: float) -> None:
        self.slow = slow
        self.requests: Counter[int] = Counter()
        self.kept = self.kept_bytes = self.cut = 0
        self._buckets = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0
        self.elsewhere: dict[int, Counts] = {}
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def observe(self, seconds: float, status: int, asked: str, size: int) -> None:
        """Count one piece of work, and log it in a line of JSON if it was slow: by its hash, without its text."""
        self._seconds += seconds
        self._buckets[next((n for n, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))] += 1
        if seconds >= self.slow:
            line = {
                "event": "slow",
                "seconds": round(seconds, 3),
                "status": status,
                "bytes": size,
                "sha256": hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:16],
            }
            sys.stderr.write(json.dumps(line) + "\n")

    def counts(self) -> Counts:
        """Return what this process has counted."""
        return Counts(self.requests, self.kept, self.kept_bytes, tuple(self._buckets), self._seconds)

    def text(self) -> bytes:
        """Return all counts in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield all counts."""
        every = [self.counts(), *self.elsewhere.values()]
        requests = CounterMetricFamily("diplograph_requests", "Requests answered.", labels=["status"])
        for status, number in sorted(sum((counts.requests for counts in every), Counter[int]()).items()):
            requests.add_metric([str(status)], number)
        yield requests
        kept, size = (sum(numbers) for numbers in zip(*((each.kept, each.kept_bytes) for each in every), strict=True))
        yield CounterMetricFamily("diplograph_kept_answers_used", "Requests answered from memory.", value=kept)
        yield GaugeMetricFamily("diplograph_kept_answers_bytes", "Bytes of answers in memory.", value=size)
        yield CounterMetricFamily("diplograph_answers_cut", "Answers that a limit cut off midway.", value=self.cut)
        counted, buckets = 0, []
        numbers = map(sum, zip(*(each.buckets for each in every), strict=True))
        for bound, number in zip((*map(str, _BOUNDS), "+Inf"), numbers, strict=True):
            counted += number
            buckets.append((bound, float(counted)))
        seconds = sum(each.seconds for each in every)
        yield HistogramMetricFamily(
            "diplograph_work_seconds", "Seconds until an answer was whole.", buckets=buckets, sum_value=seconds
        )

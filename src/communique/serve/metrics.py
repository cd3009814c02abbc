"""The numbers of the server for Prometheus, and its log of requests: what was asked, never who asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from communique.serve.pool import Pool

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)


class Metrics:
    """Counts requests by route and status, and writes a line for each into the log, if there is one.

    A line is a JSON object: time, method, route, path, status, bytes, seconds; with ``log_queries`` also the query of
    the address. Addresses of clients are never written.
    """

    def __init__(self, log: IO[str] | None = None, *, log_queries: bool = False) -> None:
        self._log, self._log_queries = log, log_queries
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "communique_http_requests", "Requests by route and status.", ("route", "status"), registry=self._registry
        )
        self._bytes = Counter("communique_http_sent_bytes", "Bytes of bodies.", ("route",), registry=self._registry)
        self._seconds = Histogram(
            "communique_http_seconds", "Time to answer.", ("route",), buckets=_BUCKETS, registry=self._registry
        )

    def add(self, route: str, method: str, path: str, query: str, status: int, size: int, seconds: float) -> None:
        """Count a request; the status is 499 if the client had gone."""
        self._requests.labels(route, str(status)).inc()
        self._bytes.labels(route).inc(size)
        self._seconds.labels(route).observe(seconds)
        if self._log is None:
            return
        row: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method,
            "route": route,
            "path": path,
            "status": status,
            "bytes": size,
            "seconds": round(seconds, 6),
        }
        if self._log_queries:
            row["query"] = query
        self._log.write(json.dumps(row) + "\n")
        self._log.flush()

    def render(self, pool: Pool) -> bytes:
        """All numbers, those of the workers too, in the text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(_OfPool(pool))
        return generate_latest(self._registry) + generate_latest(registry)


class _OfPool(Collector):
    """The numbers of the workers, read when they are asked for."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """Each number."""
        pool, numbers = self._pool, self._pool.numbers
        yield GaugeMetricFamily("communique_workers", "Processes that answer queries.", pool.size)
        yield GaugeMetricFamily("communique_workers_busy", "Of these, how many are at work.", pool.busy)
        yield GaugeMetricFamily("communique_waiting", "Requests that wait for a worker.", pool.waiting)
        outcomes = CounterMetricFamily("communique_worker_requests", "Requests to workers.", labels=["outcome"])
        for name in ("answered", "too_long", "ended", "refused", "abandoned"):
            outcomes.add_metric([name], getattr(numbers, name))
        yield outcomes

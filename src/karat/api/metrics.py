"""Figures for Prometheus. About the server, never about whom it serves: no label names a tenant, a project or a person.

The page exists only where an operator has set a token. That a request comes from this machine says nothing (a reverse
proxy on it speaks for the whole world), and a key of a tenant must not show what all tenants together do.
"""

import hmac
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

import karat
from karat.audit.sealing import seal_lag_s
from karat.database import Database
from karat.jobs.service import watch_jobs, watch_queue_age_s
from karat.tasks.open_leases import count_open_leases

# What is asked of every tenant is asked this often at most, however many scrape.
FRESH_S = 10.0
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """Counts requests of this process, and reads the rest when it is asked for."""

    def __init__(self, database: Database, token: str) -> None:
        self._database = database
        self._token = token.encode()
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._requests = Histogram(
            "karat_request_seconds",
            "Time from a request to the beginning of its answer.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._figures: dict[str, dict[str, float]] = {}
        self._read_at = -FRESH_S

    def is_token(self, token: str) -> bool:
        """Whether it is the one of the settings."""
        return hmac.compare_digest(token.encode(), self._token)

    def observe(self, method: str, route: str, status: int, duration_s: float) -> None:
        """One more request that was answered; by the hundreds of its status, which are enough to tell what went wrong."""
        self._requests.labels(method, route, f"{status // 100}xx").observe(duration_s)

    async def page(self) -> bytes:
        """All figures, as Prometheus reads them."""
        if time.monotonic() >= self._read_at + FRESH_S:
            self._figures = await self._read()
            self._read_at = time.monotonic()
        return generate_latest(self._registry)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What Prometheus' library asks for while it writes the page."""
        info = GaugeMetricFamily("karat_info", "The version that runs.", labels=("version",))
        info.add_metric((karat.__version__,), 1)
        yield info
        pool: Any = self._database.pool
        size, idle = pool.get_size(), pool.get_idle_size()
        connections = {"busy": size - idle, "idle": idle, "most": pool.get_max_size()}
        yield _gauge("karat_pool_connections", "Database connections of this process.", "use", connections)
        for name, (text, label) in TEXTS.items():
            if name in self._figures:
                yield _gauge(name, text, label, self._figures[name])

    async def _read(self) -> dict[str, dict[str, float]]:
        """What is in the database, over all tenants: each is asked in its own transaction, as row security demands."""
        async with self._database.transaction(None) as db:
            queue_age = await watch_queue_age_s(db)
            tenants: list[UUID] = [row["id"] for row in await db.fetch("SELECT id FROM tenant")]
        jobs = {"queued": 0.0, "running": 0.0, "failed": 0.0}
        leases, lag = 0, 0.0
        for tenant_id in tenants:
            async with self._database.transaction(tenant_id) as db:
                for state, n in (await watch_jobs(db)).model_dump().items():
                    jobs[state] += n
                leases += await count_open_leases(db)
                lag = max(lag, await seal_lag_s(db))
        return {
            "karat_jobs": jobs,
            "karat_queue_age_seconds": {"": queue_age},
            "karat_open_leases": {"": leases},
            "karat_audit_seal_lag_seconds": {"": lag},
            "karat_tenants": {"": len(tenants)},
        }


TEXTS = {
    "karat_jobs": ("Jobs that wait, run, or have failed for good.", "state"),
    "karat_queue_age_seconds": ("How long the oldest job that is due has waited for a runner.", ""),
    "karat_open_leases": ("Tasks that somebody holds.", ""),
    "karat_audit_seal_lag_seconds": ("How long the oldest entry of the audit record has waited to be sealed.", ""),
    "karat_tenants": ("Organisations.", ""),
}


def _gauge(name: str, text: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=(label,) if label else ())
    for value, n in values.items():
        family.add_metric((value,) if label else (), n)
    return family

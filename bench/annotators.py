"""Annotators that work as fast as they are answered: over HTTP, or straight on PostgreSQL with the same statements."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import uvloop

from karat import audit, jobs
from karat.access import store as access_store
from karat.access.secrets import parse_secret
from karat.database import Transaction, connect
from karat.kit import Caller, Role, new_id
from karat.tasks import Purpose, hot
from tests.support.load import Client, draft_of

LEASE = timedelta(seconds=300)
LABEL = "yes"


@dataclass(frozen=True)
class Site:
    """Where to work."""

    url: str
    dsn: str
    project_id: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """What one block of work took.

    Attributes:
        next_s, submit_s: seconds of each call.
        client_cpu_s: of the process that made the load.
    """

    seconds: float
    next_s: list[float]
    submit_s: list[float]
    client_cpu_s: float

    @property
    def pairs_per_s(self) -> float:
        """Tasks taken and handed in per second."""
        return len(self.submit_s) / self.seconds


class Annotator(Protocol):
    """Takes a task, hands it in."""

    async def next(self) -> Any: ...
    async def submit(self, work: Any) -> None: ...


class OverHttp:
    """As the web app does."""

    def __init__(self, site: Site, key: str) -> None:
        self._client = Client(site.url, key)
        self._project_id = site.project_id

    async def next(self) -> Any:
        return (await self._client.take(self._project_id))["items"][0]

    async def submit(self, work: Any) -> None:
        status, body = await self._client.submit(work, new_id(), LABEL)
        assert status == 201, body


class OnPostgres:
    """The statements that the server makes for the same, in the same transactions, on a connection of its own."""

    def __init__(self, connection: asyncpg.Connection, site: Site, key: str) -> None:
        secret = parse_secret(key)
        assert secret is not None
        self._begin = f"BEGIN; SELECT set_config('app.tenant', '{secret.tenant_id}', true)"
        self._connection, self._db = connection, Transaction(connection, secret.tenant_id)
        self._project_id, self._sha256 = UUID(site.project_id), secret.sha256

    async def next(self) -> Any:
        await self._connection.execute(self._begin)
        who = await access_store.find_by_key(self._db, self._sha256)
        assert who is not None
        rows = await hot.claim(self._db, who["user_id"], self._project_id, Purpose.LABEL, [], LEASE, [new_id()])
        await self._connection.execute("COMMIT")
        return rows[0]

    async def submit(self, work: Any) -> None:
        await self._connection.execute(self._begin)
        who = await access_store.find_by_key(self._db, self._sha256)
        assert who is not None
        held = await hot.lock_assignment(self._db, work["assignment_id"])
        assert held is not None
        submission_id, version = new_id(), held["ontology_version_id"]
        await hot.add_submission(self._db, held, submission_id, [draft_of(LABEL)], version, 1, 1.5)
        caller = Caller(tenant_id=self._db.tenant_id, user_id=who["user_id"], role=Role.ANNOTATOR)
        await audit.record(self._db, caller, "task.submitted", held["task_id"], submission_id=str(submission_id))
        await jobs.publish(self._db, "tasks.submitted", project_id=held["project_id"], task_id=held["task_id"])
        await self._connection.execute("COMMIT")


def measure_http(site: Site, seconds: float) -> Measured:
    """A block over HTTP; runs in a process of its own."""

    async def run() -> Measured:
        return await _measure([OverHttp(site, key) for key in site.keys], seconds)

    return uvloop.run(run())


def measure_postgres(site: Site, seconds: float) -> Measured:
    """A block straight on the database; runs in a process of its own."""

    async def run() -> Measured:
        database = await connect(site.dsn, size=len(site.keys))
        connections = [await database.pool.acquire() for _ in site.keys]
        people = [OnPostgres(one, site, key) for one, key in zip(connections, site.keys, strict=True)]
        try:
            return await _measure(people, seconds)
        finally:
            for one in connections:
                await database.pool.release(one)
            await database.close()

    return uvloop.run(run())


async def _measure(people: Sequence[Annotator], seconds: float) -> Measured:
    await _work_until(people, time.perf_counter() + 0.5)  # statements prepared, caches warm, connections open
    began, cpu = time.perf_counter(), time.process_time()
    taken = await _work_until(people, began + seconds)
    ended = time.perf_counter() - began
    return Measured(ended, [one for one, _ in taken], [one for _, one in taken], time.process_time() - cpu)


async def _work_until(people: Sequence[Annotator], end: float) -> list[tuple[float, float]]:
    async def work(person: Annotator) -> list[tuple[float, float]]:
        taken = []
        while (began := time.perf_counter()) < end:
            task = await person.next()
            middle = time.perf_counter()
            await person.submit(task)
            taken.append((middle - began, time.perf_counter() - middle))
        return taken

    return [pair for some in await asyncio.gather(*(work(one) for one in people)) for pair in some]

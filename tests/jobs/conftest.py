"""A queue of its own for these tests: their handlers must not meet the jobs of others, nor theirs these."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from karat.access import set_up
from karat.api.engine import Engine, open_engine
from karat.config import Settings
from karat.database import Transaction
from karat.jobs import Handler, Run, Runner, Subscriber


@dataclass
class Bench:
    """A database with a tenant, and runners over it with whatever handlers a test wants."""

    engine: Engine
    tenant_id: UUID
    ran: list[UUID] = field(default_factory=list)

    def transaction(self) -> object:
        return self.engine.database.transaction(self.tenant_id)

    def runner(self, handlers: Mapping[str, Handler] | None = None, subscribers: Sequence[Subscriber] = ()) -> Runner:
        """A runner; without handlers it notes which jobs it ran."""

        async def note(run: Run) -> None:
            self.ran.append(run.job_id)

        return Runner(self.engine.database, self.engine.queue_dsn, handlers or {"note": note}, subscribers, ())

    async def value(self, sql: str, *args: object) -> object:
        async with self.engine.database.transaction(self.tenant_id) as db:
            return await db.fetch_value(sql, *args)

    async def enqueue(self, name: str = "note", **wish: object) -> UUID | None:
        """A job in a transaction of its own."""
        from karat import jobs

        async with self.engine.database.transaction(self.tenant_id) as db:
            return await jobs.enqueue(db, name, **wish)  # type: ignore[arg-type]

    async def hurry(self) -> None:
        """Let every job that waits for a later moment be due now."""
        async with self.engine.database.transaction(None) as db:
            await db.execute("UPDATE pgqueuer SET execute_after = now()")


@pytest.fixture(scope="module")
async def own_engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    async with open_engine(Settings(data_dir=tmp_path_factory.mktemp("jobs"))) as engine:
        yield engine


@pytest.fixture(scope="module")
async def own_tenant(own_engine: Engine) -> UUID:
    first = await set_up(own_engine.database, "Jobs", "Owner")
    assert first is not None
    return first.tenant.id


@pytest.fixture
async def bench(own_engine: Engine, own_tenant: UUID) -> AsyncIterator[Bench]:
    yield Bench(own_engine, own_tenant)
    async with own_engine.database.transaction(own_tenant) as db:
        await _clear(db)


async def _clear(db: Transaction) -> None:
    await db.execute("DELETE FROM pgqueuer")
    await db.execute("DELETE FROM job")
    await db.execute("DELETE FROM event")

"""Small chores that come round: expired leases, sealing the audit chain."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from karat.database import Database, Transaction
from karat.jobs import store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do for every tenant now and then, in one short transaction; safe to run twice."""

    name: str
    every_s: float
    run: Callable[[Transaction], Awaitable[None]]


class Chores:
    """Runs the chores; of several servers only one at a time does a chore for a tenant."""

    def __init__(self, database: Database, chores: Sequence[Chore]) -> None:
        self._database = database
        self._chores = chores

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.gather(*(self._repeat(chore) for chore in self._chores))

    async def _repeat(self, chore: Chore) -> None:
        while True:
            try:
                await self.run_once(chore)
            except Exception as error:
                log.warning("chore failed, trying again", chore=chore.name, error=repr(error))
            await asyncio.sleep(chore.every_s)

    async def run_once(self, chore: Chore) -> None:
        """Do the chore for every tenant, now."""
        async with self._database.transaction(None) as db:
            tenants = await store.all_tenants(db)
        for tenant_id in tenants:
            try:
                await self._run_for(tenant_id, chore)
            except Exception as error:  # what goes wrong for one tenant must not keep the others waiting
                log.warning("chore failed, trying again", chore=chore.name, tenant=str(tenant_id), error=repr(error))

    async def _run_for(self, tenant_id: UUID, chore: Chore) -> None:
        async with self._database.transaction(tenant_id) as db:
            mine = await db.fetch_value(
                "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 1))", f"{chore.name}:{tenant_id}"
            )
            if mine:
                await chore.run(db)

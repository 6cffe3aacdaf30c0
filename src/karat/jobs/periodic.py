"""Small chores that come round: expired leases, sealing the audit chain."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from karat.database import Database, Transaction
from karat.jobs import store
from karat.jobs.errors import explain

log = structlog.get_logger()

# How often a round that went well is written down: chores come round every few seconds, and nobody reads so fast.
NOTED_EVERY_S = 15.0


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
        self._noted_at: dict[tuple[str, UUID], float] = {}

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
            began, fault = time.monotonic(), None
            try:
                ran = await self._run_for(tenant_id, chore)
            except Exception as error:  # what goes wrong for one tenant must not keep the others waiting
                log.warning("chore failed, trying again", chore=chore.name, tenant=str(tenant_id), error=repr(error))
                ran, fault = True, explain(error)
            if ran:
                await self._note(tenant_id, chore, time.monotonic() - began, fault)

    async def _run_for(self, tenant_id: UUID, chore: Chore) -> bool:
        async with self._database.transaction(tenant_id) as db:
            mine = await db.fetch_value(
                "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 1))", f"{chore.name}:{tenant_id}"
            )
            if mine:
                await chore.run(db)
        return bool(mine)

    async def _note(self, tenant_id: UUID, chore: Chore, duration_s: float, fault: str | None) -> None:
        """Write the round down, in a transaction of its own: that of a round which failed is gone."""
        key = chore.name, tenant_id
        if fault is None and time.monotonic() < self._noted_at.get(key, -NOTED_EVERY_S) + NOTED_EVERY_S:
            return
        async with self._database.transaction(tenant_id) as db:
            await store.note_chore(db, chore.name, chore.every_s, duration_s, fault)
        if fault is None:
            self._noted_at[key] = time.monotonic()
        else:
            self._noted_at.pop(key, None)  # that it goes well again is news

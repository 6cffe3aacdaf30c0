"""Hands committed facts to their subscribers, many at a time."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from karat.database import Database
from karat.jobs import store
from karat.jobs.types import Event, Subscriber

log = structlog.get_logger()

# Polled, because NOTIFY takes a lock at every COMMIT of the hot path.
POLL_S = 0.15
BATCH = 1000


class Outbox:
    """Empties the `event` table."""

    def __init__(self, database: Database, subscribers: Sequence[Subscriber]) -> None:
        self._database = database
        self._subscribers = subscribers
        self._stop = asyncio.Event()
        self._last_good = time.monotonic()

    def silent_s(self) -> float:
        """How long ago everything that was there had been handed out."""
        return time.monotonic() - self._last_good

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stop.set()

    async def run(self) -> None:
        """Until stopped. An error leaves the events where they are, for the next turn."""
        while not self._stop.is_set():
            try:
                await self.drain()
                self._last_good = time.monotonic()
            except Exception as error:
                log.warning("events wait", error=repr(error))
                await asyncio.sleep(1)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), POLL_S)

    async def drain(self) -> None:
        """Hand out everything that is there now."""
        async with self._database.transaction(None) as db:
            tenants = await store.tenants_with_events(db)
        for tenant_id in tenants:
            while await self._drain_tenant(tenant_id) == BATCH:
                pass

    async def _drain_tenant(self, tenant_id: UUID) -> int:
        async with self._database.transaction(tenant_id) as db:
            if not await store.claim_outbox(db):
                return 0
            events = await store.take_events(db, BATCH)
            by_name: dict[str, list[Event]] = defaultdict(list)
            for event in events:
                by_name[event.name].append(event)
            for subscriber in self._subscribers:
                if heard := by_name.get(subscriber.event):
                    await subscriber.hear(db, heard)
        return len(events)

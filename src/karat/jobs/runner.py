"""The process side of jobs: takes them off the queue, runs their handlers, tells how they ended."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries
from pgqueuer.types import QueueEntrypoint, QueueExecutionMode
from structlog.contextvars import bound_contextvars

from karat.database import Database, Transaction
from karat.errors import KaratError
from karat.jobs import store
from karat.jobs.errors import JobCancelled, explain
from karat.jobs.outbox import Outbox
from karat.jobs.periodic import Chore, Chores
from karat.jobs.service import ENTRYPOINT
from karat.jobs.types import Subscriber
from karat.kit import Caller, Role

log = structlog.get_logger()

MAX_ATTEMPTS = 6
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=2)
# A batch of events may take its time; longer than this nobody hands them out.
EVENTS_LATE_S = 60.0
HEARTBEAT = timedelta(seconds=10)
# Each may hold two connections, one for its lock and one for its work: more at once than the pool has would wait for ever.
AT_ONCE = 8
ENGINE_USER = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job. Handlers open their own transactions and are safe to run twice."""

    database: Database
    tenant_id: UUID
    job_id: UUID
    payload: Mapping[str, Any]
    attempt: int

    @property
    def caller(self) -> Caller:
        """The engine itself, acting within the tenant."""
        return Caller(tenant_id=self.tenant_id, user_id=ENGINE_USER, role=Role.SERVICE)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction of the job's tenant."""
        return self.database.transaction(self.tenant_id)

    async def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Say how far it is.

        Raises:
            JobCancelled: somebody asked the job to stop.
        """
        async with self.transaction() as db:
            cancelled = await store.note_progress(db, self.job_id, done, total, message)
        if cancelled:
            raise JobCancelled


Handler = Callable[[Run], Awaitable[None]]


class Runner:
    """Runs jobs, hands out events and does the chores until it is stopped."""

    def __init__(
        self,
        database: Database,
        queue_dsn: str,
        handlers: Mapping[str, Handler],
        subscribers: Sequence[Subscriber],
        chores: Sequence[Chore],
    ) -> None:
        self._database = database
        self._dsn = queue_dsn
        self._handlers = handlers
        self._outbox = Outbox(database, subscribers)
        self._chores = Chores(database, chores)
        self._manager: QueueManager | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._chores_task: asyncio.Task[None] | None = None
        self._has_queue = False
        self._stopping = False

    def start(self) -> None:
        """Begin, in the background."""
        loops = (self._consume(), self._outbox.run())
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        self._chores_task = asyncio.create_task(self._chores.run())

    def troubles(self) -> list[str]:
        """What of it does not work right now, in sentences; nothing when it is well."""
        if self._chores_task is None or self._stopping:
            return ["The runner is not started."]
        found = {
            "The queue of jobs cannot be reached.": not self._has_queue or self._tasks[0].done(),
            "Events are not handed out.": self._outbox.silent_s() > EVENTS_LATE_S or self._tasks[1].done(),
            "Chores do not come round.": self._chores_task.done(),
        }
        return [sentence for sentence, is_so in found.items() if is_so]

    async def stop(self, patience_s: float = 5.0) -> None:
        """Let running jobs end, for a while; what is cut off is picked up again after the next start."""
        self._stopping = True
        if self._manager:
            self._manager.shutdown.set()
        self._outbox.stop()
        chores = [self._chores_task] if self._chores_task else []
        for task in chores:
            task.cancel()
        _, late = await asyncio.wait(self._tasks, timeout=patience_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, *chores, return_exceptions=True)

    async def drain(self) -> None:
        """Run what is queued now and what follows from it, and return when nothing is left; for commands and tests."""
        async with asyncpg.create_pool(self._dsn, min_size=1, max_size=3) as pool:
            queries = Queries.from_asyncpg_pool(pool)
            while True:
                await self._outbox.drain()
                if not await queries.eligible_queued_work([QueueEntrypoint(ENTRYPOINT)]):
                    return
                await self._make_manager(pool).run(
                    mode=QueueExecutionMode.drain,
                    dequeue_timeout=timedelta(seconds=0),
                    batch_size=4,
                    max_concurrent_tasks=AT_ONCE,
                )

    async def _consume(self) -> None:
        pause = 0.2
        while not self._stopping:
            try:
                async with asyncpg.create_pool(
                    self._dsn, min_size=1, max_size=3, server_settings={"application_name": "karat-queue"}
                ) as pool:
                    self._manager = self._make_manager(pool)
                    pause, self._has_queue = 0.2, True
                    await self._manager.run(
                        # How long an idle runner waits before it looks for jobs whose runner has died.
                        dequeue_timeout=HEARTBEAT / 2,
                        heartbeat_timeout=HEARTBEAT,
                        batch_size=4,
                        max_concurrent_tasks=AT_ONCE,
                    )
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database restarts under us; jobs wait in it meanwhile
                log.warning("queue lost, trying again", error=repr(error), pause_s=pause)
            self._has_queue = False
            if not self._stopping:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    def _make_manager(self, pool: asyncpg.Pool) -> QueueManager:
        manager = QueueManager(Queries.from_asyncpg_pool(pool))

        @manager.entrypoint(
            ENTRYPOINT,
            on_failure="hold",
            executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(
                parameters=parameters, max_attempts=MAX_ATTEMPTS, max_delay=LONGEST_DELAY
            ),
        )
        async def execute(queued: QueuedJob) -> None:
            ids = json.loads(queued.payload or b"{}")
            try:
                with bound_contextvars(tenant=ids["tenant_id"], job=ids["job_id"]):
                    await self._execute(UUID(ids["tenant_id"]), UUID(ids["job_id"]))
            except asyncio.CancelledError:
                # The process ends before the job does. The queue would drop what was cancelled; it has to go on later.
                raise RetryRequested(reason="the runner stopped") from None

        return manager

    async def _execute(self, tenant_id: UUID, job_id: UUID) -> None:
        async with self._database.transaction(tenant_id) as db:
            row = await store.start(db, job_id)
        if row is None or row["state"] == "cancelled":
            return
        run = Run(self._database, tenant_id, job_id, row["payload"], row["attempts"])
        state, error = "done", None
        try:
            await self._handle(row["name"], row["dedupe_key"], run)
        except JobCancelled:
            state = "cancelled"
        except Exception as problem:
            error = explain(problem)
            if not (isinstance(problem, KaratError) and not problem.retryable) and run.attempt < MAX_ATTEMPTS:
                delay = min(FIRST_DELAY * 2 ** (run.attempt - 1), LONGEST_DELAY)
                await self._note_error(run, error, delay)
                raise RetryRequested(delay=delay, reason=error) from problem
            log.error("job failed", name=row["name"], exc_info=problem)
            state = "failed"
        async with run.transaction() as db:
            await store.finish(db, job_id, state, error)

    async def _handle(self, name: str, dedupe_key: str | None, run: Run) -> None:
        """Jobs with the same key run one after the other, on all runners: the second sees what the first did."""
        handler = self._handlers[name]
        if dedupe_key is None:
            await handler(run)
            return
        async with run.transaction() as lock:
            await lock.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{run.tenant_id}:{dedupe_key}")
            await handler(run)

    async def _note_error(self, run: Run, error: str, delay: timedelta) -> None:
        with suppress(KaratError):
            async with run.transaction() as db:
                await store.note_error(db, run.job_id, error, delay)

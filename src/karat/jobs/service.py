"""Use cases: enqueue work and publish facts in the caller's transaction; look at jobs, cancel and retry them."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from pgqueuer.queries import Queries

from karat.database import Transaction
from karat.jobs import store
from karat.jobs.errors import JobFinished, JobNotFailed, JobNotFound, JobWaitsAlready
from karat.jobs.types import ChoreStatus, Job, JobCounts, JobState
from karat.kit import Action, Caller, Page, decode_cursor, make_page, new_id, require

log = structlog.get_logger()

ENTRYPOINT = "karat"
RECOVERY_ROUND_S = 60.0
LOST = "Its place in the queue was lost; it has been queued again."


async def enqueue(
    db: Transaction,
    name: str,
    *,
    subject_id: UUID | None = None,
    dedupe_key: str | None = None,
    delay: timedelta | None = None,
    title: str | None = None,
    **payload: Any,
) -> UUID | None:
    """Do it later: the job exists exactly if the transaction commits.

    Args:
        dedupe_key: while one with this key waits, another is not added; one that already runs does not count, since
            it may have read the data before the present change.

    Returns:
        The job's id, or None when an equal one waits already.
    """
    assert db.connection.is_in_transaction(), "a job outside a transaction could outlive its cause"
    job_id = new_id()
    body = {key: str(value) if isinstance(value, UUID) else value for key, value in payload.items()}
    if title:
        body["title"] = title
    if not await store.add(db, job_id, name, body, subject_id, dedupe_key):
        return None
    await _queue(db, job_id, delay)
    return job_id


async def publish(db: Transaction, name: str, **ids: UUID | int) -> None:
    """Tell a fact to whoever subscribed; it is heard exactly if the transaction commits."""
    await store.add_event(
        db, name, {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    )


async def get_job(db: Transaction, caller: Caller, job_id: UUID) -> Job:
    """One job.

    Raises:
        JobNotFound: no such job in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    if not (job := await store.find(db, job_id)):
        raise JobNotFound(job_id=job_id)
    return job


async def list_jobs(
    db: Transaction,
    caller: Caller,
    subject_id: UUID | None,
    cursor: str | None,
    limit: int,
    *,
    states: Sequence[JobState] = (),
    name: str | None = None,
) -> Page[Job]:
    """The jobs of a subject, or all of the tenant, newest first.

    Args:
        states: only jobs in one of these; all when empty.
        name: only jobs of this kind, such as `datasets.ingest`.
    """
    require(caller, Action.SEE_QUALITY)
    (before,) = decode_cursor(cursor, UUID)
    found = await store.page(db, subject_id, states, name, before, limit + 1)
    return make_page(found, limit, lambda job: (job.id,))


async def count_jobs(db: Transaction, caller: Caller) -> JobCounts:
    """How many jobs wait, run, or failed for good."""
    require(caller, Action.SEE_QUALITY)
    return await store.counts(db)


async def watch_jobs(db: Transaction) -> JobCounts:
    """`count_jobs` for those who watch over the whole server, whoever asks there."""
    return await store.counts(db)


async def watch_queue_age_s(db: Transaction) -> float:
    """How long the oldest job that is due has waited for a runner, of all tenants."""
    return await store.queue_age_s(db)


async def list_chores(db: Transaction, caller: Caller) -> list[ChoreStatus]:
    """What comes round by itself, by name. A chore that has not come round yet is not among them."""
    require(caller, Action.SEE_QUALITY)
    return await store.chores(db)


async def cancel_job(db: Transaction, caller: Caller, job_id: UUID) -> Job:
    """Ask a job to stop; a queued one stops at once, a running one at its next step.

    Raises:
        JobFinished: it has ended.
    """
    require(caller, Action.MANAGE_WORK)
    job = await get_job(db, caller, job_id)
    if job.state not in (JobState.QUEUED, JobState.RUNNING):
        raise JobFinished(job_id=job_id, state=job.state)
    await store.request_cancel(db, job_id)
    return await get_job(db, caller, job_id)


async def retry_job(db: Transaction, caller: Caller, job_id: UUID) -> Job:
    """Have a job that failed for good, or was cancelled, tried anew. Handlers go on where they were.

    Raises:
        JobNotFailed: it waits, runs or is done.
        JobWaitsAlready: an equal one has been enqueued since.
    """
    require(caller, Action.MANAGE_WORK)
    job = await get_job(db, caller, job_id)
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise JobNotFailed(job_id=job_id, state=job.state)
    try:
        await store.queue_again(db, job_id)
    except asyncpg.UniqueViolationError as error:
        raise JobWaitsAlready(job_id=job_id) from error
    await _queue(db, job_id, None)
    return await get_job(db, caller, job_id)


async def recover_lost(db: Transaction) -> None:
    """Chore: find the jobs of which the queue does not know any more, and queue them anew.

    An entry goes astray when the database fails just as a runner gives it back, or when the queue's tables were emptied;
    then nobody would ever take the job up, though it is called queued or running.
    """
    for job_id, name in await store.lost(db, ENTRYPOINT):
        await store.note_loss(db, job_id, LOST)
        await _queue(db, job_id, None)
        log.warning("job had lost its place in the queue", name=name, job=str(job_id))


async def _queue(db: Transaction, job_id: UUID, delay: timedelta | None) -> None:
    ids = json.dumps({"tenant_id": str(db.tenant_id), "job_id": str(job_id)}).encode()
    await Queries.from_asyncpg_connection(db.connection).enqueue(ENTRYPOINT, ids, execute_after=delay)

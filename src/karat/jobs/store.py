"""SQL of jobs and of the outbox."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.jobs.types import ChoreStatus, Event, Job, JobCounts, JobState

_JOB = """id, name, state, progress, total, message, error, attempts, retries, subject_id, cancel_requested,
    created_at, started_at, finished_at, coalesce(payload->>'title', name) AS title,
    CASE WHEN state IN ('queued', 'running') THEN next_attempt_at END AS next_attempt_at,
    rate_per_s, CASE WHEN state = 'running' AND rate_per_s > 0
        THEN progress_at + make_interval(secs => (total - progress) / rate_per_s) END AS eta
    FROM (SELECT *, CASE WHEN progress_at > progress_since AND progress > progress_from
        THEN (progress - progress_from) / extract(epoch FROM progress_at - progress_since)::float8 END AS rate_per_s
        FROM job) job"""


def _job(row: asyncpg.Record) -> Job:
    return Job.model_validate(dict(row))


async def add(
    db: Transaction, job_id: UUID, name: str, payload: dict[str, Any], subject_id: UUID | None, dedupe_key: str | None
) -> bool:
    """Insert a queued job; False when one with the same dedupe key is queued already."""
    return bool(
        await db.fetch_value(
            """INSERT INTO job (tenant_id, id, name, state, payload, subject_id, dedupe_key)
            VALUES ($1, $2, $3, 'queued', $4, $5, $6)
            ON CONFLICT (tenant_id, name, dedupe_key) WHERE state = 'queued' DO NOTHING RETURNING true""",
            db.tenant_id,
            job_id,
            name,
            payload,
            subject_id,
            dedupe_key,
        )
    )


async def find(db: Transaction, job_id: UUID) -> Job | None:
    row = await db.fetch_row(f"SELECT {_JOB} WHERE id = $1", job_id)
    return _job(row) if row else None


async def page(
    db: Transaction,
    subject_id: UUID | None,
    states: Sequence[JobState],
    name: str | None,
    before: UUID | None,
    limit: int,
) -> list[Job]:
    rows = await db.fetch(
        f"""SELECT {_JOB} WHERE ($1::uuid IS NULL OR subject_id = $1) AND ($2::uuid IS NULL OR id < $2)
            AND ($3::text[] = '{{}}' OR state = ANY($3)) AND ($4::text IS NULL OR name = $4)
        ORDER BY id DESC LIMIT $5""",
        subject_id,
        before,
        list(states),
        name,
        limit,
    )
    return [_job(row) for row in rows]


async def counts(db: Transaction) -> JobCounts:
    rows = await db.fetch(
        "SELECT state, count(*) AS n FROM job WHERE state IN ('queued', 'running', 'failed') GROUP BY 1"
    )
    return JobCounts.model_validate({"queued": 0, "running": 0, "failed": 0} | {row["state"]: row["n"] for row in rows})


async def start(db: Transaction, job_id: UUID) -> asyncpg.Record | None:
    """Mark a job as running; None when it has ended or was cancelled before it began."""
    return await db.fetch_row(
        """UPDATE job SET state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'running' END,
            finished_at = CASE WHEN cancel_requested THEN now() END,
            attempts = attempts + 1, started_at = coalesce(started_at, now()), next_attempt_at = NULL,
            progress_from = NULL, progress_since = NULL, progress_at = NULL
        WHERE id = $1 AND state IN ('queued', 'running') RETURNING name, payload, state, attempts, dedupe_key""",
        job_id,
    )


async def finish(db: Transaction, job_id: UUID, state: str, error: str | None) -> None:
    await db.execute("UPDATE job SET state = $2, error = $3, finished_at = now() WHERE id = $1", job_id, state, error)


async def note_error(db: Transaction, job_id: UUID, error: str, delay: timedelta) -> None:
    await db.execute("UPDATE job SET error = $2, next_attempt_at = now() + $3 WHERE id = $1", job_id, error, delay)


async def queue_again(db: Transaction, job_id: UUID) -> None:
    """Make an ended job wait as if it were new; its last error stays to be read until it has ended again."""
    await db.execute(
        """UPDATE job SET state = 'queued', attempts = 0, retries = retries + 1, cancel_requested = false,
            started_at = NULL, finished_at = NULL, next_attempt_at = NULL
        WHERE id = $1 AND state IN ('failed', 'cancelled')""",
        job_id,
    )


async def lost(db: Transaction, entrypoint: str) -> list[tuple[UUID, str]]:
    """Jobs, with their names, that have not ended and that nobody is going to run.

    Entry and row are written together, and the entry is taken away after the row has ended: whatever moment this sees,
    a job that has not ended and has no entry has lost it. An entry that is held back for good counts as none.
    """
    rows = await db.fetch(
        """SELECT id, name FROM job WHERE state IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM pgqueuer q
            WHERE q.entrypoint = $1 AND q.status IN ('queued', 'picked')
                AND convert_from(q.payload, 'UTF8')::jsonb ->> 'job_id' = job.id::text)
        ORDER BY id LIMIT 1000""",
        entrypoint,
    )
    return [(row["id"], row["name"]) for row in rows]


async def note_loss(db: Transaction, job_id: UUID, error: str) -> None:
    """Say what happened, and clear away the entry that is held back."""
    await db.execute("UPDATE job SET error = $2, next_attempt_at = NULL WHERE id = $1", job_id, error)
    await db.execute(
        """DELETE FROM pgqueuer WHERE status = 'failed'
            AND convert_from(payload, 'UTF8')::jsonb ->> 'job_id' = $1::uuid::text""",
        job_id,
    )


async def note_progress(db: Transaction, job_id: UUID, done: int, total: int | None, message: str | None) -> bool:
    """Write down how far the job is; tells whether somebody wants it cancelled."""
    return bool(
        await db.fetch_value(
            """UPDATE job SET progress = $2, total = $3, message = $4, progress_from = coalesce(progress_from, $2),
                progress_since = coalesce(progress_since, clock_timestamp()), progress_at = clock_timestamp()
            WHERE id = $1 RETURNING cancel_requested""",
            job_id,
            done,
            total,
            message,
        )
    )


async def request_cancel(db: Transaction, job_id: UUID) -> None:
    await db.execute(
        """UPDATE job SET cancel_requested = true,
            state = CASE WHEN state = 'queued' OR next_attempt_at > now() THEN 'cancelled' ELSE state END,
            finished_at = CASE WHEN state = 'queued' OR next_attempt_at > now() THEN now() END
        WHERE id = $1 AND state IN ('queued', 'running')""",
        job_id,
    )


async def add_event(db: Transaction, name: str, payload: dict[str, Any]) -> None:
    await db.execute("INSERT INTO event (tenant_id, name, payload) VALUES ($1, $2, $3)", db.tenant_id, name, payload)


async def tenants_with_events(db: Transaction) -> list[UUID]:
    return [row["tenant_id"] for row in await db.fetch("SELECT DISTINCT tenant_id FROM event")]


async def claim_outbox(db: Transaction) -> bool:
    """Whether this transaction may hand out the tenant's events: of several runners one at a time, so they stay in order."""
    return bool(
        await db.fetch_value("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 2))", f"events:{db.tenant_id}")
    )


async def take_events(db: Transaction, limit: int) -> list[Event]:
    """Take the oldest events of the tenant out of the outbox; they are back if the transaction fails."""
    rows = await db.fetch(
        """DELETE FROM event WHERE id IN (SELECT id FROM event WHERE tenant_id = $1 ORDER BY id LIMIT $2
            FOR UPDATE SKIP LOCKED) RETURNING id, name, payload""",
        db.tenant_id,
        limit,
    )
    return [Event(row["name"], row["payload"]) for row in sorted(rows, key=lambda row: row["id"])]


async def all_tenants(db: Transaction) -> list[UUID]:
    return [row["id"] for row in await db.fetch("SELECT id FROM tenant ORDER BY id")]


async def queue_age_s(db: Transaction) -> float:
    """How long the oldest entry of the queue that is due has waited, of all tenants; 0 when none waits."""
    waits: float = await db.fetch_value(
        """SELECT coalesce(extract(epoch FROM now() - min(execute_after)), 0)::float8 FROM pgqueuer
        WHERE status = 'queued' AND execute_after <= now()"""
    )
    return waits


async def note_chore(db: Transaction, name: str, every_s: float, duration_s: float, error: str | None) -> None:
    """How a round went. Nothing of value is lost with it, so nobody waits for the disk."""
    await db.execute("SET LOCAL synchronous_commit = off")
    await db.execute(
        """INSERT INTO chore AS c (tenant_id, name, every_s, last_run_at, last_duration_s, last_good_at, error,
            error_at, failures_in_a_row)
        VALUES ($1, $2, $3, now(), $4, CASE WHEN $5::text IS NULL THEN now() END, $5,
            CASE WHEN $5 IS NOT NULL THEN now() END, CASE WHEN $5 IS NULL THEN 0 ELSE 1 END)
        ON CONFLICT (tenant_id, name) DO UPDATE SET every_s = excluded.every_s, last_run_at = excluded.last_run_at,
            last_duration_s = excluded.last_duration_s, last_good_at = coalesce(excluded.last_good_at, c.last_good_at),
            error = coalesce(excluded.error, c.error), error_at = coalesce(excluded.error_at, c.error_at),
            failures_in_a_row = CASE WHEN excluded.error IS NULL THEN 0 ELSE c.failures_in_a_row + 1 END""",
        db.tenant_id,
        name,
        every_s,
        duration_s,
        error,
    )


async def chores(db: Transaction) -> list[ChoreStatus]:
    rows = await db.fetch(
        """SELECT name, every_s, last_run_at, last_duration_s, last_good_at, error, error_at, failures_in_a_row,
            last_run_at + make_interval(secs => every_s) AS next_run_at FROM chore ORDER BY name"""
    )
    return [ChoreStatus.model_validate(dict(row)) for row in rows]

"""SQL of jobs and of the outbox."""

from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.jobs.types import Event, Job

_JOB = (
    "id, name, state, progress, total, message, error, attempts, subject_id, created_at, finished_at, "
    "coalesce(payload->>'title', name) AS title"
)


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
    row = await db.fetch_row(f"SELECT {_JOB} FROM job WHERE id = $1", job_id)
    return _job(row) if row else None


async def page(db: Transaction, subject_id: UUID | None, before: UUID | None, limit: int) -> list[Job]:
    rows = await db.fetch(
        f"""SELECT {_JOB} FROM job WHERE ($1::uuid IS NULL OR subject_id = $1) AND ($2::uuid IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3""",
        subject_id,
        before,
        limit,
    )
    return [_job(row) for row in rows]


async def start(db: Transaction, job_id: UUID) -> asyncpg.Record | None:
    """Mark a job as running; None when it has ended or was cancelled before it began."""
    return await db.fetch_row(
        """UPDATE job SET state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'running' END,
            finished_at = CASE WHEN cancel_requested THEN now() END,
            attempts = attempts + 1, started_at = coalesce(started_at, now())
        WHERE id = $1 AND state IN ('queued', 'running') RETURNING name, payload, state, attempts, dedupe_key""",
        job_id,
    )


async def finish(db: Transaction, job_id: UUID, state: str, error: str | None) -> None:
    await db.execute("UPDATE job SET state = $2, error = $3, finished_at = now() WHERE id = $1", job_id, state, error)


async def note_error(db: Transaction, job_id: UUID, error: str) -> None:
    await db.execute("UPDATE job SET error = $2 WHERE id = $1", job_id, error)


async def note_progress(db: Transaction, job_id: UUID, done: int, total: int | None, message: str | None) -> bool:
    """Write down how far the job is; tells whether somebody wants it cancelled."""
    return bool(
        await db.fetch_value(
            """UPDATE job SET progress = $2, total = $3, message = $4 WHERE id = $1 RETURNING cancel_requested""",
            job_id,
            done,
            total,
            message,
        )
    )


async def request_cancel(db: Transaction, job_id: UUID) -> None:
    await db.execute(
        """UPDATE job SET cancel_requested = true, state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
            finished_at = CASE state WHEN 'queued' THEN now() END
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

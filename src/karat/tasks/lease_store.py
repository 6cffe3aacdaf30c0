"""SQL of assignments off the hot path: drafts, leases, taking back, reviews."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets import ASSET_COLUMNS
from karat.tasks.predictions import PREDICTED, PREDICTED_COLUMNS
from karat.tasks.types import STAGE_OF, Purpose


async def save_draft(
    db: Transaction, assignment_id: UUID, seq: int, annotations: list[dict[str, Any]]
) -> datetime | None:
    """Keep the draft unless a newer one is there; the moment, or None."""
    at: datetime | None = await db.fetch_value(
        """UPDATE assignment SET draft = $3, draft_seq = $2 WHERE id = $1 AND draft_seq <= $2
        RETURNING clock_timestamp()""",
        assignment_id,
        seq,
        annotations,
    )
    return at


async def close_assignment(db: Transaction, assignment: asyncpg.Record, state: str, reason: str | None) -> None:
    """Give a held task back: its slot is free again."""
    await db.execute("UPDATE assignment SET state = $2, reason = $3 WHERE id = $1", assignment["id"], state, reason)
    await db.execute("UPDATE task SET taken = taken - 1 WHERE id = $1", assignment["task_id"])


async def renew(db: Transaction, assignment_id: UUID, lease: timedelta) -> datetime:
    at: datetime = await db.fetch_value(
        "UPDATE assignment SET expires_at = now() + $2::interval WHERE id = $1 RETURNING expires_at",
        assignment_id,
        lease,
    )
    return at


async def expire(db: Transaction) -> int:
    """Take back every lease that is over; a row somebody is submitting right now is left for the next round."""
    return int(
        await db.fetch_value(
            """WITH over AS (
                SELECT id, task_id FROM assignment WHERE state = 'held' AND expires_at <= now() FOR UPDATE SKIP LOCKED
            ), expired AS (
                UPDATE assignment a SET state = 'expired' FROM over WHERE a.tenant_id = $1 AND a.id = over.id
            ), freed AS (
                UPDATE task t SET taken = t.taken - o.n FROM (SELECT task_id, count(*) AS n FROM over GROUP BY task_id) o
                WHERE t.tenant_id = $1 AND t.id = o.task_id
            ) SELECT count(*) FROM over""",
            db.tenant_id,
        )
    )


async def withdraw(db: Transaction, assignment: asyncpg.Record, lease: timedelta) -> list[dict[str, Any]] | None:
    """Take the counted answer back and hold the task again; the annotations that were withdrawn, None when it is too late.

    The task may be with a second person already: then it is held by both, and both places are counted.
    """
    at_check = assignment["purpose"] == Purpose.CHECK
    reopened = await db.execute(
        "UPDATE task SET answered = answered - 1 WHERE id = $1 AND stage = 'check' AND answered > 0"
        if at_check
        else """UPDATE task SET stage = 'people', answered = greatest(answered, 1) - 1,
            taken = CASE WHEN answered > 0 THEN taken ELSE taken + 1 END,
            wanted = CASE WHEN answered > 0 THEN wanted ELSE greatest(wanted, taken + 1) END
        WHERE id = $1 AND (stage = 'people' OR stage = 'model' AND EXISTS (
            SELECT 1 FROM project p WHERE p.id = task.project_id AND p.phase IN ('collecting', 'routing')))""",
        assignment["task_id"],
    )
    if not reopened:
        return None
    withdrawn = await db.fetch_row(
        """UPDATE submission SET withdrawn_at = now() WHERE assignment_id = $1 AND withdrawn_at IS NULL
        RETURNING annotations""",
        assignment["id"],
    )
    if withdrawn is None:
        return None
    await db.execute(
        """UPDATE assignment SET state = 'held', expires_at = now() + $2::interval, draft = $3, draft_seq = draft_seq + 1
        WHERE id = $1""",
        assignment["id"],
        lease,
        withdrawn["annotations"],
    )
    annotations: list[dict[str, Any]] = withdrawn["annotations"]
    return annotations


async def held_work(db: Transaction, assignment_id: UUID) -> asyncpg.Record | None:
    """An assignment as `hot.claim` gives it."""
    return await db.fetch_row(
        f"""SELECT x.id AS assignment_id, x.task_id, x.project_id, x.purpose, x.expires_at, x.draft, x.draft_seq,
            p.ontology_version_id, p.instructions_version, t.annotations AS proposed, {PREDICTED_COLUMNS}, {ASSET_COLUMNS}
        FROM assignment x JOIN task t ON t.tenant_id = x.tenant_id AND t.id = x.task_id
        JOIN project p ON p.tenant_id = x.tenant_id AND p.id = x.project_id
        JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
        CROSS JOIN LATERAL (SELECT x.task_id) AS h {PREDICTED} WHERE x.id = $1""",
        assignment_id,
    )


async def claim_one(db: Transaction, assignment_id: UUID, old: asyncpg.Record, lease: timedelta) -> bool:
    """Hold a task again whose lease ended, if it still asks for the same and has room."""
    taken = await db.execute(
        """UPDATE task SET taken = taken + 1 WHERE id = $1 AND stage = $2 AND taken < wanted AND NOT EXISTS (
            SELECT 1 FROM submission s WHERE s.assignment_id = $3 AND s.withdrawn_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM review r WHERE r.assignment_id = $3)""",
        old["task_id"],
        STAGE_OF[Purpose(old["purpose"])],
        assignment_id,
    )
    if not taken:
        return False
    await db.execute(
        "UPDATE assignment SET state = 'held', expires_at = now() + $2::interval WHERE id = $1", assignment_id, lease
    )
    return True


async def count_skips(db: Transaction, task_id: UUID) -> int:
    """How many people passed the task on."""
    return int(
        await db.fetch_value(
            "SELECT count(DISTINCT user_id) FROM assignment WHERE task_id = $1 AND state = 'skipped'", task_id
        )
    )


async def offer_again_if_nobody_is_left(db: Transaction, task_id: UUID, purpose: str, roles: Sequence[str]) -> None:
    """Let the members with these roles have a task again once every one of them has passed it on."""
    await db.execute(
        """UPDATE assignment SET state = 'released' WHERE task_id = $1 AND purpose = $2 AND state = 'skipped'
            AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.active AND m.role = ANY($3::text[]) AND NOT EXISTS (
                SELECT 1 FROM assignment x WHERE x.tenant_id = m.tenant_id AND x.user_id = m.user_id AND x.task_id = $1
                    AND x.purpose = $2 AND x.state = 'skipped'))""",
        task_id,
        purpose,
        roles,
    )


async def ask_again(db: Transaction, task_id: UUID) -> None:
    """Put a rejected task in front of people anew, also of those who answered it or passed it on.

    Should it come to review again, whoever rejected it may be the only one to judge it.
    """
    await db.execute(
        "UPDATE task SET stage = 'people', wanted = 1, taken = 0, answered = 0, updated_at = now() WHERE id = $1",
        task_id,
    )
    await db.execute(
        """UPDATE assignment SET state = 'released'
        WHERE task_id = $1 AND purpose IN ('label', 'review') AND state IN ('submitted', 'skipped')""",
        task_id,
    )


async def find_review(db: Transaction, review_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        "SELECT id, task_id, assignment_id, user_id, verdict, created_at FROM review WHERE id = $1", review_id
    )


async def add_review(
    db: Transaction,
    assignment: asyncpg.Record,
    review_id: UUID,
    submission_id: UUID | None,
    verdict: str,
    reason: str | None,
    note: str | None,
    annotations: list[dict[str, Any]] | None,
    duration_s: float,
) -> datetime:
    at: datetime = await db.fetch_value(
        """INSERT INTO review (tenant_id, id, project_id, task_id, assignment_id, submission_id, user_id, verdict, reason,
            note, annotations, duration_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        RETURNING created_at""",
        db.tenant_id,
        review_id,
        assignment["project_id"],
        assignment["task_id"],
        assignment["id"],
        submission_id,
        assignment["user_id"],
        verdict,
        reason,
        note,
        annotations,
        duration_s,
    )
    await db.execute("UPDATE assignment SET state = 'submitted', draft = NULL WHERE id = $1", assignment["id"])
    return at

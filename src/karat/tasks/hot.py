"""The hot path: SQL of `next` and `submit`. Few statements, each written by hand; see `store.py` for everything else.

Locks are taken in one order, task after assignment, and only on rows of the task at hand: annotators never queue behind
each other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets import ASSET_COLUMNS
from karat.tasks.types import STAGE_OF, Purpose

# One statement: what the caller holds already and does not know of, its lease renewed; then tasks nobody else may have.
# The search begins behind the caller's latest task, so it does not grow with what the caller has done (`wrap` repeats it
# from the front). SKIP LOCKED keeps annotators from waiting; `taken < wanted` is judged again on the locked row.
_CLAIM = f"""
WITH mine AS (
    UPDATE assignment SET expires_at = now() + $7::interval WHERE id IN (
        SELECT id FROM assignment WHERE user_id = $1 AND project_id = $2 AND purpose = $3 AND state = 'held'
            AND expires_at > now() AND id <> ALL($6::uuid[]) ORDER BY id LIMIT $5)
    RETURNING id, task_id, expires_at, draft, draft_seq
), candidate AS (
    SELECT t.id, t.asset_id FROM task t JOIN project p ON p.tenant_id = t.tenant_id AND p.id = t.project_id
    WHERE t.project_id = $2 AND p.state = 'running' AND t.stage = $4 AND t.taken < t.wanted
        AND ($9 OR (t.priority, t.id) > (coalesce((SELECT (l.priority) FROM assignment x JOIN task l ON l.tenant_id = x.tenant_id
            AND l.id = x.task_id WHERE x.user_id = $1 AND x.project_id = $2 ORDER BY x.id DESC LIMIT 1), -1),
            coalesce((SELECT x.task_id FROM assignment x WHERE x.user_id = $1 AND x.project_id = $2
            ORDER BY x.id DESC LIMIT 1), '00000000-0000-0000-0000-000000000000'::uuid)))
        AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.tenant_id = t.tenant_id AND a.task_id = t.id AND a.user_id = $1
            AND a.purpose = $3 AND a.state IN ('held', 'submitted', 'skipped'))
    ORDER BY t.priority, t.id
    LIMIT greatest(0, $5 - (SELECT count(*) FROM mine)) FOR UPDATE OF t SKIP LOCKED
), taken AS (
    UPDATE task t SET taken = taken + 1 FROM candidate c WHERE t.tenant_id = (SELECT current_setting('app.tenant')::uuid)
        AND t.id = c.id RETURNING t.id
), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM taken
), made AS (
    INSERT INTO assignment (tenant_id, id, project_id, task_id, user_id, purpose, state, expires_at)
    SELECT (SELECT current_setting('app.tenant')::uuid), ($8::uuid[])[n], $2, id, $1, $3, 'held', now() + $7::interval
    FROM numbered RETURNING id, task_id, expires_at, draft, draft_seq
), held AS (SELECT * FROM mine UNION ALL SELECT * FROM made)
SELECT h.id AS assignment_id, h.task_id, h.expires_at, h.draft, h.draft_seq, p.ontology_version_id, p.instructions_version,
    {ASSET_COLUMNS}
FROM held h
JOIN task t ON t.tenant_id = (SELECT current_setting('app.tenant')::uuid) AND t.id = h.task_id
JOIN project p ON p.tenant_id = t.tenant_id AND p.id = t.project_id
JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
ORDER BY h.id"""


async def claim(
    db: Transaction,
    user_id: UUID,
    project_id: UUID,
    purpose: Purpose,
    known: Sequence[UUID],
    lease: object,
    ids: Sequence[UUID],
    *,
    wrap: bool,
) -> list[asyncpg.Record]:
    """Up to `len(ids)` assignments with all that the screen needs.

    Args:
        wrap: look from the first task on instead of from where the caller is.
    """
    return await db.fetch(
        _CLAIM, user_id, project_id, purpose, STAGE_OF[purpose], len(ids), list(known), lease, list(ids), wrap
    )


async def lock_assignment(db: Transaction, assignment_id: UUID) -> asyncpg.Record | None:
    """The assignment, locked, with what is needed to judge the work on it."""
    return await db.fetch_row(
        """SELECT x.id, x.task_id, x.project_id, x.user_id, x.purpose, x.state, x.expires_at > now() AS is_live,
            x.draft_seq, p.ontology_version_id, p.instructions_version, p.state AS project_state,
            t.stage, t.taken < t.wanted AS has_room, d.modality, a.media_type, a.width, a.height, a.length
        FROM assignment x JOIN task t ON t.tenant_id = x.tenant_id AND t.id = x.task_id
        JOIN project p ON p.tenant_id = x.tenant_id AND p.id = x.project_id
        JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
        JOIN dataset d ON d.tenant_id = a.tenant_id AND d.id = a.dataset_id
        WHERE x.id = $1 FOR UPDATE OF x""",
        assignment_id,
    )


async def add_submission(
    db: Transaction,
    held: asyncpg.Record,
    submission_id: UUID,
    annotations: list[dict[str, object]],
    ontology_version_id: UUID,
    instructions_version: int,
    duration_s: float,
) -> datetime:
    """Store the answer, close the assignment and count the answer on the task, in one statement; the moment."""
    at: datetime = await db.fetch_value(
        """WITH closed AS (
            UPDATE assignment SET state = 'submitted', draft = NULL WHERE id = $2
        ), counted AS (
            UPDATE task SET answered = answered + 1, updated_at = now() WHERE id = $3
        )
        INSERT INTO submission (tenant_id, id, project_id, task_id, assignment_id, user_id, purpose, annotations,
            ontology_version_id, instructions_version, duration_s)
        VALUES ((SELECT current_setting('app.tenant')::uuid), $1, $4, $3, $2, $5, $6, $7, $8, $9, $10)
        RETURNING created_at""",
        submission_id,
        held["id"],
        held["task_id"],
        held["project_id"],
        held["user_id"],
        held["purpose"],
        annotations,
        ontology_version_id,
        instructions_version,
        duration_s,
    )
    return at


async def find_submission(db: Transaction, submission_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        "SELECT id, task_id, assignment_id, user_id, annotations, created_at, withdrawn_at FROM submission WHERE id = $1",
        submission_id,
    )

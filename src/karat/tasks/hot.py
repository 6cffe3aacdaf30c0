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
from karat.tasks.predictions import PREDICTED, PREDICTED_COLUMNS
from karat.tasks.types import STAGE_OF, Purpose

MOST_COUNTED = 1000  # of the tasks that remain, to stay cheap

# Tasks that somebody may take and the caller has not had; the sub-query stays one (OFFSET 0), so that it is asked for the
# few tasks that are looked at. As a join it would read everything that the caller ever did.
_FREE = """t.project_id = $2 AND t.stage = $4 AND t.taken < t.wanted
        AND EXISTS (SELECT 1 FROM project p WHERE p.id = $2 AND p.state = 'running')
        AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.tenant_id = t.tenant_id AND a.task_id = t.id AND a.user_id = $1
            AND a.purpose = $3 AND a.state IN ('held', 'submitted', 'skipped') OFFSET 0)"""

# One statement: what the caller holds already and does not know of, its lease renewed; then tasks nobody else may have.
# The search begins behind the caller's latest task, so it does not grow with what the caller has done, and begins again
# from the front for what is missing then. SKIP LOCKED keeps annotators from waiting; `taken < wanted` is judged again on
# the locked row.
# The form keeps PostgreSQL to look-ups by key, whether it has no statistics yet, as right after an import, or many rows:
# a list of ids is an array (which it takes for ten rows), the joins of the answer are lateral. The bounds of the search
# are plain sub-queries, since row-level security lets only such into the condition of an index.
_CLAIM = f"""
WITH mine AS (
    UPDATE assignment SET expires_at = now() + $7::interval WHERE user_id = $1 AND project_id = $2 AND id = ANY(ARRAY(
        SELECT id FROM assignment WHERE user_id = $1 AND project_id = $2 AND purpose = $3 AND state = 'held'
            AND expires_at > now() AND id <> ALL($6::uuid[]) ORDER BY id LIMIT $5))
    RETURNING id, task_id, expires_at, draft, draft_seq
), latest AS (
    SELECT coalesce(max(l.priority), -1) AS priority,
        coalesce(max(l.id::text)::uuid, '00000000-0000-0000-0000-000000000000') AS id
    FROM (SELECT t.priority, t.id FROM assignment x JOIN task t ON t.tenant_id = x.tenant_id AND t.id = x.task_id
        WHERE x.user_id = $1 AND x.project_id = $2 ORDER BY x.id DESC LIMIT 1) AS l
), ahead AS (
    SELECT t.id FROM task t
    WHERE {_FREE} AND (t.priority, t.id) > ((SELECT priority FROM latest), (SELECT id FROM latest))
    ORDER BY t.priority, t.id LIMIT greatest(0, $5 - (SELECT count(*) FROM mine)) FOR UPDATE OF t SKIP LOCKED
), behind AS (
    SELECT t.id FROM task t
    WHERE {_FREE} AND (t.priority, t.id) <= ((SELECT priority FROM latest), (SELECT id FROM latest))
    ORDER BY t.priority, t.id
    LIMIT greatest(0, $5 - (SELECT count(*) FROM mine) - (SELECT count(*) FROM ahead)) FOR UPDATE OF t SKIP LOCKED
), taken AS (
    UPDATE task t SET taken = taken + 1
    FROM unnest(ARRAY(SELECT id FROM ahead UNION ALL SELECT id FROM behind)) AS one (id)
    WHERE t.tenant_id = (SELECT current_setting('app.tenant')::uuid) AND t.id = one.id RETURNING t.id
), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM taken
), made AS (
    INSERT INTO assignment (tenant_id, id, project_id, task_id, user_id, purpose, state, expires_at)
    SELECT (SELECT current_setting('app.tenant')::uuid), ($8::uuid[])[n], $2, id, $1, $3, 'held', now() + $7::interval
    FROM numbered RETURNING id, task_id, expires_at, draft, draft_seq
), held AS (SELECT * FROM mine UNION ALL SELECT * FROM made)
SELECT h.id AS assignment_id, h.task_id, h.expires_at, h.draft, h.draft_seq, p.ontology_version_id, p.instructions_version,
    (SELECT count(*) FROM (SELECT 1 FROM task o WHERE o.project_id = $2 AND o.stage = $4 AND o.taken < o.wanted
        AND o.id <> ALL(ARRAY(SELECT id FROM taken)) AND (o.taken = 0 OR NOT EXISTS (
            SELECT 1 FROM assignment x WHERE x.tenant_id = o.tenant_id AND x.task_id = o.id AND x.user_id = $1
            AND x.purpose = $3 AND x.state IN ('held', 'submitted', 'skipped') OFFSET 0))
        LIMIT {MOST_COUNTED}) AS counted) AS remaining,
    t.annotations AS proposed, {PREDICTED_COLUMNS}, {ASSET_COLUMNS}
FROM held h
CROSS JOIN LATERAL (SELECT asset_id, annotations FROM task WHERE id = h.task_id OFFSET 0) AS t
CROSS JOIN LATERAL (SELECT * FROM asset WHERE id = t.asset_id OFFSET 0) AS a
{PREDICTED}
CROSS JOIN (SELECT ontology_version_id, instructions_version FROM project WHERE id = $2) AS p
ORDER BY h.id"""


async def claim(
    db: Transaction,
    user_id: UUID,
    project_id: UUID,
    purpose: Purpose,
    known: Sequence[UUID],
    lease: object,
    ids: Sequence[UUID],
) -> list[asyncpg.Record]:
    """Up to `len(ids)` assignments with all that the screen needs, and how many other tasks the caller may still get.

    That number ends at a thousand, and has in it what the caller skipped and nobody has taken since.

    The plan is made once for all values: with statistics at hand PostgreSQL would take almost a millisecond to plan the
    statement anew each time, twice what it takes to run.
    """
    await db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    return await db.fetch(
        _CLAIM, user_id, project_id, purpose, STAGE_OF[purpose], len(ids), list(known), lease, list(ids)
    )


async def lock_assignment(db: Transaction, assignment_id: UUID) -> asyncpg.Record | None:
    """The assignment, locked, with what is needed to judge the work on it."""
    return await db.fetch_row(
        """SELECT x.id, x.task_id, x.project_id, x.user_id, x.purpose, x.state, x.expires_at > now() AS is_live,
            x.draft_seq, t.annotations AS proposed, p.ontology_version_id, p.instructions_version,
            p.state AS project_state, p.phase, t.stage, t.taken < t.wanted AS has_room,
            d.modality, a.media_type, a.width, a.height, a.length
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

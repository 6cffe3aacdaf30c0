"""SQL of labels that are objects: what was said, the consensus, frozen labels and their checks."""

import json
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.quality.objects.types import Annotations, ObjectSkill, TaskConsensus


async def tasks_of(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """Every task in a fixed order, with its label and what a model predicted."""
    return await db.fetch(
        """SELECT t.id, t.asset_id, t.stage, t.annotations, p.annotations AS predicted FROM task t
        LEFT JOIN prediction p ON p.tenant_id = t.tenant_id AND p.task_id = t.id
        WHERE t.project_id = $1 ORDER BY t.asset_id""",
        project_id,
    )


async def save_consensus(
    db: Transaction, project_id: UUID, task_ids: Sequence[UUID], found: Sequence[TaskConsensus]
) -> None:
    """What the answers make together now; tasks whose answers count no more lose what they had."""
    await db.execute("DELETE FROM consensus WHERE project_id = $1 AND task_id <> ALL($2::uuid[])", project_id, task_ids)
    await db.execute(
        """INSERT INTO consensus (tenant_id, task_id, project_id, objects, agreement, unsure, n_answers)
        SELECT $1, id, $2, objects, agreement, unsure, n
        FROM unnest($3::uuid[], $4::jsonb[], $5::real[], $6::int[], $7::smallint[]) AS new (id, objects, agreement, unsure, n)
        ON CONFLICT (tenant_id, task_id) DO UPDATE SET objects = excluded.objects, agreement = excluded.agreement,
            unsure = excluded.unsure, n_answers = excluded.n_answers, updated_at = now()""",
        db.tenant_id,
        project_id,
        list(task_ids),
        [json.dumps(one.objects) for one in found],
        [one.agreement for one in found],
        [one.n_unsure for one in found],
        [one.n_answers for one in found],
    )


async def save_skills(db: Transaction, project_id: UUID, skills: Sequence[tuple[UUID, ObjectSkill]]) -> None:
    await db.execute_many(
        """INSERT INTO annotator_skill (tenant_id, project_id, user_id, n_answers, detection, false_share, overlap)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, project_id, user_id) DO UPDATE
        SET n_answers = excluded.n_answers, detection = excluded.detection, false_share = excluded.false_share,
            overlap = excluded.overlap, updated_at = now()""",
        [
            (db.tenant_id, project_id, user, one.n_answers, one.detection, one.false_share, one.overlap)
            for user, one in skills
        ],
    )


async def freeze(db: Transaction, draw_id: UUID, rows: Sequence[tuple[UUID, Annotations, Annotations | None]]) -> None:
    """Keep (task, label, what the reference decided before or None) as it is now."""
    await db.execute(
        """INSERT INTO frozen_label (tenant_id, draw_id, task_id, annotations, reference_annotations)
        SELECT $1, $2, * FROM unnest($3::uuid[], $4::jsonb[], $5::jsonb[])""",
        db.tenant_id,
        draw_id,
        [row[0] for row in rows],
        [json.dumps(row[1]) for row in rows],
        [None if row[2] is None else json.dumps(row[2]) for row in rows],
    )


async def frozen(db: Transaction, draw_id: UUID) -> list[asyncpg.Record]:
    """The frozen labels by asset, with what the check of this draw said."""
    return await db.fetch(
        """SELECT f.task_id, t.asset_id, f.annotations, f.position, f.reference_annotations FROM frozen_label f
        JOIN task t ON t.tenant_id = f.tenant_id AND t.id = f.task_id WHERE f.draw_id = $1 ORDER BY t.asset_id""",
        draw_id,
    )


async def note_reference(db: Transaction, draw_id: UUID, task_ids: Sequence[UUID], said: Sequence[Annotations]) -> None:
    await db.execute(
        """UPDATE frozen_label f SET reference_annotations = new.said
        FROM unnest($2::uuid[], $3::jsonb[]) AS new (id, said)
        WHERE f.draw_id = $1 AND f.task_id = new.id AND f.position IS NOT NULL""",
        draw_id,
        list(task_ids),
        [json.dumps(one) for one in said],
    )


async def note_losses(
    db: Transaction, draw_id: UUID, task_ids: Sequence[UUID], losses: Sequence[float], upper_bound: float
) -> None:
    """What a look found: the loss of each checked label, and the bound on what is left."""
    await db.execute(
        """UPDATE frozen_label f SET loss = new.loss FROM unnest($2::uuid[], $3::float8[]) AS new (id, loss)
        WHERE f.draw_id = $1 AND f.task_id = new.id""",
        draw_id,
        list(task_ids),
        list(losses),
    )
    await db.execute("UPDATE check_draw SET upper_bound = $2 WHERE id = $1", draw_id, upper_bound)


async def note_look(db: Transaction, draw_id: UUID, n_checked: int) -> None:
    """The bound was looked at after so many checks, and they go on."""
    await db.execute("UPDATE check_draw SET looks = array_append(looks, $2::int) WHERE id = $1", draw_id, n_checked)


async def looks(db: Transaction, draw_id: UUID) -> list[int]:
    """After how many checks the bound was looked at, so far."""
    found: list[int] = await db.fetch_value("SELECT looks FROM check_draw WHERE id = $1", draw_id)
    return found

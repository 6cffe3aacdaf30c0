"""SQL of how a project is set up: instructions, the pilot, and what of its budget is used."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets import ASSET_COLUMNS


async def instructions(db: Transaction, project_id: UUID, version: int) -> asyncpg.Record | None:
    return await db.fetch_row(
        "SELECT version, text, sections, created_at FROM instructions WHERE project_id = $1 AND version = $2",
        project_id,
        version,
    )


async def assets_among(db: Transaction, dataset_id: UUID, asset_ids: Collection[UUID]) -> set[UUID]:
    """Those of the assets that are in the dataset."""
    rows = await db.fetch(
        "SELECT id FROM asset WHERE dataset_id = $1 AND id = ANY($2::uuid[])", dataset_id, list(asset_ids)
    )
    return {row["id"] for row in rows}


async def assets(db: Transaction, asset_ids: Collection[UUID]) -> list[asyncpg.Record]:
    return await db.fetch(f"SELECT {ASSET_COLUMNS} FROM asset a WHERE a.id = ANY($1::uuid[])", list(asset_ids))


async def add_pilot(db: Transaction, project_id: UUID, n_tasks: int, overlap: int, seed: int) -> None:
    await db.execute(
        """INSERT INTO pilot (tenant_id, project_id, state, n_tasks, overlap, seed)
        VALUES ($1, $2, 'waiting', $3, $4, $5)""",
        db.tenant_id,
        project_id,
        n_tasks,
        overlap,
        seed,
    )


async def find_pilot(db: Transaction, project_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        "SELECT state, n_tasks, overlap, seed, learnt FROM pilot WHERE project_id = $1", project_id
    )


async def set_pilot(db: Transaction, project_id: UUID, state: str, learnt: dict[str, Any] | None = None) -> None:
    await db.execute(
        "UPDATE pilot SET state = $2, learnt = coalesce($3, learnt) WHERE project_id = $1", project_id, state, learnt
    )


async def begin_pilot(db: Transaction, project_id: UUID, batch_id: UUID, n: int, overlap: int, seed: int) -> int:
    """Put a random draw of the tasks in front of people; how many they are."""
    await db.execute(
        """INSERT INTO batch (tenant_id, id, project_id, number, purpose, state, n_tasks)
        VALUES ($1, $2, $3, 1, 'pilot', 'in_progress', 0) ON CONFLICT DO NOTHING""",
        db.tenant_id,
        batch_id,
        project_id,
    )
    n_drawn = await db.execute(
        """UPDATE task t SET stage = 'people', batch_id = $2, priority = one.at, wanted = $4, taken = 0, answered = 0,
            updated_at = now()
        FROM (SELECT id, row_number() OVER (ORDER BY sha256(convert_to($5::text || id::text, 'UTF8'))) AS at FROM task
            WHERE project_id = $1 AND stage = 'model') AS one
        WHERE t.tenant_id = $6 AND t.id = one.id AND one.at <= $3""",
        project_id,
        batch_id,
        n,
        overlap,
        str(seed),
        db.tenant_id,
    )
    await db.execute("UPDATE batch SET n_tasks = $2 WHERE id = $1", batch_id, n_drawn)
    return n_drawn


async def pilot_answers(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """What people said of the tasks of the pilot."""
    return await db.fetch(
        """SELECT s.task_id, s.user_id, s.annotations, s.duration_s FROM submission s
        JOIN task t ON t.tenant_id = s.tenant_id AND t.id = s.task_id
        JOIN batch b ON b.tenant_id = t.tenant_id AND b.id = t.batch_id AND b.purpose = 'pilot'
        WHERE s.project_id = $1 AND s.purpose = 'label' AND s.withdrawn_at IS NULL ORDER BY s.id""",
        project_id,
    )


async def ask_rest(db: Transaction, project_id: UUID, overlap: int, n: int | None) -> int:
    """Open tasks that nobody was ever asked about; how many.

    Args:
        n: at most so many; None for all.
    """
    return await db.execute(
        """UPDATE task t SET stage = 'people', wanted = $2, taken = 0, answered = 0, updated_at = now()
        FROM (SELECT u.id FROM task u WHERE u.project_id = $1 AND u.stage = 'model' AND NOT EXISTS (
                SELECT 1 FROM submission s WHERE s.tenant_id = u.tenant_id AND s.task_id = u.id
                    AND s.withdrawn_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM review r WHERE r.tenant_id = u.tenant_id AND r.task_id = u.id)
            ORDER BY u.id LIMIT $3) AS one
        WHERE t.tenant_id = $4 AND t.id = one.id""",
        project_id,
        overlap,
        n,
        db.tenant_id,
    )


async def count_answers(db: Transaction, project_id: UUID) -> int:
    """Every answer that a person gave: labels, checks and reviews, also those that were later rejected."""
    return int(
        await db.fetch_value(
            """SELECT (SELECT count(*) FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL)
                + (SELECT count(*) FROM review WHERE project_id = $1)""",
            project_id,
        )
    )


async def count_open(db: Transaction, project_id: UUID) -> int:
    """Answers that tasks in front of people still want, held or not."""
    return int(
        await db.fetch_value(
            """SELECT coalesce(sum(wanted - answered), 0) FROM task
            WHERE project_id = $1 AND stage IN ('people', 'review', 'check')""",
            project_id,
        )
    )


async def has_checks(db: Transaction, project_id: UUID) -> bool:
    """Whether labels were ever drawn for a check."""
    return bool(
        await db.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM batch WHERE project_id = $1 AND purpose = 'check')", project_id
        )
    )

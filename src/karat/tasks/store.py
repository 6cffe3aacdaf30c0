"""SQL of projects, tasks, leases and reviews; `hot.py` has what runs for every answer."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets import ASSET_COLUMNS
from karat.kit.sayings import Words

_PROJECT = """p.id, p.name, p.dataset_id, p.state, p.phase, p.phase_sentence, p.phase_said, p.ontology_version_id, p.target,
    p.simulated, p.created_at, i.version AS instructions_version, i.text AS instructions_text, l.state AS pilot_state,
    l.n_tasks AS pilot_n_tasks, l.overlap AS pilot_overlap, l.learnt,
    (SELECT count(*) FROM task t WHERE t.tenant_id = p.tenant_id AND t.project_id = p.id) AS n_tasks"""
_PROJECT_FROM = """project p JOIN instructions i
    ON i.tenant_id = p.tenant_id AND i.project_id = p.id AND i.version = p.instructions_version
    LEFT JOIN pilot l ON l.tenant_id = p.tenant_id AND l.project_id = p.id"""
_TASK = f"""t.id, t.project_id, t.stage, t.label, t.annotations, t.confidence, t.updated_at, {ASSET_COLUMNS},
    (SELECT count(*) FROM submission s WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id AND s.withdrawn_at IS NULL)
    AS n_answers"""
_TASK_FROM = "task t JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id"


async def add_project(
    db: Transaction,
    project_id: UUID,
    name: str,
    dataset_id: UUID,
    ontology_version_id: UUID,
    phase: str,
    words: Words,
    target: dict[str, Any],
    *,
    simulated: bool,
) -> None:
    await db.execute(
        """INSERT INTO project (tenant_id, id, name, dataset_id, ontology_version_id, instructions_version, state, phase,
            phase_sentence, phase_said, target, simulated)
        VALUES ($1, $2, $3, $4, $5, 1, 'running', $6, $7, $8, $9, $10)""",
        db.tenant_id,
        project_id,
        name,
        dataset_id,
        ontology_version_id,
        phase,
        *phase_words(words).values(),
        target,
        simulated,
    )


async def add_instructions(
    db: Transaction, project_id: UUID, version: int, text: str, sections: list[dict[str, Any]]
) -> None:
    await db.execute(
        "INSERT INTO instructions (tenant_id, project_id, version, text, sections) VALUES ($1, $2, $3, $4, $5)",
        db.tenant_id,
        project_id,
        version,
        text,
        sections,
    )


async def find_project(db: Transaction, project_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(f"SELECT {_PROJECT} FROM {_PROJECT_FROM} WHERE p.id = $1", project_id)


async def lock_project(db: Transaction, project_id: UUID) -> None:
    """Keep the project in its phase until this transaction ends."""
    await db.execute("SELECT 1 FROM project WHERE id = $1 FOR NO KEY UPDATE", project_id)


async def projects(db: Transaction, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        f"SELECT {_PROJECT} FROM {_PROJECT_FROM} WHERE $1::uuid IS NULL OR p.id < $1 ORDER BY p.id DESC LIMIT $2",
        before,
        limit,
    )


def phase_words(words: Words) -> dict[str, object]:
    """The columns that say what the engine does."""
    return {"phase_sentence": words.text, "phase_said": [one.model_dump() for one in words.said]}


async def update_project(db: Transaction, project_id: UUID, changes: dict[str, object]) -> None:
    """Set columns; the names come from the service's own code, never from a request."""
    settings = ", ".join(f"{name} = ${at}" for at, name in enumerate(changes, start=2))
    await db.execute(f"UPDATE project SET {settings} WHERE id = $1", project_id, *changes.values())


async def projects_of_dataset(db: Transaction, dataset_id: UUID) -> list[UUID]:
    rows = await db.fetch(
        "SELECT id FROM project WHERE dataset_id = $1 AND state <> 'finished' ORDER BY id", dataset_id
    )
    return [row["id"] for row in rows]


async def assets_without_task(db: Transaction, project_id: UUID, limit: int) -> list[UUID]:
    rows = await db.fetch(
        """SELECT a.id FROM asset a JOIN project p ON p.tenant_id = a.tenant_id AND p.dataset_id = a.dataset_id
        WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM task t WHERE t.tenant_id = a.tenant_id AND t.project_id = p.id
            AND t.asset_id = a.id) ORDER BY a.id LIMIT $2""",
        project_id,
        limit,
    )
    return [row["id"] for row in rows]


async def add_tasks(
    db: Transaction, project_id: UUID, rows: Sequence[tuple[UUID, UUID]], stage: str, wanted: int
) -> None:
    """Insert tasks for (task id, asset id); an asset that has one already is left alone."""
    await db.execute(
        """INSERT INTO task (tenant_id, id, project_id, asset_id, stage, wanted)
        SELECT $1, task_id, $2, asset_id, $5, $6 FROM unnest($3::uuid[], $4::uuid[]) AS new (task_id, asset_id)
        ON CONFLICT DO NOTHING""",
        db.tenant_id,
        project_id,
        [row[0] for row in rows],
        [row[1] for row in rows],
        stage,
        wanted,
    )


async def find_task(db: Transaction, task_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(f"SELECT {_TASK} FROM {_TASK_FROM} WHERE t.id = $1", task_id)


async def tasks(
    db: Transaction,
    project_id: UUID,
    stage: str | None,
    label: str | None,
    lowest: float | None,
    highest: float | None,
    before: UUID | None,
    limit: int,
) -> list[asyncpg.Record]:
    return await db.fetch(
        f"""SELECT {_TASK} FROM {_TASK_FROM} WHERE t.project_id = $1 AND ($2::uuid IS NULL OR t.id < $2)
            AND ($3::text IS NULL OR t.stage = $3) AND ($4::text IS NULL OR t.label = $4 OR $4 = ANY(t.classes))
            AND ($5::real IS NULL OR t.confidence >= $5) AND ($6::real IS NULL OR t.confidence <= $6)
        ORDER BY t.id DESC LIMIT $7""",
        project_id,
        before,
        stage,
        label,
        lowest,
        highest,
        limit,
    )


async def history(db: Transaction, task_id: UUID) -> list[asyncpg.Record]:
    """What happened to a task, oldest first."""
    return await db.fetch(
        """SELECT s.created_at AS at, CASE s.purpose WHEN 'check' THEN 'checked' ELSE 'submitted' END AS what,
            s.user_id AS by_id, u.name AS by_name, s.annotations,
            CASE WHEN s.withdrawn_at IS NOT NULL THEN 'taken back' END AS detail
        FROM submission s LEFT JOIN "user" u ON u.id = s.user_id WHERE s.task_id = $1
        UNION ALL
        SELECT r.created_at, 'reviewed', r.user_id, u.name, r.annotations,
            concat_ws(': ', r.verdict, r.reason, r.note)
        FROM review r LEFT JOIN "user" u ON u.id = r.user_id WHERE r.task_id = $1
        UNION ALL
        SELECT x.created_at, 'skipped', x.user_id, u.name, NULL, x.reason
        FROM assignment x LEFT JOIN "user" u ON u.id = x.user_id WHERE x.task_id = $1 AND (
            x.state = 'skipped' OR x.state = 'released' AND x.reason IS NOT NULL)
        ORDER BY at""",
        task_id,
    )


async def answers(db: Transaction, task_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """The counted answers of people to tasks, oldest first."""
    return await db.fetch(
        """SELECT id, task_id, user_id, annotations, created_at FROM submission
        WHERE task_id = ANY($1::uuid[]) AND purpose = 'label' AND withdrawn_at IS NULL ORDER BY id""",
        list(task_ids),
    )

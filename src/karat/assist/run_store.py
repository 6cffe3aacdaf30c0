"""SQL of a project's model, of runs of predictions, and of what they bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from karat.assist.types import PredictionRun
from karat.database import Transaction
from karat.kit import Fault

MOST_FAULTS = 10_000  # of a run that are kept; all are counted
_RUN = """r.id, r.project_id, r.model_id, r.model_version_id, r.job_id, r.source, r.name,
    coalesce(j.state, 'queued') AS state, r.n_total, r.n_done, r.n_predicted, r.n_faults, j.error, r.created_at,
    j.finished_at FROM prediction_run r LEFT JOIN job j ON j.tenant_id = r.tenant_id AND j.id = r.job_id"""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of a run brought; it counts in the transaction that saves it, so exactly once."""

    position: str
    n_done: int
    n_predicted: int
    faults: Sequence[Fault]
    model_id: UUID | None
    model_version_id: UUID | None


async def bind(db: Transaction, project_id: UUID, model_id: UUID, version_id: UUID | None) -> None:
    await db.execute(
        """INSERT INTO project_model (tenant_id, project_id, model_id, model_version_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant_id, project_id) DO UPDATE SET model_id = excluded.model_id,
            model_version_id = excluded.model_version_id, metrics = '{}'::jsonb, created_at = clock_timestamp()""",
        db.tenant_id,
        project_id,
        model_id,
        version_id,
    )


async def unbind(db: Transaction, project_id: UUID) -> None:
    await db.execute("DELETE FROM project_model WHERE project_id = $1", project_id)


async def binding(db: Transaction, project_id: UUID) -> asyncpg.Record | None:
    """The project's model, the version that was chosen, and what is known of the model here."""
    return await db.fetch_row(
        """SELECT p.model_id, p.model_version_id, p.metrics, m.adapter FROM project_model p
        JOIN model m ON m.tenant_id = p.tenant_id AND m.id = p.model_id WHERE p.project_id = $1""",
        project_id,
    )


async def set_metrics(db: Transaction, project_id: UUID, metrics: dict[str, Any]) -> None:
    await db.execute("UPDATE project_model SET metrics = $2 WHERE project_id = $1", project_id, metrics)


async def add_run(db: Transaction, run_id: UUID, project_id: UUID, values: dict[str, Any]) -> None:
    columns = ", ".join(values)
    places = ", ".join(f"${at}" for at in range(4, 4 + len(values)))
    await db.execute(
        f"INSERT INTO prediction_run (tenant_id, id, project_id, {columns}) VALUES ($1, $2, $3, {places})",
        db.tenant_id,
        run_id,
        project_id,
        *values.values(),
    )


async def set_job(db: Transaction, run_id: UUID, job_id: UUID) -> None:
    await db.execute("UPDATE prediction_run SET job_id = $2 WHERE id = $1", run_id, job_id)


async def find_run(db: Transaction, run_id: UUID) -> PredictionRun | None:
    row = await db.fetch_row(f"SELECT {_RUN} WHERE r.id = $1", run_id)
    return PredictionRun.model_validate(dict(row)) if row else None


async def runs(db: Transaction, project_id: UUID, before: UUID | None, limit: int) -> list[PredictionRun]:
    rows = await db.fetch(
        f"SELECT {_RUN} WHERE r.project_id = $1 AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3",
        project_id,
        before,
        limit,
    )
    return [PredictionRun.model_validate(dict(row)) for row in rows]


async def run_state(db: Transaction, run_id: UUID) -> asyncpg.Record | None:
    """Where a run goes on, and what it was told."""
    return await db.fetch_row(
        "SELECT project_id, position, options, file_sha256, name, n_done FROM prediction_run WHERE id = $1", run_id
    )


async def set_total(db: Transaction, run_id: UUID, n_total: int) -> None:
    await db.execute("UPDATE prediction_run SET n_total = $2 WHERE id = $1", run_id, n_total)


async def note_step(db: Transaction, run_id: UUID, step: Step) -> None:
    """Add what a step brought."""
    n_before: int = await db.fetch_value("SELECT n_faults FROM prediction_run WHERE id = $1 FOR UPDATE", run_id)
    kept = step.faults[: max(0, MOST_FAULTS - n_before)]
    await db.execute_many(
        """INSERT INTO prediction_fault (tenant_id, run_id, position, code, message, "where", hint)
        VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        [
            (db.tenant_id, run_id, n_before + at, one.code, one.message[:2000], one.where[:2000], one.hint)
            for at, one in enumerate(kept)
        ],
    )
    await db.execute(
        """UPDATE prediction_run SET position = $2, n_done = n_done + $3, n_predicted = n_predicted + $4,
            n_faults = n_faults + $5, model_id = coalesce($6, model_id), model_version_id = coalesce($7, model_version_id)
        WHERE id = $1""",
        run_id,
        step.position,
        step.n_done,
        step.n_predicted,
        len(step.faults),
        step.model_id,
        step.model_version_id,
    )


async def faults(db: Transaction, run_id: UUID, after: int | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT position, code, message, "where", hint FROM prediction_fault
        WHERE run_id = $1 AND ($2::bigint IS NULL OR position > $2) ORDER BY position LIMIT $3""",
        run_id,
        after,
        limit,
    )


_ASSET = """t.id AS task_id, a.id AS asset_id, a.external_id, a.name, a.sha256, a.media_type, a.n_bytes, a.width, a.height,
    a.length, a.text FROM task t JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id"""
# A task that this model has said something about, whichever of its versions.
_KNOWN = """EXISTS (SELECT 1 FROM prediction r JOIN model_version v ON v.tenant_id = r.tenant_id
    AND v.id = r.model_version_id WHERE r.tenant_id = t.tenant_id AND r.task_id = t.id AND v.model_id = $2)"""


async def open_tasks(
    db: Transaction, project_id: UUID, model_id: UUID, after: UUID | None, limit: int, *, only_new: bool
) -> list[asyncpg.Record]:
    """Tasks that are not done, with their assets."""
    return await db.fetch(
        f"""SELECT {_ASSET} WHERE t.project_id = $1 AND t.stage <> 'done' AND ($3::uuid IS NULL OR t.id > $3)
            AND ($2::uuid IS NULL OR NOT {_KNOWN if only_new else "false"}) ORDER BY t.id LIMIT $4""",
        project_id,
        model_id,
        after,
        limit,
    )


async def count_open(db: Transaction, project_id: UUID, model_id: UUID, *, only_new: bool) -> int:
    return int(
        await db.fetch_value(
            f"""SELECT count(*) FROM task t WHERE t.project_id = $1 AND t.stage <> 'done'
            AND ($2::uuid IS NULL OR NOT {_KNOWN if only_new else "false"})""",
            project_id,
            model_id,
        )
    )


async def coverage(db: Transaction, project_id: UUID, model_id: UUID) -> asyncpg.Record:
    """How many tasks are open, and how many of them the model has said something about."""
    row = await db.fetch_row(
        f"""SELECT count(*) AS n_open, count(*) FILTER (WHERE {_KNOWN}) AS n_predicted FROM task t
        WHERE t.project_id = $1 AND t.stage <> 'done'""",
        project_id,
        model_id,
    )
    assert row is not None
    return row


async def tasks_of_assets(
    db: Transaction, project_id: UUID, external_ids: Sequence[str], asset_ids: Sequence[UUID]
) -> list[asyncpg.Record]:
    return await db.fetch(
        f"""SELECT {_ASSET} WHERE t.project_id = $1 AND (a.external_id = ANY($2::text[]) OR a.id = ANY($3::uuid[]))""",
        project_id,
        list(external_ids),
        list(asset_ids),
    )


async def save_said(
    db: Transaction,
    project_id: UUID,
    version_id: UUID,
    task_ids: Sequence[UUID],
    said: Sequence[float],
    floored: Sequence[float],
    n_classes: int,
) -> None:
    """Probabilities as the model gave them, and those that count until people's answers say more; row after row."""
    await db.execute(
        """INSERT INTO prediction (tenant_id, task_id, project_id, model_version_id, said, probabilities)
        SELECT $1, id, $2, $3, ($5::real[])[(at - 1) * $7 + 1 : at * $7], ($6::real[])[(at - 1) * $7 + 1 : at * $7]
        FROM unnest($4::uuid[]) WITH ORDINALITY AS one (id, at)
        ON CONFLICT (tenant_id, task_id) DO UPDATE SET model_version_id = excluded.model_version_id,
            said = excluded.said, probabilities = excluded.probabilities, annotations = NULL""",
        db.tenant_id,
        project_id,
        version_id,
        list(task_ids),
        said,
        floored,
        n_classes,
    )


async def said_of(db: Transaction, project_id: UUID, model_id: UUID) -> list[asyncpg.Record]:
    """What the model said about tasks, in a fixed order, and what people made of them."""
    return await db.fetch(
        """SELECT t.id, r.said, t.label, t.confidence, spoken.task_id IS NOT NULL AS is_labelled
        FROM prediction r JOIN task t ON t.tenant_id = r.tenant_id AND t.id = r.task_id
        JOIN model_version v ON v.tenant_id = r.tenant_id AND v.id = r.model_version_id AND v.model_id = $2
        LEFT JOIN (
            SELECT DISTINCT task_id FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL
            UNION SELECT task_id FROM review WHERE project_id = $1 AND verdict <> 'reject'
        ) spoken ON spoken.task_id = t.id
        WHERE r.project_id = $1 AND r.said IS NOT NULL ORDER BY t.id""",
        project_id,
        model_id,
    )


async def set_probabilities(db: Transaction, task_ids: Sequence[UUID], flat: Sequence[float], n_classes: int) -> None:
    await db.execute(
        """UPDATE prediction r SET probabilities = ($3::real[])[(one.at - 1) * $4 + 1 : one.at * $4]
        FROM unnest($2::uuid[]) WITH ORDINALITY AS one (id, at) WHERE r.tenant_id = $1 AND r.task_id = one.id""",
        db.tenant_id,
        list(task_ids),
        flat,
        n_classes,
    )


async def is_prediction_file(db: Transaction, sha256: str) -> bool:
    """Whether an import of predictions reads this very file, or has."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT 1 FROM prediction_run WHERE file_sha256 = $1)", sha256))

"""What models propose for the tasks of kinds of objects. Whoever asks a model, or imports what one said, saves it here."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.tasks.work_types import PredictedAnnotation, Predictions

# Beside a task `h`: what the newest version said about it.
PREDICTED = """LEFT JOIN LATERAL (
    SELECT r.annotations AS predicted, r.model_version_id, v.version AS model_version, m.name AS model_name
    FROM prediction r JOIN model_version v ON v.tenant_id = r.tenant_id AND v.id = r.model_version_id
    JOIN model m ON m.tenant_id = v.tenant_id AND m.id = v.model_id
    WHERE r.task_id = h.task_id AND r.annotations IS NOT NULL OFFSET 0) AS predicted ON true"""
PREDICTED_COLUMNS = "predicted.predicted, predicted.model_version_id, predicted.model_version, predicted.model_name"


async def save_predictions(
    db: Transaction,
    project_id: UUID,
    model_version_id: UUID,
    rows: Sequence[tuple[UUID, Sequence[PredictedAnnotation]]],
) -> None:
    """Keep what a version of a model says about tasks; it takes the place of what another version said about the same.

    The annotations must have been judged by their kind. No annotations say that the model sees nothing. When the last
    are saved, the caller publishes `assist.predicted` with `project_id` and `model_version_id`, and the engine looks.
    """
    await db.execute(
        """INSERT INTO prediction (tenant_id, task_id, project_id, model_version_id, annotations)
        SELECT $1, id, $2, $3, said FROM unnest($4::uuid[], $5::jsonb[]) AS new (id, said)
        ON CONFLICT (tenant_id, task_id) DO UPDATE SET model_version_id = excluded.model_version_id,
            annotations = excluded.annotations, probabilities = NULL""",
        db.tenant_id,
        project_id,
        model_version_id,
        [task_id for task_id, _ in rows],
        [json.dumps([one.model_dump() for one in annotations]) for _, annotations in rows],
    )


def read_predictions(row: asyncpg.Record) -> Predictions | None:
    """The predictions of a row with `PREDICTED_COLUMNS`."""
    said: list[dict[str, Any]] | None = row["predicted"]
    if said is None:
        return None
    return Predictions(
        model_version_id=row["model_version_id"],
        model=row["model_name"],
        version=row["model_version"],
        annotations=[PredictedAnnotation.model_validate(one) for one in said],
    )

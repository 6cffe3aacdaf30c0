"""SQL of features, models and predictions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction


async def project_model(db: Transaction, project_id: UUID) -> UUID | None:
    found: UUID | None = await db.fetch_value("SELECT model_id FROM project_model WHERE project_id = $1", project_id)
    return found


async def add_project_model(db: Transaction, project_id: UUID, model_id: UUID, name: str, adapter: str) -> None:
    await db.execute(
        "INSERT INTO model (tenant_id, id, name, adapter) VALUES ($1, $2, $3, $4)",
        db.tenant_id,
        model_id,
        name,
        adapter,
    )
    await db.execute(
        "INSERT INTO project_model (tenant_id, project_id, model_id) VALUES ($1, $2, $3)",
        db.tenant_id,
        project_id,
        model_id,
    )


async def latest_version(db: Transaction, model_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        """SELECT id, version, n_trained_on, metrics, created_at FROM model_version WHERE model_id = $1
        ORDER BY version DESC LIMIT 1""",
        model_id,
    )


async def add_version(
    db: Transaction,
    version_id: UUID,
    model_id: UUID,
    version: int,
    n_trained_on: int,
    labels_sha256: bytes,
    seed: int,
    metrics: dict[str, Any],
) -> None:
    await db.execute(
        """INSERT INTO model_version (tenant_id, id, model_id, version, n_trained_on, labels_sha256, seed, metrics)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        db.tenant_id,
        version_id,
        model_id,
        version,
        n_trained_on,
        labels_sha256,
        seed,
        metrics,
    )


async def tasks_to_learn(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """Every task of the project in a fixed order, and whether people have said anything about it."""
    return await db.fetch(
        """SELECT t.id, t.asset_id, t.label, t.confidence, said.task_id IS NOT NULL AS is_labelled
        FROM task t LEFT JOIN (
            SELECT DISTINCT task_id FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL
            UNION SELECT task_id FROM review WHERE project_id = $1 AND verdict <> 'reject'
        ) said ON said.task_id = t.id
        WHERE t.project_id = $1 ORDER BY t.asset_id""",
        project_id,
    )


async def find_features(db: Transaction, dataset_id: UUID, extractor: str, ids_sha256: str) -> asyncpg.Record | None:
    return await db.fetch_row(
        """SELECT n_assets, n_columns, matrix_sha256, neighbours_sha256 FROM feature_set
        WHERE dataset_id = $1 AND extractor = $2 AND asset_ids_sha256 = $3""",
        dataset_id,
        extractor,
        ids_sha256,
    )


async def add_features(
    db: Transaction,
    set_id: UUID,
    dataset_id: UUID,
    extractor: str,
    shape: tuple[int, int],
    ids_sha256: str,
    matrix_sha256: str,
    neighbours_sha256: str,
) -> None:
    await db.execute(
        """INSERT INTO feature_set (tenant_id, id, dataset_id, extractor, n_assets, n_columns, asset_ids_sha256,
            matrix_sha256, neighbours_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING""",
        db.tenant_id,
        set_id,
        dataset_id,
        extractor,
        *shape,
        ids_sha256,
        matrix_sha256,
        neighbours_sha256,
    )


async def asset_contents(db: Transaction, asset_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await db.fetch("SELECT id, sha256, text FROM asset WHERE id = ANY($1::uuid[]) ORDER BY id", list(asset_ids))


async def replace_predictions(
    db: Transaction, project_id: UUID, version_id: UUID, task_ids: Sequence[UUID], flat: Sequence[float], n_classes: int
) -> None:
    """The newest version's probabilities take the place of the older ones; `flat` is row after row."""
    await db.execute("DELETE FROM prediction WHERE project_id = $1", project_id)
    await db.execute(
        """INSERT INTO prediction (tenant_id, task_id, project_id, model_version_id, probabilities)
        SELECT $1, id, $2, $3, ($5::real[])[(at - 1) * $6 + 1 : at * $6]
        FROM unnest($4::uuid[]) WITH ORDINALITY AS one (id, at)""",
        db.tenant_id,
        project_id,
        version_id,
        list(task_ids),
        flat,
        n_classes,
    )

"""SQL of models and their versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.kit import Fault
from karat.models.types import Model, ModelTest, ModelVersion, OnnxDetails

_VERSION = "v.id, v.model_id, v.version, v.name, v.file_sha256, v.n_bytes, v.details, v.n_trained_on, v.created_at"
_MODEL = f"""m.id, m.name, m.adapter, m.kind, m.settings, m.header_names, m.tested_at, m.test, m.error, m.error_at,
    m.created_at,
    (SELECT count(*) FROM project_model p WHERE p.tenant_id = m.tenant_id AND p.model_id = m.id) AS n_projects,
    (SELECT coalesce(sum(r.n_predicted), 0)::bigint FROM prediction_run r
        WHERE r.tenant_id = m.tenant_id AND r.model_id = m.id) AS n_predictions,
    (SELECT to_jsonb(latest) FROM (SELECT {_VERSION} FROM model_version v
        WHERE v.tenant_id = m.tenant_id AND v.model_id = m.id ORDER BY v.version DESC LIMIT 1) AS latest) AS latest"""


async def add_model(db: Transaction, model_id: UUID, values: dict[str, Any]) -> None:
    columns = ", ".join(values)
    places = ", ".join(f"${at}" for at in range(3, 3 + len(values)))
    await db.execute(
        f"INSERT INTO model (tenant_id, id, {columns}) VALUES ($1, $2, {places})",
        db.tenant_id,
        model_id,
        *values.values(),
    )


async def change_model(db: Transaction, model_id: UUID, values: dict[str, Any]) -> None:
    """Set columns; the outcome of a test says nothing any more."""
    settings = ", ".join(f"{column} = ${at}" for at, column in enumerate(values, 2))
    await db.execute(
        f"UPDATE model SET {settings}, test = NULL, tested_at = NULL WHERE id = $1", model_id, *values.values()
    )


async def find_model(db: Transaction, model_id: UUID) -> Model | None:
    row = await db.fetch_row(f"SELECT {_MODEL} FROM model m WHERE m.id = $1", model_id)
    return _model(row) if row else None


async def models(db: Transaction, before: UUID | None, limit: int) -> list[Model]:
    rows = await db.fetch(
        f"SELECT {_MODEL} FROM model m WHERE $1::uuid IS NULL OR m.id < $1 ORDER BY m.id DESC LIMIT $2", before, limit
    )
    return [_model(row) for row in rows]


async def delete_model(db: Transaction, model_id: UUID) -> None:
    await db.execute("UPDATE prediction_run SET model_id = NULL, model_version_id = NULL WHERE model_id = $1", model_id)
    await db.execute("DELETE FROM model_version WHERE model_id = $1", model_id)
    await db.execute("DELETE FROM model WHERE id = $1", model_id)


async def files(db: Transaction, model_id: UUID) -> list[str]:
    """The hashes of the files of its versions."""
    rows = await db.fetch(
        "SELECT DISTINCT file_sha256 FROM model_version WHERE model_id = $1 AND file_sha256 IS NOT NULL", model_id
    )
    return [row["file_sha256"] for row in rows]


async def is_in_history(db: Transaction, model_id: UUID) -> bool:
    """Whether a round of a project's engine refers to the model."""
    return bool(
        await db.fetch_value(
            """SELECT EXISTS (SELECT 1 FROM routing_round r JOIN model_version v ON v.tenant_id = r.tenant_id
                AND v.id = r.model_version_id WHERE v.model_id = $1)""",
            model_id,
        )
    )


async def sealed_headers(db: Transaction, model_id: UUID) -> bytes | None:
    sealed: bytes | None = await db.fetch_value("SELECT headers FROM model WHERE id = $1", model_id)
    return sealed


async def imported_model(db: Transaction, name: str, kind: str) -> UUID | None:
    """The model of that name whose predictions come in files; until the transaction ends nobody else makes one."""
    lock = f"{db.tenant_id}:imported-model:{kind}:{name}"
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 4))", lock)
    found: UUID | None = await db.fetch_value(
        "SELECT id FROM model WHERE adapter = 'import' AND name = $1 AND kind = $2 ORDER BY id LIMIT 1", name, kind
    )
    return found


async def add_version(
    db: Transaction,
    version_id: UUID,
    model_id: UUID,
    *,
    name: str | None = None,
    file_sha256: str | None = None,
    n_bytes: int | None = None,
    details: OnnxDetails | None = None,
) -> None:
    """One version more; versions of a model are counted one after the other."""
    await db.execute("SELECT 1 FROM model WHERE id = $1 FOR NO KEY UPDATE", model_id)
    await db.execute(
        """INSERT INTO model_version (tenant_id, id, model_id, version, name, n_trained_on, metrics, file_sha256, n_bytes,
            details)
        VALUES ($1, $2, $3, (SELECT 1 + coalesce(max(version), 0) FROM model_version WHERE model_id = $3), $4, 0,
            '{}'::jsonb, $5, $6, $7)""",
        db.tenant_id,
        version_id,
        model_id,
        name,
        file_sha256,
        n_bytes,
        None if details is None else details.model_dump(mode="json"),
    )


async def version_named(db: Transaction, model_id: UUID, name: str | None) -> UUID | None:
    found: UUID | None = await db.fetch_value(
        "SELECT id FROM model_version WHERE model_id = $1 AND name IS NOT DISTINCT FROM $2 ORDER BY version DESC LIMIT 1",
        model_id,
        name,
    )
    return found


async def name_silent_version(db: Transaction, model_id: UUID, name: str) -> None:
    """A model that has not said yet which version it is, and has predicted nothing, is the one that it now says."""
    await db.execute(
        """UPDATE model_version v SET name = $2 WHERE v.model_id = $1 AND v.name IS NULL AND v.file_sha256 IS NULL
        AND NOT EXISTS (SELECT 1 FROM prediction r WHERE r.tenant_id = v.tenant_id AND r.model_version_id = v.id)""",
        model_id,
        name,
    )


async def find_version(db: Transaction, version_id: UUID) -> ModelVersion | None:
    row = await db.fetch_row(f"SELECT {_VERSION} FROM model_version v WHERE v.id = $1", version_id)
    return ModelVersion.model_validate(dict(row)) if row else None


async def versions(db: Transaction, model_id: UUID, before: int | None, limit: int) -> list[ModelVersion]:
    rows = await db.fetch(
        f"""SELECT {_VERSION} FROM model_version v WHERE v.model_id = $1 AND ($2::int IS NULL OR v.version < $2)
        ORDER BY v.version DESC LIMIT $3""",
        model_id,
        before,
        limit,
    )
    return [ModelVersion.model_validate(dict(row)) for row in rows]


async def note_test(db: Transaction, model_id: UUID, now: datetime, test: ModelTest) -> None:
    await db.execute(
        "UPDATE model SET tested_at = $2, test = $3 WHERE id = $1", model_id, now, test.model_dump(mode="json")
    )


async def note_error(db: Transaction, model_id: UUID, now: datetime, fault: Fault) -> None:
    await db.execute(
        "UPDATE model SET error = $2, error_at = $3 WHERE id = $1", model_id, fault.model_dump(mode="json"), now
    )


async def is_model_file(db: Transaction, sha256: str) -> bool:
    """Whether a version of a model is this very file."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT 1 FROM model_version v WHERE v.file_sha256 = $1)", sha256))


def _model(row: asyncpg.Record) -> Model:
    values = dict(row)
    return Model.model_validate(values | {"settings": values["settings"] or None})

"""SQL of exports."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg

from karat.database import Transaction

_EXPORT = """e.id, e.project_id, e.job_id, e.format, coalesce(j.state, 'queued') AS state, e.n_labels, e.n_bytes, e.sha256,
    j.error, e.created_at FROM export e LEFT JOIN job j ON j.tenant_id = e.tenant_id AND j.id = e.job_id"""


async def add(db: Transaction, export_id: UUID, project_id: UUID, form: str) -> None:
    await db.execute(
        "INSERT INTO export (tenant_id, id, project_id, format) VALUES ($1, $2, $3, $4)",
        db.tenant_id,
        export_id,
        project_id,
        form,
    )


async def set_job(db: Transaction, export_id: UUID, job_id: UUID | None) -> None:
    await db.execute("UPDATE export SET job_id = $2 WHERE id = $1", export_id, job_id)


async def set_file(db: Transaction, export_id: UUID, n_labels: int, n_bytes: int, sha256: bytes) -> None:
    await db.execute(
        "UPDATE export SET n_labels = $2, n_bytes = $3, sha256 = $4 WHERE id = $1", export_id, n_labels, n_bytes, sha256
    )


async def find(db: Transaction, export_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(f"SELECT {_EXPORT} WHERE e.id = $1", export_id)


async def page(db: Transaction, project_id: UUID, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        f"SELECT {_EXPORT} WHERE e.project_id = $1 AND ($2::uuid IS NULL OR e.id < $2) ORDER BY e.id DESC LIMIT $3",
        project_id,
        before,
        limit,
    )


async def certificate_of(db: Transaction, project_id: UUID) -> UUID | None:
    found: UUID | None = await db.fetch_value(
        "SELECT id FROM certificate WHERE project_id = $1 ORDER BY id DESC LIMIT 1", project_id
    )
    return found


async def count_labels(db: Transaction, project_id: UUID) -> int:
    return int(await db.fetch_value("SELECT count(*) FROM task WHERE project_id = $1", project_id))


async def labels(db: Transaction, project_id: UUID) -> AsyncIterator[asyncpg.Record]:
    """Every task by asset, with its label and where it came from; memory does not grow with their number."""
    async for row in db.stream(
        """SELECT a.id AS asset_id, a.external_id, a.name, a.sha256, a.media_type, a.width, a.height, a.length, a.metadata,
            t.label, t.annotations, t.confidence, b.posterior, v.version,
            (SELECT count(*) FROM submission s WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id
                AND s.withdrawn_at IS NULL) AS n_answers,
            EXISTS (SELECT 1 FROM submission s WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id
                AND s.purpose = 'label' AND s.withdrawn_at IS NULL) AS is_labelled,
            EXISTS (SELECT 1 FROM submission s WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id
                AND s.purpose = 'check' AND s.withdrawn_at IS NULL) AS checked,
            EXISTS (SELECT 1 FROM review r WHERE r.tenant_id = t.tenant_id AND r.task_id = t.id
                AND r.verdict <> 'reject') AS reviewed
        FROM task t JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
        LEFT JOIN belief b ON b.tenant_id = t.tenant_id AND b.task_id = t.id
        LEFT JOIN prediction p ON p.tenant_id = t.tenant_id AND p.task_id = t.id
        LEFT JOIN model_version v ON v.tenant_id = p.tenant_id AND v.id = p.model_version_id
        WHERE t.project_id = $1 ORDER BY a.id""",
        project_id,
    ):
        yield row


async def is_exported(db: Transaction, sha256: str) -> bool:
    """Whether a finished export is this very file."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT 1 FROM export WHERE sha256 = $1)", bytes.fromhex(sha256)))

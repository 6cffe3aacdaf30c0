"""SQL of uploads that come in parts."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets.types import FileToUpload

_UPLOAD = "id, dataset_id, user_id, name, n_files, n_bytes, import_id, created_at, touched_at"


async def add_upload(db: Transaction, upload_id: UUID, dataset_id: UUID, user_id: UUID, name: str) -> None:
    await db.execute(
        "INSERT INTO upload (tenant_id, id, dataset_id, user_id, name) VALUES ($1, $2, $3, $4, $5)",
        db.tenant_id,
        upload_id,
        dataset_id,
        user_id,
        name,
    )


async def add_files(db: Transaction, upload_id: UUID, first: int, files: list[FileToUpload]) -> None:
    await db.execute(
        """INSERT INTO upload_file (tenant_id, upload_id, position, name, size)
        SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::bigint[])""",
        db.tenant_id,
        upload_id,
        list(range(first, first + len(files))),
        [one.name for one in files],
        [one.size for one in files],
    )
    await db.execute(
        "UPDATE upload SET n_files = n_files + $2, n_bytes = n_bytes + $3, touched_at = now() WHERE id = $1",
        upload_id,
        len(files),
        sum(one.size for one in files),
    )


async def find_upload(db: Transaction, upload_id: UUID, user_id: UUID, *, lock: bool = False) -> asyncpg.Record | None:
    return await db.fetch_row(
        f"SELECT {_UPLOAD} FROM upload WHERE id = $1 AND user_id = $2 {'FOR UPDATE' if lock else ''}",
        upload_id,
        user_id,
    )


async def open_uploads(db: Transaction, user_id: UUID, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        f"""SELECT {_UPLOAD} FROM upload WHERE user_id = $1 AND import_id IS NULL
            AND ($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM upload WHERE id = $2))
        ORDER BY created_at DESC, id DESC LIMIT $3""",
        user_id,
        before,
        limit,
    )


async def files(db: Transaction, upload_id: UUID, after: int | None, limit: int | None) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT position, name, size FROM upload_file
        WHERE upload_id = $1 AND ($2::int IS NULL OR position > $2) ORDER BY position LIMIT $3""",
        upload_id,
        after,
        limit,
    )


async def find_file(db: Transaction, upload_id: UUID, user_id: UUID, position: int) -> asyncpg.Record | None:
    """The file with `import_id` of its upload; only the person who began the upload finds it."""
    return await db.fetch_row(
        """SELECT f.position, f.name, f.size, u.import_id FROM upload_file f
            JOIN upload u ON u.tenant_id = f.tenant_id AND u.id = f.upload_id
        WHERE f.upload_id = $1 AND u.user_id = $2 AND f.position = $3""",
        upload_id,
        user_id,
        position,
    )


async def remove_files(db: Transaction, upload_id: UUID, positions: list[int]) -> None:
    """The upload goes on without these; the others keep their positions."""
    await db.execute(
        """WITH gone AS (DELETE FROM upload_file WHERE upload_id = $1 AND position = ANY($2::int[]) RETURNING size)
        UPDATE upload SET n_files = n_files - (SELECT count(*) FROM gone),
            n_bytes = n_bytes - (SELECT coalesce(sum(size), 0) FROM gone)
        WHERE id = $1""",
        upload_id,
        positions,
    )


async def touch(db: Transaction, upload_id: UUID) -> None:
    """Something has come. Noted once a minute at most: many small files come in a second."""
    await db.execute(
        "UPDATE upload SET touched_at = now() WHERE id = $1 AND touched_at < now() - interval '1 minute'", upload_id
    )


async def set_import(db: Transaction, upload_id: UUID, import_id: UUID) -> None:
    await db.execute("UPDATE upload SET import_id = $2 WHERE id = $1", upload_id, import_id)


async def delete_upload(db: Transaction, upload_id: UUID) -> None:
    await db.execute("DELETE FROM upload_file WHERE upload_id = $1", upload_id)
    await db.execute("DELETE FROM upload WHERE id = $1", upload_id)


async def left_behind(db: Transaction, abandoned: timedelta, kept: timedelta, limit: int) -> list[UUID]:
    """Uploads that nobody goes on with, and those whose import has ended.

    Args:
        abandoned: nothing has come for so long.
        kept: the import failed or was cancelled so long ago; until then it can be tried again.
    """
    rows = await db.fetch(
        """SELECT u.id FROM upload u LEFT JOIN data_import i ON i.tenant_id = u.tenant_id AND i.id = u.import_id
            LEFT JOIN job j ON j.tenant_id = i.tenant_id AND j.id = i.job_id
        WHERE (u.import_id IS NULL AND u.touched_at < now() - $1::interval) OR j.state = 'done'
            OR (j.state IN ('failed', 'cancelled') AND j.finished_at < now() - $2::interval)
        LIMIT $3""",
        abandoned,
        kept,
        limit,
    )
    return [row["id"] for row in rows]

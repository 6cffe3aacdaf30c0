"""SQL of archives of projects and of their imports."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Database, Transaction

_ARCHIVE = """a.id, a.project_id, a.job_id, a.media, coalesce(j.state, 'queued') AS state, a.contents,
    a.n_bytes, encode(a.sha256, 'hex') AS sha256, j.error, a.created_at
    FROM project_archive a LEFT JOIN job j ON j.tenant_id = a.tenant_id AND j.id = a.job_id"""
_IMPORT = """i.id, i.name, i.job_id, coalesce(j.state, 'queued') AS state, i.project_id, i.origin, i.faults,
    j.error, i.created_at, j.finished_at FROM project_import i LEFT JOIN job j ON j.tenant_id = i.tenant_id AND j.id = i.job_id"""


@asynccontextmanager
async def snapshot(database: Database, tenant_id: UUID) -> AsyncIterator[Transaction]:
    """A transaction whose statements all see the tenant as it was at one moment; it writes nothing."""
    async with database.pool.acquire() as connection:
        await connection.execute(
            f"""BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SELECT set_config('app.tenant', '{tenant_id}', true)"""
        )
        try:
            yield Transaction(connection, tenant_id)
        finally:
            if not connection.is_closed():
                await connection.execute("ROLLBACK")


async def add(db: Transaction, archive_id: UUID, project_id: UUID, media: str) -> None:
    await db.execute(
        "INSERT INTO project_archive (tenant_id, id, project_id, media) VALUES ($1, $2, $3, $4)",
        db.tenant_id,
        archive_id,
        project_id,
        media,
    )


async def set_job(db: Transaction, archive_id: UUID, job_id: UUID | None) -> None:
    await db.execute("UPDATE project_archive SET job_id = $2 WHERE id = $1", archive_id, job_id)


async def set_file(db: Transaction, archive_id: UUID, n_bytes: int, sha256: str, contents: dict[str, Any]) -> None:
    await db.execute(
        "UPDATE project_archive SET n_bytes = $2, sha256 = decode($3, 'hex'), contents = $4 WHERE id = $1",
        archive_id,
        n_bytes,
        sha256,
        contents,
    )


async def find(db: Transaction, archive_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(f"SELECT {_ARCHIVE} WHERE a.id = $1", archive_id)


async def page(db: Transaction, project_id: UUID, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        f"SELECT {_ARCHIVE} WHERE a.project_id = $1 AND ($2::uuid IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3",
        project_id,
        before,
        limit,
    )


async def is_archived(db: Transaction, sha256: str) -> bool:
    """Whether the blob is an archive that was made, or one that is still to be read."""
    return bool(
        await db.fetch_value(
            """SELECT EXISTS (SELECT 1 FROM project_archive WHERE sha256 = decode($1, 'hex'))
                OR EXISTS (SELECT 1 FROM project_import WHERE location = $1)""",
            sha256,
        )
    )


async def add_import(db: Transaction, import_id: UUID, name: str, sha256: str) -> None:
    """Note that an archive has come in; without a job it is no import yet, and nobody is shown it."""
    await db.execute(
        "INSERT INTO project_import (tenant_id, id, name, location) VALUES ($1, $2, $3, $4)",
        db.tenant_id,
        import_id,
        name,
        sha256,
    )


async def set_import_job(db: Transaction, import_id: UUID, job_id: UUID | None) -> None:
    await db.execute("UPDATE project_import SET job_id = $2 WHERE id = $1", import_id, job_id)


async def find_import(db: Transaction, import_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(f"SELECT {_IMPORT} WHERE i.id = $1 AND i.job_id IS NOT NULL", import_id)


async def imports(db: Transaction, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        f"""SELECT {_IMPORT} WHERE i.job_id IS NOT NULL AND ($1::uuid IS NULL OR i.id < $1)
        ORDER BY i.id DESC LIMIT $2""",
        before,
        limit,
    )


async def import_work(db: Transaction, import_id: UUID) -> asyncpg.Record:
    """Where the archive is, and how many rows of its parts were taken."""
    row = await db.fetch_row("SELECT name, location, project_id, done FROM project_import WHERE id = $1", import_id)
    assert row is not None
    return row


async def note_done(db: Transaction, import_id: UUID, part: str, n_rows: int) -> None:
    await db.execute(
        "UPDATE project_import SET done = done || jsonb_build_object($2::text, $3::int) WHERE id = $1",
        import_id,
        part,
        n_rows,
    )


async def note_faults(db: Transaction, import_id: UUID, faults: list[dict[str, Any]]) -> None:
    await db.execute("UPDATE project_import SET faults = $2 WHERE id = $1", import_id, faults)


async def finish_import(db: Transaction, import_id: UUID, project_id: UUID, origin: dict[str, Any]) -> None:
    await db.execute(
        "UPDATE project_import SET project_id = $2, origin = $3, faults = '[]' WHERE id = $1",
        import_id,
        project_id,
        origin,
    )


async def let_go(db: Transaction, import_id: UUID) -> None:
    """Refer to the archive no more; a mere note of it ends."""
    await db.execute("DELETE FROM project_import WHERE id = $1 AND job_id IS NULL", import_id)
    await db.execute("UPDATE project_import SET location = '' WHERE id = $1", import_id)


async def left_imports(db: Transaction, grace: timedelta, kept: timedelta, limit: int) -> list[tuple[UUID, str]]:
    """Import and hash of archives that are not going to be read; `Uploads` says how long they are kept."""
    rows = await db.fetch(
        """SELECT i.id, i.location FROM project_import i LEFT JOIN job j ON j.tenant_id = i.tenant_id AND j.id = i.job_id
        WHERE i.location <> '' AND (i.project_id IS NOT NULL
            OR (j.state IN ('failed', 'cancelled') AND j.finished_at < now() - $2::interval)
            OR (i.job_id IS NULL AND i.created_at < now() - $1::interval)) ORDER BY i.id LIMIT $3""",
        grace,
        kept,
        limit,
    )
    return [(row["id"], row["location"]) for row in rows]


async def write(db: Transaction, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    await db.execute_many(statement, [(db.tenant_id, *row) for row in rows])


async def count_dataset(db: Transaction, dataset_id: UUID) -> None:
    """Note how many assets came, and how many bytes."""
    await db.execute(
        """UPDATE dataset SET n_assets = one.n, n_bytes = one.size FROM (
            SELECT count(*) AS n, coalesce(sum(n_bytes), 0) AS size FROM asset WHERE dataset_id = $1) AS one
        WHERE id = $1""",
        dataset_id,
    )


async def add_people(db: Transaction, group_id: UUID, rows: Sequence[tuple[UUID, str, str, str]]) -> None:
    """Members who cannot sign in, (id, name, kind, role), in a group of their own."""
    await db.execute_many(
        'INSERT INTO "user" (id, name, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [row[:3] for row in rows]
    )
    await db.execute_many(
        """INSERT INTO membership (tenant_id, user_id, role, active) VALUES ($1, $2, $3, false)
        ON CONFLICT DO NOTHING""",
        [(db.tenant_id, row[0], row[3]) for row in rows],
    )
    await db.execute_many(
        "INSERT INTO group_member (tenant_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [(db.tenant_id, group_id, row[0]) for row in rows],
    )


async def group_of_imported(db: Transaction, group_id: UUID, name: str) -> UUID:
    """The group with this name, made if there is none."""
    found: UUID | None = await db.fetch_value("SELECT id FROM people_group WHERE lower(name) = lower($1)", name)
    if found is not None:
        return found
    await db.execute("INSERT INTO people_group (tenant_id, id, name) VALUES ($1, $2, $3)", db.tenant_id, group_id, name)
    return group_id

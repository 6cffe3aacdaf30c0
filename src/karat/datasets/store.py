"""SQL of datasets, assets and imports."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets.types import Dataset, Import
from karat.kit import Fault

_DATASET = "id, name, modality, n_assets, n_bytes, created_at"
_IMPORT = """i.id, i.dataset_id, i.job_id, i.source, i.name, coalesce(j.state, 'queued') AS state, i.rows_read,
    i.rows_total, i.n_added, i.n_duplicates, i.n_faults, j.error, i.created_at, j.finished_at,
    (i.options->>'connection_id')::uuid AS connection_id, i.options->>'mode' AS mode"""
# An import without a job is none yet: it notes that a file has come in, and nobody is shown it.
_NOTE = "i.job_id IS NULL"
_IMPORT_FROM = "data_import i LEFT JOIN job j ON j.tenant_id = i.tenant_id AND j.id = i.job_id"
ASSET = """a.id AS asset_id, a.external_id, a.name, a.sha256, a.media_type, a.n_bytes, a.width, a.height, a.length, a.text,
    a.metadata, a.created_at AS asset_created_at"""


async def add_dataset(db: Transaction, dataset_id: UUID, name: str, modality: str) -> None:
    await db.execute(
        "INSERT INTO dataset (tenant_id, id, name, modality) VALUES ($1, $2, $3, $4)",
        db.tenant_id,
        dataset_id,
        name,
        modality,
    )


async def find_dataset(db: Transaction, dataset_id: UUID) -> Dataset | None:
    row = await db.fetch_row(f"SELECT {_DATASET} FROM dataset WHERE id = $1", dataset_id)
    return Dataset.model_validate(dict(row)) if row else None


async def datasets(db: Transaction, before: UUID | None, limit: int) -> list[Dataset]:
    rows = await db.fetch(
        f"SELECT {_DATASET} FROM dataset WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2", before, limit
    )
    return [Dataset.model_validate(dict(row)) for row in rows]


async def add_import(
    db: Transaction,
    import_id: UUID,
    dataset_id: UUID,
    source: str,
    name: str,
    location: str,
    options: dict[str, Any] | None = None,
) -> None:
    await db.execute(
        """INSERT INTO data_import (tenant_id, id, dataset_id, source, name, location, options)
        VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        db.tenant_id,
        import_id,
        dataset_id,
        source,
        name,
        location,
        options or {},
    )


async def set_import_job(db: Transaction, import_id: UUID, job_id: UUID | None) -> None:
    await db.execute("UPDATE data_import SET job_id = $2 WHERE id = $1", import_id, job_id)


async def find_import(db: Transaction, import_id: UUID) -> Import | None:
    row = await db.fetch_row(f"SELECT {_IMPORT} FROM {_IMPORT_FROM} WHERE i.id = $1 AND NOT {_NOTE}", import_id)
    return Import.model_validate(dict(row)) if row else None


async def import_location(db: Transaction, import_id: UUID) -> str:
    return str(await db.fetch_value("SELECT location FROM data_import WHERE id = $1", import_id))


async def import_options(db: Transaction, import_id: UUID) -> tuple[dict[str, Any], str | None]:
    """What was wished, and behind which key of a bucket it goes on."""
    row = await db.fetch_row("SELECT options, resume_key FROM data_import WHERE id = $1", import_id)
    assert row is not None
    return row["options"], row["resume_key"]


async def upload_names(db: Transaction, upload_id: UUID) -> dict[int, str]:
    """What the files of an upload are called, by position, in that order."""
    rows = await db.fetch("SELECT position, name FROM upload_file WHERE upload_id = $1 ORDER BY position", upload_id)
    return {row["position"]: row["name"] for row in rows}


async def imports(db: Transaction, dataset_id: UUID, before: UUID | None, limit: int) -> list[Import]:
    rows = await db.fetch(
        f"""SELECT {_IMPORT} FROM {_IMPORT_FROM} WHERE i.dataset_id = $1 AND NOT {_NOTE}
            AND ($2::uuid IS NULL OR i.id < $2)
        ORDER BY i.id DESC LIMIT $3""",
        dataset_id,
        before,
        limit,
    )
    return [Import.model_validate(dict(row)) for row in rows]


async def faults(db: Transaction, import_id: UUID, after: int | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT position, code, message, "where", hint FROM import_fault
        WHERE import_id = $1 AND ($2::bigint IS NULL OR position > $2) ORDER BY position LIMIT $3""",
        import_id,
        after,
        limit,
    )


async def add_faults(db: Transaction, import_id: UUID, found: Sequence[tuple[int, Fault]]) -> None:
    await db.execute_many(
        """INSERT INTO import_fault (tenant_id, import_id, position, code, message, "where", hint)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING""",
        [(db.tenant_id, import_id, at, fault.code, fault.message, fault.where, fault.hint) for at, fault in found],
    )


async def add_assets(db: Transaction, dataset_id: UUID, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Insert what is new, by content and by external id; the ids of the rows that were added."""
    columns = (
        "id",
        "external_id",
        "name",
        "sha256",
        "media_type",
        "n_bytes",
        "width",
        "height",
        "length",
        "text",
        "metadata",
    )
    added = await db.fetch(
        """INSERT INTO asset (tenant_id, dataset_id, id, external_id, name, sha256, media_type, n_bytes, width, height,
            length, text, metadata)
        SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::bigint[], $9::int[],
            $10::int[], $11::bigint[], $12::text[], $13::jsonb[])
        ON CONFLICT DO NOTHING RETURNING id""",
        db.tenant_id,
        dataset_id,
        *([row[column] for row in rows] for column in columns),
    )
    return {row["id"] for row in added}


async def known_hashes(db: Transaction, dataset_id: UUID, hashes: Sequence[bytes]) -> set[bytes]:
    rows = await db.fetch(
        "SELECT sha256 FROM asset WHERE dataset_id = $1 AND sha256 = ANY($2::bytea[])", dataset_id, hashes
    )
    return {row["sha256"] for row in rows}


async def is_awaited(db: Transaction, sha256: str) -> bool:
    """Whether an import has still to read these bytes, or is about to begin with them."""
    return bool(
        await db.fetch_value(
            f"""SELECT EXISTS (SELECT 1 FROM {_IMPORT_FROM} WHERE i.location = $1 AND i.source = 'upload'
                AND ({_NOTE} OR j.state IN ('queued', 'running')))""",
            sha256,
        )
    )


async def is_noted(db: Transaction, note_id: UUID) -> bool:
    return bool(
        await db.fetch_value(f"SELECT EXISTS (SELECT 1 FROM data_import i WHERE i.id = $1 AND {_NOTE})", note_id)
    )


async def let_go(db: Transaction, import_id: UUID) -> None:
    """Refer to the uploaded file no more; a mere note of it ends."""
    await db.execute("UPDATE data_import SET location = '' WHERE id = $1 AND source = 'upload'", import_id)
    await drop_note(db, import_id)


async def drop_note(db: Transaction, note_id: UUID) -> None:
    await db.execute(f"DELETE FROM data_import i WHERE i.id = $1 AND {_NOTE}", note_id)


async def left_uploads(db: Transaction, grace: timedelta, kept: timedelta, limit: int) -> list[tuple[UUID, str]]:
    """Import and hash of files that are not going to be read.

    Args:
        grace: the import has not begun for so long.
        kept: it has failed or was cancelled so long ago.
    """
    rows = await db.fetch(
        f"""SELECT i.id, i.location FROM {_IMPORT_FROM} WHERE i.source = 'upload' AND i.location <> ''
            AND (j.state = 'done' OR (j.state IN ('failed', 'cancelled') AND j.finished_at < now() - $2::interval)
                OR ({_NOTE} AND i.created_at < now() - $1::interval))
        ORDER BY i.id LIMIT $3""",
        grace,
        kept,
        limit,
    )
    return [(row["id"], row["location"]) for row in rows]


async def is_asset(db: Transaction, sha256: str) -> bool:
    """Whether any dataset of the tenant has an asset with this content."""
    return bool(
        await db.fetch_value(
            """SELECT EXISTS (SELECT 1 FROM dataset d JOIN asset a ON a.tenant_id = d.tenant_id AND a.dataset_id = d.id
                AND a.sha256 = $1)""",
            bytes.fromhex(sha256),
        )
    )


async def note_import(
    db: Transaction,
    import_id: UUID,
    *,
    rows_read: int,
    resume_key: str | None,
    n_added: int,
    n_duplicates: int,
    n_faults: int,
    n_bytes: int,
) -> None:
    """Add a chunk's counts; the position is part of the same transaction, so a chunk counts exactly once."""
    await db.execute(
        """UPDATE data_import SET rows_read = $2, n_added = n_added + $3, n_duplicates = n_duplicates + $4,
            n_faults = n_faults + $5, resume_key = coalesce($6, resume_key) WHERE id = $1""",
        import_id,
        rows_read,
        n_added,
        n_duplicates,
        n_faults,
        resume_key,
    )
    await db.execute(
        """UPDATE dataset d SET n_assets = n_assets + $2, n_bytes = n_bytes + $3 FROM data_import i
        WHERE i.id = $1 AND d.tenant_id = i.tenant_id AND d.id = i.dataset_id""",
        import_id,
        n_added,
        n_bytes,
    )


async def assets(
    db: Transaction, dataset_id: UUID, text: str | None, before: UUID | None, limit: int
) -> list[asyncpg.Record]:
    return await db.fetch(
        f"""SELECT {ASSET} FROM asset a WHERE a.dataset_id = $1 AND ($2::uuid IS NULL OR a.id < $2)
            AND ($3::text IS NULL OR strpos(lower(a.name), lower($3)) > 0 OR a.external_id = $3)
        ORDER BY a.id DESC LIMIT $4""",
        dataset_id,
        before,
        text,
        limit,
    )


async def assets_named(db: Transaction, dataset_id: UUID, asset_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await db.fetch(
        f"SELECT {ASSET} FROM asset a WHERE a.dataset_id = $1 AND a.id = ANY($2::uuid[]) ORDER BY a.id DESC",
        dataset_id,
        list(asset_ids),
    )


async def stream_content(db: Transaction, dataset_id: UUID) -> AsyncIterator[asyncpg.Record]:
    """Every asset of a dataset in a fixed order: (id, sha256, text)."""
    async for row in db.stream("SELECT id, sha256, text FROM asset WHERE dataset_id = $1 ORDER BY id", dataset_id):
        yield row

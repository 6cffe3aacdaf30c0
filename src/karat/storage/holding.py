"""Who relies on stored bytes and who deletes them: the lock between the two, and notes of what may be needed no more."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from karat.database import Database, Transaction


async def rely_on_blobs(db: Transaction) -> None:
    """Until the end of the transaction nobody deletes bytes; for who stores some and then a row that refers to them."""
    await db.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 3))", f"blobs:{db.tenant_id}")


async def lock_blobs(db: Transaction) -> None:
    """Until the end of the transaction nobody begins to rely on bytes; for who deletes what nothing refers to."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", f"blobs:{db.tenant_id}")


async def note_released(db: Transaction, blobs: Sequence[str]) -> None:
    """Note that somebody needs these bytes no more; whoever looks after deletions asks whether anybody else does."""
    await db.execute(
        "INSERT INTO released_blob (tenant_id, sha256) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
        db.tenant_id,
        list(blobs),
    )


@asynccontextmanager
async def released_on_failure(database: Database, tenant_id: UUID, sha256: str) -> AsyncIterator[None]:
    """Bytes that were stored for what fails in the block are noted as released."""
    try:
        yield
    except Exception:
        async with database.transaction(tenant_id) as db:
            await note_released(db, [sha256])
        raise


async def is_anything_released(db: Transaction) -> bool:
    """Whether there are such notes; asks for no lock."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT 1 FROM released_blob)"))


async def take_released(db: Transaction, limit: int) -> list[str]:
    """Take some of these notes back: they are there again if the transaction fails."""
    rows = await db.fetch(
        """DELETE FROM released_blob WHERE (tenant_id, sha256) IN (SELECT tenant_id, sha256 FROM released_blob
            ORDER BY created_at LIMIT $1) RETURNING sha256""",
        limit,
    )
    return [row["sha256"] for row in rows]

"""SQL of connections and references."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from karat.database import Transaction
from karat.storage.connection_types import Connection, ConnectionTest, Reference

_CONNECTION = """c.id, c.name, c.kind, c.bucket, c.prefix, c.region, c.endpoint, c.account, c.anonymous, c.secret_hint,
    (SELECT count(*) FROM blob_reference r WHERE r.tenant_id = c.tenant_id AND r.connection_id = c.id) AS n_references,
    c.tested_at, c.test, c.created_at"""
COLUMNS = ("name", "kind", "bucket", "prefix", "region", "endpoint", "account", "anonymous", "secret", "secret_hint")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A connection with its secret, which is still sealed; the version counts its changes."""

    connection: Connection
    secret: bytes | None
    version: int


async def add_connection(db: Transaction, connection_id: UUID, values: dict[str, Any]) -> bool:
    """Insert it; False where the name is taken."""
    places = ", ".join(f"${at}" for at in range(3, 3 + len(COLUMNS)))
    return bool(
        await db.execute(
            f"""INSERT INTO storage_connection (tenant_id, id, {", ".join(COLUMNS)}) VALUES ($1, $2, {places})
            ON CONFLICT (tenant_id, name) DO NOTHING""",
            db.tenant_id,
            connection_id,
            *(values[column] for column in COLUMNS),
        )
    )


async def change_connection(db: Transaction, connection_id: UUID, values: dict[str, Any]) -> None:
    """Set columns; the outcome of a test says nothing any more."""
    settings = ", ".join(f"{column} = ${at}" for at, column in enumerate(values, 2))
    await db.execute(
        f"UPDATE storage_connection SET {settings}, version = version + 1, test = NULL, tested_at = NULL WHERE id = $1",
        connection_id,
        *values.values(),
    )


async def is_name_taken(db: Transaction, name: str, besides: UUID) -> bool:
    return bool(
        await db.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM storage_connection WHERE name = $1 AND id <> $2)", name, besides
        )
    )


async def find_connection(db: Transaction, connection_id: UUID) -> Connection | None:
    row = await db.fetch_row(f"SELECT {_CONNECTION} FROM storage_connection c WHERE c.id = $1", connection_id)
    return Connection.model_validate(dict(row)) if row else None


async def find_sealed(db: Transaction, connection_id: UUID) -> Sealed | None:
    row = await db.fetch_row(
        "SELECT *, 0 AS n_references FROM storage_connection c WHERE c.id = $1 AND c.tenant_id = $2",
        connection_id,
        db.tenant_id,
    )
    if row is None:
        return None
    values = dict(row)
    secret, version = values.pop("secret"), values.pop("version")
    del values["tenant_id"]
    return Sealed(Connection.model_validate(values), secret, version)


async def connections(db: Transaction, before: UUID | None, limit: int) -> list[Connection]:
    rows = await db.fetch(
        f"""SELECT {_CONNECTION} FROM storage_connection c WHERE $1::uuid IS NULL OR c.id < $1
        ORDER BY c.id DESC LIMIT $2""",
        before,
        limit,
    )
    return [Connection.model_validate(dict(row)) for row in rows]


async def delete_connection(db: Transaction, connection_id: UUID) -> None:
    await db.execute("DELETE FROM storage_connection WHERE id = $1", connection_id)


async def note_test(db: Transaction, connection_id: UUID, now: datetime, test: ConnectionTest) -> None:
    await db.execute(
        "UPDATE storage_connection SET tested_at = $2, test = $3 WHERE id = $1",
        connection_id,
        now,
        test.model_dump(mode="json"),
    )


async def find_reference(db: Transaction, sha256: str) -> Reference | None:
    row = await db.fetch_row(
        "SELECT connection_id, key, etag, size FROM blob_reference WHERE sha256 = $1", bytes.fromhex(sha256)
    )
    return Reference.model_validate(dict(row)) if row else None


async def add_references(db: Transaction, found: Sequence[tuple[str, Reference]]) -> None:
    """Note where blobs are. One that was noted before is from now on where it was seen last."""
    await db.execute(
        """INSERT INTO blob_reference (tenant_id, sha256, connection_id, key, etag, size)
        SELECT $1, * FROM unnest($2::bytea[], $3::uuid[], $4::text[], $5::text[], $6::bigint[])
        ON CONFLICT (tenant_id, sha256) DO UPDATE
            SET connection_id = excluded.connection_id, key = excluded.key, etag = excluded.etag""",
        db.tenant_id,
        *_columns(found),
    )


async def move_references(db: Transaction, found: Sequence[tuple[str, Reference]]) -> None:
    """Of blobs that are references: they are where they were seen last, should they be gone from where they were."""
    await db.execute(
        """UPDATE blob_reference r SET connection_id = f.connection_id, key = f.key, etag = f.etag
        FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::text[], $5::bigint[])
            AS f (sha256, connection_id, key, etag, size)
        WHERE r.sha256 = f.sha256""",
        *_columns(found),
    )


def _columns(found: Sequence[tuple[str, Reference]]) -> tuple[list[Any], ...]:
    """By column; one row for each blob, in an order that is always the same, so that no two wait for each other."""
    rows = sorted(dict(found).items(), key=lambda row: row[0])
    return (
        [bytes.fromhex(sha256) for sha256, _ in rows],
        [one.connection_id for _, one in rows],
        [one.key for _, one in rows],
        [one.etag for _, one in rows],
        [one.size for _, one in rows],
    )

"""The rows of a whole installation, out of one snapshot and back in. What tables there are, the catalogue says.

Row-level security is forced on the owner too, so rows go out tenant by tenant, by the same rules as everywhere. They come
back in bulk: within one transaction on an empty database the owner is let through and foreign keys are taken off; at its
end both stand again, and PostgreSQL has checked every reference.
"""

import gzip
import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from karat.database.names import QUEUE_TABLES
from karat.operations.errors import BackupDamaged
from karat.operations.types import Progress, TablePart

PIECE_BYTES = 1 << 20
# What migrations keep of themselves, and the queue, which follows from the jobs.
LEFT_OUT = QUEUE_TABLES | {"alembic_version"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        columns: those that are stored, in their order.
        key: by which rows are ordered: equal rows make equal files, whatever way the database found them.
        is_of_tenants: whether its rows are confined to their tenants.
    """

    name: str
    columns: list[str]
    key: list[str]
    is_of_tenants: bool


async def tables_of(connection: asyncpg.Connection) -> list[Table]:
    """Every table of ours, by name."""
    rows = await connection.fetch(
        """SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
            coalesce(array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum))
                FILTER (WHERE a.attnum = ANY (i.indkey::int2[])), '{}') AS key,
            c.relrowsecurity AS is_of_tenants FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL($1)
        GROUP BY c.relname, c.relrowsecurity ORDER BY c.relname""",
        sorted(LEFT_OUT),
    )
    return [Table(row["name"], list(row["columns"]), list(row["key"]), row["is_of_tenants"]) for row in rows]


async def write_table(connection: asyncpg.Connection, table: Table, tenants: Iterable[UUID], path: Path) -> TablePart:
    """All rows of a table into a file, as the transaction sees them."""
    columns = ", ".join(map(quoted, table.columns))
    order = f" ORDER BY {', '.join(map(quoted, table.key))}" if table.key else ""
    n_rows = 0
    with path.open("xb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:

        async def take(data: bytes) -> None:
            packed.write(data)

        if not table.is_of_tenants:
            query = f"SELECT {columns} FROM {quoted(table.name)}{order}"
            status = await connection.copy_from_query(query, output=take)
            n_rows += _count(status)
        else:
            for tenant_id in tenants:
                await connection.execute("SELECT set_config('app.tenant', $1, true)", str(tenant_id))
                query = f"SELECT {columns} FROM {quoted(table.name)} WHERE tenant_id = $1{order}"
                status = await connection.copy_from_query(query, tenant_id, output=take)
                n_rows += _count(status)
    return TablePart(name=table.name, columns=table.columns, n_rows=n_rows, sha256=_sha256_of(path))


async def load_tables(
    connection: asyncpg.Connection, parts: Iterable[TablePart], folder: Path, progress: Progress
) -> None:
    """Fill an empty database, in the transaction that is open.

    Raises:
        BackupDamaged: what is in the files does not fit the schema of their revision.
    """
    tables = {table.name: table for table in await tables_of(connection)}
    by_name = {part.name: part for part in parts}
    if set(tables) != set(by_name):
        raise BackupDamaged("Its tables are not those of its schema.", tables=sorted(set(tables) ^ set(by_name)))
    names = ", ".join(quoted(name) for name in tables)
    references = await connection.fetch(
        """SELECT conrelid::regclass::text AS name, quote_ident(conname) AS key, pg_get_constraintdef(oid) AS meaning
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY conrelid, conname"""
    )
    confined = await connection.fetch(
        """SELECT oid::regclass::text AS name FROM pg_class WHERE relforcerowsecurity
        AND relnamespace = 'public'::regnamespace"""
    )
    for one in confined:
        await connection.execute(f"ALTER TABLE {one['name']} NO FORCE ROW LEVEL SECURITY")
    for one in references:
        await connection.execute(f"ALTER TABLE {one['name']} DROP CONSTRAINT {one['key']}")
    await connection.execute(f"TRUNCATE {names}")
    for at, part in enumerate(by_name.values()):
        progress("tables", at, len(by_name))
        await _load(connection, part, folder / f"{part.name}.copy.gz")
    try:
        for one in references:
            await connection.execute(f"ALTER TABLE {one['name']} ADD CONSTRAINT {one['key']} {one['meaning']}")
    except asyncpg.ForeignKeyViolationError as error:
        raise BackupDamaged(f"A row refers to one that is not there: {error.detail}") from error
    for one in confined:
        await connection.execute(f"ALTER TABLE {one['name']} FORCE ROW LEVEL SECURITY")
    await _move_sequences(connection)


async def _load(connection: asyncpg.Connection, part: TablePart, path: Path) -> None:
    try:
        status = await connection.copy_to_table(part.name, source=_unpacked(path), columns=part.columns)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.UndefinedColumnError) as error:
        raise BackupDamaged(f"{error}", table=part.name) from error
    if _count(status) != part.n_rows:
        raise BackupDamaged("A table has another number of rows.", table=part.name, expected=part.n_rows)


async def _unpacked(path: Path) -> AsyncIterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    except (OSError, EOFError) as error:
        raise BackupDamaged("A table cannot be unpacked.", table=path.name) from error


async def _move_sequences(connection: asyncpg.Connection) -> None:
    """Let numbers that the database gives go on behind those that were restored."""
    rows = await connection.fetch(
        """SELECT s.relname AS sequence, t.relname AS name, a.attname AS column FROM pg_depend d
        JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.deptype IN ('a', 'i') AND t.relnamespace = 'public'::regnamespace AND t.relname <> ALL($1)""",
        sorted(LEFT_OUT),
    )
    for row in rows:
        await connection.execute(
            f"""SELECT setval('{quoted(row["sequence"])}', coalesce(max({quoted(row["column"])}), 0) + 1, false)
            FROM {quoted(row["name"])}"""
        )


def quoted(name: str) -> str:
    """A name as SQL takes it; what comes from an archive is compared with the catalogue before."""
    return '"' + name.replace('"', '""') + '"'


def _count(status: str) -> int:
    return int(status.rsplit(" ", 1)[-1])


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

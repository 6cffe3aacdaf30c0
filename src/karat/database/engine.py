"""Connections and transactions. A transaction cannot be opened without saying whose rows it is for."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg

from karat.errors import OutOfSpace, Unavailable

APP_ROLE = "karat_app"


class DatabaseUnavailable(Unavailable):
    """The database does not answer right now; nothing was changed."""

    code = "database.unavailable"


# How it shows that the server went away. asyncpg's own internal error is among them: a server that is killed sends its
# farewell while a connection is idle within a transaction, and the next statement finds the protocol in a state that
# asyncpg does not expect.
_GONE = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,
)


class Transaction:
    """One transaction on one connection. Statements are plain SQL with `$1` parameters; rows come back as records.

    Row-level security confines every statement to `tenant_id`; without a tenant only the shared tables show rows.
    """

    __slots__ = ("connection", "tenant_id")

    def __init__(self, connection: asyncpg.Connection, tenant_id: UUID | None) -> None:
        self.connection = connection
        self.tenant_id = tenant_id

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """All rows."""
        rows: list[asyncpg.Record] = await self.connection.fetch(sql, *args)
        return rows

    async def fetch_row(self, sql: str, *args: object) -> asyncpg.Record | None:
        """The first row, if any."""
        return await self.connection.fetchrow(sql, *args)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        """The first column of the first row, if any."""
        return await self.connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement and tell how many rows it touched."""
        status = await self.connection.execute(sql, *args)
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once per row, pipelined."""
        await self.connection.executemany(sql, rows)

    async def stream(self, sql: str, *args: object, batch: int = 1000) -> AsyncIterator[asyncpg.Record]:
        """Rows through a cursor, so that a large result never stands in memory."""
        async for row in self.connection.cursor(sql, *args, prefetch=batch):
            yield row


class Database:
    """The pool of connections of this process."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID | None) -> AsyncIterator[Transaction]:
        """A transaction that commits on leaving and rolls back on any error.

        BEGIN and the tenant travel in one round trip; the tenant is a UUID, so its text needs no quoting.

        Raises:
            DatabaseUnavailable: no connection, or the server went away; whether a COMMIT that was under way took
                hold is then unknown, which is why writes are idempotent.
            OutOfSpace: the disk of the database is full.
        """
        try:
            connection = await self.pool.acquire()
        except (OSError, *_GONE) as error:
            raise DatabaseUnavailable from error
        try:
            setting = f"; SELECT set_config('app.tenant', '{tenant_id}', true)" if tenant_id else ""
            try:
                await connection.execute(f"BEGIN{setting}")
                yield Transaction(connection, tenant_id)
            except BaseException:
                await _roll_back(connection)
                raise
            await connection.execute("COMMIT")
        except asyncpg.DiskFullError as error:
            raise OutOfSpace("The disk of the database is full; make room and try again.") from error
        except _GONE as error:
            _give_up(connection)
            raise DatabaseUnavailable from error
        except asyncpg.InterfaceError as error:
            if _is_lost(connection):
                raise DatabaseUnavailable from error
            raise
        finally:
            await self.pool.release(connection)

    async def close(self) -> None:
        """Wait for the transactions that run, then close."""
        await self.pool.close()


async def connect(dsn: str, *, size: int) -> Database:
    """A pool of connections that act as the application's role, which owns no table and bypasses no policy."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=_prepare,
        reset=_no_reset,
        server_settings={"role": APP_ROLE, "application_name": "karat"},
        max_inactive_connection_lifetime=60,
        statement_cache_size=300,
    )
    return Database(pool)


async def _prepare(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=_as_json, decoder=json.loads, schema="pg_catalog")


def _as_json(value: object) -> str:
    """JSON of records and lists; text is JSON already, as the queue's library hands it over."""
    return value if isinstance(value, str) else json.dumps(value)


async def _roll_back(connection: asyncpg.Connection) -> None:
    """Undo what was done; a connection that cannot even do that is given up, and PostgreSQL undoes it by itself."""
    if _is_lost(connection):
        return
    try:
        await connection.execute("ROLLBACK")
    except (*_GONE, asyncpg.PostgresError, asyncpg.InterfaceError):
        _give_up(connection)


def _is_lost(connection: asyncpg.Connection) -> bool:
    """The pool takes a connection back by itself when it breaks; from then on it refuses every question."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _give_up(connection: asyncpg.Connection) -> None:
    with suppress(asyncpg.InterfaceError):
        connection.terminate()


async def _no_reset(connection: asyncpg.Connection) -> None:
    """Nothing outlives a transaction here (the tenant is set locally), so the usual RESET round trip is saved."""

"""What the tests of backups share."""

from typing import Any

import asyncpg

from karat.api.engine import Engine
from karat.database.names import QUEUE_TABLES
from tests.security.owner import owner_dsn


async def digests(engine: Engine) -> dict[str, tuple[int, str]]:
    """Number and content of the rows of every table, asked of the catalogue and as the owner, past all policies."""
    connection = await asyncpg.connect(owner_dsn(engine))
    try:
        names = await connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        found: dict[str, Any] = {}
        for row in names:
            if row["name"] not in QUEUE_TABLES | {"chore"}:
                found[row["name"]] = tuple(
                    await connection.fetchrow(
                        f"SELECT count(*), coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') "
                        f'FROM "{row["name"]}" t'
                    )
                )
        return found
    finally:
        await connection.close()

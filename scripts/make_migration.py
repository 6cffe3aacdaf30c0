"""Write the migration that brings the newest schema to what the tables.py files declare.

Usage: .venv/bin/python scripts/make_migration.py 0002 what_it_does
Read the result before committing it: row security, grants and data moves are yours to add (see 0001).
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine

from karat.api.tables import metadata
from karat.database.migrate import FOLDER, alembic_config, migrate, revisions
from karat.database.names import QUEUE_TABLES
from karat.database.supervisor import embedded_postgres


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the queue library's tables alone."""
    return not (kind == "table" and name in QUEUE_TABLES)


async def main(number: str, message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_postgres(Path(folder)) as server:
            if revisions():
                await migrate(server.url())
            engine = create_async_engine(server.url(scheme="postgresql+asyncpg"))
            async with engine.begin() as connection:
                await connection.run_sync(
                    lambda sync: command.revision(
                        alembic_config(sync, metadata=metadata, include_name=is_ours),
                        message.replace("_", " "),
                        autogenerate=True,
                        rev_id=number,
                    )
                )
            await engine.dispose()
    for path in (FOLDER / "versions").glob(f"{number}_*"):
        print(path)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))

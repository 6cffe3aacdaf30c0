"""Bring the database to the schema of this version. Alembic is imported only when there is something to do."""

from pathlib import Path
from typing import Any

import asyncpg

from karat.database.engine import APP_ROLE
from karat.database.names import QUEUE_TABLES
from karat.errors import KaratError

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6B61726174  # "karat": only one process migrates at a time


class SchemaTooNew(KaratError):
    """The data were written by a newer version of Karat; start that version, or restore a backup made before it."""

    code = "database.schema_too_new"
    status = 503


def revisions() -> list[str]:
    """The known revisions, oldest first; a file is named `0001_what_it_does.py`."""
    return sorted(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


async def migrate(owner_dsn: str, to: str = "head") -> bool:
    """Create or upgrade the schema; tell whether anything was done.

    Args:
        to: a revision at which to stop, for data that were written at it.

    Raises:
        SchemaTooNew: the database is at a revision that this version does not know.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        current = await current_revision(connection)
        newest = revisions()[-1] if to == "head" else to
        if current == newest and await _has_queue(connection):
            return False
        for revision in (current, newest):
            if revision is not None and revision not in revisions():
                raise SchemaTooNew(revision=revision)
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await _make_app_role(connection)
        await run_alembic(owner_dsn, to)
        await connection.execute(f"GRANT SELECT ON alembic_version TO {APP_ROLE}")
        await _install_queue(connection)
        return True
    finally:
        await connection.close()


async def run_alembic(owner_dsn: str, to: str = "head") -> None:
    """Run the migrations that are missing up to a revision, in one transaction."""
    from alembic import command
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    def upgrade(connection: Any) -> None:
        command.upgrade(alembic_config(connection), to)

    engine = create_async_engine(owner_dsn.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


def alembic_config(connection: Any, **attributes: Any) -> Any:
    """Alembic's configuration for a connection; no file, no logging set-up."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes.update(connection=connection, **attributes)
    return config


async def _has_queue(connection: asyncpg.Connection) -> bool:
    return await connection.fetchval("SELECT to_regclass('pgqueuer')") is not None


async def _install_queue(connection: asyncpg.Connection) -> None:
    """The queue library makes and upgrades its own tables; they hold ids only and belong to no tenant."""
    from pgqueuer.queries import Queries

    queries = Queries.from_asyncpg_connection(connection)
    await (queries.upgrade() if await _has_queue(connection) else queries.install())
    for table in sorted(QUEUE_TABLES):
        await connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON {table} TO {APP_ROLE}")
    await connection.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")


async def current_revision(connection: asyncpg.Connection) -> str | None:
    """What the database is at; None before the first migration."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


async def _make_app_role(connection: asyncpg.Connection) -> None:
    """The role that the application acts as: it owns nothing and no policy lets it through."""
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
        await connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    await connection.execute(f"GRANT {APP_ROLE} TO CURRENT_USER")

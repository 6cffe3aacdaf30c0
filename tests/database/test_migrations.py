"""The schema that migrations make is the schema that the code declares, and a newer one is left alone."""

from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from karat.api.engine import Engine, open_engine
from karat.api.tables import metadata
from karat.config import Settings
from karat.database.migrate import SchemaTooNew, migrate, revisions
from karat.database.names import QUEUE_TABLES
from tests.security.owner import owner_dsn


async def test_the_declared_tables_and_the_migrated_ones_are_the_same(engine: Engine) -> None:
    def compare(connection: Any) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name not in QUEUE_TABLES | {"alembic_version"}

    dsn = owner_dsn(engine).replace("postgresql://", "postgresql+asyncpg://", 1)
    async with create_async_engine(dsn, poolclass=NullPool).connect() as connection:
        assert await connection.run_sync(compare) == []


async def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert await migrate(owner_dsn(engine)) is False


async def test_revisions_are_numbered_without_gaps() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


async def test_data_of_a_newer_version_are_refused_and_left_as_they_are(tmp_path: Any) -> None:
    settings = Settings(data_dir=tmp_path)
    async with open_engine(settings) as first:
        connection = await asyncpg.connect(owner_dsn(first))
        await connection.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(SchemaTooNew) as caught:
            async with open_engine(settings):
                pass
        assert caught.value.data == {"revision": "9999"}
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == "9999"
        await connection.close()

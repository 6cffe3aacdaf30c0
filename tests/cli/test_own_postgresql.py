"""Karat on a PostgreSQL that it does not run, set up, dumped and restored by the statements of the how-to pages."""

import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from karat.database.embedded_folder import EmbeddedServer, wheel_bin_dir
from karat.database.supervisor import embedded_postgres
from tests.cli.conftest import ROOT, Karat, Served


def statements(page: str) -> list[str]:
    """What a page tells the database's administrator to run."""
    (block,) = re.findall(
        r"^```sql run\n(.*?)^```$", (ROOT / "docs/how-to" / page).read_text(), re.MULTILINE | re.DOTALL
    )
    return [one.strip() for one in block.split(";") if one.strip()]


@asynccontextmanager
async def postgresql(folder: Path, *pages: str) -> AsyncIterator[EmbeddedServer]:
    """A server with what the pages say; its superuser is `postgres`, as everywhere."""
    async with embedded_postgres(folder) as server:
        connection = await asyncpg.connect(server.url())
        for page in pages:
            for statement in statements(page):
                await connection.execute(statement)
        await connection.close()
        yield server


@pytest.fixture
async def dump(tmp_path: Path) -> Path:
    """A dump of an installation that was started once, beside the folder of its keys."""
    async with postgresql(tmp_path / "first", "use-your-own-postgresql.md") as server:
        served = Served(tmp_path / "data", KARAT_DATABASE_URL=server.url(user="karat", database="karat"))
        served.start()
        assert served.stop() == 0
        command = [wheel_bin_dir() / "pg_dump", "--file", tmp_path / "karat.sql", server.url(database="karat")]
        subprocess.run(command, check=True)
    assert not (tmp_path / "data" / "postgres").exists()
    return tmp_path / "karat.sql"


async def test_a_dump_is_restored_with_its_keys_and_its_audit_chain(karat: Karat, dump: Path, tmp_path: Path) -> None:
    pages = ("use-your-own-postgresql.md", "back-up.md")
    async with postgresql(tmp_path / "second", *pages) as server:
        load = [wheel_bin_dir() / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", dump]
        subprocess.run([*load, server.url(database="karat")], check=True, capture_output=True)
        url = server.url(user="karat", database="karat")

        keys = karat("keys", "list", "--data-dir", tmp_path / "data", KARAT_DATABASE_URL=url)
        whole = karat("audit", "verify", "--data-dir", tmp_path / "data", KARAT_DATABASE_URL=url)

    assert "owner key of the first start" in keys.stdout, keys.stderr
    assert whole.returncode == 0, whole.stdout + whole.stderr

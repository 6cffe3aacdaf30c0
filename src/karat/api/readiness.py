"""Whether this server can do its work: its database, its schema, its storage, its runner, each asked for itself."""

import asyncio
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg

from karat.database import Database
from karat.database.migrate import revisions
from karat.errors import Fault, KaratError, Unavailable
from karat.jobs import Runner
from karat.kit import Record

PATIENCE_S = 3.0
# The page is open to everybody, so it costs no more than this often.
FRESH_S = 2.0
ROOM_BYTES = 64_000_000


class NotReady(Unavailable):
    """The server cannot do its work right now; `faults` says what is the matter."""

    code = "server.not_ready"


class Readiness(Record):
    """What was asked, all of it well.

    Attributes:
        runner: `here`, or `elsewhere` when this process serves requests only.
    """

    status: str
    checks: list[str]
    runner: str


class Prober:
    """Asks, and remembers the answer for a moment. Sentences name no path, host or cause: strangers read them."""

    def __init__(self, database: Database, media: Path, runner: Callable[[], Runner | None]) -> None:
        self._database = database
        self._media = media
        self._runner = runner
        self._asked_at = -FRESH_S
        self._faults: list[Fault] = []
        self._turn = asyncio.Lock()

    async def ask(self) -> Readiness:
        """That all is well.

        Raises:
            NotReady: with a fault for each thing that is not.
        """
        async with self._turn:
            if time.monotonic() >= self._asked_at + FRESH_S:
                self._faults = [one for check in self._checks().values() for one in await check()]
                self._asked_at = time.monotonic()
        if self._faults:
            raise NotReady(faults=self._faults)
        return Readiness(status="ready", checks=list(self._checks()), runner="here" if self._runner() else "elsewhere")

    def _checks(self) -> dict[str, Callable[[], Awaitable[list[Fault]]]]:
        return {
            "database": self._database_answers,
            "schema": self._schema_is_current,
            "storage": self._storage_takes,
            "runner": self._runner_runs,
        }

    async def _database_answers(self) -> list[Fault]:
        try:
            await self._value("SELECT 1")
        except (KaratError, TimeoutError, asyncpg.PostgresError):
            return [_fault("database", "The database does not answer.", "Look at its log, and whether it has room.")]
        return []

    async def _schema_is_current(self) -> list[Fault]:
        found = None
        with suppress(KaratError, TimeoutError, asyncpg.PostgresError):
            found = await self._value("SELECT version_num FROM alembic_version")
        if found is None:
            return [_fault("schema", "The revision of the schema cannot be read.", "See what is said of the database.")]
        newest = revisions()[-1]
        if found == newest:
            return []
        sentence = f"The database is at revision {found}, and this version is made for {newest}."
        return [_fault("schema", sentence, "Start the version that belongs to the newer of the two.")]

    async def _storage_takes(self) -> list[Fault]:
        try:
            free = await asyncio.wait_for(asyncio.to_thread(_write_something, self._media), PATIENCE_S)
        except (OSError, TimeoutError):
            return [_fault("storage", "The storage of media cannot be written.", "Look at its disk and its rights.")]
        if free < ROOM_BYTES:
            return [_fault("storage", "The disk of the media is nearly full.", "Make room.")]
        return []

    async def _runner_runs(self) -> list[Fault]:
        runner = self._runner()
        hint = "Jobs wait; look at this server's log."
        return [_fault("runner", sentence, hint) for sentence in runner.troubles()] if runner else []

    async def _value(self, sql: str) -> Any:
        async with asyncio.timeout(PATIENCE_S), self._database.transaction(None) as db:
            return await db.fetch_value(sql)


def _fault(where: str, message: str, hint: str) -> Fault:
    return Fault(code=f"ready.{where}", message=message, where=where, hint=hint)


def _write_something(folder: Path) -> int:
    """Write a file and take it away again; the room that is left."""
    path = folder / "unfinished" / f"probe-{secrets.token_hex(8)}"
    try:
        path.write_bytes(b"karat")
    finally:
        path.unlink(missing_ok=True)
    return shutil.disk_usage(folder).free

"""Restoring a backup: everything is built aside and takes its place only when the last byte was found right."""

import json
import shutil
from pathlib import Path

import asyncpg
from pgqueuer.queries import Queries

from karat.config import Settings
from karat.database.migrate import current_revision, migrate, revisions
from karat.jobs.service import ENTRYPOINT
from karat.operations.aside import built_aside, place_secret, take_media, take_place, unpack
from karat.operations.backup import owner_dsn, silent
from karat.operations.errors import MediaWanted, RestoreTargetInUse
from karat.operations.media import missing_media
from karat.operations.rows import load_tables
from karat.operations.types import Manifest, Progress, RestoreReport
from karat.storage.disk import full_disk_named

JOBS_AT_ONCE = 1000


async def restore(
    settings: Settings,
    file: Path,
    *,
    passphrase: str | None = None,
    secret_key: Path | None = None,
    media: Path | None = None,
    progress: Progress = silent,
) -> RestoreReport:
    """Make the installation of a backup anew, in an empty folder and, with a database of one's own, an empty database.

    Older data are brought to this version's schema. Jobs that waited or ran wait again.

    Args:
        secret_key: the file, where the backup is without it.
        media: the folder `media` of an installation, where the backup is without them; it stays as it is.

    Raises:
        RestoreTargetInUse, RestoreRunning, SchemaTooNew, SecretMissing, SecretOfAnother, MediaWanted, MediaUnwanted.
        NotABackup, BackupSealed, PassphraseWrong, BackupDamaged: and nothing is left behind.
    """
    with built_aside(settings.data_dir) as folder:
        with full_disk_named():
            manifest = unpack(file, passphrase, folder, progress)
            n_media = take_media(manifest, folder, media, progress)
        place_secret(manifest, folder, secret_key)
        aside = settings.model_copy(update={"data_dir": folder})
        async with owner_dsn(aside) as dsn:
            await _must_be_empty(dsn, manifest.header.revision)
            await migrate(dsn, manifest.header.revision)
            n_jobs, n_missing = await _fill(dsn, manifest, folder, settings, progress)
            progress("schema", 0, None)
            await migrate(dsn)
        if not settings.database_url:  # the database is within the folder
            take_place(folder, settings.data_dir)
    return RestoreReport(
        data_dir=str(settings.data_dir),
        taken_at=manifest.header.taken_at,
        n_rows=sum(table.n_rows for table in manifest.tables),
        n_media=n_media,
        elsewhere=manifest.elsewhere,
        n_missing=n_missing,
        n_jobs_queued=n_jobs,
        from_revision=manifest.header.revision,
        revision=revisions()[-1],
    )


async def _fill(dsn: str, manifest: Manifest, folder: Path, settings: Settings, progress: Progress) -> tuple[int, int]:
    """Load all rows in one transaction; the numbers of jobs that wait again and of media that are nowhere.

    A database of one's own is committed when the folder has its place: both are there, or neither.
    """
    connection = await asyncpg.connect(dsn)
    has_place = False
    try:
        async with connection.transaction():
            await load_tables(connection, manifest.tables, folder / "tables", progress)
            n_jobs = await _queue_jobs(connection)
            missing = await missing_media(connection, folder / "media")
            if not manifest.has_media and missing.n == missing.n_referred > 0:
                raise MediaWanted(
                    f"None of the {missing.n:,} media that rows refer to lie in the folder that was given."
                )
            shutil.rmtree(folder / "tables")
            if settings.database_url:
                take_place(folder, settings.data_dir)
                has_place = True
    except BaseException:
        if has_place:
            shutil.rmtree(settings.data_dir)
        raise
    finally:
        await connection.close()
    return n_jobs, missing.n


async def _must_be_empty(dsn: str, revision: str) -> None:
    """A restore that was broken off may have left the schema without a row; anything more is somebody's.

    Raises:
        RestoreTargetInUse.
    """
    connection = await asyncpg.connect(dsn)
    try:
        found = await current_revision(connection)
        if found is None:
            return
        if found != revision or await connection.fetchval("SELECT EXISTS (SELECT 1 FROM tenant)"):
            raise RestoreTargetInUse("The database is not empty.", revision=found)
    finally:
        await connection.close()


async def _queue_jobs(connection: asyncpg.Connection) -> int:
    """Give every job that has not ended its entry in the queue, in the order in which they were made."""
    rows: list[asyncpg.Record] = []
    for tenant in await connection.fetch("SELECT id FROM tenant"):
        await connection.execute("SELECT set_config('app.tenant', $1, true)", str(tenant["id"]))
        rows += await connection.fetch(
            "SELECT tenant_id, id FROM job WHERE tenant_id = $1 AND state IN ('queued', 'running')", tenant["id"]
        )
    rows.sort(key=lambda row: row["id"])
    payloads = [json.dumps({"tenant_id": str(row["tenant_id"]), "job_id": str(row["id"])}).encode() for row in rows]
    queries = Queries.from_asyncpg_connection(connection)
    for at in range(0, len(payloads), JOBS_AT_ONCE):
        some = payloads[at : at + JOBS_AT_ONCE]
        await queries.enqueue([ENTRYPOINT] * len(some), list(some), [0] * len(some))
    return len(rows)

"""Restoring a backup: everything is built aside and takes its place only when the last byte was found right."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

import asyncpg
from pgqueuer.queries import Queries

from karat.config import Settings
from karat.database.migrate import SchemaTooNew, current_revision, migrate, revisions
from karat.jobs.service import ENTRYPOINT
from karat.operations.archive import SECRET
from karat.operations.backup import owner_dsn, silent
from karat.operations.errors import RestoreRunning, RestoreTargetInUse, SecretMissing, SecretOfAnother
from karat.operations.rows import load_tables
from karat.operations.types import Header, Manifest, Progress, RestoreReport
from karat.operations.verification import read_backup
from karat.storage.disk import create, full_disk_named, sync_file_system

JOBS_AT_ONCE = 1000


async def restore(
    settings: Settings,
    file: Path,
    *,
    passphrase: str | None = None,
    secret_key: Path | None = None,
    progress: Progress = silent,
) -> RestoreReport:
    """Make the installation of a backup anew, in an empty folder and, with a database of one's own, an empty database.

    Older data are brought to this version's schema. Jobs that waited or ran wait again.

    Args:
        secret_key: the file, where the backup is without it.

    Raises:
        RestoreTargetInUse, RestoreRunning, SchemaTooNew, SecretMissing, SecretOfAnother.
        NotABackup, BackupSealed, PassphraseWrong, BackupDamaged: and nothing is left behind.
    """
    with built_aside(settings.data_dir) as folder:
        with full_disk_named():
            manifest = _unpack(file, passphrase, folder, progress)
        _place_secret(manifest, folder, secret_key)
        aside = settings.model_copy(update={"data_dir": folder})
        async with owner_dsn(aside) as dsn:
            await _must_be_empty(dsn, manifest.header.revision)
            await migrate(dsn, manifest.header.revision)
            n_jobs = await _fill(dsn, manifest, folder, settings, progress)
            progress("schema", 0, None)
            await migrate(dsn)
        if not settings.database_url:  # the database is within the folder
            _take_place(folder, settings.data_dir)
    return RestoreReport(
        data_dir=str(settings.data_dir),
        taken_at=manifest.header.taken_at,
        n_rows=sum(table.n_rows for table in manifest.tables),
        n_media=manifest.media.n_files,
        n_jobs_queued=n_jobs,
        from_revision=manifest.header.revision,
        revision=revisions()[-1],
    )


async def _fill(dsn: str, manifest: Manifest, folder: Path, settings: Settings, progress: Progress) -> int:
    """Load all rows in one transaction; the number of jobs that wait again.

    A database of one's own is committed when the folder has its place: both are there, or neither.
    """
    connection = await asyncpg.connect(dsn)
    has_place = False
    try:
        async with connection.transaction():
            await load_tables(connection, manifest.tables, folder / "tables", progress)
            n_jobs = await _queue_jobs(connection)
            shutil.rmtree(folder / "tables")
            if settings.database_url:
                _take_place(folder, settings.data_dir)
                has_place = True
    except BaseException:
        if has_place:
            shutil.rmtree(settings.data_dir)
        raise
    finally:
        await connection.close()
    return n_jobs


@contextmanager
def built_aside(data_dir: Path) -> Iterator[Path]:
    """A folder beside the data folder, which is gone at the end unless it has taken that one's place.

    What a restore that was killed has left there is cleared away first.

    Raises:
        RestoreTargetInUse: the data folder holds something.
        RestoreRunning: another restore builds there.
    """
    import fcntl

    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise RestoreTargetInUse(data_dir=data_dir)
    data_dir = data_dir.resolve()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(data_dir.with_name(f".{data_dir.name}.restoring.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    folder = data_dir.with_name(f".{data_dir.name}.restoring")
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreRunning(data_dir=data_dir) from None
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            data_dir.with_name(f".{data_dir.name}.restoring.lock").unlink(missing_ok=True)
    finally:
        os.close(lock)


def _unpack(file: Path, passphrase: str | None, folder: Path, progress: Progress) -> Manifest:
    def sink(name: str) -> IO[bytes]:
        path = folder / name  # one of the few forms that `read_backup` lets through: it cannot lead elsewhere
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create(path)

    def refuse_newer(header: Header) -> None:
        if header.revision not in revisions():
            raise SchemaTooNew(f"It was made by Karat {header.version}.", revision=header.revision)

    (folder / "tables").mkdir(mode=0o700)
    return read_backup(file, passphrase, sink, progress, refuse_newer)


def _place_secret(manifest: Manifest, folder: Path, secret_key: Path | None) -> None:
    if not manifest.has_secret and secret_key is None:
        raise SecretMissing
    if secret_key is not None and not manifest.has_secret:
        with create(folder / SECRET) as file:
            file.write(secret_key.read_bytes())
    if sha256((folder / SECRET).read_bytes()).hexdigest() != manifest.secret_sha256:
        raise SecretOfAnother


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


def _take_place(folder: Path, data_dir: Path) -> None:
    """Give the folder its name, once everything in it is on the disk."""
    sync_file_system(folder)
    data_dir.mkdir(parents=True, exist_ok=True)
    folder.rename(data_dir.resolve())

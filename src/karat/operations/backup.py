"""Making a backup beside a server that works: one snapshot of the database, then the media that it can speak of."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import karat
from karat.config import Settings
from karat.database.migrate import current_revision
from karat.database.supervisor import embedded_postgres
from karat.kit.canonical import canonical_json
from karat.kit.signing import public_key_of, sign_json
from karat.operations.archive import HEADER, MANIFEST, SECRET, ArchiveWriter, is_sealed, written_archive
from karat.operations.errors import BackupRunning, NothingToBackUp
from karat.operations.media import MediaList, Missing, media_in_buckets, missing_media, write_media
from karat.operations.rows import tables_of, write_table
from karat.operations.types import BackupReport, Header, Manifest, Progress, TablePart
from karat.storage import FolderStorage, StorageHeld, derive_key


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


async def back_up(
    settings: Settings,
    target: Path,
    now: datetime,
    *,
    passphrase: str | None = None,
    with_secret: bool = True,
    with_media: bool = True,
    dsn: str | None = None,
    progress: Progress = silent,
) -> BackupReport:
    """Write a backup of the installation, whether or not a server runs on it. The schema is left as it is.

    Args:
        target: the file, or a folder in which it gets a name with the moment.
        with_secret: whether `secret.key` is in it. Without, the backup alone can neither sign nor decrypt anything.
        with_media: whether media are in it. Without, restoring needs the folder that holds them.
        dsn: of the database, where it runs already.

    Raises:
        NothingToBackUp: there is no installation.
        BackupExists, BackupRunning: before anything is written.
    """
    path = target / f"karat-{now:%Y%m%dT%H%M%SZ}.backup" if target.is_dir() else target
    secret_file = settings.data_dir / "secret.key"
    if not secret_file.is_file():
        raise NothingToBackUp(data_dir=settings.data_dir)
    secret = secret_file.read_bytes()
    root = settings.data_dir / "media" if with_media else None
    with _held(root) if root else nullcontext(), written_archive(path, passphrase) as archive:
        async with owner_connection(settings, dsn) as connection:
            manifest = await _write(
                connection, archive, path.parent, root, secret if with_secret else None, now, progress
            )
        key = Ed25519PrivateKey.from_private_bytes(derive_key(secret, "certificate"))
        manifest = manifest.model_copy(
            update={"secret_sha256": sha256(secret).hexdigest(), "public_key": public_key_of(key)}
        )
        signed = manifest.model_copy(update={"signature": sign_json(unsigned(manifest), key)})
        archive.add_bytes(MANIFEST, canonical_json(signed.model_dump(mode="json")))
    return report_of(signed, path)


@contextmanager
def _held(root: Path) -> Iterator[None]:
    """Nothing is deleted from the media until the end."""
    try:
        with FolderStorage(root).hold():
            yield
    except StorageHeld as error:
        raise BackupRunning from error


def unsigned(manifest: Manifest) -> dict[str, object]:
    """What the signature of a manifest covers."""
    return manifest.model_dump(mode="json", exclude={"signature"})


def report_of(manifest: Manifest, path: Path) -> BackupReport:
    """The manifest in numbers."""
    return BackupReport(
        file=str(path),
        n_bytes=path.stat().st_size,
        is_sealed=is_sealed(path),
        version=manifest.header.version,
        revision=manifest.header.revision,
        taken_at=manifest.header.taken_at,
        n_tables=len(manifest.tables),
        n_rows=sum(table.n_rows for table in manifest.tables),
        n_media=manifest.media.n_files,
        media_bytes=manifest.media.n_bytes,
        has_media=manifest.has_media,
        elsewhere=manifest.elsewhere,
        n_missing=manifest.n_missing,
        n_damaged=len(manifest.damaged),
        has_secret=manifest.has_secret,
        public_key=manifest.public_key,
    )


@asynccontextmanager
async def owner_connection(settings: Settings, dsn: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the tables, beside a server or alone; nothing is migrated."""
    async with nullcontext(dsn) if dsn else owner_dsn(settings) as address:
        connection = await asyncpg.connect(address, server_settings={"application_name": "karat-backup"})
        try:
            yield connection
        finally:
            connection.terminate()


@asynccontextmanager
async def owner_dsn(settings: Settings) -> AsyncIterator[str]:
    """The database of the settings: theirs, or the embedded one of the data folder, started if nobody has."""
    if settings.database_url:
        yield settings.database_url
        return
    async with embedded_postgres(settings.data_dir, bin_dir=settings.postgres_bin) as server:
        yield server.url()


async def _write(
    connection: asyncpg.Connection,
    archive: ArchiveWriter,
    beside: Path,
    root: Path | None,
    secret: bytes | None,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Everything but the manifest, within one snapshot.

    Args:
        root: of the media; None where they are left out.
    """
    # Repeatable read: all statements see the moment of the first one. The storage is held already, and bytes are stored
    # before the rows that speak of them: so the files that are listed after this moment are enough.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        revision = await current_revision(connection)
        if revision is None:
            raise NothingToBackUp
        header = Header(version=karat.__version__, revision=revision, taken_at=now)
        archive.add_bytes(HEADER, canonical_json(header.model_dump(mode="json")))
        if secret is not None:
            archive.add_bytes(SECRET, secret)
        tables = await _write_tables(connection, archive, beside, progress)
        elsewhere = await media_in_buckets(connection)
        missing = await missing_media(connection, root) if root else Missing()
    media, damaged = write_media(archive, root, progress) if root else (MediaList().part(), [])
    return Manifest(
        header=header,
        tables=tables,
        media=media,
        has_media=root is not None,
        elsewhere=tuple(elsewhere),
        missing=tuple(missing.names),
        n_missing=missing.n,
        damaged=tuple(damaged),
        has_secret=secret is not None,
        secret_sha256="",
        public_key="",
    )


async def _write_tables(
    connection: asyncpg.Connection, archive: ArchiveWriter, beside: Path, progress: Progress
) -> list[TablePart]:
    """All tables; each lies beside the archive until its size is known, where there has to be room anyway."""
    tenants = [row["id"] for row in await connection.fetch("SELECT id FROM tenant ORDER BY id")]
    tables, parts = await tables_of(connection), []
    with tempfile.TemporaryDirectory(prefix=".karat-backup-", dir=beside) as folder:
        for at, table in enumerate(tables):
            progress("tables", at, len(tables))
            path = Path(folder) / table.name
            parts.append(await write_table(connection, table, tenants, path))
            with path.open("rb") as file:
                archive.add(f"tables/{table.name}.copy.gz", file, path.stat().st_size)
            path.unlink()
    return parts

"""Before data of an earlier version are brought to this version's schema, their rows are kept beside them.

Media are under their hash and no migration touches them, so rows are enough, and cost little room and time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog

from karat.config import Settings
from karat.database.migrate import current_revision, revisions
from karat.errors import KaratError
from karat.operations.backup import back_up
from karat.operations.errors import UpgradeNotBackedUp
from karat.storage import load_or_create_secret

log = structlog.get_logger()

FOLDER = "backups"
KEPT = 3
_LOCK = 0x6B6172617475  # "karatu": of several servers that start at once, one keeps the rows


@asynccontextmanager
async def kept_before_upgrade(settings: Settings, dsn: str, now: datetime) -> AsyncIterator[Path | None]:
    """Within the block the schema may be brought up to date. Gives the backup that was made before, if one was needed.

    Raises:
        UpgradeNotBackedUp: and nothing was changed.
    """
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "karat-upgrade"})
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        current, newest = await current_revision(connection), revisions()[-1]
        is_old = current in revisions() and current != newest
        if current is not None and is_old and settings.upgrade_backup == "yes":
            yield await _keep(settings, dsn, now, f"upgrade-{current}-to-{newest}")
        else:
            yield None
    finally:
        connection.terminate()


async def _keep(settings: Settings, dsn: str, now: datetime, name: str) -> Path:
    folder = settings.data_dir / FOLDER
    path = folder / f"{name}-{now:%Y%m%dT%H%M%S%fZ}.backup"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        load_or_create_secret(settings.data_dir / "secret.key")
        report = await back_up(settings, path, now, with_media=False, dsn=dsn)
    except (KaratError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise UpgradeNotBackedUp(f"{error}", folder=folder) from error
    _clear(folder, name, path)
    log.info("rows kept before the upgrade", file=str(path), n_rows=report.n_rows, n_bytes=report.n_bytes)
    return path


def _clear(folder: Path, name: str, newest: Path) -> None:
    """One for each upgrade, however often it was begun, and of different ones the last few."""
    for path in folder.glob(f"{name}-*.backup"):
        if path != newest:
            path.unlink(missing_ok=True)
    by_age = sorted(folder.glob("upgrade-*.backup"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in by_age[KEPT:]:
        path.unlink(missing_ok=True)

"""The folder in which a restore builds: aside, until it takes its place."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from karat.database.migrate import SchemaTooNew, revisions
from karat.operations.archive import SECRET
from karat.operations.errors import (
    MediaUnwanted,
    MediaWanted,
    RestoreRunning,
    RestoreTargetInUse,
    SecretMissing,
    SecretOfAnother,
)
from karat.operations.media import stored_names
from karat.operations.types import Header, Manifest, Progress
from karat.operations.verification import read_backup
from karat.storage.disk import create, sync_file_system

LETS_GO_WITHIN_S = 5.0


@contextmanager
def built_aside(data_dir: Path) -> Iterator[Path]:
    """A folder beside the data folder, which is gone at the end unless it has taken that one's place.

    What a restore that was killed has left there is cleared away first.

    Raises:
        RestoreTargetInUse: the data folder holds something.
        RestoreRunning: another restore builds there.
    """
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise RestoreTargetInUse(data_dir=data_dir)
    data_dir = data_dir.resolve()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(data_dir.with_name(f".{data_dir.name}.restoring.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    folder = data_dir.with_name(f".{data_dir.name}.restoring")
    try:
        _take(lock, data_dir)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            data_dir.with_name(f".{data_dir.name}.restoring.lock").unlink(missing_ok=True)
    finally:
        os.close(lock)


def _take(lock: int, data_dir: Path) -> None:
    """Lock it. What a restore that was killed has started may live, and hold the lock, a moment longer than it."""
    import fcntl

    give_up = time.monotonic() + LETS_GO_WITHIN_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise RestoreRunning(data_dir=data_dir) from None
            time.sleep(0.05)
        else:
            return


def unpack(file: Path, passphrase: str | None, folder: Path, progress: Progress) -> Manifest:
    """All members into the folder; what they must be was checked when this returns."""

    def sink(name: str) -> IO[bytes]:
        path = folder / name  # one of the few forms that `read_backup` lets through: it cannot lead elsewhere
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create(path)

    def refuse_newer(header: Header) -> None:
        if header.revision not in revisions():
            raise SchemaTooNew(f"It was made by Karat {header.version}.", revision=header.revision)

    (folder / "tables").mkdir(mode=0o700)
    return read_backup(file, passphrase, sink, progress, refuse_newer)


def take_media(manifest: Manifest, folder: Path, media: Path | None, progress: Progress) -> int:
    """How many media there are. What lies in a folder of the same file system is linked: it costs no room, and a file
    under its hash never changes."""
    if manifest.has_media:
        if media is not None:
            raise MediaUnwanted
        return manifest.media.n_files
    if media is None or not media.is_dir():
        raise MediaWanted(media=media)
    n = 0
    for n, name in enumerate(stored_names(media), 1):
        target = folder / "media" / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            target.hardlink_to(media / name)
        except OSError:
            shutil.copyfile(media / name, target)
            target.chmod(0o600)
        progress("media", n, None)
    return n


def place_secret(manifest: Manifest, folder: Path, secret_key: Path | None) -> None:
    """Put secret.key where it belongs, from the archive or from elsewhere; no other one will do."""
    if not manifest.has_secret and secret_key is None:
        raise SecretMissing
    if secret_key is not None and not manifest.has_secret:
        with create(folder / SECRET) as file:
            file.write(secret_key.read_bytes())
    if sha256((folder / SECRET).read_bytes()).hexdigest() != manifest.secret_sha256:
        raise SecretOfAnother


def take_place(folder: Path, data_dir: Path) -> None:
    """Give the folder its name, once everything in it is on the disk."""
    sync_file_system(folder)
    data_dir.mkdir(parents=True, exist_ok=True)
    folder.rename(data_dir.resolve())

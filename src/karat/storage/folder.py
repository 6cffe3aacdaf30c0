"""Storage in a folder: `ROOT/TENANT/aa/bb/SHA256`, and `ROOT/unfinished` for what is still being written."""

import asyncio
import hashlib
import os
import re
import sys
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID, uuid4

from karat.errors import TooLarge
from karat.storage.disk import create, full_disk_named, keep, rename, sync_file, sync_file_system
from karat.storage.errors import BlobNotFound, StorageHeld
from karat.storage.streams import gathered
from karat.storage.types import Announce, StoredBlob

PIECE_BYTES = 256 * 1024
# From here on it is cheaper to make the whole file system write than one file after the other.
SYNC_ALL_FROM = 8
ABANDONED_AFTER_S = 24 * 3600
SHA256_HEX = re.compile(r"[0-9a-f]{64}")


# Locked by who deletes, together with others who delete; by who needs all that is there, alone.
HOLD_FILE = "hold.lock"
HOLD_PATIENCE_S = 2.0  # for deletions under way


class FolderStorage:
    """Keeps blobs as files that only this user can read. Any number of processes may share the folder.

    A file gets its name only when its bytes are on the disk, so what has a name is whole, whatever happened.
    (10,000 blobs of 300 bytes on a virtual disk: 2.2 s by `put_many` in thousands, 18 s one by one.)
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._unfinished = root / "unfinished"
        self._unfinished.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def put(
        self,
        tenant_id: UUID,
        chunks: AsyncIterable[bytes],
        *,
        max_bytes: int | None = None,
        announce: Announce | None = None,
    ) -> StoredBlob:
        """See `Storage.put`."""
        digest, size = hashlib.sha256(), 0
        path = self._unfinished / uuid4().hex
        try:
            with full_disk_named(), await asyncio.to_thread(create, path) as file:
                async for piece in gathered(chunks):
                    size += len(piece)
                    if max_bytes is not None and size > max_bytes:
                        raise TooLarge(max_bytes=max_bytes)
                    await asyncio.to_thread(digest.update, piece)
                    await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(sync_file, file)
                blob = StoredBlob(sha256=digest.hexdigest(), size=size)
                if announce:
                    await announce(blob)
                await asyncio.to_thread(keep, path, self._path(tenant_id, blob.sha256))
        finally:
            path.unlink(missing_ok=True)
        return blob

    async def put_many(self, tenant_id: UUID, blobs: Sequence[bytes]) -> list[StoredBlob]:
        """See `Storage.put_many`."""
        return await asyncio.to_thread(self._put_many, tenant_id, blobs)

    async def stat(self, tenant_id: UUID, sha256: str) -> StoredBlob:
        """See `Storage.stat`."""
        try:
            found = await asyncio.to_thread(self._path(tenant_id, sha256).stat)
        except FileNotFoundError:
            raise BlobNotFound(sha256=sha256) from None
        return StoredBlob(sha256=sha256, size=found.st_size)

    async def exists(self, tenant_id: UUID, sha256: str) -> bool:
        """See `Storage.exists`."""
        return await asyncio.to_thread(self._path(tenant_id, sha256).exists)

    async def open(
        self, tenant_id: UUID, sha256: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """See `Storage.open`."""
        try:
            file = await asyncio.to_thread(self._path(tenant_id, sha256).open, "rb", 0)
        except FileNotFoundError:
            raise BlobNotFound(sha256=sha256) from None
        with file:
            position, left = start, sys.maxsize if end is None else end - start
            while left > 0:
                piece = await asyncio.to_thread(os.pread, file.fileno(), min(left, PIECE_BYTES), position)
                if not piece:
                    return
                yield piece
                position, left = position + len(piece), left - len(piece)

    async def read(self, tenant_id: UUID, sha256: str) -> bytes:
        """See `Storage.read`."""
        try:
            return await asyncio.to_thread(self._path(tenant_id, sha256).read_bytes)
        except FileNotFoundError:
            raise BlobNotFound(sha256=sha256) from None

    async def delete(self, tenant_id: UUID, sha256: str) -> None:
        """See `Storage.delete`."""
        with _locked(self.root / HOLD_FILE, together=True) as may_delete:
            if not may_delete:
                raise StorageHeld
            await asyncio.to_thread(self._path(tenant_id, sha256).unlink, missing_ok=True)

    async def is_held(self) -> bool:
        """See `Storage.is_held`."""
        with _locked(self.root / HOLD_FILE, together=True) as may_delete:
            return not may_delete

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep everything that is there from being deleted, by whatever process, until the block or this process ends.

        Raises:
            StorageHeld: somebody else does so already.
        """
        with _locked(self.root / HOLD_FILE, together=False, patience_s=HOLD_PATIENCE_S) as is_ours:
            if not is_ours:
                raise StorageHeld
            yield

    def remove_abandoned(self) -> int:
        """Clear away what processes that were killed left half written; the number of files. For the start."""
        removed = 0
        for path in self._unfinished.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - ABANDONED_AFTER_S:  # the disk's clock, nobody's decision
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, tenant_id: UUID, sha256: str) -> Path:
        if not SHA256_HEX.fullmatch(sha256):
            raise BlobNotFound(sha256=sha256)
        return self.root / str(tenant_id) / sha256[:2] / sha256[2:4] / sha256

    def _put_many(self, tenant_id: UUID, blobs: Sequence[bytes]) -> list[StoredBlob]:
        stored = [StoredBlob(sha256=hashlib.sha256(blob).hexdigest(), size=len(blob)) for blob in blobs]
        by_name = {self._path(tenant_id, record.sha256): blob for record, blob in zip(stored, blobs, strict=True)}
        new = {name: self._unfinished / uuid4().hex for name in by_name if not name.exists()}
        few = len(by_name) < SYNC_ALL_FROM or sys.platform != "linux"
        try:
            with full_disk_named():
                for name, path in new.items():
                    with create(path) as file:
                        file.write(by_name[name])
                        if few:
                            sync_file(file)
                if few:
                    for name in by_name:
                        keep(new.get(name), name)
                else:
                    self._keep_all(new)
        finally:
            for path in new.values():
                path.unlink(missing_ok=True)
        return stored

    def _keep_all(self, new: Mapping[Path, Path]) -> None:
        """Name many files: first all the bytes go to the disk, then the names are given, then these go there too."""
        if new:
            sync_file_system(self.root)
        for name, path in new.items():
            rename(path, name)
        # Also when nothing is new: another process may have given these names a moment ago, not yet for good.
        sync_file_system(self.root)


@contextmanager
def _locked(path: Path, *, together: bool, patience_s: float = 0.0) -> Iterator[bool]:
    """Whether the lock could be taken; it is given back at the end, also of a process that is killed."""
    import fcntl  # absent on Windows, where this must still be importable

    kind = fcntl.LOCK_SH if together else fcntl.LOCK_EX
    descriptor, give_up = os.open(path, os.O_RDWR | os.O_CREAT, 0o600), time.monotonic() + patience_s
    try:
        while True:
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    yield False
                    return
            time.sleep(0.02)
        yield True
    finally:
        os.close(descriptor)

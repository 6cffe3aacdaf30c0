"""Storage in a folder, together with the blobs that stay in buckets: who reads does not see the difference."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from karat.database import Database
from karat.storage import store
from karat.storage.buckets import Bucket, Buckets
from karat.storage.connection_types import Reference
from karat.storage.errors import BlobNotFound, ObjectChanged
from karat.storage.folder import SHA256_HEX, FolderStorage
from karat.storage.types import StoredBlob

# Up to here a blob is read whole and its hash compared before the first byte is given.
VERIFIED_BYTES = 32 << 20


class JointStorage(FolderStorage):
    """Blobs of the folder, and by reference those of connected buckets.

    An object that was replaced in its bucket is never given under the old hash: whole blobs are hashed again (the larger
    ones as they go, and what differs ends in an error), parts compare the object's tag and size.

    Raises, where a reference leads: ObjectGone, ObjectChanged, BucketFailed, OutboundRefused, OutboundFailed.
    """

    def __init__(self, root: Path, database: Database, buckets: Buckets) -> None:
        super().__init__(root)
        self.buckets = buckets
        self._database = database

    async def stat(self, tenant_id: UUID, sha256: str) -> StoredBlob:
        """See `Storage.stat`. Of a reference: as it was when it was read."""
        try:
            return await super().stat(tenant_id, sha256)
        except BlobNotFound:
            return StoredBlob(sha256=sha256, size=(await self._reference(tenant_id, sha256)).size)

    async def exists(self, tenant_id: UUID, sha256: str) -> bool:
        """See `Storage.exists`."""
        try:
            await self.stat(tenant_id, sha256)
        except BlobNotFound:
            return False
        return True

    async def read(self, tenant_id: UUID, sha256: str) -> bytes:
        """See `Storage.read`."""
        try:
            return await super().read(tenant_id, sha256)
        except BlobNotFound:
            reference, bucket = await self._find(tenant_id, sha256)
            return await _verified(bucket, reference, sha256)

    async def open(
        self, tenant_id: UUID, sha256: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """See `Storage.open`."""
        if await super().exists(tenant_id, sha256):
            async for piece in super().open(tenant_id, sha256, start=start, end=end):
                yield piece
            return
        reference, bucket = await self._find(tenant_id, sha256)
        if reference.size <= VERIFIED_BYTES and start == 0 and (end is None or end >= reference.size):
            yield await _verified(bucket, reference, sha256)
            return
        pieces = bucket.stream(reference.key, reference.etag, reference.size, start=start, end=end)
        is_whole, digest = start == 0 and (end is None or end >= reference.size), hashlib.sha256()
        async for piece in pieces:
            if is_whole:
                digest.update(piece)
            yield piece
        if is_whole and digest.hexdigest() != sha256:
            raise ObjectChanged(key=reference.key)

    async def _find(self, tenant_id: UUID, sha256: str) -> tuple[Reference, Bucket]:
        reference = await self._reference(tenant_id, sha256)
        return reference, await self.buckets.bucket(tenant_id, reference.connection_id)

    async def _reference(self, tenant_id: UUID, sha256: str) -> Reference:
        if SHA256_HEX.fullmatch(sha256):
            async with self._database.transaction(tenant_id) as db:
                if found := await store.find_reference(db, sha256):
                    return found
        raise BlobNotFound(sha256=sha256)


async def _verified(bucket: Bucket, reference: Reference, sha256: str) -> bytes:
    content, _ = await bucket.read(reference.key, reference.etag, reference.size)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ObjectChanged(key=reference.key)
    return content

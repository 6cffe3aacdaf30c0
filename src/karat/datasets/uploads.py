"""What becomes of uploaded files: noted before they are there, deleted when nothing needs them any more."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from karat.database import Database, Transaction
from karat.datasets import store, upload_store
from karat.datasets.parts import Parts
from karat.datasets.types import ImportSource
from karat.kit import Caller, new_id
from karat.storage import Storage, StoredBlob, is_anything_released, lock_blobs, rely_on_blobs, take_released

InUse = Callable[[Transaction, str], Awaitable[bool]]

CLEARING_ROUND_S = 60.0
# From the note of a file to the import that reads it is the time of a commit; who takes longer has crashed.
GRACE = timedelta(minutes=10)
# An import that failed or was cancelled can be tried again for so long.
KEPT = timedelta(days=1)
# An upload in parts of which nothing has come for so long is not going on.
ABANDONED = timedelta(days=1)
BATCH = 100


@dataclass(frozen=True, slots=True)
class Received:
    """A file that storage holds and no import reads yet.

    Attributes:
        note_id: of the note that says so; the import takes its place.
    """

    note_id: UUID
    sha256: str


class Uploads:
    """Looks after uploaded files. An import holds on to its file until it is done, or has long failed.

    Equal bytes are kept once, so a file may also be an asset, an export, or what another import is to read. Whoever
    deletes therefore locks out everybody who is about to rely on bytes (`lock_blobs`, `rely_on_blobs`).

    Args:
        parts: where uploads in parts come together.
        in_use: what else may hold on to a blob, told by those who know.
    """

    def __init__(self, storage: Storage, parts: Parts, in_use: Sequence[InUse] = ()) -> None:
        self.parts = parts
        self._storage = storage
        self._in_use = (store.is_asset, *in_use)

    @asynccontextmanager
    async def receive(
        self,
        database: Database,
        caller: Caller,
        dataset_id: UUID,
        name: str,
        chunks: AsyncIterable[bytes],
        max_bytes: int,
    ) -> AsyncIterator[Received]:
        """Take in a file; if no import has begun with it at the end of the block, it goes again.

        Raises:
            TooLarge: more than `max_bytes` came.
        """
        note_id = new_id()

        async def note(blob: StoredBlob) -> None:
            async with database.transaction(caller.tenant_id) as db:
                await rely_on_blobs(db)
                await store.add_import(db, note_id, dataset_id, ImportSource.UPLOAD, name, blob.sha256)

        blob = await self._storage.put(caller.tenant_id, chunks, max_bytes=max_bytes, announce=note)
        try:
            yield Received(note_id, blob.sha256)
        finally:
            async with database.transaction(caller.tenant_id) as db:
                if await store.is_noted(db, note_id):
                    await self.forget(db, note_id, blob.sha256)

    async def clear(self, db: Transaction) -> None:
        """Chore: forget the files of imports that have ended, of those that a crash kept from beginning, of uploads that
        nobody goes on with, and what was let go of elsewhere."""
        for import_id, sha256 in await store.left_uploads(db, GRACE, KEPT, BATCH):
            await self.forget(db, import_id, sha256)
        for upload_id in await upload_store.left_behind(db, ABANDONED, KEPT, BATCH):
            await self.drop(db, upload_id)
        # What is put in waits for this lock, so it is taken only where there is something to delete.
        if await is_anything_released(db) and not await self._storage.is_held():
            await lock_blobs(db)
            for sha256 in await take_released(db, BATCH):
                await self.release(db, sha256)

    async def drop(self, db: Transaction, upload_id: UUID) -> None:
        """Forget an upload in parts."""
        assert db.tenant_id is not None
        await self.parts.remove(db.tenant_id, upload_id)
        await upload_store.delete_upload(db, upload_id)

    async def forget(self, db: Transaction, import_id: UUID, sha256: str) -> None:
        """Let go of an import's file, and delete it unless the same bytes are something else besides.

        While a backup holds the storage the chore leaves it for a later round.
        """
        if await self._storage.is_held():
            return
        await lock_blobs(db)
        await store.let_go(db, import_id)
        await self.release(db, sha256)

    async def rely(self, db: Transaction) -> None:
        """Until the end of the transaction nobody deletes bytes."""
        await rely_on_blobs(db)

    async def release(self, db: Transaction, sha256: str) -> None:
        """Delete a blob that its holder has let go of, unless the same bytes are something else besides."""
        await lock_blobs(db)
        if await store.is_awaited(db, sha256):
            return
        for holds in self._in_use:
            if await holds(db, sha256):
                return
        assert db.tenant_id is not None
        await self._storage.delete(db.tenant_id, sha256)

"""Use cases of archives: ask for one, fetch it, bring one in, and look how far it is."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from karat import audit, jobs, tasks
from karat.database import Database, Transaction
from karat.datasets.uploads import GRACE, KEPT, Uploads
from karat.delivery import archive_store
from karat.delivery.archive_errors import ArchiveNotFound, ArchiveNotReady, ProjectImportNotFound
from karat.delivery.archive_types import ArchiveMedia, Origin, ProjectArchive, ProjectImport
from karat.jobs import JobState
from karat.kit import Action, Caller, Page, decode_cursor, make_page, new_id, require
from karat.storage import Storage, StoredBlob

CLEARED_AT_ONCE = 20


async def start_archive(
    db: Transaction, caller: Caller, project_id: UUID, media: ArchiveMedia, archive_id: UUID | None = None
) -> ProjectArchive:
    """Write a whole project into a file: as a job.

    Raises:
        ProjectNotFound: no such project in the caller's tenant.
    """
    require(caller, Action.MANAGE_WORK)
    await tasks.get_project(db, caller, project_id)
    archive_id = archive_id or new_id()
    await archive_store.add(db, archive_id, project_id, media)
    job_id = await jobs.enqueue(
        db, "delivery.archive", subject_id=archive_id, title="Export the project whole", archive_id=archive_id
    )
    await archive_store.set_job(db, archive_id, job_id)
    await audit.record(db, caller, "project.exported", project_id, archive_id=str(archive_id), media=media)
    return await get_archive(db, caller, archive_id)


async def get_archive(db: Transaction, caller: Caller, archive_id: UUID) -> ProjectArchive:
    """One archive and how far it is.

    Raises:
        ArchiveNotFound: no such archive in the caller's tenant.
    """
    require(caller, Action.MANAGE_WORK)
    row = await archive_store.find(db, archive_id)
    if row is None:
        raise ArchiveNotFound(archive_id=archive_id)
    return ProjectArchive.model_validate(dict(row))


async def list_archives(
    db: Transaction, caller: Caller, project_id: UUID, cursor: str | None, limit: int
) -> Page[ProjectArchive]:
    """The archives of a project, newest first."""
    require(caller, Action.MANAGE_WORK)
    await tasks.get_project(db, caller, project_id)
    (before,) = decode_cursor(cursor, UUID)
    rows = await archive_store.page(db, project_id, before, limit + 1)
    found = [ProjectArchive.model_validate(dict(row)) for row in rows]
    return make_page(found, limit, lambda one: (one.id,))


async def archive_file(db: Transaction, caller: Caller, archive_id: UUID) -> ProjectArchive:
    """The finished archive; that it was fetched is written down.

    Raises:
        ArchiveNotFound, ArchiveNotReady.
    """
    archive = await get_archive(db, caller, archive_id)
    if archive.state is not JobState.DONE or archive.sha256 is None:
        raise ArchiveNotReady(archive_id=archive_id, state=archive.state)
    await audit.record(db, caller, "archive.fetched", archive_id, project_id=str(archive.project_id))
    return archive


async def start_import(db: Transaction, caller: Caller, name: str, sha256: str, import_id: UUID) -> ProjectImport:
    """Make a project of an archive that storage holds: as a job."""
    require(caller, Action.MANAGE_WORK)
    await archive_store.add_import(db, import_id, name, sha256)
    job_id = await jobs.enqueue(
        db,
        "delivery.import_project",
        subject_id=import_id,
        title="Import a project",
        import_id=import_id,
        user_id=caller.user_id,
    )
    await archive_store.set_import_job(db, import_id, job_id)
    await audit.record(db, caller, "project.import_started", import_id, name=name, archive_sha256=sha256)
    return await get_import(db, caller, import_id)


async def get_import(db: Transaction, caller: Caller, import_id: UUID) -> ProjectImport:
    """An import of a project and how far it is.

    Raises:
        ProjectImportNotFound: no such import in the caller's tenant.
    """
    require(caller, Action.MANAGE_WORK)
    row = await archive_store.find_import(db, import_id)
    if row is None:
        raise ProjectImportNotFound(project_import_id=import_id)
    return _import(row)


async def list_imports(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[ProjectImport]:
    """The imports of projects, newest first."""
    require(caller, Action.MANAGE_WORK)
    (before,) = decode_cursor(cursor, UUID)
    rows = await archive_store.imports(db, before, limit + 1)
    return make_page([_import(row) for row in rows], limit, lambda one: (one.id,))


def _import(row: asyncpg.Record) -> ProjectImport:
    origin = None if row["origin"] is None else Origin.model_validate(row["origin"])
    return ProjectImport.model_validate({**dict(row), "origin": origin})


@dataclass(frozen=True, slots=True)
class ArchiveUploads:
    """Looks after uploaded archives, as `Uploads` after files of assets."""

    storage: Storage
    uploads: Uploads

    @asynccontextmanager
    async def receive(
        self, database: Database, caller: Caller, name: str, chunks: AsyncIterable[bytes], max_bytes: int
    ) -> AsyncIterator[StoredBlob]:
        """Take in an archive; if no import holds on to it at the end of the block, it goes again.

        Raises:
            TooLarge: more than `max_bytes` came.
        """
        note_id = new_id()

        async def note(blob: StoredBlob) -> None:
            async with database.transaction(caller.tenant_id) as db:
                await self.uploads.rely(db)
                await archive_store.add_import(db, note_id, name, blob.sha256)

        blob = await self.storage.put(caller.tenant_id, chunks, max_bytes=max_bytes, announce=note)
        try:
            yield blob
        finally:
            async with database.transaction(caller.tenant_id) as db:
                await self.forget(db, note_id, blob.sha256)

    async def clear(self, db: Transaction) -> None:
        """Chore: forget archives that were read, and those that are not going to be."""
        for import_id, sha256 in await archive_store.left_imports(db, GRACE, KEPT, CLEARED_AT_ONCE):
            await self.forget(db, import_id, sha256)

    async def forget(self, db: Transaction, import_id: UUID, sha256: str) -> None:
        """Let go of an import's archive, and delete it unless the same bytes are something else besides."""
        if not await self.storage.is_held():
            await archive_store.let_go(db, import_id)
            await self.uploads.release(db, sha256)

"""HTTP doors of whole projects as files."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from karat.access.doors import (
    CreateOnce,
    Db,
    IdempotencyKey,
    SignedIn,
    authenticate_briefly,
    check_idempotency_key,
    claim_once,
)
from karat.delivery import archive_service as service
from karat.delivery.archive_errors import ArchiveNameInvalid
from karat.delivery.archive_service import ArchiveUploads
from karat.delivery.archive_types import NewArchive, ProjectArchive, ProjectImport
from karat.delivery.archive_writing import archive_name
from karat.errors import TooLarge
from karat.kit import Action, Caller, Cursor, Limit, Page, require
from karat.storage.routes import send_blob
from karat.storage.streams import announced_bytes

router = APIRouter(prefix="/api", tags=["delivery"])


@router.get("/projects/{project_id}/archives")
async def list_archives(
    project_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[ProjectArchive]:
    """The archives that were made of a project, newest first."""
    return await service.list_archives(db, caller, project_id, cursor, limit)


@router.post("/projects/{project_id}/archives", status_code=202)
async def start_archive(
    project_id: UUID, db: Db, caller: SignedIn, once: CreateOnce, body: NewArchive | None = None
) -> ProjectArchive:
    """Write the whole project into a file: data, ontology, instructions, answers, reviews, labels, certificates."""
    if once.repeated:
        return await service.get_archive(db, caller, once.id)
    return await service.start_archive(db, caller, project_id, (body or NewArchive()).media, once.id)


@router.get("/archives/{archive_id}")
async def get_archive(archive_id: UUID, db: Db, caller: SignedIn) -> ProjectArchive:
    """How far an archive is."""
    return await service.get_archive(db, caller, archive_id)


@router.get("/archives/{archive_id}/file", response_class=Response)
async def download_archive(archive_id: UUID, request: Request) -> Response:
    """The file; ranges are answered, so a download that broke off goes on."""
    caller = await authenticate_briefly(request)
    async with request.app.state.database.transaction(caller.tenant_id) as db:
        archive = await service.archive_file(db, caller, archive_id)
    assert archive.sha256 is not None
    return await send_blob(
        request,
        request.app.state.storage,
        caller.tenant_id,
        archive.sha256,
        {
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{archive_name(archive_id)}"',
        },
    )


async def may_import(request: Request) -> Caller:
    """Who brings a project in: known and allowed to, before anything is read."""
    caller = await authenticate_briefly(request)
    require(caller, Action.MANAGE_WORK)
    return caller


@router.get("/project-imports")
async def list_project_imports(
    db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[ProjectImport]:
    """The projects that came or come in as archives, newest first."""
    return await service.list_imports(db, caller, cursor, limit)


@router.post("/project-imports", status_code=202)
async def import_project(
    request: Request,
    caller: Annotated[Caller, Depends(may_import)],
    filename: Annotated[str, Query(max_length=300)],
    idempotency_key: IdempotencyKey = None,
) -> ProjectImport:
    """Make a project of an archive, which is the request's body. Answers at once; the import is a job."""
    if not filename.strip() or not filename.isprintable():
        raise ArchiveNameInvalid
    if idempotency_key is not None:
        check_idempotency_key(idempotency_key)
    state = request.app.state
    max_bytes: int = state.settings.max_upload_bytes
    if announced_bytes(request.scope) > max_bytes:
        raise TooLarge(max_bytes=max_bytes)
    uploads = ArchiveUploads(state.storage, state.uploads)
    async with (
        uploads.receive(state.database, caller, filename, request.stream(), max_bytes) as blob,
        state.database.transaction(caller.tenant_id) as db,
    ):
        once = await claim_once(request, db, caller, idempotency_key, blob.sha256.encode())
        if once.repeated:
            return await service.get_import(db, caller, once.id)
        return await service.start_import(db, caller, filename, blob.sha256, once.id)


@router.get("/project-imports/{project_import_id}")
async def get_project_import(project_import_id: UUID, db: Db, caller: SignedIn) -> ProjectImport:
    """How far the import of a project is."""
    return await service.get_import(db, caller, project_import_id)

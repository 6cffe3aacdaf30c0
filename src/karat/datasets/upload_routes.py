"""HTTP doors of uploads in parts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from karat.access.doors import Db, SignedIn, authenticate_briefly
from karat.datasets import uploading
from karat.datasets.parts import Parts
from karat.datasets.types import FilesToUpload, Import, NewUpload, Upload, UploadFile
from karat.errors import TooLarge
from karat.kit import Caller, Cursor, Limit, Page
from karat.storage.streams import announced_bytes

router = APIRouter(prefix="/api", tags=["uploads"])

Position = Annotated[int, Path(ge=0, le=2**31 - 1)]
Offset = Annotated[int, Query(ge=0, le=2**50, description="Where in the file the part begins: where it has come to.")]

WithoutMissing = Annotated[bool, Query(description="Leave out the files that have not come whole.")]


async def open_parts(request: Request) -> Parts:
    """Where uploads of the running application come together."""
    parts: Parts = request.app.state.uploads.parts
    return parts


Opened = Annotated[Parts, Depends(open_parts)]


@router.get("/uploads")
async def list_uploads(
    db: Db, caller: SignedIn, parts: Opened, cursor: Cursor = None, limit: Limit = 50
) -> Page[Upload]:
    """Your uploads that are not complete, newest first: to go on after an interruption."""
    return await uploading.list_uploads(db, caller, parts, cursor, limit)


@router.post("/uploads", status_code=201)
async def begin_upload(request: Request, body: NewUpload, db: Db, caller: SignedIn, parts: Opened) -> Upload:
    """Announce files with their names and sizes; then send each by `PUT`, whole or in parts, many at once if you like."""
    return await uploading.begin_upload(db, caller, parts, body, request.app.state.settings.max_upload_bytes)


@router.get("/uploads/{upload_id}")
async def get_upload(upload_id: UUID, db: Db, caller: SignedIn, parts: Opened) -> Upload:
    """How much of an upload has come."""
    return await uploading.get_upload(db, caller, parts, upload_id)


@router.delete("/uploads/{upload_id}", status_code=204)
async def abandon_upload(upload_id: UUID, db: Db, caller: SignedIn, parts: Opened) -> None:
    """Forget an upload and what has come of it."""
    await uploading.abandon_upload(db, caller, parts, upload_id)


@router.get("/uploads/{upload_id}/files")
async def list_files(
    upload_id: UUID, db: Db, caller: SignedIn, parts: Opened, cursor: Cursor = None, limit: Limit = 50
) -> Page[UploadFile]:
    """The files of an upload, by position, and how far each has come."""
    return await uploading.list_files(db, caller, parts, upload_id, cursor, limit)


@router.post("/uploads/{upload_id}/files", status_code=201)
async def add_files(
    upload_id: UUID, request: Request, body: FilesToUpload, db: Db, caller: SignedIn, parts: Opened
) -> Upload:
    """Announce more files; their positions go on from those before."""
    limit = request.app.state.settings.max_upload_bytes
    return await uploading.add_files(db, caller, parts, upload_id, body.files, limit)


@router.get("/uploads/{upload_id}/files/{position}")
async def get_file(upload_id: UUID, position: Position, db: Db, caller: SignedIn, parts: Opened) -> UploadFile:
    """One file: its `offset` is where the next part begins."""
    return await uploading.get_file(db, caller, parts, upload_id, position)


@router.head("/uploads/{upload_id}/files/{position}", response_class=Response, include_in_schema=False)
async def head_file(upload_id: UUID, position: Position, db: Db, caller: SignedIn, parts: Opened) -> Response:
    """The same in headers: `Upload-Offset` and `Upload-Length`."""
    file = await uploading.get_file(db, caller, parts, upload_id, position)
    return Response(headers={"Upload-Offset": str(file.offset), "Upload-Length": str(file.size)})


@router.put("/uploads/{upload_id}/files/{position}")
async def put_part(
    upload_id: UUID,
    position: Position,
    request: Request,
    caller: Annotated[Caller, Depends(authenticate_briefly)],
    parts: Opened,
    offset: Offset = 0,
) -> UploadFile:
    """Send a file, or the part of it from `offset` on, as the body. What has come when the line breaks stays."""
    limit: int = request.app.state.settings.max_upload_bytes
    if announced_bytes(request.scope) > limit:
        raise TooLarge(max_bytes=limit)
    database = request.app.state.database
    return await uploading.take_part(database, caller, parts, upload_id, position, offset, request.stream())


@router.post("/uploads/{upload_id}/complete", status_code=202)
async def complete_upload(
    upload_id: UUID, db: Db, caller: SignedIn, parts: Opened, without_missing: WithoutMissing = False
) -> Import:
    """Have the files read into the dataset. Answers at once; the import is a job."""
    return await uploading.complete_upload(db, caller, parts, upload_id, without_missing=without_missing)

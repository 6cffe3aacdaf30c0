"""HTTP doors of exports."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from karat.access.doors import CreateOnce, Db, SignedIn, authenticate_briefly
from karat.delivery import service
from karat.delivery.types import Export, NewExport
from karat.kit import Cursor, Limit, Page
from karat.storage.routes import send_blob

router = APIRouter(prefix="/api", tags=["delivery"])


@router.get("/projects/{project_id}/exports")
async def list_exports(
    project_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[Export]:
    """The exports of a project, newest first."""
    return await service.list_exports(db, caller, project_id, cursor, limit)


@router.post("/projects/{project_id}/exports", status_code=202)
async def start_export(project_id: UUID, body: NewExport, db: Db, caller: SignedIn, once: CreateOnce) -> Export:
    """Write all labels in a format; answers at once, the export is a job."""
    if once.repeated:
        return await service.get_export(db, caller, once.id)
    return await service.start_export(db, caller, project_id, body.format, once.id)


@router.get("/exports/{export_id}")
async def get_export(export_id: UUID, db: Db, caller: SignedIn) -> Export:
    """How far an export is."""
    return await service.get_export(db, caller, export_id)


@router.get("/exports/{export_id}/file", response_class=Response)
async def download_export(export_id: UUID, request: Request) -> Response:
    """The file; ranges are answered, so a download that broke off goes on."""
    caller = await authenticate_briefly(request)
    async with request.app.state.database.transaction(caller.tenant_id) as db:
        export, form, name = await service.export_file(db, caller, export_id)
    assert export.sha256 is not None
    return await send_blob(
        request,
        request.app.state.storage,
        caller.tenant_id,
        export.sha256,
        {"Content-Type": form.media_type, "Content-Disposition": f'attachment; filename="{name}"'},
    )

"""HTTP doors of datasets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from karat.access.doors import (
    CreateOnce,
    Db,
    IdempotencyKey,
    SignedIn,
    authenticate_briefly,
    check_idempotency_key,
    claim_once,
)
from karat.datasets import service
from karat.datasets.errors import ImportNameInvalid
from karat.datasets.readers import name_fault
from karat.datasets.types import Asset, BucketImport, Dataset, Import, NewDataset
from karat.datasets.uploads import Uploads
from karat.errors import TooLarge
from karat.kit import Action, Caller, Cursor, Fault, Limit, Page, require
from karat.storage.doors import Links
from karat.storage.streams import announced_bytes

router = APIRouter(prefix="/api", tags=["datasets"])


@router.get("/datasets")
async def list_datasets(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Dataset]:
    """The datasets, newest first."""
    return await service.list_datasets(db, caller, cursor, limit)


@router.post("/datasets", status_code=201)
async def create_dataset(body: NewDataset, db: Db, caller: SignedIn, once: CreateOnce) -> Dataset:
    """An empty dataset; fill it with imports."""
    if once.repeated:
        return await service.get_dataset(db, caller, once.id)
    return await service.create_dataset(db, caller, body, once.id)


@router.get("/datasets/{dataset_id}")
async def get_dataset(dataset_id: UUID, db: Db, caller: SignedIn) -> Dataset:
    """One dataset."""
    return await service.get_dataset(db, caller, dataset_id)


@router.get("/datasets/{dataset_id}/assets")
async def list_assets(
    dataset_id: UUID,
    db: Db,
    caller: SignedIn,
    link: Links,
    q: Annotated[str | None, Query(max_length=200)] = None,
    ids: Annotated[list[UUID] | None, Query(alias="id", max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Asset]:
    """The assets of a dataset; `q` looks into names and ids. With `id`, once for each, those on one page, as far as the
    dataset has them.
    """
    if ids is not None:
        return await service.assets_named(db, caller, link, dataset_id, ids)
    return await service.list_assets(db, caller, link, dataset_id, q, cursor, limit)


async def may_upload(request: Request, dataset_id: UUID) -> Caller:
    """Who uploads: known, allowed to, and into a dataset of theirs, before anything is said of the rest."""
    caller = await authenticate_briefly(request)
    require(caller, Action.MANAGE_WORK)
    async with request.app.state.database.transaction(caller.tenant_id) as db:
        await service.get_dataset(db, caller, dataset_id)
    return caller


@router.post("/datasets/{dataset_id}/imports", status_code=202)
async def upload_import(
    request: Request,
    dataset_id: UUID,
    caller: Annotated[Caller, Depends(may_upload)],
    filename: Annotated[str, Query(max_length=300)],
    idempotency_key: IdempotencyKey = None,
) -> Import:
    """Import a file: the request's body is a ZIP, a CSV, JSONL, JSON or Parquet table, a list of addresses, or one image
    or text. Answers at once; the import is a job.

    The upload streams to storage outside any transaction, so a slow sender holds no database connection.
    """
    if not filename.strip() or name_fault(filename):
        raise ImportNameInvalid
    if idempotency_key is not None:
        check_idempotency_key(idempotency_key)
    state = request.app.state
    uploads: Uploads = state.uploads
    max_bytes: int = state.settings.max_upload_bytes
    if announced_bytes(request.scope) > max_bytes:
        raise TooLarge(max_bytes=max_bytes)
    async with (
        uploads.receive(state.database, caller, dataset_id, filename, request.stream(), max_bytes) as file,
        state.database.transaction(caller.tenant_id) as db,
    ):
        once = await claim_once(request, db, caller, idempotency_key, file.sha256.encode())
        if once.repeated:
            return await service.get_import(db, caller, once.id)
        return await service.start_upload_import(
            db, caller, dataset_id, filename, file.sha256, once.id, note_id=file.note_id
        )


@router.post("/datasets/{dataset_id}/bucket-imports", status_code=202)
async def import_bucket(dataset_id: UUID, body: BucketImport, db: Db, caller: SignedIn, once: CreateOnce) -> Import:
    """Import objects of a connected bucket, copied or left in place. Answers at once; the import is a job."""
    if once.repeated:
        return await service.get_import(db, caller, once.id)
    return await service.start_bucket_import(db, caller, dataset_id, body, once.id)


@router.get("/datasets/{dataset_id}/imports")
async def list_imports(
    dataset_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[Import]:
    """The imports of a dataset, newest first."""
    return await service.list_imports(db, caller, dataset_id, cursor, limit)


@router.get("/imports/{import_id}")
async def get_import(import_id: UUID, db: Db, caller: SignedIn) -> Import:
    """How far an import is."""
    return await service.get_import(db, caller, import_id)


@router.get("/imports/{import_id}/faults")
async def list_faults(
    import_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[Fault]:
    """The rows that could not be taken: what, where, what to do."""
    return await service.list_faults(db, caller, import_id, cursor, limit)


@router.post("/imports/{import_id}/cancel")
async def cancel_import(import_id: UUID, db: Db, caller: SignedIn) -> Import:
    """Stop an import; what was added stays."""
    return await service.cancel_import(db, caller, import_id)

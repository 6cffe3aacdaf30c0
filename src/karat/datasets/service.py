"""Use cases of datasets: create, import, look."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from karat import audit, jobs
from karat.database import Transaction
from karat.datasets import store
from karat.datasets.errors import DatasetNotFound, FolderNotFound, ImportNotFound, PrefixInvalid
from karat.datasets.readers import is_plain_key
from karat.datasets.types import Asset, BucketImport, Dataset, Import, ImportSource, MediaView, NewDataset
from karat.kit import Action, Caller, Fault, Page, decode_cursor, encode_cursor, make_page, new_id, require
from karat.storage.connections import get_connection
from karat.storage.doors import Link


async def create_dataset(db: Transaction, caller: Caller, new: NewDataset, dataset_id: UUID | None = None) -> Dataset:
    """An empty dataset."""
    require(caller, Action.MANAGE_WORK)
    dataset_id = dataset_id or new_id()
    await store.add_dataset(db, dataset_id, new.name, new.modality)
    await audit.record(db, caller, "dataset.created", dataset_id, name=new.name)
    return await get_dataset(db, caller, dataset_id)


async def get_dataset(db: Transaction, caller: Caller, dataset_id: UUID) -> Dataset:
    """One dataset.

    Raises:
        DatasetNotFound: no such dataset in the caller's tenant.
    """
    require(caller, Action.SEE_WORK)
    if not (dataset := await store.find_dataset(db, dataset_id)):
        raise DatasetNotFound(dataset_id=dataset_id)
    return dataset


async def list_datasets(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Dataset]:
    """The tenant's datasets, newest first."""
    require(caller, Action.SEE_WORK)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.datasets(db, before, limit + 1), limit, lambda dataset: (dataset.id,))


async def start_upload_import(
    db: Transaction,
    caller: Caller,
    dataset_id: UUID,
    filename: str,
    sha256: str,
    import_id: UUID | None = None,
    note_id: UUID | None = None,
) -> Import:
    """Read an uploaded file, which storage already holds, into the dataset: as a job.

    Args:
        note_id: of the note of the file's arrival, if there is one; the import takes its place.
    """
    started = await _start(db, caller, dataset_id, ImportSource.UPLOAD, filename, sha256, import_id)
    if note_id is not None:
        await store.drop_note(db, note_id)
    return started


async def start_folder_import(db: Transaction, caller: Caller, dataset_id: UUID, folder: Path) -> Import:
    """Read a folder of the server's own disk. Only commands offer this, never the network.

    Raises:
        FolderNotFound: no such folder.
    """
    if not folder.is_dir():
        raise FolderNotFound(folder=folder)
    return await _start(db, caller, dataset_id, ImportSource.FOLDER, folder.name, str(folder.resolve()), None)


async def start_files_import(db: Transaction, caller: Caller, dataset_id: UUID, name: str, upload_id: UUID) -> Import:
    """Read the files of an upload that is complete."""
    return await _start(db, caller, dataset_id, ImportSource.FILES, name, str(upload_id), None)


async def start_bucket_import(
    db: Transaction, caller: Caller, dataset_id: UUID, wanted: BucketImport, import_id: UUID | None = None
) -> Import:
    """Read objects of a connected bucket.

    Raises:
        ConnectionNotFound: no such connection in the caller's tenant.
        PrefixInvalid: no key is like this.
    """
    require(caller, Action.MANAGE_WORK)
    if not is_plain_key(wanted.prefix.rstrip("/") or "x") or not is_plain_key(wanted.manifest or "x"):
        raise PrefixInvalid(prefix=wanted.prefix, manifest=wanted.manifest)
    connection = await get_connection(db, caller, wanted.connection_id)
    place = f"{connection.bucket}/{connection.prefix}{wanted.manifest or wanted.prefix}"
    options = wanted.model_dump(mode="json")
    return await _start(db, caller, dataset_id, ImportSource.BUCKET, place, place, import_id, options)


async def _start(
    db: Transaction,
    caller: Caller,
    dataset_id: UUID,
    source: ImportSource,
    name: str,
    location: str,
    import_id: UUID | None,
    options: dict[str, Any] | None = None,
) -> Import:
    require(caller, Action.MANAGE_WORK)
    await get_dataset(db, caller, dataset_id)
    import_id = import_id or new_id()
    await store.add_import(db, import_id, dataset_id, source, name, location, options)
    job_id = await jobs.enqueue(
        db, "datasets.ingest", subject_id=import_id, title=f"Import {name}"[:200], import_id=import_id
    )
    await store.set_import_job(db, import_id, job_id)
    await audit.record(db, caller, "import.started", import_id, dataset_id=str(dataset_id), source=source, name=name)
    return await get_import(db, caller, import_id)


async def get_import(db: Transaction, caller: Caller, import_id: UUID) -> Import:
    """One import and how far it is.

    Raises:
        ImportNotFound: no such import in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    if not (found := await store.find_import(db, import_id)):
        raise ImportNotFound(import_id=import_id)
    return found


async def list_imports(
    db: Transaction, caller: Caller, dataset_id: UUID, cursor: str | None, limit: int
) -> Page[Import]:
    """The imports of a dataset, newest first."""
    require(caller, Action.SEE_QUALITY)
    await get_dataset(db, caller, dataset_id)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.imports(db, dataset_id, before, limit + 1), limit, lambda found: (found.id,))


async def list_faults(db: Transaction, caller: Caller, import_id: UUID, cursor: str | None, limit: int) -> Page[Fault]:
    """What could not be taken, in the order of the source."""
    await get_import(db, caller, import_id)
    (after,) = decode_cursor(cursor, int)
    rows = await store.faults(db, import_id, after, limit + 1)
    items = [
        Fault(code=row["code"], message=row["message"], where=row["where"], hint=row["hint"]) for row in rows[:limit]
    ]
    return Page(items=items, next_cursor=encode_cursor(rows[limit - 1]["position"]) if len(rows) > limit else None)


async def cancel_import(db: Transaction, caller: Caller, import_id: UUID) -> Import:
    """Stop an import; what was added stays."""
    require(caller, Action.MANAGE_WORK)
    found = await get_import(db, caller, import_id)
    if found.job_id:
        await jobs.cancel_job(db, caller, found.job_id)
    return await get_import(db, caller, import_id)


async def list_assets(
    db: Transaction, caller: Caller, link: Link, dataset_id: UUID, text: str | None, cursor: str | None, limit: int
) -> Page[Asset]:
    """The assets of a dataset, newest first, whose name contains the text."""
    require(caller, Action.SEE_QUALITY)
    await get_dataset(db, caller, dataset_id)
    (before,) = decode_cursor(cursor, UUID)
    rows = await store.assets(db, dataset_id, text, before, limit + 1)
    return make_page([describe_asset(row, caller, link) for row in rows], limit, lambda asset: (asset.id,))


async def assets_named(
    db: Transaction, caller: Caller, link: Link, dataset_id: UUID, asset_ids: Sequence[UUID]
) -> Page[Asset]:
    """Those of the assets that the dataset has, newest first."""
    require(caller, Action.SEE_QUALITY)
    await get_dataset(db, caller, dataset_id)
    rows = await store.assets_named(db, dataset_id, asset_ids)
    return Page(items=[describe_asset(row, caller, link) for row in rows], next_cursor=None)


def describe_asset(row: asyncpg.Record, caller: Caller, link: Link) -> Asset:
    """An asset as it travels, from a row with the columns `store.ASSET`; its media link is this caller's own."""
    url = None if row["text"] is not None else link(caller, row["sha256"].hex(), row["media_type"])
    media = MediaView(
        url=url,
        thumbnail_url=f"{url}/thumbnail" if url and row["media_type"].startswith("image/") else None,
        media_type=row["media_type"],
        width=row["width"],
        height=row["height"],
        length=row["length"],
        text=row["text"],
        n_bytes=row["n_bytes"],
    )
    return Asset(
        id=row["asset_id"],
        external_id=row["external_id"],
        name=row["name"],
        media=media,
        metadata=row["metadata"],
        created_at=row["asset_created_at"],
    )

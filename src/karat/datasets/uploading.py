"""Use cases of uploads in parts: announce files, send them bit by bit, go on after an interruption, have them read."""

from collections.abc import AsyncIterable
from uuid import UUID, uuid4

import asyncpg

from karat.database import Database, Transaction
from karat.datasets import service, upload_store
from karat.datasets.errors import UploadComplete, UploadFilesInvalid, UploadIncomplete, UploadNotFound
from karat.datasets.limits import DEFAULT_LIMITS
from karat.datasets.parts import Parts
from karat.datasets.readers import name_fault
from karat.datasets.types import FileToUpload, Import, NewUpload, Upload, UploadFile
from karat.datasets.uploads import ABANDONED
from karat.errors import Fault
from karat.kit import Action, Caller, Page, decode_cursor, encode_cursor, require

MAX_FILES = 100_000
FAULTS_SHOWN = 20


async def begin_upload(db: Transaction, caller: Caller, parts: Parts, new: NewUpload, max_file_bytes: int) -> Upload:
    """Announce files. Their bytes come after that, in any order.

    Raises:
        DatasetNotFound: no such dataset in the caller's tenant.
        UploadFilesInvalid: with every file that cannot be taken.
    """
    require(caller, Action.MANAGE_WORK)
    await service.get_dataset(db, caller, new.dataset_id)
    upload_id = uuid4()  # not of the ordinary kind, which begins with the time: nobody shall guess it
    await upload_store.add_upload(db, upload_id, new.dataset_id, caller.user_id, new.name)
    return await _add(db, caller, parts, upload_id, new.files, max_file_bytes)


async def add_files(
    db: Transaction, caller: Caller, parts: Parts, upload_id: UUID, files: list[FileToUpload], max_file_bytes: int
) -> Upload:
    """Announce more files; their positions go on from those before.

    Raises:
        UploadNotFound, UploadComplete, UploadFilesInvalid.
    """
    await _find(db, caller, upload_id, open_only=True)
    return await _add(db, caller, parts, upload_id, files, max_file_bytes)


async def get_upload(db: Transaction, caller: Caller, parts: Parts, upload_id: UUID) -> Upload:
    """How much of an upload has come; only who began it is told.

    Raises:
        UploadNotFound: no such upload of the caller's.
    """
    return await _described(await _find(db, caller, upload_id), caller, parts)


async def list_uploads(db: Transaction, caller: Caller, parts: Parts, cursor: str | None, limit: int) -> Page[Upload]:
    """The caller's uploads that are not complete, newest first."""
    require(caller, Action.MANAGE_WORK)
    (before,) = decode_cursor(cursor, UUID)
    rows = await upload_store.open_uploads(db, caller.user_id, before, limit + 1)
    items = [await _described(row, caller, parts) for row in rows[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].id) if len(rows) > limit else None)


async def list_files(
    db: Transaction, caller: Caller, parts: Parts, upload_id: UUID, cursor: str | None, limit: int
) -> Page[UploadFile]:
    """The files of an upload and how far each is, by position."""
    await _find(db, caller, upload_id)
    (after,) = decode_cursor(cursor, int)
    rows = await upload_store.files(db, upload_id, after, limit + 1)
    offsets = await parts.offsets(caller.tenant_id, upload_id)
    items = [UploadFile(**dict(row), offset=offsets.get(row["position"], 0)) for row in rows[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].position) if len(rows) > limit else None)


async def get_file(db: Transaction, caller: Caller, parts: Parts, upload_id: UUID, position: int) -> UploadFile:
    """One file and how far it is.

    Raises:
        UploadNotFound: no such file in an upload of the caller's.
    """
    require(caller, Action.MANAGE_WORK)
    row = await upload_store.find_file(db, upload_id, caller.user_id, position)
    if row is None:
        raise UploadNotFound(upload_id=upload_id)
    offset = await parts.offset(caller.tenant_id, upload_id, position)
    return UploadFile(position=position, name=row["name"], size=row["size"], offset=offset)


async def take_part(
    database: Database,
    caller: Caller,
    parts: Parts,
    upload_id: UUID,
    position: int,
    offset: int,
    chunks: AsyncIterable[bytes],
) -> UploadFile:
    """Take in a part of a file. Opens its own transactions: a slow sender holds no connection of the database.

    Raises:
        UploadNotFound, UploadComplete.
        UploadOffsetWrong, UploadBusy, TooLarge: as `Parts.append`.
    """
    require(caller, Action.MANAGE_WORK)
    async with database.transaction(caller.tenant_id) as db:
        row = await upload_store.find_file(db, upload_id, caller.user_id, position)
        if row is None:
            raise UploadNotFound(upload_id=upload_id)
        if row["import_id"] is not None:
            raise UploadComplete(upload_id=upload_id)
        await upload_store.touch(db, upload_id)
    at = await parts.append(caller.tenant_id, upload_id, position, offset, row["size"], chunks)
    return UploadFile(position=position, name=row["name"], size=row["size"], offset=at)


async def complete_upload(
    db: Transaction, caller: Caller, parts: Parts, upload_id: UUID, *, without_missing: bool = False
) -> Import:
    """Have the files read into the dataset, as a job. Done twice, it is the same import.

    Args:
        without_missing: files that have not come whole are left out; others there have to be.

    Raises:
        UploadNotFound: no such upload of the caller's.
        UploadIncomplete: something is still missing.
    """
    row = await _find(db, caller, upload_id, lock=True)
    if row["import_id"] is not None:
        return await service.get_import(db, caller, row["import_id"])
    files = await upload_store.files(db, upload_id, None, None)
    empty = [one["position"] for one in files if one["size"] == 0]
    await parts.touch_empty(caller.tenant_id, upload_id, empty)
    offsets = await parts.offsets(caller.tenant_id, upload_id)
    missing = [one for one in files if offsets.get(one["position"]) != one["size"]]
    if missing and without_missing and len(missing) < len(files):
        await upload_store.remove_files(db, upload_id, [one["position"] for one in missing])
    elif missing:
        some = [{"position": one["position"], "name": one["name"]} for one in missing[:FAULTS_SHOWN]]
        raise UploadIncomplete(n_missing=len(missing), missing=some)
    started = await service.start_files_import(db, caller, row["dataset_id"], row["name"], upload_id)
    await upload_store.set_import(db, upload_id, started.id)
    return started


async def abandon_upload(db: Transaction, caller: Caller, parts: Parts, upload_id: UUID) -> None:
    """Forget an upload and what has come of it.

    Raises:
        UploadNotFound, UploadComplete.
    """
    await _find(db, caller, upload_id, open_only=True)
    await upload_store.delete_upload(db, upload_id)
    await parts.remove(caller.tenant_id, upload_id)


async def _add(
    db: Transaction, caller: Caller, parts: Parts, upload_id: UUID, files: list[FileToUpload], max_file_bytes: int
) -> Upload:
    row = await _find(db, caller, upload_id, lock=True)
    if refused := _faults(files, row["n_files"], max_file_bytes):
        raise UploadFilesInvalid(faults=list(refused.values())[:FAULTS_SHOWN], refused=list(refused))
    total = row["n_bytes"] + sum(one.size for one in files)
    if row["n_files"] + len(files) > MAX_FILES or total > DEFAULT_LIMITS.max_total_bytes:
        message = f"One upload takes {MAX_FILES:,} files and {DEFAULT_LIMITS.max_total_bytes:,} bytes at most."
        fault = Fault(
            code="upload.too_large", message=message, where="files", hint="Upload them in parts, or as a ZIP."
        )
        raise UploadFilesInvalid(faults=[fault])
    await upload_store.add_files(db, upload_id, row["n_files"], files)
    return await get_upload(db, caller, parts, upload_id)


def _faults(files: list[FileToUpload], first: int, max_file_bytes: int) -> dict[int, Fault]:
    """What cannot be taken, by its place among the files; found before anything is sent, not after."""
    faults = {}
    for at, one in enumerate(files):
        where = f"file {first + at}: {''.join(filter(str.isprintable, one.name))[:200]}"
        if reason := name_fault(one.name):
            faults[at] = Fault(code="file.name", message=reason, where=where, hint="Rename the file.")
        elif one.size > max_file_bytes:
            message = f"It has {one.size:,} bytes; at most {max_file_bytes:,} are possible."
            faults[at] = Fault(code="file.too_large", message=message, where=where, hint="Divide it.")
    return faults


async def _find(
    db: Transaction, caller: Caller, upload_id: UUID, *, lock: bool = False, open_only: bool = False
) -> asyncpg.Record:
    require(caller, Action.MANAGE_WORK)
    row = await upload_store.find_upload(db, upload_id, caller.user_id, lock=lock or open_only)
    if row is None:
        raise UploadNotFound(upload_id=upload_id)
    if open_only and row["import_id"] is not None:
        raise UploadComplete(upload_id=upload_id)
    return row


async def _described(row: asyncpg.Record, caller: Caller, parts: Parts) -> Upload:
    offsets = await parts.offsets(caller.tenant_id, row["id"])
    return Upload(
        id=row["id"],
        dataset_id=row["dataset_id"],
        name=row["name"],
        n_files=row["n_files"],
        n_bytes=row["n_bytes"],
        n_received=row["n_bytes"] if row["import_id"] else sum(offsets.values()),
        import_id=row["import_id"],
        created_at=row["created_at"],
        expires_at=None if row["import_id"] else row["touched_at"] + ABANDONED,
    )

"""The jobs that write a project into an archive, and that make a project of one."""

import asyncio
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from karat import audit, tasks
from karat.database import Transaction
from karat.datasets import INLINE_TEXT_CHARACTERS
from karat.delivery import archive_store, store
from karat.delivery.archive_errors import ArchiveGone, ArchiveInvalid, archive_invalid, broken
from karat.delivery.archive_ids import moved, shift_of
from karat.delivery.archive_judging import check_rows
from karat.delivery.archive_parts import ASSETS, DATASET, PARTS, PEOPLE, Part
from karat.delivery.archive_reading import Archive, open_archive
from karat.delivery.archive_service import ArchiveUploads
from karat.delivery.archive_types import ArchiveMedia, Origin
from karat.delivery.archive_writing import ArchiveWriter
from karat.delivery.service import LabelWriter
from karat.formats import format_named
from karat.jobs import Compute, Run
from karat.kit import Caller, Fault, Role, new_id
from karat.storage import Storage, pieces_of, rely_on_blobs
from karat.tasks import Phase

CHUNK_ROWS = 1000
CHUNK_ASSETS = 200
CHUNK_BYTES = 32 << 20
INSPECT = "karat.datasets.ingest:inspect_all"
VERIFY = "karat.delivery.archive_certificates:verify_all"
IMPORTED = "Imported"  # the group of the people who came with projects


class ArchiveJob:
    """Handler of `delivery.archive`: one moment of a project as a file. Safe to run again."""

    def __init__(self, storage: Storage, private_key: Ed25519PrivateKey) -> None:
        self._storage, self._private_key = storage, private_key

    async def __call__(self, run: Run) -> None:
        archive_id = UUID(run.payload["archive_id"])
        async with run.transaction() as db:
            row = await archive_store.find(db, archive_id)
            assert row is not None
        with tempfile.TemporaryDirectory(prefix="karat-archive-") as folder:
            path = Path(folder) / "archive.zip"
            async with archive_store.snapshot(run.database, run.tenant_id) as db:
                project = await tasks.get_project(db, run.caller, row["project_id"])
                certificate_id = (
                    await store.certificate_of(db, project.id) if project.phase is Phase.CERTIFIED else None
                )
                labels = LabelWriter(run, project, format_named("karat-jsonl"), certificate_id, project.n_tasks)
                writer = ArchiveWriter(run, db, self._storage, path, project)
                contents = await writer.write(labels.pieces(db), ArchiveMedia(row["media"]), self._private_key)
            with path.open("rb") as file:
                blob = await self._storage.put(run.tenant_id, pieces_of(file))
        async with run.transaction() as db:
            await archive_store.set_file(db, archive_id, blob.size, blob.sha256, contents.model_dump())


class ProjectImportJob:
    """Handler of `delivery.import_project`. Safe to run again at any point.

    The whole archive is judged before the first row is written. Assets then come chunk by chunk, each exactly once; all the
    rest is one transaction, so nobody ever sees half a project.
    """

    def __init__(self, storage: Storage, compute: Compute, inspector: Compute, uploads: ArchiveUploads) -> None:
        self._storage, self._compute, self._inspector, self._uploads = storage, compute, inspector, uploads

    async def __call__(self, run: Run) -> None:
        import_id = UUID(run.payload["import_id"])
        async with run.transaction() as db:
            work = await archive_store.import_work(db, import_id)
        if work["project_id"] is not None:
            return  # it came to its end before, and then the runner was killed
        if not work["location"]:
            raise ArchiveGone(project_import_id=import_id)
        with tempfile.TemporaryDirectory(prefix="karat-archive-") as folder:
            path = Path(folder) / "archive.zip"
            with path.open("wb") as file:
                async for piece in self._storage.open(run.tenant_id, work["location"]):
                    await asyncio.to_thread(file.write, piece)
            try:
                await self._read(run, import_id, path, work)
            except ArchiveInvalid as error:
                async with run.transaction() as db:
                    await archive_store.note_faults(db, import_id, [one.model_dump() for one in error.data["faults"]])
                raise
        async with run.transaction() as db:
            await self._uploads.forget(db, import_id, work["location"])

    async def _read(self, run: Run, import_id: UUID, path: Path, work: asyncpg.Record) -> None:
        archive = await asyncio.to_thread(open_archive, path)
        try:
            await self._take(run, import_id, archive, work)
        finally:
            archive.close()

    async def _take(self, run: Run, import_id: UUID, archive: Archive, work: asyncpg.Record) -> None:
        shift = shift_of(import_id)
        await asyncio.to_thread(check_rows, archive, shift)
        await self._verify(archive, shift)
        await _Assets(run, import_id, archive, shift, self._storage, self._inspector).take(work["done"])
        try:
            async with run.transaction() as db:
                await self._write(run, db, import_id, archive, work["location"])
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            where = f"{error.table_name or 'rows'}"
            raise broken("rows", f"The rows do not fit together: {error}.", where) from error

    async def _verify(self, archive: Archive, shift: int) -> None:
        part = next(one for one in PARTS if one.name == "certificates")
        at = list(part.columns).index("document")
        documents = [row[at] for row in archive.rows(part, shift)]
        wrong: list[str | None] = await self._compute.run(VERIFY, documents) if documents else []
        faults = [
            Fault(code="archive.certificate", message=one, where=f"{part.file}, line {number}")
            for number, one in enumerate(wrong, start=1)
            if one is not None
        ]
        if faults:
            raise archive_invalid(*faults)

    async def _write(self, run: Run, db: Transaction, import_id: UUID, archive: Archive, sha256: str) -> None:
        shift, manifest = shift_of(import_id), archive.manifest
        await _write_people(db, archive, shift)
        total, done = sum(archive.n_rows(one) for one in PARTS), 0
        for part in PARTS:
            rows = _of_this_tenant(part, archive.rows(part, shift))
            while chunk := await asyncio.to_thread(_some, rows, CHUNK_ROWS):
                await archive_store.write(db, part.statement, chunk)
                done += len(chunk)
                await run.progress(done, total, f"{done:,} rows written")
        project_id = moved(manifest.project_id, shift)
        origin = Origin(
            project_id=manifest.project_id,
            tenant_id=manifest.tenant_id,
            archive_sha256=sha256,
            public_key=manifest.public_key,
            karat=manifest.karat,
            exported_at=manifest.created_at,
            shift=str(shift),
        )
        caller = Caller(tenant_id=run.tenant_id, user_id=UUID(run.payload["user_id"]), role=Role.SERVICE)
        await _see(db, caller, project_id)
        await archive_store.finish_import(db, import_id, project_id, origin.model_dump(mode="json"))
        said = {"archive_sha256": sha256, "from_project": str(manifest.project_id), "public_key": manifest.public_key}
        await audit.record(db, caller, "project.imported", project_id, import_id=str(import_id), **said)


class _Assets:
    """Brings the assets in: media first, then their rows and the place in the archive in one transaction."""

    def __init__(
        self, run: Run, import_id: UUID, archive: Archive, shift: int, storage: Storage, inspector: Compute
    ) -> None:
        self._run, self._import_id, self._archive, self._shift = run, import_id, archive, shift
        self._storage, self._inspector = storage, inspector
        self._modality = ""

    async def take(self, done: dict[str, int]) -> None:
        (dataset,) = [dict(zip(DATASET.columns, row, strict=True)) for row in self._archive.rows(DATASET, self._shift)]
        self._modality = dataset["modality"]
        async with self._run.transaction() as db:
            await archive_store.write(db, DATASET.statement, [list(dataset.values())])
        at, total = done.get(ASSETS.name, 0), self._archive.n_rows(ASSETS)
        rows = islice(self._archive.rows(ASSETS, self._shift), at, None)
        while chunk := await asyncio.to_thread(_some, rows, CHUNK_ASSETS):
            await self._take(chunk, at)
            at += len(chunk)
            async with self._run.transaction() as db:
                await archive_store.note_done(db, self._import_id, ASSETS.name, at)
            await self._run.progress(at, total, f"{at:,} assets taken")
        async with self._run.transaction() as db:
            await archive_store.count_dataset(db, dataset["id"])

    async def _take(self, chunk: list[list[Any]], first: int) -> None:
        assets = [dict(zip(ASSETS.columns, row, strict=True)) for row in chunk]
        if self._archive.manifest.media is ArchiveMedia.INCLUDED:
            await self._store(assets, first)
        else:
            missing = [
                one for one in assets if not await self._storage.exists(self._run.tenant_id, one["sha256"].hex())
            ]
            if missing:
                message = f"{len(missing)} of its media are not here, and the archive names them only by their hash."
                hint = "Import the data first, or export the project with its media."
                raise broken("media_not_here", message, f"asset {missing[0]['name'][:200]!r}", hint)
        async with self._run.transaction() as db:
            await rely_on_blobs(db)
            for one in assets:
                if not await self._storage.exists(self._run.tenant_id, one["sha256"].hex()):
                    raise broken("media_not_here", "It was deleted while the archive was read.", one["name"][:200])
            await archive_store.write(db, ASSETS.statement, chunk)

    async def _store(self, assets: list[dict[str, Any]], first: int) -> None:
        """Judge the media as an import of files does, and keep them. No name or type of the archive is believed."""
        batch: list[tuple[int, dict[str, Any], bytes]] = []
        size = 0
        for number, one in enumerate(assets, start=first + 1):
            content = await asyncio.to_thread(self._archive.medium, one["sha256"].hex())
            batch.append((number, one, content))
            size += len(content)
            if size >= CHUNK_BYTES:
                await self._keep(batch)
                batch, size = [], 0
        await self._keep(batch)

    async def _keep(self, batch: list[tuple[int, dict[str, Any], bytes]]) -> None:
        if not batch:
            return
        wheres = [f"{ASSETS.file}, line {number}" for number, _, _ in batch]
        contents = [content for _, _, content in batch]
        judged = await self._inspector.run(INSPECT, contents, self._modality, wheres)
        faults = []
        for (_, one, content), where, facts in zip(batch, wheres, judged, strict=True):
            if isinstance(facts, Fault):
                faults.append(facts)
            elif not _is_as_said(one, content, *facts):
                message = f"The medium of {one['name'][:200]!r} is not what the archive says of it."
                faults.append(Fault(code="archive.medium", message=message, where=where))
        if faults:
            raise archive_invalid(*faults)
        await self._storage.put_many(self._run.tenant_id, contents)


def _is_as_said(asset: dict[str, Any], content: bytes, media: Any, text: str | None) -> bool:
    inline = text if text is not None and len(text) <= INLINE_TEXT_CHARACTERS else None
    said = (asset["media_type"], asset["width"], asset["height"], asset["length"], asset["text"], asset["n_bytes"])
    return said == (media.media_type, media.width, media.height, media.length, inline, len(content))


async def _write_people(db: Transaction, archive: Archive, shift: int) -> None:
    """Whoever answered, as members who cannot sign in: the answers keep their authors apart, and who judged still did."""
    rows = []
    for user_id, name, kind, judges in archive.rows(PEOPLE, shift):
        role = Role.REVIEWER if judges else Role.ANNOTATOR
        rows.append((user_id, name, kind, role.value))
    if rows:
        await archive_store.add_people(db, await archive_store.group_of_imported(db, new_id(), IMPORTED), rows)


async def _see(db: Transaction, caller: Caller, project_id: UUID) -> None:
    """Whether the project can be shown: what its columns hold is more than their types say."""
    try:
        await tasks.get_project(db, caller, project_id)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(("the project", *map(str, first["loc"])))
        raise broken("project", f"It is no project of this version: {first['msg']}.", where) from error


def _some(rows: Iterator[list[Any]], n: int) -> list[list[Any]]:
    return list(islice(rows, n))


def _of_this_tenant(part: Part, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The rows as they can be here: of models that are elsewhere only what they said has come."""
    if part.name != "models":
        return rows
    at = list(part.columns).index("adapter")
    return ([*row[:at], row[at] if row[at] == "in-process" else "import", *row[at + 1 :]] for row in rows)

"""The job that reads a source into a dataset: chunk by chunk, each exactly once, good rows kept."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from karat import jobs
from karat.datasets import store
from karat.datasets.errors import UploadGone
from karat.datasets.readers import Found, FoundAsset, FoundFault, read_folder, read_upload
from karat.datasets.types import INLINE_TEXT_CHARACTERS, Import, ImportSource, Modality
from karat.datasets.uploads import Uploads
from karat.jobs import Compute, Run
from karat.kit import Fault, new_id
from karat.modalities import Media
from karat.storage import Storage

CHUNK_ROWS = 500
CHUNK_BYTES = 32 << 20
INSPECT = "karat.datasets.ingest:inspect_all"


class Ingest:
    """Handler of `datasets.ingest`; safe to run again at any point, it goes on after the last whole chunk."""

    def __init__(self, storage: Storage, compute: Compute, uploads: Uploads) -> None:
        self._storage = storage
        self._compute = compute
        self._uploads = uploads

    async def __call__(self, run: Run) -> None:
        import_id = UUID(run.payload["import_id"])
        async with run.transaction() as db:
            found = await store.find_import(db, import_id)
            assert found is not None
            location = await store.import_location(db, import_id)
            dataset = await store.find_dataset(db, found.dataset_id)
            assert dataset is not None
        if not location:
            if found.rows_total is None:
                raise UploadGone(import_id=import_id)
            return  # it came to its end before, and then the runner was killed
        with tempfile.TemporaryDirectory(prefix="karat-import-") as folder:
            source = Path(location)
            if found.source is ImportSource.UPLOAD:
                source = await self._fetch(run, location, Path(folder) / "upload")
            chunks = _chunks(_read(source, found, dataset.modality, found.rows_read))
            while chunk := await asyncio.to_thread(next, chunks, None):
                await self._take(run, found, dataset.modality, chunk)
                await run.progress(chunk[-1].position + 1, None, f"{chunk[-1].position + 1:,} read")
        await self._finish(run, found, location)

    async def _fetch(self, run: Run, sha256: str, path: Path) -> Path:
        with path.open("wb") as file:
            async for piece in self._storage.open(run.tenant_id, sha256):
                await asyncio.to_thread(file.write, piece)
        return path

    async def _take(self, run: Run, found: Import, modality: Modality, chunk: list[FoundAsset | FoundFault]) -> None:
        """Store one chunk: media first, then rows, faults and the position in one transaction."""
        faults = [(one.position, one.fault) for one in chunk if isinstance(one, FoundFault)]
        assets = [one for one in chunk if isinstance(one, FoundAsset)]
        judged = await self._compute.run(
            INSPECT, [one.content for one in assets], modality.value, [one.where for one in assets]
        )
        good = []
        for one, facts in zip(assets, judged, strict=True):
            if isinstance(facts, Fault):
                faults.append((one.position, facts))
            else:
                good.append((one, facts))
        async with run.transaction() as db:
            await store.rely_on_blobs(db)
            blobs = await self._storage.put_many(run.tenant_id, [one.content for one, _ in good])
            rows = {
                new_id(): (one, media, text, blob.sha256)
                for (one, (media, text)), blob in zip(good, blobs, strict=True)
            }
            added = await store.add_assets(db, found.dataset_id, [_row(key, *value) for key, value in rows.items()])
            left = [(key, value) for key, value in rows.items() if key not in added]
            known = await store.known_hashes(db, found.dataset_id, [bytes.fromhex(value[3]) for _, value in left])
            taken_ids = [value[0] for _, value in left if bytes.fromhex(value[3]) not in known]
            faults += [(one.position, _id_taken(one)) for one in taken_ids]
            await store.add_faults(db, found.id, faults)
            await store.note_import(
                db,
                found.id,
                rows_read=chunk[-1].position + 1,
                n_added=len(added),
                n_duplicates=len(left) - len(taken_ids),
                n_faults=len(faults),
                n_bytes=sum(len(rows[key][0].content) for key in added),
            )

    async def _finish(self, run: Run, found: Import, location: str) -> None:
        async with run.transaction() as db:
            await db.execute("UPDATE data_import SET rows_total = rows_read WHERE id = $1", found.id)
            await jobs.publish(db, "datasets.imported", dataset_id=found.dataset_id)
        if found.source is ImportSource.UPLOAD:
            async with run.transaction() as db:
                await self._uploads.forget(db, found.id, location)


def inspect_all(contents: list[bytes], modality: str, wheres: list[str]) -> list[tuple[Media, str | None] | Fault]:
    """Decide what each file is; runs in the compute process, where Pillow may meet hostile bytes."""
    from karat.datasets.inspect import inspect

    judged = [inspect(content, modality, where) for content, where in zip(contents, wheres, strict=True)]
    return [facts if isinstance(facts, Fault) else (facts.media, facts.text) for facts in judged]


def _read(source: Path, found: Import, modality: Modality, start: int) -> Found:
    if found.source is ImportSource.FOLDER:
        return read_folder(source, start=start)
    return read_upload(source, found.name, start=start)


def _chunks(found: Found) -> Iterator[list[FoundAsset | FoundFault]]:
    chunk: list[FoundAsset | FoundFault] = []
    size = 0
    for one in found:
        chunk.append(one)
        size += len(one.content) if isinstance(one, FoundAsset) else 0
        if len(chunk) >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _row(asset_id: UUID, one: FoundAsset, media: Media, text: str | None, sha256: str) -> dict[str, object]:
    inline = text is not None and len(text) <= INLINE_TEXT_CHARACTERS
    return {
        "id": asset_id,
        "external_id": one.external_id or sha256[:16],
        "name": one.name,
        "sha256": bytes.fromhex(sha256),
        "media_type": media.media_type,
        "n_bytes": len(one.content),
        "width": media.width,
        "height": media.height,
        "length": media.length,
        "text": text if inline else None,
        "metadata": dict(one.metadata),
    }


def _id_taken(one: FoundAsset) -> Fault:
    return Fault(
        code="asset.id_taken",
        message=f"The dataset already has an asset with the id {one.external_id!r} and other content.",
        where=one.where,
        hint="Give it another id, or import it into another dataset.",
    )

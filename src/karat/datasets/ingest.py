"""The job that reads a source into a dataset: chunk by chunk, each exactly once, good rows kept."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from karat import jobs
from karat.datasets import sources, store
from karat.datasets.errors import FolderNotFound, UploadGone
from karat.datasets.fetching import Fetched, Fetcher, sha256_of
from karat.datasets.readers import FoundAsset, FoundFault, Item
from karat.datasets.types import INLINE_TEXT_CHARACTERS, BucketImport, Import, ImportSource, Modality
from karat.datasets.uploads import Uploads
from karat.jobs import Compute, Run
from karat.jobs.compute import ComputeLost
from karat.kit import Fault, new_id
from karat.modalities import Media
from karat.outbound import Guard
from karat.storage import Buckets, Reference, Storage, add_references, move_references, rely_on_blobs

CHUNK_ROWS = 500
CHUNK_BYTES = 32 << 20
INSPECT = "karat.datasets.ingest:inspect_all"

Judged = list[tuple[Media, str | None] | Fault]
Good = tuple[FoundAsset, Media, str | None, str]


@dataclass(slots=True)
class Chunk:
    """What is taken in one transaction.

    Attributes:
        key: behind which the list of the bucket goes on after it.
    """

    found: list[FoundAsset | FoundFault] = field(default_factory=list)
    key: str | None = None
    size: int = 0

    @property
    def end(self) -> int:
        """The position after it."""
        return self.found[-1].position + 1


class Ingest:
    """Handler of `datasets.ingest`; safe to run again at any point, it goes on after the last whole chunk.

    Args:
        compute: a process that may be killed by what it is given to look at.
    """

    def __init__(self, storage: Storage, compute: Compute, uploads: Uploads, guard: Guard, buckets: Buckets) -> None:
        self._storage = storage
        self._compute = compute
        self._uploads = uploads
        self._guard = guard
        self._buckets = buckets

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
        async with AsyncExitStack() as stack:
            items, fetcher = await self._open(run, found, dataset.modality, location, stack)
            chunks = await stack.enter_async_context(aclosing(_ahead(_chunks(fetcher.fetched(items)))))
            async for chunk in chunks:
                await self._take(run, found, dataset.modality, chunk)
                await run.progress(chunk.end, None, f"{chunk.end:,} read")
        await self._finish(run, found, location)

    async def _open(
        self, run: Run, found: Import, modality: Modality, location: str, stack: AsyncExitStack
    ) -> tuple[AsyncIterator[Item], Fetcher]:
        """The items of the source from where the import came to, and who fetches what they point to."""
        if found.source is ImportSource.BUCKET:
            async with run.transaction() as db:
                options, after = await store.import_options(db, found.id)
            wanted = BucketImport.model_validate(options)
            bucket = await self._buckets.bucket(run.tenant_id, wanted.connection_id)
            fetcher = Fetcher(self._guard, bucket, wanted.mode)
            stack.push_async_callback(fetcher.aclose)
            if wanted.manifest is not None:
                key = bucket.connection.prefix + wanted.manifest
                return sources.rows_of(bucket, key, found.rows_read, self._compute), fetcher
            return sources.listed(bucket, wanted, after, found.rows_read), fetcher
        place = await self._place(run, found, location, stack)
        fetcher = Fetcher(self._guard)
        stack.push_async_callback(fetcher.aclose)
        return sources.items_of(place, modality, found.rows_read, self._compute), fetcher

    async def _place(self, run: Run, found: Import, location: str, stack: AsyncExitStack) -> sources.Place:
        if found.source is ImportSource.FOLDER:
            if not Path(location).is_dir():
                raise FolderNotFound(folder=location)
            return sources.Place(path=Path(location))
        if found.source is ImportSource.FILES:
            async with run.transaction() as db:
                names = await store.upload_names(db, UUID(location))
            files = self._uploads.parts.places(run.tenant_id, UUID(location), names)
            if not all(path.exists() for _, path in files):
                raise UploadGone(import_id=found.id)
            if len(files) == 1:
                return sources.Place(path=files[0][1], name=files[0][0])
            return sources.Place(files=files)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="karat-import-"))
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            async for piece in self._storage.open(run.tenant_id, location):
                await asyncio.to_thread(file.write, piece)
        return sources.Place(path=path, name=found.name)

    async def _take(self, run: Run, found: Import, modality: Modality, chunk: Chunk) -> None:
        """Store one chunk: media first, then rows, faults and the position in one transaction."""
        faults = [(one.position, one.fault) for one in chunk.found if isinstance(one, FoundFault)]
        assets = [one for one in chunk.found if isinstance(one, FoundAsset)]
        good = []
        for one, facts in zip(assets, await self._judge(assets, modality), strict=True):
            if isinstance(facts, Fault):
                faults.append((one.position, facts))
            else:
                good.append((one, facts))
        async with run.transaction() as db:
            await rely_on_blobs(db)
            hashes = await self._keep(run.tenant_id, [one for one, _ in good])
            rows = {
                new_id(): (one, media, text, sha256) for (one, (media, text)), sha256 in zip(good, hashes, strict=True)
            }
            added = await store.add_assets(db, found.dataset_id, [_row(key, *value) for key, value in rows.items()])
            left = [(key, value) for key, value in rows.items() if key not in added]
            known = await store.known_hashes(db, found.dataset_id, [bytes.fromhex(value[3]) for _, value in left])
            taken_ids = [value[0] for _, value in left if bytes.fromhex(value[3]) not in known]
            faults += [(one.position, _id_taken(one)) for one in taken_ids]
            await add_references(db, _references([rows[key] for key in added]))
            await move_references(db, _references([value for _, value in left]))
            await store.add_faults(db, found.id, faults)
            await store.note_import(
                db,
                found.id,
                rows_read=chunk.end,
                resume_key=chunk.key,
                n_added=len(added),
                n_duplicates=len(left) - len(taken_ids),
                n_faults=len(faults),
                n_bytes=sum(len(rows[key][0].content) for key in added),
            )

    async def _keep(self, tenant_id: UUID, assets: list[FoundAsset]) -> list[str]:
        """Store what is to be stored; the hashes of all."""
        own = iter(await self._storage.put_many(tenant_id, [one.content for one in assets if not one.reference]))
        others = iter(await asyncio.to_thread(sha256_of, [one.content for one in assets if one.reference]))
        return [next(others) if one.reference else next(own).sha256 for one in assets]

    async def _judge(self, assets: list[FoundAsset], modality: Modality) -> Judged:
        """What each is. One that ends the process which looks at it is found by looking at them one by one."""
        contents, wheres = [one.content for one in assets], [one.where for one in assets]
        try:
            judged: Judged = await self._compute.run(INSPECT, contents, modality.value, wheres)
        except ComputeLost:
            if len(assets) == 1:
                return [_too_much(assets[0])]
            half = len(assets) // 2
            return await self._judge(assets[:half], modality) + await self._judge(assets[half:], modality)
        return judged

    async def _finish(self, run: Run, found: Import, location: str) -> None:
        async with run.transaction() as db:
            await db.execute("UPDATE data_import SET rows_total = rows_read WHERE id = $1", found.id)
            await jobs.publish(db, "datasets.imported", dataset_id=found.dataset_id)
        if found.source is ImportSource.UPLOAD:
            async with run.transaction() as db:
                await self._uploads.forget(db, found.id, location)
        if found.source is ImportSource.FILES:
            async with run.transaction() as db:
                await self._uploads.drop(db, UUID(location))


def inspect_all(contents: list[bytes], modality: str, wheres: list[str]) -> Judged:
    """Decide what each file is; runs in the compute process, where Pillow may meet hostile bytes."""
    from karat.datasets.inspect import inspect

    judged = [inspect(content, modality, where) for content, where in zip(contents, wheres, strict=True)]
    return [facts if isinstance(facts, Fault) else (facts.media, facts.text) for facts in judged]


async def _chunks(fetched: AsyncGenerator[Fetched, None]) -> AsyncGenerator[Chunk, None]:
    """Gather until it is worth a transaction; what stands at one position stays together."""
    chunk = Chunk()
    async with aclosing(fetched):
        async for one in fetched:
            is_full = len(chunk.found) >= CHUNK_ROWS or chunk.size >= CHUNK_BYTES
            if is_full and one.found.position != chunk.found[-1].position:
                yield chunk
                chunk = Chunk()
            chunk.found.append(one.found)
            chunk.key = one.key
            chunk.size += len(one.found.content) if isinstance(one.found, FoundAsset) else 0
    if chunk.found:
        yield chunk


async def _ahead(chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    """The same chunks, each begun while the one before is still being taken."""

    async def following() -> Chunk | None:
        return await anext(chunks, None)

    task = asyncio.create_task(following())
    try:
        while chunk := await task:
            task = asyncio.create_task(following())
            yield chunk
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await chunks.aclose()


def _references(rows: list[Good]) -> list[tuple[str, Reference]]:
    return [(sha256, one.reference) for one, _, _, sha256 in rows if one.reference]


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


def _too_much(one: FoundAsset) -> Fault:
    return Fault(
        code="file.too_costly",
        message="Looking at the file takes more memory or time than a file may.",
        where=one.where,
        hint="Save it again with an image editor.",
    )

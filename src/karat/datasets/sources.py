"""Where an import reads from: each source gives its items one after the other, from where the last reading came to."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from karat.datasets import readers
from karat.datasets.limits import DEFAULT_LIMITS
from karat.datasets.patterns import matcher
from karat.datasets.readers import Found, FoundFault, FoundPointer, Item, refuse
from karat.datasets.types import BucketImport, Modality
from karat.jobs import Compute
from karat.jobs.compute import ComputeLost
from karat.storage import Bucket

PARQUET = "karat.datasets.readers.parquet:to_jsonl"
MAX_MANIFEST_BYTES = 4 << 30
AHEAD_ITEMS = 64
AHEAD_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """What of a source is on this machine: one file, a folder of the server, or files that were uploaded together.

    Attributes:
        name: of the file, as the sender calls it.
    """

    path: Path | None = None
    name: str = ""
    files: Sequence[tuple[str, Path]] = ()


async def items_of(place: Place, modality: Modality, start: int, compute: Compute) -> AsyncIterator[Item]:
    """What a source on this machine has, from position `start` on."""
    with tempfile.TemporaryDirectory(prefix="karat-lines-") as folder:
        lines = await _lines(place, Path(folder), compute)
        if isinstance(lines, FoundFault):
            yield lines
            return
        async for item in _in_thread(_read(place, modality, start, lines)):
            yield item


async def listed(bucket: Bucket, wanted: BucketImport, after: str | None, position: int) -> AsyncIterator[Item]:
    """The objects of a bucket as pointers, in the order of their keys.

    Args:
        after: only keys behind this one, the first of them at `position`.
    """
    fits, has_found = matcher(wanted.patterns), position > 0
    base = len(readers.folder_of(bucket.connection.prefix + wanted.prefix))
    async for page in bucket.pages(wanted.prefix, after):
        for one in page:
            path = one.key[base:]
            if one.key.endswith("/") or readers.is_junk(path) or not fits(path):
                continue
            where = f"object {one.key}"
            if position >= DEFAULT_LIMITS.max_assets:
                message = f"The bucket lists more than {DEFAULT_LIMITS.max_assets} objects."
                yield refuse(position, "bucket.too_many", message, where, "Import it by prefixes.", ends_reading=True)
                return
            yield FoundPointer(position, external_id=one.key, name=path, where=where, key=one.key, size=one.size)
            position, has_found = position + 1, True
    if not has_found:
        place = f"{bucket.connection.bucket}/{bucket.connection.prefix}{wanted.prefix}"
        hint = "Look at prefix and patterns; upper and lower case count in keys."
        yield refuse(0, "bucket.nothing_found", "No object fits.", place, hint, ends_reading=True)


async def rows_of(bucket: Bucket, key: str, start: int, compute: Compute) -> AsyncIterator[Item]:
    """The rows of a manifest that lies in a bucket and names objects of it, from position `start` on.

    Raises:
        ObjectGone, BucketFailed: the manifest cannot be had.
    """
    head = await bucket.head(key)
    if head.size > MAX_MANIFEST_BYTES:
        message = f"The manifest has {head.size:,} bytes; at most {MAX_MANIFEST_BYTES:,} are possible."
        yield refuse(0, "rows.too_large", message, key, "Divide it.", ends_reading=True)
        return
    with tempfile.TemporaryDirectory(prefix="karat-manifest-") as folder:
        path = Path(folder) / "manifest"
        with path.open("wb") as file:
            async for piece in bucket.stream(key, head.etag, head.size):
                await asyncio.to_thread(file.write, piece)
        lines = await _as_lines(path, key, Path(folder), compute)
        if isinstance(lines, FoundFault):
            yield lines
            return
        async for item in _in_thread(_read_rows(lines or path, key, bucket, start)):
            yield item


def _read_rows(path: Path, key: str, bucket: Bucket, start: int) -> Found:
    place = bucket.connection
    beside = readers.BucketBeside(readers.folder_of(key), place.bucket, place.kind, place.prefix)
    with path.open("rb") as stream:
        yield from readers.read_manifest(stream, key, beside=beside, start=start)


async def _lines(place: Place, folder: Path, compute: Compute) -> Path | FoundFault | None:
    """The manifest as lines, if it is a Parquet table, wherever it came along."""
    if place.files:
        name = readers.find_manifest(name for name, _ in place.files)
        return await _as_lines(dict(place.files)[name], name, folder, compute) if name else None
    assert place.path is not None
    if place.path.is_dir():
        manifest = await asyncio.to_thread(readers.manifest_in, place.path)
        return await _as_lines(manifest, manifest.name, folder, compute) if manifest else None
    unpacked = folder / "manifest.parquet"
    if name := await asyncio.to_thread(readers.manifest_of, place.path, unpacked):
        return await _as_lines(unpacked, name, folder, compute)
    return await _as_lines(place.path, place.name, folder, compute)


async def _as_lines(path: Path, name: str, folder: Path, compute: Compute) -> Path | FoundFault | None:
    if not name.lower().endswith(".parquet"):
        return None
    lines = folder / "lines.jsonl"
    try:
        fault = await compute.run(PARQUET, str(path), str(lines))
    except ComputeLost:
        fault = "parquet.too_large", "The table wants too much memory."
    hint = "Write the table again, with row groups of some megabytes."
    return refuse(0, fault[0], fault[1], name, hint, ends_reading=True) if fault else lines


def _read(place: Place, modality: Modality, start: int, lines: Path | None) -> Found:
    if place.files:
        return readers.read_files(place.files, start=start, lines=lines)
    assert place.path is not None
    if place.path.is_dir():
        return readers.read_server_folder(place.path, start=start, lines=lines)
    return readers.read_upload(place.path, place.name, modality=modality, start=start, lines=lines)


async def _in_thread(found: Found) -> AsyncIterator[Item]:
    """A reader that waits for disks, read in a thread, some items at a time."""
    while batch := await asyncio.to_thread(_some, found):
        for item in batch:
            yield item


def _some(found: Found) -> list[Item]:
    batch: list[Item] = []
    size = 0
    for item in islice(found, AHEAD_ITEMS):
        batch.append(item)
        size += len(getattr(item, "content", b""))
        if size >= AHEAD_BYTES:
            break
    return batch

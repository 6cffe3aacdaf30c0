"""The features of a dataset: extracted once, kept in storage, shared by all models that learn on it."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from karat.assist import store
from karat.datasets import Dataset, Modality
from karat.jobs import Compute, Run
from karat.kit import new_id
from karat.storage import Storage

CHUNK = 1000
LEARNING = "karat.assist.learning"


@dataclass(frozen=True, slots=True)
class Features:
    """Float32 rows in the order of the asset ids, what made them, and the graph of neighbours between them."""

    matrix: bytes
    shape: tuple[int, int]
    neighbours: bytes
    extractor: str


async def dataset_features(
    run: Run, storage: Storage, compute: Compute, dataset: Dataset, asset_ids: Sequence[UUID]
) -> Features:
    """The features of these assets, from storage when they were extracted before."""
    extractor, at_once = await compute.run(f"{LEARNING}:extractor_for", dataset.modality.value)
    ids_sha256 = hashlib.sha256(b"".join(asset_id.bytes for asset_id in asset_ids)).hexdigest()
    async with run.transaction() as db:
        found = await store.find_features(db, dataset.id, extractor, ids_sha256)
    if found:
        matrix = await storage.read(run.tenant_id, found["matrix_sha256"])
        neighbours = await storage.read(run.tenant_id, found["neighbours_sha256"])
        return Features(matrix, (found["n_assets"], found["n_columns"]), neighbours, extractor)
    matrix, width = await _extract(run, storage, compute, dataset.modality, asset_ids, at_once=at_once)
    return await _keep(run, storage, compute, dataset, extractor, matrix, (len(asset_ids), width), ids_sha256)


async def _extract(
    run: Run, storage: Storage, compute: Compute, modality: Modality, asset_ids: Sequence[UUID], *, at_once: bool
) -> tuple[bytes, int]:
    """Feature rows of exactly these assets, and their width; in chunks where the extractor allows it."""
    parts: list[bytes] = []
    waiting: list[bytes | str] = []
    width = 0
    for start in range(0, len(asset_ids), CHUNK):
        async with run.transaction() as db:
            rows = await store.asset_contents(db, asset_ids[start : start + CHUNK])
        waiting += [await _content(run, storage, row, modality) for row in rows]
        done = min(start + CHUNK, len(asset_ids))
        if not at_once or done == len(asset_ids):
            part, width = await compute.run(f"{LEARNING}:extract", modality.value, waiting)
            parts.append(part)
            waiting = []
        await run.progress(done, len(asset_ids), "Looking at the assets")
    return b"".join(parts), width


async def _keep(
    run: Run,
    storage: Storage,
    compute: Compute,
    dataset: Dataset,
    extractor: str,
    matrix: bytes,
    shape: tuple[int, int],
    ids_sha256: str,
) -> Features:
    """Put the rows and their graph of neighbours into storage, for every later fit."""
    neighbours: bytes = await compute.run(f"{LEARNING}:neighbours_of", matrix, shape)
    stored = [await storage.put(run.tenant_id, _pieces(blob)) for blob in (matrix, neighbours)]
    async with run.transaction() as db:
        await store.add_features(
            db, new_id(), dataset.id, extractor, shape, ids_sha256, stored[0].sha256, stored[1].sha256
        )
    return Features(matrix, shape, neighbours, extractor)


async def _content(run: Run, storage: Storage, row: asyncpg.Record, modality: Modality) -> bytes | str:
    if row["text"] is not None:
        return str(row["text"])
    content = await storage.read(run.tenant_id, row["sha256"].hex())
    return content.decode("utf-8-sig", "replace") if modality is Modality.TEXT else content


async def _pieces(blob: bytes) -> AsyncIterator[bytes]:
    yield blob

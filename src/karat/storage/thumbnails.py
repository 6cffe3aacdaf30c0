"""Small pictures of media, made once and kept: `ROOT/TENANT/aa/SHA256.webp`."""

import asyncio
import os
from pathlib import Path
from uuid import UUID, uuid4

from karat.jobs import Compute
from karat.jobs.compute import ComputeLost
from karat.storage.disk import full_disk_named, rename
from karat.storage.errors import ThumbnailImpossible
from karat.storage.types import Storage

EDGE_PIXELS = 256
MAKE = "karat.storage.thumbnailing:make_thumbnail"
# Of a worker that decodes one image of 80 million pixels at most; the numbers bound an attack, not a picture.
MEMORY_BYTES, CPU_S = 2 << 30, 30
MAX_SOURCE_BYTES = 100 << 20


class Thumbnails:
    """Makes them in a process of limited memory and time, which a hostile image may kill without harm.

    What cannot be made is remembered too, as an empty file, so that one bad image is not decoded at every look.
    """

    def __init__(self, root: Path, storage: Storage, compute: Compute) -> None:
        self._root = root
        self._storage = storage
        self._compute = compute
        self._making: dict[tuple[UUID, str], asyncio.Task[bytes]] = {}

    async def get(self, tenant_id: UUID, sha256: str) -> bytes:
        """The picture in WebP.

        Raises:
            BlobNotFound: this tenant has no such medium.
            ThumbnailImpossible: the medium is no image, or none that can be decoded.
        """
        path = self._root / str(tenant_id) / sha256[:2] / f"{sha256}.webp"
        content = await asyncio.to_thread(_read, path)
        if content is None:
            content = await self._made_once(tenant_id, sha256, path)
        if not content:
            raise ThumbnailImpossible
        return content

    async def _made_once(self, tenant_id: UUID, sha256: str, path: Path) -> bytes:
        """Everybody who asks while it is being made waits for the same one."""
        key = tenant_id, sha256
        if key not in self._making:
            task = asyncio.create_task(self._make(tenant_id, sha256, path))
            self._making[key] = task
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(self._making[key])

    async def _make(self, tenant_id: UUID, sha256: str, path: Path) -> bytes:
        blob = await self._storage.stat(tenant_id, sha256)
        if blob.size > MAX_SOURCE_BYTES:
            return b""
        source = await self._storage.read(tenant_id, sha256)
        try:
            content: bytes = await self._compute.run(MAKE, source, EDGE_PIXELS) or b""
        except ComputeLost:
            content = b""
        await asyncio.to_thread(_write, path, content)
        return content


def thumbnail_compute() -> Compute:
    """The process for `Thumbnails`."""
    return Compute(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; after a power cut it may be made again."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{uuid4().hex}")
    with full_disk_named():
        try:
            with open(draft, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(content)
            rename(draft, path)
        finally:
            draft.unlink(missing_ok=True)

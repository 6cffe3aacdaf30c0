"""Files that come in parts: `ROOT/TENANT/UPLOAD/POSITION`. What they are called is nowhere in a path."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from karat.datasets.errors import UploadBusy, UploadOffsetWrong
from karat.errors import TooLarge
from karat.storage.disk import full_disk_named, sync_file
from karat.storage.streams import LARGE_PIECE_BYTES


class Parts:
    """Keeps what has come of each file. The size of the file on the disk is how far it is, and nothing else says so."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def append(
        self, tenant_id: UUID, upload_id: UUID, position: int, offset: int, size: int, chunks: AsyncIterable[bytes]
    ) -> int:
        """Add a part at the end, and tell how much there is now. On return it survives a power cut.

        When the sender breaks off, what has come stays.

        Args:
            size: of the whole file; more is refused.

        Raises:
            UploadOffsetWrong: the part begins elsewhere.
            UploadBusy: another part of the file is just coming in.
            TooLarge: more comes than was announced.
        """
        path = self._path(tenant_id, upload_id, position)
        with full_disk_named(), await asyncio.to_thread(_open, path) as file, _alone(file):
            at = file.seek(0, os.SEEK_END)
            if offset != at:
                raise UploadOffsetWrong(offset=at)
            waiting = bytearray()
            try:
                async for chunk in chunks:
                    if at + len(chunk) > size:
                        raise TooLarge(max_bytes=size)
                    at += len(chunk)
                    waiting += chunk
                    if len(waiting) >= LARGE_PIECE_BYTES:
                        await asyncio.to_thread(file.write, bytes(waiting))
                        waiting.clear()
            finally:  # whatever ended it: what has come is kept
                await asyncio.to_thread(_write, file, bytes(waiting))
        return at

    async def offset(self, tenant_id: UUID, upload_id: UUID, position: int) -> int:
        """How many bytes of a file are here."""
        return _size(self._path(tenant_id, upload_id, position))

    async def offsets(self, tenant_id: UUID, upload_id: UUID) -> dict[int, int]:
        """The same of all files of an upload that have begun to come, by position."""
        return await asyncio.to_thread(_sizes, self._folder(tenant_id, upload_id))

    def places(self, tenant_id: UUID, upload_id: UUID, names: Mapping[int, str]) -> list[tuple[str, Path]]:
        """Where the bytes of each file are, by its name; `names` are by position."""
        return [(name, self._path(tenant_id, upload_id, at)) for at, name in names.items()]

    async def touch_empty(self, tenant_id: UUID, upload_id: UUID, positions: Sequence[int]) -> None:
        """Files of no bytes are here without any part."""
        for position in positions:
            (await asyncio.to_thread(_open, self._path(tenant_id, upload_id, position))).close()

    async def remove(self, tenant_id: UUID, upload_id: UUID) -> None:
        """Forget an upload."""
        await asyncio.to_thread(shutil.rmtree, self._folder(tenant_id, upload_id), ignore_errors=True)

    def _folder(self, tenant_id: UUID, upload_id: UUID) -> Path:
        return self._root / str(tenant_id) / str(upload_id)

    def _path(self, tenant_id: UUID, upload_id: UUID, position: int) -> Path:
        return self._folder(tenant_id, upload_id) / str(position)


def _open(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


@contextmanager
def _alone(file: BinaryIO) -> Iterator[None]:
    """Keep every other process and request from adding to the same file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UploadBusy from None
    yield  # closing the file lets go


def _write(file: BinaryIO, rest: bytes) -> None:
    file.write(rest)
    sync_file(file)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sizes(folder: Path) -> dict[int, int]:
    try:
        with os.scandir(folder) as entries:
            return {int(one.name): one.stat().st_size for one in entries}
    except FileNotFoundError:
        return {}

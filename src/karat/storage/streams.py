"""Bytes that arrive piece by piece."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import BinaryIO

from starlette.types import Scope

LARGE_PIECE_BYTES = 1 << 20


async def pieces_of(file: BinaryIO) -> AsyncIterator[bytes]:
    """The rest of an open file, for `Storage.put`."""
    while piece := await asyncio.to_thread(file.read, LARGE_PIECE_BYTES):
        yield piece


async def gathered(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in larger pieces: a network hands over a few kilobytes at a time, and a thread costs more."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if len(waiting) >= LARGE_PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def announced_bytes(scope: Scope) -> int:
    """What Content-Length says; 0 where it says nothing that could be a length."""
    value: bytes = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(value[:20]) if value.isdigit() else 0  # 20 digits are too many already, and Python refuses 5,000

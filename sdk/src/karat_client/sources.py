"""Bytes to send, read piece by piece, so that memory does not grow with them."""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from karat_client.errors import SourceUnusable
from karat_client.zips import Entry

PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to send.

    Attributes:
        name: with the ending that tells the server what it is.
        read: the bytes from an offset on, the same each time.
        size: in bytes, None while unknown.
        again: whether `read` can be called a second time.
    """

    name: str
    read: Callable[[int], Iterable[bytes]]
    size: int | None
    again: bool = True


def bytes_source(content: bytes, name: str | None) -> Source:
    """Bytes of the memory."""
    return Source(_named(name), lambda begin: _cut(io.BytesIO(content), begin), len(content))


def file_source(entry: Entry) -> Source:
    """A file of the disk."""
    return Source(entry.name, lambda begin: _read_file(entry.path, begin), entry.path.stat().st_size)


def must_be_file(path: Path) -> Path:
    """The same path, if it can be read.

    Raises:
        SourceUnusable: it is not there, or not for us.
    """
    if not path.is_file():
        raise SourceUnusable("There is no such file or folder.", detail=str(path))
    if not os.access(path, os.R_OK):
        raise SourceUnusable("The file may not be read.", detail=str(path))
    return path


def stream_source(stream: BinaryIO, name: str | None) -> Source:
    """An open file, from where it stands."""
    name = _named(name)
    try:
        first = stream.tell() if stream.seekable() else None
    except (OSError, AttributeError):
        first = None
    if first is None:
        return Source(name, lambda begin: behind(_cut(stream, None), begin), None, again=False)
    return Source(name, lambda begin: _cut(stream, first + begin), stream.seek(0, os.SEEK_END) - first)


def _named(name: str | None) -> str:
    if not name:
        raise SourceUnusable(
            "What is uploaded needs a name.", hint="Give filename=…, with an ending such as .zip, .csv, .png or .txt."
        )
    return name


def name_of(stream: BinaryIO) -> str | None:
    """What an open file is called, if it lies on a disk."""
    name = getattr(stream, "name", None)
    return Path(name).name if isinstance(name, str) else None


def _read_file(path: Path, begin: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            yield from _cut(stream, begin)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> SourceUnusable:
    """The error for a file that was there before."""
    return SourceUnusable("A file cannot be read any more.", detail=f"{path}: {error.strerror}")


def _cut(stream: BinaryIO, begin: int | None) -> Iterator[bytes]:
    if begin is not None:
        stream.seek(begin)
    while piece := stream.read(PIECE):
        if not isinstance(piece, bytes):
            raise SourceUnusable("The file is open as text.", hint='Open it with mode "rb".')
        yield piece


def behind(pieces: Iterable[bytes], begin: int) -> Iterator[bytes]:
    """What comes from an offset on, of bytes that can only be made from their beginning."""
    for piece in pieces:
        if begin < len(piece):
            yield piece[begin:] if begin else piece
        begin = max(0, begin - len(piece))

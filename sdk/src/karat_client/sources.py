"""What is uploaded: a file, a folder, bytes, a table. Read piece by piece, so that memory does not grow with it."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from karat_client.errors import SourceUnusable
from karat_client.zips import Entry, zip_size, zip_stream

PIECE = 1 << 18
Readable = str | os.PathLike[str] | bytes | BinaryIO | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to send.

    Attributes:
        name: with the ending that tells the server what it is.
        pieces: called for every try; gives the same bytes each time.
        total: of `unit`s that `done` of an upload counts up to, None while unknown.
        again: whether `pieces` can be called a second time.
    """

    name: str
    pieces: Callable[[], Iterable[bytes]]
    total: int | None
    again: bool = True


def source_of(what: Readable, name: str | None = None) -> Source:
    """How to read what is to be uploaded.

    Args:
        what: the path of a file or of a folder, paths of several files, bytes, or an open binary file.
        name: how the server is to call it; needed for bytes and nameless files, since its ending says what it is.

    Raises:
        SourceUnusable: there is nothing to read there.
    """
    if isinstance(what, str | os.PathLike):
        return _from_path(Path(what), name)
    if isinstance(what, bytes | bytearray | memoryview):
        content = bytes(what)
        return Source(_named(name), lambda: _cut(io.BytesIO(content)), len(content))
    if hasattr(what, "read"):
        stream = cast("BinaryIO", what)
        return _from_stream(stream, name or _name_of(stream))
    files = [Path(one) for one in cast("Sequence[str]", what)]
    for file in files:
        _must_be_file(file)
    entries = _entries_of(files)
    if not entries:
        raise SourceUnusable("No file was given to upload.")
    return _zipped(entries, name or "files.zip")


def _from_path(path: Path, name: str | None) -> Source:
    if path.is_dir():
        entries = _folder_entries(path)
        if not entries:
            raise SourceUnusable("The folder holds no file.", detail=str(path))
        return _zipped(entries, name or f"{path.resolve().name or 'folder'}.zip")
    _must_be_file(path)
    return Source(name or path.name, lambda: _read_file(path), path.stat().st_size)


def _must_be_file(path: Path) -> None:
    if not path.is_file():
        raise SourceUnusable("There is no such file or folder.", detail=str(path))
    if not os.access(path, os.R_OK):
        raise SourceUnusable("The file may not be read.", detail=str(path))


def _folder_entries(folder: Path) -> list[Entry]:
    """Every file below a folder by its path from there, in a fixed order; links to folders are not followed."""
    found = []
    for place, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            path = Path(place, file)
            if path.is_file():
                found.append(Entry(path.relative_to(folder).as_posix(), path))
    return found


def _entries_of(files: Sequence[Path]) -> list[Entry]:
    """Files by their names; those of a name that occurs twice by their paths from where all of them have in common."""
    names = [file.name for file in files]
    if len(set(names)) == len(names):
        return [Entry(file.name, file) for file in files]
    whole = [file.resolve() for file in files]
    if len(set(whole)) < len(whole):
        raise SourceUnusable("A file was given twice.", detail=str(next(one for one in whole if whole.count(one) > 1)))
    common = os.path.commonpath([one.parent for one in whole])
    return [Entry(one.relative_to(common).as_posix(), one) for one in whole]


def _zipped(entries: list[Entry], name: str) -> Source:
    total = zip_size(entries)
    return Source(name if name.lower().endswith(".zip") else f"{name}.zip", lambda: zip_stream(entries), total)


def _from_stream(stream: BinaryIO, name: str | None) -> Source:
    name = _named(name)
    try:
        begin = stream.tell() if stream.seekable() else None
    except (OSError, AttributeError):
        begin = None
    if begin is None:
        return Source(name, lambda: _cut(stream), None, again=False)

    def pieces() -> Iterator[bytes]:
        stream.seek(begin)
        return _cut(stream)

    end = stream.seek(0, os.SEEK_END)
    return Source(name, pieces, end - begin)


def _named(name: str | None) -> str:
    if not name:
        raise SourceUnusable(
            "What is uploaded needs a name.", hint="Give filename=…, with an ending such as .zip, .csv, .png or .txt."
        )
    return name


def _name_of(stream: BinaryIO) -> str | None:
    name = getattr(stream, "name", None)
    return Path(name).name if isinstance(name, str) else None


def _read_file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from _cut(stream)


def _cut(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        if not isinstance(piece, bytes):
            raise SourceUnusable("The file is open as text.", hint='Open it with mode "rb".')
        yield piece

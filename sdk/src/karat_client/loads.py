"""What one call uploads: a file, bytes, a table, or the files of a folder."""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from karat_client.errors import SourceUnusable
from karat_client.sources import (
    Source,
    behind,
    bytes_source,
    file_source,
    must_be_file,
    name_of,
    stream_source,
    unreadable,
)
from karat_client.zips import Entry, zip_size, zip_stream

# What fits into one part is sent in one request.
PART_BYTES = 8 << 20
MOST_ZIP_BYTES = 1 << 30
MOST_ZIP_ENTRIES = 50_000
# Files of this size on average are sent one by one: a request for each of them costs little beside its bytes.
LARGE_FILE_BYTES = 1 << 20
OneFile = str | os.PathLike[str] | bytes | BinaryIO
Readable = str | os.PathLike[str] | bytes | BinaryIO | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Load:
    """What one call uploads: one source, or several that are read together.

    Attributes:
        name: of the whole, for people.
        files: of the disk; what has become of them is seen by `stamp`.
    """

    name: str
    sources: tuple[Source, ...]
    files: tuple[Path, ...] = ()

    @property
    def size(self) -> int | None:
        """Bytes in all, None while unknown."""
        known = [one.size for one in self.sources if one.size is not None]
        return sum(known) if len(known) == len(self.sources) else None

    def stamp(self) -> str | None:
        """Tells these files, as they are now, from all others; None for what is no file.

        Raises:
            SourceUnusable: one of them is not there any more.
        """
        if not self.files:
            return None
        digest = hashlib.sha256()
        for file in self.files:
            try:
                now = file.stat()
            except OSError as error:
                raise unreadable(file, error) from error
            digest.update(f"{file.absolute()}\0{now.st_size}\0{now.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()


def load_of(what: Readable, name: str | None = None) -> Load:
    """How to read what is to be uploaded.

    Args:
        what: the path of a file or of a folder, paths of several files, bytes, or an open binary file.
        name: how the server is to call it; needed for bytes and nameless files, since its ending says what it is.

    Raises:
        SourceUnusable: there is nothing to read there.
    """
    if isinstance(what, str | os.PathLike):
        path = Path(what)
        return _from_folder(path, name) if path.is_dir() else _from_file(path, name)
    if isinstance(what, bytes | bytearray | memoryview):
        return _single(bytes_source(bytes(what), name))
    if hasattr(what, "read"):
        stream = cast("BinaryIO", what)
        return _single(stream_source(stream, name or name_of(stream)))
    files = [Path(one) for one in cast("Sequence[str]", what)]
    for file in files:
        must_be_file(file)
    entries = _entries_of(files)
    if not entries:
        raise SourceUnusable("No file was given to upload.")
    return _together(entries, name or "files.zip")


def one_file(what: OneFile, name: str) -> Source:
    """One file as it is.

    Args:
        name: of bytes, and of what has no name.

    Raises:
        SourceUnusable: it cannot be read, or is a folder.
    """
    if isinstance(what, str | os.PathLike):
        return file_source(Entry(Path(what).name, must_be_file(Path(what))))
    (source,) = load_of(what, None if hasattr(what, "read") and name_of(cast("BinaryIO", what)) else name).sources
    return source


def load_of_table(name: str, pieces: Callable[[], Iterable[bytes]]) -> Load:
    """A table whose bytes are made while they are sent, so that nobody knows how many there will be."""
    return _single(Source(name, lambda begin: behind(pieces(), begin), None))


def _single(source: Source, *files: Path) -> Load:
    return Load(source.name, (source,), files)


def _from_file(path: Path, name: str | None) -> Load:
    must_be_file(path)
    return _single(file_source(Entry(name or path.name, path)), path)


def _from_folder(path: Path, name: str | None) -> Load:
    entries = _folder_entries(path)
    if not entries:
        raise SourceUnusable("The folder holds no file.", detail=str(path))
    return _together(entries, name or f"{path.resolve().name or 'folder'}.zip")


def _together(entries: list[Entry], name: str) -> Load:
    """Several files as a ZIP that is made while it is sent; large ones, and very many, each by itself."""
    name = name if name.lower().endswith(".zip") else f"{name}.zip"
    files = tuple(one.path for one in entries)
    size = zip_size(entries)
    is_zip = size <= PART_BYTES or len(entries) == 1 or size < LARGE_FILE_BYTES * len(entries)
    if is_zip and size <= MOST_ZIP_BYTES and len(entries) <= MOST_ZIP_ENTRIES:
        return _single(Source(name, lambda begin: behind(zip_stream(entries), begin), size), *files)
    return Load(name.removesuffix(".zip"), tuple(file_source(one) for one in entries), files)


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

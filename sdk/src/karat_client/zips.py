"""A ZIP that is made while it is sent: nothing is written to disk, and memory holds a piece at a time."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from karat_client.errors import SourceUnusable

PIECE = 1 << 18
ALWAYS_THE_SAME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file and its name within the ZIP."""

    name: str
    path: Path


class _Outlet:
    """A file that cannot seek; what was written is taken out again."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, piece: bytes) -> int:
        self._held += piece
        return len(piece)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        piece, self._held = bytes(self._held), bytearray()
        return piece

    def __len__(self) -> int:
        return len(self._held)


def zip_size(entries: Sequence[Entry]) -> int:
    """How many bytes `zip_stream` gives, as long as no file needs more than 32 bits for its size; then a few more.

    An entry has a header of 30 bytes and its name, the content, a descriptor of 16 bytes, and in the list at the end 46
    bytes and its name again; the list ends with 22 bytes (APPNOTE.TXT 4.3.7 to 4.3.16).
    """
    names = sum(len(one.name.encode()) for one in entries)
    return sum(one.path.stat().st_size for one in entries) + 2 * names + (30 + 16 + 46) * len(entries) + 22


def zip_stream(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The bytes of a ZIP of these files; the same files give the same bytes, so that sending them twice is harmless.

    Stored, not compressed: images and archives are compressed already, and no entry can look like a bomb.

    Raises:
        SourceUnusable: a file is not there any more, or may not be read.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:  # type: ignore[call-overload]
        for entry in entries:
            for _ in _add(archive, entry):
                if len(outlet) >= PIECE:
                    yield outlet.take()
    yield outlet.take()


def _add(archive: zipfile.ZipFile, entry: Entry) -> Iterator[None]:
    info = zipfile.ZipInfo(entry.name, ALWAYS_THE_SAME)
    info.external_attr = 0o100644 << 16
    try:
        with entry.path.open("rb") as file:
            info.file_size = entry.path.stat().st_size
            with archive.open(info, "w") as target:
                while piece := file.read(PIECE):
                    target.write(piece)
                    yield
    except OSError as error:
        raise SourceUnusable("A file cannot be read any more.", detail=f"{entry.path}: {error.strerror}") from error
    yield

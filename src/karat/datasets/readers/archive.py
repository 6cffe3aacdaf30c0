"""A ZIP archive, which is read as if it came from an enemy."""

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from karat.datasets.limits import DEFAULT_LIMITS, MIB, IngestLimits
from karat.datasets.readers.beside import find_manifest, folder_of
from karat.datasets.readers.found import Found, FoundAsset, FoundFault, is_junk, name_fault, refuse
from karat.datasets.readers.manifest import read_manifest

# An entry takes at least 46 bytes in the list at the end of a ZIP, and Python some 600 for each; names come on top.
_DIRECTORY_BYTES_PER_ENTRY = 1100
_LIST_END, _LIST_END_64, _POINTER_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
# RuntimeError is also NotImplementedError, for a packing method that zipfile does not know.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, LookupError)


def read_zip(
    source: Path | BinaryIO, limits: IngestLimits = DEFAULT_LIMITS, *, start: int = 0, lines: Path | None = None
) -> Found:
    """The files of a ZIP, in the order of its list; nothing is ever unpacked to disk.

    Refused, each by itself: paths that are absolute or climb, links and devices, encrypted entries, entries that are
    too large or that unpack to more than `max_ratio` times their size. Too many entries, or too many bytes in all, end
    the reading. An archive within the archive is content like any other. If there is a manifest at the top, its rows are
    the assets, and the other entries are what they name.

    Args:
        lines: the manifest, if it is Parquet, as lines of JSON.
        start: positions before it are counted but neither unpacked nor reported.
    """
    try:
        if _list_bytes(source) > limits.max_assets * _DIRECTORY_BYTES_PER_ENTRY:
            yield _too_many(0, limits)
            return
        archive = zipfile.ZipFile(source)
    except _DAMAGED:
        message = "The ZIP cannot be read: its list of entries, which stands at the end, is missing or damaged."
        yield refuse(
            0, "zip.damaged", message, "archive", "It is cut short or no ZIP: send it again.", ends_reading=True
        )
        return
    with archive:
        entries = _files(archive)
        if len(entries) > limits.max_assets:
            yield _too_many(0, limits)
        elif manifest := find_manifest(_path(entry) for entry in entries):
            yield from _read_rows(archive, entries, manifest, limits, start, lines)
        else:
            yield from _read_entries(archive, entries, limits, start)


def manifest_of(source: Path, target: Path, limits: IngestLimits = DEFAULT_LIMITS) -> str | None:
    """Unpack the manifest of a ZIP, if there is one and it is Parquet; its name."""
    try:
        if _list_bytes(source) > limits.max_assets * _DIRECTORY_BYTES_PER_ENTRY:
            return None
        with zipfile.ZipFile(source) as archive:
            entries = {_path(entry): entry for entry in _files(archive)}
            name = find_manifest(entries)
            if name is None or not name.lower().endswith(".parquet") or _refusal(0, entries[name], name, limits):
                return None
            with archive.open(entries[name]) as stream, target.open("wb") as file:
                file.write(stream.read(entries[name].file_size))
    except _DAMAGED:
        return None  # reading the ZIP says so
    return name


class ZipBeside:
    """The entries of a ZIP, for the rows of its manifest; see `Beside`."""

    def __init__(self, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], manifest: str) -> None:
        self._archive = archive
        self._folder = folder_of(manifest)
        self._entries = {_path(entry): entry for entry in reversed(entries)}
        self._left = dict.fromkeys(name for name in map(_path, entries) if name != manifest)

    def find(self, name: str, limits: IngestLimits) -> bytes | tuple[str, str]:
        """See `Beside`."""
        path = self.mark(name)
        if path not in self._entries:
            return "row.no_such_file", f"The archive has no entry {path[:200]}."
        entry = self._entries[path]
        found = _refusal(0, entry, path, limits) or _unpack(self._archive, 0, entry, path)
        return found.content if isinstance(found, FoundAsset) else (found.fault.code, found.fault.message)

    def left(self) -> list[str]:
        """See `Beside`."""
        return list(self._left)

    def mark(self, name: str) -> str:
        """See `Beside`; the name of the entry."""
        path = self._folder + name.strip().replace("\\", "/").removeprefix("./")
        self._left.pop(path, None)
        return path


def _read_rows(
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    manifest: str,
    limits: IngestLimits,
    start: int,
    lines: Path | None,
) -> Found:
    entry = next(one for one in entries if _path(one) == manifest)
    if fault := _refusal(0, entry, manifest, limits):
        yield FoundFault(0, fault.fault, ends_reading=True)
        return
    beside = ZipBeside(archive, entries, manifest)
    try:
        with lines.open("rb") if lines else archive.open(entry) as stream:
            yield from read_manifest(cast("BinaryIO", stream), manifest, limits, beside=beside, start=start)
    except _DAMAGED:
        message = "The manifest is damaged: it cannot be unpacked, or its checksum differs."
        yield refuse(0, "entry.damaged", message, _where(manifest), "Pack it again.", ends_reading=True)


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    # Not ZipInfo.is_dir, which fails on an empty name.
    return [entry for entry in archive.infolist() if not _path(entry).endswith("/") and not is_junk(_path(entry))]


def _read_entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: IngestLimits, start: int) -> Found:
    total, seen = 0, set()
    for position, entry in enumerate(entries):
        name = _path(entry)
        is_repeated = name in seen
        seen.add(name)
        if position < start:
            continue
        total += entry.file_size
        if total > limits.max_total_bytes:
            message = f"The entries together exceed {limits.max_total_bytes} bytes."
            yield refuse(position, "zip.too_large", message, _where(name), "Send it in parts.", ends_reading=True)
            return
        if is_repeated:
            yield refuse(position, "entry.repeated", "An entry of this name came before.", _where(name))
        else:
            yield _refusal(position, entry, name, limits) or _unpack(archive, position, entry, name)


def _refusal(position: int, entry: zipfile.ZipInfo, name: str, limits: IngestLimits) -> FoundFault | None:
    where = _where(name)
    if reason := name_fault(name):
        return refuse(position, "entry.name", reason, where, "Rename the file.")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return refuse(position, "entry.unsafe_path", "The path leads out of the archive.", where, "Pack it again.")
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return refuse(position, "entry.not_regular", "It is a link or a device, not a file.", where)
    if entry.flag_bits & 1:
        return refuse(position, "entry.encrypted", "The entry is encrypted.", where, "Pack it without a password.")
    if entry.file_size > limits.max_asset_bytes:
        message = f"It has {entry.file_size} bytes; at most {limits.max_asset_bytes} are possible."
        return refuse(position, "file.too_large", message, where)
    if entry.file_size > max(MIB, limits.max_ratio * entry.compress_size):
        message = f"It unpacks to more than {limits.max_ratio} times its packed size, as a decompression bomb does."
        return refuse(position, "entry.ratio", message, where, "Pack it without compression.")
    return None


def _unpack(archive: zipfile.ZipFile, position: int, entry: zipfile.ZipInfo, name: str) -> FoundAsset | FoundFault:
    try:
        with archive.open(entry) as stream:
            # zipfile never gives more than the announced size, which was judged, and checks the CRC at the end.
            content = stream.read(entry.file_size + 1)
    except _DAMAGED:
        message = "The entry is damaged: it cannot be unpacked, or its checksum differs."
        return refuse(position, "entry.damaged", message, _where(name), "Pack it again.")
    if len(content) != entry.file_size:
        return refuse(position, "entry.damaged", "The entry is shorter than it says.", _where(name), "Pack it again.")
    return FoundAsset(position, external_id=name, name=name, content=content, where=_where(name))


def _path(entry: zipfile.ZipInfo) -> str:
    # orig_filename still holds what zipfile hides: everything behind a NUL.
    return entry.orig_filename.replace("\\", "/").removeprefix("./")


def _where(name: str) -> str:
    return "entry " + name.encode("utf-8", "backslashreplace").decode()[:300]


def _too_many(position: int, limits: IngestLimits) -> FoundFault:
    message = f"The archive holds more than {limits.max_assets} entries."
    return refuse(position, "zip.too_many_entries", message, "archive", "Send it in parts.", ends_reading=True)


def _list_bytes(source: Path | BinaryIO) -> int:
    """Size of the list of entries, which zipfile would read into memory as a whole (APPNOTE.TXT 4.3.14 to 4.3.16)."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return _list_bytes(stream)
    size = source.seek(0, 2)
    begin = max(0, size - 66_000)
    source.seek(begin)
    tail = source.read(66_000)
    at = tail.rfind(_LIST_END)
    if at < 0 or at + 22 > len(tail):
        raise zipfile.BadZipFile
    listed = int(struct.unpack_from("<I", tail, at + 12)[0])
    if at >= 20 and tail[at - 20 : at - 16] == _POINTER_64:
        source.seek(struct.unpack_from("<Q", tail, at - 12)[0])
        end = source.read(56)
        if end[:4] == _LIST_END_64:
            listed = int(struct.unpack_from("<Q", end, 40)[0])
    source.seek(0)
    return min(listed, size)

"""Reading an archive, which may come from an enemy: what it is, whether it is whole, and its rows.

Everything is judged before anything is written: only names that an archive has, no larger than it says, unpacked to no
more than it may, each part with the hash of the manifest, and the manifest with its signature.
"""

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from karat.delivery.archive_columns import read
from karat.delivery.archive_errors import ArchiveInvalid, ArchiveNewer, archive_invalid, broken
from karat.delivery.archive_parts import ALL_PARTS, PEOPLE, Part
from karat.delivery.archive_types import AUDIT, FORMAT, FORMAT_VERSION, LABELS, MANIFEST, PartEntry, SignedManifest
from karat.delivery.archive_writing import media_name
from karat.kit import Fault
from karat.kit.canonical import NotCanonical, read_canonical
from karat.kit.signing import is_signed

MIB = 1 << 20
MAX_MANIFEST_BYTES = MIB
MAX_LINE_BYTES = 64 * MIB
MAX_PARTS_BYTES = 64 << 30
MAX_MEDIUM_BYTES = 100 * MIB
MAX_RATIO = 400
MAX_LIST_BYTES = 200 * MIB  # of the list of entries, which is read into memory: some million and a half
PIECE_BYTES = MIB
_MEDIUM = re.compile(r"media/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, LookupError)
_AGAIN = "Send the archive again, or export it anew."


class Archive:
    """An archive that was found whole."""

    def __init__(self, opened: zipfile.ZipFile, manifest: SignedManifest, entries: dict[str, zipfile.ZipInfo]) -> None:
        self.manifest = manifest
        self._zip, self._entries = opened, entries
        self._parts = {one.name: one for one in manifest.parts}

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def n_rows(self, part: Part) -> int:
        """Rows of a part."""
        return self._parts[part.file].n_rows

    def rows(self, part: Part, shift: int) -> Iterator[list[Any]]:
        """The values of each row in the order of the part's columns, ids moved.

        Raises:
            ArchiveInvalid: a row is not what it should be, with its line.
        """
        lacking = part.lacking(self.manifest.format_version)
        with self._zip.open(self._entries[part.file]) as stream:
            for number, line in enumerate(stream, start=1):
                yield _row(part, line, lacking, f"{part.file}, line {number}", shift)

    def has_medium(self, sha256: str) -> bool:
        """Whether the medium is in the archive."""
        return media_name(sha256) in self._entries

    def medium(self, sha256: str) -> bytes:
        """The content of a medium.

        Raises:
            ArchiveInvalid: it is not there, damaged, or has another hash than its name.
        """
        name = media_name(sha256)
        if name not in self._entries:
            raise broken("medium_missing", "The archive does not hold this medium of an asset.", name, _AGAIN)
        try:
            content = self._zip.read(self._entries[name])
        except _DAMAGED as error:
            raise broken("damaged", "The medium cannot be unpacked.", name, _AGAIN) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise broken("altered", "The medium has another content than its name says.", name, _AGAIN)
        return content


def open_archive(path: Path) -> Archive:
    """Open an archive and judge all of it but the media, which are judged one by one when they are taken.

    Raises:
        ArchiveInvalid: with the faults.
        ArchiveNewer: a newer Karat wrote it.
    """
    try:
        _check_list(path)
        opened = zipfile.ZipFile(path)
    except ArchiveInvalid:
        raise
    except _DAMAGED as error:
        message = "It is no ZIP, or it was cut short: the list of its entries, which stands at the end, is missing."
        raise broken("no_zip", message, "the archive", _AGAIN) from error
    try:
        entries = _entries_of(opened)
        manifest = _manifest_of(opened, entries)
        _check_parts(opened, entries, manifest)
    except BaseException:
        opened.close()
        raise
    return Archive(opened, manifest, entries)


def _check_list(path: Path) -> None:
    """Refuse a list of entries that would not fit into memory (APPNOTE.TXT 4.3.16; the 64-bit form has its own place)."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 66_000))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise zipfile.BadZipFile
    listed = int(struct.unpack_from("<I", tail, at + 12)[0])
    if min(listed, size) > MAX_LIST_BYTES and listed != 0xFFFFFFFF:
        raise broken("too_many_entries", "It has more entries than an archive can have.", "the archive")


def _entries_of(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    known = {MANIFEST, AUDIT, LABELS, *(one.file for one in ALL_PARTS)}
    entries: dict[str, zipfile.ZipInfo] = {}
    faults = []
    for entry in opened.infolist():
        where = f"entry {entry.orig_filename[:200]!r}"
        if entry.orig_filename not in known and not _MEDIUM.fullmatch(entry.orig_filename):
            message = "No archive of a project has an entry of this name."
            faults.append(Fault(code="archive.unknown_entry", message=message, where=where))
        elif entry.filename in entries:
            faults.append(Fault(code="archive.repeated_entry", message="It is there twice.", where=where))
        elif found := _entry_fault(entry, where):
            faults.append(found)
        entries[entry.filename] = entry
    if faults:
        raise archive_invalid(*faults)
    if MANIFEST not in entries:
        message = "It has no manifest, so it is no archive of a project."
        raise broken("no_manifest", message, MANIFEST, "Export the project with `karat projects archive`.")
    return entries


def _entry_fault(entry: zipfile.ZipInfo, where: str) -> Fault | None:
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        return Fault(code="archive.not_regular", message="It is a link or a device, not a file.", where=where)
    if entry.flag_bits & 1:
        return Fault(code="archive.encrypted", message="The entry is encrypted.", where=where)
    limit = MAX_MEDIUM_BYTES if entry.filename.startswith("media/") else MAX_PARTS_BYTES
    limit = MAX_MANIFEST_BYTES if entry.filename == MANIFEST else limit
    if entry.file_size > limit:
        message = f"It has {entry.file_size} bytes; at most {limit} are possible."
        return Fault(code="archive.too_large", message=message, where=where)
    if entry.file_size > max(MIB, MAX_RATIO * entry.compress_size):
        message = f"It unpacks to more than {MAX_RATIO} times its packed size, as a decompression bomb does."
        return Fault(code="archive.ratio", message=message, where=where)
    return None


def _manifest_of(opened: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> SignedManifest:
    try:
        value = read_canonical(opened.read(entries[MANIFEST]))
    except NotCanonical as error:
        raise broken("manifest", f"The manifest was changed: {error}.", MANIFEST, _AGAIN) from error
    except _DAMAGED as error:
        raise broken("damaged", "The manifest cannot be unpacked.", MANIFEST, _AGAIN) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise broken("manifest", "The manifest is not that of a project.", MANIFEST)
    version = value.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise ArchiveNewer(format_version=version, known=FORMAT_VERSION, karat=str(value.get("karat"))[:100])
    try:
        manifest = SignedManifest.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join((MANIFEST, *map(str, first["loc"])))
        raise broken("manifest", f"{first['msg']}.", where, _AGAIN) from error
    signed = {name: one for name, one in value.items() if name != "signature"}
    if not is_signed(signed, manifest.signature, manifest.public_key):
        message = "Its signature does not hold: something was changed after it was written."
        raise broken("signature", message, MANIFEST, _AGAIN)
    return manifest


def _check_parts(opened: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], manifest: SignedManifest) -> None:
    expected = {AUDIT, LABELS, *(one.file for one in ALL_PARTS)}
    listed = {one.name for one in manifest.parts}
    faults = [
        Fault(code="archive.part_missing", message="A part is missing.", where=name, hint=_AGAIN)
        for name in sorted(expected - (listed & set(entries)))
    ]
    n_media = sum(name.startswith("media/") for name in entries)
    if n_media != manifest.n_media:
        message = f"It holds {n_media:,} media; the manifest says {manifest.n_media:,}."
        faults.append(Fault(code="archive.media_missing", message=message, where="media", hint=_AGAIN))
    if not faults:
        faults = [found for one in manifest.parts if (found := _part_fault(opened, entries[one.name], one))]
    if faults:
        raise archive_invalid(*faults)


def _part_fault(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, part: PartEntry) -> Fault | None:
    digest, n_bytes, n_rows, line = hashlib.sha256(), 0, 0, 0
    try:
        with opened.open(entry) as stream:
            while piece := stream.read(PIECE_BYTES):
                digest.update(piece)
                n_bytes += len(piece)
                n_rows += piece.count(b"\n")
                line = len(piece) - piece.rfind(b"\n") - 1 + (line if b"\n" not in piece else 0)
                if line > MAX_LINE_BYTES:
                    message = f"A line has more than {MAX_LINE_BYTES} bytes."
                    return Fault(code="archive.line_too_long", message=message, where=part.name)
    except _DAMAGED:
        message = "It cannot be unpacked: it is damaged, or was cut short."
        return Fault(code="archive.damaged", message=message, where=part.name, hint=_AGAIN)
    if (digest.hexdigest(), n_bytes, n_rows) != (part.sha256, part.n_bytes, part.n_rows):
        message = "It is not what was written: its hash differs from the manifest's."
        return Fault(code="archive.altered", message=message, where=part.name, hint=_AGAIN)
    return None


def _row(part: Part, line: bytes, lacking: dict[str, Any], where: str, shift: int) -> list[Any]:
    try:
        value = json.loads(line)
        if not isinstance(value, dict) or value.keys() != part.columns.keys() - lacking.keys():
            raise ValueError("not a row of this part")
        value |= lacking
    except (ValueError, RecursionError) as error:
        raise broken("row", f"The line is {error}.", where) from error
    row = []
    for name, kind in part.columns.items():
        try:
            row.append(read(kind, value[name], shift))
        except (ValueError, OverflowError, RecursionError) as error:
            raise broken("row", f"{name} is {error}.", where) from error
    return row


__all__ = ["PEOPLE", "Archive", "open_archive"]

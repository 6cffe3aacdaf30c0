"""The files that came with a manifest, and what a row that names one leads to."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from karat.datasets.limits import IngestLimits
from karat.datasets.readers.folder import read_within
from karat.datasets.readers.found import FoundAsset, FoundFault, FoundPointer, refuse

CONTENT_COLUMNS = ("text", "image", "url", "key", "file", "path")
MANIFESTS = ("manifest", "metadata")
TABLE_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet")
BUCKET_SCHEMES = {"s3": "s3", "gs": "gcs", "az": "azure"}
CHECK_HINT = "Check the path; it is read from where the manifest lies."


class Beside(Protocol):
    """What a manifest's rows can name by a path."""

    def find(self, name: str, limits: IngestLimits) -> bytes | tuple[str, str] | str:
        """The content, or code and message of what is wrong, or the key in the bucket that the manifest came from."""
        ...

    def left(self) -> list[str]:
        """Files that no row has named so far."""
        ...

    def mark(self, name: str) -> str:
        """A row names this one, wanted or not; its full name."""
        ...


class FolderBeside:
    """The files of a folder of the server."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()

    def find(self, name: str, limits: IngestLimits) -> bytes | tuple[str, str]:
        """See `Beside`."""
        return read_within(self._root, name, limits)

    def left(self) -> list[str]:
        """Not looked for: a folder of the server may hold anything."""
        return []

    def mark(self, name: str) -> str:
        """See `Beside`."""
        return name


class BucketBeside:
    """The objects of the bucket that a manifest lies in.

    Args:
        folder: of the manifest, with its slash; paths are read from there.
        bucket: name and kind, for rows that write `s3://bucket/key`.
        prefix: of the connection; nothing outside of it is read.
    """

    def __init__(self, folder: str, bucket: str, kind: str, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._bucket = bucket
        self._kind = kind

    def find(self, name: str, limits: IngestLimits) -> tuple[str, str] | str:
        """See `Beside`."""
        scheme, _, rest = name.partition("://")
        if not rest:
            return self._checked(self._folder + name.removeprefix("./"))
        bucket, _, key = rest.partition("/")
        if BUCKET_SCHEMES.get(scheme.lower()) != self._kind or bucket != self._bucket:
            return "row.other_bucket", "It lies in another bucket than the manifest."
        return self._checked(key)

    def _checked(self, key: str) -> tuple[str, str] | str:
        if not is_plain_key(key) or not key.startswith(self._prefix):
            return "row.unsafe_path", "The path leads out of what the connection may read, or no key is like it."
        return key

    def left(self) -> list[str]:
        """Not looked for: a bucket may hold anything."""
        return []

    def mark(self, name: str) -> str:
        """See `Beside`."""
        return name


def is_plain_key(key: str) -> bool:
    """Whether a key is one that a bucket's list could have: no empty part, none that climbs."""
    return not any(part in {"", ".", ".."} for part in key.split("/"))


def find_manifest(names: Iterable[str]) -> str | None:
    """The manifest among the files that came together: `manifest` or `metadata` with a table's ending, at the top."""
    found = [name for name in names if _is_manifest(name)]
    return min(found, key=lambda name: (name.count("/"), name)) if found else None


def folder_of(name: str) -> str:
    """The folder of a path, with its slash; nothing for a path without one."""
    head, slash, _ = name.rpartition("/")
    return head + slash


def lead(
    position: int,
    external_id: str | None,
    column: str,
    value: str,
    where: str,
    metadata: Mapping[str, str],
    beside: Beside | None,
    limits: IngestLimits,
) -> FoundAsset | FoundFault | FoundPointer:
    """What a row's cell leads to: an address, an object of the bucket, or a file that came along."""
    value = value.strip()
    if column == "url" or value[:8].lower().startswith(("http://", "https://")):
        name = unquote(urlsplit(value).path.rpartition("/")[2]) if _splits(value) else ""
        return FoundPointer(position, external_id, name or value[:200], where, metadata, url=value)
    if beside is None:
        message = f"The row names the file {value[:200]}, but no files came with the table."
        hint = "Import a ZIP or a folder with the table named manifest and its files, or give addresses with https://."
        return refuse(position, "row.no_folder", message, where, hint)
    content = beside.find(value, limits) if value else ("row.no_file", "The cell names no file.")
    if isinstance(content, str):
        return FoundPointer(position, external_id or content, value, where, metadata, key=content)
    if isinstance(content, tuple):
        return refuse(position, *content, where, CHECK_HINT)
    return FoundAsset(position, external_id or value, value, content, where, metadata)


def left_over(position: int, beside: Beside | None) -> list[FoundFault]:
    """One fault for all files that came along and that no row names; they are not taken, and that is said."""
    left = beside.left() if beside else []
    if not left:
        return []
    some = ", ".join(left[:3]) + (" …" if len(left) > 3 else "")
    message = f"{len(left):,} {'file' if len(left) == 1 else 'files'} came along that no row names: {some[:300]}."
    hint = "Add rows for them, or import them without the manifest."
    return [refuse(position, "manifest.files_left", message, "manifest", hint)]


def _is_manifest(name: str) -> bool:
    base = name.rpartition("/")[2].lower()
    return name.count("/") <= 1 and any(base == stem + ending for stem in MANIFESTS for ending in TABLE_ENDINGS)


def _splits(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True

"""Which reader a source needs: one uploaded file, several that came together, or a folder of the server."""

from collections.abc import Sequence
from pathlib import Path

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.readers.archive import manifest_of, read_zip
from karat.datasets.readers.beside import TABLE_ENDINGS, FolderBeside, find_manifest, folder_of
from karat.datasets.readers.folder import read_file, read_folder, read_within
from karat.datasets.readers.found import Found, FoundAsset, is_junk, name_fault, refuse
from karat.datasets.readers.manifest import read_manifest
from karat.datasets.readers.rows import looks_like_addresses, read_addresses
from karat.datasets.signatures import media_type_of

HEAD_BYTES = 4096


def read_upload(
    path: Path,
    filename: str,
    limits: IngestLimits = DEFAULT_LIMITS,
    *,
    modality: str = "text",
    start: int = 0,
    lines: Path | None = None,
) -> Found:
    """Read one uploaded file: a ZIP by its content, a table by its name, anything else as one asset.

    Args:
        filename: as the sender calls it; only its ending and, for a single asset, its last part are used.
        modality: of an image dataset, a text of addresses is a list of them.
        start: as in the other readers.
        lines: the table, if it is Parquet, as lines of JSON.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if media_type_of(head) == "application/zip" or filename.lower().endswith(".zip"):
        yield from read_zip(path, limits, start=start, lines=lines)
    elif filename.lower().endswith(TABLE_ENDINGS):
        with (lines or path).open("rb") as stream:
            yield from read_manifest(stream, filename, limits, start=start)
    elif modality == "image" and media_type_of(head) is None and looks_like_addresses(head):
        with path.open("rb") as stream:
            yield from read_addresses(stream, limits, start=start)
    else:
        yield from read_file(path, filename, limits, start=start)


def read_server_folder(
    folder: Path, limits: IngestLimits = DEFAULT_LIMITS, *, start: int = 0, lines: Path | None = None
) -> Found:
    """The files of a folder of the server, or what the rows of its manifest name."""
    manifest = manifest_in(folder)
    if manifest is None:
        yield from read_folder(folder, limits, start=start)
        return
    with (lines or manifest).open("rb") as stream:
        yield from read_manifest(stream, manifest.name, limits, beside=FolderBeside(folder), start=start)


def manifest_in(folder: Path) -> Path | None:
    """The manifest at the top of a folder."""
    names = sorted(one.name for one in folder.iterdir() if one.is_file() and not one.is_symlink())
    name = find_manifest(names)
    return folder / name if name else None


class FilesBeside:
    """Files that were uploaded together, for the rows of their manifest; see `Beside`."""

    def __init__(self, files: Sequence[tuple[str, Path]], manifest: str) -> None:
        self._folder = folder_of(manifest)
        self._paths = dict(files)
        self._left = {name: None for name, _ in files if name != manifest and not is_junk(name)}

    def find(self, name: str, limits: IngestLimits) -> bytes | tuple[str, str]:
        """See `Beside`."""
        whole = self.mark(name)
        if whole not in self._paths:
            return "row.no_such_file", f"No file {whole[:200]} came along."
        path = self._paths[whole]
        return read_within(path.parent.resolve(), path.name, limits)

    def left(self) -> list[str]:
        """See `Beside`."""
        return list(self._left)

    def mark(self, name: str) -> str:
        """See `Beside`; the name of the file."""
        whole = self._folder + name.strip().replace("\\", "/").removeprefix("./")
        self._left.pop(whole, None)
        return whole


def read_files(
    files: Sequence[tuple[str, Path]],
    limits: IngestLimits = DEFAULT_LIMITS,
    *,
    start: int = 0,
    lines: Path | None = None,
) -> Found:
    """Files that were uploaded together, or what the rows of the manifest among them name.

    Args:
        files: names as the sender gave them, which are only text, and where the bytes are.
    """
    manifest = find_manifest(name for name, _ in files)
    if manifest is not None:
        with (lines or dict(files)[manifest]).open("rb") as stream:
            beside = FilesBeside(files, manifest)
            yield from read_manifest(stream, manifest, limits, beside=beside, start=start)
        return
    taken = [(name, path) for name, path in files if not is_junk(name)]
    for position, (name, path) in enumerate(taken[start:], start):
        where = "file " + name.encode("utf-8", "backslashreplace").decode()[:300]
        if reason := name_fault(name):
            yield refuse(position, "file.name", reason, where, "Rename the file.")
            continue
        content = read_within(path.parent.resolve(), path.name, limits)
        if isinstance(content, tuple):
            yield refuse(position, *content, where)
        elif media_type_of(content[:HEAD_BYTES]) == "application/zip":
            hint = "Upload an archive by itself, not among other files."
            yield refuse(position, "file.archive", "It is a ZIP archive among other files.", where, hint)
        else:
            yield FoundAsset(position, external_id=name, name=name, content=content, where=where)


__all__ = ["FilesBeside", "manifest_in", "manifest_of", "read_files", "read_server_folder", "read_upload"]

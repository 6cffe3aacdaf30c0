"""A folder with everything below it, and a single file."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.readers.found import Found, FoundAsset, FoundFault, is_junk, name_fault, refuse


def read_folder(folder: Path, limits: IngestLimits = DEFAULT_LIMITS, *, start: int = 0) -> Found:
    """The files of a folder, by name within each folder, so that every reading has the same order.

    A link is followed to a file inside the folder only; one that leads outside, or to a folder, is a fault. Hidden
    files and what operating systems leave behind are passed over.

    Args:
        start: positions before it are counted but neither opened nor reported.
    """
    root = folder.resolve()
    total = 0
    for position, (path, name) in enumerate(_walk(root, "")):
        where = f"file {_printable(name)}"
        if position >= limits.max_assets:
            message = f"The folder holds more than {limits.max_assets} files."
            yield refuse(position, "folder.too_many_files", message, where, "Import it in parts.", ends_reading=True)
            return
        if position < start:
            continue
        found = _read(position, root, path, name, where, limits)
        total += len(found.content) if isinstance(found, FoundAsset) else 0
        if total > limits.max_total_bytes:
            message = f"The files together exceed {limits.max_total_bytes} bytes."
            yield refuse(position, "folder.too_large", message, where, "Import it in parts.", ends_reading=True)
            return
        yield found


def read_file(path: Path, name: str, limits: IngestLimits = DEFAULT_LIMITS, *, start: int = 0) -> Found:
    """One file as one asset.

    Args:
        name: as the sender calls it; only its last part is kept.
    """
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    if start == 0:
        yield _read(0, path.resolve().parent, path, name, f"file {_printable(name)}", limits)


def read_within(root: Path, relative: str, limits: IngestLimits) -> bytes | tuple[str, str]:
    """The content of a regular file that lies below `root`, or the code and the message of what is wrong.

    Args:
        root: already resolved.
    """
    try:
        path = (root / relative).resolve(strict=True)
        if not path.is_relative_to(root):
            return "file.outside", "The path or link leads out of the folder."
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return "file.not_regular", "It is not a regular file."
        if status.st_size > limits.max_asset_bytes:
            return "file.too_large", f"It has {status.st_size} bytes; at most {limits.max_asset_bytes} are possible."
        return path.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not possible"
        return "file.unreadable", f"It cannot be read: {reason}."


def _read(
    position: int, root: Path, path: Path, name: str, where: str, limits: IngestLimits
) -> FoundAsset | FoundFault:
    if reason := name_fault(name):
        return refuse(position, "file.name", reason, where, "Rename the file.")
    content = read_within(root, str(path), limits)
    if isinstance(content, tuple):
        return refuse(position, *content, where)
    return FoundAsset(position, external_id=name, name=name, content=content, where=where)


def _walk(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        # A folder that cannot be listed is handed on as if it were a file: reading it then says why.
        yield folder, prefix.rstrip("/") or "."
        return
    for entry in found:
        name = prefix + entry.name
        if is_junk(name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{name}/")
        else:
            yield Path(entry.path), name


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()

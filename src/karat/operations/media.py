"""Media on their way into a backup. While one is made nothing is deleted, so whatever the snapshot speaks of is there."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from karat.operations.archive import PIECE_BYTES, ArchiveWriter
from karat.operations.types import MediaPart, Progress

NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/([0-9a-f]{2})/([0-9a-f]{2})/(\2\3[0-9a-f]{60})")
SMALL_BYTES = 8 << 20
MOST_NAMED = 20


@dataclass
class MediaList:
    """What was seen of media, and the digest of it in the order seen."""

    n_files: int = 0
    n_bytes: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def note(self, name: str, size: int) -> None:
        """One more."""
        self.n_files += 1
        self.n_bytes += size
        self.digest.update(f"{name} {size}\n".encode())

    def part(self) -> MediaPart:
        """As the manifest has it."""
        return MediaPart(n_files=self.n_files, n_bytes=self.n_bytes, sha256=self.digest.hexdigest())


def stored_names(root: Path) -> Iterator[str]:
    """`TENANT/aa/bb/SHA256` of everything that is stored; what is still being written has no such name."""
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        for folder in sorted(path.glob("??/??")):
            for file in sorted(folder.iterdir()):
                name = file.relative_to(root).as_posix()
                if NAME.fullmatch(name):
                    yield name


def write_media(archive: ArchiveWriter, root: Path, progress: Progress) -> tuple[MediaPart, list[str]]:
    """Add all media; the names of those that no longer are what their name says, which are left out."""
    seen, damaged = MediaList(), []
    for name in stored_names(root):
        size = _write_one(archive, root, name)
        if size is None:
            damaged.append(name)
            continue
        seen.note(name, size)
        progress("media", seen.n_files, None)
    return seen.part(), damaged


def _write_one(archive: ArchiveWriter, root: Path, name: str) -> int | None:
    """Add a blob whose content has the hash of its name; its size, or None."""
    path = root / name
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= SMALL_BYTES:
            content = file.read()
            if hashlib.sha256(content).hexdigest() != path.name:
                return None
            archive.add_bytes(f"media/{name}", content)
            return len(content)
        if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
            return None
        file.seek(0)
        archive.add(f"media/{name}", file, size)
    return size


async def missing_media(connection: asyncpg.Connection, root: Path) -> tuple[list[str], int]:
    """Some of the media that assets refer to and that are not stored, and how many those are.

    Media that stay in their bucket are not expected here.
    """
    has_references = await connection.fetchval("SELECT to_regclass('blob_reference')") is not None
    elsewhere = (
        """AND NOT EXISTS (SELECT 1 FROM blob_reference r WHERE r.tenant_id = a.tenant_id
        AND encode(a.sha256, 'hex') IN (r.sha256::text, ltrim(r.sha256::text, '\\x')))"""
        if has_references
        else ""
    )
    found: list[str] = []
    n = 0
    for row in await connection.fetch("SELECT id FROM tenant ORDER BY id"):
        await connection.execute("SELECT set_config('app.tenant', $1, true)", str(row["id"]))
        query = f"SELECT DISTINCT encode(sha256, 'hex') AS name FROM asset a WHERE tenant_id = $1 {elsewhere}"
        async for asset in connection.cursor(query, row["id"], prefetch=5000):
            name = f"{row['id']}/{asset['name'][:2]}/{asset['name'][2:4]}/{asset['name']}"
            if not (root / name).exists():
                n += 1
                found += [name] if n <= MOST_NAMED else []
    return found, n


def sha256_while(content: Any, write: Any = None) -> str:
    """The hash of a stream, handing its pieces on."""
    digest = hashlib.sha256()
    while piece := content.read(PIECE_BYTES):
        digest.update(piece)
        if write:
            write(piece)
    return digest.hexdigest()

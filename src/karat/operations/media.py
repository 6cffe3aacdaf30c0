"""Media on their way into a backup. While one is made nothing is deleted, so whatever the snapshot speaks of is there."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from karat.operations.archive import PIECE_BYTES, ArchiveWriter
from karat.operations.rows import tables_of
from karat.operations.types import BucketPart, MediaPart, Progress

NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/([0-9a-f]{2})/([0-9a-f]{2})/(\2\3[0-9a-f]{60})")
SMALL_BYTES = 8 << 20
MOST_NAMED = 20
# Who refers to bytes in the storage: a table, the column that says so, and the hashes in it.
REFERRING = (
    ("asset", "sha256", "SELECT encode(sha256, 'hex') AS name FROM asset WHERE tenant_id = $1"),
    ("export", "sha256", "SELECT encode(sha256, 'hex') FROM export WHERE tenant_id = $1 AND sha256 IS NOT NULL"),
    (
        "project_archive",
        "sha256",
        "SELECT encode(sha256, 'hex') FROM project_archive WHERE tenant_id = $1 AND sha256 IS NOT NULL",
    ),
    (
        "model_version",
        "file_sha256",
        "SELECT file_sha256 FROM model_version WHERE tenant_id = $1 AND file_sha256 IS NOT NULL",
    ),
)
NOT_IN_BUCKETS = """ WHERE NOT EXISTS (SELECT 1 FROM blob_reference r
    WHERE r.tenant_id = $1 AND r.sha256 = decode(known.name, 'hex'))"""


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


@dataclass
class Missing:
    """Media that rows refer to and that are stored nowhere.

    Attributes:
        names: of some of them.
        n_referred: all that rows refer to, stored or not.
    """

    names: list[str] = field(default_factory=list)
    n: int = 0
    n_referred: int = 0


async def missing_media(connection: asyncpg.Connection, root: Path) -> Missing:
    """What rows refer to and is stored nowhere; what stays in its bucket is not expected here."""
    there = {table.name: table.columns for table in await tables_of(connection)}
    queries = [query for table, column, query in REFERRING if column in there.get(table, ())]
    in_buckets = "blob_reference" in there
    missing = Missing()
    for row in await connection.fetch("SELECT id FROM tenant ORDER BY id"):
        await connection.execute("SELECT set_config('app.tenant', $1, true)", str(row["id"]))
        known = " UNION ".join(queries)
        left = f"SELECT name FROM ({known}) known" + (NOT_IN_BUCKETS if in_buckets else "")
        async for medium in connection.cursor(left, row["id"], prefetch=5000):
            name = f"{row['id']}/{medium['name'][:2]}/{medium['name'][2:4]}/{medium['name']}"
            missing.n_referred += 1
            if not (root / name).exists():
                missing.n += 1
                missing.names += [name] if missing.n <= MOST_NAMED else []
    return missing


async def media_in_buckets(connection: asyncpg.Connection) -> list[BucketPart]:
    """What stays in connected buckets, for each connection that holds something."""
    if "blob_reference" not in {table.name for table in await tables_of(connection)}:
        return []
    found: list[BucketPart] = []
    for tenant in await connection.fetch("SELECT id FROM tenant ORDER BY id"):
        await connection.execute("SELECT set_config('app.tenant', $1, true)", str(tenant["id"]))
        rows = await connection.fetch(
            """SELECT c.tenant_id, c.name AS connection, c.kind, c.bucket, count(*) AS n_files,
                sum(r.size)::bigint AS n_bytes
            FROM blob_reference r JOIN storage_connection c ON c.tenant_id = r.tenant_id AND c.id = r.connection_id
            WHERE r.tenant_id = $1 GROUP BY c.tenant_id, c.id ORDER BY c.name""",
            tenant["id"],
        )
        found += [BucketPart.model_validate(dict(row)) for row in rows]
    return found


def sha256_while(content: Any, write: Any = None) -> str:
    """The hash of a stream, handing its pieces on."""
    digest = hashlib.sha256()
    while piece := content.read(PIECE_BYTES):
        digest.update(piece)
        if write:
            write(piece)
    return digest.hexdigest()

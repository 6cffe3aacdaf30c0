"""Writing a project into an archive: a ZIP of one file of JSON lines for each table, the media, and a signed manifest."""

import asyncio
import base64
import hashlib
import json
import zipfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import karat
from karat.database import Transaction
from karat.delivery.archive_columns import spell
from karat.delivery.archive_parts import ALL_PARTS, ASSETS, HAPPENED, PEOPLE, WHO, Part
from karat.delivery.archive_types import AUDIT, LABELS, MANIFEST, ArchiveContents, ArchiveMedia, Manifest, PartEntry
from karat.jobs import Run
from karat.kit import Action, roles_that_may, utc_now
from karat.kit.canonical import canonical_json
from karat.kit.signing import public_key_of, sign_json
from karat.storage import Storage
from karat.tasks import Project

PIECE_BYTES = 1 << 18
PROGRESS_EVERY = 500


class ArchiveWriter:
    """Writes one archive to a file.

    Args:
        db: a transaction that sees one moment.
    """

    def __init__(self, run: Run, db: Transaction, storage: Storage, path: Path, project: Project) -> None:
        self._run, self._db, self._storage, self._project = run, db, storage, project
        self._zip = zipfile.ZipFile(path, "w", allowZip64=True)
        self._parts: list[PartEntry] = []
        self._media: dict[str, int] = {}

    async def write(
        self, labels: AsyncIterator[bytes], media: ArchiveMedia, private_key: Ed25519PrivateKey
    ) -> ArchiveContents:
        """All of it; how much there was.

        Args:
            labels: as an export has them, so that certificates in the archive can be verified against it.
        """
        with self._zip:
            for part in ALL_PARTS:
                await self._add(part.file, _lines(self._rows(part)))
            await self._add(AUDIT, _lines(self._db.stream(HAPPENED, self._project.id)))
            await self._add(LABELS, labels)
            if media is ArchiveMedia.INCLUDED:
                await self._add_media()
            return contents_of(self._sign(media, private_key))

    def _rows(self, part: Part) -> AsyncIterator[Any]:
        if part is PEOPLE:
            return self._db.stream(WHO, self._project.id, roles_that_may(Action.REVIEW))
        return self._db.stream(part.query, self._project.id)

    async def _add(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        digest, n_bytes, n_rows = hashlib.sha256(), 0, 0
        with self._zip.open(_entry(name, packed=True), "w", force_zip64=True) as target:
            async for piece in pieces:
                digest.update(piece)
                n_bytes += len(piece)
                n_rows += piece.count(b"\n")
                await asyncio.to_thread(target.write, piece)
                if name == ASSETS.file:
                    self._note_media(piece)
        self._parts.append(PartEntry(name=name, n_rows=n_rows, n_bytes=n_bytes, sha256=digest.hexdigest()))

    def _note_media(self, lines: bytes) -> None:
        for line in lines.splitlines():
            asset = json.loads(line)
            self._media[asset["sha256"]] = asset["n_bytes"]

    async def _add_media(self) -> None:
        assert self._db.tenant_id is not None
        for at, sha256 in enumerate(map(hex_of, sorted(self._media)), start=1):
            with self._zip.open(_entry(media_name(sha256), packed=False), "w", force_zip64=True) as target:
                async for piece in self._storage.open(self._db.tenant_id, sha256):
                    await asyncio.to_thread(target.write, piece)
            if at % PROGRESS_EVERY == 0:
                await self._run.progress(at, len(self._media), f"{at:,} media packed")

    def _sign(self, media: ArchiveMedia, private_key: Ed25519PrivateKey) -> Manifest:
        assert self._db.tenant_id is not None
        included = media is ArchiveMedia.INCLUDED
        manifest = Manifest(
            karat=karat.__version__,
            created_at=utc_now(),
            tenant_id=self._db.tenant_id,
            project_id=self._project.id,
            project_name=self._project.name,
            kind=self._project.ontology.kind,
            media=media,
            n_media=len(self._media) if included else 0,
            media_bytes=sum(self._media.values()) if included else 0,
            parts=tuple(self._parts),
            public_key=public_key_of(private_key),
        )
        said = manifest.model_dump(mode="json")
        signed = canonical_json({**said, "signature": sign_json(said, private_key)})
        self._zip.writestr(_entry(MANIFEST, packed=True), signed)
        return manifest


def contents_of(manifest: Manifest) -> ArchiveContents:
    """What the parts of an archive amount to."""
    n_rows = {part.name: part.n_rows for part in manifest.parts}
    return ArchiveContents(
        n_assets=n_rows[ASSETS.file],
        n_tasks=n_rows["tasks.jsonl"],
        n_answers=n_rows["submissions.jsonl"],
        n_reviews=n_rows["reviews.jsonl"],
        n_labels=n_rows[LABELS],
        n_certificates=n_rows["certificates.jsonl"],
        n_people=n_rows[PEOPLE.file],
        n_media=manifest.n_media,
        media_bytes=manifest.media_bytes,
    )


def media_name(sha256: str) -> str:
    """The name of a medium in an archive."""
    return f"media/{sha256[:2]}/{sha256}"


def hex_of(sha256: str) -> str:
    """A hash as an asset's row spells it (base64), in hexadecimal."""
    return base64.b64decode(sha256).hex()


def _entry(name: str, *, packed: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # with a date of its own making, so that the same content is the same file
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    return entry


async def _lines(rows: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    """Rows as lines of JSON, gathered into pieces of whole lines."""
    gathered = bytearray()
    async for row in rows:
        gathered += spelled(row.items())
        if len(gathered) >= PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def spelled(items: Iterable[tuple[str, Any]]) -> bytes:
    """A row as a line."""
    row = {name: spell(value) for name, value in items}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def archive_name(archive_id: UUID) -> str:
    """What a download is called."""
    return f"karat-project-{archive_id}.zip"

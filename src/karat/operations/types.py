"""What backups speak: the manifest of an archive, and what was found while one was made."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from karat.kit import Record

Progress = Callable[[str, int, int | None], None]
"""Told the step, how far it is and of how much, in units of the step; of how much is None while unknown."""


class Header(Record):
    """The first member of an archive: whether this version can read it, before anything is read.

    Attributes:
        revision: of the database's schema.
    """

    format: Literal["karat.backup/1"] = "karat.backup/1"
    version: str
    revision: str
    taken_at: AwareDatetime


class TablePart(Record):
    """One table: `tables/NAME.copy.gz`, its rows in PostgreSQL's text format of COPY.

    Attributes:
        sha256: of the member as it stands in the archive.
    """

    name: str
    columns: list[str]
    n_rows: int = Field(ge=0)
    sha256: str


class MediaPart(Record):
    """All media: `media/TENANT/aa/bb/SHA256`, each named by its own hash.

    Attributes:
        sha256: over the lines `TENANT/aa/bb/SHA256 BYTES`, in the order of the archive.
    """

    n_files: int = Field(ge=0)
    n_bytes: int = Field(ge=0)
    sha256: str


class BucketPart(Record):
    """Media that stay in a connected bucket and are read there: they are in no backup of ours.

    Attributes:
        connection: its name.
        kind: whose interface it speaks.
    """

    tenant_id: UUID
    connection: str
    kind: str
    bucket: str
    n_files: int = Field(ge=0)
    n_bytes: int = Field(ge=0)


class Manifest(Record):
    """The last member of an archive: what it must hold, signed with the installation's key.

    Attributes:
        has_media: whether media are in the archive; if not, they were not looked at either.
        elsewhere: what stays in buckets.
        missing: media that rows of the snapshot refer to and that were nowhere, at most 20 of them.
        n_missing: how many those are.
        damaged: media that no longer have the hash of their name; they are not in the archive.
        secret_sha256: of `secret.key`, also when the archive is without it.
        signature: over the canonical JSON of all other fields, in hexadecimal.
    """

    header: Header
    tables: list[TablePart]
    media: MediaPart
    has_media: bool = True
    elsewhere: tuple[BucketPart, ...] = ()
    missing: tuple[str, ...] = ()
    n_missing: int = 0
    damaged: tuple[str, ...] = ()
    has_secret: bool
    secret_sha256: str
    public_key: str
    signature: str = ""


class BackupReport(Record):
    """A backup that was made, or verified."""

    file: str
    n_bytes: int
    is_sealed: bool
    version: str
    revision: str
    taken_at: datetime
    n_tables: int
    n_rows: int
    n_media: int
    media_bytes: int
    has_media: bool
    elsewhere: tuple[BucketPart, ...]
    n_missing: int
    n_damaged: int
    has_secret: bool
    public_key: str


class RestoreReport(Record):
    """What was restored, and to which schema it was brought.

    Attributes:
        elsewhere: media that stay in buckets, and are read there again.
        n_missing: media that rows refer to and that are nowhere.
    """

    data_dir: str
    taken_at: datetime
    n_rows: int
    n_media: int
    elsewhere: tuple[BucketPart, ...]
    n_missing: int
    n_jobs_queued: int
    from_revision: str
    revision: str

"""Whole projects as files: what an archive says of itself, and the jobs that write and read one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from karat.jobs import JobState
from karat.kit import Fault, Record

FORMAT: Literal["karat.project"] = "karat.project"
FORMAT_VERSION = 2
MANIFEST = "manifest.json"
LABELS = "labels.jsonl"
AUDIT = "audit.jsonl"

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class ArchiveMedia(StrEnum):
    """Whether an archive holds the media, or only their hashes, for where they are already."""

    INCLUDED = "included"
    REFERENCED = "referenced"


class NewArchive(Record):
    """An archive to make."""

    media: ArchiveMedia = ArchiveMedia.INCLUDED


class ArchiveContents(Record):
    """How much of what an archive holds.

    Attributes:
        n_labels: tasks that had a label.
        n_media: files of assets that are in it; 0 where they are only named.
    """

    n_assets: int
    n_tasks: int
    n_answers: int
    n_reviews: int
    n_labels: int
    n_certificates: int
    n_people: int
    n_media: int
    media_bytes: int


class ProjectArchive(Record):
    """A whole project as a file, made by a job.

    Attributes:
        contents, sha256: once it is done; the hash is of the file.
    """

    id: UUID
    project_id: UUID
    job_id: UUID | None
    media: ArchiveMedia
    state: JobState
    contents: ArchiveContents | None = None
    n_bytes: int | None
    sha256: str | None
    error: str | None
    created_at: datetime


class PartEntry(Record):
    """One file of an archive, before it was packed."""

    name: str = Field(max_length=100)
    n_rows: int = Field(ge=0)
    n_bytes: int = Field(ge=0)
    sha256: Sha256


class Manifest(Record):
    """What an archive holds. Media are named by their hashes, which the part of the assets lists.

    Attributes:
        format_version: counted up when an older Karat could not read it any more; what joined since is in `Part.joined`.
        karat: the version that wrote it.
        public_key: Ed25519, of the installation that wrote it, in hexadecimal.
    """

    format: Literal["karat.project"] = FORMAT
    format_version: int = FORMAT_VERSION
    karat: str = Field(max_length=100)
    created_at: datetime
    tenant_id: UUID
    project_id: UUID
    project_name: str = Field(max_length=1000)
    kind: str = Field(max_length=100)
    media: ArchiveMedia
    n_media: int = Field(ge=0)
    media_bytes: int = Field(ge=0)
    parts: tuple[PartEntry, ...] = Field(max_length=100)
    public_key: Sha256


class SignedManifest(Manifest):
    """The manifest as it stands in the archive: canonical JSON, signed by who wrote it."""

    signature: Annotated[str, StringConstraints(pattern="^[0-9a-f]{128}$")]


class Origin(Record):
    """Where an imported project comes from.

    Attributes:
        project_id, tenant_id: as they are there.
        archive_sha256: of the file that was read.
        public_key: of the installation that wrote it; its certificates are signed with the same.
        shift: what was added to every id, see `archive_ids`.
    """

    project_id: UUID
    tenant_id: UUID
    archive_sha256: Sha256
    public_key: Sha256
    karat: str
    exported_at: datetime
    shift: str


class ProjectImport(Record):
    """A project that comes in as an archive, read by a job.

    Attributes:
        project_id: of the new project, once it is there; it appears whole or not at all.
        origin: None until the archive was read.
        faults: what was wrong with the archive, with the part and line where it is.
    """

    id: UUID
    name: str
    job_id: UUID | None
    state: JobState
    project_id: UUID | None
    origin: Origin | None
    faults: list[Fault] = Field(default_factory=list)
    error: str | None
    created_at: datetime
    finished_at: datetime | None

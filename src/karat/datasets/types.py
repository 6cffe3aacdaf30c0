"""Datasets, assets and imports as they travel."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from karat.jobs import JobState
from karat.kit import Record

INLINE_TEXT_CHARACTERS = 100_000


class Modality(StrEnum):
    """What the assets of a dataset are."""

    IMAGE = "image"
    TEXT = "text"


class NewDataset(Record):
    """A dataset to create."""

    name: str = Field(min_length=1, max_length=200)
    modality: Modality


class Dataset(Record):
    """Assets of one modality."""

    id: UUID
    name: str
    modality: Modality
    n_assets: int
    n_bytes: int
    created_at: datetime


class MediaView(Record):
    """How to get at an asset's content.

    Attributes:
        url: signed, for this caller, for some minutes; None when the text is here.
        text: the whole text, up to 100,000 characters; longer ones are behind `url`.
        thumbnail_url: of an image: a small WebP of it, for lists.
    """

    url: str | None
    thumbnail_url: str | None = None
    media_type: str
    width: int | None = None
    height: int | None = None
    length: int | None = None
    text: str | None = None
    n_bytes: int


class Asset(Record):
    """One thing to label."""

    id: UUID
    external_id: str
    name: str
    media: MediaView
    metadata: dict[str, str]
    created_at: datetime


class ImportSource(StrEnum):
    """Where an import reads from."""

    UPLOAD = "upload"
    FOLDER = "folder"
    FILES = "files"
    BUCKET = "bucket"


class ImportMode(StrEnum):
    """Whether what comes from a bucket is copied to the storage of this server, or stays where it is."""

    COPY = "copy"
    REFERENCE = "reference"


class BucketImport(Record):
    """What to import from a connected bucket.

    Attributes:
        prefix: beginning of the keys, behind the connection's own prefix.
        patterns: `*.jpg`, `2026/**/*.png`: objects that fit one of them; all when there are none. A pattern without a
            slash fits names in any folder below the prefix.
        manifest: key of a table whose rows are the assets, instead of the list of the bucket.
        mode: `reference` reads each object once, to know its hash and to look into it, and stores none of it.
    """

    connection_id: UUID
    prefix: str = Field(default="", max_length=1000)
    patterns: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(default_factory=list, max_length=50)
    manifest: str | None = Field(default=None, min_length=1, max_length=1024)
    mode: ImportMode = ImportMode.COPY


class Import(Record):
    """An import and how far it is.

    Attributes:
        rows_read: files or rows looked at, good and bad.
        n_duplicates: content that the dataset had already; not added again.
        n_faults: rows that could not be taken; each is told with its place and reason.
        connection_id: of the bucket that it reads, and `mode`: whether what it reads stays there.
    """

    id: UUID
    dataset_id: UUID
    job_id: UUID | None
    source: ImportSource
    name: str
    state: JobState
    rows_read: int
    rows_total: int | None
    n_added: int
    n_duplicates: int
    n_faults: int
    error: str | None
    connection_id: UUID | None = None
    mode: ImportMode | None = None
    created_at: datetime
    finished_at: datetime | None


class FileToUpload(Record):
    """A file that is going to be sent.

    Attributes:
        name: with its folders, as the browser tells them; it is text and never becomes a path.
        size: in bytes.
    """

    name: str = Field(min_length=1, max_length=1000)
    size: int = Field(ge=0, le=2**50)


class FilesToUpload(Record):
    """More files for an upload."""

    files: list[FileToUpload] = Field(min_length=1, max_length=10_000)


class NewUpload(Record):
    """An upload to begin. More files than these can be added before it is complete.

    Attributes:
        name: what to call its import: the folder, or the file.
    """

    dataset_id: UUID
    name: str = Field(min_length=1, max_length=300)
    files: list[FileToUpload] = Field(min_length=1, max_length=10_000)


class Upload(Record):
    """Files on their way, and how much of them has come.

    Attributes:
        n_received: bytes that are here; what was cut off goes on from there.
        import_id: of the import that reads them, once the upload is complete.
        expires_at: when it is forgotten, unless something more comes.
    """

    id: UUID
    dataset_id: UUID
    name: str
    n_files: int
    n_bytes: int
    n_received: int
    import_id: UUID | None
    created_at: datetime
    expires_at: datetime | None


class UploadFile(Record):
    """One file of an upload.

    Attributes:
        position: from 0, in the order in which they were announced; names it in addresses.
        offset: how many of its bytes are here: the next part begins there.
    """

    position: int
    name: str
    size: int
    offset: int

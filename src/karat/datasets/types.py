"""Datasets, assets and imports as they travel."""

from datetime import datetime
from enum import StrEnum
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
    """

    url: str | None
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


class Import(Record):
    """An import and how far it is.

    Attributes:
        rows_read: files or rows looked at, good and bad.
        n_duplicates: content that the dataset had already; not added again.
        n_faults: rows that could not be taken; each is told with its place and reason.
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
    created_at: datetime
    finished_at: datetime | None

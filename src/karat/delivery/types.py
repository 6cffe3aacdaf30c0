"""Exports as they travel."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from karat.jobs import JobState
from karat.kit import Record


class NewExport(Record):
    """An export to make."""

    format: str = Field(max_length=50)


class Export(Record):
    """A file of labels, made by a job.

    Attributes:
        sha256: of the file, once it is done.
        cannot_express: what the format loses, in words; empty means nothing.
    """

    id: UUID
    project_id: UUID
    job_id: UUID | None
    format: str
    state: JobState
    n_labels: int | None
    n_bytes: int | None
    sha256: str | None
    cannot_express: list[str]
    error: str | None
    created_at: datetime

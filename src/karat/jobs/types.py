"""Jobs, events, and what a handler gets to work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from karat.database import Transaction
from karat.kit import Record


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Record):
    """A background unit of work, as people see it.

    Attributes:
        subject_id: the project, import or export that it works for.
        progress, total: in units of the job's own, rows or tasks; total is None while unknown.
        error: what went wrong last, also while it is being tried again.
    """

    id: UUID
    name: str
    title: str
    state: JobState
    progress: int | None
    total: int | None
    message: str | None
    error: str | None
    attempts: int
    subject_id: UUID | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that was committed: ids only. Heard at least once, in the order of its tenant."""

    name: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who hears an event. The function runs in the transaction that takes the events out of the outbox."""

    event: str
    hear: Callable[[Transaction, list[Event]], Awaitable[None]]

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
        rate_per_s: units a second, measured over the attempt that runs; None until there are two measurements.
        eta: when it is done at this rate, while it runs.
        error: what went wrong last, also while it is being tried again.
        attempts: since it was enqueued, or since somebody had it tried again.
        retries: how often somebody had it tried again after it had failed for good.
        next_attempt_at: when it is tried again by itself.
        cancel_requested: it ends at its next step.
    """

    id: UUID
    name: str
    title: str
    state: JobState
    progress: int | None
    total: int | None
    rate_per_s: float | None
    eta: datetime | None
    message: str | None
    error: str | None
    attempts: int
    retries: int
    subject_id: UUID | None
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    next_attempt_at: datetime | None
    finished_at: datetime | None


class JobCounts(Record):
    """How many jobs are in each state; those that failed for good wait for a decision."""

    queued: int
    running: int
    failed: int


class ChoreStatus(Record):
    """Something that comes round by itself, and how its last round went.

    Attributes:
        last_run_at: a round of an untroubled chore is noted every 15 seconds at most.
        next_run_at: when it is due; a moment that lies in the past says that no server runs, or that it is held up.
        error: of the last round that failed, also when later ones were good: `error_at` says when.
        failures_in_a_row: 0 when the last round was good.
    """

    name: str
    every_s: float
    last_run_at: datetime
    last_duration_s: float
    last_good_at: datetime | None
    next_run_at: datetime
    error: str | None
    error_at: datetime | None
    failures_in_a_row: int


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

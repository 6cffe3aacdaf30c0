"""Work for later: a queue and an outbox in the caller's transaction, and the runner that serves them."""

from karat.jobs.compute import Compute
from karat.jobs.errors import JobCancelled, JobFinished, JobNotFailed, JobNotFound, JobWaitsAlready
from karat.jobs.periodic import Chore
from karat.jobs.runner import Handler, Run, Runner
from karat.jobs.service import (
    RECOVERY_ROUND_S,
    cancel_job,
    count_jobs,
    enqueue,
    get_job,
    list_chores,
    list_jobs,
    publish,
    recover_lost,
    retry_job,
)
from karat.jobs.types import ChoreStatus, Event, Job, JobCounts, JobState, Subscriber

__all__ = [
    "RECOVERY_ROUND_S",
    "Chore",
    "ChoreStatus",
    "Compute",
    "Event",
    "Handler",
    "Job",
    "JobCancelled",
    "JobCounts",
    "JobFinished",
    "JobNotFailed",
    "JobNotFound",
    "JobState",
    "JobWaitsAlready",
    "Run",
    "Runner",
    "Subscriber",
    "cancel_job",
    "count_jobs",
    "enqueue",
    "get_job",
    "list_chores",
    "list_jobs",
    "publish",
    "recover_lost",
    "retry_job",
]

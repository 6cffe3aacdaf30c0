"""Work for later: a queue and an outbox in the caller's transaction, and the runner that serves them."""

from karat.jobs.compute import Compute
from karat.jobs.errors import JobCancelled, JobFinished, JobNotFound
from karat.jobs.periodic import Chore
from karat.jobs.runner import Handler, Run, Runner
from karat.jobs.service import cancel_job, enqueue, get_job, list_jobs, publish
from karat.jobs.types import Event, Job, JobState, Subscriber

__all__ = [
    "Chore",
    "Compute",
    "Event",
    "Handler",
    "Job",
    "JobCancelled",
    "JobFinished",
    "JobNotFound",
    "JobState",
    "Run",
    "Runner",
    "Subscriber",
    "cancel_job",
    "enqueue",
    "get_job",
    "list_jobs",
    "publish",
]

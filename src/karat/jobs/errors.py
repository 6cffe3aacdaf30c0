"""What can go wrong with jobs."""

from karat.errors import Conflict, KaratError, NotFound


class JobNotFound(NotFound):
    """There is no such job."""

    code = "job.not_found"


class JobFinished(Conflict):
    """The job has already ended and cannot be cancelled."""

    code = "job.finished"


class JobNotFailed(Conflict):
    """Only a job that has failed or was cancelled can be tried again."""

    code = "job.not_failed"


class JobWaitsAlready(Conflict):
    """An equal job waits already and will do this one's work; look at that one."""

    code = "job.waits_already"


class JobCancelled(Exception):
    """Raised inside a handler when somebody cancelled its job."""


def explain(problem: Exception) -> str:
    """What people are shown: our own errors speak for themselves, others say their kind."""
    return str(problem) if isinstance(problem, KaratError) else f"{type(problem).__name__}: {problem}"[:500]

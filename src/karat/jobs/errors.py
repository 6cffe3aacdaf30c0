"""What can go wrong with jobs."""

from karat.errors import Conflict, NotFound


class JobNotFound(NotFound):
    """There is no such job."""

    code = "job.not_found"


class JobFinished(Conflict):
    """The job has already ended and cannot be cancelled."""

    code = "job.finished"


class JobCancelled(Exception):
    """Raised inside a handler when somebody cancelled its job."""

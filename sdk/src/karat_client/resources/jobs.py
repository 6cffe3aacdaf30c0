"""Background work."""

from collections.abc import Sequence

from karat_client.listing import Listing
from karat_client.progress import Progress, Wanted
from karat_client.records import ChoreStatus, Job, JobCounts, JobState
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.waiting import until_made


class Jobs(Resource):
    """What the server does by itself."""

    def list(
        self, subject: Ref | None = None, *, states: Sequence[JobState] = (), name: str | None = None
    ) -> Listing[Job]:
        """Jobs, newest first.

        Args:
            subject: only those of this project, import or export.
            states: only those in one of these; `("failed",)` are the dead letters.
            name: only those of a kind; `datasets.ingest`.
        """
        query = {"subject_id": None if subject is None else id_of(subject), "state": [*states], "name": name}
        return self._listing("GET", "/api/jobs", Job, query=query)

    def get(self, job: Ref) -> Job:
        """One job as it is now."""
        return self._call("GET", "/api/jobs/{job_id}", Job, job_id=id_of(job))

    def cancel(self, job: Ref) -> Job:
        """Ask a job to stop; one that runs does so at its next step."""
        return self._call("POST", "/api/jobs/{job_id}/cancel", Job, job_id=id_of(job))

    def retry(self, job: Ref) -> Job:
        """Have a job that failed for good, or was cancelled, tried anew."""
        return self._call("POST", "/api/jobs/{job_id}/retry", Job, job_id=id_of(job))

    def counts(self) -> JobCounts:
        """How many jobs wait, run, or have failed for good."""
        return self._call("GET", "/api/job-counts", JobCounts)

    def chores(self) -> Listing[ChoreStatus]:
        """What comes round by itself, and how its last round went."""
        return self._listing("GET", "/api/chores", ChoreStatus)

    def wait(self, job: Ref, *, timeout: float | None = None, progress: Wanted = False) -> Job:
        """Wait until a job is done.

        Raises:
            JobFailed, JobCancelled: it did not end well.
            WaitTimeout: it takes longer than `timeout` seconds.
        """
        return until_made(
            lambda: self.get(job),
            lambda now: Progress(now.title, now.progress or 0, now.total, "steps"),
            "The job",
            timeout=timeout,
            progress=progress,
            fields=lambda now: {"job_id": str(now.id), "title": now.title, "name": now.name, "attempts": now.attempts},
        )

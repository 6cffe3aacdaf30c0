"""HTTP doors of jobs and chores."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from karat.access.doors import Db, SignedIn
from karat.jobs import service
from karat.jobs.types import ChoreStatus, Job, JobCounts, JobState
from karat.kit import Cursor, Limit, Page

router = APIRouter(prefix="/api", tags=["jobs"])

States = Annotated[list[JobState], Query(description="Only jobs in this state; may be given several times.")]
Name = Annotated[str | None, Query(description="Only jobs of this kind, such as `datasets.ingest`.", max_length=100)]


@router.get("/jobs")
async def list_jobs(
    db: Db,
    caller: SignedIn,
    state: States = [],  # noqa: B006 - FastAPI copies it
    subject_id: UUID | None = None,
    name: Name = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Job]:
    """Background work, newest first; `subject_id` is a project, an import or an export. Dead letters: `state=failed`."""
    return await service.list_jobs(db, caller, subject_id, cursor, limit, states=state, name=name)


@router.get("/job-counts")
async def count_jobs(db: Db, caller: SignedIn) -> JobCounts:
    """How many jobs wait, run, or have failed for good."""
    return await service.count_jobs(db, caller)


@router.get("/chores")
async def list_chores(db: Db, caller: SignedIn) -> Page[ChoreStatus]:
    """What comes round by itself: its last round, the next, and what went wrong last. By name, on one page."""
    return Page(items=await service.list_chores(db, caller))


@router.get("/jobs/{job_id}")
async def get_job(job_id: UUID, db: Db, caller: SignedIn) -> Job:
    """One job."""
    return await service.get_job(db, caller, job_id)


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(job_id: UUID, db: Db, caller: SignedIn) -> Job:
    """Ask a job to stop."""
    return await service.cancel_job(db, caller, job_id)


@router.post("/jobs/{job_id}/retry")
async def retry_job(job_id: UUID, db: Db, caller: SignedIn) -> Job:
    """Have a job that failed for good, or was cancelled, tried anew."""
    return await service.retry_job(db, caller, job_id)

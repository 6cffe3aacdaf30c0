"""HTTP doors of jobs."""

from uuid import UUID

from fastapi import APIRouter

from karat.access.doors import Db, SignedIn
from karat.jobs import service
from karat.jobs.types import Job
from karat.kit import Cursor, Limit, Page

router = APIRouter(prefix="/api", tags=["jobs"])


@router.get("/jobs")
async def list_jobs(
    db: Db, caller: SignedIn, subject_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Job]:
    """Background work, newest first; `subject_id` is a project, an import or an export."""
    return await service.list_jobs(db, caller, subject_id, cursor, limit)


@router.get("/jobs/{job_id}")
async def get_job(job_id: UUID, db: Db, caller: SignedIn) -> Job:
    """One job."""
    return await service.get_job(db, caller, job_id)


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(job_id: UUID, db: Db, caller: SignedIn) -> Job:
    """Ask a job to stop."""
    return await service.cancel_job(db, caller, job_id)

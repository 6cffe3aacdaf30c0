"""HTTP doors of projects and of the work on their tasks."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from karat.access.doors import CreateOnce, Db, SignedIn
from karat.kit import Cursor, Limit, Page, Record
from karat.storage.doors import Links
from karat.tasks import leases, projects, reviewing, work
from karat.tasks.types import NewProject, Project, ProjectPatch, Stage, TaskDetail, TaskRow
from karat.tasks.work_types import (
    REASON_TITLES,
    Draft,
    Lease,
    NewReview,
    NewSubmission,
    NextRequest,
    NextWork,
    Review,
    ReviewReason,
    SavedDraft,
    Skip,
    Submission,
    Work,
    reasons_for,
)

router = APIRouter(prefix="/api", tags=["tasks"])


class ReasonList(Record):
    """The listed reasons for a fix or a rejection."""

    class Item(Record):
        """One reason."""

        code: ReviewReason
        title: str

    items: list[Item]


async def lease_time(request: Request) -> timedelta:
    """How long a claimed task is held. A coroutine, like all dependencies: plain functions cost a change of thread."""
    return timedelta(seconds=request.app.state.settings.lease_seconds)


LeaseTime = Annotated[timedelta, Depends(lease_time)]


@router.get("/projects")
async def list_projects(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Project]:
    """The projects, newest first."""
    return await projects.list_projects(db, caller, cursor, limit)


@router.post("/projects", status_code=201)
async def create_project(body: NewProject, db: Db, caller: SignedIn, once: CreateOnce) -> Project:
    """A project over all assets of a dataset."""
    if once.repeated:
        return await projects.get_project(db, caller, once.id)
    return await projects.create_project(db, caller, body, once.id)


@router.get("/projects/{project_id}")
async def get_project(project_id: UUID, db: Db, caller: SignedIn) -> Project:
    """One project."""
    return await projects.get_project(db, caller, project_id)


@router.patch("/projects/{project_id}")
async def change_project(project_id: UUID, body: ProjectPatch, db: Db, caller: SignedIn) -> Project:
    """Rename, pause or continue a project, or give new instructions."""
    return await projects.change_project(db, caller, project_id, body)


@router.get("/projects/{project_id}/tasks")
async def list_tasks(
    project_id: UUID,
    db: Db,
    caller: SignedIn,
    link: Links,
    stage: Stage | None = None,
    label: Annotated[str | None, Query(max_length=200)] = None,
    min_confidence: Annotated[float | None, Query(ge=0, le=1)] = None,
    max_confidence: Annotated[float | None, Query(ge=0, le=1)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[TaskRow]:
    """The tasks of a project."""
    return await projects.list_tasks(
        db,
        caller,
        link,
        project_id,
        stage=stage,
        label=label,
        lowest=min_confidence,
        highest=max_confidence,
        cursor=cursor,
        limit=limit,
    )


@router.get("/tasks/{task_id}")
async def get_task(task_id: UUID, db: Db, caller: SignedIn, link: Links) -> TaskDetail:
    """One task and what led to its label."""
    return await projects.get_task(db, caller, link, task_id)


@router.post("/projects/{project_id}/next")
async def next_work(
    project_id: UUID, db: Db, caller: SignedIn, link: Links, lease: LeaseTime, body: NextRequest | None = None
) -> NextWork:
    """Take the next tasks to work on; until it is handed in, a task is held for the caller."""
    return await work.next_work(db, caller, link, project_id, body or NextRequest(), lease)


@router.put("/assignments/{assignment_id}/draft")
async def save_draft(assignment_id: UUID, body: Draft, db: Db, caller: SignedIn) -> SavedDraft:
    """Autosave work that is not finished."""
    return await work.save_draft(db, caller, assignment_id, body)


@router.post("/assignments/{assignment_id}/submission", status_code=201)
async def submit(assignment_id: UUID, body: NewSubmission, db: Db, caller: SignedIn, response: Response) -> Submission:
    """Hand in the work on a task you hold. Sending the same again is harmless and answers 200."""
    submission, is_new = await work.submit(db, caller, assignment_id, body)
    if not is_new:
        response.status_code = 200
    return submission


@router.post("/assignments/{assignment_id}/skip", status_code=204)
async def skip(assignment_id: UUID, body: Skip, db: Db, caller: SignedIn) -> None:
    """Pass a task on."""
    await leases.skip(db, caller, assignment_id, body)


@router.post("/assignments/{assignment_id}/release", status_code=204)
async def release(assignment_id: UUID, db: Db, caller: SignedIn) -> None:
    """Give a task back."""
    await leases.release(db, caller, assignment_id)


@router.post("/assignments/{assignment_id}/renew")
async def renew(assignment_id: UUID, db: Db, caller: SignedIn, lease: LeaseTime) -> Lease:
    """Hold a task longer."""
    return await leases.renew(db, caller, assignment_id, lease)


@router.post("/assignments/{assignment_id}/withdraw")
async def withdraw(assignment_id: UUID, db: Db, caller: SignedIn, link: Links, lease: LeaseTime) -> Work:
    """Take a submitted answer back to change it."""
    return await leases.withdraw(db, caller, link, assignment_id, lease)


@router.post("/assignments/{assignment_id}/review", status_code=201)
async def review(assignment_id: UUID, body: NewReview, db: Db, caller: SignedIn) -> Review:
    """Accept an answer, fix it, or reject all."""
    return await reviewing.review(db, caller, assignment_id, body)


@router.get("/review-reasons")
async def review_reasons(caller: SignedIn, kind: Annotated[str | None, Query(max_length=100)] = None) -> ReasonList:
    """The reasons that a fix or a rejection can give; with a kind of annotation, also those that only it has."""
    return ReasonList(items=[ReasonList.Item(code=code, title=REASON_TITLES[code]) for code in reasons_for(kind)])

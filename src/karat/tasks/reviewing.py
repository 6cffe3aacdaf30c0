"""Use case of reviewers: accept an answer or what is proposed, fix it, or reject all with a reason."""

from uuid import UUID

import asyncpg

from karat import audit, jobs, ontology
from karat.database import Transaction
from karat.kit import Action, Caller, Fault, require
from karat.tasks import hot, lease_store, projects, routing, sayings, store
from karat.tasks.errors import AlreadySubmitted, AnnotationsInvalid, AssignmentNotFound, LeaseEnded, ReviewInvalid
from karat.tasks.types import Phase, Purpose, Stage
from karat.tasks.work import check_annotations
from karat.tasks.work_types import NewReview, Review, Verdict


async def review(db: Transaction, caller: Caller, assignment_id: UUID, new: NewReview) -> Review:
    """Take a decision on a task in review. An accepted or fixed answer settles it; a rejected one is asked again.

    Raises:
        AssignmentNotFound, LeaseEnded, AlreadySubmitted.
        ReviewInvalid: something the verdict needs is missing; `faults` says what.
        AnnotationsInvalid: the fix is not right.
    """
    require(caller, Action.REVIEW)
    held = await hot.lock_assignment(db, assignment_id)
    if held is None or held["user_id"] != caller.user_id or held["purpose"] != Purpose.REVIEW:
        raise AssignmentNotFound(assignment_id=assignment_id)
    if held["state"] != "held" or not held["is_live"]:
        return await _reviewed_before(db, held, new)
    answers = {row["id"]: row["annotations"] for row in await store.answers(db, [held["task_id"]])}
    if faults := _check(new, answers, has_proposal=held["proposed"] is not None):
        raise ReviewInvalid(faults=faults)
    if new.annotations is not None:
        version = await ontology.get_ontology(db, caller, held["ontology_version_id"])
        if faults := check_annotations(new.annotations, held, version):
            raise AnnotationsInvalid(faults=faults)
    decided = {
        Verdict.ACCEPT: answers.get(new.submission_id) if new.submission_id else held["proposed"],
        Verdict.FIX: [one.model_dump() for one in new.annotations or []],
        Verdict.REJECT: None,
    }[new.verdict]
    at = await lease_store.add_review(
        db, held, new.review_id, new.submission_id, new.verdict, new.reason, new.note, decided, new.duration_s
    )
    await _move(db, held, new.verdict)
    if new.verdict is Verdict.REJECT and held["phase"] == Phase.REVIEW_NEEDED:
        await _tell_that_people_are_asked(db, caller, held["project_id"])
    await audit.record(db, caller, "task.reviewed", held["task_id"], verdict=new.verdict, reason=new.reason)
    await jobs.publish(db, "tasks.submitted", project_id=held["project_id"], task_id=held["task_id"])
    return Review(id=new.review_id, task_id=held["task_id"], assignment_id=assignment_id, verdict=new.verdict, at=at)


async def _move(db: Transaction, held: asyncpg.Record, verdict: Verdict) -> None:
    if verdict is Verdict.REJECT:
        await lease_store.ask_again(db, held["task_id"])
    else:
        await db.execute(
            "UPDATE task SET stage = 'model', wanted = 0, taken = 0, answered = 0, updated_at = now() WHERE id = $1",
            held["task_id"],
        )


async def _tell_that_people_are_asked(db: Transaction, caller: Caller, project_id: UUID) -> None:
    """What was rejected is waiting for people now, and not for a reviewer as the project has said until now."""
    words = sayings.REJECTED(n=await routing.open_places(db, project_id, Stage.PEOPLE))
    if await routing.open_places(db, project_id, Stage.REVIEW):
        await routing.explain_phase(db, project_id, words + sayings.STILL_REVIEWED())
    else:
        project = await projects.get_project(db, caller, project_id)
        phase = Phase.ROUTING if project.target.overlap is None else Phase.COLLECTING
        await routing.set_phase(db, project_id, phase, words)


def _check(new: NewReview, answers: dict[UUID, object], *, has_proposal: bool) -> list[Fault]:
    faults = []
    if new.verdict is Verdict.ACCEPT and new.submission_id is None and not has_proposal:
        faults.append(
            Fault(code="review.answer_missing", message="Say which answer is accepted.", where="submission_id")
        )
    if new.submission_id is not None and new.submission_id not in answers:
        faults.append(
            Fault(code="review.answer_unknown", message="The task has no such answer.", where="submission_id")
        )
    if new.verdict is Verdict.FIX and new.annotations is None:
        faults.append(Fault(code="review.fix_missing", message="A fix needs your own answer.", where="annotations"))
    if new.verdict is not Verdict.FIX and new.annotations:
        faults.append(
            Fault(code="review.fix_unexpected", message="Only a fix carries annotations.", where="annotations")
        )
    if new.verdict is not Verdict.ACCEPT and new.reason is None:
        faults.append(
            Fault(
                code="review.reason_missing",
                message="A fix or a rejection needs a reason.",
                where="reason",
                hint="Choose one of GET /api/review-reasons.",
            )
        )
    return faults


async def _reviewed_before(db: Transaction, held: asyncpg.Record, new: NewReview) -> Review:
    before = await lease_store.find_review(db, new.review_id)
    if before is not None and before["assignment_id"] == held["id"] and before["verdict"] == new.verdict:
        return Review(
            id=before["id"],
            task_id=before["task_id"],
            assignment_id=held["id"],
            verdict=new.verdict,
            at=before["created_at"],
        )
    if held["state"] == "submitted":
        raise AlreadySubmitted(assignment_id=held["id"])
    raise LeaseEnded(assignment_id=held["id"], can_take_again=bool(held["has_room"]))

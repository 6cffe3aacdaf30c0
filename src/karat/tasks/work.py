"""Use cases of those who do the work: take, save, hand in, pass on, take back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from karat import audit, jobs, ontology
from karat.database import Transaction
from karat.datasets import describe_asset
from karat.kit import Action, Caller, Fault, may, new_id, require, roles_that_may
from karat.modalities import Annotation, Media, as_object_kind, judge, kind_named
from karat.storage.doors import Link
from karat.tasks import hot, lease_store, presence, projects, store
from karat.tasks.errors import (
    AlreadySubmitted,
    AnnotationsInvalid,
    AssignmentNotFound,
    ClaimRaced,
    DraftStale,
    LeaseEnded,
    NotAssigned,
    OntologyStale,
    ProjectPaused,
    SubmissionDiffers,
    SubmissionFinal,
)
from karat.tasks.predictions import read_predictions
from karat.tasks.types import STAGE_OF, Phase, Purpose, Stage
from karat.tasks.work_types import (
    Answer,
    Draft,
    Lease,
    NewSubmission,
    NextRequest,
    NextWork,
    SavedDraft,
    Skip,
    Submission,
    Work,
)

SKIPS_BEFORE_REVIEW = 2
JUDGES = roles_that_may(Action.REVIEW)
ASK_AGAIN_S = 1.0
# What annotators read while there is nothing for them; how the engine reasons is for those who lead.
PLAINLY = {
    Phase.PILOT: "The pilot is answered; the lead of the project decides how it goes on.",
    Phase.COLLECTING: "There is nothing to label right now.",
    Phase.ROUTING: "The next ones are being chosen; this page goes on by itself.",
    Phase.REVIEW_NEEDED: "A reviewer looks at what is left.",
    Phase.CHECKING: "The labels are being checked.",
    Phase.CERTIFIED: "This project is done.",
}


def may_take(caller: Caller, purpose: Purpose) -> None:
    """Labelling is for annotators, judging for reviewers.

    Raises:
        NotAllowed: the role does not include it.
    """
    require(caller, Action.LABEL if purpose is Purpose.LABEL else Action.REVIEW)


async def next_work(
    db: Transaction, caller: Caller, link: Link, project_id: UUID, wish: NextRequest, lease: timedelta
) -> NextWork:
    """Tasks for the caller to work on: first those already held, then new ones.

    Raises:
        ProjectNotFound: no such project in the caller's tenant.
        ClaimRaced: two requests of the same caller met; asking again helps.
    """
    may_take(caller, wish.purpose)
    ids = [new_id() for _ in range(wish.count)]
    try:
        rows = await hot.claim(db, caller.user_id, project_id, wish.purpose, wish.known, lease, ids)
    except asyncpg.UniqueViolationError as error:
        raise ClaimRaced(project_id=project_id) from error
    answers = await _answers(db, rows) if wish.purpose is Purpose.REVIEW else {}
    items = [_work(row, caller, link, project_id, wish.purpose, lease, answers.get(row["task_id"], [])) for row in rows]
    if items:
        return NextWork(items=items, remaining=rows[0]["remaining"])
    project = await projects.get_project(db, caller, project_id)
    if project.state != "running":
        return NextWork(items=[], remaining=0, waiting="The project is paused.", retry_after_s=None)
    waiting = project.phase_sentence if may(caller.role, Action.SEE_QUALITY) else PLAINLY[project.phase]
    if wish.purpose is Purpose.LABEL and await presence.note_idle(db, project_id, caller.user_id):
        waiting = "You have answered all that is open; other people's answers are awaited."
    return NextWork(items=[], remaining=0, waiting=waiting, retry_after_s=ASK_AGAIN_S)


async def submit(db: Transaction, caller: Caller, assignment_id: UUID, work: NewSubmission) -> tuple[Submission, bool]:
    """Accept an annotator's answer; True when it is new, False when the same was handed in before.

    Raises:
        AssignmentNotFound, LeaseEnded, AlreadySubmitted, SubmissionDiffers, OntologyStale.
        AnnotationsInvalid: with every fault found, not only the first.
    """
    require(caller, Action.LABEL)
    held = await _lock_own(db, caller, assignment_id)
    may_take(caller, Purpose(held["purpose"]))
    annotations = [one.model_dump() for one in work.annotations]
    if held["state"] != "held" or not held["is_live"]:
        return await _submitted_before(db, caller, held, work, annotations), False
    version = await ontology.get_ontology(db, caller, held["ontology_version_id"])
    if work.ontology_version_id != version.id:
        raise OntologyStale(ontology_version_id=version.id)
    if faults := check_annotations(work.annotations, held, version):
        raise AnnotationsInvalid(faults=faults)
    try:
        at = await hot.add_submission(
            db, held, work.submission_id, annotations, version.id, work.instructions_version, work.duration_s
        )
    except asyncpg.UniqueViolationError as error:
        raise SubmissionDiffers(submission_id=work.submission_id) from error
    await audit.record(db, caller, "task.submitted", held["task_id"], submission_id=str(work.submission_id))
    await jobs.publish(db, "tasks.submitted", project_id=held["project_id"], task_id=held["task_id"])
    return Submission(id=work.submission_id, task_id=held["task_id"], assignment_id=assignment_id, at=at), True


def check_annotations(
    annotations: Sequence[Annotation], held: asyncpg.Record, version: ontology.OntologyVersion
) -> list[Fault]:
    """Everything wrong with the annotations, each fault with its index."""
    media = Media(
        modality=held["modality"],
        media_type=held["media_type"],
        width=held["width"],
        height=held["height"],
        length=held["length"],
    )
    faults = []
    if not annotations and as_object_kind(kind_named(version.kind)) is None:
        message = "An answer needs an annotation: only among objects there can be none to mark."
        faults.append(Fault(code="annotations.missing", message=message, where="annotations"))
    for index, one in enumerate(annotations):
        found = judge(one, media, version.vocabulary).faults
        if one.kind != version.kind:
            found = [Fault(code="kind.not_in_project", message=f"This project asks for {version.kind}.", where="kind")]
        faults += [fault.model_copy(update={"where": f"annotations.{index}.{fault.where}"}) for fault in found]
    return faults


async def save_draft(db: Transaction, caller: Caller, assignment_id: UUID, draft: Draft) -> SavedDraft:
    """Autosave: once answered, the draft survives the browser, the server and the database.

    Raises:
        DraftStale: a newer draft is there.
    """
    held = await _lock_own(db, caller, assignment_id)
    if held["state"] != "held":
        raise NotAssigned(assignment_id=assignment_id)
    at = await lease_store.save_draft(db, assignment_id, draft.seq, [one.model_dump() for one in draft.annotations])
    if at is None:
        raise DraftStale(seq=held["draft_seq"])
    return SavedDraft(seq=draft.seq, saved_at=at)


async def skip(db: Transaction, caller: Caller, assignment_id: UUID, why: Skip) -> None:
    """Pass a task on; the same person does not get it again. What two pass on, or the last who is there, is for a reviewer.

    What all reviewers have passed on comes to them once more: a check that was drawn has to be made.
    """
    held = await _lock_held(db, caller, assignment_id)
    await lease_store.close_assignment(db, held, "skipped", why.reason)
    await audit.record(db, caller, "task.skipped", held["task_id"], reason=why.reason)
    if held["purpose"] == Purpose.LABEL and (
        await lease_store.count_skips(db, held["task_id"]) >= SKIPS_BEFORE_REVIEW
        or not await presence.is_left_to_somebody(db, held["project_id"], held["task_id"])
    ):
        await db.execute(
            """UPDATE task SET stage = 'review', wanted = 1, taken = 0, answered = 0, updated_at = now()
            WHERE id = $1 AND stage = 'people' AND taken = answered""",
            held["task_id"],
        )
    if held["purpose"] != Purpose.LABEL:
        await lease_store.offer_again_if_nobody_is_left(db, held["task_id"], held["purpose"], JUDGES)
    await jobs.publish(db, "tasks.submitted", project_id=held["project_id"], task_id=held["task_id"])


async def release(db: Transaction, caller: Caller, assignment_id: UUID) -> None:
    """Give a task back unworked; it may come again. Giving back what is not held any more is fine."""
    held = await _lock_own(db, caller, assignment_id)
    if held["state"] == "held":
        await lease_store.close_assignment(db, held, "released", None)


async def renew(db: Transaction, caller: Caller, assignment_id: UUID, lease: timedelta) -> Lease:
    """Hold a task longer; also takes a task again whose lease ended, if nobody else has it.

    Raises:
        LeaseEnded: somebody else has the task now, or it is not open any more.
    """
    held = await _lock_own(db, caller, assignment_id)
    if held["state"] in ("expired", "released"):
        try:
            if held["project_state"] == "running" and await lease_store.claim_one(db, assignment_id, held, lease):
                return Lease(expires_at=await lease_store.renew(db, assignment_id, lease))
        except asyncpg.UniqueViolationError as error:
            raise NotAssigned(assignment_id=assignment_id) from error
        raise LeaseEnded(assignment_id=assignment_id, can_take_again=False)
    if held["state"] != "held":
        raise AlreadySubmitted(assignment_id=assignment_id)
    return Lease(expires_at=await lease_store.renew(db, assignment_id, lease))


async def withdraw(db: Transaction, caller: Caller, link: Link, assignment_id: UUID, lease: timedelta) -> Work:
    """Take an answer back to change it, while its lease lasts and the labels are not frozen.

    The router may have counted the answer already: beliefs are made anew from the answers that stand, so that one is
    merely missing from the next.

    Raises:
        SubmissionFinal: too late.
    """
    held = await _lock_own(db, caller, assignment_id)
    still_open = held["stage"] == STAGE_OF[Purpose(held["purpose"])] or (
        held["purpose"] == Purpose.LABEL and held["stage"] == Stage.MODEL and held["phase"] in ("collecting", "routing")
    )
    if held["state"] != "submitted" or not held["is_live"] or held["project_state"] != "running":
        raise SubmissionFinal(assignment_id=assignment_id)
    if not still_open or held["purpose"] == Purpose.REVIEW:
        raise SubmissionFinal(assignment_id=assignment_id)
    if await lease_store.withdraw(db, held, lease) is None:
        raise SubmissionFinal(assignment_id=assignment_id)
    await audit.record(db, caller, "task.withdrawn", held["task_id"])
    row = await lease_store.held_work(db, assignment_id)
    assert row is not None
    return _work(row, caller, link, row["project_id"], Purpose(row["purpose"]), lease, [])


async def expire_leases(db: Transaction) -> None:
    """Chore: tasks that nobody handed in go back."""
    await lease_store.expire(db)


async def _submitted_before(
    db: Transaction, caller: Caller, held: asyncpg.Record, work: NewSubmission, annotations: list[dict[str, Any]]
) -> Submission:
    """The answer that was handed in under this id, if it is the same."""
    before = await hot.find_submission(db, work.submission_id)
    if before is not None and before["user_id"] == caller.user_id and before["assignment_id"] == held["id"]:
        if before["annotations"] != annotations or before["withdrawn_at"] is not None:
            raise SubmissionDiffers(submission_id=work.submission_id)
        return Submission(
            id=before["id"], task_id=before["task_id"], assignment_id=before["assignment_id"], at=before["created_at"]
        )
    if held["state"] == "submitted":
        raise AlreadySubmitted(assignment_id=held["id"])
    can_take_again = held["has_room"] and held["stage"] == STAGE_OF[Purpose(held["purpose"])]
    raise LeaseEnded(assignment_id=held["id"], can_take_again=bool(can_take_again))


async def _lock_own(db: Transaction, caller: Caller, assignment_id: UUID) -> asyncpg.Record:
    require(caller, Action.LABEL)
    held = await hot.lock_assignment(db, assignment_id)
    if held is None or held["user_id"] != caller.user_id:
        raise AssignmentNotFound(assignment_id=assignment_id)
    return held


async def _lock_held(db: Transaction, caller: Caller, assignment_id: UUID) -> asyncpg.Record:
    held = await _lock_own(db, caller, assignment_id)
    if held["state"] == "submitted":
        raise AlreadySubmitted(assignment_id=assignment_id)
    if held["state"] != "held" or not held["is_live"]:
        raise LeaseEnded(assignment_id=assignment_id, can_take_again=bool(held["has_room"]))
    if held["project_state"] != "running":
        raise ProjectPaused(project_id=held["project_id"])
    return held


async def _answers(db: Transaction, rows: Sequence[asyncpg.Record]) -> dict[UUID, list[Answer]]:
    """What people answered, by letter: a reviewer judges the work and not its author."""
    found: dict[UUID, list[Answer]] = {}
    for row in await store.answers(db, [row["task_id"] for row in rows]):
        some = found.setdefault(row["task_id"], [])
        annotations = [Annotation.model_validate(one) for one in row["annotations"]]
        some.append(
            Answer(submission_id=row["id"], by=chr(65 + len(some) % 26), annotations=annotations, at=row["created_at"])
        )
    return found


def _work(
    row: asyncpg.Record,
    caller: Caller,
    link: Link,
    project_id: UUID,
    purpose: Purpose,
    lease: timedelta,
    answers: list[Answer],
) -> Work:
    draft = None if row["draft"] is None else Draft(seq=row["draft_seq"], annotations=row["draft"])
    is_labelling = purpose is Purpose.LABEL
    return Work(
        assignment_id=row["assignment_id"],
        task_id=row["task_id"],
        project_id=project_id,
        purpose=purpose,
        expires_at=row["expires_at"],
        lease_seconds=int(lease.total_seconds()),
        asset=describe_asset(row, caller, link),
        draft=draft,
        answers=answers,
        predictions=read_predictions(row) if is_labelling else None,
        proposed=None if is_labelling else row["proposed"],
        ontology_version_id=row["ontology_version_id"],
        instructions_version=row["instructions_version"],
    )

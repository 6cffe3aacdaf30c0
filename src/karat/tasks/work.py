"""Use cases of those who do the work: take it, save a draft, hand it in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from karat import audit, jobs, ontology
from karat.database import Transaction
from karat.kit import Action, Caller, Fault, may, new_id, require
from karat.kit.sayings import Words
from karat.modalities import Annotation, Media, as_object_kind, judge, kind_named
from karat.storage.doors import Link
from karat.tasks import hot, lease_store, presence, projects, sayings, store
from karat.tasks.errors import (
    AlreadySubmitted,
    AnnotationsInvalid,
    ClaimRaced,
    DraftStale,
    LeaseEnded,
    NotAssigned,
    OntologyStale,
    SubmissionDiffers,
)
from karat.tasks.held import describe_work, lock_own
from karat.tasks.types import STAGE_OF, Purpose
from karat.tasks.work_types import (
    Answer,
    Draft,
    NewSubmission,
    NextRequest,
    NextWork,
    SavedDraft,
    Submission,
)

ASK_AGAIN_S = 1.0


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
    items = [
        describe_work(row, caller, link, project_id, wish.purpose, lease, answers.get(row["task_id"], []))
        for row in rows
    ]
    if items:
        return NextWork(items=items, remaining=rows[0]["remaining"])
    project = await projects.get_project(db, caller, project_id)
    if project.state != "running":
        return _nothing(sayings.PAUSED(), None)
    words = Words(text=project.phase_sentence, said=project.phase_said)
    if wish.purpose is Purpose.LABEL and await presence.note_idle(db, project_id, caller.user_id):
        words = sayings.OTHERS_AWAITED()
    elif not may(caller.role, Action.SEE_QUALITY):
        words = sayings.plainly(project.phase)
    return _nothing(words, ASK_AGAIN_S)


def _nothing(why: Words, retry_after_s: float | None) -> NextWork:
    return NextWork(items=[], remaining=0, waiting=why.text, waiting_said=why.said, retry_after_s=retry_after_s)


async def submit(db: Transaction, caller: Caller, assignment_id: UUID, work: NewSubmission) -> tuple[Submission, bool]:
    """Accept an annotator's answer; True when it is new, False when the same was handed in before.

    Raises:
        AssignmentNotFound, LeaseEnded, AlreadySubmitted, SubmissionDiffers, OntologyStale.
        AnnotationsInvalid: with every fault found, not only the first.
    """
    require(caller, Action.LABEL)
    held = await lock_own(db, caller, assignment_id)
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
    held = await lock_own(db, caller, assignment_id)
    if held["state"] != "held":
        raise NotAssigned(assignment_id=assignment_id)
    at = await lease_store.save_draft(db, assignment_id, draft.seq, [one.model_dump() for one in draft.annotations])
    if at is None:
        raise DraftStale(seq=held["draft_seq"])
    return SavedDraft(seq=draft.seq, saved_at=at)


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

"""Use cases around a lease: hold a task longer, pass it on, give it back, take an answer back."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from karat import audit, jobs
from karat.database import Transaction
from karat.kit import Action, Caller, roles_that_may
from karat.storage.doors import Link
from karat.tasks import lease_store, presence
from karat.tasks.errors import AlreadySubmitted, LeaseEnded, NotAssigned, SubmissionFinal
from karat.tasks.held import describe_work, lock_held, lock_own
from karat.tasks.types import STAGE_OF, Purpose, Stage
from karat.tasks.work_types import Lease, Skip, Work

SKIPS_BEFORE_REVIEW = 2
JUDGES = roles_that_may(Action.REVIEW)


async def skip(db: Transaction, caller: Caller, assignment_id: UUID, why: Skip) -> None:
    """Pass a task on; the same person does not get it again. What two pass on, or the last who is there, is for a reviewer.

    What all reviewers have passed on comes to them once more: a check that was drawn has to be made.
    """
    held = await lock_held(db, caller, assignment_id)
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
    held = await lock_own(db, caller, assignment_id)
    if held["state"] == "held":
        await lease_store.close_assignment(db, held, "released", None)


async def renew(db: Transaction, caller: Caller, assignment_id: UUID, lease: timedelta) -> Lease:
    """Hold a task longer; also takes a task again whose lease ended, if nobody else has it.

    Raises:
        LeaseEnded: somebody else has the task now, or it is not open any more.
    """
    held = await lock_own(db, caller, assignment_id)
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
    held = await lock_own(db, caller, assignment_id)
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
    return describe_work(row, caller, link, row["project_id"], Purpose(row["purpose"]), lease, [])


async def expire_leases(db: Transaction) -> None:
    """Chore: tasks that nobody handed in go back."""
    await lease_store.expire(db)

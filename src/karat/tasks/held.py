"""What somebody holds: the assignment, locked while it is changed, and what its editor is given."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets import describe_asset
from karat.kit import Action, Caller, require
from karat.storage.doors import Link
from karat.tasks import hot
from karat.tasks.errors import AlreadySubmitted, AssignmentNotFound, LeaseEnded, ProjectPaused
from karat.tasks.predictions import read_predictions
from karat.tasks.types import Purpose
from karat.tasks.work_types import Answer, Draft, Work


async def lock_own(db: Transaction, caller: Caller, assignment_id: UUID) -> asyncpg.Record:
    """The caller's assignment in whatever state, locked until the transaction ends.

    Raises:
        AssignmentNotFound: it is not there, or somebody else's.
    """
    require(caller, Action.LABEL)
    held = await hot.lock_assignment(db, assignment_id)
    if held is None or held["user_id"] != caller.user_id:
        raise AssignmentNotFound(assignment_id=assignment_id)
    return held


async def lock_held(db: Transaction, caller: Caller, assignment_id: UUID) -> asyncpg.Record:
    """The caller's assignment, locked, if its lease lasts and its project runs.

    Raises:
        AssignmentNotFound, AlreadySubmitted, LeaseEnded, ProjectPaused.
    """
    held = await lock_own(db, caller, assignment_id)
    if held["state"] == "submitted":
        raise AlreadySubmitted(assignment_id=assignment_id)
    if held["state"] != "held" or not held["is_live"]:
        raise LeaseEnded(assignment_id=assignment_id, can_take_again=bool(held["has_room"]))
    if held["project_state"] != "running":
        raise ProjectPaused(project_id=held["project_id"])
    return held


def describe_work(
    row: asyncpg.Record,
    caller: Caller,
    link: Link,
    project_id: UUID,
    purpose: Purpose,
    lease: timedelta,
    answers: list[Answer],
) -> Work:
    """What the editor of a held task needs, from a row of `hot.claim` or `lease_store.held_work`."""
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

"""Asking for a turn of the engine."""

from uuid import UUID

from karat import jobs
from karat.database import Transaction


async def enqueue_turn(db: Transaction, project_id: UUID) -> None:
    """Let the engine look at the project soon; turns of one project never overlap."""
    await jobs.enqueue(
        db,
        "quality.turn",
        subject_id=project_id,
        dedupe_key=f"turn:{project_id}",
        title="Decide what comes next",
        project_id=project_id,
    )

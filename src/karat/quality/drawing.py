"""Drawing for the check: the next labels of a draw come before reviewers."""

from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.jobs import Compute
from karat.kit import Record
from karat.quality import check_store
from karat.quality.queueing import enqueue_turn
from karat.tasks import Purpose, routing


async def draw_next(
    db: Transaction,
    compute: Compute,
    certifying: str,
    draw_id: UUID,
    terms: Record,
    rows: list[asyncpg.Record],
    done: int,
    upto: int,
    project_id: UUID,
) -> None:
    """Put labels `done` to `upto` of the draw in front of reviewers, in its order.

    Args:
        certifying: the module whose `drawn(terms, asset_ids, n)` says which come first.
        rows: of the frozen labels, each with `asset_id` and `task_id`.
    """
    drawn: list[UUID] = await compute.run(f"{certifying}:drawn", terms, [row["asset_id"] for row in rows], upto)
    by_asset = {row["asset_id"]: row["task_id"] for row in rows}
    chosen = [by_asset[asset] for asset in drawn[done:]]
    await check_store.mark_drawn(db, draw_id, chosen, done)
    if chosen:
        await routing.open_batch(db, project_id, chosen, Purpose.CHECK)
    else:
        await enqueue_turn(db, project_id)

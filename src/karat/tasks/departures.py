"""Who leaves, or may do less than before, gives back what they hold."""

from uuid import UUID

from karat.database import Transaction
from karat.jobs import Event
from karat.kit import Action, roles_that_may

LABELLERS, JUDGES = roles_that_may(Action.LABEL), roles_that_may(Action.REVIEW)


async def on_members_changed(db: Transaction, events: list[Event]) -> None:
    """Give back what these members hold and may not do any more; safe to hear twice.

    An event, since `access` is below and knows no tasks. Between the change and this nothing can be handed in by them:
    they are refused at the door from the moment of the change on.
    """
    await release_held(db, [UUID(event.payload["user_id"]) for event in events])


async def release_held(db: Transaction, user_ids: list[UUID]) -> int:
    """Take back the leases that members hold without still being allowed to work on them; how many.

    A row that somebody is submitting right now is left to the end of its lease.
    """
    return int(
        await db.fetch_value(
            """WITH over AS (
                SELECT a.id, a.task_id FROM assignment a
                JOIN membership m ON m.tenant_id = a.tenant_id AND m.user_id = a.user_id
                WHERE a.user_id = ANY($2::uuid[]) AND a.state = 'held' AND NOT (m.active AND m.role = ANY(
                    CASE WHEN a.purpose = 'label' THEN $3::text[] ELSE $4::text[] END))
                FOR UPDATE OF a SKIP LOCKED
            ), released AS (
                UPDATE assignment a SET state = 'released' FROM over WHERE a.tenant_id = $1 AND a.id = over.id
            ), freed AS (
                UPDATE task t SET taken = t.taken - o.n
                FROM (SELECT task_id, count(*) AS n FROM over GROUP BY task_id) o
                WHERE t.tenant_id = $1 AND t.id = o.task_id
            ) SELECT count(*) FROM over""",
            db.tenant_id,
            user_ids,
            LABELLERS,
            JUDGES,
        )
    )

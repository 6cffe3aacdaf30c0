"""Who is there to label: who holds work, was given some a short while ago, or asks for some in vain.

The router asks those who are there. Somebody who went home with the last answers of a batch still to give must not keep
everybody else waiting.
"""

from datetime import timedelta
from uuid import UUID

from karat.database import Transaction

PRESENT_FOR = timedelta(minutes=5)
WAITING_FOR = timedelta(seconds=30)  # since somebody last asked in vain; the web app asks every second
NOTED_EVERY = timedelta(seconds=10)

_HAD = "a.purpose = 'label' AND a.state IN ('held', 'submitted', 'skipped')"


async def note_idle(db: Transaction, project_id: UUID, user_id: UUID) -> bool:
    """The person asked for something to label in vain; whether there is something for others."""
    return bool(
        await db.fetch_value(
            """WITH noted AS (
                INSERT INTO presence (tenant_id, project_id, user_id) VALUES ($1, $2, $3)
                ON CONFLICT (tenant_id, project_id, user_id) DO UPDATE SET seen_at = now()
                WHERE presence.seen_at < now() - $4::interval
            ) SELECT EXISTS (SELECT 1 FROM task WHERE project_id = $2 AND stage = 'people' AND taken < wanted)""",
            db.tenant_id,
            project_id,
            user_id,
            NOTED_EVERY,
        )
    )


async def present_people(db: Transaction, project_id: UUID) -> list[UUID]:
    """The members who are there; when nobody is, all who ever answered, since one of them will come back."""
    there = await db.fetch(
        """SELECT m.user_id FROM membership m LEFT JOIN LATERAL (
            SELECT a.created_at, a.purpose FROM assignment a WHERE a.project_id = $1 AND a.user_id = m.user_id
            ORDER BY a.id DESC LIMIT 1) AS latest ON true
        WHERE m.active AND (latest.purpose = 'label' AND latest.created_at > now() - $2::interval
            OR EXISTS (SELECT 1 FROM presence p WHERE p.project_id = $1 AND p.user_id = m.user_id
                AND p.seen_at > now() - $2::interval)
            OR EXISTS (SELECT 1 FROM assignment a WHERE a.project_id = $1 AND a.user_id = m.user_id
                AND a.state = 'held' AND a.purpose = 'label' AND a.expires_at > now()))""",
        project_id,
        PRESENT_FOR,
    )
    if not there:
        there = await db.fetch(
            """SELECT m.user_id FROM membership m WHERE m.active AND EXISTS (SELECT 1 FROM submission s
                WHERE s.project_id = $1 AND s.user_id = m.user_id AND s.purpose = 'label')""",
            project_id,
        )
    return [row["user_id"] for row in there]


async def exhausted_tasks(db: Transaction, project_id: UUID) -> list[UUID]:
    """Tasks that everybody who is there has answered or passed on; none while nobody has ever answered."""
    people = await present_people(db, project_id)
    if not people:
        return []
    rows = await db.fetch(
        """SELECT a.task_id FROM assignment a WHERE a.project_id = $1 AND a.user_id = ANY($2::uuid[])
            AND a.purpose = 'label' AND a.state IN ('submitted', 'skipped')
        GROUP BY a.task_id HAVING count(DISTINCT a.user_id) >= $3""",
        project_id,
        people,
        len(people),
    )
    return [row["task_id"] for row in rows]


async def is_left_to_somebody(db: Transaction, project_id: UUID, task_id: UUID) -> bool:
    """Whether anybody who is there has not had the task yet."""
    return bool(
        await db.fetch_value(
            f"""SELECT EXISTS (SELECT 1 FROM unnest($2::uuid[]) AS one (user_id) WHERE NOT EXISTS (
                SELECT 1 FROM assignment a WHERE a.task_id = $1 AND a.user_id = one.user_id AND {_HAD}))""",
            task_id,
            await present_people(db, project_id),
        )
    )


async def waiting_projects(db: Transaction) -> list[UUID]:
    """Running projects in which somebody asks for something to label in vain."""
    rows = await db.fetch(
        """SELECT DISTINCT p.id FROM presence w JOIN project p ON p.tenant_id = w.tenant_id AND p.id = w.project_id
        WHERE w.seen_at > now() - $1::interval AND p.state = 'running'
            AND p.phase IN ('collecting', 'routing', 'review_needed')""",
        WAITING_FOR,
    )
    return [row["id"] for row in rows]


async def is_starving(db: Transaction, project_id: UUID) -> bool:
    """Whether somebody waits while all that is open is for people who are not there."""
    is_waiting = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM presence WHERE project_id = $1 AND seen_at > now() - $2::interval)",
        project_id,
        WAITING_FOR,
    )
    if not is_waiting:
        return False
    return not await db.fetch_value(
        f"""SELECT EXISTS (SELECT 1 FROM task t CROSS JOIN unnest($2::uuid[]) AS one (user_id)
            WHERE t.project_id = $1 AND t.stage = 'people' AND t.taken < t.wanted AND NOT EXISTS (
                SELECT 1 FROM assignment a WHERE a.task_id = t.id AND a.user_id = one.user_id AND {_HAD}))""",
        project_id,
        await present_people(db, project_id),
    )

"""How the quality engine moves tasks: what may be asked of whom is decided above, the moves are made here.

A task never changes its stage while somebody holds it, so work in hand is never pulled away.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from karat.database import Transaction
from karat.kit import new_id
from karat.kit.sayings import Words
from karat.tasks import budget, store
from karat.tasks.types import STAGE_OF, Phase, Purpose, Stage


async def open_batch(
    db: Transaction, project_id: UUID, task_ids: Sequence[UUID], purpose: Purpose, wanted: int = 1
) -> UUID:
    """Put tasks in front of people, in the order given, as a new batch; as many as the project's budget has room for."""
    batch_id = new_id()
    if (room := await budget.room(db, project_id)) is not None:
        task_ids = task_ids[: max(0, room // wanted)]
    number = 1 + int(
        await db.fetch_value("SELECT coalesce(max(number), 0) FROM batch WHERE project_id = $1", project_id)
    )
    await db.execute(
        """INSERT INTO batch (tenant_id, id, project_id, number, purpose, state, n_tasks)
        VALUES ($1, $2, $3, $4, $5, 'in_progress', $6)""",
        db.tenant_id,
        batch_id,
        project_id,
        number,
        purpose,
        len(task_ids),
    )
    await db.execute(
        """UPDATE task t SET stage = $3, batch_id = $2, priority = new.at, wanted = $4, taken = 0, answered = 0,
            updated_at = now()
        FROM unnest($1::uuid[]) WITH ORDINALITY AS new (id, at)
        WHERE t.tenant_id = $5 AND t.id = new.id AND t.taken = t.answered""",
        list(task_ids),
        batch_id,
        STAGE_OF[purpose],
        wanted,
        db.tenant_id,
    )
    return batch_id


async def open_reviews(db: Transaction, project_id: UUID, task_ids: Sequence[UUID]) -> int:
    """Put tasks in front of reviewers, and tell how many.

    What was reviewed, rejected or taken up again since the caller looked is left out: it must not be reviewed twice.
    """
    rows = await db.fetch(
        """SELECT t.id FROM unnest($1::uuid[]) WITH ORDINALITY AS one (id, at) JOIN task t ON t.id = one.id
        WHERE t.stage = 'model' AND NOT EXISTS (
            SELECT 1 FROM review r WHERE r.task_id = t.id AND r.verdict <> 'reject')
        ORDER BY one.at""",
        list(task_ids),
    )
    if rows:
        await open_batch(db, project_id, [row["id"] for row in rows], Purpose.REVIEW)
    return len(rows)


async def open_places(db: Transaction, project_id: UUID, stage: Stage) -> int:
    """Answers that the stage still wants, held or not."""
    return int(
        await db.fetch_value(
            "SELECT coalesce(sum(wanted - answered), 0) FROM task WHERE project_id = $1 AND stage = $2",
            project_id,
            stage,
        )
    )


async def has_free_places(db: Transaction, project_id: UUID, stage: Stage) -> bool:
    """Whether somebody may still take a task of the stage; costs the same in a project of any size."""
    return bool(
        await db.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM task WHERE project_id = $1 AND stage = $2 AND taken < wanted)",
            project_id,
            stage,
        )
    )


async def collect_answered(db: Transaction, project_id: UUID, stage: Stage, back_to: Stage) -> None:
    """Take back every task of the stage that has all its answers; what is still held stays out and comes later."""
    await db.execute(
        """UPDATE task SET stage = $3, wanted = 0, taken = 0, answered = 0, updated_at = now()
        WHERE project_id = $1 AND stage = $2 AND answered >= wanted""",
        project_id,
        stage,
        back_to,
    )
    await db.execute(
        """UPDATE batch b SET state = 'completed' WHERE project_id = $1 AND state = 'in_progress' AND NOT EXISTS (
            SELECT 1 FROM task t WHERE t.tenant_id = b.tenant_id AND t.batch_id = b.id
                AND t.stage IN ('people', 'review', 'check'))""",
        project_id,
    )


async def take_back(db: Transaction, project_id: UUID, stages: Sequence[Stage]) -> None:
    """Close whatever waits in these stages and nobody holds."""
    await db.execute(
        """UPDATE task SET stage = 'model', wanted = 0, taken = 0, answered = 0, updated_at = now()
        WHERE project_id = $1 AND stage = ANY($2::text[]) AND taken = answered""",
        project_id,
        list(stages),
    )


async def take_back_leftovers(db: Transaction, project_id: UUID) -> None:
    """Close what is left of batches of labelling and nobody holds; what a reviewer has rejected stays to be asked again."""
    await db.execute(
        """UPDATE task t SET stage = 'model', wanted = 0, taken = 0, answered = 0, updated_at = now()
        WHERE project_id = $1 AND stage = 'people' AND taken = answered AND EXISTS (
            SELECT 1 FROM batch b WHERE b.tenant_id = t.tenant_id AND b.id = t.batch_id AND b.purpose = 'label')""",
        project_id,
    )


async def take_back_unclaimed(db: Transaction, project_id: UUID) -> int:
    """Close whatever waits for people and nobody holds; how many tasks are still held."""
    await take_back(db, project_id, (Stage.PEOPLE, Stage.REVIEW))
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM task WHERE project_id = $1 AND stage IN ('people', 'review')", project_id
        )
    )


async def set_labels(
    db: Transaction, task_ids: Sequence[UUID], labels: Sequence[str], confidences: Sequence[float]
) -> int:
    """Write what the engine believes now; rows that would not visibly change are left alone."""
    return await db.execute(
        """UPDATE task t SET label = new.label, confidence = new.confidence, updated_at = now()
        FROM unnest($1::uuid[], $2::text[], $3::real[]) AS new (id, label, confidence)
        WHERE t.tenant_id = $4 AND t.id = new.id
            AND (t.label IS DISTINCT FROM new.label OR abs(coalesce(t.confidence, -1) - new.confidence) > 0.005)""",
        list(task_ids),
        list(labels),
        list(confidences),
        db.tenant_id,
    )


async def set_annotations(
    db: Transaction,
    task_ids: Sequence[UUID],
    annotations: Sequence[list[dict[str, Any]]],
    classes: Sequence[Sequence[str]],
    confidences: Sequence[float | None],
) -> int:
    """Write the labels of kinds of objects; how many are new. A task that is with people for judging stays as they see it.

    Args:
        classes: of each annotation, as its kind gives it.
    """
    return await db.execute(
        """UPDATE task t SET annotations = new.annotations, confidence = new.confidence, updated_at = now(),
            classes = ARRAY(SELECT jsonb_array_elements_text(new.classes))
        FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::real[]) AS new (id, annotations, classes, confidence)
        WHERE t.tenant_id = $5 AND t.id = new.id AND (t.stage <> 'review' OR t.taken = t.answered)
            AND (t.annotations IS DISTINCT FROM new.annotations OR t.confidence IS DISTINCT FROM new.confidence)""",
        list(task_ids),
        [json.dumps(one) for one in annotations],
        [json.dumps(list(one)) for one in classes],
        list(confidences),
        db.tenant_id,
    )


async def finish_tasks(db: Transaction, project_id: UUID) -> None:
    """All tasks of the project are done."""
    await db.execute(
        """UPDATE task SET stage = 'done', wanted = 0, taken = 0, answered = 0, updated_at = now()
        WHERE project_id = $1 AND stage <> 'done' AND taken = answered""",
        project_id,
    )


async def set_phase(db: Transaction, project_id: UUID, phase: Phase, words: Words) -> None:
    """What the engine does with the project now, in a sentence for people."""
    await store.update_project(db, project_id, {"phase": phase, **store.phase_words(words)})


async def explain_phase(db: Transaction, project_id: UUID, words: Words) -> None:
    """Why it goes on as it does: another sentence for the same phase."""
    await store.update_project(db, project_id, store.phase_words(words))

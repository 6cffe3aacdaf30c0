"""SQL of beliefs, rounds, checks and certificates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.kit import Action, roles_that_may


async def tasks_of(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """Every task in a fixed order, with what is believed and predicted."""
    return await db.fetch(
        """SELECT t.id, t.asset_id, t.label, p.probabilities, b.posterior FROM task t
        LEFT JOIN belief b ON b.tenant_id = t.tenant_id AND b.task_id = t.id
        LEFT JOIN prediction p ON p.tenant_id = t.tenant_id AND p.task_id = t.id
        WHERE t.project_id = $1 ORDER BY t.asset_id""",
        project_id,
    )


# Who may review is the reference: what they say is right by definition, whether they label, review or check.
REFERENCE_ROLES = roles_that_may(Action.REVIEW)


async def answers_of(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """The annotators' answers that count, oldest first; what a reviewer rejected does not."""
    return await db.fetch(
        """SELECT s.task_id, s.user_id, s.annotations FROM submission s
        JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.role <> ALL($2::text[])
        WHERE s.project_id = $1 AND s.purpose = 'label' AND s.withdrawn_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM review r WHERE r.tenant_id = s.tenant_id AND r.task_id = s.task_id AND r.verdict = 'reject'
                AND r.created_at > s.created_at)
        ORDER BY s.id""",
        project_id,
        REFERENCE_ROLES,
    )


async def count_answers_before(db: Transaction, project_id: UUID, moment: datetime) -> int:
    """People's answers that there were at the moment."""
    return int(
        await db.fetch_value(
            """SELECT count(*) FROM submission
            WHERE project_id = $1 AND purpose = 'label' AND withdrawn_at IS NULL AND created_at < $2""",
            project_id,
            moment,
        )
    )


async def verified_of(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """What the reference decided: its own labels, reviews and checks, oldest first."""
    return await db.fetch(
        """SELECT task_id, annotations, created_at FROM review WHERE project_id = $1 AND verdict <> 'reject'
        UNION ALL SELECT s.task_id, s.annotations, s.created_at FROM submission s
        JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id
        WHERE s.project_id = $1 AND s.withdrawn_at IS NULL AND (s.purpose = 'check' OR m.role = ANY($2::text[]))
        ORDER BY created_at""",
        project_id,
        REFERENCE_ROLES,
    )


async def stuck_projects(db: Transaction) -> list[UUID]:
    """Running projects that nothing moves any more: their newest turn or training ended a minute ago or earlier.

    It ended badly, or it left nothing that anybody could do or holds.
    """
    rows = await db.fetch(
        """SELECT p.id FROM project p CROSS JOIN LATERAL (
            SELECT j.state, j.finished_at FROM job j WHERE j.tenant_id = p.tenant_id AND j.subject_id = p.id
                AND j.name IN ('quality.turn', 'assist.train') ORDER BY j.id DESC LIMIT 1) AS latest
        WHERE p.state = 'running' AND p.phase NOT IN ('certified', 'pilot')
            AND latest.finished_at < now() - interval '1 minute'
            AND (latest.state IN ('failed', 'cancelled') OR latest.state = 'done' AND NOT EXISTS (
                SELECT 1 FROM task t WHERE t.project_id = p.id AND t.stage IN ('people', 'review', 'check')
                    AND (t.taken < t.wanted OR t.answered < t.taken)))"""
    )
    return [row["id"] for row in rows]


async def latest_batch(db: Transaction, project_id: UUID) -> asyncpg.Record | None:
    """The newest batch of labelling, and whether its round is closed."""
    return await db.fetch_row(
        """SELECT b.id, b.number, b.n_tasks, b.created_at, EXISTS (
            SELECT 1 FROM routing_round r WHERE r.tenant_id = b.tenant_id AND r.batch_id = b.id) AS is_closed
        FROM batch b WHERE b.project_id = $1 AND b.purpose = 'label' ORDER BY b.number DESC LIMIT 1""",
        project_id,
    )


async def model_version(db: Transaction, project_id: UUID) -> asyncpg.Record | None:
    """The newest version of the project's model, or the one that was chosen; with what this project knows of it."""
    return await db.fetch_row(
        """SELECT v.id, v.version, v.n_trained_on, v.created_at,
            jsonb_build_object('batch_id', null) || v.metrics || p.metrics AS metrics
        FROM model_version v JOIN project_model p ON p.tenant_id = v.tenant_id AND p.model_id = v.model_id
        WHERE p.project_id = $1 AND (p.model_version_id IS NULL OR p.model_version_id = v.id)
        ORDER BY v.version DESC LIMIT 1""",
        project_id,
    )


async def rounds(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT number, n_human_answers, n_changed, expected_error, facts, created_at FROM routing_round
        WHERE project_id = $1 ORDER BY number""",
        project_id,
    )


async def add_round(
    db: Transaction,
    round_id: UUID,
    project_id: UUID,
    batch_id: UUID | None,
    version_id: UUID | None,
    n_answers: int,
    n_changed: int,
    expected_error: float | None,
    facts: dict[str, Any],
) -> None:
    await db.execute(
        """INSERT INTO routing_round (tenant_id, id, project_id, number, batch_id, model_version_id, n_human_answers,
            n_changed, expected_error, facts)
        VALUES ($1, $2, $3, (SELECT 1 + coalesce(max(number), 0) FROM routing_round WHERE project_id = $3), $4, $5, $6,
            $7, $8, $9)""",
        db.tenant_id,
        round_id,
        project_id,
        batch_id,
        version_id,
        n_answers,
        n_changed,
        expected_error,
        facts,
    )


async def save_beliefs(
    db: Transaction,
    project_id: UUID,
    task_ids: Sequence[UUID],
    flat: Sequence[float],
    gaps: Sequence[float],
    n_answers: Sequence[int],
    n_classes: int,
) -> None:
    """The posterior of every task; `flat` is row after row."""
    await db.execute(
        """INSERT INTO belief (tenant_id, task_id, project_id, posterior, gap, n_answers)
        SELECT $1, id, $2, ($4::real[])[(at - 1) * $7 + 1 : at * $7], gap, n
        FROM unnest($3::uuid[], $5::real[], $6::smallint[]) WITH ORDINALITY AS one (id, gap, n, at)
        ON CONFLICT (tenant_id, task_id) DO UPDATE SET posterior = excluded.posterior, gap = excluded.gap,
            n_answers = excluded.n_answers, updated_at = now()""",
        db.tenant_id,
        project_id,
        list(task_ids),
        flat,
        gaps,
        n_answers,
        n_classes,
    )


async def save_skills(
    db: Transaction, project_id: UUID, skills: Sequence[tuple[UUID, int, float, float, float]]
) -> None:
    await db.execute_many(
        """INSERT INTO annotator_skill (tenant_id, project_id, user_id, n_answers, accuracy, low, high)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, project_id, user_id) DO UPDATE
        SET n_answers = excluded.n_answers, accuracy = excluded.accuracy, low = excluded.low, high = excluded.high,
            updated_at = now()""",
        [(db.tenant_id, project_id, *one) for one in skills],
    )


async def count_human_answers(db: Transaction, project_id: UUID) -> asyncpg.Record:
    """Every answer that a person gave: labels, reviews and checks, also those that were later rejected."""
    row = await db.fetch_row(
        """SELECT count(*) FILTER (WHERE purpose = 'label') AS people, count(*) FILTER (WHERE purpose = 'check') AS checked,
            (SELECT count(*) FROM review WHERE project_id = $1) AS review
        FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL""",
        project_id,
    )
    assert row is not None
    return row


async def answers_to(db: Transaction, task_id: UUID) -> list[asyncpg.Record]:
    """People's answers to one task."""
    return await db.fetch(
        "SELECT annotations FROM submission WHERE task_id = $1 AND purpose = 'label' AND withdrawn_at IS NULL ORDER BY id",
        task_id,
    )

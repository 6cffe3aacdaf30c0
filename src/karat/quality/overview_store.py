"""SQL of the overview: counts and sums, nothing per task."""

from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.kit import Action, roles_that_may

BELIEF_BINS = 20
LABELLERS = roles_that_may(Action.LABEL)


async def stages(db: Transaction, project_id: UUID) -> dict[str, int]:
    rows = await db.fetch("SELECT stage, count(*) AS n FROM task WHERE project_id = $1 GROUP BY stage", project_id)
    return {row["stage"]: row["n"] for row in rows}


async def classes(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT label AS name, count(*) AS n FROM task WHERE project_id = $1 AND label IS NOT NULL
        GROUP BY label ORDER BY label""",
        project_id,
    )


async def object_classes(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """Objects by class, over all labels."""
    return await db.fetch(
        """SELECT name, count(*) AS n FROM task CROSS JOIN unnest(classes) AS name WHERE project_id = $1
        GROUP BY name ORDER BY name""",
        project_id,
    )


async def objects(db: Transaction, project_id: UUID) -> asyncpg.Record:
    """Labels of objects, and what the answers behind them agree on."""
    row = await db.fetch_row(
        """SELECT count(*) AS n_labels, coalesce(sum(cardinality(classes)), 0) AS n_objects,
            count(*) FILTER (WHERE cardinality(classes) = 0) AS n_empty,
            (SELECT avg(agreement) FROM consensus WHERE project_id = $1)::float8 AS agreement,
            (SELECT count(*) FROM consensus WHERE project_id = $1 AND unsure > 0) AS n_unsure
        FROM task WHERE project_id = $1 AND classes IS NOT NULL""",
        project_id,
    )
    assert row is not None
    return row


async def beliefs(db: Transaction, project_id: UUID) -> list[int]:
    """Tasks by the confidence of their label, in bins of equal width from 0 to 1."""
    rows = await db.fetch(
        """SELECT least($2 - 1, floor(confidence * $2))::int AS bin, count(*) AS n FROM task
        WHERE project_id = $1 AND confidence IS NOT NULL GROUP BY 1""",
        project_id,
        BELIEF_BINS,
    )
    counts = [0] * BELIEF_BINS
    for row in rows:
        counts[row["bin"]] = row["n"]
    return counts


async def people(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT s.user_id, u.name, u.kind = 'simulated' AS simulated, count(*) AS n_answers, k.accuracy, k.low, k.high,
            k.detection, k.false_share, k.overlap,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY s.duration_s) AS median_seconds
        FROM submission s JOIN "user" u ON u.id = s.user_id
        LEFT JOIN annotator_skill k ON k.tenant_id = s.tenant_id AND k.project_id = s.project_id AND k.user_id = s.user_id
        WHERE s.project_id = $1 AND s.withdrawn_at IS NULL
        GROUP BY s.user_id, u.name, u.kind, k.accuracy, k.low, k.high, k.detection, k.false_share, k.overlap
        ORDER BY n_answers DESC, u.name""",
        project_id,
    )


async def people_who_may_label(db: Transaction) -> int:
    """Members who can be asked; who has left or is no labeller cannot."""
    return int(
        await db.fetch_value("SELECT count(*) FROM membership WHERE active AND role = ANY($1::text[])", LABELLERS)
    )


async def answers_since(db: Transaction, project_id: UUID, seconds: int) -> int:
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM submission WHERE project_id = $1 AND created_at > now() - make_interval(secs => $2)",
            project_id,
            seconds,
        )
    )


async def failed_imports(db: Transaction, project_id: UUID) -> int:
    return int(
        await db.fetch_value(
            """SELECT coalesce(sum(i.n_faults), 0) FROM data_import i JOIN project p ON p.tenant_id = i.tenant_id
            AND p.dataset_id = i.dataset_id WHERE p.id = $1""",
            project_id,
        )
    )


async def assets_without_task(db: Transaction, project_id: UUID) -> int:
    return int(
        await db.fetch_value(
            """SELECT d.n_assets - (SELECT count(*) FROM task t WHERE t.tenant_id = p.tenant_id AND t.project_id = p.id)
            FROM project p JOIN dataset d ON d.tenant_id = p.tenant_id AND d.id = p.dataset_id WHERE p.id = $1""",
            project_id,
        )
    )


async def check_counts(db: Transaction, draw_id: UUID) -> asyncpg.Record:
    row = await db.fetch_row(
        """SELECT count(*) FILTER (WHERE reference_label IS NOT NULL OR reference_annotations IS NOT NULL) AS n_checked,
            count(*) FILTER (WHERE reference_label <> label OR loss > 0) AS n_wrong, avg(loss) AS mean_loss
        FROM frozen_label WHERE draw_id = $1 AND position IS NOT NULL""",
        draw_id,
    )
    assert row is not None
    return row


async def explanation(db: Transaction, task_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        """SELECT t.id, t.stage, t.project_id, t.annotations, b.posterior, p.probabilities, p.annotations AS predicted,
            c.objects, c.agreement, c.n_answers, c.unsure,
            (SELECT r.verdict FROM review r WHERE r.tenant_id = t.tenant_id AND r.task_id = t.id
                ORDER BY r.id DESC LIMIT 1) AS verdict,
            EXISTS (SELECT 1 FROM submission s WHERE s.tenant_id = t.tenant_id AND s.task_id = t.id
                AND s.purpose = 'check' AND s.withdrawn_at IS NULL) AS is_checked
        FROM task t
        LEFT JOIN consensus c ON c.tenant_id = t.tenant_id AND c.task_id = t.id
        LEFT JOIN belief b ON b.tenant_id = t.tenant_id AND b.task_id = t.id
        LEFT JOIN prediction p ON p.tenant_id = t.tenant_id AND p.task_id = t.id WHERE t.id = $1""",
        task_id,
    )

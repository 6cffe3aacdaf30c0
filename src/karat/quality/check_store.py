"""SQL of checks and certificates."""

import json
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.quality.documents import AnyCertificate, read_certificate
from karat.quality.store import REFERENCE_ROLES


async def latest_draw(db: Transaction, project_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        """SELECT id, attempt, state, seed, alpha, n_labels, n_drawn, labels_sha256, upper_bound, created_at FROM check_draw
        WHERE project_id = $1 ORDER BY attempt DESC LIMIT 1""",
        project_id,
    )


async def draws(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    return await db.fetch(
        "SELECT id, attempt, state, alpha, created_at FROM check_draw WHERE project_id = $1 ORDER BY attempt",
        project_id,
    )


async def add_draw(
    db: Transaction, draw_id: UUID, project_id: UUID, attempt: int, seed: str, alpha: float, n_labels: int, sha256: str
) -> None:
    await db.execute(
        """INSERT INTO check_draw (tenant_id, id, project_id, attempt, state, seed, alpha, n_labels, labels_sha256)
        VALUES ($1, $2, $3, $4, 'checking', $5, $6, $7, $8)""",
        db.tenant_id,
        draw_id,
        project_id,
        attempt,
        seed,
        alpha,
        n_labels,
        sha256,
    )


async def freeze(db: Transaction, draw_id: UUID, rows: Sequence[tuple[UUID, str, str | None]]) -> None:
    """Keep (task, label, what the reference decided before or None) as it is now."""
    await db.execute(
        """INSERT INTO frozen_label (tenant_id, draw_id, task_id, label, reference_label)
        SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[])""",
        db.tenant_id,
        draw_id,
        *([row[at] for row in rows] for at in range(3)),
    )


async def mark_drawn(db: Transaction, draw_id: UUID, task_ids: Sequence[UUID], first: int) -> None:
    """Note the order of the draw for tasks `first`, `first + 1`, …"""
    await db.execute(
        """UPDATE frozen_label f SET position = new.at - 1 + $3 FROM unnest($2::uuid[]) WITH ORDINALITY AS new (id, at)
        WHERE f.draw_id = $1 AND f.task_id = new.id""",
        draw_id,
        list(task_ids),
        first,
    )
    await db.execute("UPDATE check_draw SET n_drawn = $2 WHERE id = $1", draw_id, first + len(task_ids))


async def frozen(db: Transaction, draw_id: UUID) -> list[asyncpg.Record]:
    """The frozen labels by asset, with what the check of this draw said."""
    return await db.fetch(
        """SELECT f.task_id, t.asset_id, f.label, f.position, f.reference_label FROM frozen_label f
        JOIN task t ON t.tenant_id = f.tenant_id AND t.id = f.task_id WHERE f.draw_id = $1 ORDER BY t.asset_id""",
        draw_id,
    )


async def note_reference(db: Transaction, draw_id: UUID, task_ids: Sequence[UUID], labels: Sequence[str]) -> None:
    await db.execute(
        """UPDATE frozen_label f SET reference_label = new.label FROM unnest($2::uuid[], $3::text[]) AS new (id, label)
        WHERE f.draw_id = $1 AND f.task_id = new.id AND f.position IS NOT NULL""",
        draw_id,
        list(task_ids),
        list(labels),
    )


async def lock_checks(db: Transaction, project_id: UUID) -> None:
    """From now until this transaction ends no check can be taken back."""
    await db.execute("SELECT 1 FROM task WHERE project_id = $1 AND stage = 'check' ORDER BY id FOR UPDATE", project_id)


async def set_draw_state(db: Transaction, draw_id: UUID, state: str) -> None:
    await db.execute("UPDATE check_draw SET state = $2 WHERE id = $1", draw_id, state)


async def add_certificate(
    db: Transaction, certificate_id: UUID, project_id: UUID, draw_id: UUID, document: bytes
) -> None:
    await db.execute(
        "INSERT INTO certificate (tenant_id, id, project_id, draw_id, document) VALUES ($1, $2, $3, $4, $5)",
        db.tenant_id,
        certificate_id,
        project_id,
        draw_id,
        document,
    )


async def certificates(db: Transaction, project_id: UUID, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT id, project_id, draw_id, document FROM certificate
        WHERE project_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3""",
        project_id,
        before,
        limit,
    )


async def find_certificate(db: Transaction, certificate_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row("SELECT id, project_id, draw_id, document FROM certificate WHERE id = $1", certificate_id)


async def reference_people(db: Transaction, project_id: UUID) -> list[asyncpg.Record]:
    """Who the reference was: how many labels each checked, and how many each gave or reviewed before."""
    return await db.fetch(
        """SELECT u.name, u.kind, count(*) FILTER (WHERE purpose = 'check') AS n_checked,
            count(*) FILTER (WHERE purpose <> 'check') AS n_given
        FROM (
            SELECT s.user_id, s.purpose FROM submission s
            JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id
            WHERE s.project_id = $1 AND s.withdrawn_at IS NULL AND (s.purpose = 'check' OR m.role = ANY($2::text[]))
            UNION ALL SELECT user_id, 'review' FROM review WHERE project_id = $1 AND verdict <> 'reject'
        ) AS said JOIN "user" u ON u.id = said.user_id
        GROUP BY u.id, u.name, u.kind ORDER BY n_checked DESC, n_given DESC, u.name""",
        project_id,
        REFERENCE_ROLES,
    )


async def tenant_name(db: Transaction) -> str:
    return str(await db.fetch_value("SELECT name FROM tenant WHERE id = $1", db.tenant_id))


def read_document(row: asyncpg.Record) -> AnyCertificate:
    """The certificate of a row."""
    return read_certificate(json.loads(row["document"]))

"""Write down what happened; the entry exists exactly if the change does."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.kit import Action, Caller, Page, Record, decode_cursor, make_page, new_id, require


class AuditEntry(Record):
    """One line of the record of the tenant."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    subject: str
    data: dict[str, Any]
    position: int | None
    sealed: bool


async def record(db: Transaction, caller: Caller, action: str, subject: UUID | str, **data: Any) -> None:
    """Add an entry in the transaction of the change itself. It is chained by the sealer, off the hot path."""
    await db.execute(
        """INSERT INTO audit_entry (tenant_id, id, actor_id, action, subject, data) VALUES ($1, $2, $3, $4, $5, $6)""",
        caller.tenant_id,
        new_id(),
        caller.user_id if caller.user_id.int else None,
        action,
        str(subject),
        data,
    )


async def list_entries(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[AuditEntry]:
    """What happened in the tenant, newest first."""
    require(caller, Action.SEE_AUDIT)
    (before,) = decode_cursor(cursor, UUID)
    rows = await db.fetch(
        """SELECT e.id, e.at, e.actor_id, u.name AS actor_name, e.action, e.subject, e.data, e.position,
            e.position IS NOT NULL AS sealed
        FROM audit_entry e LEFT JOIN "user" u ON u.id = e.actor_id
        WHERE $1::uuid IS NULL OR e.id < $1 ORDER BY e.id DESC LIMIT $2""",
        before,
        limit + 1,
    )
    return make_page([_entry(row) for row in rows], limit, lambda entry: (entry.id,))


def _entry(row: asyncpg.Record) -> AuditEntry:
    return AuditEntry.model_validate(dict(row))

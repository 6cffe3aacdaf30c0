"""Chain and sign the entries in batches, off the hot path; and check the chain."""

from datetime import UTC
from typing import Any
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat.audit.chain import GENESIS, ChainedEntry, ChainReport, Seal, chain, seal, verify_chain
from karat.database import Transaction
from karat.jobs import Chore
from karat.kit import Action, Caller, new_id, require, utc_now

BATCH = 5000
EVERY_S = 3.0
_ENTRY = "id, at, actor_id, action, subject, data, position, sha256"


def sealing_chore(private_key: Ed25519PrivateKey) -> Chore:
    """Seals what was written since the last round, for every tenant."""

    async def run(db: Transaction) -> None:
        while await seal_entries(db, private_key) == BATCH:
            pass

    return Chore("audit.seal", EVERY_S, run)


async def seal_entries(db: Transaction, private_key: Ed25519PrivateKey) -> int:
    """Append the entries that are not chained yet, in the order of their ids, and sign the new end."""
    rows = await db.fetch(
        f"SELECT {_ENTRY} FROM audit_entry WHERE position IS NULL ORDER BY id LIMIT $1 FOR UPDATE", BATCH
    )
    if not rows:
        return 0
    assert db.tenant_id is not None
    last = await db.fetch_row("SELECT last_position, head_sha256 FROM audit_seal ORDER BY last_position DESC LIMIT 1")
    first = 1 + (last["last_position"] if last else 0)
    hashes = chain(last["head_sha256"] if last else GENESIS, (_content(row) for row in rows))
    made = seal(hashes, first, tenant_id=db.tenant_id, sealed_at=utc_now(), private_key=private_key)
    seal_id = new_id()
    await db.execute(
        """INSERT INTO audit_seal (tenant_id, id, first_position, last_position, head_sha256, signature, sealed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        db.tenant_id,
        seal_id,
        made.first_position,
        made.last_position,
        hashes[-1],
        made.signature,
        made.sealed_at,
    )
    await db.execute(
        """UPDATE audit_entry e SET seal_id = $2, position = new.position, sha256 = new.sha256
        FROM unnest($3::uuid[], $4::bigint[], $5::bytea[]) AS new (id, position, sha256)
        WHERE e.tenant_id = $1 AND e.id = new.id""",
        db.tenant_id,
        seal_id,
        [row["id"] for row in rows],
        list(range(first, first + len(rows))),
        hashes,
    )
    return len(rows)


async def seal_lag_s(db: Transaction) -> float:
    """How long the oldest entry of the tenant has waited to be sealed; 0 when none waits."""
    waits: float = await db.fetch_value(
        """SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8
        FROM audit_entry WHERE position IS NULL"""
    )
    return max(waits, 0.0)


async def last_seal(db: Transaction, caller: Caller) -> Seal | None:
    """The newest seal: kept outside this database, it shows later that nothing was cut off or rewritten."""
    require(caller, Action.SEE_AUDIT)
    row = await db.fetch_row("SELECT * FROM audit_seal ORDER BY last_position DESC LIMIT 1")
    return _seal(row) if row else None


async def verify(db: Transaction, caller: Caller, public_key: str, checkpoint: Seal | None = None) -> ChainReport:
    """Recompute the tenant's chain and say where it is broken first, if it is."""
    require(caller, Action.SEE_AUDIT)
    seals = [_seal(row) for row in await db.fetch("SELECT * FROM audit_seal ORDER BY last_position")]
    rows = await db.fetch(f"SELECT {_ENTRY} FROM audit_entry WHERE position IS NOT NULL ORDER BY position")
    entries = (ChainedEntry(row["position"], _content(row), row["sha256"]) for row in rows)
    return verify_chain(entries, seals, public_key, checkpoint=checkpoint)


def _content(row: asyncpg.Record) -> dict[str, Any]:
    """What the chain protects, as JSON values."""
    actor: UUID | None = row["actor_id"]
    return {
        "id": str(row["id"]),
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": str(actor) if actor else None,
        "action": row["action"],
        "subject": row["subject"],
        "data": row["data"],
    }


def _seal(row: asyncpg.Record) -> Seal:
    return Seal(
        tenant_id=row["tenant_id"],
        first_position=row["first_position"],
        last_position=row["last_position"],
        head_sha256=row["head_sha256"].hex(),
        sealed_at=row["sealed_at"],
        signature=row["signature"],
    )

"""SQL of access."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from karat.access.types import Key
from karat.database import Transaction
from karat.kit import Role


async def count_tenants(db: Transaction) -> int:
    return int(await db.fetch_value("SELECT count(*) FROM tenant"))


async def only_tenant(db: Transaction) -> UUID | None:
    """The oldest tenant: the one of the operator."""
    found: UUID | None = await db.fetch_value("SELECT id FROM tenant ORDER BY id LIMIT 1")
    return found


async def find_tenant(db: Transaction, slug: str | None) -> list[UUID]:
    """The tenant of this name in addresses; without one, the oldest two."""
    rows = await db.fetch("SELECT id FROM tenant WHERE $1::text IS NULL OR slug = $1 ORDER BY id LIMIT 2", slug)
    return [row["id"] for row in rows]


async def tenant_exists(db: Transaction) -> bool:
    return bool(await db.fetch_value("SELECT EXISTS (SELECT 1 FROM tenant WHERE id = $1)", db.tenant_id))


async def owner_of(db: Transaction) -> UUID | None:
    found: UUID | None = await db.fetch_value(
        "SELECT user_id FROM membership WHERE role = 'owner' AND active ORDER BY user_id LIMIT 1"
    )
    return found


async def add_tenant(db: Transaction, tenant_id: UUID, name: str) -> None:
    """Its name in addresses is made from its name; the second of a name gets a tail."""
    slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "organisation"
    await db.execute(
        """INSERT INTO tenant (id, name, slug) SELECT $1, $2, $3 || CASE WHEN EXISTS (
            SELECT 1 FROM tenant WHERE slug = $3) THEN '-' || $4::text ELSE '' END""",
        tenant_id,
        name,
        slug,
        tenant_id.hex[-8:],
    )


async def add_member(
    db: Transaction, user_id: UUID, name: str, kind: str, role: Role, email: str | None = None
) -> None:
    await db.execute('INSERT INTO "user" (id, name, kind) VALUES ($1, $2, $3)', user_id, name, kind)
    await db.execute(
        "INSERT INTO membership (tenant_id, user_id, role, email) VALUES ($1, $2, $3, $4)",
        db.tenant_id,
        user_id,
        role,
        email,
    )


async def add_key(
    db: Transaction,
    key_id: UUID,
    user_id: UUID,
    name: str,
    prefix: str,
    sha256: bytes,
    test: bool,
    scope: str = "full",
    expires_at: datetime | None = None,
) -> None:
    await db.execute(
        """INSERT INTO api_key (tenant_id, id, user_id, name, prefix, secret_sha256, test, scope, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        db.tenant_id,
        key_id,
        user_id,
        name,
        prefix,
        sha256,
        test,
        scope,
        expires_at,
    )


async def find_by_key(db: Transaction, sha256: bytes) -> asyncpg.Record | None:
    """Who bears the key. Its last use is noted at most every ten minutes, so the hot path writes nothing here."""
    return await db.fetch_row(
        """SELECT k.id, k.user_id, m.role, k.test, k.scope, k.expires_at,
            coalesce(k.last_used_at < now() - interval '10 minutes', true) AS stale
        FROM api_key k JOIN membership m USING (tenant_id, user_id)
        WHERE k.secret_sha256 = $1 AND k.revoked_at IS NULL AND m.active
            AND (k.expires_at IS NULL OR k.expires_at > now())""",
        sha256,
    )


async def note_key_use(db: Transaction, key_id: UUID) -> None:
    await db.execute("UPDATE api_key SET last_used_at = now() WHERE id = $1", key_id)


async def find_by_session(db: Transaction, sha256: bytes, idle: timedelta) -> asyncpg.Record | None:
    """Whose session it is. One without the second factor that the tenant asks for may only set one up."""
    return await db.fetch_row(
        """SELECT s.id, s.user_id, m.role, s.expires_at, s.proved_at, s.second_factor, false AS test,
            CASE WHEN p.second_factor_required AND NOT s.second_factor THEN 'enrol' ELSE 'full' END AS scope,
            s.last_used_at < now() - interval '1 minute' AS stale
        FROM session s JOIN membership m USING (tenant_id, user_id) LEFT JOIN tenant_policy p USING (tenant_id)
        WHERE s.secret_sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND m.active
            AND s.last_used_at > now() - $2::interval""",
        sha256,
        idle,
    )


async def note_session_use(db: Transaction, session_id: UUID) -> None:
    """A row that somebody else is writing at this moment is noted already: nobody waits for it."""
    await db.execute(
        """UPDATE session SET last_used_at = now() WHERE id = (
            SELECT id FROM session WHERE id = $1 FOR UPDATE SKIP LOCKED)""",
        session_id,
    )


async def add_session(
    db: Transaction,
    session_id: UUID,
    user_id: UUID,
    sha256: bytes,
    expires_at: datetime,
    *,
    device: str = "",
    second_factor: bool = False,
) -> None:
    await db.execute(
        """INSERT INTO session (tenant_id, id, user_id, secret_sha256, expires_at, device, second_factor)
        VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        db.tenant_id,
        session_id,
        user_id,
        sha256,
        expires_at,
        device,
        second_factor,
    )


async def rotate_session(db: Transaction, session_id: UUID, sha256: bytes, *, second_factor: bool) -> None:
    """Give a session a new secret after its bearer has proved more than before; the old one opens nothing any more."""
    await db.execute(
        """UPDATE session SET secret_sha256 = $2, proved_at = now(), second_factor = second_factor OR $3
        WHERE id = $1""",
        session_id,
        sha256,
        second_factor,
    )


async def live_sessions(db: Transaction, user_id: UUID, idle: timedelta) -> list[asyncpg.Record]:
    return await db.fetch(
        """SELECT id, device, created_at, last_used_at, least(expires_at, last_used_at + $2::interval) AS expires_at,
            second_factor
        FROM session WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
            AND last_used_at > now() - $2::interval ORDER BY id DESC""",
        user_id,
        idle,
    )


async def end_sessions(db: Transaction, user_id: UUID, *, only: UUID | None = None, but: UUID | None = None) -> int:
    """End a person's sessions: all, one, or all but one; how many ended."""
    return await db.execute(
        """UPDATE session SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL
            AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id <> $3)""",
        user_id,
        only,
        but,
    )


async def end_session(db: Transaction, sha256: bytes) -> None:
    await db.execute("UPDATE session SET revoked_at = now() WHERE secret_sha256 = $1 AND revoked_at IS NULL", sha256)


async def add_code(db: Transaction, code_id: UUID, user_id: UUID, sha256: bytes, expires_at: datetime) -> None:
    await db.execute(
        "INSERT INTO sign_in_code (tenant_id, id, user_id, secret_sha256, expires_at) VALUES ($1, $2, $3, $4, $5)",
        db.tenant_id,
        code_id,
        user_id,
        sha256,
        expires_at,
    )


async def use_code(db: Transaction, sha256: bytes) -> UUID | None:
    """Use a code up; whose it was, or None when it is unknown, used or expired."""
    found: UUID | None = await db.fetch_value(
        """UPDATE sign_in_code SET used_at = now()
        WHERE secret_sha256 = $1 AND used_at IS NULL AND expires_at > now() RETURNING user_id""",
        sha256,
    )
    return found


async def profile(db: Transaction, user_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row(
        """SELECT u.id, u.name, u.kind, m.email, m.role, m.active, t.id AS tenant_id, t.name AS tenant_name,
            t.slug AS tenant_slug
        FROM membership m JOIN "user" u ON u.id = m.user_id JOIN tenant t ON t.id = m.tenant_id WHERE m.user_id = $1""",
        user_id,
    )


_KEY = """SELECT k.id, k.user_id, k.name, m.role, k.scope, k.prefix, k.test, u.kind = 'person' AS personal,
    u.name AS bearer, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
    FROM api_key k JOIN membership m USING (tenant_id, user_id) JOIN "user" u ON u.id = k.user_id"""


async def keys(db: Transaction, before: UUID | None, limit: int, user_id: UUID | None = None) -> list[Key]:
    rows = await db.fetch(
        f"""{_KEY} WHERE ($1::uuid IS NULL OR k.id < $1) AND ($3::uuid IS NULL OR k.user_id = $3)
        ORDER BY k.id DESC LIMIT $2""",
        before,
        limit,
        user_id,
    )
    return [Key.model_validate(dict(row)) for row in rows]


async def find_key(db: Transaction, key_id: UUID) -> Key | None:
    row = await db.fetch_row(f"{_KEY} WHERE k.id = $1", key_id)
    return Key.model_validate(dict(row)) if row else None


async def revoke_key(db: Transaction, key_id: UUID) -> None:
    await db.execute("UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", key_id)


async def revoke_keys_of(db: Transaction, user_id: UUID) -> int:
    return await db.execute("UPDATE api_key SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL", user_id)


async def claim_idempotency_key(
    db: Transaction, user_id: UUID, key: str, request_sha256: bytes, subject_id: UUID
) -> asyncpg.Record | None:
    """None when the key is new and now taken; otherwise what it was used for."""
    new = await db.fetch_value(
        """INSERT INTO idempotency_key (tenant_id, user_id, key, request_sha256, subject_id)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true""",
        db.tenant_id,
        user_id,
        key,
        request_sha256,
        subject_id,
    )
    if new:
        return None
    return await db.fetch_row(
        "SELECT request_sha256, subject_id FROM idempotency_key WHERE user_id = $1 AND key = $2", user_id, key
    )

"""SQL of members, groups, invitations, reset links and the rules of the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from karat.access.people_types import Group, TenantSettings
from karat.access.types import GroupName, Member
from karat.database import Transaction
from karat.kit import Role

_GROUPS = """(SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) ORDER BY lower(g.name)), '[]')
    FROM group_member x JOIN people_group g ON g.tenant_id = x.tenant_id AND g.id = x.group_id
    WHERE x.tenant_id = m.tenant_id AND x.user_id = m.user_id) AS groups"""
_MEMBER = f"""SELECT m.user_id, u.name, m.email, m.role, u.kind, m.active, m.created_at, {_GROUPS},
    EXISTS (SELECT 1 FROM passkey k WHERE k.tenant_id = m.tenant_id AND k.user_id = m.user_id)
        OR EXISTS (SELECT 1 FROM authenticator_app a WHERE a.tenant_id = m.tenant_id AND a.user_id = m.user_id
            AND a.confirmed_at IS NOT NULL) AS second_factor,
    greatest((SELECT max(s.last_used_at) FROM session s WHERE s.tenant_id = m.tenant_id AND s.user_id = m.user_id),
        (SELECT max(k.last_used_at) FROM api_key k WHERE k.tenant_id = m.tenant_id AND k.user_id = m.user_id))
        AS last_used_at
    FROM membership m JOIN "user" u ON u.id = m.user_id"""


async def members(db: Transaction, before: UUID | None, limit: int, group_id: UUID | None = None) -> list[Member]:
    rows = await db.fetch(
        f"""{_MEMBER} WHERE ($1::uuid IS NULL OR m.user_id < $1) AND ($3::uuid IS NULL OR EXISTS (
            SELECT 1 FROM group_member x WHERE x.tenant_id = m.tenant_id AND x.user_id = m.user_id AND x.group_id = $3))
        ORDER BY m.user_id DESC LIMIT $2""",
        before,
        limit,
        group_id,
    )
    return [Member.model_validate(dict(row)) for row in rows]


async def find_member(db: Transaction, user_id: UUID) -> Member | None:
    row = await db.fetch_row(f"{_MEMBER} WHERE m.user_id = $1", user_id)
    return Member.model_validate(dict(row)) if row else None


async def find_by_email(db: Transaction, email: str) -> UUID | None:
    found: UUID | None = await db.fetch_value("SELECT user_id FROM membership WHERE lower(email) = lower($1)", email)
    return found


async def lock_owners(db: Transaction) -> set[UUID]:
    """The active owners. Until the end of the transaction nobody else changes who they are."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended('karat.owners:' || $1, 0))", str(db.tenant_id))
    rows = await db.fetch("SELECT user_id FROM membership WHERE role = 'owner' AND active")
    return {row["user_id"] for row in rows}


async def change_member(db: Transaction, user_id: UUID, role: Role | None, active: bool | None) -> None:
    await db.execute(
        "UPDATE membership SET role = coalesce($2, role), active = coalesce($3, active) WHERE user_id = $1",
        user_id,
        role,
        active,
    )


async def set_name(db: Transaction, user_id: UUID, name: str) -> None:
    await db.execute('UPDATE "user" SET name = $2 WHERE id = $1', user_id, name)


async def set_email(db: Transaction, user_id: UUID, email: str) -> None:
    await db.execute("UPDATE membership SET email = $2 WHERE user_id = $1", user_id, email)


async def groups(db: Transaction, before: UUID | None, limit: int, group_id: UUID | None = None) -> list[Group]:
    rows = await db.fetch(
        """SELECT g.id, g.name, g.created_at, (SELECT count(*) FROM group_member x WHERE x.group_id = g.id) AS n_members
        FROM people_group g WHERE ($1::uuid IS NULL OR g.id < $1) AND ($3::uuid IS NULL OR g.id = $3)
        ORDER BY g.id DESC LIMIT $2""",
        before,
        limit,
        group_id,
    )
    return [Group.model_validate(dict(row)) for row in rows]


async def missing_groups(db: Transaction, group_ids: Sequence[UUID]) -> list[UUID]:
    rows = await db.fetch(
        "SELECT one.id FROM unnest($1::uuid[]) AS one (id) WHERE NOT EXISTS (SELECT 1 FROM people_group g WHERE g.id = one.id)",
        list(group_ids),
    )
    return [row["id"] for row in rows]


async def group_names(db: Transaction, group_ids: Sequence[UUID]) -> list[GroupName]:
    rows = await db.fetch(
        "SELECT id, name FROM people_group WHERE id = ANY($1::uuid[]) ORDER BY lower(name)", list(group_ids)
    )
    return [GroupName.model_validate(dict(row)) for row in rows]


async def name_group(db: Transaction, group_id: UUID, name: str) -> bool:
    """Make a group, or rename it; False when another one has the name."""
    taken = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM people_group WHERE lower(name) = lower($1) AND id <> $2)", name, group_id
    )
    if taken:
        return False
    await db.execute(
        """INSERT INTO people_group (tenant_id, id, name) VALUES ($1, $2, $3)
        ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name""",
        db.tenant_id,
        group_id,
        name,
    )
    return True


async def remove_group(db: Transaction, group_id: UUID) -> None:
    await db.execute("DELETE FROM group_member WHERE group_id = $1", group_id)
    await db.execute("DELETE FROM people_group WHERE id = $1", group_id)


async def join_group(db: Transaction, group_id: UUID, user_id: UUID) -> bool:
    return bool(
        await db.execute(
            "INSERT INTO group_member (tenant_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            db.tenant_id,
            group_id,
            user_id,
        )
    )


async def leave_group(db: Transaction, group_id: UUID, user_id: UUID) -> bool:
    return bool(await db.execute("DELETE FROM group_member WHERE group_id = $1 AND user_id = $2", group_id, user_id))


async def set_groups(db: Transaction, user_id: UUID, group_ids: Sequence[UUID]) -> None:
    """Put a member into exactly these groups; what is not there any more is passed over."""
    await db.execute(
        "DELETE FROM group_member WHERE user_id = $1 AND group_id <> ALL($2::uuid[])", user_id, list(group_ids)
    )
    await db.execute(
        """INSERT INTO group_member (tenant_id, group_id, user_id)
        SELECT g.tenant_id, g.id, $1 FROM people_group g WHERE g.id = ANY($2::uuid[]) ON CONFLICT DO NOTHING""",
        user_id,
        list(group_ids),
    )


_INVITATION = """SELECT i.*, u.name AS invited_by_name, m.role AS inviter_role, m.active AS inviter_active,
    t.name AS tenant_name, t.slug AS tenant_slug, u.kind AS inviter_kind
    FROM invitation i JOIN membership m ON m.tenant_id = i.tenant_id AND m.user_id = i.invited_by
    JOIN "user" u ON u.id = i.invited_by JOIN tenant t ON t.id = i.tenant_id"""


async def invitations(db: Transaction, before: UUID | None, limit: int) -> list[asyncpg.Record]:
    return await db.fetch(
        f"{_INVITATION} WHERE $1::uuid IS NULL OR i.id < $1 ORDER BY i.id DESC LIMIT $2", before, limit
    )


async def find_invitation(
    db: Transaction, *, invitation_id: UUID | None = None, sha256: bytes | None = None
) -> asyncpg.Record | None:
    """By its id or by its link; locked."""
    return await db.fetch_row(
        f"{_INVITATION} WHERE i.id = $1 OR i.secret_sha256 = $2 FOR UPDATE OF i", invitation_id, sha256
    )


async def open_invitation_for(db: Transaction, email: str, now: datetime) -> UUID | None:
    found: UUID | None = await db.fetch_value(
        """SELECT id FROM invitation WHERE lower(email) = lower($1) AND accepted_at IS NULL AND revoked_at IS NULL
            AND expires_at > $2 LIMIT 1""",
        email,
        now,
    )
    return found


async def add_invitation(db: Transaction, row: dict[str, Any]) -> None:
    await db.execute(
        """INSERT INTO invitation (tenant_id, id, name, email, role, group_ids, secret_sha256, invited_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        db.tenant_id,
        *(row[name] for name in ("id", "name", "email", "role", "group_ids", "sha256", "invited_by", "expires_at")),
    )


async def renew_invitation(
    db: Transaction, invitation_id: UUID, sha256: bytes, invited_by: UUID, expires_at: datetime
) -> None:
    """A new link; the old one is void. Whoever issues it answers for the role."""
    await db.execute(
        "UPDATE invitation SET secret_sha256 = $2, invited_by = $3, expires_at = $4 WHERE id = $1",
        invitation_id,
        sha256,
        invited_by,
        expires_at,
    )


async def revoke_invitation(db: Transaction, invitation_id: UUID) -> None:
    await db.execute("UPDATE invitation SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", invitation_id)


async def close_invitation(db: Transaction, invitation_id: UUID, user_id: UUID) -> None:
    await db.execute(
        "UPDATE invitation SET accepted_at = now(), accepted_by = $2 WHERE id = $1", invitation_id, user_id
    )


async def add_reset(
    db: Transaction, reset_id: UUID, user_id: UUID, sha256: bytes, expires_at: datetime, *, second_factor: bool
) -> None:
    """A reset link; earlier ones of the person are void."""
    await db.execute(
        "UPDATE reset_link SET revoked_at = now() WHERE user_id = $1 AND used_at IS NULL AND revoked_at IS NULL",
        user_id,
    )
    await db.execute(
        """INSERT INTO reset_link (tenant_id, id, user_id, secret_sha256, expires_at, second_factor)
        VALUES ($1, $2, $3, $4, $5, $6)""",
        db.tenant_id,
        reset_id,
        user_id,
        sha256,
        expires_at,
        second_factor,
    )


async def find_reset(db: Transaction, sha256: bytes) -> asyncpg.Record | None:
    return await db.fetch_row(
        """SELECT r.*, u.name, m.email, m.active, t.name AS tenant_name, t.slug AS tenant_slug FROM reset_link r
        JOIN membership m ON m.tenant_id = r.tenant_id AND m.user_id = r.user_id JOIN "user" u ON u.id = r.user_id
        JOIN tenant t ON t.id = r.tenant_id WHERE r.secret_sha256 = $1 FOR UPDATE OF r""",
        sha256,
    )


async def close_reset(db: Transaction, reset_id: UUID) -> None:
    await db.execute("UPDATE reset_link SET used_at = now() WHERE id = $1", reset_id)


async def tenant_settings(db: Transaction) -> TenantSettings:
    row = await db.fetch_row(
        """SELECT t.name, t.slug, coalesce(p.second_factor_required, false) AS second_factor_required
        FROM tenant t LEFT JOIN tenant_policy p ON p.tenant_id = t.id WHERE t.id = $1""",
        db.tenant_id,
    )
    assert row is not None
    return TenantSettings.model_validate(dict(row))


async def change_tenant(db: Transaction, name: str | None, second_factor_required: bool | None) -> None:
    await db.execute("UPDATE tenant SET name = coalesce($2, name) WHERE id = $1", db.tenant_id, name)
    if second_factor_required is not None:
        await db.execute(
            """INSERT INTO tenant_policy (tenant_id, second_factor_required) VALUES ($1, $2)
            ON CONFLICT (tenant_id) DO UPDATE SET second_factor_required = excluded.second_factor_required""",
            db.tenant_id,
            second_factor_required,
        )

"""SQL of passwords, passkeys, authenticator apps and the challenges of a sign-in that is under way."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from karat.access.passkeys import NewPasskey
from karat.access.proof_types import Passkey, Purpose
from karat.database import Transaction
from karat.kit import new_id


async def find_account(db: Transaction, email: str) -> asyncpg.Record | None:
    """The active member with this address, and the hash of its password if it has one."""
    return await db.fetch_row(
        """SELECT m.user_id, p.argon2 FROM membership m LEFT JOIN password p USING (tenant_id, user_id)
        WHERE lower(m.email) = lower($1) AND m.active""",
        email.strip(),
    )


async def find_password(db: Transaction, user_id: UUID) -> asyncpg.Record | None:
    return await db.fetch_row("SELECT argon2, changed_at FROM password WHERE user_id = $1", user_id)


async def set_password(db: Transaction, user_id: UUID, argon2: str) -> None:
    await db.execute(
        """INSERT INTO password (tenant_id, user_id, argon2) VALUES ($1, $2, $3)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET argon2 = excluded.argon2, changed_at = clock_timestamp()""",
        db.tenant_id,
        user_id,
        argon2,
    )


async def passkeys(db: Transaction, user_id: UUID) -> list[Passkey]:
    rows = await db.fetch(
        """SELECT id, name, rp_id, backed_up, created_at, last_used_at FROM passkey
        WHERE user_id = $1 ORDER BY id DESC""",
        user_id,
    )
    return [Passkey.model_validate(dict(row)) for row in rows]


async def passkey_ids(db: Transaction, user_id: UUID) -> list[bytes]:
    rows = await db.fetch("SELECT credential_id FROM passkey WHERE user_id = $1", user_id)
    return [row["credential_id"] for row in rows]


async def find_passkey(db: Transaction, credential_id: bytes) -> asyncpg.Record | None:
    """The passkey of an active member, locked: two sign-ins with one count cannot both be right."""
    return await db.fetch_row(
        """SELECT k.id, k.user_id, k.rp_id, k.public_key, k.sign_count
        FROM passkey k JOIN membership m USING (tenant_id, user_id)
        WHERE k.credential_id = $1 AND m.active FOR UPDATE OF k""",
        credential_id,
    )


async def add_passkey(db: Transaction, user_id: UUID, name: str, rp_id: str, made: NewPasskey) -> UUID | None:
    """Its id; None when this passkey is known already."""
    found: UUID | None = await db.fetch_value(
        """INSERT INTO passkey (tenant_id, id, user_id, name, rp_id, credential_id, public_key, sign_count, backed_up)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id""",
        db.tenant_id,
        new_id(),
        user_id,
        name,
        rp_id,
        made.credential_id,
        made.public_key,
        made.sign_count,
        made.backed_up,
    )
    return found


async def note_passkey_use(db: Transaction, passkey_id: UUID, sign_count: int) -> None:
    await db.execute("UPDATE passkey SET sign_count = $2, last_used_at = now() WHERE id = $1", passkey_id, sign_count)


async def rename_passkey(db: Transaction, user_id: UUID, passkey_id: UUID, name: str) -> bool:
    return bool(
        await db.execute("UPDATE passkey SET name = $3 WHERE id = $2 AND user_id = $1", user_id, passkey_id, name)
    )


async def remove_passkeys(db: Transaction, user_id: UUID, passkey_id: UUID | None = None) -> int:
    """Remove one, or all of a person's."""
    return await db.execute(
        "DELETE FROM passkey WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2)", user_id, passkey_id
    )


async def find_app(db: Transaction, user_id: UUID) -> asyncpg.Record | None:
    """The authenticator app, locked, so that one code counts once."""
    return await db.fetch_row(
        "SELECT sealed_secret, confirmed_at, last_step FROM authenticator_app WHERE user_id = $1 FOR UPDATE", user_id
    )


async def has_app(db: Transaction, user_id: UUID) -> bool:
    return bool(
        await db.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM authenticator_app WHERE user_id = $1 AND confirmed_at IS NOT NULL)", user_id
        )
    )


async def begin_app(db: Transaction, user_id: UUID, sealed_secret: bytes) -> bool:
    """Keep the secret of an app that waits for its first code; False when one is confirmed already."""
    return bool(
        await db.execute(
            """INSERT INTO authenticator_app (tenant_id, user_id, sealed_secret) VALUES ($1, $2, $3)
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, last_step = 0
            WHERE authenticator_app.confirmed_at IS NULL""",
            db.tenant_id,
            user_id,
            sealed_secret,
        )
    )


async def note_step(db: Transaction, user_id: UUID, step: int) -> None:
    """The code of this half minute was used; with the first one the app counts."""
    await db.execute(
        """UPDATE authenticator_app SET last_step = $2, confirmed_at = coalesce(confirmed_at, now())
        WHERE user_id = $1""",
        user_id,
        step,
    )


async def remove_app(db: Transaction, user_id: UUID) -> bool:
    await db.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)
    return bool(await db.execute("DELETE FROM authenticator_app WHERE user_id = $1", user_id))


async def replace_recovery_codes(db: Transaction, user_id: UUID, hashes: Sequence[bytes]) -> None:
    await db.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)
    await db.execute_many(
        "INSERT INTO recovery_code (tenant_id, user_id, sha256) VALUES ($1, $2, $3)",
        [(db.tenant_id, user_id, one) for one in hashes],
    )


async def use_recovery_code(db: Transaction, user_id: UUID, sha256: bytes) -> bool:
    return bool(
        await db.execute(
            "UPDATE recovery_code SET used_at = now() WHERE user_id = $1 AND sha256 = $2 AND used_at IS NULL",
            user_id,
            sha256,
        )
    )


async def recovery_codes_left(db: Transaction, user_id: UUID) -> int:
    return int(
        await db.fetch_value("SELECT count(*) FROM recovery_code WHERE user_id = $1 AND used_at IS NULL", user_id)
    )


async def add_challenge(
    db: Transaction, purpose: Purpose, user_id: UUID | None, secret: bytes, expires_at: datetime
) -> None:
    await db.execute(
        "INSERT INTO challenge (tenant_id, id, purpose, user_id, secret, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        db.tenant_id,
        new_id(),
        purpose,
        user_id,
        secret,
        expires_at,
    )


async def find_challenge(db: Transaction, purpose: Purpose, secret: bytes, now: datetime) -> asyncpg.Record | None:
    """A challenge that waits to be answered, locked; its user."""
    return await db.fetch_row(
        "SELECT id, user_id FROM challenge WHERE purpose = $1 AND secret = $2 AND expires_at > $3 FOR UPDATE",
        purpose,
        secret,
        now,
    )


async def close_challenge(db: Transaction, challenge_id: UUID) -> None:
    await db.execute("DELETE FROM challenge WHERE id = $1", challenge_id)


async def forget_expired(db: Transaction) -> None:
    """Drop what nobody can use any more."""
    await db.execute("DELETE FROM challenge WHERE expires_at < clock_timestamp()")
    await db.execute("DELETE FROM sign_in_code WHERE expires_at < clock_timestamp() - interval '30 days'")
    await db.execute("DELETE FROM session WHERE expires_at < clock_timestamp() - interval '30 days'")

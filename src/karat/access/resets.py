"""Use cases of reset links: there is no mail, so an owner, admin or manager makes the link, or the operator does."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from karat import audit
from karat.access import people, people_store, proof_store, store, throttle
from karat.access.devices import Visitor
from karat.access.errors import (
    MemberNotPerson,
    PasswordRefused,
    ResetExpired,
    ResetInvalid,
    ResetUsed,
)
from karat.access.passwords import hash_password, password_faults
from karat.access.people_types import NewResetLink, OpenReset, Reset, ResetLink
from karat.access.secrets import Secret, make_secret, parse_secret
from karat.access.types import Member
from karat.database import Database, Transaction
from karat.kit import Action, Caller, new_id, require, utc_now

RESET_LIFE = timedelta(hours=24)
PAGE = "/reset"


async def make_reset_link(
    db: Transaction, caller: Caller, member: Member, new: NewResetLink, base_url: str
) -> ResetLink:
    """A link for a member whom the caller governs. Earlier links of the member are void.

    Raises:
        MemberNotPerson: programs have keys.
    """
    require(caller, Action.MANAGE_PEOPLE)
    if member.kind != "person":
        raise MemberNotPerson(user_id=member.user_id)
    secret, expires_at = make_secret(caller.tenant_id), caller.at_most(utc_now() + RESET_LIFE)
    await people_store.add_reset(
        db, new_id(), member.user_id, secret.sha256, expires_at, second_factor=new.second_factor
    )
    await audit.record(db, caller, "reset_link.created", member.user_id, second_factor=new.second_factor)
    return ResetLink(
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        second_factor=new.second_factor,
        code=secret.text,
        link=f"{base_url}{PAGE}#{secret.text}",
        expires_at=expires_at,
    )


async def reset_link_for(db: Transaction, caller: Caller, user_id: UUID, new: NewResetLink, base_url: str) -> ResetLink:
    """`make_reset_link` for somebody of the tenant.

    Raises:
        MemberNotFound, MemberAbove, OwnRole, MemberNotPerson.
    """
    member = await people.governed(db, caller, user_id)
    return await make_reset_link(db, caller, member, new, base_url)


async def look(database: Database, visitor: Visitor, code: str) -> OpenReset:
    """Whose password the link sets.

    Raises:
        ResetInvalid, ResetExpired, ResetUsed: each says what to do.
        TooManyAttempts: from this address.
    """
    secret = await _enter(database, visitor, code)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor)
        await throttle.succeed(db, [visitor.guard])
    return OpenReset(**{name: row[name] for name in OpenReset.model_fields})


async def reset(database: Database, visitor: Visitor, wanted: Reset) -> None:
    """Set the password. Everybody who was signed in with the old one is signed out; keys stay.

    Raises:
        PasswordRefused: with everything that is wrong with the password.
        ResetInvalid, ResetExpired, ResetUsed.
        TooManyAttempts: from this address.
    """
    secret = await _enter(database, visitor, wanted.code)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor)
    about = [text for text in (row["name"], row["email"], row["tenant_name"]) if text]
    if faults := password_faults(wanted.password, about=about, where="password"):
        raise PasswordRefused(faults=faults)
    argon2 = await hash_password(wanted.password)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor)
        await proof_store.set_password(db, row["user_id"], argon2)
        if row["second_factor"]:
            await proof_store.remove_app(db, row["user_id"])
            await proof_store.remove_passkeys(db, row["user_id"])
        await people_store.close_reset(db, row["id"])
        await store.end_sessions(db, row["user_id"])
        await throttle.succeed(db, [visitor.guard])
        profile = await store.profile(db, row["user_id"])
        assert profile is not None
        member = Caller(tenant_id=secret.tenant_id, user_id=row["user_id"], role=profile["role"])
        await audit.record(db, member, "password.reset", row["user_id"], second_factor=row["second_factor"])


async def _enter(database: Database, visitor: Visitor, code: str) -> Secret:
    await throttle.enter(database, [visitor.guard], visitor.now)
    secret = parse_secret(code)
    if secret is None or secret.prefix is not None:
        raise ResetInvalid
    return secret


async def _usable(db: Transaction, secret: Secret, visitor: Visitor) -> asyncpg.Record:
    """The link's row, locked. A link of somebody who was deactivated is worth nothing."""
    row = await people_store.find_reset(db, secret.sha256)
    if row is None or row["revoked_at"] is not None or not row["active"]:
        raise ResetInvalid
    if row["used_at"] is not None:
        raise ResetUsed
    if row["expires_at"] <= visitor.now:
        raise ResetExpired
    return row

"""Use cases of invitations: a lead makes a link, shown once, and hands it over; whoever opens it becomes a member.

The link names its tenant and holds 256 random bits. All that its holder learns is in the invitation itself: nothing is
said of other accounts, here or in other organisations.
"""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from karat import audit, jobs
from karat.access import passkeys, people, people_store, proof_store, sessions, store, throttle
from karat.access.devices import Visitor
from karat.access.errors import (
    EmailTaken,
    InvitationClosed,
    InvitationExpired,
    InvitationInvalid,
    InvitationNotFound,
    InvitationOpen,
    InvitationRevoked,
    InvitationUsed,
    PasskeyTaken,
    PasswordRefused,
    ProofWanted,
    RoleNotGrantable,
    SignInOver,
)
from karat.access.passkeys import NewPasskey, Site
from karat.access.passwords import hash_password, password_faults
from karat.access.people_types import (
    Invitation,
    InvitationState,
    MadeInvitation,
    NewInvitation,
    OpenInvitation,
    Renewal,
)
from karat.access.proof_types import Acceptance, NewPasskeyAnswer, PasskeyRequest
from karat.access.secrets import Secret, make_secret, parse_secret
from karat.access.sessions import Started
from karat.access.signing_in import CHALLENGE_LIFE
from karat.access.types import GroupName
from karat.database import Database, Transaction
from karat.kit import Action, Caller, Page, Role, decode_cursor, grantable, make_page, require

PAGE = "/invitation"


def state_of(row: asyncpg.Record, now: datetime) -> InvitationState:
    """What has become of it."""
    if row["accepted_at"] is not None:
        return InvitationState.ACCEPTED
    if row["revoked_at"] is not None:
        return InvitationState.REVOKED
    return InvitationState.OPEN if row["expires_at"] > now else InvitationState.EXPIRED


async def invite(
    db: Transaction, caller: Caller, new: NewInvitation, invitation_id: UUID, now: datetime, base_url: str
) -> MadeInvitation:
    """Make an invitation and its link.

    Raises:
        RoleNotGrantable: the role is above what the caller may give.
        EmailTaken: a member has the address.
        InvitationOpen: it is invited already.
        GroupNotFound: one of the groups is not there.
    """
    require(caller, Action.MANAGE_PEOPLE)
    if new.role not in grantable(caller.role):
        raise RoleNotGrantable(role=new.role)
    await people.require_groups(db, new.group_ids)
    if await people_store.find_by_email(db, new.email) is not None:
        raise EmailTaken(email=new.email)
    if open_one := await people_store.open_invitation_for(db, new.email, now):
        raise InvitationOpen(invitation_id=open_one)
    secret = make_secret(caller.tenant_id)
    row = new.model_dump(exclude={"days"}) | {
        "id": invitation_id,
        "sha256": secret.sha256,
        "invited_by": caller.user_id,
        "expires_at": caller.at_most(now + timedelta(days=new.days)),
    }
    await people_store.add_invitation(db, row)
    await audit.record(db, caller, "invitation.created", invitation_id, email=new.email, role=new.role)
    return await _made(db, invitation_id, secret, now, base_url)


async def list_invitations(
    db: Transaction, caller: Caller, cursor: str | None, limit: int, now: datetime
) -> Page[Invitation]:
    """All of them, newest first, with what has become of each."""
    require(caller, Action.MANAGE_PEOPLE)
    (before,) = decode_cursor(cursor, UUID)
    rows = await people_store.invitations(db, before, limit + 1)
    names = {one.id: one for row in rows for one in await people_store.group_names(db, row["group_ids"])}
    return make_page([_shown(row, names, now) for row in rows], limit, lambda one: (one.id,))


async def reissue(
    db: Transaction, caller: Caller, invitation_id: UUID, renewal: Renewal, now: datetime, base_url: str
) -> MadeInvitation:
    """A new link for an invitation that was not accepted; the old link is void.

    Raises:
        InvitationNotFound: no such invitation in the caller's tenant.
        InvitationClosed: accepted or taken back.
        RoleNotGrantable: the caller could not have made it.
        EmailTaken: a member has the address by now.
    """
    row = await _changeable(db, caller, invitation_id, now)
    if await people_store.find_by_email(db, row["email"]) is not None:
        raise EmailTaken(email=row["email"])
    secret = make_secret(caller.tenant_id)
    expires_at = caller.at_most(now + timedelta(days=renewal.days))
    await people_store.renew_invitation(db, invitation_id, secret.sha256, caller.user_id, expires_at)
    await audit.record(db, caller, "invitation.reissued", invitation_id, email=row["email"])
    return await _made(db, invitation_id, secret, now, base_url)


async def revoke(db: Transaction, caller: Caller, invitation_id: UUID, now: datetime) -> None:
    """Take an invitation back; twice does no harm.

    Raises:
        InvitationNotFound: no such invitation in the caller's tenant.
        InvitationClosed: it was accepted; deactivate the member instead.
        RoleNotGrantable: the caller could not have made it.
    """
    require(caller, Action.MANAGE_PEOPLE)
    row = await people_store.find_invitation(db, invitation_id=invitation_id)
    if row is not None and row["revoked_at"] is not None:
        return
    row = await _changeable(db, caller, invitation_id, now)
    await people_store.revoke_invitation(db, invitation_id)
    await audit.record(db, caller, "invitation.revoked", invitation_id, email=row["email"])


async def look(database: Database, visitor: Visitor, code: str, *, passkeys_fit: bool) -> OpenInvitation:
    """What the holder of the link is invited to.

    Raises:
        InvitationInvalid, InvitationExpired, InvitationUsed, InvitationRevoked: each says what to do.
        TooManyAttempts: from this address.
    """
    secret = await _enter(database, visitor, code)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor.now)
        await throttle.succeed(db, [visitor.guard])
    return OpenInvitation(
        tenant_name=row["tenant_name"],
        tenant_slug=row["tenant_slug"],
        name=row["name"],
        email=row["email"],
        role=row["role"],
        invited_by_name=row["invited_by_name"],
        expires_at=row["expires_at"],
        passkeys=passkeys_fit,
    )


async def passkey_request(database: Database, visitor: Visitor, site: Site, code: str) -> PasskeyRequest:
    """What the browser is to make a passkey with, for accepting.

    Raises:
        As `look`.
    """
    secret = await _enter(database, visitor, code)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor.now)
        token, expires_at = make_secret(secret.tenant_id), visitor.now + CHALLENGE_LIFE
        await proof_store.add_challenge(db, "invitation", None, token.sha256, expires_at)
        await throttle.succeed(db, [visitor.guard])
    asked = await asyncio.to_thread(
        passkeys.registration_options,
        site,
        token.sha256,
        tenant=row["tenant_name"],
        account=row["email"],
        name=row["name"],
        handle=row["id"],
        known=[],
    )
    return PasskeyRequest(token=token.text, options=asked, expires_at=expires_at)


async def accept(database: Database, visitor: Visitor, site: Site | None, answer: Acceptance) -> Started:
    """Become a member, with a password or a passkey, and be signed in.

    Args:
        site: where pages are opened; None where that is no host name, and so no passkey can be made.

    Raises:
        ProofWanted: neither or both were given.
        PasswordRefused: with everything that is wrong with the password.
        PasskeyRefused: the passkey does not answer this question.
        InvitationInvalid, InvitationExpired, InvitationUsed, InvitationRevoked.
        TooManyAttempts: from this address.
    """
    if (answer.password is None) == (answer.passkey is None) or (answer.passkey is not None and site is None):
        raise ProofWanted
    secret = await _enter(database, visitor, answer.code)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor.now)
    name = answer.name or row["name"]
    argon2, made = None, None
    if answer.password is not None:
        about = (name, row["email"], row["tenant_name"])
        if faults := password_faults(answer.password, about=about, where="password"):
            raise PasswordRefused(faults=faults)
        argon2 = await hash_password(answer.password)
    async with database.transaction(secret.tenant_id) as db:
        row = await _usable(db, secret, visitor.now)
        if answer.passkey is not None and site is not None:
            made = await _verify_passkey(db, visitor, site, answer.passkey)
        await _become_member(db, row, name)
        if argon2 is not None:
            await proof_store.set_password(db, row["id"], argon2)
        if made is not None:
            await _keep_passkey(db, row["id"], answer, site, made)
        await throttle.succeed(db, [visitor.guard])
        method = "invitation with a password" if argon2 else "invitation with a passkey"
        return await sessions.start(db, visitor, row["id"], method=method, second_factor=made is not None)


async def _become_member(db: Transaction, row: asyncpg.Record, name: str) -> None:
    """The member takes the invitation's id, which passkeys made for it name already."""
    if await people_store.find_by_email(db, row["email"]) is not None:
        raise InvitationRevoked
    await store.add_member(db, row["id"], name, "person", Role(row["role"]), row["email"])
    await people_store.set_groups(db, row["id"], row["group_ids"])
    await people_store.close_invitation(db, row["id"], row["id"])
    member = Caller(tenant_id=row["tenant_id"], user_id=row["id"], role=Role(row["role"]))
    await audit.record(db, member, "invitation.accepted", row["id"], role=row["role"])
    await jobs.publish(db, "access.member_changed", user_id=row["id"])


async def _keep_passkey(
    db: Transaction, user_id: UUID, answer: Acceptance, site: Site | None, made: NewPasskey
) -> None:
    assert answer.passkey is not None and site is not None
    if not await proof_store.add_passkey(db, user_id, answer.passkey.name, site.rp_id, made):
        raise PasskeyTaken


async def _verify_passkey(db: Transaction, visitor: Visitor, site: Site, answer: NewPasskeyAnswer) -> NewPasskey:
    token = parse_secret(answer.token)
    asked = await proof_store.find_challenge(db, "invitation", token.sha256, visitor.now) if token else None
    if token is None or asked is None:
        raise SignInOver
    await proof_store.close_challenge(db, asked["id"])
    return await asyncio.to_thread(passkeys.verify_registration, site, token.sha256, answer.credential)


async def _enter(database: Database, visitor: Visitor, code: str) -> Secret:
    """Count the attempt; the secret in the code.

    Raises:
        InvitationInvalid: it is none.
    """
    await throttle.enter(database, [visitor.guard], visitor.now)
    secret = parse_secret(code)
    if secret is None or secret.prefix is not None:
        raise InvitationInvalid
    return secret


async def _usable(db: Transaction, secret: Secret, now: datetime) -> asyncpg.Record:
    """The invitation behind a link, locked, if it can still be accepted.

    Whoever made it must still be allowed to give its role: an invitation does not outlive its author's rights.
    """
    row = await people_store.find_invitation(db, sha256=secret.sha256)
    if row is None:
        raise InvitationInvalid
    match state_of(row, now):
        case InvitationState.ACCEPTED:
            raise InvitationUsed
        case InvitationState.REVOKED:
            raise InvitationRevoked
        case InvitationState.EXPIRED:
            raise InvitationExpired
    if not row["inviter_active"] or Role(row["role"]) not in grantable(Role(row["inviter_role"])):
        raise InvitationRevoked
    return row


async def _changeable(db: Transaction, caller: Caller, invitation_id: UUID, now: datetime) -> asyncpg.Record:
    require(caller, Action.MANAGE_PEOPLE)
    row = await people_store.find_invitation(db, invitation_id=invitation_id)
    if row is None:
        raise InvitationNotFound(invitation_id=invitation_id)
    if Role(row["role"]) not in grantable(caller.role):
        raise RoleNotGrantable(role=row["role"])
    if state_of(row, now) in {InvitationState.ACCEPTED, InvitationState.REVOKED}:
        raise InvitationClosed(invitation_id=invitation_id)
    return row


async def _made(db: Transaction, invitation_id: UUID, secret: Secret, now: datetime, base_url: str) -> MadeInvitation:
    row = await people_store.find_invitation(db, invitation_id=invitation_id)
    assert row is not None
    names = {one.id: one for one in await people_store.group_names(db, row["group_ids"])}
    shown = _shown(row, names, now)
    return MadeInvitation(**dict(shown), code=secret.text, link=f"{base_url}{PAGE}#{secret.text}")


def _shown(row: asyncpg.Record, names: dict[UUID, GroupName], now: datetime) -> Invitation:
    return Invitation(
        groups=[names[one] for one in row["group_ids"] if one in names],
        state=state_of(row, now),
        **{name: row[name] for name in Invitation.model_fields if name not in {"groups", "state"}},
    )

"""Use cases of signing in: with a password and a second factor, with a passkey, with the operator's one-time link.

These open their own transactions: a failed attempt stays counted though nothing else is kept of it, and no connection is
held while a password is hashed. Whether an account exists is told by no answer and by no delay.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from karat.access import factors, passkeys, people_store, proof_store, sessions, store, throttle
from karat.access.devices import Visitor
from karat.access.errors import (
    OrganisationWanted,
    PasskeyRefused,
    PasskeyUnknown,
    PasskeyWanted,
    SecondFactorWrong,
    SignInCodeInvalid,
    SignInFailed,
    SignInOver,
)
from karat.access.passkeys import Site
from karat.access.passwords import verify_password
from karat.access.proof_types import (
    PasskeyAnswer,
    PasskeyRequest,
    PasswordSignIn,
    PendingSecondFactor,
    SecondFactor,
    SignInOptions,
)
from karat.access.secrets import make_secret, parse_secret
from karat.access.sessions import Started
from karat.database import Database, Transaction
from karat.kit import new_id

CHALLENGE_LIFE = timedelta(minutes=5)


async def options(database: Database, *, passkeys_fit: bool) -> SignInOptions:
    """What the sign-in page asks for."""
    async with database.transaction(None) as db:
        tenants = await store.find_tenant(db, None)
    return SignInOptions(organisation_wanted=len(tenants) > 1, passkeys=passkeys_fit)


async def with_code(database: Database, visitor: Visitor, code: str) -> Started:
    """Turn the operator's one-time code into a session. It is for whoever owns the data folder: nothing more is asked.

    Raises:
        SignInCodeInvalid: used, expired or unknown.
        TooManyAttempts: from this address.
    """
    await throttle.enter(database, [visitor.guard], visitor.now)
    parsed = parse_secret(code)
    if parsed is None or parsed.prefix is not None:
        raise SignInCodeInvalid
    async with database.transaction(parsed.tenant_id) as db:
        user_id = await store.use_code(db, parsed.sha256)
        if user_id is None:
            raise SignInCodeInvalid
        await throttle.succeed(db, [visitor.guard])
        return await sessions.start(db, visitor, user_id, method="link", second_factor=False)


async def with_password(database: Database, visitor: Visitor, wanted: PasswordSignIn) -> Started | PendingSecondFactor:
    """The first step of a sign-in, and the last where there is no authenticator app.

    Raises:
        TooManyAttempts: of this account or this address.
        SignInFailed: address, password or organisation is wrong.
        OrganisationWanted: there are several.
        PasskeyWanted: the password is right, but the organisation wants more and this person has a passkey for it.
    """
    tenant_id, named = await _tenant(database, wanted.organisation)
    guards = [throttle.account_guard(named, wanted.email), visitor.guard]
    await throttle.enter(database, guards, visitor.now)
    async with database.transaction(tenant_id) as db:
        account = await proof_store.find_account(db, wanted.email)
    if not await verify_password(wanted.password, account["argon2"] if account else None):
        raise SignInFailed
    assert account is not None
    async with database.transaction(tenant_id) as db:
        await throttle.succeed(db, guards)
        if await proof_store.has_app(db, account["user_id"]):
            return await _ask_second_factor(db, visitor, account["user_id"])
        # A password alone opens a session that may set up a second factor: not for somebody who has one.
        settings = await people_store.tenant_settings(db)
        if settings.second_factor_required and await proof_store.passkey_ids(db, account["user_id"]):
            raise PasskeyWanted
        return await sessions.start(db, visitor, account["user_id"], method="password", second_factor=False)


async def with_second_factor(database: Database, visitor: Visitor, answer: SecondFactor) -> Started:
    """The second step: a code of the authenticator app, or a recovery code.

    Raises:
        SignInOver: the first step is too long ago, or was finished.
        SecondFactorWrong: the code is wrong or was used.
        TooManyAttempts: at this person's codes, or from this address.
    """
    token = parse_secret(answer.token)
    if token is None or token.prefix is not None:
        raise SignInOver
    async with database.transaction(token.tenant_id) as db:
        waiting = await proof_store.find_challenge(db, "second_factor", token.sha256, visitor.now)
    if waiting is None:
        raise SignInOver
    guards = [throttle.account_guard("code", str(waiting["user_id"])), visitor.guard]
    await throttle.enter(database, guards, visitor.now)
    async with database.transaction(token.tenant_id) as db:
        waiting = await proof_store.find_challenge(db, "second_factor", token.sha256, visitor.now)
        if waiting is None:
            raise SignInOver
        method = await factors.use_code(db, waiting["user_id"], answer.code, visitor)
        if method is None:
            raise SecondFactorWrong
        await proof_store.close_challenge(db, waiting["id"])
        await throttle.succeed(db, guards)
        return await sessions.start(
            db, visitor, waiting["user_id"], method=f"password and {method}", second_factor=True
        )


async def passkey_request(database: Database, visitor: Visitor, site: Site, organisation: str | None) -> PasskeyRequest:
    """What the browser is asked to sign. It names no account: the passkey says whose it is.

    Raises:
        OrganisationWanted: there are several.
        TooManyAttempts: from this address.
    """
    tenant_id, _ = await _tenant(database, organisation)
    await throttle.enter(database, [throttle.request_guard(visitor.address)], visitor.now)
    token, expires_at = make_secret(tenant_id), visitor.now + CHALLENGE_LIFE
    async with database.transaction(tenant_id) as db:
        if await store.tenant_exists(db):
            await proof_store.add_challenge(db, "use_passkey", None, token.sha256, expires_at)
    asked = await asyncio.to_thread(passkeys.sign_in_options, site, token.sha256)
    return PasskeyRequest(token=token.text, options=asked, expires_at=expires_at)


async def with_passkey(database: Database, visitor: Visitor, site: Site, answer: PasskeyAnswer) -> Started:
    """Sign in with a passkey, which its holder has unlocked: that is two factors in one.

    Raises:
        PasskeyUnknown: it is nobody's here, or its signature is wrong.
        SignInOver: the question is too old, or was answered.
        TooManyAttempts: from this address.
    """
    token = parse_secret(answer.token)
    if token is None or token.prefix is not None:
        raise SignInOver
    await throttle.enter(database, [visitor.guard], visitor.now)
    async with database.transaction(token.tenant_id) as db:
        asked = await proof_store.find_challenge(db, "use_passkey", token.sha256, visitor.now)
        if asked is None:
            raise SignInOver
        await proof_store.close_challenge(db, asked["id"])
        user_id = await _check_passkey(db, site, token.sha256, answer.credential)
        await throttle.succeed(db, [visitor.guard])
        return await sessions.start(db, visitor, user_id, method="passkey", second_factor=True)


async def _check_passkey(db: Transaction, site: Site, challenge: bytes, credential: str) -> UUID:
    try:
        known = await proof_store.find_passkey(db, passkeys.credential_id_of(credential))
        if known is None or known["rp_id"] != site.rp_id:
            raise PasskeyUnknown
        sign_count = await asyncio.to_thread(
            passkeys.verify_sign_in,
            site,
            challenge,
            credential,
            public_key=known["public_key"],
            sign_count=known["sign_count"],
        )
    except PasskeyRefused as error:
        raise PasskeyUnknown from error
    await proof_store.note_passkey_use(db, known["id"], sign_count)
    user_id: UUID = known["user_id"]
    return user_id


async def _ask_second_factor(db: Transaction, visitor: Visitor, user_id: UUID) -> PendingSecondFactor:
    assert db.tenant_id is not None
    token, expires_at = make_secret(db.tenant_id), visitor.now + CHALLENGE_LIFE
    await proof_store.add_challenge(db, "second_factor", user_id, token.sha256, expires_at)
    return PendingSecondFactor(token=token.text, expires_at=expires_at)


async def _tenant(database: Database, organisation: str | None) -> tuple[UUID, str]:
    """The tenant, and what guesses at it are counted by. One that does not exist has no members, and answers like one.

    Raises:
        OrganisationWanted: none was named and there are several.
    """
    async with database.transaction(None) as db:
        found = await store.find_tenant(db, organisation.strip().lower() if organisation else None)
    if organisation is None and len(found) > 1:
        raise OrganisationWanted
    return (found[0], str(found[0])) if found else (new_id(), organisation or "")

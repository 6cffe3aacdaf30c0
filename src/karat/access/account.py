"""Use cases of one's own account: name and address, password, passkeys, authenticator app. Only signed in by browser.

Whoever changes how they sign in has proved shortly before that it is they, and gets a new session secret: a cookie that
somebody copied is worth nothing afterwards.
"""

import asyncio
from datetime import datetime
from uuid import UUID

from karat import audit
from karat.access import factors, passkeys, people, people_store, proof_store, sessions, store, throttle, totp
from karat.access.devices import Visitor
from karat.access.errors import (
    AuthenticatorCodeWrong,
    AuthenticatorMissing,
    AuthenticatorPresent,
    LastProof,
    PasskeyNotFound,
    PasskeyRefused,
    PasskeyTaken,
    PasswordRefused,
    PasswordWrong,
    SecondFactorWrong,
)
from karat.access.passkeys import Site
from karat.access.passwords import hash_password, password_faults, verify_password
from karat.access.proof_types import (
    AuthenticatorCode,
    AuthenticatorSetup,
    Me,
    NewPasskeyAnswer,
    Passkey,
    PasskeyChange,
    PasskeyRequest,
    PasswordChange,
    Proof,
    RecoveryCodes,
    SelfChange,
)
from karat.access.secrets import make_secret, parse_secret
from karat.access.sessions import Changed, OwnBrowser, Started, require_fresh
from karat.access.signing_in import CHALLENGE_LIFE
from karat.database import Database, Transaction
from karat.errors import Fault
from karat.kit import Action, Caller, require


async def describe_me(db: Transaction, caller: Caller, *, passkeys_fit: bool) -> Me:
    """The caller's account and ways to sign in."""
    require(caller, Action.SEE_SELF)
    member = await people_store.find_member(db, caller.user_id)
    assert member is not None
    tenant = await people_store.tenant_settings(db)
    password = await proof_store.find_password(db, caller.user_id)
    return Me(
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        role=member.role,
        groups=member.groups,
        tenant_name=tenant.name,
        tenant_slug=tenant.slug,
        password_changed_at=password["changed_at"] if password else None,
        authenticator=await proof_store.has_app(db, caller.user_id),
        recovery_codes_left=await proof_store.recovery_codes_left(db, caller.user_id),
        passkeys=await proof_store.passkeys(db, caller.user_id),
        passkeys_possible=passkeys_fit,
        second_factor_required=tenant.second_factor_required,
    )


async def change_me(db: Transaction, browser: OwnBrowser, change: SelfChange, now: datetime) -> None:
    """Change one's name or address; the address is what one signs in with, so that needs a fresh proof.

    Raises:
        ProveAgain: for the address.
        EmailTaken: another member has it.
    """
    caller = browser.caller
    require(caller, Action.SECURE_SELF)
    before = await people_store.find_member(db, caller.user_id)
    assert before is not None
    if change.email is not None and change.email != before.email:
        require_fresh(browser, now)
        await people.set_email(db, caller.user_id, change.email)
    if change.name is not None:
        await people_store.set_name(db, caller.user_id, change.name)
    after = await people_store.find_member(db, caller.user_id)
    assert after is not None
    if (before.name, before.email) != (after.name, after.email):
        was, now_is = ({"name": one.name, "email": one.email} for one in (before, after))
        await audit.record(db, caller, "self.changed", caller.user_id, before=was, after=now_is)


async def prove(database: Database, visitor: Visitor, browser: OwnBrowser, proof: Proof) -> Started:
    """Confirm that it is still the same person; the session gets a new secret.

    Raises:
        PasswordWrong, SecondFactorWrong: it is not.
        TooManyAttempts.
    """
    caller = browser.caller
    require(caller, Action.SECURE_SELF)
    guards = [throttle.account_guard("proof", str(caller.user_id)), visitor.guard]
    await throttle.enter(database, guards, visitor.now)
    if proof.code is None:
        async with database.transaction(caller.tenant_id) as db:
            known = await proof_store.find_password(db, caller.user_id)
        if not await verify_password(proof.password or "", known["argon2"] if known else None):
            raise PasswordWrong
    async with database.transaction(caller.tenant_id) as db:
        if proof.code is not None and not await factors.use_code(db, caller.user_id, proof.code, visitor):
            raise SecondFactorWrong
        await throttle.succeed(db, guards)
        return await sessions.rotate(db, browser)


async def change_password(database: Database, visitor: Visitor, browser: OwnBrowser, change: PasswordChange) -> Started:
    """Set a password: who has one gives it, who has none has signed in a short while ago. All other sessions end.

    Raises:
        PasswordWrong: the current one is.
        PasswordRefused: with everything that is wrong with the new one.
        ProveAgain: there is no password yet, and the last proof is too long ago.
        TooManyAttempts.
    """
    caller = browser.caller
    require(caller, Action.SECURE_SELF)
    guards = [throttle.account_guard("proof", str(caller.user_id)), visitor.guard]
    await throttle.enter(database, guards, visitor.now)
    async with database.transaction(caller.tenant_id) as db:
        known = await proof_store.find_password(db, caller.user_id)
        profile = await store.profile(db, caller.user_id)
    assert profile is not None
    if known is None:
        require_fresh(browser, visitor.now)
    elif not await verify_password(change.current or "", known["argon2"]):
        raise PasswordWrong
    about = [text for text in (profile["name"], profile["email"], profile["tenant_name"]) if text]
    if faults := password_faults(change.new, about=about, where="new"):
        raise PasswordRefused(faults=faults)
    argon2 = await hash_password(change.new)
    async with database.transaction(caller.tenant_id) as db:
        await proof_store.set_password(db, caller.user_id, argon2)
        await throttle.succeed(db, guards)
        await store.end_sessions(db, caller.user_id, but=browser.session_id)
        await audit.record(db, caller, "password.changed", caller.user_id)
        return await sessions.rotate(db, browser)


async def passkey_request(db: Transaction, browser: OwnBrowser, site: Site, now: datetime) -> PasskeyRequest:
    """What the browser is to make a passkey with.

    Raises:
        ProveAgain: the last proof is too long ago.
    """
    require(browser.caller, Action.SECURE_SELF)
    require_fresh(browser, now)
    user_id, tenant_id = browser.caller.user_id, browser.caller.tenant_id
    profile = await store.profile(db, user_id)
    assert profile is not None
    token, expires_at = make_secret(tenant_id), now + CHALLENGE_LIFE
    await proof_store.add_challenge(db, "add_passkey", user_id, token.sha256, expires_at)
    asked = await asyncio.to_thread(
        passkeys.registration_options,
        site,
        token.sha256,
        tenant=profile["tenant_name"],
        account=profile["email"] or profile["name"],
        name=profile["name"],
        handle=user_id,
        known=await proof_store.passkey_ids(db, user_id),
    )
    return PasskeyRequest(token=token.text, options=asked, expires_at=expires_at)


async def add_passkey(
    db: Transaction, browser: OwnBrowser, site: Site, answer: NewPasskeyAnswer, now: datetime
) -> Changed[Passkey]:
    """Keep a passkey that the browser has made for this question. With it the session has a second factor.

    Raises:
        PasskeyRefused: it does not answer the question.
        PasskeyTaken: it is known already.
    """
    require(browser.caller, Action.SECURE_SELF)
    token, user_id = parse_secret(answer.token), browser.caller.user_id
    asked = await proof_store.find_challenge(db, "add_passkey", token.sha256, now) if token else None
    if token is None or asked is None or asked["user_id"] != user_id:
        raise PasskeyRefused
    await proof_store.close_challenge(db, asked["id"])
    made = await asyncio.to_thread(passkeys.verify_registration, site, token.sha256, answer.credential)
    passkey_id = await proof_store.add_passkey(db, user_id, answer.name, site.rp_id, made)
    if passkey_id is None:
        raise PasskeyTaken
    await audit.record(db, browser.caller, "passkey.added", user_id, name=answer.name, passkey_id=str(passkey_id))
    started = await sessions.rotate(db, browser, second_factor=True)
    return Changed(started, next(one for one in await proof_store.passkeys(db, user_id) if one.id == passkey_id))


async def rename_passkey(db: Transaction, browser: OwnBrowser, passkey_id: UUID, change: PasskeyChange) -> Passkey:
    """Call a passkey something else.

    Raises:
        PasskeyNotFound: one has no such passkey.
    """
    require(browser.caller, Action.SECURE_SELF)
    user_id = browser.caller.user_id
    if not await proof_store.rename_passkey(db, user_id, passkey_id, change.name):
        raise PasskeyNotFound(passkey_id=passkey_id)
    return next(one for one in await proof_store.passkeys(db, user_id) if one.id == passkey_id)


async def remove_passkey(db: Transaction, browser: OwnBrowser, passkey_id: UUID, now: datetime) -> None:
    """Take a passkey away; from then on it signs nobody in.

    Raises:
        PasskeyNotFound: one has no such passkey.
        ProveAgain: the last proof is too long ago.
        LastProof: there is neither another passkey nor a password.
    """
    require(browser.caller, Action.SECURE_SELF)
    user_id = browser.caller.user_id
    if passkey_id not in (known := {one.id for one in await proof_store.passkeys(db, user_id)}):
        raise PasskeyNotFound(passkey_id=passkey_id)
    require_fresh(browser, now)
    if len(known) == 1 and await proof_store.find_password(db, user_id) is None:
        raise LastProof
    await proof_store.remove_passkeys(db, user_id, passkey_id)
    await audit.record(db, browser.caller, "passkey.removed", user_id, passkey_id=str(passkey_id))


async def begin_authenticator(db: Transaction, browser: OwnBrowser, key: bytes, now: datetime) -> AuthenticatorSetup:
    """A secret for an authenticator app; it counts once a code of it was given. Beginning again makes a new one.

    Raises:
        ProveAgain: the last proof is too long ago.
        AuthenticatorPresent: one is in use.
    """
    require(browser.caller, Action.SECURE_SELF)
    require_fresh(browser, now)
    profile = await store.profile(db, browser.caller.user_id)
    assert profile is not None
    secret = totp.make_totp_secret()
    if not await proof_store.begin_app(db, profile["id"], totp.seal(secret, key, profile["id"])):
        raise AuthenticatorPresent
    uri = totp.otpauth_uri(
        secret, account=profile["email"] or profile["name"], issuer=f"Karat {profile['tenant_name']}"
    )
    return AuthenticatorSetup(secret=secret, otpauth_uri=uri, qr_code=await asyncio.to_thread(totp.qr_code, uri))


async def confirm_authenticator(
    database: Database, visitor: Visitor, browser: OwnBrowser, answer: AuthenticatorCode
) -> Changed[RecoveryCodes]:
    """Put the app into use, and give codes for the day it is lost. The session has a second factor from now on.

    Raises:
        AuthenticatorMissing: none waits for its code.
        AuthenticatorCodeWrong: the code is of another secret or another time.
        TooManyAttempts.
    """
    caller = browser.caller
    require(caller, Action.SECURE_SELF)
    guards = [throttle.account_guard("proof", str(caller.user_id)), visitor.guard]
    await throttle.enter(database, guards, visitor.now)
    async with database.transaction(caller.tenant_id) as db:
        app = await proof_store.find_app(db, caller.user_id)
        if app is None or app["confirmed_at"] is not None:
            raise AuthenticatorMissing
        code = "".join(answer.code.split())
        if not await factors.use_app_code(db, caller.user_id, code, visitor.key, visitor.now, confirmed=False):
            raise AuthenticatorCodeWrong(faults=[_WRONG_CODE])
        await throttle.succeed(db, guards)
        await audit.record(db, caller, "authenticator.added", caller.user_id)
        codes = await _new_recovery_codes(db, caller)
        return Changed(await sessions.rotate(db, browser, second_factor=True), codes)


async def remove_authenticator(db: Transaction, browser: OwnBrowser, now: datetime) -> None:
    """Take the app away, with its recovery codes.

    Raises:
        ProveAgain: the last proof is too long ago.
        AuthenticatorMissing: there is none.
    """
    require(browser.caller, Action.SECURE_SELF)
    require_fresh(browser, now)
    if not await proof_store.remove_app(db, browser.caller.user_id):
        raise AuthenticatorMissing
    await audit.record(db, browser.caller, "authenticator.removed", browser.caller.user_id)


async def renew_recovery_codes(db: Transaction, browser: OwnBrowser, now: datetime) -> RecoveryCodes:
    """New recovery codes; earlier ones are void.

    Raises:
        ProveAgain: the last proof is too long ago.
        AuthenticatorMissing: there is no app that they could stand for.
    """
    require(browser.caller, Action.SECURE_SELF)
    require_fresh(browser, now)
    if not await proof_store.has_app(db, browser.caller.user_id):
        raise AuthenticatorMissing
    return await _new_recovery_codes(db, browser.caller)


async def _new_recovery_codes(db: Transaction, caller: Caller) -> RecoveryCodes:
    codes = totp.make_recovery_codes()
    hashes = [totp.recovery_hash(caller.user_id, one) for one in codes]
    await proof_store.replace_recovery_codes(db, caller.user_id, hashes)
    await audit.record(db, caller, "recovery_codes.made", caller.user_id)
    return RecoveryCodes(codes=codes)


_WRONG_CODE = Fault(
    code=AuthenticatorCodeWrong.code,
    message="This is not the code that the app shows for this QR code now.",
    where="code",
    hint="Check that the device's clock is right, and take the next code.",
)

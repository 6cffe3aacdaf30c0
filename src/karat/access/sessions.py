"""Use cases of sessions: how one begins, who bears it, and how it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

import karat
from karat import audit
from karat.access import store
from karat.access.devices import Visitor
from karat.access.errors import BrowserOnly, ProveAgain, SessionNotFound, SignInFailed
from karat.access.proof_types import OwnSession, OwnSessions
from karat.access.secrets import Secret, make_secret
from karat.access.types import Session, Tenant, User
from karat.database import Transaction
from karat.errors import Unauthenticated
from karat.kit import Action, Caller, Role, Scope, allowed, new_id, require

T = TypeVar("T")

# How long a sign-in counts as a proof for changing how one signs in.
FRESH_FOR = timedelta(minutes=15)
DEFAULT_IDLE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Started:
    """A session that just began, or got a new secret: the secret goes into the cookie and nowhere else."""

    secret: Secret
    session: Session


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """What came of a change after which the session has a new secret."""

    started: Started
    value: T


@dataclass(frozen=True, slots=True)
class OwnBrowser:
    """The browser session behind a request."""

    caller: Caller
    session_id: UUID
    secret: Secret
    expires_at: datetime
    proved_at: datetime
    second_factor: bool


async def authenticate(db: Transaction, secret: Secret, idle: timedelta = DEFAULT_IDLE) -> Caller:
    """Who bears the secret: an API key or a browser session. Every way in passes here.

    Args:
        idle: how long a session lives without use.

    Raises:
        Unauthenticated: unknown, revoked, expired, or of a member who was deactivated; never says which.
    """
    row = await (
        store.find_by_key(db, secret.sha256) if secret.prefix else store.find_by_session(db, secret.sha256, idle)
    )
    if row is None or bool(row["test"]) != (secret.prefix == "test"):
        raise Unauthenticated
    if row["stale"]:
        await (store.note_key_use if secret.prefix else store.note_session_use)(db, row["id"])
    return Caller(
        tenant_id=secret.tenant_id,
        user_id=row["user_id"],
        role=Role(row["role"]),
        test=row["test"],
        scope=Scope(row["scope"]),
        until=row["expires_at"] if secret.prefix else None,
    )


async def own_browser(db: Transaction, caller: Caller, secret: Secret) -> OwnBrowser:
    """The session that the caller is signed in with.

    Raises:
        BrowserOnly: the caller bears an API key: whoever finds one must not be able to keep the account.
    """
    require(caller, Action.SECURE_SELF)
    row = None if secret.prefix else await store.find_by_session(db, secret.sha256, timedelta(days=3650))
    if row is None:
        raise BrowserOnly
    return OwnBrowser(caller, row["id"], secret, row["expires_at"], row["proved_at"], row["second_factor"])


def require_fresh(browser: OwnBrowser, now: datetime) -> None:
    """Go on only shortly after a proof.

    Raises:
        ProveAgain: the last one is too long ago.
    """
    if now - browser.proved_at > FRESH_FOR:
        raise ProveAgain(minutes=int(FRESH_FOR.total_seconds()) // 60)


async def start(db: Transaction, visitor: Visitor, user_id: UUID, *, method: str, second_factor: bool) -> Started:
    """Begin a session with a new secret; the one that the browser had before ends."""
    assert db.tenant_id is not None
    if visitor.previous is not None:
        await store.end_session(db, visitor.previous.sha256)
    secret, expires_at = make_secret(db.tenant_id), visitor.now + visitor.life
    await store.add_session(
        db, new_id(), user_id, secret.sha256, expires_at, device=visitor.device, second_factor=second_factor
    )
    try:
        caller = await authenticate(db, secret, visitor.idle)
    except Unauthenticated as error:  # deactivated between the two steps
        raise SignInFailed from error
    await audit.record(
        db, caller, "session.started", user_id, method=method, device=visitor.device, address=visitor.address
    )
    return Started(secret, await describe(db, caller, secret, expires_at))


async def rotate(db: Transaction, browser: OwnBrowser, *, second_factor: bool = False) -> Started:
    """Give the session a new secret: its bearer has just proved more than before."""
    secret = make_secret(browser.caller.tenant_id)
    await store.rotate_session(db, browser.session_id, secret.sha256, second_factor=second_factor)
    caller = await authenticate(db, secret)
    return Started(secret, await describe(db, caller, secret, browser.expires_at))


async def describe(db: Transaction, caller: Caller, secret: Secret, expires_at: datetime) -> Session:
    """Who the caller is and what the screens may offer."""
    require(caller, Action.SEE_SELF)
    row = await store.profile(db, caller.user_id)
    if row is None:
        raise Unauthenticated
    return Session(
        user=User(id=row["id"], name=row["name"], email=row["email"]),
        tenant=Tenant(id=row["tenant_id"], name=row["tenant_name"], slug=row["tenant_slug"]),
        role=caller.role,
        scope=caller.scope,
        actions=sorted(action.value for action in allowed(caller)),
        csrf_token="" if secret.prefix else secret.csrf_token,
        expires_at=expires_at,
        version=karat.__version__,
    )


async def describe_own(db: Transaction, caller: Caller, secret: Secret, visitor: Visitor) -> Session:
    """The session or key of the request, and when it ends."""
    row = await (
        store.find_by_key(db, secret.sha256)
        if secret.prefix
        else store.find_by_session(db, secret.sha256, visitor.idle)
    )
    if row is None:
        raise Unauthenticated
    return await describe(db, caller, secret, row["expires_at"] or visitor.now + visitor.life)


async def sign_out(db: Transaction, caller: Caller, secret: Secret) -> None:
    """End this browser session; an API key is not a session and stays."""
    require(caller, Action.SEE_SELF)
    await store.end_session(db, secret.sha256)
    await audit.record(db, caller, "session.ended", caller.user_id)


async def list_own(db: Transaction, caller: Caller, secret: Secret, idle: timedelta) -> OwnSessions:
    """Where the caller is signed in."""
    require(caller, Action.SEE_SELF)
    here = None if secret.prefix else await store.find_by_session(db, secret.sha256, idle)
    rows = await store.live_sessions(db, caller.user_id, idle)
    return OwnSessions(
        items=[OwnSession(**dict(row), current=here is not None and row["id"] == here["id"]) for row in rows]
    )


async def end_own(db: Transaction, caller: Caller, session_id: UUID) -> None:
    """Sign out in one browser.

    Raises:
        SessionNotFound: the caller has no such session that lives.
    """
    require(caller, Action.SECURE_SELF)
    if not await store.end_sessions(db, caller.user_id, only=session_id):
        raise SessionNotFound(session_id=session_id)
    await audit.record(db, caller, "session.ended", caller.user_id, session_id=str(session_id))


async def end_all_own(db: Transaction, caller: Caller) -> None:
    """Sign out everywhere, here too."""
    require(caller, Action.SECURE_SELF)
    n = await store.end_sessions(db, caller.user_id)
    await audit.record(db, caller, "session.ended_everywhere", caller.user_id, n=n)

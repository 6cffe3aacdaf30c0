"""What every route begins with: the transaction of the request and the caller behind it.

The transaction has scope "function": it is committed before the answer leaves, so whoever reads the answer finds its
effect in the database.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Header, Request

from karat.access import sessions, store
from karat.access.devices import Visitor, visitor_of
from karat.access.errors import CrossSiteRequest, IdempotencyKeyInvalid, IdempotencyKeyReused
from karat.access.secrets import Secret, parse_secret
from karat.database import Transaction
from karat.errors import Unauthenticated
from karat.kit import Caller, new_id

SECURE_COOKIE = "__Host-karat"
PLAIN_COOKIE = "karat"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def read_secret(request: Request) -> Secret:
    """The API key or session of the request. A browser's session must prove that our own page sent an unsafe request.

    Raises:
        Unauthenticated: nothing that could be a key or session.
        CrossSiteRequest: a session without its CSRF token, or from another origin.
    """
    header = request.headers.get("authorization", "")
    if header:
        scheme, _, text = header.partition(" ")
        secret = parse_secret(text.strip()) if scheme.lower() == "bearer" else None
        if secret is None or secret.prefix is None:
            raise Unauthenticated
        return secret
    secret = parse_secret(session_cookie(request))
    if secret is None or secret.prefix is not None:
        raise Unauthenticated
    if request.method not in SAFE_METHODS:
        token = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(token.encode(), secret.csrf_token.encode()) or not from_own_pages(request):
            raise CrossSiteRequest
    return secret


def from_own_pages(request: Request) -> bool:
    """Whether the Origin header, which browsers always send with unsafe requests, names this very host."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def open_transaction(request: Request) -> AsyncIterator[Transaction]:
    """One request, one transaction, for the tenant that the caller's secret names."""
    secret = read_secret(request)
    request.state.secret = secret
    async with request.app.state.database.transaction(secret.tenant_id) as db:
        yield db


Db = Annotated[Transaction, Depends(open_transaction, scope="function")]


async def sign_in_caller(request: Request, db: Db) -> Caller:
    """The authenticated sender."""
    return await sessions.authenticate(db, request.state.secret, _idle(request))


SignedIn = Annotated[Caller, Depends(sign_in_caller)]


async def sign_in_browser(request: Request, db: Db, caller: SignedIn) -> sessions.OwnBrowser:
    """The browser session behind the request; an API key is none."""
    return await sessions.own_browser(db, caller, request.state.secret)


Browser = Annotated[sessions.OwnBrowser, Depends(sign_in_browser)]


async def browser_briefly(request: Request) -> sessions.OwnBrowser:
    """The browser session, for routes that hash a password: no connection is held while they do."""
    secret = read_secret(request)
    async with request.app.state.database.transaction(secret.tenant_id) as db:
        caller = await sessions.authenticate(db, secret, _idle(request))
        return await sessions.own_browser(db, caller, secret)


BrowserBriefly = Annotated[sessions.OwnBrowser, Depends(browser_briefly)]


def visitor(request: Request) -> Visitor:
    """A stranger at one of the public doors; only our own pages may knock, so nobody is signed in by a foreign one.

    Raises:
        CrossSiteRequest: the request comes from elsewhere.
    """
    if request.method not in SAFE_METHODS and not from_own_pages(request):
        raise CrossSiteRequest
    return visitor_of(request, parse_secret(session_cookie(request)))


AsVisitor = Annotated[Visitor, Depends(visitor)]


def session_cookie(request: Request) -> str:
    """What the browser holds of us, or nothing."""
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(PLAIN_COOKIE) or ""


async def authenticate_briefly(request: Request) -> Caller:
    """The caller, for routes that stream: their transaction ends before the streaming begins."""
    secret = read_secret(request)
    async with request.app.state.database.transaction(secret.tenant_id) as db:
        return await sessions.authenticate(db, secret, _idle(request))


def _idle(request: Request) -> timedelta:
    return timedelta(hours=request.app.state.settings.session_idle_hours)


@dataclass(frozen=True, slots=True)
class Once:
    """The id for what the request creates; `repeated` when the same request created it before."""

    id: UUID
    repeated: bool


IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key")]


async def once(request: Request, db: Db, caller: SignedIn, idempotency_key: IdempotencyKey = None) -> Once:
    """Make a creating request safe to repeat: its `Idempotency-Key` and its effect are committed together.

    Raises:
        IdempotencyKeyInvalid, IdempotencyKeyReused.
    """
    is_json = idempotency_key is not None and "json" in request.headers.get("content-type", "")
    return await claim_once(request, db, caller, idempotency_key, await request.body() if is_json else b"")


async def claim_once(request: Request, db: Transaction, caller: Caller, key: str | None, content: bytes) -> Once:
    """`once`, for a route that opens its own transaction.

    Args:
        content: the body, or what stands for it.

    Raises:
        IdempotencyKeyInvalid: it is empty, too long or not visible.
        IdempotencyKeyReused: the key came before with other content.
    """
    if key is None:
        return Once(new_id(), repeated=False)
    check_idempotency_key(key)
    line = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    digest, subject_id = hashlib.sha256(line + content).digest(), new_id()
    before = await store.claim_idempotency_key(db, caller.user_id, key, digest, subject_id)
    if before is None:
        return Once(subject_id, repeated=False)
    if before["request_sha256"] != digest:
        raise IdempotencyKeyReused
    return Once(before["subject_id"], repeated=True)


def check_idempotency_key(key: str) -> None:
    """Refuse what cannot be a key.

    Raises:
        IdempotencyKeyInvalid: it is empty, too long or not visible.
    """
    if not (1 <= len(key) <= 200 and key.isprintable()):
        raise IdempotencyKeyInvalid


CreateOnce = Annotated[Once, Depends(once)]

"""HTTP doors of access."""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from karat.access import service
from karat.access.doors import PLAIN_COOKIE, SECURE_COOKIE, CreateOnce, Db, SignedIn, from_own_pages
from karat.access.errors import CrossSiteRequest, KeyShownOnce, SignInCodeInvalid
from karat.access.secrets import parse_secret
from karat.access.types import Key, MadeKey, Member, NewKey, Session, SignIn
from karat.database import Transaction
from karat.kit import Cursor, Limit, Page, utc_now

router = APIRouter(prefix="/api", tags=["access"])
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


async def open_for_code(request: Request, body: SignIn) -> AsyncIterator[Transaction]:
    """The transaction of a sign-in: the code names the tenant."""
    code = parse_secret(body.code)
    if code is None:
        raise SignInCodeInvalid
    async with request.app.state.database.transaction(code.tenant_id) as db:
        yield db


@router.post("/session")
async def start_session(
    request: Request,
    response: Response,
    body: SignIn,
    db: Annotated[Transaction, Depends(open_for_code, scope="function")],
) -> Session:
    """Sign in with the code of a one-time link."""
    if not from_own_pages(request):
        raise CrossSiteRequest
    secret, session = await service.sign_in(db, body.code, utc_now())
    secure = is_secure(request)
    response.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        secret.text,
        max_age=int(service.SESSION_LIFE.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return session


@router.get("/session")
async def read_session(request: Request, db: Db, caller: SignedIn) -> Session:
    """Who is signed in, and what they may do."""
    return await service.describe_session(db, caller, request.state.secret, utc_now() + service.SESSION_LIFE)


@router.delete("/session", status_code=204)
async def end_session(request: Request, response: Response, db: Db, caller: SignedIn) -> None:
    """Sign out of this browser."""
    await service.sign_out(db, caller, request.state.secret)
    for name in (SECURE_COOKIE, PLAIN_COOKIE):
        response.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax")


@router.get("/members")
async def list_members(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Member]:
    """Who belongs to the tenant."""
    return await service.list_members(db, caller, cursor, limit)


@router.get("/keys")
async def list_keys(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Key]:
    """The API keys, without their secrets."""
    return await service.list_keys(db, caller, cursor, limit)


@router.post("/keys", status_code=201)
async def make_key(body: NewKey, db: Db, caller: SignedIn, once: CreateOnce) -> MadeKey:
    """Make an API key; it is shown in this answer and never again, so repeating the request is refused."""
    if once.repeated:
        raise KeyShownOnce(key_id=once.id)
    return await service.make_key(db, caller, body, once.id)


@router.delete("/keys/{key_id}", status_code=204)
async def revoke_key(key_id: UUID, db: Db, caller: SignedIn) -> None:
    """Revoke a key at once."""
    await service.revoke_key(db, caller, key_id)


def is_secure(request: Request) -> bool:
    """Whether the browser keeps a Secure cookie here: over TLS, or on this very machine."""
    public: str | None = request.app.state.settings.public_url
    if public:
        return urlsplit(public).scheme == "https"
    return request.url.scheme == "https" or request.url.hostname in LOOPBACK

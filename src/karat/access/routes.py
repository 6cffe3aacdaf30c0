"""HTTP doors of sessions and keys."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from karat.access import cookies, keys, sessions, signing_in
from karat.access.devices import visitor_of
from karat.access.doors import AsVisitor, CreateOnce, Db, SignedIn
from karat.access.errors import KeyShownOnce
from karat.access.proof_types import OwnSessions
from karat.access.types import Key, MadeKey, NewKey, NewOwnKey, Session, SignIn
from karat.kit import Cursor, Limit, Page

router = APIRouter(prefix="/api", tags=["access"])


@router.post("/session")
async def start_session(request: Request, response: Response, body: SignIn, visitor: AsVisitor) -> Session:
    """Sign in with the code of a one-time link."""
    done = await signing_in.with_code(request.app.state.database, visitor, body.code)
    return cookies.keep(request, response, done)


@router.get("/session")
async def read_session(request: Request, db: Db, caller: SignedIn) -> Session:
    """Who is signed in, and what they may do."""
    return await sessions.describe_own(db, caller, request.state.secret, visitor_of(request))


@router.delete("/session", status_code=204)
async def end_session(request: Request, response: Response, db: Db, caller: SignedIn) -> None:
    """Sign out of this browser."""
    await sessions.sign_out(db, caller, request.state.secret)
    cookies.drop(response)


@router.get("/me/sessions")
async def list_own_sessions(request: Request, db: Db, caller: SignedIn) -> OwnSessions:
    """Where one is signed in."""
    return await sessions.list_own(db, caller, request.state.secret, visitor_of(request).idle)


@router.delete("/me/sessions", status_code=204)
async def end_all_own_sessions(response: Response, db: Db, caller: SignedIn) -> None:
    """Sign out everywhere, here too."""
    await sessions.end_all_own(db, caller)
    cookies.drop(response)


@router.delete("/me/sessions/{session_id}", status_code=204)
async def end_own_session(session_id: UUID, db: Db, caller: SignedIn) -> None:
    """Sign out in one browser."""
    await sessions.end_own(db, caller, session_id)


@router.get("/keys")
async def list_keys(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Key]:
    """The API keys, without their secrets."""
    return await keys.list_keys(db, caller, cursor, limit)


@router.post("/keys", status_code=201)
async def make_key(body: NewKey, db: Db, caller: SignedIn, once: CreateOnce) -> MadeKey:
    """Make an API key for a program; it is shown in this answer and never again, so repeating the request is refused."""
    if once.repeated:
        raise KeyShownOnce(key_id=once.id)
    return await keys.make_key(db, caller, body, once.id)


@router.delete("/keys/{key_id}", status_code=204)
async def revoke_key(key_id: UUID, db: Db, caller: SignedIn) -> None:
    """Revoke a key at once."""
    await keys.revoke_key(db, caller, key_id)


@router.get("/me/keys")
async def list_own_keys(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Key]:
    """One's own API keys, without their secrets."""
    return await keys.list_own_keys(db, caller, cursor, limit)


@router.post("/me/keys", status_code=201)
async def make_own_key(body: NewOwnKey, db: Db, caller: SignedIn, once: CreateOnce) -> MadeKey:
    """Make an API key that acts as oneself, within its scope; it is shown in this answer and never again."""
    if once.repeated:
        raise KeyShownOnce(key_id=once.id)
    return await keys.make_own_key(db, caller, body, once.id)


@router.delete("/me/keys/{own_key_id}", status_code=204)
async def revoke_own_key(own_key_id: UUID, db: Db, caller: SignedIn) -> None:
    """Revoke one of one's own keys at once."""
    await keys.revoke_own_key(db, caller, own_key_id)

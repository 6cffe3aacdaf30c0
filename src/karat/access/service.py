"""Use cases of access: the first owner, sign-in, keys."""

from datetime import datetime, timedelta
from uuid import UUID

import karat
from karat import audit
from karat.access import store
from karat.access.errors import KeyNotFound, RoleNotGrantable, SignInCodeInvalid
from karat.access.secrets import Secret, make_secret, parse_secret
from karat.access.types import FirstOwner, Key, MadeKey, Member, NewKey, Session, Tenant, User
from karat.database import Database, Transaction
from karat.errors import Unauthenticated
from karat.kit import POLICY, Action, Caller, Page, Role, decode_cursor, grantable, make_page, new_id, require, utc_now

SESSION_LIFE = timedelta(days=14)
CODE_LIFE = timedelta(minutes=30)


async def set_up(database: Database, tenant_name: str, owner_name: str) -> FirstOwner | None:
    """Make the first tenant, its owner, an API key and a sign-in code; None when there is a tenant already."""
    tenant = Tenant(id=new_id(), name=tenant_name)
    async with database.transaction(tenant.id) as db:
        await db.execute("SELECT pg_advisory_xact_lock(hashtextextended('karat.set_up', 0))")
        if await store.count_tenants(db):
            return None
        await store.add_tenant(db, tenant.id, tenant.name)
        user = User(id=new_id(), name=owner_name)
        await store.add_member(db, user.id, user.name, "person", Role.OWNER)
        owner = Caller(tenant_id=tenant.id, user_id=user.id, role=Role.OWNER)
        key = await _store_key(db, user.id, "owner key of the first start", test=False)
        code = await make_sign_in_code(db, owner)
        await audit.record(db, owner, "tenant.created", tenant.id, name=tenant.name)
    return FirstOwner(tenant=tenant, user=user, key=key[1].text, sign_in_code=code)


async def make_sign_in_code(db: Transaction, caller: Caller) -> str:
    """A code for a link that signs the caller in once, within half an hour."""
    code = make_secret(caller.tenant_id)
    await store.add_code(db, new_id(), caller.user_id, code.sha256, utc_now() + CODE_LIFE)
    await audit.record(db, caller, "sign_in_code.created", caller.user_id)
    return code.text


async def authenticate(db: Transaction, secret: Secret) -> Caller:
    """Who bears the secret: an API key or a browser session. Every way in passes here.

    Raises:
        Unauthenticated: unknown, revoked or expired; never says which.
    """
    row = await (store.find_by_key if secret.prefix else store.find_by_session)(db, secret.sha256)
    if row is None or bool(row["test"]) != (secret.prefix == "test"):
        raise Unauthenticated
    if secret.prefix and row["stale"]:
        await store.note_key_use(db, row["id"])
    return Caller(tenant_id=secret.tenant_id, user_id=row["user_id"], role=Role(row["role"]), test=row["test"])


async def sign_in(db: Transaction, code: str, now: datetime) -> tuple[Secret, Session]:
    """Turn a one-time code into a browser session.

    Raises:
        SignInCodeInvalid: used, expired or unknown.
    """
    parsed = parse_secret(code)
    user_id = await store.use_code(db, parsed.sha256) if parsed else None
    if parsed is None or user_id is None:
        raise SignInCodeInvalid
    secret = make_secret(parsed.tenant_id)
    await store.add_session(db, new_id(), user_id, secret.sha256, now + SESSION_LIFE)
    caller = await authenticate(db, secret)
    await audit.record(db, caller, "session.started", user_id)
    return secret, await describe_session(db, caller, secret, now + SESSION_LIFE)


async def describe_session(db: Transaction, caller: Caller, secret: Secret, expires_at: datetime) -> Session:
    """Who the caller is and what the screens may offer."""
    require(caller, Action.SEE_SELF)
    row = await store.profile(db, caller.user_id)
    if row is None:
        raise Unauthenticated
    return Session(
        user=User(id=row["id"], name=row["name"], email=row["email"]),
        tenant=Tenant(id=row["tenant_id"], name=row["tenant_name"]),
        role=caller.role,
        actions=sorted(action.value for action, roles in POLICY.items() if caller.role in roles),
        csrf_token="" if secret.prefix else secret.csrf_token,
        expires_at=expires_at,
        version=karat.__version__,
    )


async def sign_out(db: Transaction, caller: Caller, secret: Secret) -> None:
    """End this browser session; an API key is not a session and stays."""
    require(caller, Action.SEE_SELF)
    await store.end_session(db, secret.sha256)
    await audit.record(db, caller, "session.ended", caller.user_id)


async def make_key(db: Transaction, caller: Caller, new: NewKey, key_id: UUID | None = None) -> MadeKey:
    """An API key with a service user of its own, for a program.

    Raises:
        RoleNotGrantable: the role is above what the caller may give.
    """
    require(caller, Action.MANAGE_KEYS)
    if new.role not in grantable(caller.role):
        raise RoleNotGrantable(role=new.role)
    user_id = new_id()
    await store.add_member(db, user_id, new.name, "service", new.role)
    return await _make_key_for(db, caller, user_id, new, key_id)


async def make_owner_key(db: Transaction, owner: Caller, name: str, *, test: bool) -> MadeKey:
    """Another key for the owner's own user, from the operator's command line."""
    require(owner, Action.MANAGE_KEYS)
    return await _make_key_for(db, owner, owner.user_id, NewKey(name=name, role=owner.role, test=test))


async def add_simulated_annotator(db: Transaction, caller: Caller, name: str, role: Role) -> MadeKey:
    """A simulated person with a key to work through the ordinary API; the record says that it is simulated."""
    require(caller, Action.MANAGE_KEYS)
    if role not in grantable(caller.role):
        raise RoleNotGrantable(role=role)
    user_id = new_id()
    await store.add_member(db, user_id, name, "simulated", role)
    return await _make_key_for(db, caller, user_id, NewKey(name=name, role=role))


async def list_keys(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Key]:
    """The tenant's keys, newest first; secrets are not among them, they are stored nowhere."""
    require(caller, Action.MANAGE_KEYS)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.keys(db, before, limit + 1), limit, lambda key: (key.id,))


async def revoke_key(db: Transaction, caller: Caller, key_id: UUID) -> None:
    """A revoked key is refused from now on.

    Raises:
        KeyNotFound: no such key in the caller's tenant.
    """
    require(caller, Action.MANAGE_KEYS)
    if not await store.revoke_key(db, key_id):
        raise KeyNotFound(key_id=key_id)
    await audit.record(db, caller, "key.revoked", key_id)


async def list_members(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Member]:
    """Who belongs to the tenant."""
    require(caller, Action.SEE_PEOPLE)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.members(db, before, limit + 1), limit, lambda member: (member.user_id,))


async def operator(database: Database) -> Caller | None:
    """The first tenant's owner, for commands run by whoever owns the data folder."""
    async with database.transaction(None) as db:
        tenant_id = await store.only_tenant(db)
    if tenant_id is None:
        return None
    async with database.transaction(tenant_id) as db:
        owner = await store.owner_of(db)
    return Caller(tenant_id=tenant_id, user_id=owner, role=Role.OWNER) if owner else None


async def _make_key_for(
    db: Transaction, caller: Caller, user_id: UUID, new: NewKey, key_id: UUID | None = None
) -> MadeKey:
    key_id, secret = await _store_key(db, user_id, new.name, test=new.test, key_id=key_id)
    await audit.record(db, caller, "key.created", key_id, name=new.name, role=new.role, test=new.test)
    return MadeKey(
        id=key_id,
        user_id=user_id,
        name=new.name,
        role=new.role,
        prefix=_shown(secret),
        test=new.test,
        created_at=utc_now(),
        last_used_at=None,
        revoked_at=None,
        key=secret.text,
    )


async def _store_key(
    db: Transaction, user_id: UUID, name: str, *, test: bool, key_id: UUID | None = None
) -> tuple[UUID, Secret]:
    assert db.tenant_id is not None
    secret, key_id = make_secret(db.tenant_id, "test" if test else "karat"), key_id or new_id()
    await store.add_key(db, key_id, user_id, name, _shown(secret), secret.sha256, test)
    return key_id, secret


def _shown(secret: Secret) -> str:
    """Enough of a key to recognise it by, too little to use it."""
    return f"{secret.prefix}_…{secret.secret[-4:]}"

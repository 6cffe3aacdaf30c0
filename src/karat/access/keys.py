"""Use cases of API keys: for programs, with a user of their own, and for oneself, never above one's own role."""

from datetime import datetime
from uuid import UUID

from karat import audit
from karat.access import store
from karat.access.errors import KeyExpiryPast, KeyNotFound, KeyOutlivesMaker, RoleNotGrantable
from karat.access.secrets import Secret, make_secret
from karat.access.types import Key, MadeKey, NewKey, NewOwnKey
from karat.database import Transaction
from karat.errors import Fault
from karat.kit import Action, Caller, Page, Role, decode_cursor, grantable, make_page, new_id, require, utc_now


async def make_key(db: Transaction, caller: Caller, new: NewKey, key_id: UUID | None = None) -> MadeKey:
    """An API key with a service user of its own, for a program.

    Raises:
        RoleNotGrantable: the role is above what the caller may give.
        KeyExpiryPast: it would have expired already.
        KeyOutlivesMaker: it would live longer than the key that it is made with.
    """
    require(caller, Action.MANAGE_KEYS)
    if new.role not in grantable(caller.role):
        raise RoleNotGrantable(role=new.role)
    user_id = new_id()
    await store.add_member(db, user_id, new.name, "service", new.role)
    return await _make_for(db, caller, user_id, new, key_id)


async def make_own_key(db: Transaction, caller: Caller, new: NewOwnKey, key_id: UUID | None = None) -> MadeKey:
    """An API key that acts as the caller: it has the caller's role, as that is at each use, narrowed by its scope.

    Raises:
        KeyExpiryPast: it would have expired already.
        KeyOutlivesMaker: it would live longer than the key that it is made with.
    """
    require(caller, Action.MANAGE_OWN_KEYS)
    return await _make_for(db, caller, caller.user_id, new, key_id)


async def make_owner_key(db: Transaction, owner: Caller, name: str, *, test: bool) -> MadeKey:
    """Another key for the owner's own user, from the operator's command line."""
    require(owner, Action.MANAGE_KEYS)
    return await _make_for(db, owner, owner.user_id, NewOwnKey(name=name, test=test))


async def add_simulated_annotator(db: Transaction, caller: Caller, name: str, role: Role) -> MadeKey:
    """A simulated person with a key to work through the ordinary API; the record says that it is simulated."""
    require(caller, Action.MANAGE_KEYS)
    if role not in grantable(caller.role):
        raise RoleNotGrantable(role=role)
    user_id = new_id()
    await store.add_member(db, user_id, name, "simulated", role)
    return await _make_for(db, caller, user_id, NewKey(name=name, role=role))


async def list_keys(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Key]:
    """The tenant's keys, newest first; secrets are not among them, they are stored nowhere."""
    require(caller, Action.MANAGE_KEYS)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.keys(db, before, limit + 1), limit, lambda key: (key.id,))


async def list_own_keys(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Key]:
    """The caller's own keys, newest first."""
    require(caller, Action.SEE_SELF)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.keys(db, before, limit + 1, caller.user_id), limit, lambda key: (key.id,))


async def revoke_key(db: Transaction, caller: Caller, key_id: UUID) -> None:
    """A revoked key is refused from now on.

    Raises:
        KeyNotFound: no such key in the caller's tenant.
        RoleNotGrantable: it is of somebody whose role is not below the caller's.
    """
    require(caller, Action.MANAGE_KEYS)
    if not (key := await store.find_key(db, key_id)):
        raise KeyNotFound(key_id=key_id)
    if key.user_id != caller.user_id and key.role not in grantable(caller.role):
        raise RoleNotGrantable(role=key.role)
    await _revoke(db, caller, key_id)


async def revoke_own_key(db: Transaction, caller: Caller, key_id: UUID) -> None:
    """Revoke one of the caller's own keys.

    Raises:
        KeyNotFound: the caller has no such key.
    """
    require(caller, Action.MANAGE_OWN_KEYS)
    key = await store.find_key(db, key_id)
    if key is None or key.user_id != caller.user_id:
        raise KeyNotFound(key_id=key_id)
    await _revoke(db, caller, key_id)


async def store_key(
    db: Transaction,
    user_id: UUID,
    name: str,
    *,
    test: bool,
    key_id: UUID | None = None,
    scope: str = "full",
    expires_at: datetime | None = None,
) -> tuple[UUID, Secret]:
    """A new key's id and the secret itself, of which the database gets the hash only."""
    assert db.tenant_id is not None
    secret, key_id = make_secret(db.tenant_id, "test" if test else "karat"), key_id or new_id()
    await store.add_key(db, key_id, user_id, name, _shown(secret), secret.sha256, test, scope, expires_at)
    return key_id, secret


async def _make_for(
    db: Transaction, caller: Caller, user_id: UUID, new: NewKey | NewOwnKey, key_id: UUID | None = None
) -> MadeKey:
    if new.expires_at is not None and (new.expires_at.tzinfo is None or new.expires_at <= utc_now()):
        message = "The moment has passed, or says no time zone."
        fault = Fault(code=KeyExpiryPast.code, message=message, where="expires_at", hint="Name a later one, in UTC.")
        raise KeyExpiryPast(faults=[fault])
    if caller.until is not None and (new.expires_at is None or new.expires_at > caller.until):
        hint = "Name this moment or an earlier one, or make the key signed in in the browser."
        message = f"The key that this request came with ends at {caller.until.isoformat()}."
        raise KeyOutlivesMaker(
            faults=[Fault(code=KeyOutlivesMaker.code, message=message, where="expires_at", hint=hint)]
        )
    key_id, secret = await store_key(
        db, user_id, new.name, test=new.test, key_id=key_id, scope=new.scope, expires_at=new.expires_at
    )
    made = await store.find_key(db, key_id)
    assert made is not None
    about = {"name": new.name, "role": made.role, "test": new.test, "scope": new.scope, "personal": made.personal}
    until = {} if new.expires_at is None else {"expires_at": new.expires_at.isoformat()}
    await audit.record(db, caller, "key.created", key_id, **about, **until)
    return MadeKey(**made.model_dump(), key=secret.text)


async def _revoke(db: Transaction, caller: Caller, key_id: UUID) -> None:
    await store.revoke_key(db, key_id)
    await audit.record(db, caller, "key.revoked", key_id)


def _shown(secret: Secret) -> str:
    """Enough of a key to recognise it by, too little to use it."""
    return f"{secret.prefix}_…{secret.secret[-4:]}"

"""Use cases of connections: who leads the work connects buckets, tries them, and takes them away again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from karat import audit
from karat.database import Database, Transaction
from karat.errors import Fault
from karat.kit import Action, Caller, Page, decode_cursor, make_page, new_id, require, utc_now
from karat.storage import store
from karat.storage.bucket_stores import check_connection, endpoint_of, hint_of
from karat.storage.buckets import Buckets
from karat.storage.connection_types import BucketSecret, Connection, ConnectionChange, ConnectionTest, NewConnection
from karat.storage.errors import ConnectionInUse, ConnectionInvalid, ConnectionNameTaken, ConnectionNotFound
from karat.storage.probe import probe
from karat.storage.sealing import seal

# What decides who gets to see the secret, or something made with it.
ADDRESSES = {"endpoint"}


async def create_connection(
    db: Transaction, caller: Caller, buckets: Buckets, new: NewConnection, connection_id: UUID | None = None
) -> Connection:
    """Connect a bucket; whether it answers, `test_connection` says.

    Raises:
        ConnectionInvalid: its kind of bucket wants something else.
        OutboundRefused: this server does not go to the endpoint.
        ConnectionNameTaken: another one has the name.
    """
    require(caller, Action.MANAGE_WORK)
    check_connection(new, new.secret)
    buckets.guard.judge(endpoint_of(new))
    connection_id = connection_id or new_id()
    values = new.model_dump() | _sealed(buckets, caller, connection_id, new.secret)
    if not await store.add_connection(db, connection_id, values):
        raise ConnectionNameTaken(name=new.name)
    await audit.record(db, caller, "connection.created", connection_id, name=new.name, bucket=new.bucket)
    return await get_connection(db, caller, connection_id)


async def get_connection(db: Transaction, caller: Caller, connection_id: UUID) -> Connection:
    """One connection, without its secret.

    Raises:
        ConnectionNotFound: no such connection in the caller's tenant.
    """
    require(caller, Action.MANAGE_WORK)
    if not (found := await store.find_connection(db, connection_id)):
        raise ConnectionNotFound(connection_id=connection_id)
    return found


async def list_connections(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Connection]:
    """The tenant's connections, newest first."""
    require(caller, Action.MANAGE_WORK)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.connections(db, before, limit + 1), limit, lambda found: (found.id,))


async def change_connection(
    db: Transaction, caller: Caller, buckets: Buckets, connection_id: UUID, change: ConnectionChange
) -> Connection:
    """Change what is given; a new endpoint wants the secret again.

    Otherwise somebody who does not know the secret could have it sent to a server of their own.

    Raises:
        ConnectionInvalid, OutboundRefused, ConnectionNameTaken, ConnectionNotFound: as `create_connection`.
    """
    wanted = await _changed(db, caller, buckets, connection_id, change)
    given = wanted.given
    if wanted.is_resealed:
        given |= _sealed(buckets, caller, connection_id, wanted.new_secret)
    changed = wanted.connection
    if await store.is_name_taken(db, changed.name, connection_id):
        raise ConnectionNameTaken(name=changed.name)
    if given:
        await store.change_connection(db, connection_id, given)
        told = sorted(name for name in given if name != "secret_hint")
        await audit.record(db, caller, "connection.changed", connection_id, fields=told)
    return await get_connection(db, caller, connection_id)


async def delete_connection(db: Transaction, caller: Caller, connection_id: UUID) -> None:
    """Forget a connection and its secret. The bucket itself is not touched.

    Raises:
        ConnectionInUse: assets lie in the bucket and nowhere else.
    """
    found = await get_connection(db, caller, connection_id)
    if found.n_references:
        raise ConnectionInUse(connection_id=connection_id, n_references=found.n_references)
    await store.delete_connection(db, connection_id)
    await audit.record(db, caller, "connection.deleted", connection_id, name=found.name, bucket=found.bucket)


async def try_connection(
    database: Database,
    caller: Caller,
    buckets: Buckets,
    connection_id: UUID,
    key: str | None = None,
    change: ConnectionChange | None = None,
) -> ConnectionTest:
    """Ask the bucket, and note what came of it. Opens its own transactions: none waits for the bucket.

    Args:
        change: try the connection as it would be with this; neither the change nor what came of it is kept.

    Raises:
        ConnectionInvalid, OutboundRefused, ConnectionNotFound: as `change_connection`.
    """
    async with database.transaction(caller.tenant_id) as db:
        wanted = await _changed(db, caller, buckets, connection_id, change or ConnectionChange())
    test = await probe(buckets, wanted.connection, wanted.secret, key)
    if change is not None:
        return test
    async with database.transaction(caller.tenant_id) as db:
        await store.note_test(db, connection_id, utc_now(), test)
    return test


async def try_new_connection(
    caller: Caller, buckets: Buckets, new: NewConnection, key: str | None = None
) -> ConnectionTest:
    """Ask a bucket before it is connected; nothing is stored.

    Raises:
        ConnectionInvalid: its kind of bucket wants something else.
    """
    require(caller, Action.MANAGE_WORK)
    check_connection(new, new.secret)
    values = new.model_dump(exclude={"secret"})
    connection = Connection(
        **values, id=new_id(), secret_hint=None, n_references=0, tested_at=None, test=None, created_at=utc_now()
    )
    return await probe(buckets, connection, new.secret or BucketSecret(), key)


@dataclass(frozen=True, slots=True)
class _Changed:
    """A connection as it would be.

    Attributes:
        given: the columns that change, without the secret's.
        secret: what it would show its bucket; `new_secret` where that is another than before, or none any more.
    """

    connection: Connection
    given: dict[str, Any]
    secret: BucketSecret
    new_secret: BucketSecret | None
    is_resealed: bool


async def _changed(
    db: Transaction, caller: Caller, buckets: Buckets, connection_id: UUID, change: ConnectionChange
) -> _Changed:
    """The change, if the connection can be like that."""
    found = await get_connection(db, caller, connection_id)
    given = {name: getattr(change, name) for name in change.model_fields_set if name != "secret"}
    given = {name: value for name, value in given.items() if value is not None or name in {"region", "endpoint"}}
    changed = found.model_copy(update=given)
    sealed = await store.find_sealed(db, connection_id)
    assert sealed is not None
    new = None if changed.anonymous else change.secret
    if any(given.get(name, getattr(found, name)) != getattr(found, name) for name in ADDRESSES):
        if sealed.secret is not None and new is None and not changed.anonymous:
            raise _secret_wanted()
        buckets.guard.judge(endpoint_of(changed))
    is_resealed = new is not None or changed.anonymous
    if is_resealed:
        check_connection(changed, change.secret)
        return _Changed(changed, given, new or BucketSecret(), new, is_resealed)
    secret = buckets.secret(caller.tenant_id, connection_id, sealed.secret)
    check_connection(changed, secret)
    return _Changed(changed, given, secret, None, is_resealed)


def _sealed(buckets: Buckets, caller: Caller, connection_id: UUID, secret: BucketSecret | None) -> dict[str, object]:
    if secret is None:
        return {"secret": None, "secret_hint": None}
    plain = secret.model_dump_json(exclude_none=True).encode()
    return {"secret": seal(buckets.key, caller.tenant_id, connection_id, plain), "secret_hint": hint_of(secret)}


def _secret_wanted() -> ConnectionInvalid:
    hint = "Enter the credentials together with the new endpoint."
    message = "At another endpoint the stored credentials are not shown."
    return ConnectionInvalid(
        faults=[Fault(code="connection.secret_wanted", message=message, where="secret", hint=hint)]
    )

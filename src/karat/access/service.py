"""Use cases of an installation: its first owner, and the operator who owns the data folder."""

from datetime import timedelta

from karat import audit
from karat.access import store
from karat.access.keys import store_key
from karat.access.secrets import make_secret
from karat.access.types import FirstOwner, Tenant, User
from karat.database import Database, Transaction
from karat.kit import Caller, Role, new_id, utc_now

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
        key = await store_key(db, user.id, "owner key of the first start", test=False)
        code = await make_sign_in_code(db, owner)
        await audit.record(db, owner, "tenant.created", tenant.id, name=tenant.name)
    return FirstOwner(tenant=tenant, user=user, key=key[1].text, sign_in_code=code)


async def make_sign_in_code(db: Transaction, caller: Caller) -> str:
    """A code for a link that signs the caller in once, within half an hour."""
    code = make_secret(caller.tenant_id)
    await store.add_code(db, new_id(), caller.user_id, code.sha256, utc_now() + CODE_LIFE)
    await audit.record(db, caller, "sign_in_code.created", caller.user_id)
    return code.text


async def operator(database: Database) -> Caller | None:
    """The first tenant's owner, for commands run by whoever owns the data folder."""
    async with database.transaction(None) as db:
        tenant_id = await store.only_tenant(db)
    if tenant_id is None:
        return None
    async with database.transaction(tenant_id) as db:
        owner = await store.owner_of(db)
    return Caller(tenant_id=tenant_id, user_id=owner, role=Role.OWNER) if owner else None

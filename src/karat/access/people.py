"""Use cases of members and groups: who is who, and who may change whom.

The rule of change: somebody may change those whose role they could give, to a role that they could give, and nobody their
own role. So no chain of changes ends above where it began, and a last owner cannot go.
"""

from collections.abc import Collection
from uuid import UUID

import asyncpg

from karat import audit, jobs
from karat.access import people_store, store
from karat.access.errors import (
    EmailTaken,
    GroupNameTaken,
    GroupNotFound,
    LastOwner,
    MemberAbove,
    MemberNotFound,
    OwnRole,
    RoleNotGrantable,
)
from karat.access.people_types import Group, MemberChange, NewGroup, TenantChange, TenantSettings
from karat.access.types import Member
from karat.database import Transaction
from karat.errors import KaratError
from karat.kit import Action, Caller, Page, Role, decode_cursor, grantable, make_page, require


def refusal(caller: Caller, target: Member, change: MemberChange, owners: Collection[UUID]) -> KaratError | None:
    """Why the caller may not make this change; None when it may.

    Args:
        owners: the active owners as of now.
    """
    changes_role = change.role is not None and change.role is not target.role
    changes_activity = change.active is not None and change.active != target.active
    if target.user_id == caller.user_id:
        return OwnRole() if changes_role or changes_activity else None
    if target.role not in grantable(caller.role):
        return MemberAbove(role=target.role)
    if changes_role and change.role not in grantable(caller.role):
        return RoleNotGrantable(role=change.role)
    loses_owner = target.role is Role.OWNER and (changes_role or change.active is False)
    if loses_owner and not set(owners) - {target.user_id}:
        return LastOwner()
    return None


async def list_members(
    db: Transaction, caller: Caller, cursor: str | None, limit: int, group_id: UUID | None = None
) -> Page[Member]:
    """Who belongs to the tenant, or to one of its groups."""
    require(caller, Action.SEE_PEOPLE)
    (before,) = decode_cursor(cursor, UUID)
    rows = await people_store.members(db, before, limit + 1, group_id)
    return make_page(rows, limit, lambda member: (member.user_id,))


async def get_member(db: Transaction, caller: Caller, user_id: UUID) -> Member:
    """One member.

    Raises:
        MemberNotFound: no such member in the caller's tenant.
    """
    require(caller, Action.SEE_PEOPLE)
    if not (member := await people_store.find_member(db, user_id)):
        raise MemberNotFound(user_id=user_id)
    return member


async def governed(db: Transaction, caller: Caller, user_id: UUID) -> Member:
    """A member whom the caller is above; oneself is not.

    Raises:
        MemberNotFound: no such member in the caller's tenant.
        MemberAbove: the role is not below the caller's.
        OwnRole: it is the caller.
    """
    require(caller, Action.MANAGE_PEOPLE)
    member = await get_member(db, caller, user_id)
    if member.user_id == caller.user_id:
        raise OwnRole
    if member.role not in grantable(caller.role):
        raise MemberAbove(role=member.role)
    return member


async def change_member(db: Transaction, caller: Caller, user_id: UUID, change: MemberChange) -> Member:
    """Change name, address, role, groups or activity. Who is deactivated, or gets another role, is signed out at once;
    who is deactivated also loses their keys. What they hold goes back to the others when `tasks` hears of it.

    Raises:
        MemberNotFound: no such member in the caller's tenant.
        OwnRole, MemberAbove, RoleNotGrantable, LastOwner: see `refusal`.
        EmailTaken: somebody else has the address.
        GroupNotFound: one of the groups is not there.
    """
    require(caller, Action.MANAGE_PEOPLE)
    owners = await people_store.lock_owners(db)
    before = await get_member(db, caller, user_id)
    if error := refusal(caller, before, change, owners):
        raise error
    if change.name is not None:
        await people_store.set_name(db, user_id, change.name)
    if change.email is not None:
        await set_email(db, user_id, change.email)
    if change.group_ids is not None:
        await require_groups(db, change.group_ids)
        await people_store.set_groups(db, user_id, change.group_ids)
    await people_store.change_member(db, user_id, change.role, change.active)
    after = await get_member(db, caller, user_id)
    await _record_change(db, caller, before, after)
    if (after.role, after.active) != (before.role, before.active):
        await store.end_sessions(db, user_id)
        if not after.active:
            await store.revoke_keys_of(db, user_id)
        await jobs.publish(db, "access.member_changed", user_id=user_id)
    return await get_member(db, caller, user_id)


async def end_sessions_of(db: Transaction, caller: Caller, user_id: UUID) -> None:
    """Sign somebody out everywhere.

    Raises:
        MemberNotFound, MemberAbove, OwnRole.
    """
    member = await governed(db, caller, user_id)
    n = await store.end_sessions(db, member.user_id)
    await audit.record(db, caller, "session.ended_everywhere", user_id, n=n)


async def set_email(db: Transaction, user_id: UUID, email: str) -> None:
    """Give a member an address to sign in with.

    Raises:
        EmailTaken: another member has it.
    """
    if await people_store.find_by_email(db, email) not in {None, user_id}:
        raise EmailTaken(email=email)
    try:
        await people_store.set_email(db, user_id, email)
    except asyncpg.UniqueViolationError as error:  # somebody was faster
        raise EmailTaken(email=email) from error


async def require_groups(db: Transaction, group_ids: Collection[UUID]) -> None:
    """Go on only if all of them are there.

    Raises:
        GroupNotFound: the first that is not.
    """
    if missing := await people_store.missing_groups(db, list(group_ids)):
        raise GroupNotFound(group_id=missing[0])


async def list_groups(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Group]:
    """The groups, newest first."""
    require(caller, Action.SEE_PEOPLE)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await people_store.groups(db, before, limit + 1), limit, lambda group: (group.id,))


async def make_group(
    db: Transaction, caller: Caller, new: NewGroup, group_id: UUID, *, repeated: bool = False
) -> Group:
    """A group without members.

    Args:
        repeated: the request made it before; it is given back as it is.

    Raises:
        GroupNameTaken: by another one; small and capital letters are the same.
    """
    require(caller, Action.MANAGE_PEOPLE)
    if repeated:
        return await _group(db, group_id)
    if not await people_store.name_group(db, group_id, new.name):
        raise GroupNameTaken(name=new.name)
    await audit.record(db, caller, "group.created", group_id, name=new.name)
    return await _group(db, group_id)


async def rename_group(db: Transaction, caller: Caller, group_id: UUID, change: NewGroup) -> Group:
    """Give a group another name.

    Raises:
        GroupNotFound, GroupNameTaken.
    """
    require(caller, Action.MANAGE_PEOPLE)
    before = await _group(db, group_id)
    if not await people_store.name_group(db, group_id, change.name):
        raise GroupNameTaken(name=change.name)
    await audit.record(db, caller, "group.renamed", group_id, before=before.name, after=change.name)
    return await _group(db, group_id)


async def delete_group(db: Transaction, caller: Caller, group_id: UUID) -> None:
    """Delete a group; its members stay members of the organisation.

    Raises:
        GroupNotFound: no such group in the caller's tenant.
    """
    require(caller, Action.MANAGE_PEOPLE)
    group = await _group(db, group_id)
    await people_store.remove_group(db, group_id)
    await audit.record(db, caller, "group.deleted", group_id, name=group.name)


async def list_group_members(
    db: Transaction, caller: Caller, group_id: UUID, cursor: str | None, limit: int
) -> Page[Member]:
    """Who is in the group.

    Raises:
        GroupNotFound: no such group in the caller's tenant.
    """
    require(caller, Action.SEE_PEOPLE)
    await _group(db, group_id)
    return await list_members(db, caller, cursor, limit, group_id)


async def join_group(db: Transaction, caller: Caller, group_id: UUID, user_id: UUID) -> None:
    """Put a member into a group; one that is in it already stays.

    Raises:
        GroupNotFound, MemberNotFound.
    """
    require(caller, Action.MANAGE_PEOPLE)
    await _group(db, group_id)
    await get_member(db, caller, user_id)
    if await people_store.join_group(db, group_id, user_id):
        await audit.record(db, caller, "group.joined", group_id, user_id=str(user_id))


async def leave_group(db: Transaction, caller: Caller, group_id: UUID, user_id: UUID) -> None:
    """Take a member out of a group.

    Raises:
        GroupNotFound, MemberNotFound.
    """
    require(caller, Action.MANAGE_PEOPLE)
    await _group(db, group_id)
    await get_member(db, caller, user_id)
    if await people_store.leave_group(db, group_id, user_id):
        await audit.record(db, caller, "group.left", group_id, user_id=str(user_id))


async def tenant_settings(db: Transaction, caller: Caller) -> TenantSettings:
    """The organisation and its rules of signing in."""
    require(caller, Action.SEE_PEOPLE)
    return await people_store.tenant_settings(db)


async def change_tenant(db: Transaction, caller: Caller, change: TenantChange) -> TenantSettings:
    """Change the organisation's name or rules. A second factor that is required from now on is required at once: who has
    none can only set one up.
    """
    require(caller, Action.MANAGE_TENANT)
    await people_store.change_tenant(db, change.name, change.second_factor_required)
    about = change.model_dump(exclude_none=True)
    await audit.record(db, caller, "tenant.changed", caller.tenant_id, **about)
    return await people_store.tenant_settings(db)


async def _group(db: Transaction, group_id: UUID) -> Group:
    found = await people_store.groups(db, None, 1, group_id)
    if not found:
        raise GroupNotFound(group_id=group_id)
    return found[0]


async def _record_change(db: Transaction, caller: Caller, before: Member, after: Member) -> None:
    """What was changed, from what to what: one entry, none when all stayed."""
    was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
    changed = {
        name: {"before": was[name], "after": now[name]}
        for name in ("name", "email", "role", "active", "groups")
        if was[name] != now[name]
    }
    if changed:
        await audit.record(db, caller, "member.changed", after.user_id, **changed)

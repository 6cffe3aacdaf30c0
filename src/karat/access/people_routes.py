"""HTTP doors of members, groups, invitations and the organisation."""

from uuid import UUID

from fastapi import APIRouter, Request

from karat.access import cookies, invitations, people, resets
from karat.access.doors import CreateOnce, Db, SignedIn
from karat.access.errors import LinkShownOnce
from karat.access.people_types import (
    Group,
    Invitation,
    MadeInvitation,
    MemberChange,
    NewGroup,
    NewInvitation,
    NewResetLink,
    Renewal,
    ResetLink,
    TenantChange,
    TenantSettings,
)
from karat.access.types import Member
from karat.kit import Cursor, Limit, Page, utc_now

router = APIRouter(prefix="/api", tags=["people"])


@router.get("/members")
async def list_members(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Member]:
    """Who belongs to the tenant."""
    return await people.list_members(db, caller, cursor, limit)


@router.get("/members/{user_id}")
async def get_member(user_id: UUID, db: Db, caller: SignedIn) -> Member:
    """One member."""
    return await people.get_member(db, caller, user_id)


@router.patch("/members/{user_id}")
async def change_member(user_id: UUID, body: MemberChange, db: Db, caller: SignedIn) -> Member:
    """Change name, address, role, groups, or whether somebody is active."""
    return await people.change_member(db, caller, user_id, body)


@router.delete("/members/{user_id}/sessions", status_code=204)
async def end_sessions(user_id: UUID, db: Db, caller: SignedIn) -> None:
    """Sign a member out everywhere."""
    await people.end_sessions_of(db, caller, user_id)


@router.post("/members/{user_id}/reset-link", status_code=201)
async def make_reset_link(request: Request, user_id: UUID, body: NewResetLink, db: Db, caller: SignedIn) -> ResetLink:
    """A link that lets a member set a new password, once, within a day; hand it over yourself."""
    return await resets.reset_link_for(db, caller, user_id, body, cookies.base_url(request))


@router.get("/invitations")
async def list_invitations(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Invitation]:
    """The invitations, without their links, and what has become of each."""
    return await invitations.list_invitations(db, caller, cursor, limit, utc_now())


@router.post("/invitations", status_code=201)
async def invite(request: Request, body: NewInvitation, db: Db, caller: SignedIn, once: CreateOnce) -> MadeInvitation:
    """Invite somebody; the link is shown in this answer and never again: hand it over yourself."""
    if once.repeated:
        raise LinkShownOnce(invitation_id=once.id)
    return await invitations.invite(db, caller, body, once.id, utc_now(), cookies.base_url(request))


@router.post("/invitations/{invitation_id}/link")
async def reissue_invitation(
    request: Request, invitation_id: UUID, body: Renewal, db: Db, caller: SignedIn
) -> MadeInvitation:
    """A new link for an invitation; the old one is void."""
    url = cookies.base_url(request)
    return await invitations.reissue(db, caller, invitation_id, body, utc_now(), url)


@router.delete("/invitations/{invitation_id}", status_code=204)
async def revoke_invitation(invitation_id: UUID, db: Db, caller: SignedIn) -> None:
    """Take an invitation back."""
    await invitations.revoke(db, caller, invitation_id, utc_now())


@router.get("/groups")
async def list_groups(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Group]:
    """The groups."""
    return await people.list_groups(db, caller, cursor, limit)


@router.post("/groups", status_code=201)
async def make_group(body: NewGroup, db: Db, caller: SignedIn, once: CreateOnce) -> Group:
    """Make a group."""
    return await people.make_group(db, caller, body, once.id, repeated=once.repeated)


@router.patch("/groups/{group_id}")
async def rename_group(group_id: UUID, body: NewGroup, db: Db, caller: SignedIn) -> Group:
    """Give a group another name."""
    return await people.rename_group(db, caller, group_id, body)


@router.delete("/groups/{group_id}", status_code=204)
async def delete_group(group_id: UUID, db: Db, caller: SignedIn) -> None:
    """Delete a group; its members stay."""
    await people.delete_group(db, caller, group_id)


@router.get("/groups/{group_id}/members")
async def list_group_members(
    group_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[Member]:
    """Who is in a group."""
    return await people.list_group_members(db, caller, group_id, cursor, limit)


@router.put("/groups/{group_id}/members/{user_id}", status_code=204)
async def join_group(group_id: UUID, user_id: UUID, db: Db, caller: SignedIn) -> None:
    """Put a member into a group."""
    await people.join_group(db, caller, group_id, user_id)


@router.delete("/groups/{group_id}/members/{user_id}", status_code=204)
async def leave_group(group_id: UUID, user_id: UUID, db: Db, caller: SignedIn) -> None:
    """Take a member out of a group."""
    await people.leave_group(db, caller, group_id, user_id)


@router.get("/tenant")
async def read_tenant(db: Db, caller: SignedIn) -> TenantSettings:
    """The organisation and its rules of signing in."""
    return await people.tenant_settings(db, caller)


@router.patch("/tenant")
async def change_tenant(body: TenantChange, db: Db, caller: SignedIn) -> TenantSettings:
    """Change the organisation's name, or whether everybody needs a second factor."""
    return await people.change_tenant(db, caller, body)

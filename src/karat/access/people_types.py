"""Members, groups, invitations and reset links, as the API speaks of them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.access.types import Email, GroupName, PersonName
from karat.kit import Record, Role


class MemberChange(Record):
    """What to change of a member; what is left out stays."""

    name: PersonName | None = None
    email: Email | None = None
    role: Role | None = None
    active: bool | None = None
    group_ids: list[UUID] | None = Field(default=None, max_length=100)


class Group(Record):
    """People who are meant together, as for giving them work."""

    id: UUID
    name: str
    n_members: int
    created_at: datetime


class NewGroup(Record):
    """A group to make, or the new name of one."""

    name: PersonName


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


class NewInvitation(Record):
    """Whom to invite, and as what."""

    name: PersonName
    email: Email
    role: Role = Role.ANNOTATOR
    group_ids: list[UUID] = Field(default=[], max_length=100)
    days: int = Field(default=7, ge=1, le=60)


class Invitation(Record):
    """An invitation without its link."""

    id: UUID
    name: str
    email: str
    role: Role
    groups: list[GroupName]
    state: InvitationState
    invited_by: UUID
    invited_by_name: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


class MadeInvitation(Invitation):
    """An invitation with its link, which is shown this once: hand it to the person yourself."""

    code: str
    link: str


class Renewal(Record):
    """For how long the new link of an invitation is good."""

    days: int = Field(default=7, ge=1, le=60)


class LinkCode(Record):
    """The code of a link, from behind its `#`."""

    code: str = Field(max_length=200)


class OpenInvitation(Record):
    """What somebody who holds the link of an invitation sees before accepting."""

    tenant_name: str
    tenant_slug: str
    name: str
    email: str
    role: Role
    invited_by_name: str
    expires_at: datetime
    passkeys: bool


class NewResetLink(Record):
    """Whether the link also takes away second factor and passkeys, for somebody who has lost their device."""

    second_factor: bool = False


class ResetLink(Record):
    """A link that lets a member set a new password, once; it is shown in this answer only."""

    user_id: UUID
    name: str
    email: str | None
    second_factor: bool
    code: str
    link: str
    expires_at: datetime


class OpenReset(Record):
    """What somebody who holds a reset link sees before using it."""

    tenant_name: str
    tenant_slug: str
    name: str
    email: str | None
    second_factor: bool
    expires_at: datetime


class Reset(Record):
    """The new password of who holds a reset link."""

    code: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class TenantSettings(Record):
    """The organisation and its rules of signing in."""

    name: str
    slug: str
    second_factor_required: bool


class TenantChange(Record):
    """What to change of the organisation; what is left out stays."""

    name: PersonName | None = None
    second_factor_required: bool | None = None

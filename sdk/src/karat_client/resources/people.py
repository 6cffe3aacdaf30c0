"""Who belongs to the organisation: members, invitations, groups, and its rules of signing in."""

from collections.abc import Sequence
from uuid import UUID

from karat_client.listing import Listing
from karat_client.records import (
    Group,
    Invitation,
    MadeInvitation,
    Member,
    ResetLink,
    Role,
    TenantSettings,
)
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.wire import given

Who = Member | UUID | str
"""A member, or their id."""


class Members(Resource):
    """Who belongs to the organisation."""

    def list(self) -> Listing[Member]:
        """All members: people, programs, simulated people."""
        return self._listing("GET", "/api/members", Member)

    def get(self, member: Who) -> Member:
        """One member."""
        return self._call("GET", "/api/members/{user_id}", Member, user_id=_user(member))

    def change(
        self,
        member: Who,
        *,
        name: str | None = None,
        email: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
        groups: Sequence[Ref] | None = None,
    ) -> Member:
        """Change what is given, with effect at once. A new role signs the member out; who is not active loses their keys.

        Args:
            groups: all that the member shall be in.

        Raises:
            NotAllowed: the member, or the role, is not below yours.
            Conflict: the address is taken, or nobody would be owner any more.
        """
        ids = None if groups is None else [id_of(one) for one in groups]
        body = given(name=name, email=email, role=role, active=active, group_ids=ids)
        return self._call("PATCH", "/api/members/{user_id}", Member, body=body, user_id=_user(member))

    def sign_out(self, member: Who) -> None:
        """End all sessions of a member."""
        self._call("DELETE", "/api/members/{user_id}/sessions", type(None), user_id=_user(member))

    def reset_link(self, member: Who, *, second_factor: bool = False) -> ResetLink:
        """A link that sets a new password, once, within a day. It is shown in this answer only: hand it over yourself.

        Args:
            second_factor: also take authenticator app and passkeys away, for a lost device.
        """
        body = {"second_factor": second_factor}
        return self._call("POST", "/api/members/{user_id}/reset-link", ResetLink, body=body, user_id=_user(member))


class Invitations(Resource):
    """Links that make somebody a member, once."""

    def list(self) -> Listing[Invitation]:
        """All invitations, newest first, and what has become of each; without their links."""
        return self._listing("GET", "/api/invitations", Invitation)

    def create(
        self, name: str, email: str, *, role: Role = "annotator", groups: Sequence[Ref] = (), days: int = 7
    ) -> MadeInvitation:
        """Invite somebody. The `link` is in this answer and never shown again: hand it over yourself.

        If the answer is lost on its way, the second try says so (`invitation.shown_once`): then `renew` it.

        Args:
            groups: that the person will be in.
            days: for which the link is good, up to 60.

        Raises:
            NotAllowed: you may not give that role.
            Conflict: the address is a member's, or is invited already.
        """
        ids = [id_of(one) for one in groups]
        body = given(name=name, email=email, role=role, group_ids=ids, days=days)
        return self._call("POST", "/api/invitations", MadeInvitation, body=body)

    def renew(self, invitation: Ref, *, days: int = 7) -> MadeInvitation:
        """A new link; the old one is void."""
        path = "/api/invitations/{invitation_id}/link"
        return self._call("POST", path, MadeInvitation, body={"days": days}, invitation_id=id_of(invitation))

    def revoke(self, invitation: Ref) -> None:
        """Take an invitation back."""
        self._call("DELETE", "/api/invitations/{invitation_id}", type(None), invitation_id=id_of(invitation))


class Groups(Resource):
    """People who are meant together."""

    def list(self) -> Listing[Group]:
        """All groups, newest first."""
        return self._listing("GET", "/api/groups", Group)

    def create(self, name: str) -> Group:
        """A group without members."""
        return self._call("POST", "/api/groups", Group, body={"name": name})

    def rename(self, group: Ref, name: str) -> Group:
        """Give a group another name."""
        return self._call("PATCH", "/api/groups/{group_id}", Group, body={"name": name}, group_id=id_of(group))

    def delete(self, group: Ref) -> None:
        """Delete a group; its members stay."""
        self._call("DELETE", "/api/groups/{group_id}", type(None), group_id=id_of(group))

    def members(self, group: Ref) -> Listing[Member]:
        """Who is in a group."""
        return self._listing("GET", "/api/groups/{group_id}/members", Member, group_id=id_of(group))

    def add(self, group: Ref, member: Who) -> None:
        """Put a member into a group; one that is in it already stays."""
        path = "/api/groups/{group_id}/members/{user_id}"
        self._call("PUT", path, type(None), group_id=id_of(group), user_id=_user(member))

    def remove(self, group: Ref, member: Who) -> None:
        """Take a member out of a group."""
        path = "/api/groups/{group_id}/members/{user_id}"
        self._call("DELETE", path, type(None), group_id=id_of(group), user_id=_user(member))


class Organisation(Resource):
    """The organisation that the key belongs to."""

    def get(self) -> TenantSettings:
        """Its name and its rules of signing in."""
        return self._call("GET", "/api/tenant", TenantSettings)

    def change(self, *, name: str | None = None, second_factor_required: bool | None = None) -> TenantSettings:
        """Change what is given. A second factor that is required, is required at once."""
        body = given(name=name, second_factor_required=second_factor_required)
        return self._call("PATCH", "/api/tenant", TenantSettings, body=body)


def _user(member: Who) -> str:
    return id_of(member.user_id if isinstance(member, Member) else member)

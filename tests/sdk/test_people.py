"""Members, invitations, groups, and the organisation's rules."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest

from karat_client import Client, Conflict, NotAllowed, NotFound
from karat_client.records import MadeInvitation
from tests.support.server import RunningServer

PASSWORD = "correct horse battery staple"


def accept(server: RunningServer, made: MadeInvitation) -> None:
    body = {"code": made.code, "password": PASSWORD}
    httpx.post(f"{server.url}/api/invitation/accept", json=body, timeout=60).raise_for_status()


def address() -> str:
    return f"{uuid4().hex}@example.org"


@pytest.fixture
def manager(client: Client, server: RunningServer) -> Iterator[Client]:
    made = client.keys.create("manager", role="manager")
    with Client(server.url, made.key) as one:
        yield one


def test_somebody_is_invited_grouped_promoted_signed_out_and_let_go(client: Client, server: RunningServer) -> None:
    group = client.groups.create(f"Night shift {uuid4()}")
    made = client.invitations.create("Ada", email := address(), role="annotator", groups=[group], days=2)
    assert made.link.startswith(f"{server.url}/invitation#") and made.link.endswith(made.code)
    assert made.code not in repr(made)
    again = client.invitations.renew(made)
    assert again.id == made.id and again.code != made.code
    with pytest.raises(httpx.HTTPStatusError):
        accept(server, made)
    accept(server, again)
    assert next(one for one in client.invitations.list() if one.id == made.id).state == "accepted"

    (ada,) = client.groups.members(group)
    assert (ada.name, ada.email, ada.role, ada.active) == ("Ada", email, "annotator", True)
    changed = client.members.change(ada, name="Ada L.", role="reviewer", groups=[])
    assert (changed.name, changed.role, changed.groups) == ("Ada L.", "reviewer", ())
    client.groups.add(group, ada)
    assert client.groups.rename(group, f"{group.name}, second").n_members == 1
    client.groups.remove(group, ada.user_id)
    client.groups.delete(group)
    assert group.id not in {one.id for one in client.groups.list()}
    client.members.sign_out(ada)
    link = client.members.reset_link(ada, second_factor=True)
    assert link.link.startswith(f"{server.url}/reset#") and link.code not in repr(link)
    assert not client.members.change(ada, active=False).active
    assert client.members.get(ada).active is False
    assert {"invitation.accepted", "member.changed"} <= {
        one.action for one in client.audit.list() if one.subject == str(ada.user_id)
    }


def test_an_invitation_is_taken_back_and_an_address_is_invited_once(client: Client, server: RunningServer) -> None:
    made = client.invitations.create("Bob", address())
    with pytest.raises(Conflict) as open_:
        client.invitations.create("Bob", made.email)
    assert UUID(open_.value.fields["invitation_id"]) == made.id

    client.invitations.revoke(made)

    with pytest.raises(httpx.HTTPStatusError):
        accept(server, made)
    client.invitations.revoke(client.invitations.create("Bob", made.email))


def test_nobody_gives_more_than_they_have(client: Client, manager: Client) -> None:
    with pytest.raises(NotAllowed) as refused:
        manager.invitations.create("Eve", address(), role="owner")
    assert refused.value.code == "access.role_not_grantable"
    owner = next(one for one in client.members.list() if one.role == "owner")
    with pytest.raises(NotAllowed):
        manager.members.change(owner, active=False)
    with pytest.raises(NotAllowed):
        manager.organisation.change(name="Mine")
    with pytest.raises(NotFound):
        client.members.get(uuid4())


def test_the_organisation_says_its_rules(client: Client) -> None:
    before = client.organisation.get()
    try:
        assert client.organisation.change(name="Another name").name == "Another name"
        assert client.organisation.get().second_factor_required is False
    finally:
        client.organisation.change(name=before.name)

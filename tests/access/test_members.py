"""Members: who changes whom, what is written down, and what becomes of somebody who leaves."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.access.errors import LastOwner, MemberAbove, OwnRole, RoleNotGrantable
from karat.access.people import refusal
from karat.access.people_types import MemberChange
from karat.access.types import Member
from karat.kit import Action, Caller, Role, grantable, may, new_id, utc_now
from tests.access.conftest import Browser, newcomer
from tests.support.world import Person, World

ROLES = st.sampled_from(Role)


def member(role: Role, *, active: bool = True) -> Member:
    return Member(
        user_id=new_id(), name="M", email=None, role=role, kind="person", active=active, groups=[], created_at=utc_now()
    )


@pytest.mark.requirement("SEC-1")
@given(
    start=st.lists(ROLES, min_size=1, max_size=6),
    steps=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.none() | ROLES, st.none() | st.booleans()), max_size=40
    ),
)
def test_no_chain_of_changes_raises_anybody_by_themselves_or_loses_the_last_owner(
    start: list[Role], steps: list[tuple[int, int, Role | None, bool | None]]
) -> None:
    people = [member(Role.OWNER), *(member(role) for role in start)]
    for by, to, role, active in steps:
        actor, target = people[by % len(people)], people[to % len(people)]
        if not actor.active or not may(actor.role, Action.MANAGE_PEOPLE):
            continue
        owners = {one.user_id for one in people if one.role is Role.OWNER and one.active}
        caller = Caller(tenant_id=new_id(), user_id=actor.user_id, role=actor.role)
        change = MemberChange(role=role, active=active)
        if refusal(caller, target, change, owners) is not None:
            continue
        after = target.model_copy(
            update={"role": role or target.role, "active": target.active if active is None else active}
        )
        if after != target:
            assert actor is not target
            assert target.role in grantable(actor.role) and after.role in grantable(actor.role)
            assert actor.role is Role.OWNER or after.role not in {Role.OWNER, actor.role}
        people[to % len(people)] = after
        assert any(one.role is Role.OWNER and one.active for one in people)


@given(role=ROLES, other=ROLES)
def test_nobody_changes_their_own_role_or_activity(role: Role, other: Role) -> None:
    me = member(role)
    caller = Caller(tenant_id=new_id(), user_id=me.user_id, role=role)
    owners = {me.user_id, new_id()}
    if other is not role:
        assert isinstance(refusal(caller, me, MemberChange(role=other), owners), OwnRole)
    assert isinstance(refusal(caller, me, MemberChange(active=False), owners), OwnRole)
    assert refusal(caller, me, MemberChange(name="New"), owners) is None


def test_the_last_owner_stays_even_when_two_go_for_each_other() -> None:
    one, other = member(Role.OWNER), member(Role.OWNER)
    caller = Caller(tenant_id=new_id(), user_id=one.user_id, role=Role.OWNER)
    assert refusal(caller, other, MemberChange(active=False), {one.user_id, other.user_id}) is None
    assert isinstance(refusal(caller, other, MemberChange(role=Role.ADMIN), {other.user_id}), LastOwner)


def test_the_reason_is_told() -> None:
    caller = Caller(tenant_id=new_id(), user_id=new_id(), role=Role.MANAGER)
    assert isinstance(refusal(caller, member(Role.ADMIN), MemberChange(name="x"), set()), MemberAbove)
    assert isinstance(refusal(caller, member(Role.REVIEWER), MemberChange(role=Role.MANAGER), set()), RoleNotGrantable)


@pytest.mark.parametrize("actor", [Role.OWNER, Role.ADMIN, Role.MANAGER])
@pytest.mark.parametrize("target", list(Role))
async def test_over_http_nobody_is_raised_above_who_raises(world: World, actor: Role, target: Role) -> None:
    by, path = world.people[actor], f"/api/members/{world.people[target].caller.user_id}"
    for role in Role:
        response = await by.call("PATCH", path, json={"role": role})
        if response.is_success and role is not target:
            assert target in grantable(actor) and role in grantable(actor)
            await world.owner.call("PATCH", path, json={"role": target})
        elif not response.is_success:
            assert response.status_code == 403
    own = await by.call("PATCH", f"/api/members/{by.caller.user_id}", json={"role": "owner"})
    assert own.status_code == (200 if actor is Role.OWNER else 403)


async def test_a_change_counts_at_once_and_is_written_down(world: World) -> None:
    person = await world.another(Role.ANNOTATOR)
    path = f"/api/members/{person.caller.user_id}"
    assert (await person.call("GET", "/api/members")).status_code == 403
    changed = (await world.owner.call("PATCH", path, json={"role": "manager", "name": "Lead"})).json()
    assert (changed["role"], changed["name"]) == ("manager", "Lead")
    assert (await person.call("GET", "/api/members")).status_code == 200
    entry = (await world.owner.get("/api/audit"))["items"][0]
    assert (entry["action"], entry["subject"]) == ("member.changed", str(person.caller.user_id))
    assert entry["data"]["role"] == {"before": "annotator", "after": "manager"}
    assert entry["data"].keys() == {"role", "name"}
    await world.owner.call("PATCH", path, json={"role": "manager"})  # nothing new: nothing written
    assert (await world.owner.get("/api/audit"))["items"][0]["id"] == entry["id"]


async def test_who_is_deactivated_is_out_at_once_and_their_work_goes_back(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    key = await ada.browser.post("/api/me/keys", {"name": "script"})
    project = await world.text_project(1)
    work = await ada.browser.post(f"/api/projects/{project['id']}/next", {"count": 1})
    assert len(work["items"]) == 1
    assert (await world.annotator.post(f"/api/projects/{project['id']}/next", {"count": 1}))["items"] == []
    await world.manager.call("PATCH", f"/api/members/{ada.user_id}", json={"active": False})
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")
    program = Person(world.annotator.caller, key["key"], world.http)
    assert (await program.call("GET", "/api/session")).status_code == 401
    await world.drain()
    assert len((await world.annotator.post(f"/api/projects/{project['id']}/next", {"count": 1}))["items"]) == 1
    # Back again, the old session and key stay dead; the password is good.
    await world.manager.call("PATCH", f"/api/members/{ada.user_id}", json={"active": True})
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")
    assert (await program.call("GET", "/api/session")).status_code == 401
    await ada.browser.post("/api/sign-in", ada.sign_in)


async def test_who_may_not_label_any_more_gives_back_what_they_hold(world: World) -> None:
    person = await world.another(Role.ANNOTATOR)
    project = await world.text_project(1)
    await world.take(person, project)
    await world.owner.call("PATCH", f"/api/members/{person.caller.user_id}", json={"role": "reviewer"})
    await world.drain()  # a reviewer may label, and keeps it
    assert (await world.annotator.post(f"/api/projects/{project['id']}/next", {"count": 1}))["items"] == []
    await world.owner.call("PATCH", f"/api/members/{person.caller.user_id}", json={"role": "auditor"})
    await world.drain()
    await world.drain()
    await world.take(world.annotator, project)


async def test_another_role_means_signing_in_again(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"name": "Ada L."})
    await ada.browser.get("/api/session")
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"role": "reviewer"})
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")


async def test_a_lead_signs_somebody_out_everywhere(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    path = f"/api/members/{ada.user_id}/sessions"
    assert (await world.manager.call("DELETE", path)).status_code == 204
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")
    above = await world.manager.call("DELETE", f"/api/members/{world.owner.caller.user_id}/sessions")
    assert (above.status_code, above.json()["code"]) == (403, "member.above")


async def test_an_address_is_one_members(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    path = f"/api/members/{world.annotator.caller.user_id}"
    response = await world.owner.call("PATCH", path, json={"email": ada.email.upper()})
    assert (response.status_code, response.json()["code"]) == (409, "member.email_taken")
    for wrong in ("nobody", "a b@c", "a@b@c", "", "a@b\n"):
        assert (await world.owner.call("PATCH", path, json={"email": wrong})).status_code == (
            200 if wrong == "a@b\n" else 422
        )


async def test_groups_are_made_filled_renamed_and_deleted(world: World) -> None:
    made = await world.manager.post("/api/groups", {"name": "Night shift"})
    again = await world.manager.call("POST", "/api/groups", json={"name": "night SHIFT"})
    assert (again.status_code, again.json()["code"]) == (409, "group.name_taken")
    person = world.annotator.caller.user_id
    for _ in range(2):
        joined = await world.manager.call("PUT", f"/api/groups/{made['id']}/members/{person}")
        assert joined.status_code == 204
    members = (await world.manager.get(f"/api/groups/{made['id']}/members"))["items"]
    assert [one["user_id"] for one in members] == [str(person)]
    assert (await world.manager.get("/api/groups"))["items"][0]["n_members"] == 1
    renamed = await world.manager.call("PATCH", f"/api/groups/{made['id']}", json={"name": "Day shift"})
    assert renamed.json()["name"] == "Day shift"
    assert (await world.manager.get(f"/api/members/{person}"))["groups"] == [{"id": made["id"], "name": "Day shift"}]
    changed = await world.manager.call("PATCH", f"/api/members/{person}", json={"group_ids": []})
    assert changed.json()["groups"] == []
    unknown = await world.manager.call("PATCH", f"/api/members/{person}", json={"group_ids": [str(uuid4())]})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "group.not_found")
    await world.manager.call("PUT", f"/api/groups/{made['id']}/members/{person}")
    assert (await world.manager.call("DELETE", f"/api/groups/{made['id']}")).status_code == 204
    assert (await world.manager.get("/api/groups"))["items"] == []
    assert (await world.manager.get(f"/api/members/{person}"))["groups"] == []


@pytest.mark.requirement("SEC-1")
async def test_a_profile_of_somebody_else_cannot_be_changed_by_who_has_no_say(world: World) -> None:
    """security.md, rows 13 and 26."""
    other = await world.another()
    for role in (Role.REVIEWER, Role.ANNOTATOR, Role.AUDITOR, Role.SERVICE):
        path = f"/api/members/{other.caller.user_id}"
        assert (await world.people[role].call("PATCH", path, json={"name": "Mine"})).status_code == 403

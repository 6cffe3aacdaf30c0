"""Invitations: a link that makes one person a member once, in the role that was meant, and tells nothing else."""

import json
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from karat.kit import Role
from karat.kit.caller import grantable
from tests.access.conftest import PASSWORD, Browser, invited, newcomer
from tests.support.authenticator import Authenticator
from tests.support.world import World, make_world

LEADS = [Role.OWNER, Role.ADMIN, Role.MANAGER]


async def test_somebody_invited_becomes_a_member_and_is_signed_in(world: World, browser: Browser) -> None:
    group = await world.owner.post("/api/groups", {"name": "Night shift"})
    made = await invited(world, Role.REVIEWER, group_ids=[group["id"]])
    assert made["link"] == f"http://localhost/invitation#{made['code']}"
    seen = await browser.post("/api/invitation", {"code": made["code"]})
    assert (seen["role"], seen["email"], seen["tenant_name"]) == (
        "reviewer",
        made["email"],
        f"Tenant {world.tenant_id}",
    )
    session = await browser.post("/api/invitation/accept", {"code": made["code"], "name": "Ada", "password": PASSWORD})
    assert (session["role"], session["user"]["name"], session["user"]["email"]) == ("reviewer", "Ada", made["email"])
    assert (await browser.get("/api/session"))["user"]["id"] == session["user"]["id"]
    member = await world.owner.get(f"/api/members/{session['user']['id']}")
    assert [one["name"] for one in member["groups"]] == ["Night shift"]
    actions = [one["action"] for one in (await world.owner.get("/api/audit"))["items"]]
    assert {"invitation.created", "invitation.accepted", "session.started"} <= set(actions)


async def test_an_invitation_is_accepted_with_a_passkey_alone(world: World, browser: Browser) -> None:
    made, device = await invited(world), Authenticator()
    asked = await browser.post("/api/invitation/passkey/options", {"code": made["code"]})
    answer = {"token": asked["token"], "credential": device.create(asked["options"]), "name": "Phone"}
    session = await browser.post("/api/invitation/accept", {"code": made["code"], "passkey": answer})
    assert str(uuid4().__class__(bytes=device.user_handle)) == session["user"]["id"]
    me = await browser.get("/api/me")
    assert ([one["name"] for one in me["passkeys"]], me["password_changed_at"]) == (["Phone"], None)


async def test_a_used_link_says_so(world: World, browser: Browser, new_browser: Callable[[], Browser]) -> None:
    made = await invited(world)
    await browser.post("/api/invitation/accept", {"code": made["code"], "password": PASSWORD})
    other = new_browser()
    assert await other.refused("POST", "/api/invitation", {"code": made["code"]}) == (410, "invitation.used")
    again = {"code": made["code"], "password": PASSWORD}
    assert await other.refused("POST", "/api/invitation/accept", again) == (410, "invitation.used")


async def test_an_expired_link_says_so_and_a_new_one_works(world: World, browser: Browser) -> None:
    made = await invited(world)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE invitation SET expires_at = now() - interval '1 second'")
    accept = {"code": made["code"], "password": PASSWORD}
    assert await browser.refused("POST", "/api/invitation/accept", accept) == (410, "invitation.expired")
    listed = (await world.owner.get("/api/invitations"))["items"]
    assert [(one["id"], one["state"]) for one in listed] == [(made["id"], "expired")]
    renewed = await world.owner.post(f"/api/invitations/{made['id']}/link", {"days": 1})
    assert await browser.refused("POST", "/api/invitation", {"code": made["code"]}) == (404, "invitation.invalid")
    await browser.post("/api/invitation/accept", {"code": renewed["code"], "password": PASSWORD})
    assert (await world.owner.get("/api/invitations"))["items"][0]["state"] == "accepted"


async def test_a_revoked_link_says_so(world: World, browser: Browser) -> None:
    made = await invited(world)
    for _ in range(2):
        assert (await world.owner.call("DELETE", f"/api/invitations/{made['id']}")).status_code == 204
    assert await browser.refused("POST", "/api/invitation", {"code": made["code"]}) == (410, "invitation.revoked")
    response = await world.owner.call("POST", f"/api/invitations/{made['id']}/link", json={})
    assert (response.status_code, response.json()["code"]) == (409, "invitation.closed")


async def test_an_accepted_invitation_cannot_be_taken_back(world: World, browser: Browser) -> None:
    made = await invited(world)
    await browser.post("/api/invitation/accept", {"code": made["code"], "password": PASSWORD})
    response = await world.owner.call("DELETE", f"/api/invitations/{made['id']}")
    assert (response.status_code, response.json()["code"]) == (409, "invitation.closed")


@pytest.mark.parametrize("code", ["", "x", "0" * 32 + "." + "A" * 43, "karat_" + "0" * 32 + "_" + "A" * 43])
async def test_a_link_that_was_never_made_is_refused(browser: Browser, code: str) -> None:
    assert await browser.refused("POST", "/api/invitation", {"code": code}) == (404, "invitation.invalid")


async def test_the_database_and_no_later_answer_know_the_link(world: World) -> None:
    made = await invited(world)
    secret = made["code"].split(".")[1]
    for path in ("/api/invitations", "/api/audit", "/api/members"):
        assert secret not in json.dumps(await world.owner.get(path))
    async with world.engine.database.transaction(world.tenant_id) as db:
        lines = await db.fetch("SELECT i::text AS line FROM invitation i")
    assert not any(secret in row["line"] or secret.encode().hex() in row["line"] for row in lines)


@pytest.mark.requirement("SEC-1")
@pytest.mark.parametrize("giver", LEADS)
@pytest.mark.parametrize("role", list(Role))
async def test_nobody_invites_above_themselves(world: World, giver: Role, role: Role) -> None:
    body = {"name": "Raised", "email": f"{uuid4().hex}@example.org", "role": role}
    response = await world.people[giver].call("POST", "/api/invitations", json=body)
    assert response.status_code == (201 if role in grantable(giver) else 403)
    if role not in grantable(giver):
        assert response.json()["code"] == "access.role_not_grantable"


async def test_a_link_cannot_be_made_to_give_more_than_it_was_made_for(world: World, browser: Browser) -> None:
    made = await invited(world)
    body = {"code": made["code"], "password": PASSWORD, "role": "owner"}
    assert (await browser.refused("POST", "/api/invitation/accept", body))[0] == 422
    manager = world.manager
    admin = await invited(world, Role.ADMIN)
    response = await manager.call("POST", f"/api/invitations/{admin['id']}/link", json={})
    assert response.json()["code"] == "access.role_not_grantable"


async def test_an_invitation_does_not_outlive_the_rights_of_who_made_it(world: World, browser: Browser) -> None:
    new = {"name": "Friend", "email": f"{uuid4().hex}@example.org", "role": "manager"}
    made = await world.admin.post("/api/invitations", new)
    await world.owner.call("PATCH", f"/api/members/{world.admin.caller.user_id}", json={"role": "manager"})
    assert await browser.refused("POST", "/api/invitation", {"code": made["code"]}) == (410, "invitation.revoked")


async def test_an_address_is_invited_once_at_a_time_and_never_beside_its_member(world: World, browser: Browser) -> None:
    made = await invited(world)
    again = {"name": "Again", "email": made["email"].upper()}
    response = await world.owner.call("POST", "/api/invitations", json=again)
    assert response.json()["code"] == "invitation.open"
    assert response.json()["invitation_id"] == made["id"]
    await browser.post("/api/invitation/accept", {"code": made["code"], "password": PASSWORD})
    response = await world.owner.call("POST", "/api/invitations", json=again)
    assert (response.status_code, response.json()["code"]) == (409, "member.email_taken")


@pytest.mark.requirement("SEC-1")
async def test_an_address_in_one_organisation_tells_nothing_in_another(
    world: World, http: httpx.AsyncClient, new_browser: Callable[[], Browser]
) -> None:
    here = await newcomer(world, new_browser())
    elsewhere = await make_world(world.engine, http)
    made = await invited(elsewhere, email=here.email)  # no word of the account in the other organisation
    there = new_browser()
    seen = await there.post("/api/invitation", {"code": made["code"]})
    assert str(world.tenant_id) not in json.dumps(seen)
    session = await there.post("/api/invitation/accept", {"code": made["code"], "password": "another good long phrase"})
    assert session["user"]["id"] != here.user_id
    # Each password opens its own organisation and not the other.
    assert (await new_browser().post("/api/sign-in", here.sign_in))["session"]["tenant"]["id"] == str(world.tenant_id)
    crossed = {**here.sign_in, "organisation": session["tenant"]["slug"]}
    assert await new_browser().refused("POST", "/api/sign-in", crossed) == (401, "access.sign_in_failed")


async def test_a_bad_password_is_refused_with_the_reason_and_the_link_stays_good(
    world: World, browser: Browser
) -> None:
    made = await invited(world)
    for password, code in [
        ("short", "password.too_short"),
        ("password1234", "password.common"),
        (made["email"], "password.is_name"),
    ]:
        response = await browser.call("POST", "/api/invitation/accept", {"code": made["code"], "password": password})
        assert (response.status_code, response.json()["code"]) == (422, "password.refused")
        assert [one["code"] for one in response.json()["faults"]] == [code]
    await browser.post("/api/invitation/accept", {"code": made["code"], "password": PASSWORD})


@pytest.mark.parametrize("proofs", [{}, {"password": PASSWORD, "passkey": {"token": "x", "credential": "{}"}}])
async def test_exactly_one_way_to_sign_in_is_chosen(world: World, browser: Browser, proofs: dict[str, object]) -> None:
    made = await invited(world)
    body = {"code": made["code"], **proofs}
    assert await browser.refused("POST", "/api/invitation/accept", body) == (422, "invitation.proof_wanted")


async def test_a_foreign_page_accepts_nothing(world: World, browser: Browser) -> None:
    made = await invited(world)
    browser.headers["Origin"] = "https://evil.example"
    body = {"code": made["code"], "password": PASSWORD}
    assert await browser.refused("POST", "/api/invitation/accept", body) == (403, "access.cross_site")

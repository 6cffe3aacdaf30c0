"""One's own account: password, address, sessions, keys, and the link that sets a new password."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from karat.kit import Role, utc_now
from tests.access.conftest import PASSWORD, Browser, make_old, newcomer
from tests.access.test_passkeys import add
from tests.access.test_second_factor import with_app
from tests.support.authenticator import Authenticator
from tests.support.world import Person, World, browser_session

NEW = "an entirely different phrase"


async def test_a_new_password_needs_the_old_one_and_signs_out_everywhere_else(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, other = await newcomer(world, new_browser()), new_browser()
    await other.post("/api/sign-in", ada.sign_in)
    old = dict(ada.browser.http.cookies)
    for current in ({}, {"current": "wrong"}):
        assert await ada.browser.refused("PUT", "/api/me/password", {**current, "new": NEW}) == (403, "password.wrong")
    weak = {"current": PASSWORD, "new": "aaaaaaaaaaaaaaa"}
    assert await ada.browser.refused("PUT", "/api/me/password", weak) == (422, "password.refused")
    changed = await ada.browser.call("PUT", "/api/me/password", {"current": PASSWORD, "new": NEW})
    assert changed.status_code == 200
    assert dict(ada.browser.http.cookies) != old
    await ada.browser.get("/api/session")
    assert await other.refused("GET", "/api/session") == (401, "access.unauthenticated")
    assert await other.refused("POST", "/api/sign-in", ada.sign_in) == (401, "access.sign_in_failed")
    await other.post("/api/sign-in", {**ada.sign_in, "password": NEW})


async def test_the_first_owner_sets_address_and_password_after_the_operators_link(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    from karat.access import make_sign_in_code

    async with world.engine.database.transaction(world.tenant_id) as db:
        code = await make_sign_in_code(db, world.owner.caller)
    browser = new_browser()
    session = await browser.post("/api/session", {"code": code})
    await browser.call("PATCH", "/api/me", {"email": "owner@example.org"})
    assert (await browser.call("PUT", "/api/me/password", {"new": NEW})).status_code == 200
    body = {"email": "owner@example.org", "password": NEW, "organisation": session["tenant"]["slug"]}
    assert (await new_browser().post("/api/sign-in", body))["session"]["role"] == "owner"
    await make_old(world, str(world.owner.caller.user_id), "proved_at", "20 minutes")
    assert await browser.refused("PATCH", "/api/me", {"email": "b@example.org"}) == (403, "access.prove_again")
    assert (await browser.call("PATCH", "/api/me", {"name": "Grace"})).json()["name"] == "Grace"


async def test_an_api_key_changes_nothing_about_signing_in(world: World) -> None:
    for method, path, body in [
        ("PATCH", "/api/me", {"name": "x"}),
        ("PUT", "/api/me/password", {"new": NEW}),
        ("POST", "/api/me/proof", {"password": "x"}),
        ("POST", "/api/me/passkey-options", None),
        ("POST", "/api/me/passkeys", {"token": "x", "credential": "{}"}),
        ("POST", "/api/me/authenticator", None),
        ("POST", "/api/me/authenticator/confirm", {"code": "1"}),
        ("DELETE", "/api/me/authenticator", None),
        ("POST", "/api/me/recovery-codes", None),
    ]:
        refused = await world.owner.call(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.browser_only"), path


async def test_sessions_are_listed_with_their_device_and_ended_one_by_one(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, phone = await newcomer(world, new_browser()), new_browser()
    phone.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
    await phone.post("/api/sign-in", ada.sign_in)
    listed = (await ada.browser.get("/api/me/sessions"))["items"]
    assert [(one["device"], one["current"]) for one in listed] == [
        ("Safari on iPhone", False),
        ("Firefox on Linux", True),
    ]
    assert (await ada.browser.call("DELETE", f"/api/me/sessions/{listed[0]['id']}")).status_code == 204
    assert await phone.refused("GET", "/api/session") == (401, "access.unauthenticated")
    gone = await ada.browser.refused("DELETE", f"/api/me/sessions/{listed[0]['id']}")
    assert gone == (404, "session.not_found")


async def test_nobody_ends_the_session_of_somebody_else(world: World, new_browser: Callable[[], Browser]) -> None:
    ada, eve = await newcomer(world, new_browser()), await newcomer(world, new_browser())
    session_id = (await ada.browser.get("/api/me/sessions"))["items"][0]["id"]
    assert await eve.browser.refused("DELETE", f"/api/me/sessions/{session_id}") == (404, "session.not_found")
    await ada.browser.get("/api/session")


async def test_signing_out_everywhere_is_everywhere(world: World, new_browser: Callable[[], Browser]) -> None:
    ada, other = await newcomer(world, new_browser()), new_browser()
    await other.post("/api/sign-in", ada.sign_in)
    cookies = [dict(one.http.cookies) for one in (ada.browser, other)]
    assert (await other.call("DELETE", "/api/me/sessions")).status_code == 204
    for one, kept in zip((ada.browser, other), cookies, strict=True):
        one.http.cookies.update(kept)
        assert await one.refused("GET", "/api/session") == (401, "access.unauthenticated")


@pytest.mark.parametrize("role", list(Role))
async def test_an_own_key_never_does_more_than_its_owner(world: World, role: Role) -> None:
    person = world.people[role]
    made = await person.post("/api/me/keys", {"name": "script"})
    assert (made["role"], made["personal"], made["scope"]) == (role, True, "full")
    program = Person(person.caller, made["key"], world.http)
    assert (await program.get("/api/session"))["role"] == role
    assert made["id"] in [one["id"] for one in (await person.get("/api/me/keys"))["items"]]
    assert (await person.call("DELETE", f"/api/me/keys/{made['id']}")).status_code == 204
    assert (await program.call("GET", "/api/session")).status_code == 401


async def test_an_own_key_falls_with_its_owners_role(world: World) -> None:
    person = await world.another(Role.MANAGER)
    program = Person(person.caller, (await person.post("/api/me/keys", {"name": "script"}))["key"], world.http)
    assert (await program.call("GET", "/api/members")).status_code == 200
    await world.owner.call("PATCH", f"/api/members/{person.caller.user_id}", json={"role": "annotator"})
    assert (await program.call("GET", "/api/members")).status_code == 403


@pytest.mark.requirement("SEC-1")
async def test_a_scope_narrows_what_a_key_does(world: World) -> None:
    dataset = {"name": "D", "modality": "text"}
    allowed = {"read": set(), "label": set(), "manage": {"datasets"}, "full": {"datasets", "keys", "people"}}
    for scope, expected in allowed.items():
        made = await world.owner.post("/api/me/keys", {"name": scope, "scope": scope})
        program, able = Person(world.owner.caller, made["key"], world.http), set()
        for what, path, body in [
            ("datasets", "/api/datasets", dataset),
            ("keys", "/api/me/keys", {"name": "more"}),
            ("people", "/api/groups", {"name": f"of {scope}"}),
        ]:
            response = await program.call("POST", path, json=body)
            able |= {what} if response.is_success else set()
            assert response.is_success or response.json()["code"] == "access.scope_too_narrow"
        assert able == expected, scope
        assert (await program.call("GET", "/api/projects")).status_code == 200
        session = await program.get("/api/session")
        assert ("keys.manage" in session["actions"]) == (scope == "full")


async def test_a_key_expires(world: World) -> None:
    soon = (utc_now() + timedelta(hours=1)).isoformat()
    made = await world.owner.post("/api/keys", {"name": "Trial", "role": "service", "expires_at": soon})
    program = Person(world.owner.caller, made["key"], world.http)
    assert (await program.get("/api/session"))["expires_at"][:16] == soon[:16]
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL")
    assert (await program.call("GET", "/api/session")).status_code == 401
    for past in ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00"):
        refused = await world.owner.call("POST", "/api/keys", json={"name": "Trial", "expires_at": past})
        assert (refused.status_code, refused.json()["code"]) == (422, "key.expiry_past")
        assert refused.json()["faults"][0]["where"] == "expires_at"
    assert (await world.owner.call("POST", "/api/keys", json={"name": "x", "scope": "enrol"})).status_code == 422


async def test_a_key_that_expires_makes_nothing_that_lives_longer(world: World) -> None:
    end = utc_now() + timedelta(hours=1)
    made = await world.owner.post("/api/me/keys", {"name": "an hour", "expires_at": end.isoformat()})
    program = Person(world.owner.caller, made["key"], world.http)
    later = (end + timedelta(seconds=1)).isoformat()
    for path in ("/api/keys", "/api/me/keys"):
        for longer in ({}, {"expires_at": later}):
            refused = await program.call("POST", path, json={"name": "more", **longer})
            assert (refused.status_code, refused.json()["code"]) == (422, "key.outlives_maker")
            assert refused.json()["faults"][0]["where"] == "expires_at"
        assert await program.post(path, {"name": "as long", "expires_at": made["expires_at"]})
        assert await world.owner.post(path, {"name": "for ever"})
    invited = {"name": "Ada", "email": "ada@example.org", "role": "annotator", "days": 7}
    invitation = await program.post("/api/invitations", invited)
    again = await program.post(f"/api/invitations/{invitation['id']}/link", {"days": 7})
    reset = await program.post(f"/api/members/{world.annotator.caller.user_id}/reset-link", {})
    ends = [one["expires_at"] for one in (invitation, again, reset)]
    assert [datetime.fromisoformat(one) for one in ends] == [end] * 3


async def test_a_key_of_somebody_above_is_not_revoked_from_below(world: World) -> None:
    made = await world.owner.post("/api/me/keys", {"name": "owner's"})
    refused = await world.admin.call("DELETE", f"/api/keys/{made['id']}")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_grantable")
    assert (await world.annotator.call("DELETE", f"/api/me/keys/{made['id']}")).status_code == 404


async def test_a_reset_link_sets_a_password_once(world: World, new_browser: Callable[[], Browser]) -> None:
    ada, browser = await newcomer(world, new_browser()), new_browser()
    path = f"/api/members/{ada.user_id}/reset-link"
    first = await world.manager.post(path, {})
    made = await world.manager.post(path, {})
    assert made["link"] == f"http://localhost/reset#{made['code']}"
    assert await browser.refused("POST", "/api/reset", {"code": first["code"]}) == (404, "reset.invalid")
    assert (await browser.post("/api/reset", {"code": made["code"]}))["email"] == ada.email
    weak = {"code": made["code"], "password": ada.email}
    assert await browser.refused("POST", "/api/reset/password", weak) == (422, "password.refused")
    await browser.post("/api/reset/password", {"code": made["code"], "password": NEW})
    again = {"code": made["code"], "password": NEW}
    assert await browser.refused("POST", "/api/reset/password", again) == (410, "reset.used")
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")
    await browser.post("/api/sign-in", {**ada.sign_in, "password": NEW})
    assert made["code"].split(".")[1] not in json.dumps(await world.owner.get("/api/audit"))


async def test_a_reset_leaves_the_second_factor_unless_the_device_is_lost(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    await add(ada, Authenticator())
    await with_app(ada)
    path, browser = f"/api/members/{ada.user_id}/reset-link", new_browser()
    made = await world.manager.post(path, {})
    await browser.post("/api/reset/password", {"code": made["code"], "password": NEW})
    assert (await browser.post("/api/sign-in", {**ada.sign_in, "password": NEW}))["session"] is None
    made = await world.manager.post(path, {"second_factor": True})
    await browser.post("/api/reset/password", {"code": made["code"], "password": PASSWORD})
    await browser.post("/api/sign-in", ada.sign_in)
    me = await browser.get("/api/me")
    assert (me["authenticator"], me["passkeys"], me["recovery_codes_left"]) == (False, [], 0)


async def test_a_reset_link_expires_and_dies_with_the_membership(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, browser = await newcomer(world, new_browser()), new_browser()
    made = await world.owner.post(f"/api/members/{ada.user_id}/reset-link", {})
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"active": False})
    assert await browser.refused("POST", "/api/reset", {"code": made["code"]}) == (404, "reset.invalid")
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"active": True})
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE reset_link SET expires_at = now() - interval '1 second'")
    assert await browser.refused("POST", "/api/reset", {"code": made["code"]}) == (410, "reset.expired")


@pytest.mark.requirement("SEC-1")
async def test_nobody_takes_over_who_is_above_by_a_reset_link(world: World) -> None:
    for role in (Role.OWNER, Role.ADMIN, Role.MANAGER):
        path = f"/api/members/{world.people[role].caller.user_id}/reset-link"
        refused = await world.manager.call("POST", path, json={})
        assert refused.json()["code"] == ("member.own_role" if role is Role.MANAGER else "member.above")
    service = await world.owner.post("/api/keys", {"name": "program"})
    refused = await world.owner.call("POST", f"/api/members/{service['user_id']}/reset-link", json={})
    assert refused.json()["code"] == "member.not_person"


@pytest.mark.requirement("SEC-1")
async def test_every_way_in_ends_in_the_one_that_asks_whether_somebody_may(world: World, browser: Browser) -> None:
    """security.md, row 24: what a key may not, a cookie of the same person may not either."""
    cookies, token = await browser_session(world.engine, world.annotator)
    browser.http.cookies.update(cookies)
    browser.token = token
    for path in ("/api/members", "/api/keys", "/api/audit", "/api/invitations", "/api/groups", "/api/tenant"):
        assert await browser.refused("GET", path) == (403, "access.not_allowed")
        assert (await world.annotator.call("GET", path)).json()["code"] == "access.not_allowed"

"""Passkeys, with an authenticator in software: what is right signs in, and every deviation from it does not."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.access.conftest import Browser, Someone, make_old, newcomer, slug_of
from tests.support.authenticator import UP, Authenticator, to_bytes, to_text
from tests.support.world import World


async def add(someone: Someone, device: Authenticator, name: str = "Laptop") -> dict[str, Any]:
    """Give somebody the device's passkey."""
    asked = await someone.browser.post("/api/me/passkey-options")
    body = {"token": asked["token"], "credential": device.create(asked["options"]), "name": name}
    return dict(await someone.browser.post("/api/me/passkeys", body))


async def ask(browser: Browser, world: World) -> dict[str, Any]:
    """A challenge to sign in with."""
    return dict(await browser.post("/api/sign-in/passkey/options", {"organisation": await slug_of(world)}))


async def test_a_passkey_signs_in_without_a_name_or_a_password(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, device = await newcomer(world, new_browser()), Authenticator()
    await add(ada, device)
    for _ in range(2):
        browser = new_browser()
        asked = await ask(browser, world)
        assert asked["options"]["userVerification"] == "required"
        assert not asked["options"].get("allowCredentials"), "the question names an account"
        answer = {"token": asked["token"], "credential": device.get(asked["options"])}
        session = await browser.post("/api/sign-in/passkey", answer)
        assert session["user"]["id"] == ada.user_id
        assert (await browser.get("/api/me/sessions"))["items"][0]["second_factor"]
        assert await new_browser().refused("POST", "/api/sign-in/passkey", answer) == (401, "access.sign_in_over")


def other_origin(device: Authenticator) -> None:
    device.origin = "https://localhost.evil.example"


def other_site(device: Authenticator) -> None:
    device.rp_id = "evil.example"


def not_unlocked(device: Authenticator) -> None:
    device.flags = UP


def not_present(device: Authenticator) -> None:
    device.flags = 0


def other_key(device: Authenticator) -> None:
    device.key = Authenticator().key


def unknown(device: Authenticator) -> None:
    device.credential_id = bytes(32)


def count_went_back(device: Authenticator) -> None:
    device.sign_count -= 3


@pytest.mark.parametrize(
    "spoil", [other_origin, other_site, not_unlocked, not_present, other_key, unknown, count_went_back]
)
async def test_an_answer_that_does_not_fit_signs_nobody_in(
    world: World, new_browser: Callable[[], Browser], spoil: Callable[[Authenticator], None]
) -> None:
    ada, device = await newcomer(world, new_browser()), Authenticator()
    device.sign_count = 5
    await add(ada, device)
    spoil(device)
    browser = new_browser()
    asked = await ask(browser, world)
    answer = {"token": asked["token"], "credential": device.get(asked["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "passkey.unknown")


async def test_the_answer_to_another_question_signs_nobody_in(world: World, new_browser: Callable[[], Browser]) -> None:
    ada, device = await newcomer(world, new_browser()), Authenticator()
    await add(ada, device)
    browser = new_browser()
    one, other = await ask(browser, world), await ask(browser, world)
    answer = {"token": one["token"], "credential": device.get(other["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "passkey.unknown")
    adding = await ada.browser.post("/api/me/passkey-options")
    answer = {"token": adding["token"], "credential": device.get(adding["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "access.sign_in_over")


async def test_a_question_is_too_old_after_five_minutes(world: World, new_browser: Callable[[], Browser]) -> None:
    ada, device = await newcomer(world, new_browser()), Authenticator()
    await add(ada, device)
    browser = new_browser()
    asked = await ask(browser, world)
    async with world.engine.database.transaction(world.tenant_id) as db:
        assert await db.execute("UPDATE challenge SET expires_at = expires_at - interval '5 minutes'") == 1
    answer = {"token": asked["token"], "credential": device.get(asked["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "access.sign_in_over")


@pytest.mark.parametrize(
    "credential", ["", "{}", "null", "[]", '{"rawId": 1}', '{"rawId": "!"}', "x" * 20_000, '{"rawId":"é"}']
)
async def test_what_is_no_credential_signs_nobody_in(world: World, browser: Browser, credential: str) -> None:
    asked = await ask(browser, world)
    answer = {"token": asked["token"], "credential": credential}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "passkey.unknown")


async def test_a_passkey_that_was_taken_away_or_whose_owner_left_signs_nobody_in(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, device, second = await newcomer(world, new_browser()), Authenticator(), Authenticator()
    made = await add(ada, device)
    await add(ada, second, "Key ring")
    assert (await ada.browser.call("DELETE", f"/api/me/passkeys/{made['id']}")).status_code == 204
    browser = new_browser()
    asked = await ask(browser, world)
    answer = {"token": asked["token"], "credential": device.get(asked["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "passkey.unknown")
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"active": False})
    asked = await ask(browser, world)
    answer = {"token": asked["token"], "credential": second.get(asked["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "passkey.unknown")


async def test_passkeys_are_named_renamed_and_the_last_way_in_stays(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    one, other = await add(ada, Authenticator(), "One"), await add(ada, Authenticator(), "Other")
    path = f"/api/me/passkeys/{one['id']}"
    assert (await ada.browser.call("PATCH", path, {"name": "First"})).json()["name"] == "First"
    assert [key["name"] for key in (await ada.browser.get("/api/me"))["passkeys"]] == ["Other", "First"]
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("DELETE FROM password")
    assert (await ada.browser.call("DELETE", path)).status_code == 204
    assert await ada.browser.refused("DELETE", f"/api/me/passkeys/{other['id']}") == (409, "access.last_proof")


async def test_the_same_passkey_is_kept_once_and_the_device_is_told(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, device = await newcomer(world, new_browser()), Authenticator()
    await add(ada, device)
    asked = await ada.browser.post("/api/me/passkey-options")
    assert [to_bytes(one["id"]) for one in asked["options"]["excludeCredentials"]] == [device.credential_id]
    body = {"token": asked["token"], "credential": device.create(asked["options"]), "name": "Again"}
    assert await ada.browser.refused("POST", "/api/me/passkeys", body) == (409, "passkey.taken")


async def test_a_passkey_made_for_somebody_else_or_not_unlocked_is_not_kept(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada, eve = await newcomer(world, new_browser()), await newcomer(world, new_browser())
    asked = await ada.browser.post("/api/me/passkey-options")
    body = {"token": asked["token"], "credential": Authenticator().create(asked["options"]), "name": "Eve's"}
    assert await eve.browser.refused("POST", "/api/me/passkeys", body) == (422, "passkey.refused")
    weak = Authenticator()
    weak.flags = UP
    asked = await eve.browser.post("/api/me/passkey-options")
    body = {"token": asked["token"], "credential": weak.create(asked["options"]), "name": "Weak"}
    assert await eve.browser.refused("POST", "/api/me/passkeys", body) == (422, "passkey.refused")


async def test_adding_and_removing_need_a_fresh_proof(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    made = await add(ada, Authenticator())
    await make_old(world, ada.user_id, "proved_at", "20 minutes")
    assert await ada.browser.refused("POST", "/api/me/passkey-options") == (403, "access.prove_again")
    assert await ada.browser.refused("DELETE", f"/api/me/passkeys/{made['id']}") == (403, "access.prove_again")


async def test_a_server_that_is_reached_by_a_number_says_why_it_has_no_passkeys(world: World, browser: Browser) -> None:
    browser.http.base_url = "https://127.0.0.1"
    browser.headers["Origin"] = "https://127.0.0.1"
    assert not (await browser.get("/api/sign-in"))["passkeys"]
    body = {"organisation": await slug_of(world)}
    assert await browser.refused("POST", "/api/sign-in/passkey/options", body) == (409, "passkey.host_unfit")


async def test_an_organisation_that_does_not_exist_is_asked_like_one_that_does(world: World, browser: Browser) -> None:
    real, none = await ask(browser, world), await browser.post("/api/sign-in/passkey/options", {"organisation": "none"})
    assert real.keys() == none.keys()
    assert real["options"].keys() == none["options"].keys()
    answer = {"token": none["token"], "credential": Authenticator().get(none["options"])}
    assert await browser.refused("POST", "/api/sign-in/passkey", answer) == (401, "access.sign_in_over")


def test_the_device_of_the_tests_speaks_as_browsers_do() -> None:
    device = Authenticator()
    made = json.loads(device.create({"user": {"id": to_text(b"x" * 16)}, "challenge": to_text(b"y" * 32)}))
    assert made["rawId"] == to_text(device.credential_id)
    assert json.loads(to_bytes(made["response"]["clientDataJSON"]))["type"] == "webauthn.create"

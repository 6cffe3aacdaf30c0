"""The authenticator app: set up, asked for, never taken twice; and the rule that everybody needs a second factor."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pyotp
import pytest

from karat.access import factors, throttle, totp
from karat.access.devices import Visitor
from karat.kit import new_id
from tests.access.conftest import Browser, Someone, make_old, newcomer
from tests.support.authenticator import Authenticator
from tests.support.world import World

NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
SECRET = 2 * "JBSWY3DPEHPK3PXP"


async def with_app(someone: Someone) -> tuple[pyotp.TOTP, list[str]]:
    """Set an app up; the app and the recovery codes. The code that confirmed it is used up."""
    setup = await someone.browser.post("/api/me/authenticator")
    app = pyotp.TOTP(setup["secret"])
    codes = await someone.browser.post("/api/me/authenticator/confirm", {"code": app.now()})
    return app, codes["codes"]


async def forget_step(world: World) -> None:
    """As if half a minute had passed since the last code."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE authenticator_app SET last_step = 0")


async def begin(browser: Browser, someone: Someone) -> str:
    """The token of a sign-in whose password was right."""
    step = await browser.post("/api/sign-in", someone.sign_in)
    assert step["session"] is None
    assert await browser.refused("GET", "/api/session") == (401, "access.unauthenticated")
    return str(step["second_factor"]["token"])


async def test_the_app_is_asked_for_after_the_password(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    app, _ = await with_app(ada)
    await forget_step(world)
    browser = new_browser()
    token = await begin(browser, ada)
    wrong = {"token": token, "code": "000000" if app.now() != "000000" else "111111"}
    assert await browser.refused("POST", "/api/sign-in/second-factor", wrong) == (401, "access.second_factor_wrong")
    code = app.now()
    session = await browser.post("/api/sign-in/second-factor", {"token": token, "code": f"{code[:3]} {code[3:]}"})
    assert session["user"]["id"] == ada.user_id
    other = new_browser()
    again = {"token": await begin(other, ada), "code": code}
    assert await other.refused("POST", "/api/sign-in/second-factor", again) == (401, "access.second_factor_wrong")
    finished = {"token": token, "code": code}
    assert await other.refused("POST", "/api/sign-in/second-factor", finished) == (401, "access.sign_in_over")


async def test_a_recovery_code_signs_in_once(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    _, codes = await with_app(ada)
    assert len(set(codes)) == 10
    browser = new_browser()
    typed = codes[3].upper().replace("-", " ")
    await browser.post("/api/sign-in/second-factor", {"token": await begin(browser, ada), "code": typed})
    assert (await browser.get("/api/me"))["recovery_codes_left"] == 9
    other = new_browser()
    again = {"token": await begin(other, ada), "code": codes[3]}
    assert await other.refused("POST", "/api/sign-in/second-factor", again) == (401, "access.second_factor_wrong")
    renewed = await browser.post("/api/me/recovery-codes")
    assert not set(renewed["codes"]) & set(codes)
    void = {"token": await begin(other, ada), "code": codes[4]}
    assert await other.refused("POST", "/api/sign-in/second-factor", void) == (401, "access.second_factor_wrong")


@pytest.mark.requirement("SEC-9")
async def test_guessing_codes_is_throttled_whatever_the_password_says(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    await with_app(ada)
    browser = new_browser()
    for at in range(3):
        token = await begin(browser, ada)  # the right password each time frees no guess at codes
        wrong = {"token": token, "code": f"{at:06}"}
        assert await browser.refused("POST", "/api/sign-in/second-factor", wrong) == (401, "access.second_factor_wrong")
    guard = throttle.account_guard("code", ada.user_id)
    async with world.engine.database.transaction(None) as db:
        assert await db.fetch_value("SELECT failures FROM throttle WHERE key = $1", guard.key) > 2.5
        await db.execute("UPDATE throttle SET blocked_until = now() + interval '1 minute' WHERE key = $1", guard.key)
    wrong = {"token": await begin(browser, ada), "code": "000000"}
    assert await browser.refused("POST", "/api/sign-in/second-factor", wrong) == (429, "access.too_many_attempts")


async def test_the_secret_is_shown_as_a_harmless_picture_and_kept_sealed(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    setup = await ada.browser.post("/api/me/authenticator")
    assert setup["otpauth_uri"].startswith("otpauth://totp/") and setup["secret"] in setup["otpauth_uri"]
    head, data = setup["qr_code"].split(",", 1)
    picture = unquote(data)
    assert head.startswith("data:image/svg+xml")
    assert "<script" not in picture and "<svg" in picture
    async with world.engine.database.transaction(world.tenant_id) as db:
        line = await db.fetch_value("SELECT a::text FROM authenticator_app a")
    assert setup["secret"] not in line and setup["secret"].encode().hex() not in line


async def test_an_app_that_was_not_confirmed_is_not_asked_for(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    await ada.browser.post("/api/me/authenticator")
    wrong = await ada.browser.refused("POST", "/api/me/authenticator/confirm", {"code": "12345"})
    assert wrong == (422, "authenticator.code_wrong")
    assert (await new_browser().post("/api/sign-in", ada.sign_in))["session"] is not None


async def test_a_second_app_needs_the_first_one_gone(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    await with_app(ada)
    assert await ada.browser.refused("POST", "/api/me/authenticator") == (409, "authenticator.present")
    assert (await ada.browser.call("DELETE", "/api/me/authenticator")).status_code == 204
    assert (await new_browser().post("/api/sign-in", ada.sign_in))["session"] is not None
    assert await ada.browser.refused("DELETE", "/api/me/authenticator") == (409, "authenticator.missing")
    assert await ada.browser.refused("POST", "/api/me/recovery-codes") == (409, "authenticator.missing")


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, fits: bool) -> None:
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))
    assert (totp.matching_step(SECRET, code, NOW, after=0) is not None) == fits


def test_a_code_is_never_taken_twice_nor_one_before_it() -> None:
    app = pyotp.TOTP(SECRET)
    step = totp.matching_step(SECRET, app.at(NOW), NOW, after=0)
    assert step is not None
    assert totp.matching_step(SECRET, app.at(NOW), NOW, after=step) is None
    assert totp.matching_step(SECRET, app.at(NOW - timedelta(seconds=30)), NOW, after=step) is None
    assert totp.matching_step(SECRET, app.at(NOW + timedelta(seconds=30)), NOW, after=step) == step + 1


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: SHA-1, the last six of the eight digits.
    secret = base64.b32encode(b"12345678901234567890").decode()
    for moment, code in [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")]:
        assert totp.matching_step(secret, code, datetime.fromtimestamp(moment, UTC), after=0) == moment // 30


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 45 6", "-12345"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert totp.matching_step(SECRET, code, NOW, after=0) is None


def test_a_sealed_secret_opens_only_with_its_key_and_for_its_owner() -> None:
    key, owner = bytes(range(32)), new_id()
    sealed = totp.seal(SECRET, key, owner)
    assert totp.unseal(sealed, key, owner) == SECRET
    assert totp.unseal(sealed, key, new_id()) is None
    assert totp.unseal(sealed, bytes(32), owner) is None
    assert totp.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), key, owner) is None


async def test_of_two_equal_codes_at_once_one_counts(world: World, new_browser: Callable[[], Browser]) -> None:
    import asyncio

    ada = await newcomer(world, new_browser())
    app, _ = await with_app(ada)
    await forget_step(world)
    now = datetime.now(UTC)
    visitor = Visitor("192.0.2.9", "", now, timedelta(1), timedelta(1), world.engine.access_key)
    user_id = new_id().__class__(ada.user_id)

    async def use() -> bool:
        async with world.engine.database.transaction(world.tenant_id) as db:
            return await factors.use_code(db, user_id, app.at(now), visitor) is not None

    assert sorted(await asyncio.gather(use(), use())) == [False, True]


async def test_a_second_factor_that_is_required_is_required_at_once(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    await world.owner.call("PATCH", "/api/tenant", json={"second_factor_required": True})
    session = await ada.browser.get("/api/session")
    assert (session["scope"], session["actions"]) == ("enrol", ["self.secure", "self.see"])
    assert await ada.browser.refused("GET", "/api/projects") == (403, "access.second_factor_wanted")
    assert await ada.browser.refused("POST", "/api/me/keys", {"name": "way out"}) == (
        403,
        "access.second_factor_wanted",
    )
    await with_app(ada)
    assert (await ada.browser.get("/api/session"))["scope"] == "full"
    await ada.browser.get("/api/projects")


async def test_a_password_alone_cannot_enrol_beside_a_passkey_that_is_there(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    asked = await ada.browser.post("/api/me/passkey-options")
    device = Authenticator()
    await ada.browser.post("/api/me/passkeys", {"token": asked["token"], "credential": device.create(asked["options"])})
    await world.owner.call("PATCH", "/api/tenant", json={"second_factor_required": True})
    assert await new_browser().refused("POST", "/api/sign-in", ada.sign_in) == (401, "access.passkey_wanted")
    assert (await ada.browser.get("/api/session"))["scope"] == "full"  # adding the passkey was its proof


async def test_setting_up_a_factor_needs_a_fresh_proof(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    await make_old(world, ada.user_id, "proved_at", "20 minutes")
    assert await ada.browser.refused("POST", "/api/me/authenticator") == (403, "access.prove_again")
    assert await ada.browser.refused("POST", "/api/me/proof", {"password": "wrong"}) == (403, "password.wrong")
    old = dict(ada.browser.http.cookies)
    await ada.browser.post("/api/me/proof", {"password": ada.sign_in["password"]})
    assert dict(ada.browser.http.cookies) != old
    await ada.browser.post("/api/me/authenticator")

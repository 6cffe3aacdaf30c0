"""Signing in by password: what is asked, what is told, how guessing slows down."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from karat.access import signing_in, throttle
from karat.access.devices import Visitor
from karat.access.errors import SignInFailed, TooManyAttempts
from karat.access.proof_types import PasswordSignIn
from karat.access.throttle import ACCOUNT, ADDRESS, Limit, count_failure, network_of, wait_after
from tests.access.conftest import Browser, make_old, newcomer, slug_of
from tests.support.world import World

NOW = datetime.now(UTC)  # sessions that begin have to outlive the test; everything else goes by this clock


def visit(now: datetime, address: str = "192.0.2.1") -> Visitor:
    return Visitor(address, "Test", now, timedelta(days=1), timedelta(days=1), bytes(32))


async def test_address_and_password_sign_in(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    browser = new_browser()
    step = await browser.post("/api/sign-in", {**ada.sign_in, "email": f" {ada.email.upper()} "})
    assert step["second_factor"] is None
    assert step["session"]["user"]["id"] == ada.user_id
    assert (await browser.get("/api/session"))["role"] == "annotator"


@pytest.mark.parametrize("wrong", [{"password": "x"}, {"email": "nobody@example.org"}, {"organisation": "nowhere"}])
async def test_what_is_wrong_is_not_told(
    world: World, new_browser: Callable[[], Browser], wrong: dict[str, str]
) -> None:
    ada = await newcomer(world, new_browser())
    refused = await new_browser().call("POST", "/api/sign-in", {**ada.sign_in, **wrong})
    assert (refused.status_code, refused.json()["code"]) == (401, "access.sign_in_failed")
    assert set(refused.json()) - {"request_id"} == {"type", "title", "status", "code", "retryable"}
    assert "set-cookie" not in refused.headers


async def test_which_organisation_is_asked_where_there_are_several(world: World, browser: Browser) -> None:
    async with world.engine.database.transaction(None) as db:
        several = await db.fetch_value("SELECT count(*) > 1 FROM tenant")
    assert (await browser.get("/api/sign-in")) == {"organisation_wanted": several, "passkeys": True}
    if several:
        body = {"email": "a@example.org", "password": "x"}
        assert await browser.refused("POST", "/api/sign-in", body) == (422, "access.organisation_wanted")


async def test_a_member_without_a_password_and_a_deactivated_one_are_refused_like_strangers(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"active": False})
    assert await new_browser().refused("POST", "/api/sign-in", ada.sign_in) == (401, "access.sign_in_failed")
    await world.owner.call("PATCH", f"/api/members/{ada.user_id}", json={"active": True})
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("DELETE FROM password")
    assert await new_browser().refused("POST", "/api/sign-in", ada.sign_in) == (401, "access.sign_in_failed")


async def test_a_foreign_page_signs_nobody_in(world: World, new_browser: Callable[[], Browser]) -> None:
    ada = await newcomer(world, new_browser())
    browser = new_browser()
    browser.headers["Origin"] = "https://evil.example"
    assert await browser.refused("POST", "/api/sign-in", ada.sign_in) == (403, "access.cross_site")


async def test_signing_in_gives_a_new_secret_and_ends_what_the_browser_had(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    old = dict(ada.browser.http.cookies)
    await ada.browser.post("/api/sign-in", ada.sign_in)
    assert dict(ada.browser.http.cookies) != old
    thief = new_browser()
    thief.http.cookies.update(old)
    assert await thief.refused("GET", "/api/session") == (401, "access.unauthenticated")


@pytest.mark.requirement("SEC-9")
async def test_guessing_at_an_account_gets_slower_and_a_success_begins_anew(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    database, now, waits = world.engine.database, NOW, []
    wrong, right = (
        PasswordSignIn(**{**ada.sign_in, "password": one}) for one in ("a wrong guess", ada.sign_in["password"])
    )
    for at in range(14):
        try:
            await signing_in.with_password(database, visit(now, f"192.0.2.{at}"), wrong)
        except SignInFailed:
            continue
        except TooManyAttempts as error:
            waits.append(error.data["retry_after_s"])
            # Neither the right password nor another address helps before the time is over …
            with pytest.raises(TooManyAttempts):
                await signing_in.with_password(database, visit(now, "198.51.100.1"), right)
            now += timedelta(seconds=error.data["retry_after_s"])
    assert waits == [1, 2, 4, 8]
    now += timedelta(minutes=16)
    await signing_in.with_password(database, visit(now, "198.51.100.2"), right)  # … and then it does,
    for at in range(ACCOUNT.free):  # and the first failures are free again.
        with pytest.raises(SignInFailed):
            await signing_in.with_password(database, visit(now, f"203.0.113.{at}"), wrong)


@pytest.mark.requirement("SEC-9")
async def test_an_account_that_does_not_exist_is_throttled_just_the_same(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    answers: dict[str, list[tuple[type[Exception], Any]]] = {}
    for at, email in enumerate((ada.email, "nobody@example.org")):
        wanted = PasswordSignIn(**{**ada.sign_in, "email": email, "password": "a wrong guess"})
        for _ in range(ACCOUNT.free + 3):
            with pytest.raises((SignInFailed, TooManyAttempts)) as told:
                await signing_in.with_password(world.engine.database, visit(NOW, f"192.0.2.{at}"), wanted)
            answers.setdefault(email, []).append((told.type, told.value.data))
    assert answers[ada.email] == answers["nobody@example.org"]
    assert answers[ada.email][-1] == (TooManyAttempts, {"retry_after_s": 1})


@pytest.mark.requirement("SEC-9")
async def test_who_has_to_wait_is_told_how_long(world: World, browser: Browser) -> None:
    slug = await slug_of(world)
    async with world.engine.database.transaction(None) as db:
        guard = throttle.account_guard(str(world.tenant_id), "a@example.org")
        await db.execute("INSERT INTO throttle VALUES ($1, 9, now(), now() + interval '10 minutes')", guard.key)
    body = {"email": "A@example.org", "password": "x", "organisation": slug}
    refused = await browser.call("POST", "/api/sign-in", body)
    assert (refused.status_code, refused.json()["code"]) == (429, "access.too_many_attempts")
    assert 590 <= int(refused.headers["retry-after"]) == refused.json()["retry_after_s"] <= 600


@pytest.mark.requirement("SEC-9")
async def test_one_address_cannot_try_a_password_at_everybody(world: World) -> None:
    database, organisation = world.engine.database, str(world.tenant_id)
    with pytest.raises(TooManyAttempts):
        for at in range(int(ADDRESS.free) + 2):
            guards = [throttle.account_guard(organisation, f"{at}@example.org"), throttle.address_guard("192.0.2.77")]
            await throttle.enter(database, guards, NOW)


@pytest.mark.requirement("SEC-9")
async def test_ones_own_success_does_not_free_an_address_for_guesses_at_others(world: World) -> None:
    database, address = world.engine.database, throttle.address_guard("192.0.2.78")
    with pytest.raises(TooManyAttempts):
        for at in range(2 * int(ADDRESS.free)):
            await throttle.enter(database, [address, throttle.account_guard("t", f"{at}")], NOW)
            own = [address, throttle.account_guard("t", "own")]
            await throttle.enter(database, own, NOW)
            async with database.transaction(None) as db:
                await throttle.succeed(db, own)


async def test_counting_survives_the_end_of_the_server(world: World) -> None:
    guard = throttle.account_guard("t", "kept")
    for _ in range(ACCOUNT.free + 1):
        await throttle.enter(world.engine.database, [guard], NOW)
    async with world.engine.database.transaction(None) as db:
        row = await db.fetch_row("SELECT failures, blocked_until FROM throttle WHERE key = $1", guard.key)
    assert row is not None
    assert (row["failures"], row["blocked_until"]) == (ACCOUNT.free + 1, NOW + timedelta(seconds=1))


async def test_many_guesses_at_once_are_counted_one_by_one(world: World) -> None:
    import asyncio

    guard = throttle.account_guard("t", "burst")

    async def guess() -> bool:
        try:
            await throttle.enter(world.engine.database, [guard], NOW)
        except TooManyAttempts:
            return False
        return True

    let_in = await asyncio.gather(*(guess() for _ in range(20)))
    assert sum(let_in) == ACCOUNT.free + 1  # the one after the free ones is let in, and makes the next wait


def test_waits_double_up_to_a_quarter_of_an_hour_and_are_forgotten() -> None:
    limit = Limit(free=2, forget_one=timedelta(minutes=1))
    counter, waits = None, []
    for _ in range(14):
        counter = count_failure(counter, limit, NOW)
        waits.append((counter.blocked_until - NOW).total_seconds())
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert counter is not None
    later = count_failure(counter, limit, NOW + timedelta(minutes=13))
    assert later.failures == 2  # 14 - 13 forgotten + 1
    assert wait_after(later.failures, limit) == timedelta(0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_what_one_subscriber_has_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) == same


async def test_an_unknown_account_costs_as_much_work_as_a_known_one(
    world: World, new_browser: Callable[[], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    from karat.access import passwords

    ada = await newcomer(world, new_browser())
    hashed: list[str] = []
    real = passwords._hasher().verify
    monkeypatch.setattr(
        type(passwords._hasher()), "verify", lambda self, text, argon2: hashed.append(argon2) or real(text, argon2)
    )
    for wrong in ({"password": "x"}, {"email": "nobody@example.org"}, {"organisation": "nowhere"}):
        await new_browser().refused("POST", "/api/sign-in", {**ada.sign_in, **wrong})
    assert len(hashed) == 3
    assert len({one.rsplit("$", 2)[0] for one in hashed}) == 1, "the stand-in is hashed with other parameters"


async def test_a_session_ends_when_it_is_not_used_and_when_its_life_is_over(
    world: World, new_browser: Callable[[], Browser]
) -> None:
    ada = await newcomer(world, new_browser())
    await make_old(world, ada.user_id, "last_used_at", "71 hours")
    await ada.browser.get("/api/session")  # used again: it goes on
    await make_old(world, ada.user_id, "last_used_at", "71 hours")
    await ada.browser.get("/api/session")
    await make_old(world, ada.user_id, "last_used_at", "73 hours")
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")
    await ada.browser.post("/api/sign-in", ada.sign_in)
    await make_old(world, ada.user_id, "expires_at", "337 hours")
    assert await ada.browser.refused("GET", "/api/session") == (401, "access.unauthenticated")

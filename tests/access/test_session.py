"""The browser's way in: a link that works once, a cookie that scripts cannot read, a proof that our page asked."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx
import pytest

from karat.access import make_sign_in_code
from karat.access.doors import PLAIN_COOKIE, SECURE_COOKIE
from karat.access.secrets import parse_secret
from karat.access.throttle import ADDRESS
from karat.api.app import create_app
from karat.api.engine import Engine
from karat.kit import Role
from tests.support.world import Person, World, browser_session

NEW_DATASET = {"name": "By browser", "modality": "text"}


@pytest.fixture
async def browser(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without cookies."""
    async with _browser(engine) as client:
        yield client


def _browser(engine: Engine, url: str = "http://localhost", **settings: object) -> httpx.AsyncClient:
    app = create_app(engine)
    app.state.settings = engine.settings.model_copy(update=settings)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=url)


async def code_for(person: Person, engine: Engine) -> str:
    async with engine.database.transaction(person.caller.tenant_id) as db:
        return await make_sign_in_code(db, person.caller)


async def test_a_sign_in_link_works_once(world: World, browser: httpx.AsyncClient) -> None:
    code = await code_for(world.annotator, world.engine)
    first = await browser.post("/api/session", json={"code": code})
    assert first.status_code == 200
    assert first.json()["role"] == Role.ANNOTATOR
    assert first.json()["user"]["id"] == str(world.annotator.caller.user_id)
    second = await browser.post("/api/session", json={"code": code})
    assert (second.status_code, second.json()["code"]) == (401, "access.sign_in_code_invalid")
    assert "set-cookie" not in second.headers


async def test_a_sign_in_link_expires(world: World, browser: httpx.AsyncClient) -> None:
    code = await code_for(world.owner, world.engine)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE sign_in_code SET expires_at = now() - interval '1 second'")
    response = await browser.post("/api/session", json={"code": code})
    assert (response.status_code, response.json()["code"]) == (401, "access.sign_in_code_invalid")


@pytest.mark.parametrize("code", ["", "x", "0" * 32 + "." + "A" * 43, "karat_" + "0" * 32 + "_" + "A" * 43])
async def test_a_code_that_was_never_given_is_refused(browser: httpx.AsyncClient, code: str) -> None:
    response = await browser.post("/api/session", json={"code": code})
    assert (response.status_code, response.json()["code"]) == (401, "access.sign_in_code_invalid")


@pytest.mark.requirement("SEC-9")
async def test_guesses_at_one_time_links_are_throttled_and_a_good_link_costs_nothing(
    world: World, browser: httpx.AsyncClient
) -> None:
    for _ in range(3):
        assert (await browser.post("/api/session", json={"code": await code_for(world.owner, world.engine)})).is_success
    statuses = []
    for at in range(2 * ADDRESS.free):
        guess = f"{world.tenant_id.hex}.{at:043}" if at % 2 else ""
        statuses.append((await browser.post("/api/session", json={"code": guess})).status_code)
    assert statuses[: ADDRESS.free] == [401] * ADDRESS.free
    assert 429 in statuses
    good = await code_for(world.owner, world.engine)
    async with world.engine.database.transaction(None) as db:
        await db.execute("UPDATE throttle SET blocked_until = now() + interval '1 minute'")
    told = await browser.post("/api/session", json={"code": good})
    assert (told.status_code, told.json()["code"]) == (429, "access.too_many_attempts")
    async with world.engine.database.transaction(None) as db:
        await db.execute("UPDATE throttle SET blocked_until = now() - interval '1 second'")
    assert (await browser.post("/api/session", json={"code": good})).is_success, "the wait has not used it up"


async def test_an_api_key_is_no_sign_in_code(world: World, browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/api/session", json={"code": world.owner.key})).status_code == 401


@pytest.mark.parametrize(
    ("url", "settings", "is_secure"),
    [
        ("http://localhost", {}, True),
        ("http://127.0.0.1:8484", {}, True),
        ("https://karat.example", {}, True),
        ("http://karat.example", {"public_url": "https://karat.example"}, True),
        ("http://intranet.example", {}, False),  # a browser would drop a Secure cookie here, and nobody could sign in
    ],
)
async def test_the_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(
    world: World, url: str, settings: dict[str, object], is_secure: bool
) -> None:
    async with _browser(world.engine, url, **settings) as browser:
        response = await browser.post("/api/session", json={"code": await code_for(world.owner, world.engine)})
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    assert morsel.key == (SECURE_COOKIE if is_secure else PLAIN_COOKIE)
    assert morsel.key.startswith("__Host-") == is_secure
    assert bool(morsel["secure"]) == is_secure
    assert bool(morsel["httponly"])
    assert (morsel["samesite"].lower(), morsel["path"], morsel["domain"]) == ("lax", "/", "")
    assert morsel.value not in response.text  # no answer hands a script what the cookie holds


async def test_signing_out_ends_the_session_on_the_server(world: World, browser: httpx.AsyncClient) -> None:
    cookies, token = await browser_session(world.engine, world.owner)
    browser.cookies.update(cookies)
    assert (await browser.delete("/api/session", headers={"X-CSRF-Token": token})).status_code == 204
    browser.cookies.update(cookies)  # kept by somebody
    assert (await browser.get("/api/session")).status_code == 401


async def test_a_session_expires(world: World, browser: httpx.AsyncClient) -> None:
    browser.cookies.update((await browser_session(world.engine, world.owner))[0])
    assert (await browser.get("/api/session")).status_code == 200
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE session SET expires_at = now() - interval '1 second'")
    assert (await browser.get("/api/session")).status_code == 401


async def test_an_unsafe_request_needs_the_sessions_own_token(world: World, browser: httpx.AsyncClient) -> None:
    cookies, token = await browser_session(world.engine, world.owner)
    _, others = await browser_session(world.engine, world.manager)
    browser.cookies.update(cookies)
    for wrong in (None, "", "x", others, token.upper(), token[:-1]):
        headers = {} if wrong is None else {"X-CSRF-Token": wrong}
        response = await browser.post("/api/datasets", json=NEW_DATASET, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "access.cross_site"), wrong
    assert (await browser.post("/api/datasets", json=NEW_DATASET, headers={"X-CSRF-Token": token})).status_code == 201


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://localhost.evil.example", "http://localhost:1", "localhost"]
)
async def test_a_request_from_a_foreign_page_is_refused_even_with_the_token(
    world: World, browser: httpx.AsyncClient, origin: str
) -> None:
    cookies, token = await browser_session(world.engine, world.owner)
    browser.cookies.update(cookies)
    headers = {"X-CSRF-Token": token, "Origin": origin}
    response = await browser.post("/api/datasets", json=NEW_DATASET, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "access.cross_site")
    own = {**headers, "Origin": "http://localhost"}
    assert (await browser.post("/api/datasets", json=NEW_DATASET, headers=own)).status_code == 201


async def test_a_foreign_page_cannot_sign_somebody_in(world: World, browser: httpx.AsyncClient) -> None:
    code = await code_for(world.owner, world.engine)
    response = await browser.post("/api/session", json={"code": code}, headers={"Origin": "http://evil.example"})
    assert response.status_code == 403
    assert (await browser.post("/api/session", json={"code": code})).status_code == 200  # and it did not use it up


async def test_a_key_in_a_cookie_and_a_session_in_a_header_are_refused(
    world: World, browser: httpx.AsyncClient
) -> None:
    cookies, _ = await browser_session(world.engine, world.owner)
    bearer = {"Authorization": f"Bearer {cookies[PLAIN_COOKIE]}"}
    assert (await browser.get("/api/session", headers=bearer)).status_code == 401
    for name in (PLAIN_COOKIE, SECURE_COOKIE):
        response = await browser.get("/api/session", headers={"Cookie": f"{name}={world.owner.key}"})
        assert response.status_code == 401


@pytest.mark.parametrize("header", ["Basic {}", "Bearer", "Bearer  ", "{}", "Bearer {} {}", "Token {}"])
async def test_only_a_bearer_header_with_one_key_counts(world: World, browser: httpx.AsyncClient, header: str) -> None:
    text = header.format(*[world.owner.key] * header.count("{}"))
    response = await browser.get("/api/session", headers={"Authorization": text})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_key_under_another_tenants_id_opens_nothing(
    world: World, browser: httpx.AsyncClient, http: httpx.AsyncClient
) -> None:
    from tests.support.world import make_world

    stranger = await make_world(world.engine, http)
    key = world.owner.key.replace(world.tenant_id.hex, stranger.tenant_id.hex)
    assert parse_secret(key) is not None
    assert (await browser.get("/api/session", headers={"Authorization": f"Bearer {key}"})).status_code == 401

"""Browsers that keep their cookies, and people who come in by invitation."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from karat.access import passwords
from karat.api.engine import Engine
from karat.kit import Role
from tests.support.world import World

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True, scope="module")
def cheap_hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a hash costs is for the tests of passwords; everywhere else it is only waited for."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.module.__name__.endswith("test_passwords"):
            cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
            patch.setattr(passwords, "_hasher", lambda: cheap)
        passwords._nobodys_hash.cache_clear()
        yield
    passwords._nobodys_hash.cache_clear()


@dataclass
class Browser:
    """A browser: it keeps cookies, and our page in it keeps the CSRF token."""

    http: httpx.AsyncClient
    token: str = ""
    agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        """A request of our own page."""
        headers = {"X-CSRF-Token": self.token, "User-Agent": self.agent, "Origin": "https://localhost", **self.headers}
        response = await self.http.request(method, path, json=json, headers=headers, **kwargs)
        self.token = response.headers.get("x-csrf-token", self.token)
        return response

    async def post(self, path: str, json: Any = None) -> Any:
        """The body of a POST that must succeed."""
        return self._body(await self.call("POST", path, json))

    async def get(self, path: str) -> Any:
        """The body of a GET that must succeed."""
        return self._body(await self.call("GET", path))

    async def refused(self, method: str, path: str, json: Any = None) -> tuple[int, str]:
        """Status and code of a request that must not succeed."""
        response = await self.call(method, path, json)
        assert not response.is_success, response.text
        return response.status_code, response.json()["code"]

    @staticmethod
    def _body(response: httpx.Response) -> Any:
        assert response.is_success, f"{response.request.url}: {response.status_code} {response.text}"
        return response.json() if response.content else None


@pytest.fixture
async def new_browser(http: httpx.AsyncClient) -> AsyncIterator[Callable[[], Browser]]:
    """Opens browsers without cookies."""
    opened: list[httpx.AsyncClient] = []

    def open_one() -> Browser:
        opened.append(httpx.AsyncClient(transport=http._transport, base_url="https://localhost"))
        return Browser(opened[-1])

    yield open_one
    for one in opened:
        one.cookies.clear()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """A browser without cookies."""
    return new_browser()


@pytest.fixture(autouse=True)
async def nobody_failed_before(engine: Engine) -> None:
    """All tests come from one address: none shall wait for what another one tried."""
    async with engine.database.transaction(None) as db:
        await db.execute("DELETE FROM throttle")


@dataclass
class Someone:
    """A member who came by invitation, and the browser they are signed in with."""

    user_id: str
    email: str
    browser: Browser
    slug: str

    @property
    def sign_in(self) -> dict[str, str]:
        """What they type to sign in."""
        return {"email": self.email, "password": PASSWORD, "organisation": self.slug}


async def slug_of(world: World) -> str:
    """The tenant's name in addresses."""
    return str((await world.owner.get("/api/tenant"))["slug"])


async def invited(world: World, role: Role = Role.ANNOTATOR, **changes: Any) -> dict[str, Any]:
    """An invitation with its code."""
    new = {"name": "Ada Lovelace", "email": f"{uuid4().hex[:12]}@example.org", "role": role, **changes}
    return dict(await world.owner.post("/api/invitations", new))


async def newcomer(world: World, browser: Browser, role: Role = Role.ANNOTATOR) -> Someone:
    """Somebody who has just accepted with a password."""
    made = await invited(world, role)
    session = await browser.post("/api/invitation/accept", {"code": made["code"], "password": PASSWORD})
    return Someone(session["user"]["id"], made["email"], browser, session["tenant"]["slug"])


async def make_old(world: World, user_id: str, column: str, interval: str) -> None:
    """Move a moment of the person's sessions into the past."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(
            f"UPDATE session SET {column} = {column} - $2::text::interval WHERE user_id = $1::text::uuid",
            user_id,
            interval,
        )

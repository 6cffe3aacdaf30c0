"""A real server and a real browser, one of each per test process; every test has a tenant and a watched window of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext

from karat.api.serve import Serving, serving
from karat.config import Settings
from tests.support.browser import WIDE, LiveWorld, Watch, chromium, running_chromium, sign_in
from tests.support.world import Person, World, make_world

OpenWindow = Callable[..., Awaitable[BrowserContext]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with running_chromium(path) as running:
        yield running


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Serving]:
    folder = tmp_path_factory.mktemp("browser") / "data"
    # Buckets and models of the tests are on this machine.
    settings = Settings(data_dir=folder, port=0, log_level="error", outbound_allow="127.0.0.1")
    async with serving(settings) as running:
        yield running


@pytest.fixture
async def world(server: Serving) -> AsyncIterator[World]:
    """A tenant of its own on the server that the browser sees."""
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        made = await make_world(server.engine, client)
        yield LiveWorld(made.engine, made.http, made.tenant_id, made.people)


@pytest.fixture
def watch(server: Serving) -> Watch:
    """What went wrong unseen; a test announces what it provokes."""
    return Watch(server.url)


@pytest.fixture
async def window(browser: Browser, server: Serving, watch: Watch) -> AsyncIterator[OpenWindow]:
    """Opens a browser of somebody's own: cookies, storage and locks are not shared with another one."""
    opened: list[BrowserContext] = []

    async def open_window(person: Person | None = None, **options: object) -> BrowserContext:
        context = await browser.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        opened.append(context)
        watch.follow(context)
        if person:
            await sign_in(context, server, person)
        return context

    yield open_window
    for context in opened:
        await context.close()
    assert not watch.unexpected()

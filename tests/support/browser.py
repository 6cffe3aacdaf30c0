"""A browser that is watched: what goes wrong in a page without being seen fails the test all the same."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

from karat.api.serve import Serving
from tests.support.world import Person, World, browser_session

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
NO_CONNECTION = r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_|NETWORK_|EMPTY_RESPONSE|ABORTED|FAILED)"


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


@asynccontextmanager
async def running_chromium(path: str) -> AsyncIterator[Browser]:
    """A browser, until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


class Watch:
    """Collects what no page of ours may do: say an error, throw one, speak to another origin."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.faults: list[str] = []
        self.requests: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """Errors that match are part of what the test does."""
        self._expected.append(re.compile(pattern))

    def follow(self, context: BrowserContext) -> None:
        """Watch every page of the context, those to come included."""
        context.on("console", self._on_console)
        context.on("request", self._on_request)
        context.on("weberror", lambda error: self._note(f"thrown: {error.error}"))
        context.on("page", lambda page: page.on("dialog", self._on_dialog))

    def unexpected(self) -> list[str]:
        """What the test did not announce."""
        return [fault for fault in self.faults if not any(one.search(fault) for one in self._expected)]

    async def _on_dialog(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self._note(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _on_console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        # Nobody is signed in yet when the page first asks who is.
        if message.type == "error" and not ("status of 401" in message.text and where.endswith("/api/session")):
            self._note(f"console: {message.text} ({where})")

    def _on_request(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url}")
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(self.url + "/"):
            self._note(f"another origin: {request.url}")

    def _note(self, fault: str) -> None:
        self.faults.append(fault)


async def sign_in(context: BrowserContext, server: Serving, person: Person) -> None:
    """Give the browser a session of the person, as the one-time link would."""
    cookies, _ = await browser_session(server.engine, person)
    await context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])


async def until(is_so: Callable[[], Awaitable[Any]], what: str, patience_s: float = 30) -> Any:
    """Ask again until the answer is something; the answer.

    Raises:
        TimeoutError: it never was.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + patience_s
    while loop.time() < give_up:
        if found := await is_so():
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError(f"still not: {what}")


async def shoot(page: Page, name: str) -> None:
    """The screen as it is, wide and narrow, light and dark, kept to be looked at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    for width, size in (("1280", WIDE), ("360", NARROW)):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.wait_for_timeout(120)  # plots are drawn anew for the new size
            await page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await page.emulate_media(color_scheme="light")
    await page.wait_for_timeout(60)


async def settled(page: Page) -> None:
    """Wait until the screen shows what it will show: no skeleton, no request under way."""
    await page.wait_for_selector("h1")
    await page.wait_for_function("() => !document.querySelector('[class*=mantine-Skeleton-root][data-visible]')")
    await page.wait_for_timeout(80)


class LiveWorld(World):
    """A tenant on a server whose own runner does the jobs."""

    async def drain(self) -> None:
        """Wait until no job of this tenant is left to do."""

        async def nothing_left() -> bool:
            jobs = (await self.owner.get("/api/jobs?limit=50"))["items"]
            return not any(job["state"] in ("queued", "running") for job in jobs)

        await until(nothing_left, "every job is done")

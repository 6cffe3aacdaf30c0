"""People, walked in real browsers: invited in one, joining in another, signing in with everything that there is."""

import asyncio
import re
from typing import Any

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.test_screens import TOO_WIDE, axe_faults
from tests.support.browser import AXE, NARROW, Watch, settled, shoot
from tests.support.world import World

PASSWORD, ANOTHER = "seven purple herons wait", "a kettle under the long bridge"
REFUSED = r"status of (401|403|404|409|410|422|429)"


@pytest.mark.timeout(180)
async def test_somebody_who_is_invited_joins_in_a_browser_of_their_own_and_signs_in_again(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(REFUSED)
    owner = await (await window(world.owner)).new_page()
    link = await invite(owner, server.url, "Ada Nurse", "ada@example.com", "Reviewer")
    guest_window = await window()
    guest = await guest_window.new_page()
    await join(guest, link)
    await expect(guest.get_by_role("heading", name="Hello Ada Nurse")).to_be_visible()
    await expect(guest.get_by_role("link", name="People")).to_have_count(0)

    await owner.reload()
    await expect(owner.get_by_role("row", name=re.compile("ada@example.com"))).to_contain_text("accepted")
    stranger = await (await window()).new_page()
    await stranger.goto(link)
    await expect(stranger.get_by_role("alert")).to_contain_text("accepted already")
    await shoot(stranger, "31-invitation-used")

    slug = (await world.owner.get("/api/tenant"))["slug"]
    await sign_out(guest)
    await sign_in(guest, server.url, "ada@example.com", "not the password at all", slug)
    await expect(guest.get_by_role("alert")).to_contain_text("the password or the organisation is wrong")
    await shoot(guest, "32-sign-in-wrong")
    await guest.get_by_label("Password", exact=True).fill(PASSWORD)
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_role("heading", name="Hello Ada Nurse")).to_be_visible()

    await change_role(owner, server.url, "Ada Nurse", "Manager")
    await guest.goto(server.url + "/projects")
    await expect(guest).to_have_url(re.compile("/sign-in"))


async def invite(page: Page, url: str, name: str, email: str, role: str) -> str:
    """Make an invitation on the screen of people; its link."""
    await page.goto(f"{url}/people?part=invitations")
    await expect(page.get_by_role("heading", name="Nobody is invited yet")).to_be_visible()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label(role, exact=True).check()
    await page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("code").filter(has_text="/invitation#")
    await expect(link).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile(email))).to_contain_text("waiting")
    await shoot(page, "29-people-invited")
    return await link.inner_text()


async def join(page: Page, link: str) -> None:
    """Open an invitation and set a password, the first one too weak."""
    await page.goto(link)
    await expect(page.get_by_text("invites you as Reviewer")).to_be_visible()
    await shoot(page, "30-invitation")
    await page.get_by_label("Password", exact=True).fill("password1234")
    await page.get_by_role("button", name="Set the password and join").click()
    await expect(page.get_by_text("among those that are tried first")).to_be_visible()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Set the password and join").click()


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Your menu").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in"))


async def sign_in(page: Page, url: str, email: str, password: str, slug: str) -> None:
    """Fill in the sign-in page; it asks for the organisation where there are several."""
    await page.goto(url + "/sign-in")
    await settled(page)
    await page.wait_for_load_state("networkidle")
    if await page.get_by_label("Organisation").count():
        await page.get_by_label("Organisation").fill(slug)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def change_role(page: Page, url: str, name: str, role: str) -> None:
    await page.goto(url + "/people")
    await page.get_by_role("button", name=name).click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label(role, exact=True).check()
    await expect(drawer.get_by_text("A new role signs")).to_be_visible()
    await shoot(page, "33-member")
    await drawer.get_by_role("button", name="Save").click()
    await expect(drawer.get_by_text("Saved")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile(name))).to_contain_text(role)


@pytest.mark.timeout(180)
async def test_a_password_an_app_and_a_recovery_code_are_set_up_and_then_asked_for(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(REFUSED)
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/settings")
    await page.get_by_label("E-mail").fill("owner@example.com")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    await page.get_by_role("link", name="Security").click()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Set the password").click()
    await expect(page.get_by_text("your other browsers are signed out")).to_be_visible()
    secret, codes = await set_up_app(page)
    slug = (await world.owner.get("/api/tenant"))["slug"]

    await sign_out(page)
    await sign_in(page, server.url, "owner@example.com", PASSWORD, slug)
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await shoot(page, "36-second-step")
    await page.get_by_label("Code of the app").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("The code is wrong")
    await page.get_by_role("button", name="I do not have the app at hand").click()
    await page.get_by_label("Recovery code").fill(codes[0])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    await page.goto(server.url + "/settings/security")
    await expect(page.get_by_text(f"{len(codes) - 1} recovery codes are left")).to_be_visible()
    assert secret not in await page.content()


async def set_up_app(page: Page) -> tuple[str, list[str]]:
    """Set up an authenticator app; its secret and the recovery codes."""
    await page.get_by_role("button", name="Set up an authenticator app").click()
    await expect(page.get_by_alt_text("QR code for the authenticator app")).to_be_visible()
    secret = await page.locator("code").first.inner_text()
    await shoot(page, "34-authenticator")
    await page.get_by_label("Code of the app").fill(pyotp.TOTP(secret.replace(" ", "")).now())
    await page.get_by_role("button", name="Put it into use").click()
    shown = page.locator("code").filter(has_text="-").first
    await expect(page.get_by_text("Keep these recovery codes")).to_be_visible()
    await shoot(page, "35-recovery-codes")
    return secret, (await shown.inner_text()).split("\n")


@pytest.mark.timeout(120)
async def test_a_passkey_is_made_on_the_invitation_and_signs_in_without_typing(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    by_name = server.url.replace("127.0.0.1", "localhost")
    watch.expect(f"another origin: {by_name}")
    watch.expect(REFUSED)
    made = await world.owner.post("/api/invitations", {"name": "Bo Key", "email": "bo@example.com"})
    context = await window()
    page = await context.new_page()
    await with_authenticator(context, page)
    await page.goto(f"{by_name}/invitation#{made['code']}")
    await page.get_by_role("button", name="Join with a passkey").click()
    await expect(page.get_by_role("heading", name="Hello Bo Key")).to_be_visible()
    await page.goto(by_name + "/settings/security")
    await expect(page.get_by_label("Name of the passkey First passkey")).to_be_visible()
    await page.get_by_role("button", name="Remove the passkey First passkey").click()
    await page.get_by_role("button", name="Remove for good").click()
    await expect(page.get_by_role("alert")).to_contain_text("your only way to sign in")
    await shoot(page, "37-security")
    await sign_out(page)
    await page.goto(by_name + "/sign-in")
    await page.wait_for_load_state("networkidle")
    if await page.get_by_label("Organisation").count():
        await page.get_by_label("Organisation").fill((await world.owner.get("/api/tenant"))["slug"])
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", name="Hello Bo Key")).to_be_visible()


async def with_authenticator(context: BrowserContext, page: Page) -> None:
    """A device that makes passkeys and is always unlocked."""
    session = await context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.timeout(120)
async def test_who_guesses_is_told_how_long_to_wait(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(REFUSED)
    page = await (await window()).new_page()
    slug = (await world.owner.get("/api/tenant"))["slug"]
    body = {"email": "nobody@example.com", "password": "wrong", "organisation": slug}
    wait = 0
    while wait < 4:  # each further guess doubles it
        response = await world.http.post("/api/sign-in", json=body, headers={"Origin": server.url})
        wait = response.json().get("retry_after_s", 0)
        await asyncio.sleep(wait if wait < 4 else 0)
    await sign_in(page, server.url, "nobody@example.com", "wrong again", slug)
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Too many attempts")
    await expect(alert).to_contain_text(re.compile(r"try again in \d+:\d\d"))
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_disabled()
    await shoot(page, "38-throttled")


@pytest.mark.timeout(120)
async def test_members_are_grouped_let_back_in_and_deactivated(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(REFUSED)
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/people?part=groups")
    await page.get_by_label("Name of a new group").fill("night shift")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Name of the group night shift")).to_be_visible()
    member = (await world.owner.get(f"/api/members/{world.annotator.caller.user_id}"))["name"]
    await page.get_by_role("tab", name="Members").click()
    await page.get_by_role("button", name=member, exact=True).click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("Groups").click()
    await page.get_by_role("option", name="night shift").click()
    await drawer.get_by_role("button", name="Save").click()
    await expect(drawer.get_by_text("Saved")).to_be_visible()
    await drawer.get_by_role("button", name="Make a link").click()
    link = await drawer.locator("code").filter(has_text="/reset#").inner_text()
    guest = await (await window()).new_page()
    await guest.goto(link)
    await guest.get_by_label("Password", exact=True).fill(ANOTHER)
    await shoot(guest, "39-reset")
    await guest.get_by_role("button", name="Set the password").click()
    await expect(guest.get_by_text("Sign in with it now.")).to_be_visible()

    await drawer.get_by_role("button", name=f"Deactivate {member}").click()
    await drawer.get_by_role("button", name="Deactivate now").click()
    await expect(drawer.get_by_role("button", name="Activate")).to_be_visible()
    await page.keyboard.press("Escape")
    row = page.get_by_role("row", name=re.compile(re.escape(member)))
    await expect(row).to_contain_text("deactivated")
    await expect(row).to_contain_text("night shift")


@pytest.mark.timeout(120)
async def test_the_screens_before_the_door_keep_nobody_out(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in web/")
    watch.expect(REFUSED)
    hostile = '<img src=x data-xss onerror="window.__xss=1">'
    made = await world.owner.post("/api/invitations", {"name": hostile, "email": "x@example.com"})
    page = await (await window(viewport=NARROW)).new_page()
    faults = []
    for path in (
        "/sign-in",
        "/sign-in#cut-off",
        f"/invitation#{made['code']}",
        "/invitation#cut-off",
        "/reset#cut-off",
    ):
        await page.goto("about:blank")
        await page.goto(server.url + path)
        await settled(page)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.wait_for_timeout(150)
            faults += [f"{path}, {scheme}: {fault}" for fault in await axe_faults(page)]
        faults += [f"{path}: too wide: {fault}" for fault in await page.evaluate(TOO_WIDE)]
        assert not await page.evaluate("() => window.__xss ?? document.querySelector('[data-xss]')")
    assert not faults, "\n".join(faults)

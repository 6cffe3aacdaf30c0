"""The hand of a lead who sets a project up in the wizard, and the data that it is about."""

import io
import re
import zipfile

from PIL import Image, ImageDraw
from playwright.async_api import Locator, Page, expect

from karat.api.serve import Serving
from tests.browser.test_screens import TOO_WIDE, axe_faults
from tests.support.browser import AXE, SCREENSHOTS, settled
from tests.support.world import World

N_IMAGES = 101  # from 100 on a pilot is recommended


def picture(at: int) -> bytes:
    image = Image.new("RGB", (96, 72), (120 + at, 150, 170))
    ImageDraw.Draw(image).rectangle((8 + at % 40, 30, 48 + at % 40, 58), fill=(160, 40 + at, 40))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


async def street_data(world: World, n: int = N_IMAGES) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(n):
            archive.writestr(f"street-{at:03}.png", picture(at))
    dataset = await world.owner.post("/api/datasets", {"name": "Streets", "modality": "image"})
    await world.owner.post(f"/api/datasets/{dataset['id']}/imports?filename=all.zip", content=packed.getvalue())
    await world.drain()
    return str(dataset["id"])


class Wizard:
    """The hand of the lead who sets a project up."""

    def __init__(self, page: Page, size: str) -> None:
        self.page, self.size = page, size
        self.faults: list[str] = []

    async def open(self, server: Serving) -> None:
        await self.page.goto(f"{server.url}/projects/new")
        await settled(self.page)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    async def next(self, heading: str | None = None) -> None:
        await self.button("Next").click()
        if heading:
            await expect(self.page.get_by_role("heading", name=heading)).to_be_visible()

    async def from_template(self) -> None:
        """As far as the instructions."""
        await self.page.get_by_role("radio", name="Streets").check()
        await self.next("Which classes are there?")
        await self.page.get_by_role("button", name="Boxes in street scenes").click()
        await self.next("What should people know?")

    async def says(self, field: str, fault: str) -> None:
        """The field is marked as faulty, and the fault is what it is described by."""
        await expect(self.field(field)).to_have_attribute("aria-invalid", "true")
        await expect(self.field(field)).to_have_accessible_description(re.compile(fault))

    async def look(self, what: str) -> None:
        """Keep pictures of the screen, and what axe finds in it."""
        SCREENSHOTS.mkdir(exist_ok=True)
        for scheme in ("light", "dark"):
            await self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await self.page.wait_for_timeout(150)
            await self.page.screenshot(path=SCREENSHOTS / f"setup-{what}-{self.size}-{scheme}.png")
            if AXE.is_file():
                self.faults += [f"{what}, {scheme}: {fault}" for fault in await axe_faults(self.page)]
        self.faults += [f"{what}: too wide: {fault}" for fault in await self.page.evaluate(TOO_WIDE)]
        await self.page.emulate_media(color_scheme="light")


async def choose_by_keyboard(wizard: Wizard, opener: str) -> str:
    """Open the picker, search, go down and right, choose, take: without a mouse. The name of what was chosen."""
    page = wizard.page
    await wizard.button(opener).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_placeholder("Search by name or id")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(wizard.button(opener)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_placeholder("Search by name or id")).to_be_focused()
    await page.keyboard.type("street-0")
    await expect(page.get_by_role("option").first).to_have_accessible_name("street-099.png", timeout=20_000)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("option").first).to_be_focused()
    for key in ("End", "ArrowRight", "Home", "ArrowDown", "ArrowRight"):
        await page.keyboard.press(key)
    focused = page.locator("[role=option]:focus")
    name = await focused.get_attribute("aria-label") or ""
    await page.keyboard.press("Space")
    await expect(focused).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("option").nth(24)).to_be_attached()  # End asked for the next page
    await wizard.look("picker")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Take this one")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(wizard.field("Caption of good example 1")).to_be_focused()
    return name


async def remove_asset(world: World, name: str) -> None:
    """As nobody can do over the API today: it may all the same happen between two visits of a draft."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        assert await db.execute("DELETE FROM asset WHERE name = $1", name) == 1

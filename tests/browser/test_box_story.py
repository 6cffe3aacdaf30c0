"""From a folder of pictures to checked boxes in COCO, in real browsers of two people, wide and narrow.

A lead uploads a folder, sets the project up in the wizard and invites somebody, who joins in a browser of their own and
draws boxes by mouse and by keyboard. A second answer, which errs on purpose, comes by the API; the lead reviews, checks what
is drawn and takes the labels away. On every screen on the way axe finds nothing serious, and nothing is wider than the window.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Page, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.test_boxes import HEIGHT, WIDTH, Editor, box
from tests.browser.test_screens import TOO_WIDE, axe_faults
from tests.support.browser import AXE, NARROW, SCREENSHOTS, WIDE, settled, until
from tests.support.world import World, answer

N_IMAGES = 6
CARS = [(60 + 30 * at, 240, 200, 120) for at in range(N_IMAGES)]
PASSWORD = "seven purple herons wait"
MOVED, MISSED = "street-1.png", "street-4.png"
INSTRUCTIONS = "# What to mark\n\n- **car**: with its wheels, tightly\n- mark every car"
pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in web/")


class Looking:
    """Looks at a screen as it is, light when wide and dark when narrow: a picture to keep, and what keeps somebody out."""

    def __init__(self, width: int) -> None:
        self.name = f"{width}-{'light' if width == WIDE['width'] else 'dark'}"
        self.faults: list[str] = []
        self._n = 0

    async def at(self, page: Page, name: str) -> None:
        self._n += 1
        await page.emulate_media(color_scheme="light" if "light" in self.name else "dark")
        await page.wait_for_timeout(150)
        SCREENSHOTS.mkdir(exist_ok=True)
        await page.screenshot(path=SCREENSHOTS / f"story-{self._n:02}-{name}-{self.name}.png")
        self.faults += [f"{name}: {fault}" for fault in await axe_faults(page)]
        self.faults += [f"{name} is too wide: {fault}" for fault in await page.evaluate(TOO_WIDE)]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
async def test_a_folder_becomes_checked_boxes_in_the_hands_of_two_people(
    world: World, window: OpenWindow, server: Serving, tmp_path: Path, viewport: dict[str, int]
) -> None:
    look = Looking(viewport["width"])
    lead = await (await window(world.owner, viewport=viewport, accept_downloads=True)).new_page()
    guest = await (await window(viewport=viewport)).new_page()

    await lead.goto(server.url)
    project = await set_up(lead, look, world, streets(tmp_path))
    await join(guest, look, await invite(lead, look))
    await label(guest, look, await open_work(guest, look))
    await somebody_errs(world, project)
    await review(lead, look, world, project)
    await check(lead, look, world, project)
    found = await export(lead, look, tmp_path, project)

    assert found.keys() == {f"{'day' if at % 2 else 'night'}/street-{at}.png" for at in range(N_IMAGES)}
    for name, boxes in found.items():
        (one,) = boxes
        assert iou(one, CARS[int(name[-5])]) > 0.9, name
    assert not look.faults, "\n".join(look.faults)


def streets(place: Path) -> Path:
    """A folder with two folders of pictures, a car in each."""
    for at, (x, y, width, height) in enumerate(CARS):
        image = Image.new("RGB", (WIDTH, HEIGHT), (150, 175, 190) if at % 2 else (40, 50, 80))
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 330, WIDTH, HEIGHT), fill=(95, 95, 92))
        pen.rounded_rectangle((x, y + 35, x + width, y + height - 22), 16, fill=(170, 40, 40))
        pen.rounded_rectangle((x + 45, y, x + width - 55, y + 60), 18, fill=(150, 30, 34))
        for wheel in (x + 30, x + width - 75):
            pen.ellipse((wheel, y + height - 46, wheel + 46, y + height), fill=(25, 25, 25))
        path = place / "streets" / ("day" if at % 2 else "night") / f"street-{at}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    return place / "streets"


async def set_up(page: Page, look: Looking, world: World, folder: Path) -> dict[str, Any]:
    """Through the wizard."""
    await page.get_by_role("link", name="Make the first project").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choose a folder").click()
    await (await choosing.value).set_files(folder)
    await expect(page.get_by_text(f"{N_IMAGES} assets added")).to_be_visible(timeout=30_000)
    await look.at(page, "data")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("radio", name="Boxes around things").check()
    await page.get_by_role("button", name="Add the first class").click()
    await page.keyboard.type("car")
    await look.at(page, "classes")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("textbox", name="Instructions").fill(INSTRUCTIONS)
    await look.at(page, "instructions")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Mean loss at most").fill("25")
    await page.get_by_label("With confidence").fill("80")
    await page.get_by_role("radio", name="Several people").check()
    await page.get_by_label("People for each asset").fill("2")
    await look.at(page, "target")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("textbox", name="Name of the project").fill("Cars")
    await look.at(page, "begin")
    await page.get_by_role("button", name="Create project").click()
    await expect(page.get_by_role("heading", name="Cars")).to_be_visible()
    [project] = (await world.owner.get("/api/projects"))["items"]

    async def has_tasks() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project['id']}"))["n_tasks"] == N_IMAGES)

    await until(has_tasks, "every asset has its task")
    await settled(page)
    await look.at(page, "overview")
    return dict(project)


async def invite(page: Page, look: Looking) -> str:
    """The link of an invitation as annotator."""
    await page.goto(f"{origin(page)}/people?part=invitations")
    await page.get_by_label("Name").fill("Ben Painter")
    await page.get_by_label("E-mail").fill("ben@example.com")
    await page.get_by_label("Annotator", exact=True).check()
    await page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("code").filter(has_text="/invitation#")
    await expect(link).to_be_visible()
    await look.at(page, "invited")
    return await link.inner_text()


async def join(page: Page, look: Looking, link: str) -> None:
    await page.goto(link)
    await expect(page.get_by_text("invites you as Annotator")).to_be_visible()
    await look.at(page, "invitation")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Set the password and join").click()
    await expect(page.get_by_role("heading", name="Hello Ben Painter")).to_be_visible()


async def open_work(page: Page, look: Looking) -> Editor:
    await look.at(page, "home-of-annotator")
    editor = Editor(page)
    await page.get_by_role("link", name=re.compile("^(Label|Continue)")).first.click()
    await editor.ready()
    return editor


async def label(page: Page, look: Looking, editor: Editor) -> None:
    """The first by mouse, the second by keyboard alone, and so on."""
    await page.keyboard.press("i")
    await expect(page.get_by_role("heading", name="What to mark")).to_be_visible()
    await look.at(page, "instructions-of-annotator")
    await page.keyboard.press("Escape")
    for at in range(N_IMAGES):
        await editor.ready()
        await editor.objects(0)
        car = CARS[await number_shown(page)]
        if at % 2:
            await draw_by_keyboard(editor, car)
        else:
            await editor.draw(car)
        await editor.objects(1)
        if at < 2:
            await look.at(page, f"box-by-{'keyboard' if at % 2 else 'mouse'}")
        await page.locator("[role=application]").focus()
        await editor.press("Enter")
        await editor.submitted(at + 1)
    await expect(page.get_by_text(f"Handed in here: {N_IMAGES}")).to_be_visible()
    await look.at(page, "nothing-left")
    await page.close()


async def draw_by_keyboard(editor: Editor, place: tuple[int, int, int, int]) -> None:
    """The crosshair begins in the middle; arrows go one pixel, ten with Shift and fifty with Control."""
    x, y, width, height = place
    await editor.press("Escape", "n")
    await steps(editor, x - WIDTH // 2, y - HEIGHT // 2)
    await editor.press("Enter")
    await steps(editor, width, height)
    await editor.press("Enter")


async def steps(editor: Editor, right: int, down: int) -> None:
    for distance, plus, minus in ((right, "ArrowRight", "ArrowLeft"), (down, "ArrowDown", "ArrowUp")):
        key = plus if distance > 0 else minus
        far, rest = divmod(abs(distance), 50)
        await editor.press(*[f"Control+{key}"] * far, *[f"Shift+{key}"] * (rest // 10), *[key] * (rest % 10))


async def shown(page: Page) -> str:
    """The name of the asset before somebody."""
    name = await page.get_by_role("application").get_attribute("aria-label")
    found = re.search(r"\S+\.png", name or "")
    assert found, name
    return found[0]


async def number_shown(page: Page) -> int:
    return int((await shown(page))[-5])


async def somebody_errs(world: World, project: dict[str, Any]) -> None:
    """The second answer: one box too far off, one not there, the rest right."""
    while items := (await world.annotator.post(f"/api/projects/{project['id']}/next", {"count": 10}))["items"]:
        for work in items:
            name = work["asset"]["name"]
            x, y, width, height = CARS[int(name[-5])]
            boxes = [box("car", (x + (150 if name.endswith(MOVED) else 1), y, width, height))]
            said = answer(work, annotations=[] if name.endswith(MISSED) else boxes)
            await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", said)


async def phase(world: World, project: dict[str, Any], wanted: str) -> None:
    async def is_there() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project['id']}"))["phase"] == wanted)

    await until(is_there, wanted)


async def review(page: Page, look: Looking, world: World, project: dict[str, Any]) -> None:
    """Two are in doubt: the right answer of one is accepted as it is, the other is drawn anew."""
    await phase(world, project, "review_needed")
    await page.goto(origin(page))
    await settled(page)
    await look.at(page, "home-of-lead")
    await page.get_by_role("link", name="Review", exact=True).click()
    editor = Editor(page)
    for at in range(2):
        await editor.ready()
        await look.at(page, f"review-{at}")
        await put_right(editor, CARS[await number_shown(page)])
        await editor.press("Enter")
        why = page.get_by_text("Why did it need a fix?")
        await expect(why).to_be_visible()
        await look.at(page, f"reasons-{at}")
        await page.get_by_role("button", name=re.compile("not marked|Other")).first.click()
    await expect(page.get_by_text("Nothing for you at the moment")).to_be_visible()


async def put_right(editor: Editor, car: tuple[int, int, int, int]) -> None:
    """Clear what is there and draw the car."""
    await editor.page.locator("[role=application]").focus()
    await editor.press("Control+a", "Delete", "1")
    await editor.press("b")
    await editor.draw(car)


async def check(page: Page, look: Looking, world: World, project: dict[str, Any]) -> None:
    await phase(world, project, "checking")
    await page.get_by_role("link", name="Go to the checks").click(timeout=30_000)
    await expect(page.get_by_text("certificate check")).to_be_visible()
    editor = Editor(page)
    over = page.get_by_role("heading", name="This project is certified")
    await editor.ready()
    await look.at(page, "check")
    n = 0
    while not await over.is_visible():
        before, n = await shown(page), n + 1
        await editor.press("Enter")
        await editor.submitted(n)
        await expect(page.get_by_role("application", name=before)).to_have_count(0)
        await expect(over.or_(page.get_by_role("application"))).to_be_visible(timeout=20_000)
    await look.at(page, "certified")


async def export(page: Page, look: Looking, folder: Path, project: dict[str, Any]) -> dict[str, list[list[float]]]:
    """The boxes of each picture as the downloaded COCO says them."""
    await page.goto(f"{origin(page)}/projects/{project['id']}/quality")
    await settled(page)
    await look.at(page, "certificate")
    await page.goto(f"{origin(page)}/projects/{project['id']}/deliveries")
    await settled(page)
    await page.get_by_role("radio", name=re.compile("COCO")).check()
    await page.get_by_role("button", name="Export").click()
    link = page.get_by_role("link", name="Download")
    await expect(link).to_be_visible()
    await look.at(page, "deliveries")
    async with page.expect_download() as begun:
        await link.click()
    path = folder / "labels.json"
    await (await begun.value).save_as(path)
    coco = json.loads(path.read_text())
    names = {image["id"]: image["file_name"] for image in coco["images"]}
    found: dict[str, list[list[float]]] = {name: [] for name in names.values()}
    for one in coco["annotations"]:
        found[names[one["image_id"]]].append(one["bbox"])
    return found


def origin(page: Page) -> str:
    """Scheme, host and port of the page."""
    return "/".join(page.url.split("/")[:3])


def iou(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes, each x, y, width, height."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)

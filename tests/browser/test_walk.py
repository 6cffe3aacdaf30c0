"""The main story, walked in a real browser: sign in, upload, label by keyboard, review, check, certificate, export."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Page, expect

from karat import access
from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.support.browser import settled, shoot, until
from tests.support.world import Person, World, answer

N_GOOD = 22
SHAPES = ("circle", "square")
DISPUTED = 3
INSTRUCTIONS = "# Which shape?\n\n- **circle**: it is round\n- **square**: it has corners"


def shape_of(name: str) -> str:
    """What is drawn in the picture of this name."""
    return SHAPES[int(name.removeprefix("shape-").removesuffix(".png")) % 2]


def pictures() -> bytes:
    """A ZIP of 22 good pictures, an exact copy of one, and a file that is no picture."""

    def draw(at: int) -> bytes:
        picture = Image.new("RGB", (48, 48), "white")
        pen = ImageDraw.Draw(picture)
        box = (6 + at % 5, 6, 30 + at // 3, 30 + at // 3)
        (pen.ellipse if SHAPES[at % 2] == "circle" else pen.rectangle)(box, fill=(10 * at, 60, 120))
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return stream.getvalue()

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(N_GOOD):
            archive.writestr(f"shape-{at:02}.png", draw(at))
        archive.writestr("copy-of-03.png", draw(3))
        archive.writestr("broken.png", draw(5)[:60])
    return packed.getvalue()


@pytest.mark.timeout(180)
async def test_a_stranger_gets_from_files_to_a_certificate_that_anybody_can_verify(
    world: World, window: OpenWindow, server: Serving, tmp_path: Path
) -> None:
    page = await (await window(accept_downloads=True)).new_page()
    await sign_in_by_link(page, world, server)
    project = await make_project(page, world)
    await label_by_keyboard(await (await window(world.annotator)).new_page(), server.url, project)
    await somebody_disagrees(world, project, await world.another())
    await review(page, world, project)
    await somebody_answers_again(page, world, project)
    await check(page, world, project)
    certificate = await download_certificate(page, project, tmp_path)
    labels = await export(page, project, tmp_path)
    names = {json.loads(line)["name"] for line in labels.read_text().splitlines()}
    assert names == {f"shape-{at:02}.png" for at in range(N_GOOD)}
    verify(certificate, labels)
    await look_at_every_screen(page, project)


async def sign_in_by_link(page: Page, world: World, server: Serving) -> None:
    async with server.engine.database.transaction(world.tenant_id) as db:
        code = await access.make_sign_in_code(db, world.owner.caller)
    await page.goto(server.url)
    await expect(page).to_have_url(re.compile(r"/sign-in"))
    await expect(page.get_by_label("E-mail")).to_be_focused()
    await page.get_by_role("button", name="I have a one-time link").click()
    await expect(page.get_by_label("One-time code")).to_be_focused()
    await shoot(page, "01-sign-in")
    await page.goto("about:blank")
    await page.goto(server.sign_in_link(code))
    await expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    assert code not in page.url
    await shoot(page, "02-home-empty")


async def make_project(page: Page, world: World) -> dict[str, Any]:
    await page.get_by_role("link", name="Make the first project").click()
    await page.locator("input[type=file]").set_input_files(
        {"name": "shapes.zip", "mimeType": "application/zip", "buffer": pictures()}
    )
    await expect(page.get_by_text(f"{N_GOOD} assets added, 1 exact copy left out")).to_be_visible()
    await expect(page.get_by_text("1 row could not be used")).to_be_visible()
    await expect(page.get_by_text("broken.png")).to_be_visible()
    await shoot(page, "03-new-data")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("button", name="Add the first class").click()
    await page.keyboard.type("circle")
    await page.get_by_role("button", name="Add a class").click()
    await page.keyboard.type("square")
    await shoot(page, "04-new-classes")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("textbox", name="Instructions").fill(INSTRUCTIONS)
    await expect(page.get_by_role("heading", name="Which shape?")).to_be_visible()
    await shoot(page, "05-new-instructions")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Error at most").fill("25")
    await page.get_by_label("With confidence").fill("80")
    await page.get_by_role("radio", name="A fixed number").check()
    await page.get_by_label("Answers for each asset, fixed").fill("2")
    await shoot(page, "06-new-target")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("button", name="Create project").click()
    await expect(page.get_by_role("heading", name="shapes")).to_be_visible()
    [project] = (await world.owner.get("/api/projects"))["items"]
    await until(lambda: has_tasks(world, project), "every asset has its task")
    return dict(project)


async def has_tasks(world: World, project: dict[str, Any]) -> bool:
    return bool((await world.owner.get(f"/api/projects/{project['id']}"))["n_tasks"] == N_GOOD)


async def shown(page: Page) -> str:
    """The class that is drawn in the asset on the screen."""
    line = await page.locator("footer").get_by_text(".png").inner_text()
    return shape_of(line.split(" ")[0])


def key_of(shape: str) -> str:
    return str(1 + SHAPES.index(shape))


async def label_by_keyboard(page: Page, url: str, project: dict[str, Any]) -> None:
    """All of it without a mouse, two steps back and forth included."""
    await page.goto(f"{url}/label/{project['id']}")
    await page.get_by_role("button", name="circle").wait_for()
    await page.keyboard.press("i")
    await expect(page.get_by_role("heading", name="Which shape?")).to_be_visible()
    await shoot(page, "07-label")
    await page.keyboard.press("Escape")
    for at in range(N_GOOD):
        await expect(page.locator("header").get_by_text(f"{at + 1} of ~")).to_be_visible()
        await page.keyboard.press(key_of(await shown(page)))
        if at == 5:
            await take_back_and_give_again(page, at)
    await expect(page.get_by_text("Nothing for you at the moment")).to_be_visible()
    await expect(page.get_by_text(f"Handed in here: {N_GOOD}")).to_be_visible()
    await shoot(page, "08-label-empty")
    await page.close()  # else it takes what is rejected later, and nobody sits before it


async def take_back_and_give_again(page: Page, at: int) -> None:
    progress = page.locator("header").get_by_text("of ~")
    await expect(progress).to_contain_text(f"{at + 2} of ~")
    after = await page.locator("footer").get_by_text(".png").inner_text()
    await page.keyboard.press("Control+z")
    await expect(progress).to_contain_text(f"{at + 1} of ~")
    await page.keyboard.press("Control+Shift+z")
    await expect(progress).to_contain_text(f"{at + 2} of ~")
    await expect(page.locator("footer").get_by_text(".png")).to_have_text(after)
    await page.keyboard.press("Backspace")
    await expect(progress).to_contain_text(f"{at + 1} of ~")
    await page.keyboard.press(key_of(await shown(page)))
    await expect(progress).to_contain_text(f"{at + 2} of ~")


async def somebody_disagrees(world: World, project: dict[str, Any], person: Person) -> None:
    """A second person, who errs on a few."""
    done = 0
    while items := (await person.post(f"/api/projects/{project['id']}/next", {"count": 10}))["items"]:
        for work in items:
            said = shape_of(work["asset"]["name"])
            if done < DISPUTED:
                said = next(shape for shape in SHAPES if shape != said)
            await person.post(f"/api/assignments/{work['assignment_id']}/submission", said_of(work, said))
            done += 1
    assert done == N_GOOD


def said_of(work: dict[str, Any], label: str) -> dict[str, Any]:
    return answer(work, annotations=[{"kind": "image.class", "payload": {"label_class": label}}])


async def review(page: Page, world: World, project: dict[str, Any]) -> None:
    """Accept the right answer, fix the next, reject the last, which says why."""
    await phase(world, project, "review_needed")
    await page.goto(f"{origin(page)}/review/{project['id']}")
    await page.get_by_role("button", name="Accept").wait_for()
    await shoot(page, "09-review")
    right = await shown(page)
    answers = page.get_by_label("Answers").get_by_role("button")
    await expect(answers).to_have_count(2)
    if right not in await answers.first.inner_text():
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("header").get_by_text("2 of ~")).to_be_visible()
    await page.keyboard.press(key_of(await shown(page)))
    await expect(page.get_by_text("Why fix it with")).to_be_visible()
    await shoot(page, "10-review-reason")
    await page.keyboard.press("1")
    await expect(page.locator("header").get_by_text("3 of ~")).to_be_visible()
    await page.keyboard.press("r")
    await page.get_by_label("Reasons").get_by_text("Instructions not followed").click()
    await expect(page.get_by_text("Nothing for you at the moment")).to_be_visible()


async def somebody_answers_again(page: Page, world: World, project: dict[str, Any]) -> None:
    """What was rejected is asked of people who have not answered it; what stays in doubt comes back to the reviewer."""
    others = [await world.another(), await world.another()]

    async def is_decided() -> bool:
        for person in others:
            for work in (await person.post(f"/api/projects/{project['id']}/next", {"count": 10}))["items"]:
                said = said_of(work, shape_of(work["asset"]["name"]))
                await person.post(f"/api/assignments/{work['assignment_id']}/submission", said)
        if await page.get_by_role("button", name="Accept").is_enabled():
            await page.keyboard.press(key_of(await shown(page)))
            await page.get_by_label("Reasons").get_by_text("Other").click()
        return bool((await world.owner.get(f"/api/projects/{project['id']}"))["phase"] == "checking")

    await page.goto(f"{origin(page)}/review/{project['id']}")
    await until(is_decided, "nothing is left to review")


async def check(page: Page, world: World, project: dict[str, Any]) -> None:
    """The blind check comes up in the label stream of whoever may review."""
    await phase(world, project, "checking")
    await page.goto(f"{origin(page)}/label/{project['id']}")
    await expect(page.get_by_text("certificate check")).to_be_visible()
    await shoot(page, "11-check")
    idle = page.get_by_text("Handed in here")
    await expect(idle.or_(page.locator("footer").get_by_text(".png"))).to_be_visible()
    while not await idle.is_visible():
        before = await page.locator("footer").get_by_text(".png").inner_text()
        await page.keyboard.press(key_of(await shown(page)))
        await expect(page.locator("footer").get_by_text(before, exact=True)).to_have_count(0)
        await expect(idle.or_(page.locator("footer").get_by_text(".png"))).to_be_visible()
    await expect(idle).not_to_have_text("Handed in here: 0")
    await phase(world, project, "certified")
    await expect(page.get_by_role("heading", name="This project is certified")).to_be_visible()


async def phase(world: World, project: dict[str, Any], wanted: str) -> None:
    state: dict[str, Any] = {}

    async def is_there() -> bool:
        state.update(await world.owner.get(f"/api/projects/{project['id']}"))
        return bool(state["phase"] == wanted)

    try:
        await until(is_there, wanted)
    except TimeoutError:
        pytest.fail(f"not {wanted} but {state['phase']}: {state['phase_sentence']}")


async def download_certificate(page: Page, project: dict[str, Any], folder: Path) -> Path:
    await page.goto(f"{origin(page)}/projects/{project['id']}/quality")
    await expect(page.get_by_text("Verify this yourself")).to_be_visible()
    await settled(page)
    await shoot(page, "12-certificate")
    async with page.expect_download() as begun:
        await page.get_by_role("link", name="Download the signed certificate").click()
    path = folder / "certificate.json"
    await (await begun.value).save_as(path)
    return path


async def export(page: Page, project: dict[str, Any], folder: Path) -> Path:
    await page.goto(f"{origin(page)}/projects/{project['id']}/deliveries")
    await page.get_by_role("button", name="Export").click()
    link = page.get_by_role("link", name="Download")
    await expect(link).to_be_visible()
    await expect(page.get_by_text(f"· {N_GOOD} labels ·")).to_be_visible()
    await shoot(page, "13-deliveries")
    async with page.expect_download() as begun:
        await link.click()
    path = folder / "labels.jsonl"
    await (await begun.value).save_as(path)
    return path


def verify(certificate: Path, labels: Path) -> None:
    """By the command, without a server; one changed byte is refused."""
    command = [sys.executable, "-m", "karat", "certificate", "verify", certificate, "--labels", labels]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=None)
    assert done.returncode == 0, done.stdout + done.stderr
    forged = certificate.with_name("forged.json")
    forged.write_bytes(certificate.read_bytes().replace(b'"n_checked":', b'"n_checked" :', 1))
    assert forged.read_bytes() != certificate.read_bytes()
    command[5] = forged
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


async def look_at_every_screen(page: Page, project: dict[str, Any]) -> None:
    """What has not been photographed on the way."""
    places = {
        "14-home": "/",
        "15-projects": "/projects",
        "16-overview": f"/projects/{project['id']}",
        "17-data": f"/projects/{project['id']}/data",
        "18-tasks": f"/projects/{project['id']}/tasks",
        "19-project-settings": f"/projects/{project['id']}/settings",
        "20-audit": "/audit",
        "21-settings": "/settings",
        "22-not-found": "/no/such/place",
    }
    for name, path in places.items():
        await page.goto(origin(page) + path)
        await settled(page)
        await shoot(page, name)


def origin(page: Page) -> str:
    """Scheme, host and port of the page."""
    return "/".join(page.url.split("/")[:3])

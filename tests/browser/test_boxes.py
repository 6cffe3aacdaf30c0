"""The box editor in a real browser: drawn by hand and by keyboard, proposed by a model, judged by a reviewer."""

import io
import json
import re
import statistics
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Locator, Page, Request, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.test_screens import TOO_WIDE, axe_faults
from tests.support.browser import AXE, NARROW, SCREENSHOTS, shoot, until
from tests.support.world import Person, World

WIDTH, HEIGHT = 640, 480
CAR, DOG = (60, 250, 220, 120), (380, 90, 140, 160)
Place = tuple[float, float, float, float]
CLASSES = [
    {"name": "car", "hotkey": "1", "description": "Anything with an engine and four wheels."},
    {"name": "dog", "hotkey": "2"},
    {"name": "person", "title": "Person or part of one", "hotkey": "p"},
]
ATTRIBUTES = [
    {"name": "colour", "type": "select", "options": ["red", "blue"], "required": True, "applies_to": ["car"]},
    {"name": "cut off", "type": "checkbox"},
    {"name": "legs", "type": "number", "minimum": 0, "maximum": 4, "applies_to": ["dog"]},
]


def picture(at: int) -> bytes:
    """A street with a car and a dog, a little different each time."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (150, 175, 190))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 330, WIDTH, HEIGHT), fill=(95, 95, 92))
    for x in range(0, WIDTH, 80):
        pen.rectangle((x + at * 7, 398, x + 40 + at * 7, 406), fill=(220, 215, 190))
    x, y, width, height = CAR
    pen.rounded_rectangle((x, y + 35, x + width, y + height - 22), 16, fill=(150 + at * 20, 40, 40))
    pen.rounded_rectangle((x + 45, y, x + width - 55, y + 60), 18, fill=(120, 30, 34))
    for wheel in (x + 30, x + width - 75):
        pen.ellipse((wheel, y + height - 46, wheel + 46, y + height), fill=(25, 25, 25))
    x, y, width, height = DOG
    pen.ellipse((x, y + 50, x + width, y + height), fill=(126, 92, 60))
    pen.ellipse((x + 12, y, x + 88, y + 78), fill=(142, 104, 70))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


async def box_project(world: World, n: int, **target: Any) -> dict[str, Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(n):
            archive.writestr(f"street-{at}.png", picture(at))
    dataset = await world.owner.post("/api/datasets", {"name": "Streets", "modality": "image"})
    await world.owner.post(f"/api/datasets/{dataset['id']}/imports?filename=all.zip", content=packed.getvalue())
    await world.drain()
    project = await world.owner.post(
        "/api/projects",
        {
            "name": "Streets",
            "dataset_id": dataset["id"],
            "kind": "image.box",
            "classes": CLASSES,
            "attributes": ATTRIBUTES,
            "instructions": "# What to mark\n\n- **car**: with its wheels\n- **dog**: with its tail",
            "target": {"overlap": 1, **target},
        },
    )

    async def has_tasks() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project['id']}"))["n_tasks"] == n)

    await until(has_tasks, "every asset has its task")
    return dict(project)


def box(label_class: str, place: Place, **attributes: Any) -> dict[str, Any]:
    x, y, width, height = place
    payload = {"label_class": label_class, "x": x, "y": y, "width": width, "height": height, "attributes": attributes}
    return {"kind": "image.box", "payload": payload}


async def predict(world: World, project: dict[str, Any], said: dict[str, list[tuple[dict[str, Any], float]]]) -> None:
    """Import what a model says of the named assets."""
    tasks = (await world.owner.get(f"/api/projects/{project['id']}/tasks"))["items"]
    ids = {task["asset"]["name"]: task["asset"]["id"] for task in tasks}
    rows = [
        {"asset_id": ids[name], "annotations": [{"payload": one["payload"], "score": score} for one, score in boxes]}
        for name, boxes in said.items()
    ]
    path = f"/api/projects/{project['id']}/prediction-imports?filename=said.jsonl&model=Detector&version=1"
    await world.owner.post(path, content=b"\n".join(json.dumps(row).encode() for row in rows))
    await world.drain()


class Editor:
    """The hand of somebody in front of the screen; places are pixels of the image."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[dict[str, Any]] = []
        page.on("request", self._on_request)

    def _on_request(self, request: Request) -> None:
        if request.method == "POST" and re.search(r"/(submission|review)$", request.url):
            self.sent.append(dict(request.post_data_json or {}))

    @property
    def image(self) -> Locator:
        return self.page.locator("main img")

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.ready()

    async def ready(self) -> None:
        await self.image.wait_for()
        await self.page.wait_for_function("() => document.querySelector('main img')?.naturalWidth > 1")

    async def point(self, x: float, y: float) -> tuple[float, float]:
        there = await self.image.bounding_box()
        assert there
        return there["x"] + x * there["width"] / WIDTH, there["y"] + y * there["height"] / HEIGHT

    async def drag(self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
        await self.page.mouse.move(*await self.point(*start))
        await self.page.mouse.down()
        await self.page.mouse.move(*await self.point((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        await self.page.mouse.move(*await self.point(*end))
        if drop:
            await self.page.mouse.up()

    async def draw(self, place: Place) -> None:
        x, y, width, height = place
        await self.drag((x, y), (x + width, y + height))

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def objects(self, n: int) -> None:
        await expect(self.page.get_by_role("button", name=re.compile("^Submit"))).to_have_text(
            "Submit: no objects" if n == 0 else f"Submit {n} object{'s' * (n > 1)}"
        )

    async def submitted(self, n: int) -> list[dict[str, Any]]:
        async def so_many() -> bool:
            return len(self.sent) >= n

        await until(so_many, "the answer was sent")
        return [one["payload"] for one in self.sent[n - 1]["annotations"]]


def near(payload: dict[str, Any], place: Place, by: float = 2) -> bool:
    return all(abs(payload[name] - at) <= by for name, at in zip(("x", "y", "width", "height"), place, strict=True))


@pytest.mark.timeout(120)
async def test_boxes_are_drawn_by_mouse_and_keyboard_and_survive_a_reload_with_undo_and_redo(
    world: World, window: OpenWindow, server: Serving
) -> None:
    project = await box_project(world, 3)
    page = await (await window(world.annotator)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/label/{project['id']}")
    await editor.objects(0)
    await shoot(page, "boxes-01-empty")
    await editor.ready()

    await editor.draw((80, 260, 150, 80))
    await editor.objects(1)
    await page.wait_for_timeout(100)
    await editor.drag((230, 340), (CAR[0] + CAR[2], CAR[1] + CAR[3]))
    await editor.drag((80, 260), (CAR[0], CAR[1]))
    await editor.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("“colour” is required")
    await shoot(page, "boxes-02-required")
    await page.get_by_role("combobox", name="colour").click()
    await page.get_by_role("option", name="red").click()
    await editor.press("Escape")

    await editor.drag((300, 20), (360, 60), drop=False)
    await editor.press("Escape")
    await page.mouse.up()
    await editor.objects(1)

    # By keyboard alone: from the middle to the dog's corner, and over it.
    await editor.press("Escape", "2", "n")
    await editor.press(*["ArrowRight"] * 10, "Control+ArrowRight")
    await editor.press(*["Control+ArrowUp"] * 3, "Enter", *["Control+ArrowRight"] * 2, *["Shift+ArrowDown"] * 9)
    await shoot(page, "boxes-03-by-keyboard")
    await editor.press("Enter")
    await editor.objects(2)
    drawn = (WIDTH / 2 + 60, HEIGHT / 2 - 150, 100, 90)

    await editor.press("Control+z")
    await editor.objects(1)
    await page.wait_for_timeout(150)
    await page.reload()
    await editor.ready()
    await editor.objects(1)
    await editor.press("Control+Shift+z")
    await editor.objects(2)
    await editor.press("Control+z", "Control+z", "Control+z", "Control+z", "Control+z")
    await editor.objects(0)
    await editor.press(*["Control+y"] * 5)
    await editor.objects(2)
    await shoot(page, "boxes-04-two")

    await page.locator("[role=application]").focus()
    await editor.press("Tab", "Tab")
    await expect(page.get_by_role("status").filter(has_text="dog, 2 of 2")).to_have_count(1)
    await editor.press("ArrowLeft", "Shift+ArrowDown")
    await page.get_by_label("legs").fill("9")
    await expect(page.get_by_role("region", name="Attributes").get_by_text("9 is not possible")).to_be_visible()
    await page.get_by_label("legs").fill("4")
    await page.locator("[role=application]").focus()
    await editor.press("Enter")
    car, dog = await editor.submitted(1)
    assert near(car, CAR)
    assert car["attributes"] == {"colour": "red"}
    assert near(dog, (drawn[0] - 1, drawn[1] + 10, drawn[2], drawn[3]))
    assert dog["label_class"] == "dog"
    assert dog["attributes"] == {"legs": 4}

    # An image with nothing in it is an answer, and the way back gives the boxes again.
    await editor.ready()
    await editor.objects(0)
    await editor.press("Enter")
    assert await editor.submitted(2) == []
    await editor.press("Backspace")
    await editor.ready()
    await editor.objects(0)


async def test_a_double_click_hands_in_only_what_was_seen(world: World, window: OpenWindow, server: Serving) -> None:
    project = await box_project(world, 3)
    page = await (await window(world.annotator)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/label/{project['id']}")
    await page.get_by_role("button", name=re.compile("^Submit")).dblclick()
    await editor.submitted(1)
    await page.wait_for_timeout(700)
    assert len(editor.sent) == 1


@pytest.mark.timeout(120)
async def test_the_wizard_makes_a_project_of_boxes_with_attributes(
    world: World, window: OpenWindow, server: Serving
) -> None:
    await box_project(world, 2)
    page = await (await window(world.owner)).new_page()
    await page.goto(f"{server.url}/projects/new")
    await page.get_by_text("Streets").first.click()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("radio", name="Boxes around things").check()
    await page.get_by_role("button", name="Add the first class").click()
    await page.keyboard.type("car")
    await page.get_by_role("button", name="Add an attribute").click()
    await page.keyboard.type("colour")
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("At least one option is needed")).to_be_visible()
    await page.get_by_label("Options of attribute 1, one a line").fill("red\nblue\n")
    await page.get_by_label("Must be said").check()
    await page.get_by_role("button", name="Add an attribute").click()
    await page.keyboard.type("cut off")
    await page.get_by_role("combobox", name="Type of attribute 2").click()
    await page.get_by_role("option", name="Yes or no").click()
    await page.get_by_role("button", name="Move attribute 2 up").click()
    await expect(page.get_by_label("Name of attribute 1")).to_have_value("cut off")
    await expect(page.get_by_label("Options of attribute 1, one a line")).to_have_value("")
    await shoot(page, "boxes-10-wizard-classes")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("radio", name="Several people").check()
    await page.get_by_label("People for each asset").fill("2")
    await shoot(page, "boxes-11-wizard-target")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("textbox", name="Name of the project").fill("Boxes")
    await page.get_by_role("button", name="Create project").click()
    await expect(page.get_by_role("heading", name="Boxes")).to_be_visible()
    made = next(one for one in (await world.owner.get("/api/projects"))["items"] if one["name"] == "Boxes")
    assert made["ontology"]["kind"] == "image.box"
    assert [one["name"] for one in made["ontology"]["attributes"]] == ["cut off", "colour"]
    assert (
        made["ontology"]["attributes"][1] | {"options": ["red", "blue"], "required": True}
        == (made["ontology"]["attributes"][1])
    )
    assert made["target"]["overlap"] == 2


@pytest.mark.timeout(120)
async def test_what_is_selected_is_copied_moved_together_hidden_locked_and_deleted(
    world: World, window: OpenWindow, server: Serving
) -> None:
    project = await box_project(world, 1)
    page = await (await window(world.annotator)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/label/{project['id']}")
    await editor.press("2")
    await editor.draw((100, 100, 60, 60))
    await editor.press("Control+d")
    await editor.objects(2)
    await editor.press("v")
    await editor.drag((60, 60), (400, 400))
    await expect(page.get_by_role("status").filter(has_text="2 objects selected")).to_have_count(1)
    await editor.drag((130, 130), (900, 130))
    await editor.press("Escape", "l")
    await page.get_by_role("button", name="Lock dog 1").click()
    await page.get_by_role("button", name="Hide dog 2").click()
    await editor.press("Control+a", "Delete")
    await editor.objects(2)
    await page.get_by_role("button", name="Show dog 2").click()
    await editor.press("Control+a", "1")
    await editor.press("Backspace")
    await editor.objects(1)
    await page.get_by_role("button", name="Unlock dog 1").click()
    await editor.press("Enter")
    (left,) = await editor.submitted(1)
    # The two moved together until the right one stood at the edge: it was 12 further right.
    assert near(left, (WIDTH - 60 - 12, 100, 60, 60))


@pytest.mark.timeout(120)
async def test_predictions_are_dashed_until_they_are_taken(world: World, window: OpenWindow, server: Serving) -> None:
    project = await box_project(world, 1)
    said = [(box("dog", DOG), 0.92), (box("person", (20, 20, 60, 60)), 0.4), (box("dog", (500, 400, 60, 40)), 0.1)]
    await predict(world, project, {"street-0.png": said})
    page = await (await window(world.annotator)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/label/{project['id']}")
    await editor.objects(0)
    dashed = page.locator("main svg [data-proposed]")
    await expect(dashed).to_have_count(2)
    await expect(page.get_by_text("0.92")).to_be_visible()
    await shoot(page, "boxes-05-predictions")
    await editor.press("a")
    await editor.objects(1)
    await expect(dashed).to_have_count(1)
    await editor.press("Control+z")
    await expect(dashed).to_have_count(2)
    slider = page.get_by_role("slider", name="Least score")
    await slider.focus()
    await editor.press("Home")
    await expect(dashed).to_have_count(3)
    await page.locator("[role=application]").focus()
    await editor.press("Shift+A")
    await editor.objects(3)
    await page.wait_for_timeout(150)
    await page.reload()
    await editor.ready()
    await editor.objects(3)
    await expect(dashed).to_have_count(0)
    await editor.press("Enter")
    taken = await editor.submitted(1)
    assert [one["label_class"] for one in taken] == ["dog", "person", "dog"]
    assert near(taken[0], DOG, 0)


@pytest.mark.timeout(120)
async def test_a_reviewer_sees_who_marked_what_and_hands_in_a_fix(
    world: World, window: OpenWindow, server: Serving
) -> None:
    project = await box_project(world, 2, overlap=2, min_agreement=0.9)
    second = await world.another()
    shifted = (CAR[0] - 20, CAR[1] - 20, CAR[2], CAR[3])
    await answer_all(world.annotator, project, [box("car", CAR, colour="red"), box("dog", DOG)])
    await answer_all(second, project, [box("car", shifted, colour="red"), box("person", (300, 300, 50, 50))])

    async def waits() -> bool:
        tasks = (await world.owner.get(f"/api/projects/{project['id']}/tasks?stage=review"))["items"]
        return len(tasks) == 2

    await until(waits, "both tasks wait for a reviewer")
    page = await (await window(world.owner)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/review/{project['id']}")
    await expect(page.get_by_role("button", name="Accept", exact=True)).to_be_enabled()
    await shoot(page, "boxes-06-review")
    await page.get_by_role("button", name="Take A").click()
    await editor.press("Enter")
    await until_sent(editor, 1)
    first = editor.sent[0]
    assert first["verdict"] == "accept"
    assert first["submission_id"] or first["annotations"] is None

    await editor.ready()
    await page.get_by_role("button", name="Take A").click()
    await page.locator("[role=application]").focus()
    await editor.press("2")
    await editor.draw((200, 50, 60, 60))
    await expect(page.get_by_role("button", name="Hand in the fix")).to_be_visible()
    await editor.press("Enter")
    await expect(page.get_by_text("Why did it need a fix?")).to_be_visible()
    await shoot(page, "boxes-07-reasons")
    await page.get_by_role("button", name="Something was not marked").click()
    await until_sent(editor, 2)
    fix = editor.sent[1]
    assert (fix["verdict"], fix["reason"]) == ("fix", "missed_object")
    assert near(fix["annotations"][-1]["payload"], (200, 50, 60, 60))

    async def is_done() -> bool:
        return not (await world.owner.get(f"/api/projects/{project['id']}/tasks?stage=review"))["items"]

    await until(is_done, "both are decided")


async def until_sent(editor: Editor, n: int) -> None:
    async def so_many() -> bool:
        return len(editor.sent) >= n

    await until(so_many, "the verdict was sent")


async def answer_all(person: Person, project: dict[str, Any], annotations: list[dict[str, Any]]) -> None:
    while items := (await person.post(f"/api/projects/{project['id']}/next", {"count": 10}))["items"]:
        for work in items:
            body = {
                "submission_id": work["assignment_id"],
                "annotations": annotations,
                "ontology_version_id": work["ontology_version_id"],
                "instructions_version": work["instructions_version"],
                "duration_s": 1,
            }
            await person.post(f"/api/assignments/{work['assignment_id']}/submission", body)


@pytest.mark.timeout(120)
async def test_a_finger_draws_zooms_and_labels_on_360_pixels_without_a_fault_of_axe(
    world: World, window: OpenWindow, server: Serving
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in web/")
    project = await box_project(world, 1)
    await predict(world, project, {"street-0.png": [(box("dog", DOG), 0.92)]})
    page = await (await window(world.annotator, viewport=NARROW, has_touch=True, is_mobile=True)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/label/{project['id']}")
    await page.get_by_role("button", name="car").tap()
    touch = await page.context.new_cdp_session(page)

    async def fingers(kind: str, *points: tuple[float, float]) -> None:
        there = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": there})

    await fingers("touchStart", await editor.point(CAR[0], CAR[1]))
    for share in (0.3, 0.6, 1):
        await fingers("touchMove", await editor.point(CAR[0] + share * CAR[2], CAR[1] + share * CAR[3]))
    await fingers("touchEnd")
    await editor.objects(1)

    before = await editor.image.bounding_box()
    assert before
    x, y = await editor.point(300, 200)
    await fingers("touchStart", (x - 30, y), (x + 30, y))
    await fingers("touchMove", (x - 60, y), (x + 60, y))
    await fingers("touchEnd")
    after = await editor.image.bounding_box()
    assert after
    assert after["width"] == pytest.approx(2 * before["width"], rel=0.02)
    await editor.objects(1)

    faults = []
    for tab in ("Classes", "1 object", "Predictions"):
        await page.get_by_role("tab", name=tab).tap()
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.wait_for_timeout(150)
            faults += [f"{tab}, {scheme}: {fault}" for fault in await axe_faults(page)]
        faults += [f"{tab}: too wide: {fault}" for fault in await page.evaluate(TOO_WIDE)]
        SCREENSHOTS.mkdir(exist_ok=True)
        await page.screenshot(path=SCREENSHOTS / f"boxes-08-touch-{tab.split()[-1]}-360-dark.png")
        await page.emulate_media(color_scheme="light")
    assert not faults, "\n".join(faults)


FRAMES = """() => new Promise((done) => {
  const gaps = []
  let last = null
  const frame = document.querySelector('[role=application]')
  const at = frame.getBoundingClientRect()
  const [x, y] = [at.x + at.width / 2, at.y + at.height / 2]
  const fire = (type, dx, more = {}) => frame.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, pointerType: 'mouse', isPrimary: true, button: 0,
    clientX: x + dx, clientY: y + dx / 3, ...more }))
  let step = 0
  const tick = (now) => {
    if (last !== null) gaps.push(now - last)
    last = now
    step += 1
    if (step < 60) frame.dispatchEvent(new WheelEvent('wheel', {
      bubbles: true, cancelable: true, deltaY: step % 20 < 10 ? -24 : 24, clientX: x, clientY: y }))
    else fire('pointermove', (step % 60) * 2)
    if (step < 120) requestAnimationFrame(tick)
    else done(gaps)
  }
  requestAnimationFrame(tick)
})"""


@pytest.mark.timeout(120)
async def test_three_hundred_boxes_are_zoomed_and_pointed_at_without_a_stutter(
    world: World, window: OpenWindow, server: Serving, record_property: Callable[[str, object], None]
) -> None:
    project = await box_project(world, 1)
    many = [(box("dog", (4 + 31 * (at % 20), 4 + 31 * (at // 20), 25, 25)), 0.9) for at in range(300)]
    await predict(world, project, {"street-0.png": many})
    page = await (await window(world.annotator)).new_page()
    editor = Editor(page)
    await editor.open(f"{server.url}/label/{project['id']}")
    await editor.press("Shift+A")
    await editor.objects(300)
    gaps = await page.evaluate(FRAMES)
    record_property("frame_median_ms", statistics.median(gaps))
    record_property("frame_p95_ms", sorted(gaps)[int(0.95 * len(gaps))])
    print(
        f"300 boxes: a frame takes {statistics.median(gaps):.1f} ms, p95 {sorted(gaps)[int(0.95 * len(gaps))]:.1f} ms"
    )
    await shoot(page, "boxes-09-many")
    # Generous, for two cores that others use as well: what redraws everything for every step takes several times as long.
    assert statistics.median(gaps) < 60
    await editor.press("Enter")
    assert len(await editor.submitted(1)) == 300

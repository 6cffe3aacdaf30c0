"""A photo that its camera noted to be turned: boxes, exports and pictures agree on the picture as it is shown."""

import io
import json
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageOps
from playwright.async_api import Page, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.test_boxes import Editor, near
from tests.support.browser import Watch, shoot, until
from tests.support.world import World

pytestmark = pytest.mark.slow

SHOWN = (480, 640)
CUP = (300.0, 80.0, 120.0, 200.0)  # where it is in the picture as it is shown
TURNED_RIGHT = 6  # EXIF: the first row of the file is the right side of the picture


def photo() -> bytes:
    """A red cup on grey, stored lying on its side as phones do."""
    upright = Image.new("RGB", SHOWN, (120, 130, 140))
    x, y, width, height = CUP
    ImageDraw.Draw(upright).rectangle((x, y, x + width - 1, y + height - 1), fill=(210, 30, 30))
    exif = Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    stream = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(stream, "JPEG", exif=exif, quality=95)
    return stream.getvalue()


class Upright(Editor):
    """The same hand, on a picture of another size."""

    async def point(self, x: float, y: float) -> tuple[float, float]:
        there = await self.image.bounding_box()
        assert there
        return there["x"] + x * there["width"] / SHOWN[0], there["y"] + y * there["height"] / SHOWN[1]


async def exported(world: World, project: str) -> dict[str, Any]:
    made = await world.owner.post(f"/api/projects/{project}/exports", {"format": "coco"})
    await world.drain()
    answer = await world.owner.call("GET", f"/api/exports/{made['id']}/file")
    return dict(json.loads(answer.content))


def redness(image: Image.Image, box: list[float]) -> float:
    """The share of the box that is the cup."""
    x, y, width, height = map(round, box)
    part = image.convert("RGB").crop((x, y, x + width, y + height))
    red = sum(1 for r, g, _ in part.get_flattened_data() if r > 150 and g < 90)
    return red / max(1, part.width * part.height)


async def labelled(page: Page, server: Serving, project: str) -> dict[str, Any]:
    editor = Upright(page)
    await editor.open(f"{server.url}/label/{project}")
    there = await editor.image.bounding_box()
    assert there
    assert there["height"] > there["width"], "it is shown upright"
    await editor.draw(CUP)
    await editor.objects(1)
    await shoot(page, "64-turned-photo")
    await editor.press("Enter")
    (box,) = await editor.submitted(1)
    return box


@pytest.mark.timeout(180)
async def test_a_box_on_a_turned_photo_is_exported_where_it_is_in_the_picture_as_shown(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    dataset = await world.owner.post("/api/datasets", {"name": "Cups", "modality": "image"})
    await world.owner.post(f"/api/datasets/{dataset['id']}/imports?filename=cup.jpg", content=photo())
    await world.drain()
    [asset] = (await world.owner.get(f"/api/datasets/{dataset['id']}/assets"))["items"]
    assert (asset["media"]["width"], asset["media"]["height"]) == SHOWN
    target = {"overlap": 1}
    wish = {"name": "Cups", "dataset_id": dataset["id"], "kind": "image.box", "classes": [{"name": "cup"}]}
    project = str((await world.owner.post("/api/projects", {**wish, "target": target}))["id"])

    async def has_task() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project}"))["n_tasks"])

    await until(has_task, "the photo has its task")
    page = await (await window(world.annotator)).new_page()
    await page.goto(server.url)
    assert near(await labelled(page, server, project), CUP)

    async def is_labelled() -> bool:
        return bool((await exported(world, project))["annotations"])

    await until(is_labelled, "the answer became the label")
    document = await exported(world, project)
    [image], [annotation] = document["images"], document["annotations"]
    assert (image["width"], image["height"]) == SHOWN
    delivered = (await world.owner.call("GET", asset["media"]["url"])).content
    with Image.open(io.BytesIO(delivered)) as raw:
        assert raw.size == (SHOWN[1], SHOWN[0]), "the file itself is never changed"
        assert redness(ImageOps.exif_transpose(raw), annotation["bbox"]) > 0.95
        assert redness(raw, annotation["bbox"]) < 0.5, "who does not turn it looks beside the cup"

    # OpenCV, with which many train, turns it by itself.
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(delivered, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    assert pixels.shape[:2] == (image["height"], image["width"])
    owner = await (await window(world.owner)).new_page()
    await owner.goto(f"{server.url}/datasets/{dataset['id']}")
    small = owner.get_by_role("button", name="cup.jpg").locator("img")
    await expect(small).to_be_visible()
    await owner.wait_for_function("() => document.querySelector('[role=listitem] img')?.naturalWidth > 1")
    assert await small.evaluate("each => each.naturalHeight > each.naturalWidth"), "and so are small pictures"

"""Models of every adapter, brought in the browser: set up, tested, told of when they fail, and given to projects."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from karat.api.serve import Serving
from tests.assist.conftest import image_project
from tests.browser.conftest import OpenWindow
from tests.browser.test_boxes import Editor, box_project
from tests.browser.test_bucket_walk import equal_for_all
from tests.models.made import color_model, detector, make, tensor
from tests.models.servers import Raw, even, model_server
from tests.support.browser import Watch, shoot
from tests.support.world import World

pytestmark = pytest.mark.slow

SLOW = 60_000  # what a process does that has to start first, on a busy machine


def file(content: bytes, name: str = "colours.onnx") -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def flat_model() -> bytes:
    """Wants images of one dimension less than images have."""
    from onnx import helper

    nodes = [helper.make_node("ReduceMean", ["images"], ["logits"], axes=[2], keepdims=0)]
    return bytes(make(nodes, [tensor("images", ["N", 3, 32])], [tensor("logits", ["N", 3])], {}).SerializeToString())


async def upload(page: Page, content: bytes, name: str = "colours.onnx") -> None:
    await page.locator("input[type=file]").set_input_files(file(content, name))


async def choose(page: Page, label: str | Locator, option: str) -> None:
    await (page.get_by_role("combobox", name=label) if isinstance(label, str) else label).click()
    await page.get_by_role("option", name=option).click()


@pytest.mark.timeout(240)
async def test_an_onnx_classifier_is_set_up_refused_mended_tested_pinned_and_predicts(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 422|status of 404")
    project = await image_project(world, 6)
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/models")
    await page.get_by_label("Name", exact=True).fill("Colours")
    await choose(page, "What it predicts", "image.class")
    await page.get_by_label("Its classes in their order, one a line").fill("rouge\nvert\nbleu")
    await page.get_by_text("How it is asked, in detail").click()
    await choose(page, "Pixel values 0 to 255 become", "numbers of your own")
    await page.get_by_label("Less, for each channel").fill("0.5 half")
    await expect(page.get_by_text("This cannot be read.")).to_be_visible()
    await expect(page.get_by_role("button", name="Add it, then upload the file")).to_be_disabled()
    await choose(page, "Pixel values 0 to 255 become", "0 to 1, then normalised as for ImageNet")
    await choose(page, "Made to fit by", "filling up (letterbox)")
    await page.get_by_label("Filled up with, 0 to 255").fill("0")
    await page.get_by_label("Classes with other names here").fill("rouge = red\nvert = green\nbleu = blue")
    await shoot(page, "54-model-new")
    await equal_for_all(page, "a new model")
    await page.get_by_role("button", name="Add it, then upload the file").click()
    await expect(page.get_by_role("heading", name="Colours")).to_be_visible()
    [model] = [one for one in (await world.owner.get("/api/models"))["items"] if one["name"] == "Colours"]
    assert (
        model["settings"]["input"] | {"mean": [0.485, 0.456, 0.406], "resize": "letterbox", "pad": 0}
        == (model["settings"]["input"])
    )
    assert model["settings"]["class_map"] == {"rouge": "red", "vert": "green", "bleu": "blue"}

    await upload(page, flat_model())
    wrong = "'images' float32 [N, 3, 32] has 3 dimensions; an image input has four."
    await expect(page.get_by_role("alert")).to_contain_text(wrong, timeout=SLOW)
    await expect(page.get_by_role("alert")).to_contain_text("Expected [N, 3, height, width]")
    await expect(page.get_by_role("region", name="Last error")).to_contain_text(wrong)
    await shoot(page, "55-model-wrong-shape")
    await upload(page, color_model(sharp=30))
    versions = page.get_by_role("region", name="Versions")
    await expect(versions).to_contain_text("images: float32[N × 3 × 32 × 32]", timeout=SLOW)

    test = page.get_by_role("region", name="Test", exact=True)
    await choose(page, test.get_by_role("combobox", name="With assets of"), "Colours")
    await test.get_by_role("button", name="Test it now").click()
    await expect(test).to_contain_text(re.compile(r"input images \[N, 3, 32, 32\]"), timeout=SLOW)
    await expect(test).to_contain_text(re.compile(r"One asset takes [1-9].*ms \(median of 6\)"))
    await expect(page.get_by_role("region", name="Last error")).to_contain_text("a later test went well")
    await expect(test.get_by_role("row", name=re.compile("000-red.png red"))).to_be_visible()
    await expect(test.get_by_role("row", name=re.compile("002-blue.png blue"))).to_be_visible()
    await shoot(page, "56-model-tested")
    await equal_for_all(page, "a model that was tested")

    use = page.get_by_role("region", name="Use it in a project")
    await use.get_by_role("button", name="Use it there and predict now").click()
    await expect(use).to_contain_text("6 of 6 gone through, 6 have a prediction", timeout=SLOW)
    await upload(page, color_model(sharp=5), "later.onnx")
    await expect(versions).to_contain_text("Version 2", timeout=SLOW)
    await choose(page, use.get_by_role("combobox", name="Version"), "1 · colours.onnx")
    await expect(use.get_by_role("combobox", name="Version")).to_have_value("1 · colours.onnx")
    await world.drain()
    bound = await world.owner.get(f"/api/projects/{project['id']}/model")
    assert (bound["version"]["version"], bound["n_predicted"]) == (1, 6)
    await shoot(page, "57-model-used")

    tasks = (await world.owner.get(f"/api/projects/{project['id']}/tasks"))["items"]
    [red] = [one["id"] for one in tasks if one["asset"]["name"] == "000-red.png"]
    await page.goto(f"{server.url}/projects/{project['id']}/tasks?task={red}")
    panel = page.get_by_role("dialog", name="000-red.png")
    await expect(panel.get_by_role("progressbar", name="red")).to_be_visible(timeout=SLOW)
    await shoot(page, "58-model-task")


@pytest.mark.timeout(240)
async def test_a_detector_proposes_boxes_in_the_workspace(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 404")
    project = await box_project(world, 2)
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/models")
    await page.get_by_label("Name", exact=True).fill("Street")
    await choose(page, "What it predicts", "image.box")
    await page.get_by_label("Its classes in their order, one a line").fill("car\ndog")
    await page.get_by_text("How it is asked, in detail").click()
    await page.get_by_label("Least score").fill("0,5")
    await choose(page, "Four numbers of a box", "two corners")
    await shoot(page, "59-detector-new")
    await page.get_by_role("button", name="Add it, then upload the file").click()
    await expect(page.get_by_role("heading", name="Street")).to_be_visible()
    # Of an input of 64 pixels that the image of 640 x 480 is stretched to.
    await upload(page, detector([[6, 33, 28, 49], [38, 12, 52, 33], [0, 0, 9, 9]], [0.9, 0.8, 0.4], [0, 1, 1]))
    await expect(page.get_by_role("region", name="Versions")).to_contain_text("boxes: float32", timeout=SLOW)
    use = page.get_by_role("region", name="Use it in a project")
    await use.get_by_role("button", name="Use it there and predict now").click()
    await expect(use).to_contain_text("2 of 2 gone through, 2 have a prediction", timeout=SLOW)
    await world.drain()

    at_work = await (await window(world.annotator)).new_page()
    editor = Editor(at_work)
    await editor.open(f"{server.url}/label/{project['id']}")
    await expect(at_work.get_by_text("2 predictions to look at")).to_be_visible()
    await editor.press("a")
    await editor.objects(1)
    await shoot(at_work, "60-detector-proposes")
    [asked] = (await world.owner.get("/api/models"))["items"]
    assert (asked["settings"]["output"]["min_score"], asked["n_predictions"]) == (0.5, 2)


@pytest.mark.timeout(240)
async def test_a_model_behind_http_gets_its_secret_which_nobody_sees_again(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 422|status of 404")
    await image_project(world, 3)

    def answer(path: str, body: Any) -> Any:
        return even(body, red=0.2, green=0.3, blue=0.5) if is_let_in() else Raw(401)

    def is_let_in() -> bool:
        return bool(model.seen[-1][2].get("authorization") == "Bearer right" and model.seen[-1][2].get("x-team") == "b")

    with model_server(answer) as model, model_server(lambda path, body: even(body, red=1.0)) as elsewhere:
        page = await (await window(world.owner)).new_page()
        await page.goto(server.url + "/models")
        await page.get_by_label("Server over HTTP").check()
        await page.get_by_label("Name", exact=True).fill("Remote")
        await choose(page, "What it predicts", "image.class")
        await page.get_by_label("Address").fill(model.url)
        await page.get_by_role("button", name="Add a header").click()
        await page.get_by_label("Its value").fill("Bearer wrong")
        await page.get_by_text("How it is asked, in detail").click()
        await page.get_by_label("Tries of a request").fill("1")
        await shoot(page, "61-model-http")
        await page.get_by_role("button", name="Add it, then test it").click()
        await expect(page.get_by_text("sends Authorization, sealed")).to_be_visible()
        await page.get_by_role("button", name="Test it now").click()
        region = page.get_by_role("region", name="Test", exact=True)
        await expect(region).to_contain_text(
            "It wants credentials: set the model's headers, Authorization say.", timeout=SLOW
        )
        await expect(page.get_by_role("region", name="Last error")).to_contain_text("It wants credentials")

        await page.get_by_role("button", name="Change name and settings").click()
        form = page.get_by_role("region", name="How it is asked")
        await expect(form.get_by_label("Tries of a request")).to_have_value("1")
        await form.get_by_label("Address").fill(elsewhere.url)
        await form.get_by_role("button", name="Save").click()
        await expect(form.get_by_role("alert")).to_contain_text("Enter the headers together with the new address.")
        assert elsewhere.seen == []
        await form.get_by_label("Address").fill(model.url)
        await form.get_by_label("Other headers than those that are kept").check()
        await form.get_by_role("button", name="Add a header").click()
        await form.get_by_label("Its value").fill("Bearer right")
        await form.get_by_role("button", name="Add a header").click()
        await form.get_by_label("Header 2", exact=True).fill("X-Team")
        await form.get_by_label("Its value").last.fill("b")
        await shoot(page, "62-model-changed")
        await equal_for_all(page, "a model that is changed")
        await form.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("sends Authorization, X-Team, sealed")).to_be_visible()
        await choose(page, "With assets of", "Colours")
        await page.get_by_role("button", name="Test it now").click()
        await expect(region).to_contain_text(re.compile(r"median of 3"), timeout=SLOW)
        assert "Bearer" not in await page.content()
    [kept] = (await world.owner.get("/api/models"))["items"]
    assert (kept["header_names"], kept["test"]["ok"]) == (["Authorization", "X-Team"], True)


@pytest.mark.timeout(240)
async def test_a_backend_of_label_studio_and_predictions_from_a_file(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 404")
    project = await image_project(world, 3)

    def answer(path: str, body: Any) -> Any:
        if path == "/health":
            return {"status": "UP", "model_class": "Colours"}
        if path == "/setup":
            return {"model_version": "ls-7"}
        one = {"type": "choices", "score": 0.7, "value": {"choices": ["green"]}}
        return {"results": [{"model_version": "ls-7", "result": [one]} for _ in body["tasks"]]}

    with model_server(answer) as backend:
        page = await (await window(world.owner)).new_page()
        await page.goto(server.url + "/models")
        await page.get_by_label("Label Studio ML backend").check()
        await page.get_by_label("Name", exact=True).fill("Studio")
        await choose(page, "What it predicts", "image.class")
        await page.get_by_label("Address").fill(backend.url)
        await page.get_by_text("How it is asked, in detail").click()
        await choose(page, "Images are sent as", "the image itself")
        await page.get_by_role("button", name="Add it, then test it").click()
        await choose(page, "With assets of", "Colours")
        await page.get_by_role("button", name="Test it now").click()
        region = page.get_by_role("region", name="Test", exact=True)
        await expect(region).to_contain_text("The backend Colours is up, version ls-7.", timeout=SLOW)
        await expect(region.get_by_role("row", name=re.compile("000-red.png green"))).to_be_visible()
        assert backend.asked("/predict")[0]["tasks"][0]["data"]["image"].startswith("data:image/png;base64,")

    await page.goto(server.url + "/models")
    await expect(page.get_by_role("row", name=re.compile("Studio"))).to_be_visible()
    await page.get_by_role("button", name="Bring a model").click()
    await expect(page.get_by_label("ONNX file")).to_be_checked()
    said = page.get_by_role("region", name="Predictions from a file")
    rows = [{"external_id": "000-red.png", "label_class": "red", "score": 0.9}, {"external_id": "none", "score": 1}]
    content = "\n".join([*map(json.dumps, rows), "no JSON", '{"external_id": "001-green.png", "label_class": "green"}'])
    await said.get_by_label("Model that made them").fill("Night")
    await page.locator("input[type=file]").set_input_files(
        {"name": "said.jsonl", "mimeType": "application/json", "buffer": content.encode()}
    )
    await expect(said).to_contain_text("3 things could not be taken", timeout=SLOW)
    await expect(said).to_contain_text("line 3 The line is not JSON.")
    await expect(said).to_contain_text("Give a score from 0 to 1, or probabilities.")
    await expect(said).to_contain_text("1 has a prediction")
    await shoot(page, "63-predictions-from-a-file")
    await equal_for_all(page, "predictions from a file")
    bound = await world.owner.get(f"/api/projects/{project['id']}/model")
    assert (bound["model"]["name"], bound["n_predicted"]) == ("Night", 1)

"""Models, brought by the browser: a file that is none is refused, one that works is tested and given to a project."""

import re

import pytest
from playwright.async_api import expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.support.browser import Watch, shoot
from tests.support.world import World


@pytest.mark.timeout(120)
async def test_a_pickle_is_no_model_and_a_server_that_is_none_of_ours_is_refused(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 422")
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/models")
    await expect(page.get_by_role("heading", name="No model yet")).to_be_visible()
    await shoot(page, "51-models-empty")
    await page.get_by_label("Server over HTTP").check()
    await page.get_by_label("Name", exact=True).fill("Herons")
    await page.get_by_label("Address").fill("http://169.254.169.254/predict")
    await page.get_by_role("button", name="Add it, then test it").click()
    await expect(page.get_by_role("alert")).to_contain_text("169.254.169.254")
    await shoot(page, "52-model-refused")

    await page.get_by_label("ONNX file").check()
    await page.get_by_label("Its classes in their order, one a line").fill("heron\nstork")
    await page.get_by_role("button", name="Add it, then upload the file").click()
    await expect(page.get_by_role("heading", name="Herons")).to_be_visible()
    await page.locator("input[type=file]").set_input_files(
        {"name": "model.onnx", "mimeType": "application/octet-stream", "buffer": b"\x80\x04\x95\x00\x00\x00\x00."}
    )
    await expect(page.get_by_role("alert")).to_contain_text(re.compile("pickle", re.IGNORECASE))
    await page.get_by_role("button", name="Test it now").click()
    await expect(page.get_by_text("fails", exact=True).first).to_be_visible()
    await shoot(page, "53-model")
    assert (await world.owner.get("/api/models"))["items"][0]["latest"] is None

"""Data comes in by the browser: folders, an upload that stops and goes on, a bucket that cannot be reached."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, Route, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.support.browser import Watch, shoot
from tests.support.world import World

N_IMAGES = 9


def picture(at: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), (25 * at, 90, 200 - 20 * at)).save(stream, "PNG")
    return stream.getvalue()


def folder_of(place: Path) -> Path:
    """Nine pictures in two folders, a file that is none, and what a system leaves lying about."""
    for at in range(N_IMAGES):
        inside = place / "herons" / ("north" if at % 2 else "south")
        inside.mkdir(parents=True, exist_ok=True)
        (inside / f"heron-{at}.png").write_bytes(picture(at))
    (place / "herons" / "south" / "broken.png").write_bytes(picture(1)[:40])
    (place / "herons" / ".DS_Store").write_bytes(b"x")
    return place / "herons"


async def new_dataset(page: Page, url: str, name: str) -> None:
    await page.goto(url + "/datasets")
    await page.get_by_label("Name of a new dataset").fill(name)
    await page.get_by_role("button", name="Make a dataset").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


async def choose_folder(page: Page, folder: Path, button: str = "Choose a folder") -> None:
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name=button).click()
    await (await choosing.value).set_files(folder)


@pytest.mark.timeout(120)
async def test_a_folder_is_chosen_its_names_are_kept_and_its_bad_file_is_named(
    world: World, window: OpenWindow, server: Serving, tmp_path: Path
) -> None:
    page = await (await window(world.owner, accept_downloads=True)).new_page()
    await new_dataset(page, server.url, "Herons")
    await shoot(page, "41-dataset-empty")
    await choose_folder(page, folder_of(tmp_path))
    await expect(page.get_by_text(f"{N_IMAGES} assets added").first).to_be_visible(timeout=30_000)
    await expect(page.get_by_text("1 row could not be used").first).to_be_visible()
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Download as CSV").first.click()
    faults = Path(await (await saving.value).path()).read_text()
    assert faults.splitlines()[0] == "where,code,message,hint"
    assert "broken.png" in faults
    await page.get_by_label("Search the assets by name").fill("north")
    await expect(page.get_by_role("listitem").filter(has_text="heron-1.png")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="heron-0.png")).to_have_count(0)
    await page.get_by_label("Search the assets by name").fill("")
    await shoot(page, "42-dataset")
    [dataset] = (await world.owner.get("/api/datasets"))["items"]
    names = {one["name"] for one in (await world.owner.get(f"/api/datasets/{dataset['id']}/assets"))["items"]}
    assert names == {f"{'north' if at % 2 else 'south'}/heron-{at}.png" for at in range(N_IMAGES)}


@pytest.mark.timeout(120)
async def test_an_upload_that_stops_goes_on_after_the_page_was_loaded_anew(
    world: World, window: OpenWindow, server: Serving, watch: Watch, tmp_path: Path
) -> None:
    watch.expect(r"net::ERR_|status of 409")
    folder, sent = folder_of(tmp_path), []
    page = await (await window(world.owner)).new_page()
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)

    async def hang(route: Route) -> None:
        """The network takes the first four files and nothing after them."""
        position = int(re.search(r"/files/(\d+)", route.request.url)[1])  # type: ignore[index]
        if position < 4:
            await route.continue_()

    await new_dataset(page, server.url, "Herons")
    await page.route(re.compile(r"/api/uploads/[^/]+/files/\d+"), hang)
    await choose_folder(page, folder)
    await expect(page.get_by_text("4 of 10 files")).to_be_visible()
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("stopped")).to_be_visible()
    await shoot(page, "43-upload-stopped")
    await page.unroute_all(behavior="ignoreErrors")
    await page.reload()
    await expect(page.get_by_text("Choose the same files again to go on")).to_be_visible()
    await shoot(page, "44-upload-to-go-on")
    sent.clear()
    await choose_folder(page, folder, "Go on")
    await expect(page.get_by_text(f"{N_IMAGES} assets added").first).to_be_visible(timeout=30_000)
    assert len(sent) == 6, "what had arrived is not sent again"


@pytest.mark.timeout(120)
async def test_a_bucket_says_what_stands_in_the_way_before_it_is_connected(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 422")
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/datasets/connections")
    await expect(page.get_by_role("heading", name="No bucket is connected yet")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("Archive")
    await page.get_by_label("Bucket", exact=True).fill("herons")
    await page.get_by_label("Other endpoint").fill("http://169.254.169.254")
    await page.get_by_label("Access key id").fill("key")
    await page.get_by_label("Secret access key").fill("secret")
    await page.get_by_role("button", name="Test it first").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await shoot(page, "45-bucket-refused")
    assert (await world.owner.get("/api/connections"))["items"] == []


@pytest.mark.timeout(120)
async def test_a_job_that_failed_for_good_stands_first_and_is_tried_again(
    world: World, window: OpenWindow, server: Serving
) -> None:
    dataset = await world.owner.post("/api/datasets", {"name": "Short", "modality": "text"})
    made = await world.owner.post(f"/api/datasets/{dataset['id']}/imports?filename=a.csv", content=b"text\r\nhello\r\n")
    await world.drain()
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE job SET state = 'failed', error = 'The disk is full.' WHERE id = $1", made["job_id"])
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/jobs")
    failed = page.get_by_role("region", name="Failed")
    await expect(failed).to_contain_text("Failed: The disk is full.")
    chores = page.get_by_role("region", name="What comes round by itself")
    await expect(chores).to_contain_text("Seal the audit", timeout=45_000)
    await shoot(page, "46-jobs")
    await failed.get_by_role("button", name="Try again").click()
    await expect(failed).to_have_count(0)
    await world.drain()
    assert (await world.owner.get(f"/api/jobs/{made['job_id']}"))["state"] == "done"


@pytest.mark.timeout(120)
async def test_an_upload_goes_on_without_what_is_refused_and_without_what_is_gone(
    world: World, window: OpenWindow, server: Serving, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.expect(r"net::ERR_|status of 422")
    folder = folder_of(tmp_path)
    (folder / "south" / "broken.png").unlink()
    (folder / "north" / "huge.png").write_bytes(picture(1) + bytes(64_000))
    monkeypatch.setattr("karat.datasets.uploading.name_fault", lambda name: "It is called huge." * ("huge" in name))
    page = await (await window(world.owner)).new_page()
    await new_dataset(page, server.url, "Herons")
    await page.route(re.compile(r"/api/uploads/[^/]+/files/[4-9]"), lambda route: None)  # the line hangs
    await choose_folder(page, folder)
    refused = page.get_by_role("alert")
    await expect(refused).to_contain_text("north/huge.png It is called huge. Rename the file.")
    await shoot(page, "44-upload-refused")
    assert (await world.owner.get("/api/uploads"))["items"] == [], "nothing was begun"
    await refused.get_by_role("button", name="Go on without this file").click()
    await expect(page.get_by_role("status").filter(has_text="1 file was left out:")).to_contain_text("north/huge.png")
    await expect(page.get_by_text("4 of 9 files")).to_be_visible()

    # A file that waits is deleted; when the line is back it cannot be read.
    await page.get_by_role("button", name="Pause").click()
    await page.unroute_all(behavior="ignoreErrors")
    names = {one["name"] for one in await files_that_wait(world)}
    gone = sorted(names)[0]
    (folder / gone).unlink()
    await page.get_by_role("button", name="Go on").click()
    await expect(refused).to_contain_text(f"{gone} It was moved, deleted or changed after it had been chosen.")
    await refused.get_by_role("button", name="Go on without this file").click()
    await expect(page.get_by_text(f"{N_IMAGES - 1} assets added").first).to_be_visible(timeout=30_000)
    await expect(page.get_by_role("status").filter(has_text="2 files were left out:")).to_contain_text(gone)
    [dataset] = (await world.owner.get("/api/datasets"))["items"]
    held = {one["name"] for one in (await world.owner.get(f"/api/datasets/{dataset['id']}/assets"))["items"]}
    assert (len(held), gone in held) == (N_IMAGES - 1, False)


async def files_that_wait(world: World) -> list[dict[str, Any]]:
    [upload] = (await world.owner.get("/api/uploads"))["items"]
    files = (await world.owner.get(f"/api/uploads/{upload['id']}/files"))["items"]
    return [one for one in files if one["offset"] < one["size"]]

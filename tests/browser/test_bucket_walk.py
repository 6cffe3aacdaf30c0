"""A bucket from its first wrong key to the day on which it loses a file, on a server that checks signatures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.test_imports import new_dataset, picture
from tests.browser.test_screens import TOO_WIDE, axe_faults
from tests.storage.buckets import ACCESS_KEY, SECRET_KEY, Rclone, connection, rclone
from tests.support.browser import AXE, NARROW, WIDE, Watch, shoot, until
from tests.support.world import World

pytestmark = pytest.mark.slow

N = 6


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Rclone]:
    (tmp_path / "buckets" / "herons").mkdir(parents=True)
    with rclone(tmp_path / "buckets") as server:
        for at in range(N):
            server.put("herons", f"2026/heron-{at}.png", picture(at))
        yield server


async def fill(page: Page, bucket: Rclone, secret: str) -> None:
    await page.get_by_label("Name", exact=True).fill("Archive")
    await page.get_by_label("Bucket", exact=True).fill("herons")
    await page.get_by_label("Other endpoint").fill(bucket.endpoint)
    await page.get_by_label("Access key id").fill(ACCESS_KEY)
    await page.get_by_label("Secret access key").fill(secret)


async def equal_for_all(page: Page, name: str) -> None:
    """Nobody is kept out of what is on the screen now."""
    if not AXE.is_file():
        return
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    await page.wait_for_timeout(150)
    faults = await axe_faults(page) + await page.evaluate(TOO_WIDE)
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert not faults, f"{name}: {faults}"


@pytest.mark.timeout(180)
async def test_a_bucket_is_connected_imported_by_reference_and_told_of_when_it_loses_a_file(
    world: World, window: OpenWindow, server: Serving, watch: Watch, bucket: Rclone
) -> None:
    watch.expect(r"status of 4(09|10)")
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/datasets/connections")
    await fill(page, bucket, "wrong" * 8)
    await page.get_by_role("button", name="Test it first").click()
    refused = page.get_by_role("alert")
    await expect(refused).to_contain_text("The bucket does not know these credentials.")
    await expect(refused).to_contain_text("Check the secret access key: copy it again, without spaces.")
    await shoot(page, "47-bucket-wrong-key")
    await page.get_by_label("Secret access key").fill(SECRET_KEY)
    await page.get_by_role("button", name="Test it first").click()
    await expect(page.get_by_text("It can be listed and read; tried with 2026/heron-0.png.")).to_be_visible()
    await page.get_by_role("button", name="Connect", exact=True).click()
    row = page.get_by_role("region", name="Archive", exact=True)
    await expect(row).to_contain_text("AKIA…CDEF")
    assert SECRET_KEY not in await page.content()
    await expect(page.get_by_label("Secret access key")).to_have_count(0)
    await page.get_by_role("button", name="Connect a bucket").click()
    await expect(page.get_by_label("Secret access key")).to_have_value("")

    await new_dataset(page, server.url, "Herons")
    await page.get_by_role("tab", name="From a bucket").click()
    await page.get_by_label("Below").fill("2026/")
    await page.get_by_label("Leave them in the bucket").check()
    await page.get_by_role("button", name="Import from the bucket").click()
    await expect(page.get_by_text(f"{N} assets added")).to_be_visible(timeout=30_000)
    first = page.get_by_role("listitem").filter(has_text="heron-1.png").locator("img")
    await page.wait_for_function(
        "() => [...document.querySelectorAll('[role=listitem] img')].filter((one) => one.naturalWidth > 1).length >= 2"
    )
    await expect(first).to_be_visible()
    await shoot(page, "48-bucket-grid")

    await page.get_by_role("button", name="heron-1.png").click()
    panel = page.get_by_role("dialog", name="heron-1.png")
    await expect(panel.get_by_role("img", name="heron-1.png")).to_be_visible()
    await expect(panel).to_contain_text("64 × 48")
    await page.keyboard.press("Escape")

    lost = bucket.root / "herons" / "2026" / "heron-2.png"
    kept = lost.read_bytes()
    lost.unlink()
    await page.get_by_role("button", name="heron-2.png").click()
    panel = page.get_by_role("dialog", name="heron-2.png")
    await expect(panel.get_by_role("alert")).to_contain_text("no longer in its bucket; put it back")
    await shoot(page, "49-object-gone")
    await equal_for_all(page, "an object that is gone")
    lost.write_bytes(picture(8))
    await panel.get_by_role("button", name="Try again").click()
    await expect(panel.get_by_role("alert")).to_contain_text("has been replaced in its bucket")
    lost.write_bytes(kept)
    await panel.get_by_role("button", name="Try again").click()
    await page.wait_for_function("() => document.querySelector('[role=dialog] img[alt]')?.naturalWidth === 64")
    await expect(panel.get_by_role("alert")).to_have_count(0)

    await page.goto(server.url + "/datasets/connections")
    await expect(row).to_contain_text(f"{N} files stay in this bucket")
    await expect(row.get_by_role("button", name="Forget Archive")).to_have_count(0)


@pytest.mark.timeout(180)
async def test_a_connection_is_changed_with_the_change_tried_first(
    world: World, window: OpenWindow, server: Serving, watch: Watch, bucket: Rclone
) -> None:
    watch.expect("status of 422")
    await world.owner.post("/api/connections", connection(bucket.endpoint, name="Archive", bucket="herons"))
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/datasets/connections")
    row = page.get_by_role("region", name="Archive", exact=True)
    # By keyboard alone.
    await row.get_by_role("button", name="Change Archive").focus()
    await page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Change Archive")
    await expect(form).to_contain_text("Leave the credentials empty to keep AKIA…CDEF.")
    await form.get_by_label("Access key id").fill(ACCESS_KEY)
    await form.get_by_label("Secret access key").fill("wrong" * 8)
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("alert")).to_contain_text("does not know these credentials")
    await shoot(page, "50-connection-changed")
    await equal_for_all(page, "a connection that is changed")
    await form.get_by_label("Access key id").fill("")
    await form.get_by_label("Secret access key").fill("")
    await form.get_by_label("Other endpoint").fill("https://s3.example.org")
    await expect(form).to_contain_text("enter them again")
    await form.get_by_role("button", name="Test and save").click()
    await expect(form.get_by_role("alert")).to_contain_text("Enter the credentials together with the new endpoint.")
    await form.get_by_label("Other endpoint").fill(bucket.endpoint)
    await form.get_by_label("Only below").fill("2026/")
    await form.get_by_label("Name", exact=True).fill("Herons of 2026")
    await form.get_by_role("button", name="Test and save").click()
    changed = page.get_by_role("region", name="Herons of 2026")
    await expect(changed).to_contain_text("herons/2026/")
    await expect(changed.get_by_text("answers", exact=True)).to_be_visible()
    [kept] = (await world.owner.get("/api/connections"))["items"]
    assert (kept["prefix"], kept["secret_hint"], kept["test"]["ok"]) == ("2026/", "AKIA…CDEF", True)
    await changed.get_by_role("button", name="Forget Herons of 2026").click()
    await changed.get_by_role("button", name="Forget it").click()
    await expect(changed).to_have_count(0)
    assert (await world.owner.get("/api/connections"))["items"] == []


@pytest.mark.timeout(180)
async def test_a_bucket_that_goes_away_is_told_of_everywhere_and_an_import_goes_on_when_it_is_back(
    world: World,
    window: OpenWindow,
    server: Serving,
    watch: Watch,
    bucket: Rclone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch.expect(r"status of 502|net::ERR_")
    monkeypatch.setattr("karat.storage.bucket_stores.RETRIES", {"max_retries": 0})
    made = await world.owner.post("/api/connections", connection(bucket.endpoint, name="Archive", bucket="herons"))
    dataset = await world.owner.post("/api/datasets", {"name": "Herons", "modality": "image"})
    wanted = {"connection_id": made["id"], "mode": "reference"}
    await world.owner.post(f"/api/datasets/{dataset['id']}/bucket-imports", wanted)
    await world.drain()
    bucket.stop()
    page = await (await window(world.owner)).new_page()
    await page.goto(f"{server.url}/datasets/{dataset['id']}")
    card = page.get_by_role("button", name="2026/heron-2.png")
    await expect(card).to_contain_text("Nothing accepts connections at port")
    await shoot(page, "47b-bucket-away")
    await equal_for_all(page, "a bucket that is away")

    await page.get_by_role("button", name="Add data").click()
    await page.get_by_role("tab", name="From a bucket").click()
    await page.get_by_role("button", name="Import from the bucket").click()
    imports = page.get_by_role("region", name="Imports")
    await expect(imports).to_contain_text("Nothing accepts connections at port")
    await expect(imports).to_contain_text("It is tried again by itself.")
    await shoot(page, "47c-import-waits")
    await page.goto(server.url + "/datasets/connections")
    row = page.get_by_role("region", name="Archive", exact=True)
    await row.get_by_role("button", name="Test Archive").click()
    await expect(row.get_by_text("does not answer", exact=True)).to_be_visible()
    await expect(row.get_by_role("alert")).to_contain_text("and that its server runs")
    bucket.start()
    await row.get_by_role("button", name="Test Archive").click()
    await expect(row.get_by_text("answers", exact=True)).to_be_visible()
    await page.goto(f"{server.url}/datasets/{dataset['id']}")
    await expect(page.get_by_text(f"{N} exact copies left out")).to_be_visible(timeout=45_000)
    await expect(card.locator("img")).to_be_visible()
    await page.wait_for_function("() => document.querySelector('[role=listitem] img')?.naturalWidth > 1")


@pytest.mark.timeout(180)
async def test_who_labels_is_told_that_an_image_left_its_bucket_and_goes_on_when_it_is_back(
    world: World, window: OpenWindow, server: Serving, watch: Watch, bucket: Rclone
) -> None:
    watch.expect("status of 410")
    made = await world.owner.post("/api/connections", connection(bucket.endpoint, name="Archive", bucket="herons"))
    dataset = await world.owner.post("/api/datasets", {"name": "Herons", "modality": "image"})
    wanted = {"connection_id": made["id"], "mode": "reference"}
    await world.owner.post(f"/api/datasets/{dataset['id']}/bucket-imports", wanted)
    await world.drain()
    classes = [{"name": "heron"}, {"name": "stork"}]
    wish = {"name": "Herons", "dataset_id": dataset["id"], "kind": "image.class", "classes": classes}
    project = await world.owner.post("/api/projects", {**wish, "target": {"overlap": 1}})

    async def has_tasks() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project['id']}"))["n_tasks"] == N)

    await until(has_tasks, "every asset has its task")
    await world.drain()
    here, away = bucket.root / "herons" / "2026", bucket.root / "herons" / "elsewhere"
    here.rename(away)
    page = await (await window(world.annotator)).new_page()
    await page.goto(f"{server.url}/label/{project['id']}")
    await expect(page.get_by_text("The object is no longer in its bucket; put it back")).to_be_visible(timeout=30_000)
    await shoot(page, "47d-image-gone-at-work")
    away.rename(here)
    await page.get_by_role("button", name="Try again").click()
    await page.wait_for_function("() => document.querySelector('main img')?.naturalWidth === 64")

"""Projects that move, walked in a real browser: cloned, archived, brought in; and what their screens say in French."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from karat.api.serve import Serving
from karat.api.web import STATIC
from tests.browser.conftest import OpenWindow
from tests.browser.test_screens import TOO_WIDE, axe_faults
from tests.delivery.test_archive import files_of, half_done, packed, signed_again
from tests.support.boxes import box, make_box_project
from tests.support.browser import NARROW, WIDE, Watch, settled, shoot, until
from tests.support.world import World

pytestmark = pytest.mark.slow


async def is_fit(page: Page) -> None:
    """Nothing that axe finds serious, and nothing that reaches over the edge of a narrow screen."""
    assert await axe_faults(page) == []
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert await page.evaluate(TOO_WIDE) == []
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@pytest.mark.timeout(120)
async def test_a_project_is_cloned_by_keyboard_over_other_data_with_what_was_chosen(
    world: World, window: OpenWindow, server: Serving
) -> None:
    project = await half_done(world)
    other = await world.text_dataset(["one more text", "and another"])
    await world.owner.post("/api/datasets", {"name": "Pictures", "modality": "image"})
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url + "/projects")
    await page.get_by_role("button", name="More about Project").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Clone")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Clone")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Clone this project")).to_be_visible()
    name = page.get_by_label("Name of the new project")
    await expect(name).to_have_value("Project, once more")
    await name.fill(" ")
    await expect(page.get_by_text("It needs a name.")).to_be_visible()
    await expect(page.get_by_role("button", name="Clone", exact=True)).to_be_disabled()
    await name.fill("Second round")
    await expect(page.get_by_label("The pilot")).to_be_disabled()
    await page.get_by_label("Quality target and budget").press("Space")
    data = page.get_by_role("combobox", name="Data")
    await data.click()
    await expect(page.get_by_role("option", name=re.compile("Pictures"))).to_have_count(0)
    await page.get_by_role("option", name=re.compile("2 assets")).click()
    await expect(page.get_by_text("Examples that are not in the other data are left out.")).to_be_visible()
    await shoot(page, "71-clone")
    await is_fit(page)
    await name.press("Enter")
    await expect(page.get_by_role("heading", name="Second round")).to_be_visible()

    (made,) = [one for one in (await world.owner.get("/api/projects"))["items"] if one["name"] == "Second round"]
    assert (made["dataset_id"], made["target"]["overlap"]) == (other, None)
    assert [one["name"] for one in made["ontology"]["classes"]] == ["a", "b"]
    assert project["target"]["overlap"] == 2
    sections = (await world.owner.get(f"/api/projects/{made['id']}/instructions"))["sections"]
    assert sections == [], "the only example is not in the other data"


@pytest.mark.timeout(180)
async def test_a_project_goes_out_as_an_archive_and_comes_in_again_and_what_is_no_archive_is_told_why(
    world: World, window: OpenWindow, server: Serving, tmp_path: Path
) -> None:
    project = await half_done(world)
    page = await (await window(world.owner)).new_page()
    archive = await archived(page, server.url, project, tmp_path)

    await page.get_by_role("link", name="Projects, Import a project").click()
    await expect(page.get_by_role("heading", name="Import a project")).to_be_visible()
    await refused(page, server, archive, tmp_path)

    await page.locator("input[type=file]").set_input_files(archive)
    done = page.locator("[data-import=done]")
    await expect(done).to_contain_text("It is paused")
    await shoot(page, "74-imports")
    await is_fit(page)
    await done.get_by_role("link", name="Open the project").click()
    await expect(page.get_by_role("heading", name="Project", exact=True)).to_be_visible()
    await expect(page.get_by_text("paused", exact=True)).to_be_visible()
    await page.goto(server.url + "/projects")
    await expect(page.get_by_role("link", name="Project", exact=True)).to_have_count(2)


async def archived(page: Page, url: str, project: dict[str, Any], folder: Path) -> Path:
    """Ask for an archive without media, then one with them; fetch the last."""
    await page.goto(f"{url}/projects/{project['id']}")
    await page.get_by_role("button", name="More about Project").click()
    await page.get_by_role("menuitem", name="Archive, to move or keep").click()
    await page.get_by_label("are only named, by their hashes").check()
    await page.get_by_role("button", name="Make an archive").click()
    await expect(page.locator("[data-archive=done]")).to_contain_text("6 assets · 2 answers · 0 reviews")
    await page.get_by_label("are in the archive").check()
    await page.get_by_role("button", name="Make an archive").click()
    done = page.locator("[data-archive=done]")
    await expect(done).to_have_count(2)
    await expect(done.first).to_contain_text("Archive with its assets")
    await page.get_by_text("What is not in it").click()
    await expect(page.get_by_text("other projects on the same data")).to_be_visible()
    await shoot(page, "72-archives")
    await is_fit(page)
    async with page.expect_download() as fetched:
        await done.first.get_by_role("link", name="Download").click()
    path = folder / (await fetched.value).suggested_filename
    await (await fetched.value).save_as(path)
    return path


async def refused(page: Page, server: Serving, archive: Path, folder: Path) -> None:
    """Everything that is no archive, or none any more: refused with where, why and what to do."""
    files = files_of(archive.read_bytes())
    (folder / "notes.zip").write_text("no ZIP at all")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "project-imports?" in request.url else None)
    await page.locator("input[type=file]").set_input_files(folder / "notes.zip")
    await expect(page.get_by_role("alert")).to_contain_text("“notes.zip” is no archive")
    await shoot(page, "73-import-no-zip")
    assert "POST" not in sent, "what is no ZIP does not go up"
    wrong = {
        "photos.zip": (packed({"cat.jpg": b"a cat"}), "No archive of a project has an entry of this name."),
        "cut.zip": (archive.read_bytes()[:-200], "it was cut short"),
        "changed.zip": (packed({**files, "tasks.jsonl": files["tasks.jsonl"][:-9] + b"\n"}), "its hash differs"),
        "newer.zip": (signed_again(files, server.engine, format_version=9), "newer version of Karat"),
    }
    for name, (content, said) in wrong.items():
        (folder / name).write_bytes(content)
        await page.locator("input[type=file]").set_input_files(folder / name)
        row = page.locator("[data-import=failed]").filter(has_text=name)
        await expect(row).to_contain_text(said)
        await expect(row.get_by_role("link", name="Open the project")).to_have_count(0)
    await expect(page.locator("[data-import=failed]").filter(has_text="photos.zip")).to_contain_text("entry 'cat.jpg'")


@pytest.mark.timeout(120)
async def test_an_upload_that_fails_or_is_stopped_leaves_nothing_and_can_be_begun_again(
    world: World, window: OpenWindow, server: Serving, watch: Watch, tmp_path: Path
) -> None:
    watch.expect("ERR_|status of 413")
    context = await window(world.owner)
    page = await context.new_page()
    (tmp_path / "large.zip").write_bytes(packed({"x": b"x"}))
    await context.route("**/api/project-imports?filename=*", lambda route: route.abort())
    await page.goto(server.url + "/projects/import")
    await page.locator("input[type=file]").set_input_files(tmp_path / "large.zip")
    await expect(page.get_by_role("alert")).to_contain_text("“large.zip” was not uploaded")
    await context.unroute("**/api/project-imports?filename=*")

    held = asyncio.Event()

    async def hold(route: Any) -> None:
        held.set()

    await context.route("**/api/project-imports?filename=*", hold)
    await page.locator("input[type=file]").set_input_files(tmp_path / "large.zip")
    await held.wait()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_label("Upload of large.zip")).to_have_count(0)
    assert (await world.owner.get("/api/project-imports"))["items"] == []


@pytest.mark.timeout(120)
async def test_a_task_shows_the_boxes_of_its_label_and_of_everybody_who_drew_some(
    world: World, window: OpenWindow, server: Serving
) -> None:
    work = await make_box_project(world, 1, overlap=2)
    agreed, missed, elsewhere = box("cup", 20, 20, 50, 50), box("fork", 120, 120, 40, 40), box("cup", 60, 150, 30, 30)
    await work.work(world.annotator, lambda name: [agreed, missed])
    await work.work(await world.another(), lambda name: [elsewhere])
    (review,) = await until(lambda: work.take(world.reviewer, "review"), "the task is in review")
    body = {"review_id": review["assignment_id"], "verdict": "fix", "annotations": [agreed, missed], "duration_s": 1.0}
    await world.reviewer.post(f"/api/assignments/{review['assignment_id']}/review", body | {"reason": "missed_object"})
    await world.drain()
    page = await (await window(world.owner)).new_page()
    await page.goto(f"{server.url}/projects/{work.project['id']}/tasks?task={review['task_id']}")
    drawer = page.get_by_role("dialog")
    marks = drawer.locator("svg rect[class*=box]")
    # The label has two; of the answers only what the label does not say is shown at first.
    await expect(marks).to_have_count(3)
    await expect(drawer.locator("g[data-proposed] rect[class*=box]")).to_have_count(1)
    await expect(drawer.get_by_role("listitem").filter(has_text="answered")).to_have_count(2)
    await drawer.get_by_label("Of the answers only what differs").press("Space")
    await expect(marks).to_have_count(2 + 2 + 1 + 2)
    await drawer.get_by_label("Hide on the asset: Label").click()
    await expect(marks).to_have_count(5)
    for letter in "AC":
        await drawer.get_by_label(f"Hide on the asset: {letter}:").click()
    await expect(marks).to_have_count(1)
    await drawer.get_by_label("Show on the asset: Label").click()
    await shoot(page, "75-task-boxes")
    assert await axe_faults(page) == []
    # Whoever drags here changes nothing: what is shown is looked at.
    before = await marks.first.get_attribute("x")
    bench = drawer.get_by_role("application")
    place = await bench.bounding_box()
    assert place is not None
    await page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(place["x"] + place["width"] / 2 + 60, place["y"] + place["height"] / 2 + 40, steps=4)
    await page.mouse.up()
    await expect(marks).to_have_count(3)
    assert await marks.first.get_attribute("x") == before


@pytest.mark.timeout(120)
async def test_what_the_server_tells_of_a_project_is_told_in_french(
    world: World, window: OpenWindow, server: Serving
) -> None:
    project = await half_done(world)
    page = await (await window(world.owner, locale="fr-FR")).new_page()
    await page.goto(f"{server.url}/projects/{project['id']}")
    told = "Chaque tâche reçoit 2 réponses."
    await expect(page.get_by_text(told)).to_be_visible()
    await settled(page)
    await shoot(page, "76-overview-french")
    await page.goto(f"{server.url}/projects")
    await expect(page.get_by_text(told)).to_be_visible()
    task = (await world.owner.get(f"/api/projects/{project['id']}/tasks?limit=1"))["items"][0]
    await page.goto(f"{server.url}/projects/{project['id']}/tasks?task={task['id']}")
    await expect(page.get_by_text("Personne ne l’a encore regardé.")).to_be_visible()
    person = await world.another()
    await world.owner.call("PATCH", f"/api/projects/{project['id']}", json={"state": "paused"})
    page = await (await window(person, locale="fr-FR")).new_page()
    await page.goto(f"{server.url}/label/{project['id']}")
    await expect(page.get_by_text("Le projet est en pause.")).to_be_visible()


@pytest.mark.timeout(60)
async def test_the_app_comes_packed_over_the_wire(world: World, window: OpenWindow, server: Serving) -> None:
    context = await window(world.owner)
    page = await context.new_page()
    encodings: dict[str, str | None] = {}
    page.on("response", lambda one: encodings.update({one.url: one.headers.get("content-encoding")}))
    await page.goto(server.url + "/projects")
    await settled(page)
    large = {
        url: encoding
        for url, encoding in encodings.items()
        if "/assets/" in url and (STATIC / "assets" / url.rsplit("/", 1)[1]).stat().st_size > 1000
    }
    assert len(large) > 3
    assert encodings[server.url + "/projects"] is not None
    assert set(large.values()) <= {"br", "gzip"}, large

"""A project that is under way, in a real browser: what its pilot taught, what of it can be changed, and what annotators read."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.setting_up import Wizard, street_data
from tests.support.browser import NARROW, Watch, settled
from tests.support.world import Person, World, answer

pytestmark = pytest.mark.slow

TEXTS = [f"text {at}" for at in range(12)]


async def project_of(world: World, **more: Any) -> dict[str, Any]:
    body = {"name": "Tried", "dataset_id": await world.text_dataset(TEXTS), "kind": "text.class"}
    classes = [{"name": "a"}, {"name": "b"}]
    made = await world.owner.post("/api/projects", body | {"classes": classes, "instructions": "Read it."} | more)
    await world.drain()
    return dict(made)


async def label_all(person: Person, project: dict[str, Any], *labels: str) -> None:
    """Everything that there is for the person, with the labels in turn and the last one for the rest."""
    given = list(labels)
    while items := (await person.post(f"/api/projects/{project['id']}/next", {"count": 10}))["items"]:
        for work in items:
            label = given.pop(0) if len(given) > 1 else given[0]
            await person.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work, label))


@pytest.mark.timeout(180)
async def test_a_lead_sees_what_the_pilot_taught_says_it_in_the_instructions_and_starts_production(
    world: World, window: OpenWindow, server: Serving
) -> None:
    money = {"max_answers": 22, "price": 8, "currency": "EUR"}
    target = {"overlap": 1, "error": 0.3, "budget": money}
    project = await project_of(world, target=target, pilot={"n_tasks": 6, "overlap": 2})
    page = await (await window(world.owner)).new_page()
    overview = Wizard(page, "1280")
    await page.goto(f"{server.url}/projects/{project['id']}")
    await expect(page.get_by_text("0 of about 12 answers")).to_be_visible()
    await label_all(world.annotator, project, "a")
    await label_all(await world.another(), project, "b", "b", "a")
    await expect(page.get_by_role("heading", name="What the pilot has shown")).to_be_visible(timeout=30_000)
    pilot = page.get_by_role("region", name="Pilot")
    panel = page.locator("div").filter(has=pilot).last
    await expect(panel).to_contain_text(re.compile(r"People agree\s*67%\s*at least \d+% over all tasks"))
    await expect(panel).to_contain_text("People often answer differently")
    await expect(panel).to_contain_text(
        re.compile(r"The rest takes\s*€[\d.]+ – €[\d.]+\s*6 labels and \d+ – \d+ checks")
    )
    await expect(page.get_by_text("12 of 22 answers used, 55%; €0.96")).to_be_visible()
    await overview.look("pilot-done")
    await page.get_by_role("link", name="Edit instructions").click()
    await overview.button("Add one for each class").click()
    await overview.field("Text of section 2").fill("Never an a.")
    await overview.button("Save as version 2").click()
    await expect(overview.button("Save as version 3")).to_be_visible()
    await page.get_by_role("combobox", name="Version of the instructions").click()
    await page.get_by_role("option", name="Version 1", exact=True).click()
    await expect(page.get_by_text("it no longer holds")).to_be_visible()
    await overview.look("instructions-version")
    await page.get_by_role("link", name="Overview").click()
    await page.get_by_role("button", name="Start production").click()
    await expect(page.get_by_role("heading", name="What the pilot has shown")).to_have_count(0)
    await page.get_by_text("What the pilot has shown").click()
    await expect(page.get_by_text("median of 12 answers")).to_be_visible()
    assert (await world.owner.get(f"/api/projects/{project['id']}"))["phase"] == "collecting"
    whole = await world.annotator.get(f"/api/projects/{project['id']}/instructions")
    assert [(one["label_class"], one["text"]) for one in whole["sections"]] == [("b", "Never an a.")]
    assert not overview.faults, "\n".join(overview.faults)


@pytest.mark.timeout(180)
async def test_a_budget_that_is_used_up_is_raised_and_what_is_too_late_to_change_says_so(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 409")
    project = await project_of(world, target={"overlap": 2, "error": 0.3, "budget": {"max_answers": 4}})
    page = await (await window(world.owner, viewport=NARROW)).new_page()
    settings = Wizard(page, "360")
    await page.goto(f"{server.url}/projects/{project['id']}/settings#target")
    await settled(page)
    await settings.field("Answers for each asset, fixed").fill("3")
    for person in (world.annotator, await world.another()):
        await label_all(person, project, "a")
    await settings.button("Save the target").click()
    await settings.says("Answers for each asset, fixed", "It is too late to change this")
    await settings.look("target-refused")
    await page.goto(f"{server.url}/projects/{project['id']}")
    await expect(page.get_by_text("4 of 4 answers used, 100%")).to_be_visible()
    await expect(page.get_by_text("Raise it, or take the labels as they are.")).to_be_visible()
    await settings.look("budget-used")
    await page.get_by_role("link", name="Raise the budget").click()
    await expect(settings.field("Answers for each asset, fixed")).to_be_disabled()
    await expect(page.get_by_text("People have answered already")).to_be_visible()
    await settings.field("Answers at most").fill("0")
    await settings.says("Answers at most", "More than nothing")
    await settings.field("Answers at most").fill("40")
    async with page.expect_response(lambda response: response.request.method == "PATCH"):
        await settings.button("Save the target").click()
    await expect(settings.button("Save the target")).to_be_disabled()
    changed = await world.owner.get(f"/api/projects/{project['id']}")
    assert (changed["target"]["budget"]["max_answers"], changed["target"]["overlap"]) == (40, 2)
    assert not settings.faults, "\n".join(settings.faults)


@pytest.mark.timeout(180)
async def test_annotators_read_the_section_of_the_class_in_hand_with_its_examples(
    world: World, window: OpenWindow, server: Serving
) -> None:
    dataset = await street_data(world, 4)
    first, second, *_ = (await world.owner.get(f"/api/datasets/{dataset}/assets"))["items"]
    good, bad = {"asset_id": first["id"], "caption": "a whole car"}, {"asset_id": second["id"], "caption": ""}
    sections = [
        {"title": "Colours", "text": "As you **see** them."},
        {"label_class": "red", "text": "Red all over.", "good": [good], "bad": [bad]},
        {"label_class": "blue", "text": "Blue all over."},
    ]
    body = {"name": "Cars", "dataset_id": dataset, "kind": "image.class", "instructions": "Look.", "sections": sections}
    target = {"overlap": 1}
    made = await world.owner.post(
        "/api/projects", body | {"classes": [{"name": "red"}, {"name": "blue"}], "target": target}
    )
    await world.drain()
    page = await (await window(world.annotator)).new_page()
    await page.goto(f"{server.url}/label/{made['id']}")
    await read_along(page)
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    looked = Wizard(page, "360")
    await looked.look("label-instructions")
    assert not looked.faults, "\n".join(looked.faults)


async def read_along(page: Page) -> None:
    await page.get_by_role("switch", name="A key hands in at once").uncheck()
    await page.keyboard.press("i")
    aside = page.get_by_role("complementary")
    await expect(aside).to_contain_text("Look.")
    await expect(aside.get_by_text("see", exact=True)).to_have_js_property("tagName", "STRONG")
    await expect(aside.get_by_text("Like this", exact=True)).to_be_visible()
    await expect(aside.locator("[data-about]")).to_have_count(0)
    await page.keyboard.press("2")
    await expect(aside.locator("[data-about]")).to_contain_text("Blue all over.")
    await page.keyboard.press("1")
    await expect(aside.locator("[data-about]")).to_contain_text("Red all over.")
    small = aside.get_by_role("button", name="Larger: a whole car")
    await small.click()
    large = aside.get_by_role("button", name="Smaller: a whole car")
    await expect(large.locator("img")).to_have_js_property("naturalWidth", 96)

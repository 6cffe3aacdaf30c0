"""Setting a project up in a real browser: template, sections with examples, budget, pilot, and what is said of bad input."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.setting_up import Wizard, choose_by_keyboard, remove_asset, street_data
from tests.support.browser import NARROW, WIDE, Watch
from tests.support.world import World

CAPTION = "The box ends at the mirror"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
async def test_a_project_is_set_up_from_a_template_with_examples_budget_and_pilot(
    world: World, window: OpenWindow, server: Serving, viewport: dict[str, int]
) -> None:
    dataset = await street_data(world)
    page = await (await window(world.owner, viewport=viewport)).new_page()
    wizard = Wizard(page, str(viewport["width"]))
    await wizard.open(server)
    await page.get_by_role("radio", name="Streets").check()
    await wizard.next("Which classes are there?")
    await wizard.look("templates")
    await page.get_by_role("button", name="Inspect products").click()
    await wizard.button("Undo").click()
    await expect(wizard.field("Name of class 1")).to_have_count(0)
    await wizard.button("Start from a template").click()
    await page.get_by_role("button", name="Boxes in street scenes").click()
    await wizard.field("Name of class 1").fill("vehicle")
    await expect(wizard.field("Name of attribute 1")).to_have_value("occluded")
    await wizard.look("classes")
    await wizard.next("What should people know?")
    chosen = await choose_by_keyboard(wizard, "Choose from the data: good examples for section 2")
    await page.keyboard.type(CAPTION)
    await page.reload()
    await expect(wizard.field("Caption of good example 1")).to_have_value(CAPTION)
    preview = page.get_by_role("region", name="As people see it")
    await expect(preview.get_by_role("figure")).to_contain_text(CAPTION)
    await expect(preview.locator("figure img")).to_have_js_property("complete", True)
    await wizard.look("instructions")
    await wizard.next("How good is good enough?")
    await page.get_by_role("radio", name="So much money").check()
    await wizard.field("Amount at most").fill("10")
    await wizard.field("Price of an answer").fill("0.08")
    await page.get_by_role("combobox", name="Currency").fill("EUR")
    await page.get_by_role("option", name="EUR").click()
    await expect(page.get_by_text("It pays for 125 answers.")).to_be_visible()
    await expect(page.get_by_text("it is used up before there can be a certificate")).to_be_visible()
    await wizard.field("Amount at most").fill("500")
    await wizard.look("target")
    await wizard.next("How does it begin?")
    await expect(
        page.get_by_text("That is 60 answers, and they count like all others. They cost €4.80.")
    ).to_be_visible()
    await wizard.field("Tasks of the pilot").fill("20")
    await wizard.look("pilot")
    await wizard.button("Create project and begin the pilot").click()
    await expect(page.get_by_role("heading", name="The pilot comes first")).to_be_visible()
    await expect(page.get_by_text("0 of about 40 answers")).to_be_visible()
    await expect(page.get_by_text("20 tasks wait for people")).to_be_visible(timeout=30_000)
    await expect(page.get_by_role("img", name="Of 6,250 answers 0 are used, 40 are asked for now")).to_be_visible()
    await wizard.look("overview")
    await wizard.open(server)
    await expect(page.get_by_role("button", name="Start over")).to_have_count(0)
    [project] = (await world.owner.get("/api/projects"))["items"]
    assert_set_up(project, await world.annotator.get(f"/api/projects/{project['id']}/instructions"), chosen, dataset)
    assert not wizard.faults, "\n".join(wizard.faults)


def assert_set_up(project: dict[str, Any], instructions: dict[str, Any], chosen: str, dataset: str) -> None:
    assert project["dataset_id"] == dataset and project["ontology"]["kind"] == "image.box"
    assert [one["name"] for one in project["ontology"]["classes"]][:2] == ["vehicle", "truck"]
    assert project["target"]["budget"] == {"max_answers": None, "max_cost": 50_000, "price": 8, "currency": "EUR"}
    assert (project["target"]["error"], project["target"]["overlap"]) == (0.1, 2)
    assert (project["pilot"]["n_tasks"], project["pilot"]["overlap"]) == (20, 2)
    about = [one["label_class"] for one in instructions["sections"]]
    assert about[:3] == [None, "vehicle", "truck"], "a class that got another name keeps its section"
    [example] = instructions["sections"][1]["good"]
    assert (example["asset"]["name"], example["caption"]) == (chosen, CAPTION)


@pytest.mark.timeout(180)
async def test_bad_input_is_told_at_its_field_and_what_the_server_refuses_at_its_step(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(r"status of 422")
    await street_data(world, 8)
    page = await (await window(world.owner, viewport=NARROW)).new_page()
    wizard = Wizard(page, "360")
    await wizard.open(server)
    await wizard.next()
    await expect(page.get_by_role("alert")).to_have_text("Upload data or choose a dataset first.")
    await wizard.from_template()
    await wizard.button("Back").click()
    await wizard.button("Add a class").click()
    await wizard.next()
    await wizard.says("Name of class 7", "A class needs a name")
    await expect(wizard.field("Name of class 7")).to_be_focused()
    await wizard.look("class-without-a-name")
    await wizard.button("Remove class 7").click()
    await wizard.next("What should people know?")
    await wizard.button("Add a section").click()
    await wizard.field("Text of section 8").fill("About what?")
    await wizard.next()
    await wizard.says("Title of section 8", "needs a title")
    await wizard.button("Remove section 8").click()
    await wizard.button("Choose from the data: bad examples for section 1").click()
    await page.get_by_role("option", name="street-003.png").click()
    await page.get_by_role("button", name="Take this one").click()
    await wizard.next("How good is good enough?")
    for field, typed, fault in (
        ("Mean loss at most", "0", "From 0.01% to 50%"),
        ("People for each asset", "0", "From 2 to 25"),
        ("With confidence", "", "This is needed"),
    ):
        was = await wizard.field(field).input_value()
        await wizard.field(field).fill(typed)
        await wizard.next()
        await wizard.says(field, fault)
        await wizard.field(field).fill(was)
    await page.get_by_role("radio", name="So many answers").check()
    await wizard.field("Answers at most").fill("0")
    await wizard.field("Price of an answer, to see what it costs").fill("-1")
    await wizard.says("Answers at most", "More than nothing")
    await wizard.says("Price of an answer, to see what it costs", "More than nothing")
    await wizard.next()
    await wizard.look("bad-budget")
    await wizard.field("Answers at most").fill("12")
    await wizard.field("Price of an answer, to see what it costs").fill("")
    await wizard.next("How does it begin?")
    await page.get_by_role("radio", name="A few tasks first").check()
    for tasks, people, faulty, fault in (
        ("4", "2", "Tasks of the pilot", "From 5 to 500"),
        ("9", "1", "Tasks of the pilot", "There are only 8 assets"),
        ("8", "2", "Tasks of the pilot", "The budget pays for 12 answers only"),
        ("5", "0", "People for each task of the pilot", "From 1 to 10"),
    ):
        await wizard.field("Tasks of the pilot").fill(tasks)
        await wizard.field("People for each task of the pilot").fill(people)
        await wizard.says(faulty, fault)
    await wizard.field("People for each task of the pilot").fill("2")
    await wizard.field("Name of the project").fill("")
    await wizard.button("Create project and begin the pilot").click()
    await wizard.says("Name of the project", "needs a name")
    await wizard.field("Name of the project").fill("Refused")
    await remove_asset(world, "street-003.png")
    await wizard.button("Create project and begin the pilot").click()
    await expect(page.get_by_role("heading", name="What should people know?")).to_be_visible()
    await wizard.says("Caption of bad example 1", "no such asset. Choose one of its assets")
    await wizard.look("example-gone")
    await page.reload()
    await wizard.says("Caption of bad example 1", "no longer has this asset")
    await wizard.button("Remove bad example 1").click()
    await page.get_by_role("button", name=re.compile("^5 Pilot")).click()
    await wizard.button("Create project and begin the pilot").click()
    await expect(page.get_by_role("heading", name="Refused")).to_be_visible()
    assert not wizard.faults, "\n".join(wizard.faults)

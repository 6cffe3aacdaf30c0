"""Whatever text a request brings, no screen takes it for a part of the page: all fields of the API, in a real browser."""

import re

import pytest
from playwright.async_api import Page

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.browser.planting.data import plant_data
from tests.browser.planting.fields import text_fields
from tests.browser.planting.models import plant_models
from tests.browser.planting.people import plant_people
from tests.browser.planting.planter import MARK, Planter, Screen
from tests.browser.planting.projects import plant_projects
from tests.browser.planting.reasons import NEVER_SHOWN
from tests.browser.test_screens import is_unharmed
from tests.support.browser import Watch, settled
from tests.support.world import World

# What is shown: text, what stands in fields, and what is read out or stands in tooltips.
SHOWN = """() => [document.title, document.body.innerText, ...[...document.querySelectorAll('*')].flatMap((each) =>
  [each.value, ...['aria-label', 'title', 'alt', 'placeholder'].map((name) => each.getAttribute(name))]
  .filter((text) => typeof text === 'string'))].join(' ')"""


@pytest.mark.requirement("SEC-2")
@pytest.mark.timeout(600)
async def test_no_text_of_any_request_becomes_part_of_a_page(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(r"404 .*/projects/[0-9a-f-]+/model\)")  # of a project without a model
    document = await world.owner.get("/api/openapi.json")
    planter = Planter(world, text_fields(document))
    screens = await plant(planter)
    pages: dict[str, Page] = {}
    seen: set[str] = set()
    for screen in screens:
        who = screen.who or world.owner
        if who.caller.user_id not in pages:
            pages[who.caller.user_id] = await (await window(who)).new_page()
        seen |= await look(pages[who.caller.user_id], server.url, screen)
    assert not planter.doubts
    unseen = {name for mark, name in planter.marks.items() if mark not in seen}
    known = set(planter.marks.values()) | set(planter.refused) | planter.impossible()
    assert not set(planter.fields) - known - set(NEVER_SHOWN), "plant these, or say why nobody sees them"
    assert not set(NEVER_SHOWN) - set(planter.fields), "these are no fields any more"
    assert not set(NEVER_SHOWN) & (set(planter.marks.values()) - unseen), "these are shown after all"
    assert not unseen - set(NEVER_SHOWN), "these are planted and on none of the screens"


async def plant(planter: Planter) -> list[Screen]:
    """Everything, and where to look at it."""
    people = await plant_people(planter)
    projects = await plant_projects(planter)
    models = await plant_models(planter, projects.texts)
    return [*people, *projects.screens, *models, *await plant_data(planter)]


async def look(page: Page, url: str, screen: Screen) -> set[str]:
    """The marks that are shown there; nothing of them has run or is more than text."""
    await page.goto("about:blank")
    await page.goto(url + screen.path)
    await settled(page)
    for step in screen.steps:
        roles = [page.get_by_role(role, name=re.compile(step)) for role in ("button", "combobox", "textbox")]  # type: ignore[arg-type]
        pressed = roles[0].or_(roles[1]).or_(roles[2])
        await pressed.first.click()
        await page.wait_for_timeout(300)
    assert await is_unharmed(page), screen.name
    return set(MARK.findall(await page.evaluate(SHOWN)))

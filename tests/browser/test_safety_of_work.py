"""What a person has done is never lost: closed tabs, crashed pages, a dead network, ended leases, a server that restarts."""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from karat.api.serve import Serving
from tests.browser.conftest import OpenWindow
from tests.support.browser import NO_CONNECTION, Watch, until
from tests.support.load import Client, make_project
from tests.support.server import RunningServer
from tests.support.world import World, answer

SEED = 20261122
CLOSINGS = 50
TASKS = 150
WAYS = ("close", "reload", "leave", "crash")
A_LIFE_S = 45.0  # many times what one takes

# Tells what the browser's own database has taken in for good: that, and no less, is what a closed tab must not lose.
HAND_IN_BY_ENTER = "if (location.protocol === 'http:') localStorage.setItem('karat-answer-at-once', 'false')"
TELL_WHAT_IS_KEPT = """
const put = IDBObjectStore.prototype.put
IDBObjectStore.prototype.put = function (value, ...rest) {
  const { name } = this
  this.transaction.addEventListener('complete', () => window.kept(JSON.stringify({ name, value })))
  return put.call(this, value, ...rest)
}
"""
LOOK = """() => {
  const name = /(text-\\d+)/.exec(document.querySelector('footer')?.textContent ?? '')?.[1] ?? null
  const pressed = document.querySelector('button[aria-pressed=true] [dir=auto]')?.textContent ?? null
  return { name, pressed, idle: document.body.textContent.includes('Handed in here') }
}"""


@dataclass
class Kept:
    """What the browser said it has written down, and what the server said it has.

    Attributes:
        handed_in: answers by submission id, as (assignment, class).
        drafts: by assignment, the newest choice.
        acknowledged: submissions that the server has confirmed.
        pressed: by asset, every choice in order.
    """

    handed_in: dict[str, tuple[str, str]] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    pressed: dict[str, list[str]] = field(default_factory=dict)
    drafts_seen_again: int = 0

    def note(self, told: str) -> None:
        """What the page told from within its database's transaction."""
        entry = json.loads(told)
        value = entry["value"]
        if entry["name"] == "outbox":
            self.drafts.pop(value["assignment_id"], None)
            self.handed_in[value["id"]] = (value["assignment_id"], class_of(value["body"]["annotations"]))
        else:
            [annotation] = value["history"]["document"].values()
            self.drafts[value["assignment_id"]] = class_of([annotation])


def class_of(annotations: list[dict[str, Any]]) -> str:
    """The class that the annotations name."""
    return str(annotations[0]["payload"]["label_class"])


def right(name: str) -> str:
    """What the script means to answer: every asset has one answer, so a mixed-up one is seen."""
    return "ab"[int(name.removeprefix("text-")) % 2]


@pytest.mark.timeout(280)
async def test_closing_the_tab_at_fifty_random_moments_loses_and_doubles_nothing(
    world: World, window: OpenWindow, server: Serving, watch: Watch, record_property: Any
) -> None:
    watch.expect(NO_CONNECTION)
    project = await world.text_project(TASKS)
    context = await window(world.annotator)
    kept, rng = Kept(), random.Random(SEED)
    await context.expose_binding("kept", lambda _source, told: kept.note(told))
    await context.add_init_script(HAND_IN_BY_ENTER + TELL_WHAT_IS_KEPT)
    context.on("response", lambda response: acknowledge(kept, response))
    for closing in range(CLOSINGS):
        async with asyncio.timeout(A_LIFE_S):
            await one_life(context, server, world, project, kept, rng, way=WAYS[closing % len(WAYS)])
    page = await open_stream(context, server, project)
    while not (await look(page))["idle"]:
        await step(page, world, kept, rng)
    await expect(page.get_by_role("status").get_by_text("saved")).to_be_visible()
    record_property("handed in", len(kept.handed_in))
    record_property("drafts seen again", kept.drafts_seen_again)
    await nothing_is_lost(world, project, kept)


def acknowledge(kept: Kept, response: Any) -> None:
    if response.request.method == "POST" and response.url.endswith("/submission") and response.ok:
        kept.acknowledged.add(json.loads(response.request.post_data)["submission_id"])


async def one_life(
    context: BrowserContext,
    server: Serving,
    world: World,
    project: dict[str, Any],
    kept: Kept,
    rng: random.Random,
    *,
    way: str,
) -> None:
    """From opening the tab to its end, which comes in the middle of something; a third of them without a network."""
    page = await open_stream(context, server, project)
    last = rng.randrange(1, 5)
    for at in range(last):
        if at == last - 1 and rng.random() < 0.33:
            await context.set_offline(True)
        await step(page, world, kept, rng)
    await page.wait_for_timeout(rng.uniform(0, 60))
    await end(context, page, way)
    await context.set_offline(False)


async def end(context: BrowserContext, page: Page, way: str) -> None:
    if way == "crash":
        await crash(context, page)
    elif way == "leave":
        await page.goto("about:blank")
    elif way == "reload" and await page.evaluate("() => navigator.onLine"):
        await page.reload(wait_until="commit")
    try:
        await asyncio.wait_for(page.close(), 15)
    except TimeoutError:  # the browser now and then forgets to close one: people end such a tab
        await crash(context, page)


async def crash(context: BrowserContext, page: Page) -> None:
    session = await context.new_cdp_session(page)
    async with page.expect_event("crash"):
        dying = asyncio.create_task(session.send("Page.crash"))
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)


async def open_stream(context: BrowserContext, server: Serving, project: dict[str, Any]) -> Page:
    page = await context.new_page()
    await page.goto(f"{server.url}/label/{project['id']}")
    await until(lambda: look(page), "there is something to do")
    return page


async def look(page: Page) -> Any:
    """What the screen shows: the asset, the class that is chosen; None as long as it shows neither work nor its lack."""
    seen = await page.evaluate(LOOK)
    return seen if seen["name"] or seen["idle"] else None


async def step(page: Page, world: World, kept: Kept, rng: random.Random) -> None:
    """Choose, perhaps wrongly at first, and mostly hand in."""
    seen = await until(lambda: look(page), "there is something to do")
    if (name := seen["name"]) is None:
        return
    await hold_against_what_is_kept(world, kept, seen)
    wrong = next(choice for choice in "ab" if choice != right(name))
    for choice in [wrong] * (rng.random() < 0.4) + [right(name)]:
        if choice != (await look(page))["pressed"]:
            kept.pressed.setdefault(name, []).append(choice)
            await page.keyboard.press("1" if choice == "a" else "2")
            await page.wait_for_timeout(rng.uniform(0, 25))
    if rng.random() < 0.8:
        await page.keyboard.press("Enter")
        if await page.evaluate("() => navigator.onLine"):
            await until(lambda: has_left(page, name), f"{name} has left the screen")


async def has_left(page: Page, name: str) -> bool:
    seen = await look(page)
    return bool(seen and seen["name"] != name)


async def hold_against_what_is_kept(world: World, kept: Kept, seen: dict[str, Any]) -> None:
    """What is on the screen must not have been handed in, and its draft must be the newest that was kept."""
    name, by_assignment = seen["name"], await assets_by_assignment(world)
    handed_in = {by_assignment[assignment] for assignment, _ in kept.handed_in.values()}
    assert name not in handed_in, "an answer that was handed in is asked for again"
    drafts = {by_assignment[assignment]: choice for assignment, choice in kept.drafts.items()}
    if name in drafts:
        later = kept.pressed[name][::-1]
        assert seen["pressed"] in {drafts[name], *later[: later.index(drafts[name])]}, "a draft that was kept is gone"
        kept.drafts_seen_again += 1


async def assets_by_assignment(world: World) -> dict[str, str]:
    async with world.engine.database.transaction(world.tenant_id) as db:
        rows = await db.fetch(
            """SELECT x.id, a.external_id FROM assignment x JOIN task t ON t.tenant_id = x.tenant_id AND t.id = x.task_id
            JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id"""
        )
    return {str(row["id"]): row["external_id"] for row in rows}


async def submissions(world: World, project_id: str) -> dict[str, tuple[str, str]]:
    """By id, as (assignment, class), without those that were taken back."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        rows = await db.fetch(
            "SELECT id, assignment_id, annotations FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL",
            project_id,
        )
    return {str(row["id"]): (str(row["assignment_id"]), class_of(row["annotations"])) for row in rows}


async def nothing_is_lost(world: World, project: dict[str, Any], kept: Kept) -> None:
    stored, by_assignment = await submissions(world, project["id"]), await assets_by_assignment(world)
    assert kept.acknowledged <= set(stored)
    assert len(kept.handed_in) >= CLOSINGS, "the run must hand in something between the closings"
    assert kept.handed_in == {id_: stored.get(id_) for id_ in kept.handed_in}
    answered = [by_assignment[assignment] for assignment, _ in stored.values()]
    assert sorted(answered) == sorted(f"text-{at}" for at in range(TASKS)), "each asset is answered exactly once"
    assert all(choice == right(by_assignment[assignment]) for assignment, choice in stored.values())
    assert kept.drafts_seen_again >= 5, "the closings must hit drafts"


async def test_without_a_network_work_goes_on_and_arrives_when_it_is_back(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect(NO_CONNECTION)
    project = await world.text_project(8)
    context = await window(world.annotator)
    page = await open_stream(context, server, project)
    await expect(page.get_by_text("saved")).to_be_visible()
    await context.set_offline(True)
    await expect(page.get_by_text("offline")).to_be_visible()
    for at in range(3):
        name = (await until(lambda: look(page), "the next is here already"))["name"]
        await page.keyboard.press("1" if right(name) == "a" else "2")
        await expect(page.get_by_text(f"{at + 1} answer{'s' * (at > 0)} kept here")).to_be_visible()
    assert not await submissions(world, project["id"])
    await context.set_offline(False)
    await expect(page.get_by_text("saved", exact=False)).to_be_visible()
    by_assignment = await assets_by_assignment(world)
    stored = await submissions(world, project["id"])
    assert len(stored) == 3
    assert all(choice == right(by_assignment[assignment]) for assignment, choice in stored.values())


async def all_arrived(world: World, project: dict[str, Any], n: int) -> bool:
    return len(await submissions(world, project["id"])) == n


async def test_two_tabs_of_one_person_share_the_work_without_a_quarrel(
    world: World, window: OpenWindow, server: Serving
) -> None:
    project = await world.text_project(16)
    context = await window(world.annotator)
    pages = [await open_stream(context, server, project) for _ in range(2)]
    shown: list[str] = []
    while names := [seen["name"] for page in pages if (seen := await until(lambda p=page: look(p), "work"))["name"]]:
        assert len(set(names)) == len(names), "two tabs show the same asset"
        for page in pages:
            name = (await until(lambda p=page: look(p), "work"))["name"]
            if name:
                shown.append(name)
                await page.keyboard.press("1" if right(name) == "a" else "2")
                await until(lambda p=page, n=name: has_left(p, n), f"{name} has left the screen")
    assert sorted(shown) == sorted(f"text-{at}" for at in range(16)), "no asset came twice"
    await until(lambda: all_arrived(world, project, 16), "every answer has arrived")
    for page in pages:
        await expect(page.get_by_text("conflict")).to_have_count(0)


async def test_a_tab_from_before_an_upgrade_loads_the_new_app_by_itself(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 404|dynamically imported module")
    page = await (await window(world.owner)).new_page()
    await page.goto(server.url)
    await expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    await page.route("**/assets/Audit-*.js", lambda route: route.fulfill(status=404), times=1)
    await page.get_by_role("link", name="Audit").click()
    await expect(page.get_by_role("heading", name="Audit")).to_be_visible()


async def test_a_lease_that_ended_meanwhile_is_said_and_the_last_edit_stays_in_sight(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 409")
    project = await world.text_project(4)
    context = await window(world.annotator)
    await context.add_init_script(HAND_IN_BY_ENTER)
    page = await open_stream(context, server, project)
    name = (await look(page))["name"]
    await end_all_leases(world)
    await page.keyboard.press("1")
    await expect(page.get_by_role("alert")).to_contain_text("The time for this asset is over")
    assert await look(page) == {"name": name, "pressed": "a", "idle": False}
    await expect(page.get_by_role("button", name="Submit")).to_be_disabled()
    await page.get_by_role("button", name="Next asset").click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")


async def test_an_answer_that_came_too_late_is_reported_and_stays_until_it_has_been_seen(
    world: World, window: OpenWindow, server: Serving, watch: Watch
) -> None:
    watch.expect("status of 409")
    project = await world.text_project(1)
    context = await window(world.annotator)
    page = await open_stream(context, server, project)
    await end_all_leases(world)
    other = await world.another()
    work = await world.take(other, project)
    await other.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))
    await page.keyboard.press("1")
    conflict = page.get_by_role("status").filter(has_text="conflict: 1 answer not taken")
    await expect(conflict).to_be_visible()
    await page.reload()
    await conflict.click()
    await page.get_by_role("button", name="I have seen this").click()
    await expect(conflict).to_have_count(0)
    assert len(await submissions(world, project["id"])) == 1


async def end_all_leases(world: World) -> None:
    """As if everybody had been away for too long."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE assignment SET expires_at = now() - interval '1 minute' WHERE state = 'held'")
    await tasks_expired(world)


async def tasks_expired(world: World) -> None:
    async def none_is_held() -> bool:
        async with world.engine.database.transaction(world.tenant_id) as db:
            return not await db.fetch_value("SELECT count(*) FROM assignment WHERE state = 'held'")

    await until(none_is_held, "what nobody holds any more is open again", patience_s=90)


@pytest.fixture
async def restarting(tmp_path: Path) -> AsyncIterator[RunningServer]:
    (tmp_path / "data").mkdir()
    running = RunningServer(tmp_path / "data", {"KARAT_LEASE_SECONDS": "12"})
    await running.start()
    yield running
    running.stop()


async def test_a_server_that_is_killed_in_between_gets_every_answer_when_it_is_back(
    browser: Browser, restarting: RunningServer
) -> None:
    owner = Client(restarting.url, restarting.owner_key)
    project = await make_project(owner, 12)
    [link] = re.findall(r"http\S+/sign-in#\S+", restarting.log())
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    await page.goto(f"{restarting.url}/label/{project}")
    answered = 0
    for is_there in (True, False, True, False, True):
        if is_there and answered:
            await restarting.start()
        if not is_there:
            restarting.kill()
        for _ in range(2):
            name = (await until(lambda: look(page), "work"))["name"]
            await page.keyboard.press("1")
            await until(lambda n=name: has_left(page, n), f"{name} has left the screen")
            answered += 1
        await expect(page.get_by_text("saved" if is_there else "kept here")).to_be_visible(timeout=20_000)
    status, tasks = await owner.call(b"GET", f"/api/projects/{project}/tasks?limit=50")
    assert status == 200
    assert sum(task["n_answers"] for task in tasks["items"]) == answered
    await context.close()

"""Projects of unusual size or staff reach their certificate, and what is delivered is what was certified."""

import io
from typing import Any
from uuid import uuid4

import pytest

from karat.quality.verification import verify
from tests.support.digits import make_digit_project
from tests.support.world import Person, World, answer


async def new_project(world: World, n: int, names: str) -> str:
    dataset = await world.text_dataset([f"text number {at} {uuid4().hex}" for at in range(n)])
    classes = [{"name": name} for name in names]
    new = {"name": "Project", "dataset_id": dataset, "kind": "text.class", "classes": classes}
    return str((await world.owner.post("/api/projects", new))["id"])


async def work_off(person: Person, project_id: str, purpose: str, names: str = "a") -> None:
    """Hand in whatever there is; what comes for review is fixed."""
    while (taken := await person.post(f"/api/projects/{project_id}/next", {"purpose": purpose}))["items"]:
        work = taken["items"][0]
        body = answer(work, names[int(work["asset"]["external_id"].split("-")[-1]) % len(names)])
        path = f"/api/assignments/{work['assignment_id']}"
        if purpose == "review":
            fix = {"review_id": str(uuid4()), "verdict": "fix", "reason": "other", "duration_s": 1.0}
            await person.post(f"{path}/review", fix | {"annotations": body["annotations"]})
        else:
            await person.post(f"{path}/submission", body)


async def certify(world: World, project_id: str, labeller: Person, judge: Person, names: str) -> None:
    for _ in range(60):
        await world.drain()
        project = await world.owner.get(f"/api/projects/{project_id}")
        if project["phase"] == "certified":
            return
        await work_off(labeller, project_id, "label", names)
        await work_off(judge, project_id, "review", names)
        await work_off(judge, project_id, "check", names)
    raise AssertionError(project["phase_sentence"])


async def assert_delivers_what_is_certified(world: World, project_id: str) -> None:
    export = await world.owner.post(f"/api/projects/{project_id}/exports", {"format": "karat-jsonl"})
    await world.drain()
    labels = (await world.owner.call("GET", f"/api/exports/{export['id']}/file")).content
    state: dict[str, Any] = await world.owner.get(f"/api/projects/{project_id}/overview")
    path = f"/api/certificates/{state['error']['certificate_id']}/file"
    report = verify((await world.owner.call("GET", path)).content, labels=io.BytesIO(labels))
    assert report.is_valid, report


@pytest.mark.parametrize("n", [1, 2, 20])
@pytest.mark.parametrize("names", ["a", "ab"])
async def test_a_project_of_few_tasks_is_certified(world: World, n: int, names: str) -> None:
    project_id = await new_project(world, n, names)
    await certify(world, project_id, world.annotator, world.reviewer, names)
    await assert_delivers_what_is_certified(world, project_id)


async def test_an_owner_alone_comes_to_a_certificate_with_the_model(world: World) -> None:
    project_id = await new_project(world, 20, "ab")
    await certify(world, project_id, world.owner, world.owner, "ab")
    await assert_delivers_what_is_certified(world, project_id)


async def test_after_a_failed_check_an_owner_alone_need_not_label_everything(world: World) -> None:
    work = await make_digit_project(world, 150, error=0.1)

    async def count(sql: str) -> int:
        async with world.engine.database.transaction(world.tenant_id) as db:
            return int(await db.fetch_value(sql))

    while not await count("SELECT count(*) FROM check_draw WHERE state = 'failed'"):
        await work.work(world.owner, work.truth.__getitem__, most=10)
        await work.work(world.owner, lambda name: (work.truth[name] + 1) % 10, purpose="check")
        await world.drain()
    while await count("SELECT count(*) FROM check_draw") == 1:
        await world.drain()
        await work.work(world.owner, work.truth.__getitem__, most=10)
    answers = (await work.overview())["answers"]
    assert answers["people"] + answers["check"] < 150


async def test_what_is_imported_after_the_freeze_is_neither_delivered_nor_certified(world: World) -> None:
    project = await world.text_project(3)
    await work_off(world.annotator, project["id"], "label")
    await world.drain()
    path = f"/api/datasets/{project['dataset_id']}/imports?filename=more.csv"
    await world.owner.post(path, content=b"id,text\nnew-1,while it is checked\n")
    await world.drain()
    await work_off(world.reviewer, project["id"], "check")
    await world.drain()
    await assert_delivers_what_is_certified(world, project["id"])
    await world.owner.post(path, content=b"id,text\nnew-2,when it is certified\n")
    await world.drain()
    await assert_delivers_what_is_certified(world, project["id"])

"""Taking, saving, handing in, passing on and taking back, through the public API."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from karat.tasks import expire_leases
from tests.support.world import Person, World, answer


async def submit(person: Person, work: dict[str, Any], body: dict[str, Any]) -> Any:
    return await person.call("POST", f"/api/assignments/{work['assignment_id']}/submission", json=body)


async def end_lease(world: World, work: dict[str, Any]) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(
            "UPDATE assignment SET expires_at = now() - interval '1 second' WHERE id = $1", work["assignment_id"]
        )


async def test_an_answer_is_accepted_once_and_sending_it_again_changes_nothing(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    body = answer(work)
    first, second = await submit(world.annotator, work, body), await submit(world.annotator, work, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    async with world.engine.database.transaction(world.tenant_id) as db:
        assert await db.fetch_value("SELECT count(*) FROM submission") == 1


async def test_the_same_submission_id_with_another_answer_is_a_conflict(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    body = answer(work, "a")
    await submit(world.annotator, work, body)
    other = {**body, "annotations": [{"kind": "text.class", "payload": {"label_class": "b"}}]}
    response = await submit(world.annotator, work, other)
    assert (response.status_code, response.json()["code"]) == (409, "submission.differs")


async def test_a_task_is_not_given_to_more_people_than_its_overlap(world: World) -> None:
    project = await world.text_project(1, overlap=2)
    people = [await world.another() for _ in range(6)]
    answers = await asyncio.gather(*(one.post(f"/api/projects/{project['id']}/next") for one in people))
    assert sum(len(one["items"]) for one in answers) == 2


async def test_what_remains_counts_only_tasks_that_the_caller_may_still_get(world: World) -> None:
    project = await world.text_project(3, overlap=2)
    told, known = [], list[str]()
    for _ in range(3):
        given = await world.annotator.post(f"/api/projects/{project['id']}/next", {"count": 1, "known": known})
        [work] = given["items"]
        await submit(world.annotator, work, answer(work))
        told.append(given["remaining"])
        known.append(work["assignment_id"])
    assert told == [2, 1, 0]


async def test_next_gives_what_the_caller_already_holds_before_anything_new(world: World) -> None:
    project = await world.text_project(3)
    first = await world.take(world.annotator, project)
    assert (await world.take(world.annotator, project))["assignment_id"] == first["assignment_id"]
    other = await world.take(world.annotator, project, known=[first["assignment_id"]])
    assert other["task_id"] != first["task_id"]


async def test_everything_is_labelled_although_the_search_starts_behind_the_last_task(world: World) -> None:
    project = await world.text_project(4)
    seen = set()
    works = [await world.take(world.annotator, project)]
    for _ in range(3):
        works.append(await world.take(world.annotator, project, known=[one["assignment_id"] for one in works]))
    await world.annotator.call("POST", f"/api/assignments/{works[0]['assignment_id']}/release")
    again = await world.take(world.annotator, project, known=[one["assignment_id"] for one in works[1:]])
    seen = {one["task_id"] for one in works}
    assert again["task_id"] == works[0]["task_id"]
    assert len(seen) == 4


async def test_an_answer_after_the_lease_ended_is_refused_and_the_task_can_be_taken_again(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    await end_lease(world, work)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await expire_leases(db)
    body = answer(work)
    late = await submit(world.annotator, work, body)
    assert (late.status_code, late.json()["code"], late.json()["can_take_again"]) == (409, "task.lease_ended", True)
    await world.annotator.post(f"/api/assignments/{work['assignment_id']}/renew")
    assert (await submit(world.annotator, work, body)).status_code == 201


async def test_a_task_whose_lease_ended_is_not_taken_again_when_somebody_else_has_it(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    await end_lease(world, work)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await expire_leases(db)
    await world.take(await world.another(), project)
    response = await world.annotator.call("POST", f"/api/assignments/{work['assignment_id']}/renew")
    assert (response.status_code, response.json()["can_take_again"]) == (409, False)


async def test_a_stale_ontology_version_is_refused(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    response = await submit(world.annotator, work, answer(work, ontology_version_id=str(uuid4())))
    assert (response.status_code, response.json()["code"]) == (409, "ontology.stale")


async def test_an_unknown_class_and_a_wrong_kind_are_told_with_their_places(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    wrong = [
        {"kind": "text.class", "payload": {"label_class": "zebra"}},
        {"kind": "image.class", "payload": {"label_class": "a"}},
    ]
    response = await submit(world.annotator, work, answer(work, annotations=wrong))
    assert (response.status_code, response.json()["code"]) == (422, "annotations.invalid")
    assert [fault["where"] for fault in response.json()["faults"]] == [
        "annotations.0.payload.label_class",
        "annotations.1.kind",
    ]


async def test_a_withdrawn_answer_is_held_again_with_its_content_as_draft(world: World) -> None:
    project = await world.text_project(3)
    work = await world.take(world.annotator, project)
    await submit(world.annotator, work, answer(work, "b"))
    back = await world.annotator.post(f"/api/assignments/{work['assignment_id']}/withdraw")
    assert back["draft"]["annotations"][0]["payload"] == {"label_class": "b"}
    assert (await submit(world.annotator, work, answer(work, "a"))).status_code == 201


async def test_an_older_draft_never_replaces_a_newer_one(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    path = f"/api/assignments/{work['assignment_id']}/draft"
    annotation = {"kind": "text.class", "payload": {"label_class": "a"}}
    assert (await world.annotator.call("PUT", path, json={"seq": 5, "annotations": [annotation]})).status_code == 200
    stale = await world.annotator.call("PUT", path, json={"seq": 4, "annotations": []})
    assert (stale.status_code, stale.json()["code"]) == (409, "draft.stale")
    again = await world.take(world.annotator, project)
    assert again["draft"] == {"seq": 5, "annotations": [annotation]}


@pytest.mark.parametrize("n_people", [1, 2])
async def test_what_everybody_passes_on_goes_to_a_reviewer(world: World, n_people: int) -> None:
    project = await world.text_project(3)
    people = [world.annotator, await world.another()][:n_people]
    works = [await world.take(one, project) for one in people]
    for one, work in zip(people, works, strict=True):
        await submit(one, work, answer(work))
    for one in people:
        work = await world.take(one, project)
        response = await one.call("POST", f"/api/assignments/{work['assignment_id']}/skip", json={"reason": "blurred"})
        assert response.status_code == 204
    review = await world.reviewer.post(f"/api/projects/{project['id']}/next", {"purpose": "review"})
    assert len(review["items"]) == 1


async def test_nobody_can_hand_in_for_somebody_else(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    response = await submit(await world.another(), work, answer(work))
    assert (response.status_code, response.json()["code"]) == (404, "assignment.not_found")


async def test_a_paused_project_gives_out_nothing_and_says_so(world: World) -> None:
    project = await world.text_project(1)
    await world.owner.call("PATCH", f"/api/projects/{project['id']}", json={"state": "paused"})
    answer_ = await world.annotator.post(f"/api/projects/{project['id']}/next")
    assert answer_["items"] == []
    assert answer_["waiting"] == "The project is paused."

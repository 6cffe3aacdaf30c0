"""Nobody is left waiting for a task that nobody may take, and no lease is counted twice."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from karat import quality
from karat.kit import Role
from karat.quality.queueing import enqueue_turn
from karat.tasks import expire_leases, projects, routing, store
from tests.support.world import Person, World, answer

JUDGES = (Role.OWNER, Role.ADMIN, Role.MANAGER, Role.REVIEWER)


async def submit(person: Person, work: dict[str, Any]) -> None:
    await person.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))


async def skip(person: Person, work: dict[str, Any]) -> None:
    await person.post(f"/api/assignments/{work['assignment_id']}/skip", {"reason": "unclear"})


async def end_lease(world: World, work: dict[str, Any]) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(
            "UPDATE assignment SET expires_at = now() - interval '1 second' WHERE id = $1", UUID(work["assignment_id"])
        )
        await expire_leases(db)


async def test_a_lease_to_label_cannot_be_taken_again_once_the_task_is_checked(world: World) -> None:
    project, late = await world.text_project(1), await world.another()
    old = await world.take(late, project)
    await end_lease(world, old)
    await submit(world.annotator, await world.take(world.annotator, project))
    await world.drain()
    assert (await world.owner.get(f"/api/projects/{project['id']}"))["phase"] == "checking"
    response = await late.call("POST", f"/api/assignments/{old['assignment_id']}/renew")
    assert response.status_code == 409


async def test_a_check_that_all_reviewers_passed_on_comes_to_them_again(world: World) -> None:
    project = await world.text_project(1)
    await submit(world.annotator, await world.take(world.annotator, project))
    await world.drain()
    for role in JUDGES:
        await skip(world.people[role], await world.take(world.people[role], project, purpose="check"))
    assert (await world.take(world.owner, project, purpose="check"))["purpose"] == "check"


async def test_an_answer_taken_back_while_a_second_person_has_the_task_leaves_both_leases_counted(
    world: World,
) -> None:
    project = await world.text_project(1, overlap=None)
    first = await world.take(world.annotator, project)
    await submit(world.annotator, first)
    async with world.engine.database.transaction(world.tenant_id) as db:  # as the router asks a second person
        await db.execute(
            "UPDATE task SET stage = 'people', wanted = 1, taken = 0, answered = 0 WHERE id = $1",
            UUID(first["task_id"]),
        )
    second = await world.take(await world.another(), project)
    await world.annotator.post(f"/api/assignments/{first['assignment_id']}/withdraw")
    await end_lease(world, first)
    await end_lease(world, second)
    assert (await world.take(world.annotator, project))["task_id"] == first["task_id"]


async def test_a_person_alone_gets_a_task_again_that_they_passed_on_and_rejected(world: World) -> None:
    project = await world.text_project(1)
    await skip(world.owner, await world.take(world.owner, project))
    review = await world.take(world.owner, project, purpose="review")
    body = {"review_id": str(uuid4()), "verdict": "reject", "reason": "asset_unclear", "duration_s": 1.0}
    await world.owner.post(f"/api/assignments/{review['assignment_id']}/review", body)
    assert (await world.take(world.owner, project))["task_id"] == review["task_id"]


async def test_what_one_answered_and_the_others_passed_on_goes_to_a_reviewer(world: World) -> None:
    project = await world.text_project(1, overlap=2)
    await submit(world.annotator, await world.take(world.annotator, project))
    other = await world.another()
    await skip(other, await world.take(other, project))
    assert await world.take(world.owner, project, purpose="review")


async def test_a_job_that_died_after_its_last_tasks_still_tells_that_they_are_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = store.assets_without_task, 0

    async def dies_once(db: Any, project_id: UUID, limit: int) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ConnectionError
        return await real(db, project_id, limit)

    monkeypatch.setattr(projects, "TASKS_PER_STEP", 5)
    monkeypatch.setattr(store, "assets_without_task", dies_once)
    project = await world.text_project(5, overlap=None)
    while calls < 3:
        await world.drain()
    await world.drain()
    assert await world.take(world.annotator, project)


async def run(world: World, sql: str, *args: Any) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(sql, *args)


async def look_again(world: World) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await quality.look_again(db)
    await world.drain()


async def only_left_for(world: World, project: dict[str, Any], absent: Person) -> None:
    """The annotator gave every answer so far, and the batch that is out now is for the other one."""
    await submit(absent, await world.take(absent, project))
    await world.drain()
    while items := (await world.annotator.post(f"/api/projects/{project['id']}/next"))["items"]:
        await submit(world.annotator, items[0])
    await run(
        world,
        """UPDATE task t SET stage = 'people', wanted = 1, taken = 0, answered = 0 WHERE EXISTS (SELECT 1 FROM submission s
            WHERE s.task_id = t.id AND s.user_id = $1)""",
        world.annotator.caller.user_id,
    )


async def leave(world: World, person: Person) -> None:
    moment = "now() - interval '10 minutes'"
    await run(world, f"UPDATE assignment SET created_at = {moment} WHERE user_id = $1", person.caller.user_id)
    await run(world, f"UPDATE presence SET seen_at = {moment} WHERE user_id = $1", person.caller.user_id)


async def test_who_left_with_answers_still_to_give_keeps_nobody_waiting(world: World) -> None:
    project, absent = await world.text_project(60, overlap=None, error=0.1), await world.another()
    await only_left_for(world, project, absent)
    nothing = await world.annotator.post(f"/api/projects/{project['id']}/next")
    assert "other people" in nothing["waiting"]
    await look_again(world)
    assert not (await world.annotator.post(f"/api/projects/{project['id']}/next"))["items"]  # the other is there still
    await leave(world, absent)
    await look_again(world)
    assert await world.take(world.annotator, project)


async def test_while_nobody_waits_a_batch_is_left_to_those_who_will_come_back(world: World) -> None:
    project, absent = await world.text_project(60, overlap=None, error=0.1), await world.another()
    await only_left_for(world, project, absent)
    await leave(world, absent)
    await leave(world, world.annotator)
    await look_again(world)
    assert (await world.take(absent, project))["task_id"]


async def test_what_the_only_one_who_is_there_passed_on_goes_to_a_reviewer(world: World) -> None:
    project, absent = await world.text_project(3, overlap=None), await world.another()
    await submit(absent, await world.take(absent, project))
    await leave(world, absent)
    await skip(world.annotator, await world.take(world.annotator, project))
    assert await world.take(world.owner, project, purpose="review")


async def disputed(world: World) -> dict[str, Any]:
    """A project of which two people answer three tasks differently, so that these come to review."""
    project = await world.text_project(22, overlap=2, error=0.25, confidence=0.8)
    for person, n_wrong in ((world.annotator, 0), (await world.another(), 3)):
        done = 0
        while items := (await person.post(f"/api/projects/{project['id']}/next"))["items"]:
            is_even = int(items[0]["asset"]["external_id"].split("-")[-1]) % 2 == 0
            said = answer(items[0], "a" if is_even == (done >= n_wrong) else "b")
            await person.post(f"/api/assignments/{items[0]['assignment_id']}/submission", said)
            done += 1
    await world.drain()
    return project


async def judge(person: Person, work: dict[str, Any], verdict: str) -> dict[str, Any]:
    body = {"review_id": str(uuid4()), "verdict": verdict, "reason": "other", "duration_s": 1.0}
    if verdict == "fix":
        body |= {"annotations": answer(work)["annotations"]}
    await person.post(f"/api/assignments/{work['assignment_id']}/review", body)
    return body


async def test_what_was_reviewed_while_the_engine_was_reckoning_is_not_sent_to_review_again(world: World) -> None:
    project = await disputed(world)
    fixed = await world.take(world.owner, project, purpose="review")
    await judge(world.owner, fixed, "fix")
    rejected = await world.take(world.owner, project, purpose="review")
    await judge(world.owner, rejected, "reject")
    stale = [UUID(fixed["task_id"]), UUID(rejected["task_id"])]
    async with world.engine.database.transaction(world.tenant_id) as db:
        assert not await routing.open_reviews(db, UUID(project["id"]), stale)


async def test_who_rejected_an_answer_may_judge_the_next_one_to_the_same_task(world: World) -> None:
    project = await disputed(world)
    first = await world.take(world.owner, project, purpose="review")
    body = await judge(world.owner, first, "reject")
    await run(world, "UPDATE task SET stage = 'review', wanted = 1 WHERE id = $1", UUID(first["task_id"]))
    all_of_it = await world.owner.post(f"/api/projects/{project['id']}/next", {"purpose": "review", "count": 10})
    assert first["task_id"] in {work["task_id"] for work in all_of_it["items"]}
    retried = await world.owner.post(f"/api/assignments/{first['assignment_id']}/review", body)
    assert retried["id"] == body["review_id"]


async def test_a_project_that_nothing_moves_is_looked_at_again(world: World) -> None:
    project = await world.text_project(1)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await enqueue_turn(db, UUID(project["id"]))
    await world.drain()
    await submit(world.annotator, await world.take(world.annotator, project))
    await run(world, "DELETE FROM event")  # as if nobody had heard of the answer
    await look_again(world)
    assert (await world.owner.get(f"/api/projects/{project['id']}"))["phase"] == "collecting"
    await run(world, "UPDATE job SET finished_at = now() - interval '2 minutes'")
    await look_again(world)
    assert (await world.owner.get(f"/api/projects/{project['id']}"))["phase"] == "checking"


async def test_who_waits_reads_plain_words_and_who_leads_reads_how_the_engine_reasons(world: World) -> None:
    project = await disputed(world)
    path = f"/api/projects/{project['id']}"
    plain = (await (await world.another()).post(f"{path}/next"))["waiting"]
    assert plain == "A reviewer looks at what is left."
    assert (await world.manager.post(f"{path}/next"))["waiting"] == (await world.owner.get(path))["phase_sentence"]


async def test_after_a_rejection_the_project_says_that_people_are_asked_and_not_that_a_reviewer_decides(
    world: World,
) -> None:
    project = await disputed(world)
    path = f"/api/projects/{project['id']}"
    work = (await world.owner.post(f"{path}/next", {"purpose": "review", "count": 10}))["items"]
    assert len(work) > 1
    for n, one in enumerate(work[:-1], start=1):
        await judge(world.owner, one, "reject")
        now = await world.owner.get(path)
        assert (now["phase"], [said["code"] for said in now["phase_said"]]) == (
            "review_needed",
            ["tasks.rejected", "tasks.still_reviewed"],
        )
        assert now["phase_said"][0]["facts"] == {"n": n}
    await judge(world.owner, work[-1], "reject")
    await world.drain()
    now = await world.owner.get(path)
    assert now["phase"] == "collecting"
    assert now["phase_sentence"] == f"A reviewer rejected answers; {len(work)} tasks wait for new ones."

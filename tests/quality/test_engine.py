"""The engine at work on real digits through the public API: route, ask, review, check, certify, export."""

import io
import json
from typing import Any

from karat.quality.verification import verify
from tests.support.digits import NAMES, DigitProject, make_crowd, make_digit_project
from tests.support.world import World, answer


async def certificate_of(work: DigitProject, state: dict[str, Any]) -> bytes:
    path = f"/api/certificates/{state['error']['certificate_id']}/file"
    return (await work.world.owner.call("GET", path)).content


async def exported(work: DigitProject) -> bytes:
    export = await work.world.owner.post(f"{work.path}/exports", {"format": "karat-jsonl"})
    await work.world.drain()
    return (await work.world.owner.call("GET", f"/api/exports/{export['id']}/file")).content


async def test_people_and_model_together_certify_labels_that_verify_offline(world: World) -> None:
    work = await make_digit_project(world, 300, error=0.05)
    state = await work.run(await make_crowd(world, 0.02, 0.04, 0.06))
    labels, certificate = await exported(work), await certificate_of(work, state)
    report = verify(certificate, labels=io.BytesIO(labels), expected_public_key=world.engine.public_key)
    assert report.is_valid, report
    assert state["error"]["upper_bound"] <= 0.05
    lines = [json.loads(line) for line in labels.splitlines()]
    delivered = {line["name"]: line["annotations"][0]["payload"]["label_class"] for line in lines}
    wrong = sum(delivered[name] != NAMES[label] for name, label in work.truth.items())
    assert wrong <= 15
    assert state["answers"]["human"] < state["answers"]["baseline"]
    assert state["stages"]["done"] == 300


async def test_the_certificate_is_refused_after_one_changed_byte(world: World) -> None:
    work = await make_digit_project(world, 40, error=0.2)
    state = await work.run(await make_crowd(world, 0.02, 0.04))
    certificate = await certificate_of(work, state)
    assert verify(certificate).is_valid
    for at in range(0, len(certificate), max(1, len(certificate) // 40)):
        changed = bytearray(certificate)
        changed[at] ^= 1
        assert not verify(bytes(changed)).is_valid, f"byte {at}"


async def test_labels_are_frozen_and_hashed_before_anybody_knows_what_is_drawn(world: World) -> None:
    work = await make_digit_project(world, 60, error=0.1)
    await work.run(await make_crowd(world, 0.02, 0.04))
    async with world.engine.database.transaction(world.tenant_id) as db:
        frozen_at = await db.fetch_value("SELECT min(created_at) FROM check_draw")
        first_check = await db.fetch_value("SELECT min(created_at) FROM submission WHERE purpose = 'check'")
        late_labels = await db.fetch_value(
            "SELECT count(*) FROM submission WHERE purpose = 'label' AND created_at > $1", frozen_at
        )
        actions = [row["action"] for row in await db.fetch("SELECT action FROM audit_entry ORDER BY id")]
    assert frozen_at < first_check
    assert late_labels == 0
    assert actions.index("labels.frozen") < actions.index("certificate.issued")


async def test_a_check_that_fails_leads_to_more_answers_and_a_fresh_draw(world: World) -> None:
    work = await make_digit_project(world, 120, error=0.1)
    crowd = await make_crowd(world, 0.02, 0.04)
    async with world.engine.database.transaction(world.tenant_id) as db:
        count = "SELECT count(*) FROM check_draw WHERE state = 'failed'"
        while not await db.fetch_value(count):
            for person, who in crowd:
                await work.work(person, lambda name, who=who: who.answer(name, work.truth[name], 0), most=10)
            await work.review(world.reviewer)
            await work.work(world.reviewer, lambda name: (work.truth[name] + 1) % 10, purpose="check")
            await world.drain()
    answers_at_failure = (await work.overview())["answers"]["people"]
    state = await work.run(crowd)
    async with world.engine.database.transaction(world.tenant_id) as db:
        draws = await db.fetch("SELECT attempt, state, alpha, seed FROM check_draw ORDER BY attempt")
    assert [row["state"] for row in draws] == ["failed", "certified"]
    assert state["answers"]["people"] > answers_at_failure
    assert sum(row["alpha"] for row in draws) <= 0.05
    assert draws[0]["seed"] != draws[1]["seed"]
    assert verify(await certificate_of(work, state)).is_valid


async def test_with_a_fixed_overlap_every_task_gets_its_answers_and_no_model_is_asked(world: World) -> None:
    work = await make_digit_project(world, 30, error=0.1, overlap=2)
    state = await work.run(await make_crowd(world, 0.02, 0.02, 0.02))
    assert state["answers"]["people"] == 60
    assert state["model"] is None


async def test_nothing_is_believed_before_anybody_has_answered(world: World) -> None:
    work = await make_digit_project(world, 30)
    page = await world.owner.get(f"{work.path}/tasks?limit=100")
    assert {task["label"] for task in page["items"]} == {None}
    assert (await work.overview())["answers"]["saved"] is None


async def test_a_task_says_in_one_sentence_why_it_has_its_label(world: World) -> None:
    work = await make_digit_project(world, 60, error=0.1)
    ((person, who),) = await make_crowd(world, 0.02)
    await work.work(person, lambda name: who.answer(name, work.truth[name], 0))
    await world.drain()
    page = await world.owner.get(f"{work.path}/tasks?limit=100")
    answered = next(task for task in page["items"] if task["n_answers"])
    why = await world.owner.get(f"/api/tasks/{answered['id']}/explanation")
    assert "person said" in why["sentence"]
    assert abs(sum(why["posterior"].values()) - 1) < 1e-3


async def test_a_rejected_answer_counts_no_more_and_the_task_is_asked_again(world: World) -> None:
    work = await make_digit_project(world, 20, overlap=1)
    ((person, _),) = await make_crowd(world, 0.02)
    taken = await person.post(f"{work.path}/next", {"count": 1})
    skipped = taken["items"][0]
    await person.call("POST", f"/api/assignments/{skipped['assignment_id']}/skip", json={"reason": "unclear"})
    review = (await world.reviewer.post(f"{work.path}/next", {"purpose": "review"}))["items"][0]
    body = {"review_id": review["assignment_id"], "verdict": "reject", "reason": "asset_unclear", "duration_s": 1.0}
    await world.reviewer.post(f"/api/assignments/{review['assignment_id']}/review", body)
    other = await world.another()
    again = await other.post(f"{work.path}/next", {"count": 10})
    assert skipped["task_id"] in {one["task_id"] for one in again["items"]}


async def test_a_fix_without_a_reason_is_told_what_is_missing(world: World) -> None:
    work = await make_digit_project(world, 5, overlap=1)
    taken = await world.annotator.post(f"{work.path}/next", {"count": 1})
    await world.annotator.call("POST", f"/api/assignments/{taken['items'][0]['assignment_id']}/skip", json={})
    review = (await world.reviewer.post(f"{work.path}/next", {"purpose": "review"}))["items"][0]
    body = {"review_id": review["assignment_id"], "verdict": "fix", "duration_s": 1.0}
    response = await world.reviewer.call("POST", f"/api/assignments/{review['assignment_id']}/review", json=body)
    assert response.status_code == 422
    assert {fault["code"] for fault in response.json()["faults"]} == {"review.fix_missing", "review.reason_missing"}


async def test_what_the_reference_labels_itself_needs_no_second_look_and_the_certificate_says_so(world: World) -> None:
    work = await make_digit_project(world, 20, error=0.05, overlap=1)
    await work.work(world.owner, work.truth.__getitem__)
    await world.drain()
    state = await work.overview()
    assert (state["phase"], state["answers"]["human"], state["answers"]["check"]) == ("certified", 20, 0)
    report = verify(await certificate_of(work, state))
    assert report.is_valid
    assert "the reference itself decided every label" in state["phase_sentence"]


async def test_the_last_answer_of_a_batch_can_be_taken_back_although_the_router_has_counted_it(world: World) -> None:
    work = await make_digit_project(world, 100, error=0.2)
    ((person, who),) = await make_crowd(world, 0.02)
    first = (await person.post(f"{work.path}/next", {"count": 1}))["items"][0]
    await work.work(person, lambda name: who.answer(name, work.truth[name], 0))
    await world.drain()
    answers = (await work.overview())["answers"]["people"]
    back = await person.post(f"/api/assignments/{first['assignment_id']}/withdraw")
    assert back["task_id"] == first["task_id"]
    assert back["draft"]["annotations"]
    assert (await work.overview())["answers"]["people"] == answers - 1


async def test_a_model_of_texts_learns_from_the_first_answers(world: World) -> None:
    subjects = {"a": "The striker scored a late goal in the match", "b": "Shares fell as the bank cut its forecast"}
    texts = [f"{subjects['ab'[at % 2]]}, report number {at}." for at in range(60)]
    dataset = await world.text_dataset(texts)
    new = {"name": "News", "dataset_id": dataset, "kind": "text.class", "classes": [{"name": "a"}, {"name": "b"}]}
    project = await world.owner.post("/api/projects", {**new, "target": {"error": 0.2}})
    await world.drain()
    for _ in range(3):
        while (taken := await world.annotator.post(f"/api/projects/{project['id']}/next"))["items"]:
            work = taken["items"][0]
            body = answer(work, "a" if "goal" in work["asset"]["media"]["text"] else "b")
            await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", body)
        await world.drain()
    page = await world.owner.get(f"/api/projects/{project['id']}/tasks?limit=100")
    right = [("goal" in task["asset"]["media"]["text"]) == (task["label"] == "a") for task in page["items"]]
    assert sum(right) >= 58

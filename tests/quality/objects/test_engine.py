"""The engine at work on boxes through the public API: answer, agree, review, check by loss, certify, export."""

import io
import json
from typing import Any

import numpy as np
import pytest

from karat.modalities import as_object_kind, kind_named
from karat.quality.objects.loss import asset_loss
from karat.quality.objects.reading import read_objects
from karat.quality.verification import verify
from tests.support.boxes import BoxProject, Drawer, box, make_box_project, make_drawers
from tests.support.world import World

PEOPLE = (Drawer(1), Drawer(2, jitter=0.06, missed=0.1), Drawer(3, false=0.15, confused=0.05))


def loss(delivered: list[dict[str, Any]], truth: list[dict[str, Any]]) -> float:
    kind = as_object_kind(kind_named("image.box"))
    assert kind is not None
    return asset_loss(kind, read_objects(kind, delivered), read_objects(kind, truth), 0.5)


async def delivered_of(work: BoxProject) -> tuple[bytes, dict[str, list[dict[str, Any]]]]:
    labels = await work.export("karat-jsonl")
    lines = [json.loads(line) for line in labels.splitlines()]
    return labels, {line["name"]: line["annotations"] for line in lines}


async def test_three_people_with_misses_and_false_boxes_come_to_a_certificate_that_verifies_offline(
    world: World,
) -> None:
    work = await make_box_project(world, 120, error=0.1, overlap=3)
    state = await work.run(await make_drawers(world, *PEOPLE))
    labels, delivered = await delivered_of(work)
    certificate = await work.certificate(state)
    report = verify(certificate, labels=io.BytesIO(labels), expected_public_key=world.engine.public_key)
    assert report.is_valid, report
    assert {check.name for check in report.checks} >= {"losses", "bound", "labels"}
    left = float(np.mean([loss(delivered[name], truth) for name, truth in work.truth.items()]))
    assert left <= state["error"]["upper_bound"] <= 0.1
    assert 0 < state["error"]["n_checked"] < 120, "the check ended before everything was checked"
    alone = [
        float(np.mean([loss(who.answer(name, truth), truth) for name, truth in work.truth.items()])) for who in PEOPLE
    ]
    assert left < min(alone), "together they are better than the best of them"
    assert "mean loss of at most" in state["phase_sentence"]
    assert "who saw each label" in state["phase_sentence"]


async def test_the_overview_of_boxes_tells_what_exists_and_leaves_out_what_does_not(world: World) -> None:
    work = await make_box_project(world, 30, error=0.3, overlap=2)
    state = await work.run(await make_drawers(world, *PEOPLE[:2]))
    assert state["beliefs"] == {"edges": [], "counts": []}
    assert state["reliability"] == []
    assert state["model"] is None
    assert state["answers"]["people"] == 60
    assert sum(one["n"] for one in state["classes"]) == state["objects"]["n_objects"]
    assert {one["name"] for one in state["classes"]} <= {"cup", "fork"}
    assert state["objects"]["n_labels"] == 30
    assert state["objects"]["n_empty"] >= 1
    assert 0.5 < state["objects"]["agreement"] < 1
    drawers = [one for one in state["people"] if one["detection"] is not None]
    assert len(drawers) == 2
    assert all(one["accuracy"] is None and one["detection"] > 0.7 and one["overlap"] > 0.7 for one in drawers)
    certificates = (await world.owner.get(f"{work.path}/certificates"))["items"]
    assert certificates[0]["loss"]["match_overlap"] == 0.5
    assert certificates[0]["looks"][-1]["error_upper_bound"] == certificates[0]["error_upper_bound"]
    page = await world.owner.get(f"/api/certificates/{certificates[0]['id']}/checks?limit=100")
    assert len(page["items"]) == state["error"]["n_checked"]
    assert all(one["agreed"] == (one["loss"] == 0) for one in page["items"])
    assert np.mean([one["loss"] for one in page["items"]]) == pytest.approx(state["error"]["mean_loss"])


async def test_one_answer_each_is_what_boxes_get_when_nothing_is_said_and_an_empty_one_counts(world: World) -> None:
    work = await make_box_project(world, 6)
    assert work.project["target"]["overlap"] == 1
    await work.work(world.annotator, lambda name: [])
    await world.drain()
    state = await work.overview()
    assert (state["phase"], state["objects"]["n_labels"], state["objects"]["n_empty"]) == ("checking", 6, 6)
    tasks = (await world.owner.get(f"{work.path}/tasks"))["items"]
    assert {(one["n_objects"], one["label"], one["confidence"]) for one in tasks} == {(0, None, None)}


async def test_where_two_disagree_a_reviewer_gets_the_consensus_as_a_proposal(world: World) -> None:
    work = await make_box_project(world, 4, overlap=2)
    one, other = await world.another(), await world.another()
    cup = box("cup", 20, 20, 50, 50)
    await work.work(one, lambda name: [cup])
    await work.work(
        other, lambda name: [box("cup", 24, 20, 50, 50)] if name == "0.png" else [box("fork", 120, 120, 40, 40)]
    )
    await world.drain()
    assert (await work.overview())["phase"] == "review_needed"
    review = await work.take(world.reviewer, "review")
    assert {task["asset"]["name"] for task in review} == {"1.png", "2.png", "3.png"}
    assert all(task["proposed"] is not None and len(task["answers"]) == 2 for task in review)
    why = await world.owner.get(f"/api/tasks/{review[0]['task_id']}/explanation")
    assert why["sentence"].startswith("2 people answered and agree by 0%; of 2 objects")
    assert {candidate["n_marks"] for candidate in why["objects"]} == {1}


async def test_a_review_accepts_the_proposal_fixes_it_or_rejects_it(world: World) -> None:
    work = await make_box_project(world, 3, overlap=2)
    people = [await world.another() for _ in range(3)]
    await work.work(people[0], lambda name: [box("cup", 20, 20, 50, 50)])
    await work.work(people[1], lambda name: [box("fork", 120, 120, 40, 40)])
    await world.drain()
    first, second, third = await work.take(world.reviewer, "review")
    path = "/api/assignments/{}/review"

    async def decide(task: dict[str, Any], **verdict: Any) -> Any:
        body = {"review_id": task["assignment_id"], "duration_s": 1.0, **verdict}
        return await world.reviewer.call("POST", path.format(task["assignment_id"]), json=body)

    assert (await decide(first, verdict="accept")).status_code == 201
    assert (await decide(second, verdict="fix", annotations=[], reason="false_object")).status_code == 201
    assert (await decide(third, verdict="reject", reason="missed_object")).status_code == 201
    await world.drain()
    again = await work.take(people[2])
    assert [task["task_id"] for task in again] == [third["task_id"]]
    assert again[0]["proposed"] is None, "who labels does not see what others said"
    await work.submit(people[2], again[0], [box("cup", 30, 30, 50, 50)])
    await world.drain()
    detail = [await world.owner.get(f"/api/tasks/{task['task_id']}") for task in (first, second, third)]
    assert (
        detail[0]["annotations"]
        == [one | {"payload": one["payload"] | {"attributes": {}}} for one in first["proposed"]]
        or detail[0]["annotations"] == first["proposed"]
    )
    assert (detail[0]["confidence"], detail[1]["annotations"]) == (1.0, [])
    assert detail[2]["annotations"][0]["payload"]["x"] == 30
    assert [entry["n_objects"] for entry in detail[1]["history"]] == [1, 1, 0]
    assert [len(entry["annotations"]) for entry in detail[1]["history"]] == [1, 1, 0]
    why = [await world.owner.get(f"/api/tasks/{task['task_id']}/explanation") for task in (second, third)]
    assert [one["said"][0]["code"] for one in why] == ["why.reviewed", "why.one_answer"]
    assert why[0]["sentence"].startswith("A reviewer decided the label. 2 people answered and agree by 0%;")


async def test_a_check_shows_the_frozen_label_and_delivers_the_one_that_was_put_right(world: World) -> None:
    work = await make_box_project(world, 8, error=0.01)
    await work.work(world.annotator, lambda name: [box("cup", 20, 20, 50, 50)])
    await world.drain()
    put_right = [box("cup", 21, 20, 50, 50), box("fork", 120, 120, 40, 40)]
    checks = await work.take(world.reviewer, "check")
    assert [one["payload"]["label_class"] for one in checks[0]["proposed"]] == ["cup"]
    for task in checks:
        await work.submit(world.reviewer, task, put_right)
    state = await work.run([])
    assert (state["error"]["n_checked"], state["error"]["upper_bound"]) == (8, 0.0)
    # two objects of the reference, one of them found: F1 = 2 · 1 / (1 + 2)
    assert state["error"]["mean_loss"] == pytest.approx(1 / 3)
    labels, delivered = await delivered_of(work)
    assert all([one["payload"]["x"] for one in said] == [21, 120] for said in delivered.values())
    assert verify(await work.certificate(state), labels=io.BytesIO(labels)).is_valid


async def test_a_check_that_is_taken_back_is_not_counted(world: World) -> None:
    work = await make_box_project(world, 4, error=0.01)
    await work.work(world.annotator, work.truth.__getitem__)
    await world.drain()
    first, *rest = await work.take(world.reviewer, "check")
    for task in (first, *rest):
        await work.submit(world.reviewer, task, work.truth[task["asset"]["name"]])
    back = await world.reviewer.post(f"/api/assignments/{first['assignment_id']}/withdraw")
    assert back["proposed"] is not None
    await world.drain()
    assert (await work.overview())["phase"] == "checking"
    await work.submit(world.reviewer, back, [])
    assert (await work.run([]))["error"]["n_checked"] == 4


async def test_coco_and_the_lossless_format_carry_every_box(world: World) -> None:
    work = await make_box_project(world, 10, error=0.4)
    await work.run(await make_drawers(world, PEOPLE[0]))
    _, delivered = await delivered_of(work)
    coco = json.loads(await work.export("coco"))
    assert len(coco["images"]) == 10, "an image with nothing in it is labelled too"
    assert len(coco["annotations"]) == sum(map(len, delivered.values())) > 0
    assert [category["name"] for category in coco["categories"]] == ["cup", "fork"]


async def test_what_is_wrong_with_a_box_is_said_and_nothing_is_kept(world: World) -> None:
    work = await make_box_project(world, 1)
    (task,) = await work.take(world.annotator)
    outside = [box("cup", 190, 0, 20, 20), box("spoon", 0, 0, 10, 10)]
    body = {"submission_id": task["assignment_id"], "annotations": outside, "duration_s": 1.0}
    body |= {name: task[name] for name in ("ontology_version_id", "instructions_version")}
    response = await world.annotator.call("POST", f"/api/assignments/{task['assignment_id']}/submission", json=body)
    assert response.status_code == 422
    assert {(one["code"], one["where"].split(".")[1]) for one in response.json()["faults"]} == {
        ("box.outside", "0"),
        ("label_class.unknown", "1"),
    }
    assert (await work.overview())["answers"]["people"] == 0


async def test_an_export_tells_an_image_with_nothing_in_it_from_one_without_a_label(world: World) -> None:
    work = await make_box_project(world, 3, overlap=2)
    await work.work(world.annotator, lambda name: [])
    (held,) = await work.take(other := await world.another(), count=1)
    await work.submit(other, held, [])
    await world.drain()
    unlabelled = [json.loads(line) for line in (await work.export("karat-jsonl")).splitlines()]
    assert {(len(one["annotations"]), one["is_empty"]) for one in unlabelled} == {(0, False)}
    await work.work(other, lambda name: [])
    await world.drain()
    empty = [json.loads(line) for line in (await work.export("karat-jsonl")).splitlines()]
    assert {(len(one["annotations"]), one["is_empty"]) for one in empty} == {(0, True)}


async def test_a_format_without_a_place_for_boxes_is_refused_at_once(world: World) -> None:
    work = await make_box_project(world, 1)
    response = await world.owner.call("POST", f"{work.path}/exports", json={"format": "csv"})
    assert (response.status_code, response.json()["code"]) == (422, "format.not_expressible")


async def test_more_answers_than_people_is_said_before_anybody_waits_for_ever(world: World) -> None:
    async def people_missing(overlap: int) -> list[int]:
        work = await make_box_project(world, 1, overlap=overlap)
        return [one["n"] for one in (await work.overview())["needs"] if one["code"] == "people"]

    assert await people_missing(2) == []
    (missing,) = await people_missing(25)
    await world.another()
    assert await people_missing(25) == [missing - 1]

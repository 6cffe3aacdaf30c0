"""What a model proposes: shown to who labels, or taken for the label where the target says so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from karat import jobs
from karat.kit import new_id
from karat.tasks import PredictedAnnotation, save_predictions
from tests.support.boxes import Box, BoxProject, box, make_box_project
from tests.support.world import World, answer

CUP = box("cup", 20, 20, 50, 50)


async def predict(work: BoxProject, said: dict[str, Sequence[tuple[Box, float]]], *, version: int = 1) -> UUID:
    """Save what a version of a model says about the named assets."""
    world, project_id = work.world, UUID(work.project["id"])
    tasks = (await world.owner.get(f"{work.path}/tasks?limit=200"))["items"]
    ids = {task["asset"]["name"]: UUID(task["id"]) for task in tasks}
    model_id, version_id = new_id(), new_id()
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(
            "INSERT INTO model (tenant_id, id, name, adapter) VALUES ($1, $2, 'Detector', 'import')",
            world.tenant_id,
            model_id,
        )
        await db.execute(
            """INSERT INTO model_version (tenant_id, id, model_id, version, n_trained_on, labels_sha256, seed, metrics)
            VALUES ($1, $2, $3, $4, 0, ''::bytea, 0, '{}')""",
            world.tenant_id,
            version_id,
            model_id,
            version,
        )
        rows = [
            (ids[name], [PredictedAnnotation(**one, score=score) for one, score in boxes])
            for name, boxes in said.items()
        ]
        await save_predictions(db, project_id, version_id, rows)
        await jobs.publish(db, "assist.predicted", project_id=project_id, model_version_id=version_id)
    await world.drain()
    return version_id


async def test_who_labels_sees_the_predictions_of_the_newest_version_with_their_scores(world: World) -> None:
    work = await make_box_project(world, 2)
    await predict(work, {"0.png": [(CUP, 0.4)]})
    version_id = await predict(work, {"0.png": [(CUP, 0.8), (box("fork", 100, 100, 20, 20), 0.3)]}, version=2)
    shown = {one["asset"]["name"]: one["predictions"] for one in await work.take(world.annotator)}
    assert shown["1.png"] is None
    assert (shown["0.png"]["model"], shown["0.png"]["version"]) == ("Detector", 2)
    assert shown["0.png"]["model_version_id"] == str(version_id)
    assert [one["score"] for one in shown["0.png"]["annotations"]] == [0.8, 0.3]


async def test_that_a_model_sees_nothing_is_a_prediction_too(world: World) -> None:
    work = await make_box_project(world, 1)
    await predict(work, {"0.png": []})
    (task,) = await work.take(world.annotator)
    assert task["predictions"]["annotations"] == []
    state = await work.overview()
    assert state["phase"] == "collecting", "with an overlap of 1 a person answers all the same"


async def test_with_an_overlap_of_0_predictions_are_the_labels_and_only_the_check_stands_between(world: World) -> None:
    work = await make_box_project(world, 6, overlap=0, error=0.4)
    await world.drain()
    state = await work.overview()
    assert (state["phase"], "predictions of a model are awaited" in state["phase_sentence"]) == ("collecting", True)
    said: dict[str, Any] = {name: [(one, 0.9) for one in truth] for name, truth in work.truth.items()}
    said["0.png"] = [*said["0.png"], (box("fork", 0, 0, 5, 5), 0.1)]
    last = said.pop("5.png")
    await predict(work, said)
    left = await work.take(world.annotator)
    assert [one["asset"]["name"] for one in left] == ["5.png"], "what the model said nothing about is for people"
    await work.submit(world.annotator, left[0], [one for one, _ in last])
    state = await work.run([])
    assert (state["answers"]["people"], state["error"]["n_wrong"]) == (1, 0)
    tasks = (await world.owner.get(f"{work.path}/tasks"))["items"]
    counts = {one["asset"]["name"]: one["n_objects"] for one in tasks}
    assert counts == {name: len(truth) for name, truth in work.truth.items()}, "below the score nothing is taken"


async def test_an_overlap_of_0_is_refused_where_people_must_answer(world: World) -> None:
    dataset = await world.text_dataset(["one"])
    new = {
        "name": "P",
        "dataset_id": dataset,
        "kind": "text.class",
        "classes": [{"name": "a"}],
        "target": {"overlap": 0},
    }
    response = await world.owner.call("POST", "/api/projects", json=new)
    assert (response.status_code, response.json()["code"]) == (422, "project.target_invalid")
    assert response.json()["faults"][0]["where"] == "target.overlap"


async def test_no_answer_at_all_is_refused_where_a_class_is_asked_for(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    body = answer(work, annotations=[])
    response = await world.annotator.call("POST", f"/api/assignments/{work['assignment_id']}/submission", json=body)
    assert response.status_code == 422
    assert [one["code"] for one in response.json()["faults"]] == ["annotations.missing"]


async def test_the_reasons_of_a_review_fit_the_kind(world: World) -> None:
    plain = [one["code"] for one in (await world.owner.get("/api/review-reasons"))["items"]]
    of_boxes = [one["code"] for one in (await world.owner.get("/api/review-reasons?kind=image.box"))["items"]]
    assert "missed_object" not in plain
    assert set(of_boxes) - set(plain) == {"missed_object", "false_object", "wrong_place"}
    unknown = await world.owner.call("GET", f"/api/review-reasons?kind={uuid4().hex}")
    assert unknown.json()["code"] == "kind.unknown"


async def test_attributes_of_a_project_are_asked_for_and_checked(world: World) -> None:
    work = await make_box_project(world, 1)
    new = {
        "name": "Boxes with attributes",
        "dataset_id": work.project["dataset_id"],
        "kind": "image.box",
        "classes": [{"name": "cup"}],
        "attributes": [{"name": "state", "type": "select", "options": ["whole", "broken"], "required": True}],
    }
    project = await world.owner.post("/api/projects", new)
    await world.drain()
    assert project["ontology"]["attributes"][0]["name"] == "state"
    task = await world.take(world.annotator, project)
    path = f"/api/assignments/{task['assignment_id']}/submission"
    refused = await world.annotator.call("POST", path, json=answer(task, annotations=[CUP]))
    assert [one["code"] for one in refused.json()["faults"]] == ["attribute.missing"]
    whole = CUP | {"payload": CUP["payload"] | {"attributes": {"state": "whole"}}}
    await world.annotator.post(path, answer(task, annotations=[whole]))

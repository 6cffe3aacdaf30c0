"""Predictions that come in a file: good rows are kept under the version that they name, bad ones told line by line."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.assist.conftest import image_project, predictions
from tests.support.world import World


async def import_rows(world: World, project: dict[str, Any], rows: list[Any], query: str = "") -> dict[str, Any]:
    """Import them; the run when it is done."""
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    path = f"/api/projects/{project['id']}/prediction-imports?filename=said.jsonl{query}"
    started = await world.owner.post(path, content=b"\n".join(lines))
    await world.drain()
    return dict(await world.owner.get(f"/api/prediction-runs/{started['id']}"))


async def faults_of(world: World, run: dict[str, Any]) -> list[tuple[str, str]]:
    found = await world.owner.get(f"/api/prediction-runs/{run['id']}/faults")
    return [(one["where"], one["code"]) for one in found["items"]]


async def test_good_rows_are_kept_and_bad_ones_told_by_their_line(world: World) -> None:
    project = await world.text_project(4, names="ab", overlap=None)
    tasks = await world.owner.get(f"/api/projects/{project['id']}/tasks")
    last = next(one["asset"]["id"] for one in tasks["items"] if one["asset"]["external_id"] == "text-3")
    rows = [
        {"external_id": "text-0", "probabilities": {"a": 0.9, "b": 0.1}},
        {"external_id": "text-1", "label_class": "b", "score": 0.75, "model": "Other", "version": "2"},
        b"{not json",
        {"external_id": "nobody", "probabilities": {"a": 1}},
        {"external_id": "text-2", "probabilities": {"a": 0.5, "b": 0.9}},
        {"external_id": "text-2", "label_class": "zebra", "score": 1.0},
        {"external_id": "text-0", "probabilities": {"a": 0.1, "b": 0.9}},
        b"",
        {"asset_id": last, "probabilities": {"A ": 0.25, "b": 0.75}},
        {"external_id": "text-2"},
        {"external_id": "text-2", "label_class": "a"},
        {"external_id": "text-2", "label_class": "a", "score": 7},
        {"external_id": "text-2", "surprise": 1, "label_class": "a", "score": 1},
        {"external_id": "text-2", "annotations": []},
        {"asset_id": str(uuid4()), "label_class": "a", "score": 1},
        [1],
        b"\xff\xfe",
    ]
    run = await import_rows(world, project, rows, "&model=Night&version=v1")
    assert (run["state"], run["n_done"], run["n_total"], run["n_predicted"]) == ("done", 16, 16, 3)
    found = await predictions(world, project)
    said = [(tuple(round(share, 3) for share in one["said"]), one["model"], one["version_name"]) for one in found]
    assert sorted(said) == [((0.25, 0.75), "Night", "v1"), ((0.25, 0.75), "Other", "2"), ((0.9, 0.1), "Night", "v1")]
    told = await faults_of(world, run)
    assert ("line 3", "prediction.malformed") in told
    assert ("line 4", "prediction.asset_unknown") in told
    assert ("line 5: probabilities", "prediction.sum") in told
    assert ("line 7", "prediction.repeated") in told
    assert ("line 13: surprise", "prediction.malformed") in told
    lines = {where.split(":")[0] for where, _ in told}
    assert lines == {f"line {number}" for number in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17)}
    assert run["n_faults"] == len(told)
    bound = await world.owner.get(f"/api/projects/{project['id']}/model")
    assert bound["model"]["adapter"] == "import"
    refused = await world.owner.call("POST", f"/api/models/{bound['model']['id']}/test", json={})
    assert refused.json()["code"] == "model.not_askable"


async def test_boxes_come_in_with_scores_and_what_lies_outside_is_told(world: World) -> None:
    project = await image_project(world, 2, "image.box", overlap=1)
    box = {"label_class": "red", "x": 1, "y": 1, "width": 5, "height": 5}
    tasks = (await world.owner.get(f"/api/projects/{project['id']}/tasks"))["items"]
    first, second = sorted(tasks, key=lambda one: one["asset"]["name"])
    rows = [
        {
            "asset_id": first["asset"]["id"],
            "annotations": [{"payload": box, "score": 0.5}, {"payload": {**box, "x": 39}, "score": 1}],
        },
        {"asset_id": second["asset"]["id"], "annotations": []},
    ]
    run = await import_rows(world, project, rows)
    assert run["n_predicted"] == 2
    assert await faults_of(world, run) == [("line 1: annotations.1.payload.x", "box.outside")]
    assert [len(one["annotations"]) for one in await predictions(world, project)] == [1, 0]


async def test_a_second_import_takes_the_place_of_the_first_and_versions_are_not_doubled(world: World) -> None:
    project = await world.text_project(1, names="ab", overlap=None)
    for share in (0.9, 0.2):
        row = {"external_id": "text-0", "probabilities": {"a": share, "b": 1 - share}}
        await import_rows(world, project, [row], "&model=M&version=1")
    (found,) = await predictions(world, project)
    assert found["said"] == pytest.approx([0.2, 0.8])
    models = await world.owner.get("/api/models")
    assert [(one["name"], one["latest"]["version"], one["n_predictions"]) for one in models["items"]] == [("M", 1, 2)]


async def test_an_import_that_shall_not_bind_leaves_the_projects_model(world: World) -> None:
    project = await world.text_project(1, names="ab", overlap=None)
    row = {"external_id": "text-0", "label_class": "a", "score": 0.9}
    await import_rows(world, project, [row], "&bind=false")
    assert (await world.owner.call("GET", f"/api/projects/{project['id']}/model")).status_code == 404
    assert len(await predictions(world, project)) == 1


async def test_lines_of_any_kind_of_ending_and_length_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karat.assist.reading.MOST_LINE_BYTES", 200)
    project = await world.text_project(2, names="ab", overlap=None)
    good = json.dumps({"external_id": "text-0", "label_class": "a", "score": 0.9}).encode()
    late = json.dumps({"external_id": "text-1", "label_class": "b", "score": 0.9}).encode()
    run = await import_rows(world, project, [b"\xef\xbb\xbf" + good + b"\r", b'"' + b"x" * 1000 + b'"', b"  ", late])
    assert (run["n_predicted"], await faults_of(world, run)) == (2, [("line 2", "prediction.malformed")])

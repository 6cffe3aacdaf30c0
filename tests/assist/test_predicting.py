"""A project's model is asked about its tasks: what it says, what it costs when it fails, and that nothing is lost."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.assist.conftest import image_project, predictions, register, use
from tests.models.made import color_model, detector
from tests.models.servers import Raw, even, model_server
from tests.support.world import World


async def latest(world: World, project: dict[str, Any]) -> dict[str, Any]:
    return dict((await world.owner.get(f"/api/projects/{project['id']}/prediction-runs"))["items"][0])


async def faults_of(world: World, run: dict[str, Any]) -> list[dict[str, Any]]:
    return list((await world.owner.get(f"/api/prediction-runs/{run['id']}/faults"))["items"])


async def test_an_onnx_classifier_predicts_every_task_and_its_beliefs_are_the_prior(world: World) -> None:
    project = await image_project(world)
    model = await register(world, "image.class", {"adapter": "onnx"})
    version = await world.owner.post(f"/api/models/{model['id']}/versions?name=v1", content=color_model())
    seen = await use(world, project, model, version_id=version["id"])
    assert (seen["n_predicted"], seen["n_open"], seen["version"]["name"]) == (6, 6, "v1")
    found = await predictions(world, project)
    assert [max(range(3), key=one["probabilities"].__getitem__) for one in found] == [0, 1, 2, 0, 1, 2]
    assert {(one["model"], one["version_name"]) for one in found} == {("Mine", "v1")}
    for one in found:
        assert min(one["probabilities"]) > 0  # no class is ever impossible
        assert sum(one["probabilities"]) == pytest.approx(1)
    tasks = await world.owner.get(f"/api/projects/{project['id']}/tasks")
    explained = await world.owner.get(f"/api/tasks/{tasks['items'][0]['id']}/explanation")
    assert "model" in explained["sentence"]


async def test_the_engine_goes_on_with_a_chosen_model_and_holds_it_to_what_people_say(world: World) -> None:
    project = await image_project(world, 30, max_answers=1)
    model = await register(world, "image.class", {"adapter": "onnx"})
    await world.owner.post(f"/api/models/{model['id']}/versions", content=color_model(sharp=1))
    await use(world, project, model)
    for _ in range(12):
        taken = await world.annotator.post(f"/api/projects/{project['id']}/next", {"count": 5})
        for work in taken["items"]:
            label = work["asset"]["name"].split("-")[1].removesuffix(".png")
            body = {
                "submission_id": work["assignment_id"],
                "annotations": [{"kind": "image.class", "payload": {"label_class": label}}],
                "ontology_version_id": work["ontology_version_id"],
                "instructions_version": work["instructions_version"],
                "duration_s": 1,
            }
            await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", body)
        await world.drain()
    seen = await world.owner.get(f"/api/projects/{project['id']}/model")
    assert seen["model"]["id"] == model["id"], "the model that learns here has taken its place"
    assert (seen["accuracy"], seen["n_compared"] > 3) == (1.0, True)
    before, after = await predictions(world, project), seen["calibration_error"]
    assert after is not None
    # The model said softmax(1, 0, 0) = 0.58 of what it was always right about: people make it surer.
    assert all(max(one["probabilities"]) > max(one["said"]) + 0.1 for one in before)


async def test_boxes_of_a_detector_are_shown_to_who_labels_with_their_version(world: World) -> None:
    project = await image_project(world, 2, "image.box", overlap=1)
    settings = {"adapter": "onnx", "output": {"class_names": ["red", "green", "blue", "kite"]}}
    model = await register(world, "image.box", settings)
    content = detector([[8, 16, 24, 48], [0, 0, 9, 9]], [0.9, 0.8], [0, 3])
    await world.owner.post(f"/api/models/{model['id']}/versions?name=d1", content=content)
    await use(world, project, model)
    work = await world.take(world.annotator, project)
    (box,) = work["predictions"]["annotations"]
    assert box["payload"] == {"label_class": "red", "x": 5, "y": 7.5, "width": 10, "height": 15} | {
        "attributes": {}
    } or box["payload"] == {"label_class": "red", "x": 5, "y": 7.5, "width": 10, "height": 15}
    assert (work["predictions"]["model"], round(box["score"], 3)) == ("Mine", 0.9)
    path = f"/api/models/{model['id']}/test"
    test = await world.owner.post(path, {"project_id": project["id"], "n": 2})
    assert test["ok"], test
    assert test["classes"]["only_model"] == ["kite"]
    assert test["latency"]["n"] == 2 and 0 < test["latency"]["p50_s"] <= test["latency"]["p95_s"]


async def test_our_own_protocol_sends_the_content_and_names_the_version_that_answers(world: World) -> None:
    project = await image_project(world)
    with model_server(lambda path, body: even(body, red=0.7, green=0.2, blue=0.1)) as server:
        model = await register(world, "image.class", {"adapter": "http", "url": f"{server.url}/p", "batch_size": 4})
        seen = await use(world, project, model)
        bodies = server.asked("/p")
    assert [len(body["items"]) for body in sorted(bodies, key=lambda one: -len(one["items"]))] == [4, 2]
    assert bodies[0]["protocol"] == "karat.predict/1"
    assert bodies[0]["classes"] == ["red", "green", "blue"]
    item = bodies[0]["items"][0]
    assert base64.b64decode(item["content_base64"]).startswith(b"\x89PNG")
    assert (item["width"], item["height"], item["media_type"]) == (40, 30, "image/png")
    assert seen["n_predicted"] == 6
    assert {one["version_name"] for one in await predictions(world, project)} == {"v7"}
    assert (await predictions(world, project))[0]["said"] == pytest.approx([0.7, 0.2, 0.1])


def backend(path: str, body: Any) -> Any:
    """An ML backend of Label Studio that sees a box in every image."""
    if path == "/health":
        return {"status": "UP", "model_class": "Detector"}
    if path == "/setup":
        return {"model_version": "ls-3"}
    value = {"x": 25, "y": 50, "width": 50, "height": 50.2, "rotation": 0, "rectanglelabels": ["Red"]}
    turned = {**value, "rotation": 30}
    regions = [
        {"from_name": "label", "to_name": "image", "type": "rectanglelabels", "value": value, "score": 0.6},
        {"from_name": "label", "to_name": "image", "type": "rectanglelabels", "value": turned, "score": 0.6},
        {
            "from_name": "label",
            "to_name": "image",
            "type": "rectanglelabels",
            "value": {**value, "rectanglelabels": ["?"]},
        },
    ]
    return {"results": [{"result": regions, "score": 0.6, "model_version": "ls-3"} for _ in body["tasks"]]}


async def test_an_ml_backend_of_label_studio_is_asked_in_its_own_words(world: World) -> None:
    project = await image_project(world, 3, "image.box", overlap=1)
    with model_server(backend) as server:
        model = await register(world, "image.box", {"adapter": "label-studio", "url": server.url})
        test = await world.owner.post(f"/api/models/{model['id']}/test", {})
        assert (test["ok"], test["steps"][0]["message"]) == (True, "The backend Detector is up, version ls-3.")
        await use(world, project, model)
        (asked,) = server.asked("/predict")
        schema = server.asked("/setup")[-1]["schema"]
    assert '<RectangleLabels name="label" toName="image"><Label value="red"/>' in schema
    assert asked["label_config"] == schema
    link = asked["tasks"][0]["data"]["image"]
    fetched = await world.http.get("/media/" + link.split("/media/")[1])
    assert fetched.status_code == 200 and fetched.content.startswith(b"\x89PNG")
    found = await predictions(world, project)
    assert [len(one["annotations"]) for one in found] == [1, 1, 1]
    payload = found[0]["annotations"][0]["payload"]
    # 25 % of 40, 50 % of 30; 50.2 % of the height reach over the edge by rounding, and are cut there
    assert {name: payload[name] for name in ("label_class", "x", "y", "width", "height")} == {
        "label_class": "red", "x": 10, "y": 15, "width": 20, "height": 15,
    }  # fmt: skip
    assert found[0]["version_name"] == "ls-3"
    run = await latest(world, project)
    codes = [one["code"] for one in await faults_of(world, run)]
    assert sorted(codes) == sorted(["prediction.turned", "prediction.class_unknown"] * 3)
    assert run["n_faults"] == 6


async def test_choices_of_an_ml_backend_become_probabilities(world: World) -> None:
    project = await world.text_project(2, names="abc", overlap=None)

    def choose(path: str, body: Any) -> Any:
        if path != "/predict":
            return {"status": "UP"}
        region = {"type": "choices", "from_name": "label", "to_name": "text", "value": {"choices": ["b"]}}
        return {"results": [{"result": [region], "score": 0.8} for _ in body["tasks"]]}

    with model_server(choose) as server:
        model = await register(world, "text.class", {"adapter": "label-studio", "url": server.url})
        await use(world, project, model)
        assert server.asked("/predict")[0]["tasks"][0]["data"]["text"].startswith("text number")
    for one in await predictions(world, project):
        assert one["said"] == pytest.approx([0.1, 0.8, 0.1])


async def test_a_server_that_is_down_is_told_kept_and_asked_again_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karat.jobs.runner.FIRST_DELAY", timedelta(0))
    project = await image_project(world, 12)
    answers = {"n": 0}

    def failing(path: str, body: Any) -> Any:
        answers["n"] += 1
        return even(body, red=1.0) if answers["n"] <= 4 else Raw(500)

    settings: dict[str, Any] = {"adapter": "http", "batch_size": 2, "concurrency": 1, "attempts": 1, "timeout_s": 5}
    with model_server(failing) as server:
        port = server.port
        model = await register(world, "image.class", {**settings, "url": server.url})
        seen = await use(world, project, model)
    run = seen["run"]
    # A step is four questions: it is kept whole, the one that failed not at all.
    assert (run["state"], run["n_done"], run["n_predicted"], run["n_total"]) == ("failed", 8, 8, 12)
    assert "500" in run["error"]
    shown = await world.owner.get(f"/api/models/{model['id']}")
    assert (shown["error"]["code"], shown["error"]["hint"]) == ("model.failed", "It has failed; its own log says why.")
    with model_server(lambda path, body: even(body, blue=1.0), port) as server:
        await world.owner.post(f"/api/jobs/{run['job_id']}/retry")
        await world.drain()
        assert sum(len(body["items"]) for body in server.asked("/")) == 4
    run = await world.owner.get(f"/api/prediction-runs/{run['id']}")
    assert (run["state"], run["n_done"], run["n_predicted"]) == ("done", 12, 12)


async def test_a_cancelled_run_goes_on_when_it_is_tried_again(world: World) -> None:
    project = await image_project(world, 12)
    job: dict[str, Any] = {}

    async def cancel() -> None:
        found = await latest(world, project)
        job.update(await world.owner.post(f"/api/jobs/{found['job_id']}/cancel"))

    loop = asyncio.get_running_loop()

    def cancelling(path: str, body: Any) -> Any:
        if not job:
            asyncio.run_coroutine_threadsafe(cancel(), loop).result(10)
        return even(body, red=1.0)

    with model_server(cancelling) as server:
        settings = {"adapter": "http", "url": server.url, "batch_size": 1, "concurrency": 1}
        model = await register(world, "image.class", settings)
        run = (await use(world, project, model))["run"]
        assert (run["state"], run["n_done"]) == ("cancelled", 4)
        await world.owner.post(f"/api/jobs/{run['job_id']}/retry")
        await world.drain()
        assert len(server.seen) == 12
    run = await world.owner.get(f"/api/prediction-runs/{run['id']}")
    assert (run["state"], run["n_predicted"]) == ("done", 12)


ITEM = {"id": "x"}


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Raw(200, b"<html>hello</html>"), "model.answer_invalid", "not JSON"),
        ([], "model.answer_invalid", "no list `predictions`"),
        ({"predictions": []}, "model.answer_invalid", "says nothing about 1 of 1 assets"),
        ({"predictions": [{"id": 5}]}, "model.answer_invalid", "no `id`"),
        (Raw(404), "model.refuses", "404"),
        (Raw(401), "model.refuses", "401"),
        (Raw(503), "model.failed", "503"),
        ("probabilities: nine", "model.answer_invalid", "no number"),
        ({"a": 0.9, "b": 0.9}, "prediction.sum", "add up to 1.8"),
        ({"a": -1, "b": 2}, "prediction.probability", "'a' is -1"),
        ({"a": 0.5, "zebra": 0.5}, "prediction.class_unknown", "no label class 'zebra'"),
        ("error: out of memory", "prediction.failed", "out of memory"),
    ],
)
async def test_an_answer_that_is_none_is_told_exactly(world: World, answer: Any, code: str, said: str) -> None:
    project = await world.text_project(1, names="ab", overlap=None)

    def reply(path: str, body: Any) -> Any:
        if not body["items"]:
            return {"predictions": []}
        one: dict[str, Any] = {"id": body["items"][0]["id"]}
        if isinstance(answer, str):
            one |= {"error": answer[7:]} if answer.startswith("error") else {"probabilities": {"a": "nine"}}
        elif isinstance(answer, dict) and "predictions" not in answer:
            one["probabilities"] = answer
        else:
            return answer
        return {"predictions": [one]}

    with model_server(reply) as server:
        model = await register(world, "text.class", {"adapter": "http", "url": server.url, "attempts": 1})
        test = await world.owner.post(f"/api/models/{model['id']}/test", {"project_id": project["id"]})
    assert (test["ok"], test["faults"][0]["code"]) == (False, code), test
    assert said in test["faults"][0]["message"]


async def test_a_slow_server_and_one_that_sends_too_much_are_cut_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with model_server(lambda path, body: even(body)) as server:
        server.delay_s = 1.0
        settings = {"adapter": "http", "url": server.url, "attempts": 1, "timeout_s": 0.2}
        model = await register(world, "text.class", settings)
        test = await world.owner.post(f"/api/models/{model['id']}/test", {})
        assert test["faults"][0]["code"] == "outbound.timed_out"
        server.delay_s = 0.0
        monkeypatch.setattr("karat.models.adapters.remote.MAX_ANSWER_BYTES", 1000)
        server.answer = lambda path, body: Raw(200, b"x" * 2000)
        test = await world.owner.post(f"/api/models/{model['id']}/test", {})
        assert test["faults"][0]["code"] == "outbound.too_large"
    test = await world.owner.post(f"/api/models/{model['id']}/test", {})
    assert test["faults"][0]["code"] == "outbound.not_connected"


async def test_asking_again_helps_where_it_can(world: World) -> None:
    answers = iter([Raw(503), Raw(429, headers={"Retry-After": "0"}), {"predictions": []}])
    with model_server(lambda path, body: next(answers)) as server:
        model = await register(world, "text.class", {"adapter": "http", "url": server.url, "attempts": 3})
        project = await world.text_project(1, overlap=None)
        test = await world.owner.post(f"/api/models/{model['id']}/test", {"project_id": project["id"]})
        # the empty question of the connection is asked once only
        assert (test["ok"], len(server.seen)) == (False, 1)


async def test_too_many_boxes_and_boxes_outside_are_left_out_and_told(world: World) -> None:
    project = await image_project(world, 1, "image.box", overlap=1)

    def many(path: str, body: Any) -> Any:
        def box(at: int, **more: Any) -> dict[str, Any]:
            return {
                "payload": {"label_class": "red", "x": at, "y": 1, "width": 5, "height": 5, **more},
                "score": at / 40,
            }

        boxes = [*map(box, range(30)), box(36), box(35, label_class="zebra"), box(34, y=float("1e9")), box(33, y="low")]
        return {"predictions": [{"id": one["id"], "annotations": boxes} for one in body["items"]]}

    with model_server(many) as server:
        settings = {"adapter": "http", "url": server.url, "max_objects": 10}
        model = await register(world, "image.box", settings)
        await use(world, project, model)
    ((found,),) = [[one["annotations"] for one in await predictions(world, project)]]
    assert sorted(one["payload"]["x"] for one in found) == [24, 25, 26, 27, 28, 29]
    codes = [one["code"] for one in await faults_of(world, await latest(world, project))]
    assert codes[0] == "prediction.too_many"
    assert {"box.outside", "prediction.class_unknown", "payload.malformed"} <= set(codes)


async def test_assets_that_come_later_are_predicted_too(world: World) -> None:
    project = await world.text_project(2, overlap=None)
    with model_server(lambda path, body: even(body, a=0.9, b=0.1)) as server:
        model = await register(world, "text.class", {"adapter": "http", "url": server.url})
        await use(world, project, model)
        path = f"/api/datasets/{project['dataset_id']}/imports?filename=more.csv"
        await world.owner.post(path, content=b"id,text\nlate,a text that came later\n")
        await world.drain()
        assert [len(body["items"]) for body in server.asked("/")] == [2, 1]
    assert len(await predictions(world, project)) == 3


async def test_two_runs_do_not_wait_at_once_and_without_a_model_none_begins(world: World) -> None:
    project = await world.text_project(1, overlap=None)
    path = f"/api/projects/{project['id']}/prediction-runs"
    assert (await world.owner.call("POST", path, json={})).json()["code"] == "predictions.no_model"
    assert (await world.owner.call("GET", f"/api/projects/{project['id']}/model")).json()[
        "code"
    ] == "predictions.no_model"
    model = await register(world, "text.class", {"adapter": "http", "url": "https://model.invalid/", "attempts": 1})
    body = {"model_id": model["id"], "predict": False}
    await world.owner.call("PUT", f"/api/projects/{project['id']}/model", json=body)
    run = await world.owner.post(path, {})
    assert (await world.owner.call("POST", path, json={})).json()["code"] == "predictions.under_way"
    await world.owner.post(f"/api/jobs/{run['job_id']}/cancel")  # nobody answers there

"""A model and predictions of the scene's tenant, and a valid request for every route of theirs."""

from functools import cache
from typing import Any
from uuid import uuid4

from tests.security.request import Request
from tests.support.world import Person, World


def new_model(adapter: str = "http", **changes: Any) -> dict[str, Any]:
    """The body that registers a model: one that nobody answers for, or one whose file is still to come."""
    settings = {"adapter": adapter}
    if adapter != "onnx":
        settings |= {"url": "https://model.invalid/predict", "attempts": 1}
    return {"name": str(uuid4()), "kind": "text.class", "settings": settings, **changes}


async def model_ids(world: World, project_id: str) -> dict[str, str]:
    """A model that takes files, and predictions that came in one, for a project that keeps a model."""
    model = await world.owner.post("/api/models", new_model("onnx"))
    path = f"/api/projects/{project_id}/prediction-imports?filename=said.jsonl"
    run = await world.owner.post(path, content=b"{}\n")
    return {"model_id": model["id"], "run_id": run["id"]}


async def bind(world: World, project_id: str) -> None:
    """Let the project have a model that cannot be reached."""
    model = await world.owner.post("/api/models", new_model())
    body = {"model_id": model["id"], "predict": False}
    response = await world.owner.call("PUT", f"/api/projects/{project_id}/model", json=body)
    assert response.status_code == 200, response.text


async def _spare(scene: Any, _: Person) -> Request:
    model = await scene.world.owner.post("/api/models", new_model())
    return Request({"model_id": model["id"]}, {})


async def _bound(scene: Any, _: Person) -> Request:
    """A project that has a model, whatever another request did to it; and no run that waits."""
    await bind(scene.world, scene.ids["project_id"])
    return Request({}, {"json": {}})


async def _waiting(scene: Any, person: Person) -> Request:
    made = await _bound(scene, person)
    async with scene.world.engine.database.transaction(scene.world.tenant_id) as db:
        await db.execute("UPDATE job SET state = 'done' WHERE name = 'assist.predict'")
    return made


async def _choice(scene: Any, _: Person) -> Request:
    model = await scene.world.owner.post("/api/models", new_model())
    return Request({}, {"json": {"model_id": model["id"], "predict": False}})


async def _try_elsewhere(scene: Any, person: Person) -> Request:
    made = await _spare(scene, person)
    return Request(made.params, {"json": {}})


async def _upload(scene: Any, _: Person) -> Request:
    model = await scene.world.owner.post("/api/models", new_model("onnx"))
    return Request({"model_id": model["id"]}, {"content": tiny_model()})


@cache
def tiny_model() -> bytes:
    """The smallest model that takes texts and gives two classes."""
    from tests.models.made import text_model

    return text_model()


MODELS: dict[tuple[str, str], Any] = {
    ("POST", "/api/models"): lambda scene, person: Request({}, {"json": new_model()}),
    ("PATCH", "/api/models/{model_id}"): lambda scene, person: Request({}, {"json": {"name": str(uuid4())}}),
    ("DELETE", "/api/models/{model_id}"): _spare,
    ("POST", "/api/models/{model_id}/versions"): _upload,
    ("POST", "/api/models/{model_id}/test"): _try_elsewhere,
    ("GET", "/api/projects/{project_id}/model"): _bound,
    ("PUT", "/api/projects/{project_id}/model"): _choice,
    ("DELETE", "/api/projects/{project_id}/model"): _bound,
    ("POST", "/api/projects/{project_id}/prediction-runs"): _waiting,
    ("POST", "/api/projects/{project_id}/prediction-imports"): lambda scene, person: Request(
        {}, {"params": {"filename": "said.jsonl"}, "content": b""}
    ),
}

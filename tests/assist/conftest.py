"""A tenant whose operator lets models on this machine be asked, and a project of images of three colours."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image

from karat.api.app import create_app
from karat.api.engine import Engine
from karat.outbound import Guard, parse_allowed
from tests.support.world import World, make_world

COLORS = ("red", "green", "blue")


@pytest.fixture(scope="session")
async def near(engine: Engine) -> Engine:
    """The engine of an operator who permits models on this machine."""
    return replace(engine, models=replace(engine.models, guard=Guard(parse_allowed("127.0.0.1"))))


@pytest.fixture(scope="session")
async def near_http(near: Engine) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(near), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def world(near: Engine, near_http: httpx.AsyncClient) -> World:
    """A new tenant in it."""
    return await make_world(near, near_http)


async def image_project(world: World, n: int = 6, kind: str = "image.class", **target: Any) -> dict[str, Any]:
    """A project over images that are red, green, blue, red …; named `0-red.png` and so on."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for at in range(n):
            name = COLORS[at % 3]
            image = Image.new(
                "RGB", (40, 30), {"red": (250 - at, 0, 0), "green": (0, 250 - at, 0)}.get(name, (0, 0, 250 - at))
            )
            content = io.BytesIO()
            image.save(content, "PNG")
            archive.writestr(f"{at:03}-{name}.png", content.getvalue())
    dataset = await world.owner.post("/api/datasets", {"name": "Colours", "modality": "image"})
    await world.owner.post(f"/api/datasets/{dataset['id']}/imports?filename=a.zip", content=stream.getvalue())
    await world.drain()
    new = {
        "name": "Colours",
        "dataset_id": dataset["id"],
        "kind": kind,
        "classes": [{"name": name} for name in COLORS],
        "target": target,
    }
    project = await world.owner.post("/api/projects", new)
    await world.drain()
    return dict(await world.owner.get(f"/api/projects/{project['id']}"))


async def register(world: World, kind: str, settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A model of the tenant."""
    return dict(await world.owner.post("/api/models", {"name": "Mine", "kind": kind, "settings": settings, **more}))


async def use(world: World, project: dict[str, Any], model: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Make it the project's model, and let it be asked."""
    path = f"/api/projects/{project['id']}/model"
    response = await world.owner.call("PUT", path, json={"model_id": model["id"], **more})
    assert response.status_code == 200, response.text
    await world.drain()
    return dict(await world.owner.get(path))


async def predictions(world: World, project: dict[str, Any]) -> list[dict[str, Any]]:
    """What tasks bear, by the asset's name, with the version that said it."""
    from uuid import UUID

    async with world.engine.database.transaction(world.tenant_id) as db:
        rows = await db.fetch(
            """SELECT a.name, r.said, r.probabilities, r.annotations, v.version, v.name AS version_name, m.name AS model
            FROM prediction r JOIN task t ON t.id = r.task_id JOIN asset a ON a.id = t.asset_id
            JOIN model_version v ON v.id = r.model_version_id JOIN model m ON m.id = v.model_id
            WHERE r.project_id = $1 ORDER BY a.name""",
            UUID(project["id"]),
        )
    return [dict(row) for row in rows]

"""Registering models: sealed headers, guarded addresses, files that are judged, and what cannot be deleted."""

import hashlib
import pickle
from uuid import UUID, uuid4

import pytest

from karat.api.engine import uploads_in
from karat.storage import FolderStorage
from tests.assist.conftest import image_project, register, use
from tests.models.made import color_model, text_model, with_external_data
from tests.models.servers import even, model_server
from tests.support.world import World

HTTP = {"adapter": "http", "url": "https://models.example.org/predict"}


async def test_headers_are_sealed_sent_and_never_shown(world: World) -> None:
    with model_server(lambda path, body: even(body)) as server:
        settings = {"adapter": "http", "url": server.url}
        model = await register(world, "text.class", settings, headers={"Authorization": "Bearer top-secret"})
        test = await world.owner.post(f"/api/models/{model['id']}/test", {})
        assert test["ok"], test
        assert server.seen[0][2]["authorization"] == "Bearer top-secret"
    shown = await world.owner.call("GET", f"/api/models/{model['id']}")
    assert shown.json()["header_names"] == ["Authorization"]
    for path in (f"/api/models/{model['id']}", "/api/models", "/api/audit"):
        assert "top-secret" not in (await world.owner.call("GET", path)).text
    async with world.engine.database.transaction(world.tenant_id) as db:
        sealed = await db.fetch_value("SELECT headers FROM model WHERE id = $1", UUID(model["id"]))
    assert b"top-secret" not in sealed


async def test_a_new_address_wants_the_headers_again(world: World) -> None:
    model = await register(world, "text.class", HTTP, headers={"X-Key": "k"})
    path = f"/api/models/{model['id']}"
    elsewhere = {"settings": {**HTTP, "url": "https://elsewhere.example.org/"}}
    refused = await world.owner.call("PATCH", path, json=elsewhere)
    assert refused.json()["faults"][0]["code"] == "model.headers_wanted"
    assert (await world.owner.call("PATCH", path, json={**elsewhere, "headers": {"X-Key": "l"}})).status_code == 200
    same = {"settings": {**HTTP, "url": "https://elsewhere.example.org/", "batch_size": 3}}
    assert (await world.owner.call("PATCH", path, json=same)).json()["header_names"] == ["X-Key"]
    other = {"settings": {"adapter": "onnx"}}
    assert (await world.owner.call("PATCH", path, json=other)).json()["faults"][0]["code"] == "model.adapter_fixed"


@pytest.mark.requirement("SEC-3")
@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.5/predict",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:9090/",
        "http://2130706434/",
        "file:///etc/passwd",
        "http://user:word@models.example.org/",
    ],
)
async def test_an_address_that_leads_inside_is_refused(world: World, url: str) -> None:
    body = {"name": "M", "kind": "text.class", "settings": {"adapter": "label-studio", "url": url}}
    refused = await world.owner.call("POST", "/api/models", json=body)
    assert (refused.status_code, refused.json()["code"].split(".")[0]) == (422, "outbound")
    assert refused.json()["faults"][0]["hint"]


@pytest.mark.requirement("SEC-3")
async def test_a_name_that_leads_inside_is_refused_when_it_is_asked(world: World) -> None:
    with model_server(lambda path, body: even(body)) as server:
        settings = {"adapter": "http", "url": f"http://localhost:{server.port}/", "attempts": 1}
        model = await register(world, "text.class", settings)
        test = await world.owner.post(f"/api/models/{model['id']}/test", {})
        assert server.seen == []
    assert (test["ok"], test["faults"][0]["code"]) == (False, "outbound.address_refused")
    kept = await world.owner.get(f"/api/models/{model['id']}")
    assert kept["error"]["code"] == "outbound.address_refused"
    assert kept["error_at"] and kept["test"]["ok"] is False


async def test_a_redirect_is_not_followed(world: World) -> None:
    from tests.models.servers import Raw

    with model_server(lambda path, body: Raw(302, headers={"Location": "http://127.0.0.1:1/"})) as server:
        model = await register(world, "text.class", {"adapter": "http", "url": server.url, "attempts": 1})
        test = await world.owner.post(f"/api/models/{model['id']}/test", {})
    assert test["faults"][0]["code"] == "outbound.redirect_refused"


async def test_headers_that_would_split_a_request_are_refused(world: World) -> None:
    for headers in ({"X": "a\r\nHost: b"}, {"Host": "inside"}, {"X Y": "a"}):
        body = {"name": "M", "kind": "text.class", "settings": HTTP, "headers": headers}
        refused = await world.owner.call("POST", "/api/models", json=body)
        assert refused.json()["code"] == "outbound.header_refused"


async def test_an_uploaded_file_becomes_a_version_and_tells_of_itself(world: World) -> None:
    model = await register(world, "image.class", {"adapter": "onnx"})
    path = f"/api/models/{model['id']}/versions"
    first = await world.owner.post(f"{path}?name=spring", content=color_model())
    assert (first["version"], first["name"]) == (1, "spring")
    assert first["details"]["inputs"] == [{"name": "images", "type": "float32", "shape": ["N", 3, 32, 32]}]
    second = await world.owner.post(path, content=color_model(64))
    assert [one["version"] for one in (await world.owner.get(path))["items"]] == [2, 1]
    assert (await world.owner.get(f"/api/models/{model['id']}"))["latest"]["id"] == second["id"]
    again = await world.owner.call("POST", f"{path}?name=spring", content=color_model())
    assert (again.status_code, again.json()["code"]) == (409, "model.version_name_taken")
    test = await world.owner.post(f"/api/models/{model['id']}/test", {})
    assert test["ok"], test
    assert "opset 17" in test["steps"][0]["message"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pickle.dumps([1]), "model.pickle"),
        (with_external_data(), "onnx.external_data"),
        (text_model(), "onnx.input_type"),
        (b"", "model.not_onnx"),
    ],
)
async def test_a_bad_file_is_refused_not_kept_and_its_fault_is_shown(world: World, content: bytes, code: str) -> None:
    model = await register(world, "image.class", {"adapter": "onnx"})
    refused = await world.owner.call("POST", f"/api/models/{model['id']}/versions?name=x.onnx", content=content)
    assert (refused.status_code, refused.json()["faults"][0]["code"]) == (422, code)
    kept = await world.owner.get(f"/api/models/{model['id']}")
    assert (kept["latest"], kept["error"]["code"]) == (None, code)
    assert not await world.engine.storage.exists(world.tenant_id, hashlib.sha256(content).hexdigest())


async def test_only_models_that_take_files_are_sent_some(world: World) -> None:
    model = await register(world, "text.class", HTTP)
    refused = await world.owner.call("POST", f"/api/models/{model['id']}/versions", content=b"x")
    assert refused.json()["code"] == "model.takes_no_file"
    onnx = await register(world, "image.class", {"adapter": "onnx"})
    project = await image_project(world, 1)
    path = f"/api/projects/{project['id']}/model"
    refused = await world.owner.call("PUT", path, json={"model_id": onnx["id"]})
    assert refused.json()["code"] == "model.has_no_file"
    refused = await world.owner.call("PUT", path, json={"model_id": model["id"]})
    assert refused.json()["code"] == "model.kind_differs"


async def test_a_model_whose_predictions_are_there_stays(world: World) -> None:
    project = await image_project(world, 3)
    model = await register(world, "image.class", {"adapter": "onnx"})
    await world.owner.post(f"/api/models/{model['id']}/versions", content=color_model())
    assert (await use(world, project, model))["n_predicted"] == 3
    refused = await world.owner.call("DELETE", f"/api/models/{model['id']}")
    assert (refused.status_code, refused.json()["n_projects"]) == (409, 1)
    await world.owner.call("DELETE", f"/api/projects/{project['id']}/model")
    refused = await world.owner.call("DELETE", f"/api/models/{model['id']}")
    assert (refused.status_code, refused.json()["n_predictions"]) == (409, 3)
    spare = await register(world, "image.class", {"adapter": "onnx"})
    await world.owner.post(f"/api/models/{spare['id']}/versions", content=color_model())
    assert (await world.owner.call("DELETE", f"/api/models/{spare['id']}")).status_code == 204


async def clear(world: World) -> None:
    """The chore comes round."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        await uploads_in(world.engine.settings, world.engine.storage).clear(db)


async def test_the_files_of_a_deleted_model_leave_the_storage_unless_they_are_something_else(world: World) -> None:
    storage, tenant = world.engine.storage, world.tenant_id
    first, second = [await register(world, "image.class", {"adapter": "onnx"}) for _ in range(2)]
    own, shared = color_model(), color_model(64)
    for model, content in ((first, own), (first, shared), (second, shared)):
        await world.owner.post(f"/api/models/{model['id']}/versions", content=content)
    mine, ours = (hashlib.sha256(one).hexdigest() for one in (own, shared))
    assert (await world.owner.call("DELETE", f"/api/models/{first['id']}")).status_code == 204
    assert await storage.exists(tenant, mine), "not before it is certain that the model is gone"
    await clear(world)
    assert [await storage.exists(tenant, one) for one in (mine, ours)] == [False, True]
    assert (await world.owner.call("DELETE", f"/api/models/{second['id']}")).status_code == 204
    await clear(world)
    assert not await storage.exists(tenant, ours)


async def test_while_a_backup_is_made_the_files_of_a_deleted_model_stay_and_go_afterwards(world: World) -> None:
    model = await register(world, "image.class", {"adapter": "onnx"})
    await world.owner.post(f"/api/models/{model['id']}/versions", content=color_model())
    sha256 = hashlib.sha256(color_model()).hexdigest()
    with FolderStorage(world.engine.settings.data_dir / "media").hold():
        await world.owner.call("DELETE", f"/api/models/{model['id']}")
        await clear(world)
        assert await world.engine.storage.exists(world.tenant_id, sha256)
    await clear(world)
    assert not await world.engine.storage.exists(world.tenant_id, sha256)


async def test_a_file_whose_version_was_refused_is_not_kept(world: World) -> None:
    model = await register(world, "image.class", {"adapter": "onnx"})
    path = f"/api/models/{model['id']}/versions?name=spring"
    await world.owner.post(path, content=color_model())
    refused = await world.owner.call("POST", path, content=color_model(64))
    assert refused.json()["code"] == "model.version_name_taken"
    await clear(world)
    kept = [hashlib.sha256(one).hexdigest() for one in (color_model(), color_model(64))]
    assert [await world.engine.storage.exists(world.tenant_id, one) for one in kept] == [True, False]


async def test_a_file_of_predictions_that_was_refused_is_not_kept(world: World) -> None:
    said = b'{"name": "a.png", "label_class": "red"}'
    refused = await world.owner.call(
        "POST", f"/api/projects/{uuid4()}/prediction-imports?filename=said.jsonl", content=said
    )
    assert refused.json()["code"] == "project.not_found"
    await clear(world)
    assert not await world.engine.storage.exists(world.tenant_id, hashlib.sha256(said).hexdigest())


async def test_the_adapters_tell_what_has_to_be_said_for_them(world: World) -> None:
    found = {one["name"]: one for one in await world.owner.get("/api/model-adapters")}
    assert list(found) == ["in-process", "onnx", "http", "label-studio", "import"]
    assert found["in-process"]["settings"] is None
    assert "url" in found["http"]["settings"]["properties"]

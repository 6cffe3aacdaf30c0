"""A creating request with an `Idempotency-Key` takes effect once, however often it is sent."""

import asyncio
from typing import Any

import pytest

from tests.models.made import text_model
from tests.security.scene import new_project
from tests.support.world import World

TABLES = [
    "dataset",
    "project",
    "data_import",
    "export",
    "api_key",
    "job",
    "audit_entry",
    "model_version",
    "prediction_run",
]
CREATING = ["dataset", "project", "import", "export", "key", "version", "predictions", "run"]
ONNX = {"name": "M", "kind": "text.class", "settings": {"adapter": "onnx"}}
DOC_STRING = b"\x32\x01x"  # one more field of the file's protocol buffer: another file, and as good a model


async def body_of(world: World, what: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Path, request, and a request that differs."""
    if what == "dataset":
        return "/api/datasets", {"json": {"name": "A", "modality": "text"}}, {"json": {"name": "B", "modality": "text"}}
    if what == "key":
        return "/api/keys", {"json": {"name": "A", "role": "service"}}, {"json": {"name": "B", "role": "service"}}
    if what == "version":
        model = await world.owner.post("/api/models", ONNX)
        path = f"/api/models/{model['id']}/versions"
        return path, {"content": text_model()}, {"content": text_model() + DOC_STRING}
    dataset = await world.owner.post("/api/datasets", {"name": "Texts", "modality": "text"})
    if what == "import":
        path = f"/api/datasets/{dataset['id']}/imports?filename=a.csv"
        return path, {"content": b"id,text\n1,a\n"}, {"content": b"id,text\n1,b\n"}
    first = new_project(dataset["id"])
    if what == "project":
        return "/api/projects", {"json": first}, {"json": {**first, "name": "Other"}}
    project = await world.owner.post("/api/projects", first)
    if what == "predictions":
        path = f"/api/projects/{project['id']}/prediction-imports?filename=a.jsonl"
        return path, {"content": b'{"external_id": "1"}'}, {"content": b'{"external_id": "2"}'}
    if what == "run":
        model = await world.owner.post("/api/models", ONNX)
        await world.owner.post(f"/api/models/{model['id']}/versions", content=text_model())
        wish = {"model_id": model["id"], "predict": False}
        assert (await world.owner.call("PUT", f"/api/projects/{project['id']}/model", json=wish)).is_success
        return f"/api/projects/{project['id']}/prediction-runs", {"json": {}}, {"json": {"only_new": True}}
    return f"/api/projects/{project['id']}/exports", {"json": {"format": "csv"}}, {"json": {"format": "karat-jsonl"}}


async def count(world: World) -> list[int]:
    """How many things of each kind the tenant has."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        return [
            await db.fetch_value(f"SELECT count(*) FROM {table}")
            for table in (
                "dataset",
                "project",
                "data_import",
                "export",
                "api_key",
                "job",
                "audit_entry",
                "model_version",
                "prediction_run",
            )
        ]


@pytest.mark.parametrize("what", CREATING)
async def test_the_same_request_twice_creates_one_thing_and_answers_with_it(world: World, what: str) -> None:
    path, request, _ = await body_of(world, what)
    key = {"Idempotency-Key": "same"}
    first = await world.owner.call("POST", path, headers=key, **request)
    after_one = await count(world)
    second = await world.owner.call("POST", path, headers=key, **request)
    assert first.is_success
    if what == "key":  # its secret cannot be told a second time
        told = second.json()
        assert (second.status_code, told["code"], told["key_id"]) == (409, "key.shown_once", first.json()["id"])
    else:
        assert (second.status_code, second.json()["id"]) == (first.status_code, first.json()["id"])
    assert await count(world) == after_one


@pytest.mark.parametrize("what", CREATING)
async def test_another_request_under_the_same_key_is_a_conflict_and_creates_nothing(world: World, what: str) -> None:
    path, request, other = await body_of(world, what)
    key = {"Idempotency-Key": "same"}
    assert (await world.owner.call("POST", path, headers=key, **request)).is_success
    before = await count(world)
    response = await world.owner.call("POST", path, headers=key, **other)
    assert (response.status_code, response.json()["code"]) == (409, "idempotency.key_reused")
    assert await count(world) == before


@pytest.mark.parametrize("what", CREATING)
async def test_many_at_the_same_moment_create_one_thing(world: World, what: str) -> None:
    path, request, _ = await body_of(world, what)
    before = await count(world)
    answers = await asyncio.gather(
        *(world.owner.call("POST", path, headers={"Idempotency-Key": "race"}, **request) for _ in range(8))
    )
    if what == "key":
        assert sorted(one.status_code for one in answers) == [201] + [409] * 7
    else:
        assert len({(one.status_code, one.json()["id"]) for one in answers}) == 1
        assert answers[0].is_success
    grown = [now - then for now, then in zip(await count(world), before, strict=True)]
    assert max(grown) == 1


async def test_a_request_that_failed_may_be_sent_again_corrected_under_its_key(world: World) -> None:
    key = {"Idempotency-Key": "again"}
    wrong = {"name": "", "modality": "text"}
    assert (await world.owner.call("POST", "/api/datasets", headers=key, json=wrong)).status_code == 422
    assert (
        await world.owner.call("POST", "/api/datasets", headers=key, json={**wrong, "name": "A"})
    ).status_code == 201


async def test_keys_of_different_people_have_nothing_to_do_with_each_other(world: World) -> None:
    request: dict[str, Any] = {"headers": {"Idempotency-Key": "mine"}, "json": {"name": "A", "modality": "text"}}
    first = await world.owner.call("POST", "/api/datasets", **request)
    second = await world.manager.call("POST", "/api/datasets", **request)
    assert first.json()["id"] != second.json()["id"]


async def test_content_counts_whatever_type_the_sender_calls_it(world: World) -> None:
    headers = {"Idempotency-Key": "typed", "Content-Type": "application/octet-stream"}
    first = await world.owner.call(
        "POST", "/api/datasets", headers=headers, content=b'{"name": "A", "modality": "text"}'
    )
    other = await world.owner.call(
        "POST", "/api/datasets", headers=headers, content=b'{"name": "B", "modality": "text"}'
    )
    assert (first.status_code, other.status_code) in {(201, 409), (422, 422)}


@pytest.mark.parametrize("key", ["", "a" * 201, "tab\there"])
async def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    response = await world.owner.call(
        "POST", "/api/datasets", headers={"Idempotency-Key": key}, json={"name": "A", "modality": "text"}
    )
    assert (response.status_code, response.json()["code"]) == (422, "idempotency.key_invalid")

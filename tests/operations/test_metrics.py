"""Figures for those who run the server: only for them, and about nobody whom it serves."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from karat.api import metrics
from karat.api.app import create_app
from karat.api.engine import Engine
from karat.config import Settings
from karat.kit import Role
from tests.support.world import World, make_world

TOKEN = "a token of the tests"


@pytest.fixture
async def watched(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """An application whose operator wants figures; each is read anew."""
    monkeypatch.setattr(metrics, "FRESH_S", 0.0)
    settings = engine.settings.model_copy(update={"metrics_token": Settings(metrics_token=TOKEN).metrics_token})  # type: ignore[arg-type]
    app = create_app(replace(engine, settings=settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        yield client


async def figures(client: httpx.AsyncClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_without_a_token_in_the_settings_there_is_no_such_page(world: World) -> None:
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}"}, {"Authorization": f"Bearer {world.owner.key}"}):
        answer = await world.http.get("/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "route.not_found")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"]
)
async def test_only_the_token_opens_it(watched: httpx.AsyncClient, header: str) -> None:
    answer = await watched.get("/metrics", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401


async def test_no_key_of_any_tenant_opens_it(watched: httpx.AsyncClient, world: World) -> None:
    for role in Role:
        key = world.people[role].key
        assert (await watched.get("/metrics", headers={"Authorization": f"Bearer {key}"})).status_code == 401


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(metrics_token="short")  # type: ignore[arg-type]


def test_the_token_is_not_shown_with_the_settings() -> None:
    assert TOKEN not in repr(Settings(metrics_token=TOKEN))  # type: ignore[arg-type]


async def test_requests_are_counted_under_the_template_of_their_route(
    watched: httpx.AsyncClient, engine: Engine
) -> None:
    world = await make_world(engine, watched)
    dataset = await world.owner.post("/api/datasets", {"name": "Texts", "modality": "text"})
    for _ in range(3):
        await world.owner.get(f"/api/datasets/{dataset['id']}")
    await world.owner.call("GET", "/api/datasets/no-id")
    await world.owner.call("GET", "/no/such/page/at/all")
    found = await figures(watched)

    def count(method: str, route: str, status: str) -> float:
        labels = frozenset({"method": method, "route": route, "status": status}.items())
        return found.get(("karat_request_seconds_count", labels), 0.0)

    assert count("GET", "/api/datasets/{dataset_id}", "2xx") == 3
    assert count("GET", "/api/datasets/{dataset_id}", "4xx") == 1
    assert count("POST", "/api/datasets", "2xx") == 1
    names = {value for _, labels in found for _, value in labels}
    assert dataset["id"] not in str(names)
    assert "/no/such/page/at/all" not in names
    assert str(world.tenant_id) not in str(names)


async def test_jobs_leases_and_the_lag_of_the_seal_are_those_of_all_tenants(
    watched: httpx.AsyncClient, world: World
) -> None:
    def value(found: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float:
        return found[name, frozenset(labels.items())]

    project = await world.text_project(3)
    before = await figures(watched)
    await world.take(world.annotator, project)
    await world.owner.post(f"/api/projects/{project['id']}/exports", {"format": "csv"})
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(
            """INSERT INTO audit_entry (tenant_id, id, at, action, subject, data)
            VALUES ($1, gen_random_uuid(), now() - interval '1 hour', 'test.waits', 'x', '{}')""",
            world.tenant_id,
        )
    after = await figures(watched)
    assert value(after, "karat_open_leases") == value(before, "karat_open_leases") + 1
    assert value(after, "karat_jobs", state="queued") == value(before, "karat_jobs", state="queued") + 1
    assert value(after, "karat_audit_seal_lag_seconds") >= 3600
    assert value(after, "karat_queue_age_seconds") >= 0
    assert value(after, "karat_pool_connections", use="most") == world.engine.settings.pool_size
    assert value(after, "karat_tenants") >= 1
    await world.drain()

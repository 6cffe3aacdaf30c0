"""A server that lives says so; one that can work says so too, and else names what it cannot."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from karat.api.app import create_app
from karat.api.engine import Engine
from karat.api.readiness import NotReady, Prober
from karat.errors import Fault
from karat.jobs import Runner
from tests.security.owner import owner_dsn


@pytest.fixture
def prober(engine: Engine) -> Prober:
    return Prober(engine.database, engine.settings.data_dir / "media", lambda: None)


async def faults_of(one: Prober) -> list[Fault]:
    with pytest.raises(NotReady) as caught:
        await one.ask()
    faults: list[Fault] = caught.value.data["faults"]
    return faults


async def test_a_server_that_works_is_ready_and_says_what_was_asked(engine: Engine) -> None:
    runner = engine.runner()
    runner.start()
    app = create_app(engine)
    app.state.runner = runner
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
            for _ in range(100):
                answer = await client.get("/readyz")
                if answer.status_code == 200:
                    break
                app.state.prober._asked_at = -10.0  # the runner needs a moment to reach its queue
            assert answer.json() == {
                "status": "ready",
                "checks": ["database", "schema", "storage", "runner"],
                "runner": "here",
            }
            assert (await client.get("/healthz")).json() == {"status": "ok"}
    finally:
        await runner.stop()
    app.state.prober._asked_at = -10.0
    (fault,) = await faults_of(app.state.prober)
    assert (fault.code, fault.where, fault.message) == ("ready.runner", "runner", "The runner is not started.")


async def test_without_its_database_a_server_lives_and_is_not_ready(engine: Engine, tmp_path: Path) -> None:
    class Gone:
        def transaction(self, _: object) -> Any:
            from karat.database import DatabaseUnavailable

            raise DatabaseUnavailable

    app = create_app(engine)
    app.state.prober = Prober(Gone(), engine.settings.data_dir / "media", lambda: None)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        problem = answer.json()
        assert (problem["code"], problem["retryable"]) == ("server.not_ready", True)
        assert [fault["code"] for fault in problem["faults"]] == ["ready.database", "ready.schema"]
        assert all(fault["hint"] for fault in problem["faults"])
        assert (await client.get("/healthz")).status_code == 200


async def test_a_storage_that_cannot_be_written_is_named_without_its_path(engine: Engine, tmp_path: Path) -> None:
    one = Prober(engine.database, tmp_path / "nowhere", lambda: None)
    (fault,) = await faults_of(one)
    assert (fault.code, fault.message) == ("ready.storage", "The storage of media cannot be written.")
    assert str(tmp_path) not in fault.model_dump_json()


async def test_a_probe_leaves_nothing_in_the_storage(prober: Prober, engine: Engine) -> None:
    await prober.ask()
    assert not list((engine.settings.data_dir / "media" / "unfinished").glob("probe-*"))


async def test_a_schema_of_another_version_is_named(
    prober: Prober, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karat.api.readiness.revisions", lambda: ["0001", "9999"])
    (fault,) = await faults_of(prober)
    assert fault.code == "ready.schema"
    assert "9999" in fault.message
    assert owner_dsn(engine) not in fault.message


async def test_strangers_who_ask_often_cost_one_question(prober: Prober, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    ask = prober._value

    async def counted(sql: str) -> Any:
        nonlocal asked
        asked += 1
        return await ask(sql)

    monkeypatch.setattr(prober, "_value", counted)
    for _ in range(20):
        await prober.ask()
    assert asked == 2  # the database and the schema, once each


async def test_a_runner_that_lost_its_queue_says_so(engine: Engine) -> None:
    runner = Runner(engine.database, "postgresql://nobody@localhost:1/none", {}, (), ())
    runner.start()
    try:
        assert runner.troubles() == ["The queue of jobs cannot be reached."]
    finally:
        await runner.stop()
    assert runner.troubles() == ["The runner is not started."]

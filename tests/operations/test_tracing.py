"""A request can be found again: its id is in the answer, in the problem and in every line of the log."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog

from karat.api import app as application
from karat.api.app import create_app
from karat.api.engine import Engine
from karat.jobs import Run
from karat.kit.logs import configure_logs
from tests.jobs.conftest import Bench, bench, own_engine, own_tenant  # noqa: F401 - fixtures
from tests.support.world import World

Logged = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logged]:
    """The lines of the log with some text, as they are written from now on."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        configure_logs("warning")
    yield lambda text: [json.loads(one) for one in stream.getvalue().splitlines() if text in one]
    configure_logs("error")


async def test_every_answer_has_an_id_and_no_two_the_same(world: World) -> None:
    answers = [await world.owner.call("GET", "/api/kinds") for _ in range(3)]
    answers += [
        await world.http.get("/api/kinds"),
        await world.http.get("/no-such-thing/x"),
        await world.http.get("/healthz"),
    ]
    names = [one.headers["x-request-id"] for one in answers]
    assert len(set(names)) == len(names)
    assert answers[3].json()["request_id"] == names[3]


async def test_the_name_that_a_proxy_gave_is_kept_if_it_can_forge_nothing(world: World) -> None:
    kept = await world.http.get("/api/kinds", headers={"X-Request-Id": "proxy-0123.abc_DEF"})
    assert kept.headers["x-request-id"] == kept.json()["request_id"] == "proxy-0123.abc_DEF"
    for hostile in ("short", "a" * 65, 'x" injected="1', "line\tbreak-line", "<script>alert</script>"):
        answer = await world.http.get("/api/kinds", headers={"X-Request-Id": hostile})
        assert answer.headers["x-request-id"] != hostile


async def test_an_unexpected_error_is_logged_under_the_id_that_its_answer_tells(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a bug")

    app = create_app(engine)
    monkeypatch.setattr(app.state.prober, "ask", broken)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/readyz")
    (line,) = logged("unexpected error")
    assert answer.status_code == 500
    assert line["request_id"] == answer.json()["request_id"] == answer.headers["x-request-id"]
    assert line["event"] == "unexpected error"
    assert "ZeroDivisionError" in line["exception"]
    assert "a bug" not in answer.text
    assert application.RequestTrace


async def test_what_a_job_logs_says_which_job_it_is(bench: Bench, logged: Logged) -> None:  # noqa: F811
    async def talk(run: Run) -> None:
        structlog.get_logger().warning("half way", done=5)

    job_id = await bench.enqueue("talk")
    await bench.runner({"talk": talk}).drain()
    (line,) = logged("half way")
    assert (line["job"], line["tenant"], line["done"]) == (str(job_id), str(bench.tenant_id), 5)

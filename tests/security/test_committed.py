"""No body leaves before its COMMIT: whoever reads an answer finds its effect in the database (style, section 2)."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlencode

import asyncpg
import pytest
from fastapi import Depends

from karat.access import make_sign_in_code
from karat.access.doors import open_transaction
from karat.api.app import create_app
from karat.api.engine import Engine
from karat.database import Transaction
from tests.security.asgi import call
from tests.security.matrix import MATRIX
from tests.security.scene import Scene

GUARDED = [route for route, roles in MATRIX.items() if roles is not None]


class Tap:
    """Stands where answers leave and asks the database, over a line of its own, whether a transaction is still open."""

    def __init__(self, line: asyncpg.Connection) -> None:
        self._line = line
        self.n_messages = 0
        self.too_early: list[str] = []

    async def __call__(self, message: dict[str, Any]) -> None:
        self.n_messages += 1
        open_ones = await self._line.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'karat' AND xact_start IS NOT NULL"
        )
        if open_ones:
            self.too_early.append(message["type"])


@pytest.fixture
async def tap(engine: Engine) -> AsyncIterator[Tap]:
    line = await asyncpg.connect(engine.queue_dsn, server_settings={"application_name": "tap"})
    yield Tap(line)
    await line.close()


async def drive(app: Any, scene: Scene, method: str, path: str, tap: Tap) -> int:
    one = await scene.request(method, path, scene.world.owner)
    body = one.sent.get("content", json.dumps(one.sent["json"]).encode() if "json" in one.sent else b"")
    headers = {**scene.world.owner.headers(path), "content-type": "application/json"}
    query = urlencode(one.sent.get("params", {})).encode()
    answer = await call(app, method, path.format(**one.params), headers=headers, query=query, body=body, watch=tap)
    return answer.status


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_when_an_answer_leaves_no_transaction_is_open(
    app: Any, scenes: tuple[Scene, Scene], tap: Tap, method: str, path: str
) -> None:
    assert 200 <= await drive(app, scenes[0], method, path, tap) < 300
    assert tap.n_messages >= 2
    assert tap.too_early == []


async def test_signing_in_is_committed_before_the_cookie_leaves(
    app: Any, scenes: tuple[Scene, Scene], tap: Tap
) -> None:
    owner = scenes[0].world.owner
    async with scenes[0].world.engine.database.transaction(scenes[0].world.tenant_id) as db:
        code = await make_sign_in_code(db, owner.caller)
    body = json.dumps({"code": code}).encode()
    answer = await call(app, "POST", "/api/session", headers={"content-type": "application/json"}, body=body, watch=tap)
    assert (answer.status, tap.too_early) == (200, [])


async def test_the_tap_notices_a_transaction_that_ends_after_the_answer(
    engine: Engine, scenes: tuple[Scene, Scene], tap: Tap
) -> None:
    app = create_app(engine)

    @app.get("/late")
    async def late(db: Annotated[Transaction, Depends(open_transaction)]) -> str:
        return str(await db.fetch_value("SELECT 1"))

    headers = {"authorization": f"Bearer {scenes[0].world.owner.key}"}
    assert (await call(app, "GET", "/late", headers=headers, watch=tap)).status == 200
    assert tap.too_early == ["http.response.start", "http.response.body"]

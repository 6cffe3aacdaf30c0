"""Errors answer in one form, wrong methods among them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.routing import Route

from karat.api.app import MAX_BODY_BYTES, create_app
from karat.api.engine import Engine
from karat.api.headers import HEADERS
from karat.errors import KaratError, error_classes
from tests.security.asgi import call
from tests.security.matrix import MATRIX
from tests.support.world import World, make_world

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
PATHS: dict[str, set[str]] = {}
for _method, _path in MATRIX:
    PATHS.setdefault(_path, set()).add(_method)


@pytest.mark.parametrize("path", PATHS)
async def test_a_method_that_a_route_does_not_take_is_told_with_those_that_it_takes(world: World, path: str) -> None:
    for method in METHODS - PATHS[path]:
        response = await world.owner.call(method, path.replace("{", "").replace("}", ""))
        assert response.status_code == 405, method
        assert response.headers["content-type"] == "application/problem+json"
        assert set(response.headers["allow"].split(", ")) == PATHS[path]
        if method != "HEAD":
            assert response.json()["code"] == "route.method_not_allowed"


@pytest.mark.parametrize("method", sorted(METHODS - {"HEAD"}))
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/datasets/", "/media/", "/media/a/b", "/assets/x.js"]
)
async def test_an_address_that_is_none_is_not_found_and_no_page(world: World, method: str, path: str) -> None:
    response = await world.owner.call(method, path)
    assert response.status_code in ({404, 405} if path.startswith("/assets") else {404}), response.text
    assert response.headers["content-type"] == "application/problem+json"


async def test_every_fault_of_a_malformed_body_is_told_with_its_place_and_without_its_value(world: World) -> None:
    body = {"name": "", "modality": "smell-o-vision", "extra": "hunter2"}
    response = await world.owner.call("POST", "/api/datasets", json=body)
    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"]) == (422, "request.malformed", False)
    assert {fault["where"] for fault in problem["faults"]} == {"body.name", "body.modality", "body.extra"}
    assert all(fault["code"].startswith("malformed.") for fault in problem["faults"])
    assert "hunter2" not in response.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"name": "\xff", "modality": "text"}',
        b'{"name": "\\ud800", "modality": "text"}',
    ],
)
async def test_a_body_that_is_not_json_or_not_an_object_is_a_fault(world: World, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = await world.owner.call("POST", "/api/datasets", content=content, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "request.malformed")


@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_body_larger_than_memory_should_hold_is_refused_even_to_nobody(world: World, is_declared: bool) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 4 * MAX_BODY_BYTES:
            sent += 1 << 20
            yield b" " * (1 << 20)

    headers = {"Content-Type": "application/json"} | ({"Content-Length": str(1 << 40)} if is_declared else {})
    response = await world.http.post("/api/datasets", content=endless(), headers=headers)
    problem = response.json()
    assert (response.status_code, problem["code"], problem["max_bytes"]) == (413, "request.too_large", MAX_BODY_BYTES)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert sent <= (0 if is_declared else MAX_BODY_BYTES + (2 << 20))


# They stream, have a limit of their own, and say who may send before how much.
UPLOADS = {
    ("POST", "/api/datasets/{dataset_id}/imports"),
    ("PUT", "/api/uploads/{upload_id}/files/{position}"),
    ("POST", "/api/models/{model_id}/versions"),
    ("POST", "/api/projects/{project_id}/prediction-imports"),
    ("POST", "/api/project-imports"),
}


@pytest.mark.parametrize(("method", "path"), list(MATRIX))
async def test_a_body_that_is_announced_too_large_has_one_answer_on_every_route(
    app: Any, method: str, path: str
) -> None:
    for length in (str(MAX_BODY_BYTES + 1), str(1 << 40), "9" * 5000):
        answer = await call(app, method, path, headers={"content-length": length})
        if (method, path) in UPLOADS:
            assert answer.status == 401
            continue
        assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
        assert json.loads(answer.body)["code"] == "request.too_large"


async def test_what_is_refused_for_its_size_has_done_nothing(world: World) -> None:
    key = await world.owner.post("/api/keys", {"name": "spare", "role": "service"})
    large = {"Content-Length": str(1 << 40)}
    assert (await world.owner.call("DELETE", f"/api/keys/{key['id']}", headers=large)).status_code == 413
    kept = {one["id"]: one for one in (await world.owner.get("/api/keys"))["items"]}
    assert kept[key["id"]]["revoked_at"] is None


@pytest.mark.parametrize("length", ["", "x", "-1", "1e9", "²"])
async def test_a_length_that_is_none_is_not_believed(app: Any, length: str) -> None:
    answer = await call(app, "GET", "/api/kinds", headers={"content-length": length})
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_an_upload_may_be_larger_and_has_a_limit_of_its_own(engine: Engine) -> None:
    app = create_app(engine)
    app.state.settings = engine.settings.model_copy(update={"max_upload_bytes": MAX_BODY_BYTES + 10})
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        world = await make_world(engine, client)
        dataset = await world.owner.post("/api/datasets", {"name": "Large", "modality": "text"})
        path = f"/api/datasets/{dataset['id']}/imports?filename=large.txt"
        fits = await world.owner.call("POST", path, content=b"a" * (MAX_BODY_BYTES + 10))
        more = await world.owner.call("POST", path, content=b"a" * (MAX_BODY_BYTES + 11))
        assert (fits.status_code, more.status_code, more.json()["code"]) == (202, 413, "too_large")
        assert more.headers["content-type"] == "application/problem+json"
        await world.owner.post(f"/api/imports/{fits.json()['id']}/cancel")


async def test_an_upload_that_is_announced_too_large_is_refused_before_it_is_sent(world: World) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"a"

    dataset = await world.owner.post("/api/datasets", {"name": "Large", "modality": "text"})
    limit = world.engine.settings.max_upload_bytes
    response = await world.owner.call(
        "POST",
        f"/api/datasets/{dataset['id']}/imports?filename=large.txt",
        content=endless(),
        headers={"Content-Length": str(limit + 1)},
    )
    problem = response.json()
    assert (response.status_code, problem["code"], problem["max_bytes"], sent) == (413, "too_large", limit, 0)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "cursor=x", "cursor=W10", "cursor=WyJ4Il0", "cursor=" + "x" * 501]
)
async def test_a_page_that_cannot_be_is_refused(world: World, query: str) -> None:
    for path in ("/api/datasets", "/api/projects", "/api/keys", "/api/jobs", "/api/audit", "/api/members"):
        response = await world.owner.call("GET", f"{path}?{query}")
        assert (response.status_code, response.json()["status"]) == (422, 422), path


async def test_every_error_code_is_listed_once_with_a_sentence(world: World) -> None:
    listed = (await world.http.get("/errors")).json()["items"]
    codes = [one["code"] for one in listed]
    assert len(codes) == len(set(codes)) > 30
    assert all(one["title"].endswith((".", "what.")) or "`" in one["title"] for one in listed)


@pytest.mark.parametrize("path", ["/api/bug", "/bug"])
async def test_an_error_that_nobody_expected_carries_every_header_and_tells_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    app = create_app(engine)

    async def fail(_request: Request) -> Response:
        raise RuntimeError("hunter2")

    app.router.routes.insert(0, Route(path, fail))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        failed = await client.get(path)
    assert (failed.status_code, failed.json()["code"]) == (500, "internal")
    assert "hunter2" not in failed.text
    for name, value in HEADERS:
        assert failed.headers[name.decode()] == value.decode()
    assert failed.headers["cache-control"] == "no-store"
    assert failed.headers["x-request-id"] == failed.json()["request_id"]


async def test_an_answer_that_breaks_off_is_not_answered_twice(engine: Engine) -> None:
    app = create_app(engine)

    async def begin(_request: Request) -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("hunter2")

        return StreamingResponse(pieces())

    app.router.routes.insert(0, Route("/api/bug", begin))
    sent: list[dict[str, Any]] = []

    async def watch(message: dict[str, Any]) -> None:
        sent.append(message)

    with pytest.raises(Exception, match="hunter2"):
        await call(app, "GET", "/api/bug", watch=watch)
    assert [one["status"] for one in sent if one["type"] == "http.response.start"] == [200]
    assert b"".join(one.get("body", b"") for one in sent) == b"first"


def test_no_two_errors_share_a_code() -> None:
    classes, pending = [], [KaratError]
    while pending:
        one = pending.pop()
        classes.append(one)
        pending.extend(one.__subclasses__())
    own = [one.code for one in classes if "code" in vars(one) and one.__module__.startswith("karat.")]
    assert sorted(own) == sorted(set(own))
    assert {one.code for one in error_classes()} >= set(own)

"""Nothing that the OpenAPI document admits, and nothing that it forbids, ends in an error of the server.

Each route gets requests made from its schema, right ones and wrong ones, to things that are there and to things that are
not, and its one valid request with single fields exchanged. `KARAT_FUZZ_EXAMPLES=500` looks longer, `KARAT_FUZZ_SEED=7`
elsewhere; both are printed with what failed.
"""

import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, unquote, urlencode

import httpx
import hypothesis
import pytest
import schemathesis
from requests import Request as Sent
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation

from karat.api.engine import Engine
from karat.kit import Role
from tests.security.asgi import Answer, call
from tests.security.matrix import MATRIX
from tests.security.scene import Scene, forget_events, forget_jobs, make_scene
from tests.support.world import Person, World, browser_session, make_world

pytestmark = pytest.mark.slow

N_EXAMPLES = int(os.environ.get("KARAT_FUZZ_EXAMPLES", "12"))
SEED = int(os.environ.get("KARAT_FUZZ_SEED", "1"))
BROWSER_ONLY = ("/api/me/",)
OWN = {
    "host",
    "user-agent",
    "accept-encoding",
    "connection",
    "content-length",
    "x-schemathesis-testcaseid",
    "authorization",
}


@dataclass
class Wire:
    """A request as bytes."""

    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    body: bytes

    def __str__(self) -> str:
        address = quote(self.path.encode(errors="surrogatepass"))
        return f"{self.method} {address}?{self.query.decode()} {self.headers} {self.body[:2000]!r}"


@pytest.fixture(scope="module")
async def scenes(engine: Engine, http: httpx.AsyncClient) -> AsyncIterator[list[Scene]]:
    """Two tenants in which the requests may do what they like: what closes projects leaves the other its tasks."""
    made = [await make_scene(await make_world(engine, http)) for _ in range(2)]
    yield made
    for one in made:
        await forget_events(one.world)
        await forget_jobs(one.world)


@pytest.fixture
def app(http: httpx.AsyncClient) -> Any:
    """The application behind the client."""
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)
    return transport.app


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name that a request holds is looked up."""

    def unknown(host: str, port: int) -> None:
        raise OSError("no network")

    monkeypatch.setattr("karat.outbound.resolving._look_up", unknown)


def test_the_document_describes_no_route_that_is_not_tried(app: Any) -> None:
    assert {(one.method.upper(), one.path) for one in operations(app)} <= set(MATRIX)
    assert len(operations(app)) > 40


@pytest.mark.parametrize(("method", "path"), [route for route in MATRIX if route[0] != "HEAD"])
async def test_no_request_to_a_route_ends_in_an_error_of_the_server(
    app: Any, scenes: list[Scene], method: str, path: str
) -> None:
    scene = scenes["{assignment_id}" in path]
    found = next((one for one in operations(app) if (one.method.upper(), one.path) == (method, path)), None)
    if found is None:
        pytest.skip("not part of the document")
    person = await scene.world.another(Role.OWNER)
    signed_in = await credentials(scene.world, person, path)
    valid = await scene.request(method, path, person)
    statuses = set()
    for wire in wires(found, valid.params, valid.sent.get("json")):
        wire.headers |= signed_in
        answer = await call(app, wire.method, wire.path, headers=wire.headers, query=wire.query, body=wire.body)
        statuses.add(answer.status)
        judge(wire, answer)
        if answer.status == 401 and path != "/api/session":  # the last request has signed the person out
            signed_in = await credentials(scene.world, await scene.world.another(Role.OWNER), path)
    assert statuses - {401, 403}, "nothing came through to the route"


def judge(wire: Wire, answer: Answer) -> None:
    """Fail where the server has, or where it told of a fault in another form than all others."""
    problem = json.loads(answer.body) if answer.headers.get("content-type") == "application/problem+json" else {}
    at = f"\nseed {SEED}, {N_EXAMPLES} examples\n{wire}\n{answer.status} {answer.body[:500]!r}"
    assert answer.status != 500, at
    assert problem.get("code") != "internal", at
    assert answer.status < 400 or problem.get("code"), at


def wires(operation: APIOperation, params: dict[str, str], body: Any) -> list[Wire]:
    """The requests to try: the valid one with single fields exchanged, generated ones to things there and not there."""
    made = []
    for mode in GenerationMode:
        for known in ({}, params) if params else ({},):
            for case in examples(operation, mode, known):
                made.append(wire_of(case.as_transport_kwargs(base_url="http://localhost")))
                if isinstance(body, dict) and isinstance(case.body, dict):
                    path = operation.path.format(**params)
                    made += [with_body(made[-1], path, {**body, name: case.body[name]}) for name in case.body]
    return [one for one in made if is_sendable(one)]


def examples(operation: APIOperation, mode: GenerationMode, params: dict[str, str]) -> list[schemathesis.Case]:
    """Cases of one kind, the same on every run."""
    found: list[schemathesis.Case] = []
    fixed = {"path_parameters": params} if params else {}
    try:
        strategy = operation.as_strategy(generation_mode=mode, **fixed)
        collect = hypothesis.given(strategy)(lambda case: found.append(case))  # noqa: PLW0108  it needs a function
        collect = hypothesis.seed(SEED)(collect)
        hypothesis.settings(
            max_examples=N_EXAMPLES,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )(collect)()
    except (hypothesis.errors.Unsatisfiable, schemathesis.errors.SchemathesisError):
        assert mode is GenerationMode.NEGATIVE, "there is no right request"  # where nothing is asked, nothing is wrong
    return found


def wire_of(sent: dict[str, Any]) -> Wire:
    """The request as it would leave a client."""
    known = {
        name: sent[name] for name in ("method", "url", "headers", "params", "data", "json", "files") if name in sent
    }
    known["headers"] = {name: value for name, value in (known.get("headers") or {}).items() if name.lower() not in OWN}
    known["params"] = urlencode(known.get("params") or {}, doseq=True, errors="surrogatepass")
    prepared = Sent(**known).prepare()
    address, _, query = (prepared.url or "").removeprefix("http://localhost").partition("?")
    body = prepared.body or b""
    headers = {
        as_text(name).lower(): as_text(value) for name, value in prepared.headers.items() if name.lower() not in OWN
    }
    return Wire(
        prepared.method or "",
        unquote(address, errors="replace"),
        query.encode(),
        headers,
        body.encode() if isinstance(body, str) else body,
    )


def with_body(wire: Wire, path: str, body: Any) -> Wire:
    """A request to a thing that is there, with another body."""
    content = json.dumps(body).encode()
    return Wire(wire.method, path, b"", {"content-type": "application/json"}, content)


def is_sendable(wire: Wire) -> bool:
    """A header with a line break never reaches an application: the server's parser refuses it."""
    try:
        for name, value in wire.headers.items():
            name.encode("latin-1"), value.encode("latin-1")
    except UnicodeError:
        return False
    return not any(mark in text for pair in wire.headers.items() for text in pair for mark in "\r\n\0")


def as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@cache
def operations(app: Any) -> list[APIOperation]:
    """Every operation of the document."""
    document = schemathesis.openapi.from_dict(app.openapi())
    return [one.ok() for one in document.get_all_operations()]


async def credentials(world: World, person: Person, path: str) -> dict[str, str]:
    """What the person signs in with: a key, or a browser's session for what no key may do."""
    if not path.startswith(BROWSER_ONLY):
        return {"authorization": f"Bearer {person.key}"}
    cookies, token = await browser_session(world.engine, person)
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "x-csrf-token": token}

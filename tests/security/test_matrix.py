"""SEC-1: every registered route × every role × own tenant, other tenant, nobody's × its method."""

import json
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute, APIRouter
from starlette.routing import Mount, Route

from karat.api.app import ROUTERS
from karat.kit import Role
from tests.security.asgi import call
from tests.security.matrix import MATRIX
from tests.security.scene import Request, Scene
from tests.security.snapshot import fingerprint
from tests.support.world import Person

pytestmark = pytest.mark.requirement("SEC-1")
GUARDED = [route for route, roles in MATRIX.items() if roles is not None]
WITH_ID = [(method, path) for method, path in GUARDED if "{" in path]
STREAM = "/api/projects/{project_id}/events"
# A download is written down: the record of who took what is the one thing that reading adds to.
TELLS = {
    ("GET", "/api/archives/{archive_id}/file"): {"audit_entry"},
    ("GET", "/api/exports/{export_id}/file"): {"audit_entry"},
}


def registered(app: Any) -> set[tuple[str, str]]:
    """Every method and path of the application, read from the routers that it was made of."""
    found: set[tuple[str, str]] = set()
    included: list[APIRouter] = []
    for route in app.routes:
        if isinstance(route, APIRoute | Route):
            found |= {(method, route.path) for method in route.methods or ()}
        elif isinstance(route, Mount):
            assert route.path == "/assets", "a mounted application needs rows of its own"
        else:
            included.append(route.original_router)
    assert {id(one) for one in included} <= {id(one) for one in ROUTERS}
    for router in included:
        for route in router.routes:
            assert isinstance(route, APIRoute), "a route of another kind needs rows of its own"
            found |= {(method, route.path) for method in route.methods}
    return found


async def send(app: Any, person: Person | None, method: str, path: str, one: Request) -> tuple[int, dict[str, Any]]:
    """The status of the answer, and the problem if it is one."""
    path = path.format(**one.params)
    if path.endswith("/events"):
        headers = {"authorization": f"Bearer {person.key}"} if person else {}
        return (await call(app, method, path, headers=headers)).status, {}
    if person is None:
        transport = await anonymous(app, method, path, one)
        response = transport
    else:
        response = await person.call(method, path, **one.sent)
    is_problem = response.headers.get("content-type") == "application/problem+json" and response.content
    return response.status_code, response.json() if is_problem else {}


async def anonymous(app: Any, method: str, path: str, one: Request) -> Any:
    """The answer to somebody without a key."""
    import httpx

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        return await client.request(method, path, **one.sent)


def elsewhere(one: Request, ids: dict[str, str]) -> Request:
    """The same request for other ids."""
    return Request({name: ids[name] for name in one.params}, one.sent)


def nobodys(one: Request) -> Request:
    """The same request for ids that do not exist."""
    return Request({name: "7" if name == "position" else str(uuid4()) for name in one.params}, one.sent)


def test_every_registered_route_is_in_the_table_and_every_line_of_the_table_is_a_route(app: Any) -> None:
    assert registered(app) == set(MATRIX)


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_a_route_lets_exactly_the_listed_roles_in(
    app: Any, scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    ours, theirs = scenes
    roles = MATRIX[method, path] or frozenset()
    outcome = {}
    for role in roles:
        person = ours.world.people[role]
        one = await ours.request(method, path, person)
        before = await fingerprint(ours, but=TELLS.get((method, path), ()))
        status, problem = await send(app, person, method, path, one)
        outcome[role] = status, problem.get("code")
        if method == "GET":
            assert await fingerprint(ours, but=TELLS.get((method, path), ())) == before, "a GET has changed something"
    assert {role: one for role, one in outcome.items() if not 200 <= one[0] < 300} == {}

    one = await ours.request(method, path, ours.world.owner)
    before = await fingerprint(ours), await fingerprint(theirs)
    refused = {}
    for role in set(Role) - roles:
        for variant in (
            one,
            elsewhere(one, theirs.ids),
            nobodys(one),
        ):  # what is refused tells nothing about what is there
            status, problem = await send(app, ours.world.people[role], method, path, variant)
            is_mute = path == STREAM or method == "HEAD"
            refused[role, str(variant.params)] = status, "access.not_allowed" if is_mute else problem.get("code")
    assert set(refused.values()) <= {(403, "access.not_allowed")}, refused
    for variant in (one, elsewhere(one, theirs.ids), nobodys(one)):
        assert (await send(app, None, method, path, variant))[0] == 401
    assert (await fingerprint(ours), await fingerprint(theirs)) == before, "a refused request has written something"


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_a_stranger_learns_nothing_from_a_malformed_request(
    app: Any, scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    ids = scenes[0].ids
    json_type = {"content-type": "application/json"}
    for params in (ids, dict.fromkeys(ids, "no-id"), dict.fromkeys(ids, str(uuid4()))):
        for query in (b"", b"limit=x&cursor=%00&subject_id=x&q=" + b"x" * 300 + b"&filename=" + b"x" * 400):
            for body in (b"", b"{", b"[]", b'{"a": "\xff"}', b'{"extra": 1}'):
                for headers in ({}, json_type, {**json_type, "idempotency-key": ""}):
                    wrong = await call(app, method, path.format(**params), headers=headers, query=query, body=body)
                    assert (wrong.status, wrong.headers["content-type"]) == (401, "application/problem+json")
                    assert json.loads(wrong.body)["code"] == "access.unauthenticated"


async def test_an_upload_to_another_tenants_dataset_is_not_found_before_its_query_is_judged(
    scenes: tuple[Scene, Scene],
) -> None:
    ours, theirs = scenes
    path = f"/api/datasets/{theirs.ids['dataset_id']}/imports"
    assert (await ours.world.owner.call("POST", path)).json()["code"] == "dataset.not_found"
    assert (await ours.world.annotator.call("POST", path)).json()["code"] == "access.not_allowed"
    own = await ours.world.owner.call("POST", f"/api/datasets/{ours.ids['dataset_id']}/imports")
    assert [fault["where"] for fault in own.json()["faults"]] == ["query.filename"]


@pytest.mark.parametrize(("method", "path"), WITH_ID)
async def test_what_another_tenant_has_is_not_there_and_stays_untouched(
    app: Any, scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    ours, theirs = scenes
    for role in MATRIX[method, path] or ():
        person = ours.world.people[role]
        one = await ours.request(method, path, person)
        before = await fingerprint(ours), await fingerprint(theirs)
        foreign = await send(app, person, method, path, elsewhere(one, theirs.ids))
        unknown = await send(app, person, method, path, nobodys(one))
        assert (foreign[0], unknown[0]) == (404, 404), role
        assert _shape(foreign[1]) == _shape(unknown[1]), "the answer tells that there is something"
        assert (await fingerprint(ours), await fingerprint(theirs)) == before, f"{role} has written something"


@pytest.mark.parametrize(("method", "path"), WITH_ID)
async def test_an_id_that_is_none_is_a_fault_with_its_place(
    scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    ours, _ = scenes
    one = await ours.request(method, path, ours.world.owner)
    for hostile in ("1", "not-an-id", "%00", "..%2f..%2fetc%2fpasswd", "<script>alert(1)</script>", "é" * 200):
        if path == STREAM:
            continue
        response = await ours.world.owner.call(method, path.format(**dict.fromkeys(one.params, hostile)), **one.sent)
        assert response.status_code in {404, 422}, hostile  # 404: a slash makes it another path
        assert response.headers["content-type"] == "application/problem+json"
        if response.status_code == 422 and method != "HEAD":
            assert response.json()["faults"][0]["where"] == f"path.{next(iter(one.params))}"


async def test_ids_of_another_tenant_inside_a_body_are_not_there_either(scenes: tuple[Scene, Scene]) -> None:
    ours, theirs = scenes
    owner = ours.world.owner
    one = await ours.request("POST", "/api/projects", owner)
    body = one.sent["json"] | {"dataset_id": theirs.ids["dataset_id"]}
    assert (await owner.call("POST", "/api/projects", json=body)).json()["code"] == "dataset.not_found"

    one = await ours.request("POST", "/api/assignments/{assignment_id}/submission", owner)
    body = one.sent["json"] | {"ontology_version_id": theirs.project["ontology"]["id"]}
    path = f"/api/assignments/{one.params['assignment_id']}/submission"
    assert (await owner.call("POST", path, json=body)).json()["code"] == "ontology.stale"

    jobs = await owner.get("/api/jobs", params={"subject_id": theirs.ids["import_id"]})
    assert jobs["items"] == []
    known = {"count": 1, "known": [theirs.ids["assignment_id"]]}
    assert await owner.post(f"/api/projects/{ours.ids['project_id']}/next", known)


def _shape(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem without the ids that the request itself named."""
    return {name: value for name, value in problem.items() if not name.endswith("_id")} | {"fields": sorted(problem)}

"""What comes in a body is taken field by field: nothing extra (security.md, row 28), nothing that breaks the server."""

from typing import Any

import pytest

from tests.security.matrix import MATRIX
from tests.security.scene import Scene
from tests.security.snapshot import fingerprint

WITHOUT_JSON = (
    "/cancel",
    "/imports",
    "/prediction-imports",
    "{model_id}/versions",
    "/release",
    "/renew",
    "/withdraw",
    "/retry",
    "}/test",
    "/me/passkey-options",
    "/me/authenticator",
    "/recovery-codes",
    "{group_id}/members/{user_id}",
    "/files/{position}",
    "/complete",
    "/start",
    "/archives",
    "/project-imports",
)
WRITING = [
    (method, path)
    for (method, path), roles in MATRIX.items()
    if method in {"POST", "PUT", "PATCH"} and roles is not None and not path.endswith(WITHOUT_JSON)
]
PRIVILEGED = {
    "tenant_id": "0" * 32,
    "role": "owner",
    "user_id": "0" * 32,
    "id": "0" * 32,
    "is_admin": True,
    "state": "done",
}
# Free text goes through the whole way: JSON, PostgreSQL's text and jsonb, the record, the answer.
HOSTILE = ["a\0b", "\u202e\u2066", "😀" * 20, "'; DROP TABLE task; --", "{{7*7}}${7*7}", "<img src=x onerror=alert(1)>"]
NUMBERS = [2**31, 2**63, 2**64, -1, 1e308, 10**400]


async def body_of(scene: Scene, method: str, path: str) -> tuple[str, dict[str, Any]]:
    one = await scene.request(method, path, scene.world.owner)
    return path.format(**one.params), one.sent


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, outer ones first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, child in inner for place in places(child, (*at, key)))]


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """The value with something else at one place."""
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = put(copy[at[0]], at[1:], new)
    return copy


def look(value: Any, at: tuple[Any, ...]) -> Any:
    for key in at:
        value = value[key]
    return value


@pytest.mark.parametrize(("method", "path"), WRITING)
async def test_a_field_that_a_route_does_not_know_is_refused_at_every_depth(
    scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    url, sent = await body_of(scenes[0], method, path)
    body = sent["json"]
    before = await fingerprint(scenes[0])
    for place in places(body):
        inside = look(body, place)
        if not isinstance(inside, dict) or (path.endswith("/draft") and place[-1:] == ("payload",)):
            continue  # a draft may hold anything; it is judged when it is handed in
        for name, value in PRIVILEGED.items():
            if name in inside or (path == "/api/keys" and name == "role") or (method == "PATCH" and name == "state"):
                continue
            response = await scenes[0].world.owner.call(method, url, json=put(body, place, {**inside, name: value}))
            assert response.status_code == 422, (place, name, response.text)
    assert await fingerprint(scenes[0]) == before


@pytest.mark.parametrize(("method", "path"), WRITING)
async def test_no_text_and_no_number_in_a_body_breaks_the_server(
    scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    url, sent = await body_of(scenes[0], method, path)
    body = sent["json"]
    for place in places(body):
        inside = look(body, place)
        for new in HOSTILE if isinstance(inside, str) else NUMBERS if isinstance(inside, int | float) else ():
            response = await scenes[0].world.owner.call(method, url, json=put(body, place, new))
            assert response.status_code < 500, (place, new, response.text)
            assert response.status_code < 300 or response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("value", ["%00", "%FF", "a%00b", "%ED%A0%80", "%F0%9F%98%80", "'", '"', "\\", "%25", "_"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/datasets/{dataset_id}/assets?q=",
        "/api/projects/{project_id}/tasks?label=",
        "/api/projects/{project_id}/tasks?stage=",
        "/api/jobs?subject_id=",
        "/api/datasets?cursor=",
    ],
)
async def test_no_query_breaks_the_server(scenes: tuple[Scene, Scene], path: str, value: str) -> None:
    response = await scenes[0].world.owner.call("GET", path.format(**scenes[0].ids) + value)
    assert response.status_code in {200, 422}, response.text


@pytest.mark.parametrize(
    "filename", ["%00.csv", "a%0D%0AX-Evil:1.csv", "%20", "..%2f..%2fx.csv", "%E2%80%AEgnp.csv", "a" * 301]
)
async def test_no_file_name_breaks_the_server_or_leaves_its_folder(scenes: tuple[Scene, Scene], filename: str) -> None:
    path = f"/api/datasets/{scenes[0].ids['dataset_id']}/imports?filename={filename}"
    response = await scenes[0].world.owner.call("POST", path, content=b"id,text\n1,a\n")
    assert response.status_code in {202, 422}, response.text


async def test_text_that_looks_like_a_program_comes_back_as_it_went_in(scenes: tuple[Scene, Scene]) -> None:
    for name in HOSTILE[1:]:
        made = await scenes[0].world.owner.post("/api/datasets", {"name": name, "modality": "text"})
        assert (await scenes[0].world.owner.get(f"/api/datasets/{made['id']}"))["name"] == name

"""Headers on every answer, error pages that are inert, and paths that lead nowhere."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from karat.api import web
from karat.kit import utc_now
from karat.storage.links import link_expiry, sign_media
from tests.security.asgi import call
from tests.security.matrix import MATRIX
from tests.security.scene import Scene
from tests.security.test_matrix import nobodys
from tests.support.world import World

SCRIPT = '<script>alert(1)</script><svg onload="alert(1)">'
CLIMBS = (
    "../{}",
    "..%2f{}",
    "%2e%2e/{}",
    "%2e%2e%2f{}",
    "..%252f{}",
    "....//{}",
    "..\\{}",
    "..%5c{}",
    "%c0%ae%c0%ae/{}",
    "./../{}",
    "x/../../{}",
    "{}%00.js",
    "//{}",
    "/../../../../../../../..{}",
)
# security.md, row 2: an alias without its slash
ROOTS = ("/", "/assets/", "/assets..", "/assets../", "/media/", "/media..", "/errors/", "/api/")


@pytest.mark.parametrize(("method", "path"), list(MATRIX))
async def test_every_answer_carries_the_headers_that_keep_it_harmless(
    app: Any, scenes: tuple[Scene, Scene], method: str, path: str
) -> None:
    one = await scenes[0].request(method, path, scenes[0].world.owner)
    for variant in (one, nobodys(one)):
        answer = await call(
            app,
            method,
            path.format(**variant.params),
            headers={"authorization": f"Bearer {scenes[0].world.owner.key}", "content-type": "application/json"},
            body=json.dumps(one.sent.get("json", {})).encode(),
            query=b"filename=a.csv",
        )
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy or "sandbox" in policy
        assert "unsafe-eval" not in policy
        assert "script-src" not in policy  # so that default-src rules: own files only
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy-report-only" not in answer.headers
        assert not any(name.startswith("access-control-") for name in answer.headers)
        assert answer.status != 500
        if path.startswith("/api/"):
            assert answer.headers["cache-control"] == "no-store"
            inert = ("application/json", "application/problem+json", "text/event-stream", "text/csv", "text/plain")
            has_no_body = answer.status in {204, 304} or method == "HEAD"
            assert has_no_body or answer.headers["content-type"].startswith((*inert, "application/zip"))


@pytest.mark.parametrize(
    "path", sorted({path for _, path in MATRIX if "{" in path} | {"/api/nothing/{x}", "/errors/{x}"})
)
async def test_an_error_page_never_shows_what_was_asked_for_as_a_page(world: World, path: str) -> None:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E"
    response = await world.owner.call(
        "GET", path.format(**dict.fromkeys(names, hostile)) + f"?q={hostile}&cursor={hostile}"
    )
    assert response.status_code in {404, 405, 422}
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("method", "headers"), [("OPTIONS", {"Access-Control-Request-Method": "POST"}), ("GET", {}), ("POST", {})]
)
async def test_no_other_origin_is_let_in(world: World, method: str, headers: dict[str, str]) -> None:
    headers = {"Origin": "http://evil.example", **headers}
    response = await world.owner.call(method, "/api/datasets", headers=headers, json={"name": "A", "modality": "text"})
    assert not any(name.startswith("access-control-") for name in response.headers)


@pytest.mark.parametrize("root", ROOTS)
async def test_no_path_leads_out_of_the_served_folders(app: Any, engine: Any, root: str) -> None:
    secret = engine.settings.data_dir / "secret.key"
    inside = {one.read_bytes() for one in web.STATIC.rglob("*") if one.is_file()} if web.STATIC.is_dir() else set()
    for climb in CLIMBS:
        for target in ("etc/passwd", "pyproject.toml", "api/app.py", "config.py", str(secret)):
            wire = root + climb.format(target)
            answer = await call(app, "GET", unquote(wire), raw_path=wire.encode())
            assert answer.status in {200, 404, 503}, wire
            assert b"root:" not in answer.body
            assert b"[project]" not in answer.body
            assert b"import " not in answer.body[:200] or answer.headers["content-type"].startswith("text/javascript")
            if answer.status == 200:
                assert answer.body in inside or answer.headers["content-type"].startswith("text/html"), wire


def test_the_files_of_the_web_app_hold_no_link_out_of_their_folder() -> None:
    links = [one for one in web.STATIC.rglob("*") if one.is_symlink()] if web.STATIC.is_dir() else []
    assert links == []


@pytest.mark.parametrize(
    "media_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf"]
)
async def test_what_could_be_a_program_is_sent_as_a_file_without_a_type(world: World, media_type: str) -> None:
    blob = (await world.engine.storage.put_many(world.tenant_id, [SCRIPT.encode()]))[0]
    path = sign_media(
        world.engine.media_key,
        tenant_id=world.tenant_id,
        user_id=world.owner.caller.user_id,
        sha256=blob.sha256,
        media_type=media_type,
        expires_at=link_expiry(utc_now()),
    )
    response = await world.http.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_media_link_of_one_tenant_cannot_be_turned_into_one_of_another(scenes: tuple[Scene, Scene]) -> None:
    ours, theirs = scenes
    blob = (await theirs.world.engine.storage.put_many(theirs.world.tenant_id, [uuid4().bytes]))[0]
    path = sign_media(
        ours.world.engine.media_key,
        tenant_id=ours.world.tenant_id,
        user_id=ours.world.owner.caller.user_id,
        sha256=blob.sha256,
        media_type="image/png",
        expires_at=link_expiry(utc_now()),
    )
    assert (await ours.world.http.get(path)).status_code == 404  # signed for us, and we have no such medium
    for at in range(len("/media/"), len(path), 7):
        changed = path[:at] + ("A" if path[at] != "A" else "B") + path[at + 1 :]
        assert (await ours.world.http.get(changed)).status_code == 404


async def test_a_stream_of_another_tenants_project_never_begins(app: Any, scenes: tuple[Scene, Scene]) -> None:
    ours, theirs = scenes
    path = f"/api/projects/{theirs.ids['project_id']}/events"
    answer = await call(app, "GET", path, headers={"authorization": f"Bearer {ours.world.owner.key}"})
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def test_no_source_file_of_the_web_app_is_served() -> None:
    assert not any(Path(one).suffix in {".py", ".ts", ".tsx", ".map", ".env"} for one in web.STATIC.rglob("*"))

"""Uploads in parts: cut off anywhere and gone on with, nobody else's business, and read as a folder would be."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from karat.api.engine import uploads_in
from karat.kit import Role
from tests.datasets.test_ingest import bring, counts, dataset, names, outcome, png, zipped
from tests.security.asgi import call
from tests.support.world import World


async def begin(world: World, files: dict[str, bytes], modality: str = "image") -> dict[str, Any]:
    announced = [{"name": name, "size": len(content)} for name, content in files.items()]
    body = {"dataset_id": await dataset(world, modality), "name": "Photos", "files": announced}
    return dict(await world.owner.post("/api/uploads", body))


async def send(world: World, upload: dict[str, Any], position: int, content: bytes, offset: int = 0) -> httpx.Response:
    path = f"/api/uploads/{upload['id']}/files/{position}"
    return await world.owner.call("PUT", path, params={"offset": offset}, content=content)


async def uploaded(
    world: World, files: dict[str, bytes], modality: str = "image"
) -> tuple[dict[str, Any], dict[str, str]]:
    upload = await begin(world, files, modality)
    for position, content in enumerate(files.values()):
        if content:
            assert (await send(world, upload, position, content)).status_code == 200
    started = await world.owner.post(f"/api/uploads/{upload['id']}/complete")
    await world.drain()
    return await outcome(world, started)


def folder_of(world: World, upload: dict[str, Any]) -> Path:
    return world.engine.settings.data_dir / "uploads" / str(world.tenant_id) / upload["id"]


async def test_a_folder_of_files_comes_in_under_its_names_and_leaves_nothing_behind(world: World) -> None:
    files = {"photos/a.png": png(1), "photos/deep/b.png": png(2), "photos/.DS_Store": b"x", "photos/empty.png": b""}
    found, faults = await uploaded(world, files)
    assert counts(found) == ("done", 2, 0, 1)
    assert faults == {"file photos/empty.png": "file.empty"}
    assert await names(world, found["dataset_id"]) == ["photos/a.png", "photos/deep/b.png"]
    assert not list((world.engine.settings.data_dir / "uploads" / str(world.tenant_id)).iterdir())


async def test_an_upload_that_is_cut_off_at_sixty_per_cent_goes_on_there_and_nothing_is_lost(world: World) -> None:
    content = zipped({f"{at}.png": png(at) for at in range(50)})
    cut = len(content) * 6 // 10
    upload = await begin(world, {"all.zip": content})
    path = f"/api/uploads/{upload['id']}/files/0"
    transport = world.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    headers = {"authorization": f"Bearer {world.owner.key}"}
    broken = await call(transport.app, "PUT", path, headers=headers, body=content[:cut], breaks_off=True)
    assert broken.status >= 400
    head = await world.owner.call("HEAD", path)
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == (str(cut), str(len(content)))
    assert (await world.owner.get(f"/api/uploads/{upload['id']}"))["n_received"] == cut
    incomplete = await world.owner.call("POST", f"/api/uploads/{upload['id']}/complete")
    assert (incomplete.status_code, incomplete.json()["code"]) == (409, "upload.incomplete")
    assert incomplete.json()["missing"] == [{"position": 0, "name": "all.zip"}]
    again = await send(world, upload, 0, content)
    assert (again.status_code, again.json()["code"], again.json()["offset"]) == (409, "upload.offset_wrong", cut)
    assert (await send(world, upload, 0, content[cut:], cut)).json()["offset"] == len(content)
    started = await world.owner.post(f"/api/uploads/{upload['id']}/complete")
    twice = await world.owner.post(f"/api/uploads/{upload['id']}/complete")
    assert twice["id"] == started["id"]
    await world.drain()
    assert counts((await outcome(world, started))[0]) == ("done", 50, 0, 0)


async def test_an_upload_goes_on_without_the_files_that_never_came(world: World) -> None:
    upload = await begin(world, {"a.png": png(1), "gone.png": png(2), "half.png": png(3), "d.png": png(4)})
    path = f"/api/uploads/{upload['id']}/complete"
    nothing = await world.owner.call("POST", f"{path}?without_missing=true")
    assert (nothing.status_code, nothing.json()["n_missing"]) == (409, 4)
    await send(world, upload, 0, png(1))
    await send(world, upload, 2, png(3)[:9])
    await send(world, upload, 3, png(4))
    started = await world.owner.post(f"{path}?without_missing=true")
    await world.drain()
    assert counts((await outcome(world, started))[0]) == ("done", 2, 0, 0)
    assert await names(world, started["dataset_id"]) == ["a.png", "d.png"]


async def test_more_than_was_announced_is_refused_and_what_fits_stays(world: World) -> None:
    upload = await begin(world, {"a.png": png(1)})
    refused = await send(world, upload, 0, png(1) + b"more")
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert (await send(world, upload, 0, png(1))).status_code == 200


async def test_two_senders_of_one_file_do_not_mix(world: World) -> None:
    content = bytes(range(256)) * 8192
    upload = await begin(world, {"a.bin": content})
    gate = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield content[: 1 << 20]
        await gate.wait()
        yield content[1 << 20 :]

    first = asyncio.create_task(uploading_part(world, upload, slowly()))
    while not (folder_of(world, upload) / "0").exists():
        await asyncio.sleep(0.01)
    second = await send(world, upload, 0, content)
    gate.set()
    assert (second.status_code, second.json()["code"], second.json()["retryable"]) == (409, "upload.busy", True)
    assert await first == len(content)
    assert (folder_of(world, upload) / "0").read_bytes() == content


async def uploading_part(world: World, upload: dict[str, Any], chunks: AsyncIterator[bytes]) -> int:
    from karat.datasets.uploading import take_part

    parts = uploads_in(world.engine.settings, world.engine.storage).parts
    caller, database = world.owner.caller, world.engine.database
    return (await take_part(database, caller, parts, UUID(upload["id"]), 0, 0, chunks)).offset


async def test_what_cannot_be_taken_is_told_before_anything_is_sent(world: World) -> None:
    body = {
        "dataset_id": await dataset(world, "image"),
        "name": "Photos",
        "files": [{"name": "good.png", "size": 1}, {"name": "a\nb.png", "size": 1}, {"name": "big", "size": 2**45}],
    }
    refused = await world.owner.call("POST", "/api/uploads", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "upload.files_invalid")
    assert [fault["code"] for fault in refused.json()["faults"]] == ["file.name", "file.too_large"]
    assert refused.json()["refused"] == [1, 2]
    many = {**body, "files": [{"name": f"{at}\n.png", "size": 1} for at in range(30)]}
    refused = await world.owner.call("POST", "/api/uploads", json=many)
    assert (len(refused.json()["faults"]), refused.json()["refused"]) == (20, list(range(30)))


async def test_a_hostile_name_never_becomes_a_path(world: World) -> None:
    upload = await begin(world, {"../../../../tmp/evil.png": png(1), "/etc/passwd": png(2)})
    for position, shade in enumerate((1, 2)):
        await send(world, upload, position, png(shade))
    assert sorted(one.name for one in folder_of(world, upload).iterdir()) == ["0", "1"]


async def test_only_who_began_an_upload_finds_it(world: World) -> None:
    upload = await begin(world, {"a.png": png(1)})
    assert UUID(upload["id"]).version == 4, "an id that begins with the time could be guessed at"
    other = await world.another(Role.MANAGER)
    assert [one["id"] for one in (await world.owner.get("/api/uploads"))["items"]] == [upload["id"]]
    assert (await other.get("/api/uploads"))["items"] == []
    path = f"/api/uploads/{upload['id']}"
    for method, where in (("GET", path), ("PUT", f"{path}/files/0"), ("POST", f"{path}/complete"), ("DELETE", path)):
        assert (await other.call(method, where)).json()["code"] == "upload.not_found"


async def test_an_abandoned_upload_goes_after_a_day_and_one_that_goes_on_does_not(world: World) -> None:
    old, young = await begin(world, {"a.png": png(1)}), await begin(world, {"b.png": png(2)})
    for upload in (old, young):
        await send(world, upload, 0, png(1)[:10])
    async with world.engine.database.transaction(world.tenant_id) as db:
        sql = "UPDATE upload SET touched_at = now() - interval '25 hours' WHERE id = $1"
        await db.execute(sql, UUID(old["id"]))
        await uploads_in(world.engine.settings, world.engine.storage).clear(db)
    assert not folder_of(world, old).exists()
    assert (await world.owner.call("GET", f"/api/uploads/{old['id']}")).status_code == 404
    assert (await world.owner.get(f"/api/uploads/{young['id']}"))["n_received"] == 10
    assert (await world.owner.call("DELETE", f"/api/uploads/{young['id']}")).status_code == 204
    assert not folder_of(world, young).exists()


async def test_more_files_can_be_announced_and_are_listed_with_how_far_they_are(world: World) -> None:
    upload = await begin(world, {"a.png": png(1)})
    more = await world.owner.post(f"/api/uploads/{upload['id']}/files", {"files": [{"name": "b.png", "size": 5}]})
    assert (more["n_files"], more["n_bytes"]) == (2, len(png(1)) + 5)
    await send(world, upload, 1, b"123")
    page = await world.owner.get(f"/api/uploads/{upload['id']}/files", params={"limit": 1})
    rest = await world.owner.get(f"/api/uploads/{upload['id']}/files", params={"cursor": page["next_cursor"]})
    assert [(one["position"], one["offset"]) for one in page["items"] + rest["items"]] == [(0, 0), (1, 3)]


async def test_a_manifest_among_the_files_names_the_others(world: World) -> None:
    rows = "image,id,place\nimg/a.png,1,north\nimg/none.png,2,\n"
    files = {"set/manifest.csv": rows.encode(), "set/img/a.png": png(1), "set/img/extra.png": png(2)}
    found, faults = await uploaded(world, files)
    assert counts(found) == ("done", 1, 0, 2)
    assert faults == {"row 3": "row.no_such_file", "manifest": "manifest.files_left"}
    (asset,) = (await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets"))["items"]
    assert (asset["external_id"], asset["metadata"]) == ("1", {"place": "north"})


async def test_a_zip_with_a_manifest_is_read_by_its_rows(world: World) -> None:
    rows = [
        {"id": "1", "image": "a.png", "kind": {"deep": 1}},
        {"id": "2", "image": "../a.png"},
        {"id": "1", "image": "b.png"},
    ]
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    found, faults = await bring(
        world, "image", "x.zip", zipped({"manifest.jsonl": lines, "a.png": png(1), "b.png": png(2)})
    )
    assert counts(found)[1] == 1
    assert faults == {"line 2": "row.no_such_file", "line 3": "row.repeated_id", "manifest": "manifest.files_left"}

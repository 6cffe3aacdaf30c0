"""Imports from buckets: copied or left in place, through outages and replacements, never the wrong bytes."""

import asyncio
import hashlib
import io
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.datasets import ingest
from karat.datasets.ingest import Ingest
from karat.jobs import Run
from karat.storage import JointStorage
from tests.datasets.test_ingest import counts, dataset, names, outcome, png
from tests.datasets.test_uploads import kept
from tests.storage.buckets import SECRET, Rclone, connection, moto, rclone
from tests.support.world import World


async def connected(world: World, endpoint: str, **changes: Any) -> str:
    return str((await world.owner.post("/api/connections", connection(endpoint, **changes)))["id"])


async def begin(world: World, dataset_id: str, connection_id: str, **wanted: Any) -> dict[str, Any]:
    path = f"/api/datasets/{dataset_id}/bucket-imports"
    return dict(await world.owner.post(path, {"connection_id": connection_id, **wanted}))


async def bring(
    world: World, bucket: Rclone, modality: str = "image", **wanted: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    started = await begin(world, await dataset(world, modality), await connected(world, bucket.endpoint), **wanted)
    await world.drain()
    return await outcome(world, started)


async def assets(world: World, dataset_id: str) -> list[dict[str, Any]]:
    return list((await world.owner.get(f"/api/datasets/{dataset_id}/assets", params={"limit": 500}))["items"])


@pytest.mark.parametrize("mode", ["copy", "reference"])
async def test_pictures_of_a_bucket_come_in_and_are_shown(open_world: World, bucket: Rclone, mode: str) -> None:
    for shade in range(5):
        bucket.put("pictures", f"a/{shade}.png", png(shade))
    bucket.put("pictures", "a/again.png", png(0))
    bucket.put("pictures", "a/page.png", b"<!doctype html><script>1</script>")
    bucket.put("pictures", "a/.hidden.png", png(90))
    found, faults = await bring(open_world, bucket, mode=mode)
    assert counts(found) == ("done", 5, 1, 1)
    assert (found["source"], found["mode"]) == ("bucket", mode)
    assert faults == {"object a/page.png": "image.markup"}
    assert len(kept(open_world)) == (5 if mode == "copy" else 0)
    one = next(one for one in await assets(open_world, found["dataset_id"]) if one["external_id"] == "a/3.png")
    shown = await open_world.http.get(one["media"]["url"])
    assert (shown.status_code, shown.content) == (200, png(3))
    part = await open_world.http.get(one["media"]["url"], headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    small = await open_world.http.get(one["media"]["thumbnail_url"])
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")


async def test_prefix_and_patterns_choose_among_the_keys(open_world: World, bucket: Rclone) -> None:
    for at, key in enumerate(["2025/a.png", "2026/a.JPG", "2026/deep/b.png", "2026/notes.txt", "2026x/c.png", "d.png"]):
        bucket.put("pictures", key, png(at))
    connection_id = await connected(open_world, bucket.endpoint)

    async def chosen(**wanted: Any) -> list[str]:
        started = await begin(open_world, await dataset(open_world, "image"), connection_id, **wanted)
        await open_world.drain()
        return await names(open_world, started["dataset_id"])

    assert await chosen(prefix="2026/", patterns=["*.jpg", "*.png"]) == ["2026/a.JPG", "2026/deep/b.png"]
    assert await chosen(prefix="2026", patterns=["*.png"]) == ["2026/deep/b.png", "2026x/c.png"]
    assert await chosen(patterns=["*/?.png"]) == ["2025/a.png", "2026x/c.png"]
    assert await chosen(patterns=["**/*.png"]) == ["2025/a.png", "2026/deep/b.png", "2026x/c.png", "d.png"]
    started = await begin(open_world, await dataset(open_world, "image"), connection_id, prefix="nothing/")
    await open_world.drain()
    assert list((await outcome(open_world, started))[1].values()) == ["bucket.nothing_found"]


async def test_a_connection_never_reads_outside_its_prefix(open_world: World, bucket: Rclone) -> None:
    bucket.put("pictures", "ours/a.png", png(1))
    bucket.put("pictures", "theirs/b.png", png(2))
    connection_id = await connected(open_world, bucket.endpoint, prefix="ours/")
    rows = b'{"key": "../theirs/b.png"}\n{"key": "s3://pictures/theirs/b.png"}\n{"key": "s3://other/b.png"}\n{"key": "a.png"}\n'
    bucket.put("pictures", "ours/manifest.jsonl", rows)
    dataset_id = await dataset(open_world, "image")
    started = await begin(open_world, dataset_id, connection_id, manifest="manifest.jsonl")
    await open_world.drain()
    _, faults = await outcome(open_world, started)
    assert await names(open_world, dataset_id) == ["ours/a.png"]
    assert list(faults.values()) == ["row.unsafe_path", "row.unsafe_path", "row.other_bucket"]
    for wanted in ({"prefix": "../theirs/"}, {"manifest": "../theirs/b.png"}, {"prefix": "a//b"}):
        path = f"/api/datasets/{dataset_id}/bucket-imports"
        refused = await open_world.owner.call("POST", path, json={"connection_id": connection_id, **wanted})
        assert (refused.status_code, refused.json()["code"]) == (422, "import.prefix_invalid")


async def test_an_object_that_was_replaced_is_told_and_never_shown_under_the_old_hash(
    open_world: World, bucket: Rclone
) -> None:
    bucket.put("pictures", "a.png", png(1))
    bucket.put("pictures", "b.png", png(2))
    found, _ = await bring(open_world, bucket, mode="reference")
    bucket.put("pictures", "a.png", png(7))
    (bucket.root / "pictures" / "b.png").unlink()
    answers = {}
    for one in await assets(open_world, found["dataset_id"]):
        response = await open_world.http.get(one["media"]["url"])
        part = await open_world.http.get(one["media"]["url"], headers={"Range": "bytes=0-3"})
        answers[one["external_id"]] = response.status_code, response.json()["code"], part.json()["code"]
        assert response.headers["cache-control"] == "no-store", "it may be put back in a moment"
    assert answers == {
        "a.png": (409, "bucket.object_changed", "bucket.object_changed"),
        "b.png": (410, "bucket.object_gone", "bucket.object_gone"),
    }


async def test_bytes_that_differ_under_the_same_tag_and_size_are_not_taken_for_the_old_ones(
    open_world: World, bucket: Rclone
) -> None:
    """The tag is the server's word; the hash is ours."""
    bucket.put("pictures", "a.png", png(1))
    found, _ = await bring(open_world, bucket, mode="reference")
    other = png(2)
    assert len(other) == len(png(1))
    bucket.put("pictures", "a.png", other)
    async with open_world.engine.database.transaction(open_world.tenant_id) as db:
        await db.execute("UPDATE blob_reference SET etag = $1", hashlib.md5(other).hexdigest())
    storage = open_world.engine.storage
    assert isinstance(storage, JointStorage)
    sha256 = hashlib.sha256(png(1)).hexdigest()
    one = (await assets(open_world, found["dataset_id"]))[0]
    assert (await open_world.http.get(one["media"]["url"])).json()["code"] == "bucket.object_changed"
    with pytest.raises(Exception, match="replaced"):
        await storage.read(open_world.tenant_id, sha256)


async def test_importing_again_from_a_new_place_mends_what_is_gone(open_world: World, bucket: Rclone) -> None:
    bucket.put("pictures", "old/a.png", png(1))
    dataset_id, connection_id = await dataset(open_world, "image"), await connected(open_world, bucket.endpoint)
    await begin(open_world, dataset_id, connection_id, mode="reference")
    await open_world.drain()
    (bucket.root / "pictures" / "old" / "a.png").rename(bucket.root / "pictures" / "a.png")
    url = (await assets(open_world, dataset_id))[0]["media"]["url"]
    assert (await open_world.http.get(url)).status_code == 410
    again = await begin(open_world, dataset_id, connection_id, mode="reference")
    await open_world.drain()
    assert counts((await outcome(open_world, again))[0]) == ("done", 0, 1, 0)
    assert (await open_world.http.get(url)).content == png(1)


async def test_a_connection_whose_bucket_holds_assets_cannot_be_taken_away(open_world: World, bucket: Rclone) -> None:
    bucket.put("pictures", "a.png", png(1))
    found, _ = await bring(open_world, bucket, mode="reference")
    refused = await open_world.owner.call("DELETE", f"/api/connections/{found['connection_id']}")
    assert (refused.status_code, refused.json()["code"], refused.json()["n_references"]) == (
        409,
        "connection.in_use",
        1,
    )


async def test_an_outage_in_the_middle_loses_nothing_and_goes_on_where_it_was(
    open_world: World, bucket: Rclone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(60):
        bucket.put("pictures", f"{at:03}.png", png(at))
    monkeypatch.setattr(ingest, "CHUNK_ROWS", 10)
    monkeypatch.setattr("karat.datasets.fetching.BUCKET_WIDTH", 4)
    monkeypatch.setattr("karat.storage.bucket_stores.RETRIES", {"max_retries": 0})
    take, taken = Ingest._take, []

    async def tapped(self: Ingest, run: Run, found: Any, modality: Any, chunk: Any) -> None:
        await take(self, run, found, modality, chunk)
        taken.append([one.position for one in chunk.found])
        if len(taken) == 2:
            bucket.stop()
            asyncio.get_running_loop().call_later(2.5, bucket.start)

    monkeypatch.setattr(Ingest, "_take", tapped)
    started = await begin(open_world, await dataset(open_world, "image"), await connected(open_world, bucket.endpoint))
    for _ in range(60):
        await open_world.drain()
        found, _ = await outcome(open_world, started)
        if found["state"] != "queued":
            break
        await asyncio.sleep(0.25)
    assert counts(found) == ("done", 60, 0, 0)
    assert (found["rows_read"], len(await names(open_world, found["dataset_id"]))) == (60, 60)
    positions = [at for chunk in taken for at in chunk]
    assert sorted(positions) == positions == list(range(60)), "no object was taken twice or passed over"
    async with open_world.engine.database.transaction(open_world.tenant_id) as db:
        attempts = await db.fetch_value("SELECT attempts FROM job WHERE id = $1", UUID(found["job_id"]))
    assert attempts > 1, "the outage was felt"


async def test_credentials_that_are_refused_fail_the_import_with_the_fix_and_a_retry_goes_on(
    open_world: World, bucket: Rclone
) -> None:
    bucket.put("pictures", "a.png", png(1))
    wrong = {"secret": {**SECRET, "secret_access_key": "wrong"}}
    connection_id = await connected(open_world, bucket.endpoint, **wrong)
    started = await begin(open_world, await dataset(open_world, "image"), connection_id)
    await open_world.drain()
    found, _ = await outcome(open_world, started)
    assert found["state"] == "failed"
    assert "secret access key" in found["error"]
    right = await open_world.owner.call("PATCH", f"/api/connections/{connection_id}", json={"secret": SECRET})
    assert right.status_code == 200
    await open_world.owner.post(f"/api/jobs/{found['job_id']}/retry")
    await open_world.drain()
    assert counts((await outcome(open_world, started))[0]) == ("done", 1, 0, 0)


async def test_a_bucket_that_is_emptied_meanwhile_gives_a_fault_for_each_object_that_is_gone(
    open_world: World, bucket: Rclone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(40):
        bucket.put("pictures", f"{at:03}.png", png(at))
    monkeypatch.setattr(ingest, "CHUNK_ROWS", 10)
    monkeypatch.setattr("karat.datasets.fetching.BUCKET_WIDTH", 2)
    take = Ingest._take

    async def tapped(self: Ingest, *args: Any) -> None:
        await take(self, *args)
        bucket.empty("pictures")

    monkeypatch.setattr(Ingest, "_take", tapped)
    found, faults = await bring(open_world, bucket)
    assert found["state"] == "done"
    assert found["n_added"] + found["n_faults"] == 40
    assert found["n_faults"] >= 5
    assert set(faults.values()) == {"bucket.object_gone"}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
async def test_a_manifest_in_the_bucket_names_its_objects(open_world: World, bucket: Rclone, ending: str) -> None:
    for shade in range(3):
        bucket.put("pictures", f"set/img/{shade}.png", png(shade))
    if ending == "csv":
        table = b"id,key,place\na,img/0.png,north\nb,img/1.png,south\nc,img/none.png,\n"
    elif ending == "jsonl":
        table = b'{"id":"a","key":"img/0.png","place":"north"}\n{"id":"b","image":"s3://pictures/set/img/1.png",'
        table += b'"place":"south"}\n{"id":"c","key":"img/none.png"}\n'
    else:
        stream = io.BytesIO()
        rows = {
            "id": ["a", "b", "c"],
            "key": ["img/0.png", "img/1.png", "img/none.png"],
            "place": ["north", "south", ""],
        }
        pq.write_table(pa.table(rows), stream)
        table = stream.getvalue()
    bucket.put("pictures", f"set/manifest.{ending}", table)
    found, faults = await bring(open_world, bucket, manifest=f"set/manifest.{ending}", mode="reference")
    assert counts(found) == ("done", 2, 0, 1)
    assert list(faults.values()) == ["bucket.object_gone"]
    by_id = {one["external_id"]: one for one in await assets(open_world, found["dataset_id"])}
    assert {key: one["metadata"]["place"] for key, one in by_id.items()} == {"a": "north", "b": "south"}
    assert (await open_world.http.get(by_id["b"]["media"]["url"])).content == png(1)


async def test_moto_is_read_as_well_with_real_ranges(open_world: World) -> None:
    with moto() as endpoint:
        async with httpx.AsyncClient() as client:
            headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/s3/aws4_request"}
            await client.put(f"{endpoint}/pictures", headers=headers)
            for shade in range(3):
                await client.put(f"{endpoint}/pictures/ü {shade}.png", headers=headers, content=png(shade))
        dataset_id = await dataset(open_world, "image")
        await begin(open_world, dataset_id, await connected(open_world, endpoint), mode="reference")
        await open_world.drain()
        one = next(one for one in await assets(open_world, dataset_id) if one["external_id"] == "ü 1.png")
        part = await open_world.http.get(one["media"]["url"], headers={"Range": "bytes=1-3"})
        assert (part.status_code, part.content) == (206, b"PNG")
        async with httpx.AsyncClient() as client:
            await client.put(f"{endpoint}/pictures/ü 1.png", headers=headers, content=png(9))
        changed = await open_world.http.get(one["media"]["url"])
        assert changed.json()["code"] == "bucket.object_changed"


async def test_another_tenants_connection_is_not_there(open_world: World, world: World, bucket: Rclone) -> None:
    theirs = await connected(open_world, bucket.endpoint)
    path = f"/api/datasets/{await dataset(world, 'image')}/bucket-imports"
    refused = await world.owner.call("POST", path, json={"connection_id": theirs})
    assert (refused.status_code, refused.json()["code"]) == (404, "connection.not_found")


async def test_a_thousand_small_pictures_left_in_place_come_in_at_a_good_pace(
    open_world: World, tmp_path: Path
) -> None:
    """Ten thousand in a minute are wanted; `bench/ingest.py` measures that, and this holds a tenth of it."""
    (tmp_path / "pictures").mkdir()
    with rclone(tmp_path, remembers="1h") as bucket:
        for at in range(1000):
            bucket.put("pictures", f"{at:04}.png", png(at % 256, (4 + at // 256, 4)))
        began = time.monotonic()
        found, _ = await bring(open_world, bucket, mode="reference")
        assert counts(found) == ("done", 1000, 0, 0)
        assert time.monotonic() - began < 30
    assert kept(open_world) == []

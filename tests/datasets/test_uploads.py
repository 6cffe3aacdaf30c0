"""Uploaded files go when nothing needs them any more, and never before."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from karat.api.engine import uploads_in
from karat.datasets import store as dataset_store
from karat.datasets.errors import UploadGone
from karat.datasets.ingest import Ingest
from karat.jobs import Run
from karat.storage import FolderStorage, rely_on_blobs
from tests.datasets.test_ingest import counts, dataset, outcome, png, upload, zipped
from tests.support.world import World


class Crash(BaseException):
    """As if the process ended."""


TABLE = b"id,text\n1,a\n"


def kept(world: World) -> list[bytes]:
    """The content of every blob of the tenant."""
    storage = world.engine.storage
    assert isinstance(storage, FolderStorage)
    return [one.read_bytes() for one in Path(storage.root / str(world.tenant_id)).rglob("*") if one.is_file()]


async def clear(world: World) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await uploads_in(world.engine.settings, world.engine.storage).clear(db)


async def wait_a_day(world: World) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE job SET finished_at = finished_at - interval '25 hours'")


async def rows(world: World) -> list[tuple[bool, str]]:
    """Of each row of imports: whether it is only a note, and where its file is."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        found = await db.fetch("SELECT job_id IS NULL AS is_note, location FROM data_import")
    return [(row["is_note"], row["location"]) for row in found]


async def age_notes(world: World) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE data_import SET created_at = now() - interval '11 minutes' WHERE job_id IS NULL")


async def test_the_chore_waits_for_nobody_who_stores_while_there_is_nothing_to_delete(world: World) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await rely_on_blobs(db)
        clearing = asyncio.create_task(clear(world))
        ended, _ = await asyncio.wait({clearing}, timeout=10)
        assert clearing in ended
    await clearing


async def test_the_file_of_an_import_cancelled_before_it_began_goes(world: World) -> None:
    started = await upload(world.owner, await dataset(world, "text"), "a.csv", TABLE)
    await clear(world)
    assert kept(world) == [TABLE]
    await world.owner.post(f"/api/imports/{started['id']}/cancel")
    await wait_a_day(world)
    await clear(world)
    assert kept(world) == []
    assert await rows(world) == [(False, "")]


@pytest.mark.parametrize("ends", ["failed", "cancelled"])
async def test_the_file_of_an_import_that_ended_half_way_goes(
    world: World, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    async def end(_self: Ingest, run: Run, *_: Any) -> None:
        if ends == "failed":
            raise ingest_error()
        async with run.transaction() as db:
            await db.execute("UPDATE job SET cancel_requested = true WHERE id = $1", run.job_id)

    monkeypatch.setattr(Ingest, "_take", end)
    started = await upload(world.owner, await dataset(world, "text"), "a.csv", TABLE)
    await world.drain()
    assert (await outcome(world, started))[0]["state"] == ends
    await clear(world)
    assert kept(world) == [TABLE]  # it may be tried again
    await wait_a_day(world)
    await clear(world)
    assert kept(world) == []
    handler = world.engine.runner()._handlers["datasets.ingest"]
    run = Run(world.engine.database, world.tenant_id, UUID(started["job_id"]), {"import_id": started["id"]}, 2)
    with pytest.raises(UploadGone):
        await handler(run)


def ingest_error() -> Exception:
    from karat.errors import Invalid

    return Invalid("not to be tried again")


async def test_bytes_of_a_cancelled_import_that_another_one_is_to_read_stay_until_that_has_ended(world: World) -> None:
    dataset_id = await dataset(world, "text")
    one, two = [await upload(world.owner, dataset_id, "a.csv", TABLE) for _ in range(2)]
    await world.owner.post(f"/api/imports/{one['id']}/cancel")
    await wait_a_day(world)
    await clear(world)
    assert kept(world) == [TABLE]
    await world.drain()
    assert counts((await outcome(world, two))[0]) == ("done", 1, 0, 0)
    await clear(world)
    assert kept(world) == [b"a"]


async def test_bytes_of_a_cancelled_import_that_are_an_asset_stay(world: World) -> None:
    here = await dataset(world, "image")
    await upload(world.owner, here, "a.zip", zipped({"a.png": png(5)}))
    await world.drain()
    again = await upload(world.owner, await dataset(world, "image"), "a.png", png(5))
    await world.owner.post(f"/api/imports/{again['id']}/cancel")
    await wait_a_day(world)
    await clear(world)
    asset = (await world.owner.get(f"/api/datasets/{here}/assets"))["items"][0]
    assert (await world.http.get(asset["media"]["url"])).content == png(5)


async def test_who_deletes_waits_for_who_has_stored_bytes_and_not_yet_said_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import finds its picture stored already, by an upload that was cancelled, and commits its asset after that."""
    cancelled = await upload(world.owner, await dataset(world, "image"), "a.png", png(5))
    await world.owner.post(f"/api/imports/{cancelled['id']}/cancel")
    await wait_a_day(world)
    add, clearing = dataset_store.add_assets, []

    async def slow(*args: Any) -> set[UUID]:
        clearing.append(asyncio.create_task(clear(world)))
        await asyncio.sleep(0.3)  # long enough for whoever would not wait
        return await add(*args)

    monkeypatch.setattr(dataset_store, "add_assets", slow)
    here = await dataset(world, "image")
    await upload(world.owner, here, "a.zip", zipped({"a.png": png(5)}))
    await world.drain()
    await asyncio.gather(*clearing)
    asset = (await world.owner.get(f"/api/datasets/{here}/assets"))["items"][0]
    assert (await world.http.get(asset["media"]["url"])).content == png(5)


@pytest.mark.parametrize("at", ["rename", "start"])
async def test_what_a_crash_leaves_between_file_and_import_goes_after_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    async def crash(*_: Any) -> None:
        raise Crash

    dataset_id = await dataset(world, "text")
    if at == "rename":  # noted, and the file has not got its name
        monkeypatch.setattr("karat.storage.folder.keep", lambda *_: (_ for _ in ()).throw(Crash()))
    else:
        monkeypatch.setattr("karat.datasets.uploads.store.is_noted", crash)
        monkeypatch.setattr("karat.datasets.routes.claim_once", crash)
    with pytest.raises(Crash):
        await upload(world.owner, dataset_id, "a.csv", TABLE)
    monkeypatch.undo()
    assert (await world.owner.get(f"/api/datasets/{dataset_id}/imports"))["items"] == []
    assert [is_note for is_note, _ in await rows(world)] == [True]
    await clear(world)
    assert kept(world) == ([] if at == "rename" else [TABLE])  # it may be about to begin
    assert len(await rows(world)) == 1
    await age_notes(world)
    await clear(world)
    assert (kept(world), await rows(world)) == ([], [])


async def test_a_file_that_was_refused_after_it_had_come_goes_at_once(world: World) -> None:
    dataset_id = await dataset(world, "text")
    path, key = f"/api/datasets/{dataset_id}/imports?filename=a.csv", {"Idempotency-Key": "same"}
    first = await world.owner.call("POST", path, headers=key, content=TABLE)
    other = await world.owner.call("POST", path, headers=key, content=b"id,text\n1,other\n")
    assert (first.status_code, other.status_code) == (202, 409)
    assert kept(world) == [TABLE]
    await world.drain()
    again = await world.owner.call("POST", path, headers=key, content=TABLE)
    assert again.json()["id"] == first.json()["id"]
    assert kept(world) == [b"a"]
    assert await rows(world) == [(False, "")]


async def test_an_import_whose_runner_was_killed_after_its_very_end_is_done(world: World) -> None:
    started = await upload(world.owner, await dataset(world, "text"), "a.csv", TABLE)
    handler = world.engine.runner()._handlers["datasets.ingest"]
    run = Run(world.engine.database, world.tenant_id, UUID(started["job_id"]), {"import_id": started["id"]}, 1)
    await handler(run)
    assert kept(world) == [b"a"]
    await world.drain()
    assert counts((await outcome(world, started))[0]) == ("done", 1, 0, 0)


def test_the_chore_is_among_those_of_the_runner(world: World) -> None:
    assert "datasets.clear_uploads" in {one.name for one in world.engine.runner()._chores._chores}


async def test_a_command_that_crashes_between_file_and_import_leaves_a_note_of_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from karat.cli import datasets as command
    from karat.cli.shell import Here
    from karat.datasets import Modality

    async def crash(*_: Any, **__: Any) -> None:
        raise Crash

    path = tmp_path / "a.csv"
    path.write_bytes(TABLE)
    monkeypatch.setattr("karat.datasets.start_upload_import", crash)
    monkeypatch.setattr("karat.datasets.uploads.store.is_noted", crash)
    source = command.Source(path, "a.csv", Modality.TEXT, is_folder=False)
    with pytest.raises(Crash):
        await command._start(Here(world.engine, world.owner.caller), source, None)
    monkeypatch.undo()
    assert (kept(world), [is_note for is_note, _ in await rows(world)]) == ([TABLE], [True])
    await age_notes(world)
    await clear(world)
    assert (kept(world), await rows(world)) == ([], [])

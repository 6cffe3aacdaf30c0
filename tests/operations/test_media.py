"""What a backup says of media: those that it holds, those that stay in buckets, those that are nowhere."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from karat.api.app import create_app
from karat.api.engine import Engine, open_engine
from karat.config import Settings
from karat.kit import utc_now
from karat.operations import MediaUnwanted, back_up, restore, verify_backup
from karat.operations.archive import opened_archive
from karat.operations.media import stored_names
from karat.storage.errors import ObjectGone
from tests.cli.conftest import Karat, karat  # noqa: F401 - a fixture
from tests.datasets.test_ingest import png
from tests.operations.test_backup import manifest_of
from tests.storage.buckets import Rclone, connection
from tests.storage.conftest import bucket  # noqa: F401 - a fixture
from tests.support.world import World, make_world

SHADES = (3, 40, 90)


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Engine]:
    """An installation of its own, so that nobody else's media are counted."""
    async with open_engine(Settings(data_dir=tmp_path / "data", outbound_allow="127.0.0.1")) as engine:
        yield engine


@pytest.fixture
async def owned(own: Engine) -> AsyncIterator[World]:
    """A tenant in it."""
    transport = httpx.ASGITransport(app=create_app(own), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield await make_world(own, client)


async def bring(world: World, bucket: Rclone, mode: str) -> None:  # noqa: F811
    for shade in SHADES:
        bucket.put("pictures", f"{shade}.png", png(shade))
    connected = await world.owner.post("/api/connections", connection(bucket.endpoint, name="Photos"))
    dataset = await world.owner.post("/api/datasets", {"name": "D", "modality": "image"})
    wanted = {"connection_id": connected["id"], "mode": mode}
    await world.owner.post(f"/api/datasets/{dataset['id']}/bucket-imports", wanted)
    await world.drain()


async def test_media_that_stay_in_a_bucket_are_told_apart_and_read_there_after_the_restore(
    own: Engine,
    owned: World,
    bucket: Rclone,  # noqa: F811
    karat: Karat,  # noqa: F811
    tmp_path: Path,
) -> None:
    await bring(owned, bucket, "reference")
    tenant_id = owned.tenant_id
    report = await back_up(own.settings, tmp_path / "b", utc_now())
    n_bytes = sum(len(png(shade)) for shade in SHADES)
    (part,) = report.elsewhere
    assert (part.tenant_id, part.connection, part.kind, part.bucket) == (tenant_id, "Photos", "s3", "pictures")
    assert (part.n_files, part.n_bytes, report.n_media, report.n_missing) == (len(SHADES), n_bytes, 0, 0)
    assert verify_backup(tmp_path / "b") == report
    said = karat("backup", "verify", tmp_path / "b")
    assert said.returncode == 0
    assert "3 media" in said.stdout and "stay in the s3 bucket pictures (connection “Photos”)" in said.stdout
    settings = Settings(data_dir=tmp_path / "restored", outbound_allow="127.0.0.1")
    done = await restore(settings, tmp_path / "b")
    assert (done.elsewhere, done.n_missing) == (report.elsewhere, 0)
    async with open_engine(settings) as restored:
        for shade in SHADES:
            assert await restored.storage.read(tenant_id, hashlib.sha256(png(shade)).hexdigest()) == png(shade)
        bucket.empty("pictures")
        with pytest.raises(ObjectGone):
            await restored.storage.read(tenant_id, hashlib.sha256(png(SHADES[0])).hexdigest())


async def test_what_was_copied_from_a_bucket_is_in_the_backup_and_missing_when_it_is_lost(
    own: Engine,
    owned: World,
    bucket: Rclone,  # noqa: F811
    tmp_path: Path,
) -> None:
    await bring(owned, bucket, "copy")
    report = await back_up(own.settings, tmp_path / "whole", utc_now())
    assert (report.elsewhere, report.n_media, report.n_missing) == ((), len(SHADES), 0)
    lost = hashlib.sha256(png(SHADES[0])).hexdigest()
    next((own.settings.data_dir / "media").rglob(lost)).unlink()
    report = await back_up(own.settings, tmp_path / "second", utc_now())
    assert (report.n_media, report.n_missing) == (len(SHADES) - 1, 1)
    assert [name.rsplit("/", 1)[-1] for name in manifest_of(tmp_path / "second").missing] == [lost]
    assert (await restore(Settings(data_dir=tmp_path / "restored"), tmp_path / "second")).n_missing == 1


async def test_a_backup_without_media_is_restored_with_the_folder_that_holds_them(
    own: Engine,
    owned: World,
    bucket: Rclone,  # noqa: F811
    tmp_path: Path,
) -> None:
    await bring(owned, bucket, "copy")
    tenant_id = owned.tenant_id
    report = await back_up(own.settings, tmp_path / "rows", utc_now(), with_media=False)
    assert (report.has_media, report.n_media, report.n_missing) == (False, 0, 0)
    with opened_archive(tmp_path / "rows", None) as members:
        assert not [one.name for one in members if one.name.startswith("media/")]
    done = await restore(Settings(data_dir=tmp_path / "new"), tmp_path / "rows", media=own.settings.data_dir / "media")
    assert (done.n_media, done.n_missing) == (len(SHADES), 0)
    async with open_engine(Settings(data_dir=tmp_path / "new")) as restored:
        for shade in SHADES:
            sha256 = hashlib.sha256(png(shade)).hexdigest()
            await own.storage.delete(tenant_id, sha256)
            assert await restored.storage.read(tenant_id, sha256) == png(shade), "it stands on its own"
    await back_up(own.settings, tmp_path / "whole", utc_now())
    with pytest.raises(MediaUnwanted):
        await restore(Settings(data_dir=tmp_path / "more"), tmp_path / "whole", media=own.settings.data_dir / "media")
    assert not (tmp_path / "more").exists()


async def test_a_folder_in_which_not_one_of_the_media_lies_is_refused_and_one_that_lacks_some_is_told_of(
    own: Engine,
    owned: World,
    karat: Karat,  # noqa: F811
    tmp_path: Path,
) -> None:
    await owned.text_project(3)
    await back_up(own.settings, tmp_path / "rows", utc_now(), with_media=False)
    media, wrong = own.settings.data_dir / "media", tmp_path / "wrong"
    others = wrong / str(owned.tenant_id) / "ab" / "cd" / f"abcd{'0' * 60}"
    others.parent.mkdir(parents=True)
    others.write_bytes(b"a medium of another installation")
    said = karat("restore", tmp_path / "rows", "--data-dir", tmp_path / "new", "--media", wrong)
    assert said.returncode == 1
    assert "None of the 3 media" in said.stderr and "--media DIR" in said.stderr, said.stderr
    assert not (tmp_path / "new").exists()
    next(media / name for name in stored_names(media)).unlink()
    said = karat("restore", tmp_path / "rows", "--data-dir", tmp_path / "new", "--media", media, "--json")
    assert (said.returncode, json.loads(said.stdout)["n_missing"]) == (1, 1)
    assert "1 media that rows refer to are nowhere" in said.stderr
    assert (tmp_path / "new" / "secret.key").exists(), "the rest is there"


async def test_where_rows_refer_to_no_media_an_empty_folder_will_do(own: Engine, tmp_path: Path) -> None:
    await back_up(own.settings, tmp_path / "rows", utc_now(), with_media=False)
    (tmp_path / "empty").mkdir()
    done = await restore(Settings(data_dir=tmp_path / "new"), tmp_path / "rows", media=tmp_path / "empty")
    assert (done.n_media, done.n_missing) == (0, 0)


async def test_files_of_exports_and_models_are_missed_as_well(own: Engine, owned: World, tmp_path: Path) -> None:
    project = await owned.text_project(2)
    export = await owned.owner.post(f"/api/projects/{project['id']}/exports", {"format": "csv"})
    await owned.drain()
    assert (await owned.owner.get(f"/api/exports/{export['id']}"))["state"] == "done"
    async with own.database.transaction(owned.tenant_id) as db:
        sha256 = await db.fetch_value("SELECT encode(sha256, 'hex') FROM export")
        await own.storage.delete(owned.tenant_id, sha256)
        model = "INSERT INTO model (tenant_id, id, name, adapter) VALUES ($1, $1, 'm', 'onnx')"
        await db.execute(model, owned.tenant_id)
        await db.execute(
            """INSERT INTO model_version (tenant_id, id, model_id, version, n_trained_on, metrics, file_sha256)
            VALUES ($1, $1, $1, 1, 0, '{}'::jsonb, $2)""",
            owned.tenant_id,
            "ab" * 32,
        )
    await back_up(own.settings, tmp_path / "b", utc_now())
    names = {name.rsplit("/", 1)[-1] for name in manifest_of(tmp_path / "b").missing}
    assert names == {sha256, "ab" * 32}

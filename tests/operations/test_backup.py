"""What a backup holds is one state of everything, and restoring gives that state and no other."""

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from karat.api.app import create_app
from karat.api.engine import Engine, open_engine
from karat.audit.sealing import verify
from karat.config import Settings
from karat.kit import utc_now
from karat.operations import back_up, restore, verify_backup
from karat.operations.archive import MANIFEST, opened_archive
from karat.operations.types import Manifest
from karat.quality.verification import verify as verify_certificate
from tests.cli.conftest import Karat, karat  # noqa: F401 - a fixture
from tests.operations.conftest import digests
from tests.security.owner import owner_dsn
from tests.security.scene import Scene, make_scene
from tests.support.load import Client, make_annotator, make_project
from tests.support.server import RunningServer
from tests.support.world import World, make_world

TASKS, PEOPLE = 400, 4

pytestmark = pytest.mark.slow


def manifest_of(path: Path, passphrase: str | None = None) -> Manifest:
    """The manifest of a backup that is whole."""
    with opened_archive(path, passphrase) as members:
        contents = {one.name: one.content.read() for one in members if one.name == MANIFEST}
    return Manifest.model_validate_json(contents[MANIFEST])


@pytest.fixture(scope="module")
async def scene(engine: Engine, http: httpx.AsyncClient) -> Scene:
    """A tenant that owns one object of every kind, and another beside it."""
    await make_scene(await make_world(engine, http))
    made = await make_scene(await make_world(engine, http))
    async with engine.database.transaction(made.world.tenant_id) as db:
        await db.execute("SELECT 1")
    return made


async def test_a_restored_installation_has_every_row_and_every_medium_and_its_keys_work(
    engine: Engine, scene: Scene, tmp_path: Path
) -> None:
    before = await digests(engine)
    report = await back_up(engine.settings, tmp_path / "all.backup", utc_now())
    assert await digests(engine) == before, "a backup changes nothing"
    assert verify_backup(tmp_path / "all.backup", public_key=engine.public_key) == report
    settings = Settings(data_dir=tmp_path / "restored")
    done = await restore(settings, tmp_path / "all.backup")
    assert (done.n_rows, done.n_media) == (report.n_rows, report.n_media)
    async with open_engine(settings) as restored:
        assert await digests(restored) == before
        assert restored.public_key == engine.public_key
        await _use(restored, scene)


async def _use(restored: Engine, scene: Scene) -> None:
    """Look at everything through the doors of the restored installation."""
    transport = httpx.ASGITransport(app=create_app(restored))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        owner = scene.world.owner.__class__(scene.world.owner.caller, scene.world.owner.key, client)
        assert (await owner.get("/api/session"))["role"] == "owner"
        assets = await owner.get(f"/api/datasets/{scene.ids['dataset_id']}/assets?limit=500")
        assert len(assets["items"]) == 60
        for row in await _hashes(restored, scene):
            assert len(await restored.storage.read(scene.world.tenant_id, row["sha256"])) == row["n_bytes"]
        document = await owner.call("GET", f"/api/certificates/{scene.ids['certificate_id']}/file")
        report = verify_certificate(document.content, expected_public_key=restored.public_key)
        assert report.is_valid and report.is_pinned
        export = await owner.call("GET", f"/api/exports/{scene.ids['export_id']}/file")
        assert export.status_code == 200
        dataset = await owner.post("/api/datasets", {"name": "After", "modality": "text"})
        assert dataset["id"] > scene.ids["dataset_id"]
    async with restored.database.transaction(scene.world.tenant_id) as db:
        chain = await verify(db, scene.world.owner.caller, restored.public_key)
        assert chain.broken is None


async def _hashes(restored: Engine, scene: Scene) -> list[Any]:
    async with restored.database.transaction(scene.world.tenant_id) as db:
        return await db.fetch("SELECT encode(sha256, 'hex') AS sha256, n_bytes FROM asset")


async def test_a_job_that_waited_goes_on_after_the_restore(engine: Engine, world: World, tmp_path: Path) -> None:
    project = await world.text_project(3)
    export = await world.owner.post(f"/api/projects/{project['id']}/exports", {"format": "csv"})
    await back_up(engine.settings, tmp_path, utc_now())
    (made,) = tmp_path.glob("karat-*.backup")
    await world.drain()
    settings = Settings(data_dir=tmp_path / "restored")
    assert (await restore(settings, made)).n_jobs_queued >= 1
    async with open_engine(settings) as restored:
        await restored.runner().drain()
        async with restored.database.transaction(world.tenant_id) as db:
            query = "SELECT j.state FROM job j JOIN export e ON e.job_id = j.id WHERE e.id = $1"
            assert await db.fetch_value(query, UUID(export["id"])) == "done"


async def test_a_backup_of_a_restored_installation_has_the_same_tables_byte_by_byte(
    engine: Engine, scene: Scene, tmp_path: Path
) -> None:
    await back_up(engine.settings, tmp_path / "first", utc_now())
    settings = Settings(data_dir=tmp_path / "restored")
    await restore(settings, tmp_path / "first")
    await back_up(settings, tmp_path / "second", utc_now())
    first, second = manifest_of(tmp_path / "first"), manifest_of(tmp_path / "second")
    assert (first.tables, first.media) == (second.tables, second.media)
    assert sum(table.n_rows for table in first.tables) > 300


async def test_equal_rows_make_equal_files_however_the_database_finds_them(
    engine: Engine, scene: Scene, tmp_path: Path
) -> None:
    await back_up(engine.settings, tmp_path / "first", utc_now())
    connection = await asyncpg.connect(owner_dsn(engine))
    for table in ("asset", "task", "membership"):
        await connection.execute(f"UPDATE {table} SET tenant_id = tenant_id WHERE ctid::text < '(0,7'")  # to the end
    await connection.execute("ANALYZE")
    await connection.close()
    await back_up(engine.settings, tmp_path / "second", utc_now())
    assert manifest_of(tmp_path / "first").tables == manifest_of(tmp_path / "second").tables


async def test_media_that_are_lost_or_damaged_are_told_and_do_not_keep_the_rest_from_being_saved(
    engine: Engine, world: World, tmp_path: Path
) -> None:
    project = await world.text_project(2)
    settings = Settings(data_dir=tmp_path / "copy")
    await back_up(engine.settings, tmp_path / "whole", utc_now())
    await restore(settings, tmp_path / "whole")
    stored = sorted((settings.data_dir / "media" / str(world.tenant_id)).glob("??/??/*"))
    stored[0].unlink()
    stored[1].write_bytes(b"something else")
    report = await back_up(settings, tmp_path / "second", utc_now())
    assert (report.n_missing, report.n_damaged) == (1, 1)
    manifest = manifest_of(tmp_path / "second")
    assert [name.rsplit("/", 1)[-1] for name in manifest.missing] == [stored[0].name]
    assert [name.rsplit("/", 1)[-1] for name in manifest.damaged] == [stored[1].name]
    assert verify_backup(tmp_path / "second").n_damaged == 1
    assert project["id"]


@pytest.mark.timeout(300)
async def test_a_backup_taken_during_load_is_one_consistent_state(
    karat: Karat,  # noqa: F811
    tmp_path: Path,
) -> None:
    server = RunningServer(tmp_path / "data")
    (tmp_path / "data").mkdir()
    await server.start()
    sent: set[str] = set()
    acknowledged: set[str] = set()
    imports = 0
    try:
        owner = Client(server.url, server.owner_key)
        project = await make_project(owner, TASKS, overlap=2)
        people = [await make_annotator(owner, server.url, f"Person {at}") for at in range(PEOPLE)]

        async def label(person: Client) -> None:
            while work := (await person.take(project, count=5))["items"]:
                for one in work:
                    submission = str(uuid4())
                    sent.add(submission)
                    status, _ = await person.submit(one, submission, "yes")
                    assert status == 201
                    acknowledged.add(submission)

        async def import_more() -> None:
            nonlocal imports
            client = Client(server.url, server.owner_key)
            while True:
                _, dataset = await client.call(b"POST", "/api/datasets", {"name": f"D{imports}", "modality": "text"})
                table = "id,text\n" + "".join(f"{at},{uuid4()}\n" for at in range(20))
                path = f"/api/datasets/{dataset['id']}/imports?filename=t.csv"
                status, _ = await client.request(b"POST", path, table.encode())
                assert status < 300
                imports += 1

        load = [asyncio.create_task(label(person)) for person in people]
        load.append(asyncio.create_task(import_more()))
        while len(acknowledged) < 60:
            await asyncio.sleep(0.02)
        before = set(acknowledged)
        done = await asyncio.to_thread(karat, "backup", tmp_path / "live", "--data-dir", server.data_dir)
        assert done.returncode == 0, done.stderr
        after = set(sent)
        assert len(after) > len(before) and imports > 1, "there was load while it was made"
        load[-1].cancel()
        for one in load:
            one.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await one
    finally:
        server.stop()
    settings = Settings(data_dir=tmp_path / "restored")
    await restore(settings, tmp_path / "live")
    async with open_engine(settings) as restored:
        await _is_consistent(restored, before, after)
        await restored.runner().drain()  # imports that were under way find their files
        await _has_all_media(restored)


async def _is_consistent(restored: Engine, before: set[str], after: set[str]) -> None:
    """Everything that was acknowledged before is there, and nothing is there in half."""
    (tenant_id,) = [row["id"] for row in await _all(restored, "SELECT id FROM tenant")]
    async with restored.database.transaction(tenant_id) as db:
        stored = {str(row["id"]) for row in await db.fetch("SELECT id FROM submission")}
        assert before <= stored <= after
        audited = await db.fetch("SELECT data->>'submission_id' AS id FROM audit_entry WHERE action = 'task.submitted'")
        assert Counter(row["id"] for row in audited) == Counter(list(stored)), "each answer with its line of the record"
        query = "SELECT t.answered, (SELECT count(*) FROM submission s WHERE s.task_id = t.id) AS n FROM task t"
        assert all(row["answered"] == row["n"] for row in await db.fetch(query))


async def _has_all_media(restored: Engine) -> None:
    for tenant in await _all(restored, "SELECT id FROM tenant"):
        async with restored.database.transaction(tenant["id"]) as db:
            assert await db.fetch_value("SELECT count(*) FROM job WHERE state = 'failed'") == 0
            rows = await db.fetch("SELECT DISTINCT encode(sha256, 'hex') AS sha256, n_bytes FROM asset")
        assert len(rows) >= TASKS
        for row in rows:
            assert len(await restored.storage.read(tenant["id"], row["sha256"])) == row["n_bytes"]


async def _all(engine: Engine, sql: str) -> list[Any]:
    async with engine.database.transaction(None) as db:
        return await db.fetch(sql)

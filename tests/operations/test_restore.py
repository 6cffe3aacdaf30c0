"""A restore makes everything or nothing, and never over something."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from karat.api.engine import Engine, open_engine
from karat.config import Settings
from karat.database import SchemaTooNew
from karat.database.migrate import revisions
from karat.kit import utc_now
from karat.operations import (
    BackupDamaged,
    BackupRunning,
    RestoreTargetInUse,
    SecretMissing,
    back_up,
    restore,
    verify_backup,
)
from karat.operations.aside import built_aside
from karat.operations.errors import NothingToBackUp, RestoreRunning, SecretOfAnother, SignerUnknown
from karat.storage import FolderStorage, StorageHeld
from tests.cli.conftest import ROOT, Karat, environment, karat  # noqa: F401 - a fixture
from tests.cli.test_own_postgresql import postgresql
from tests.operations.conftest import digests
from tests.security.owner import owner_dsn
from tests.support.world import make_world

PASSPHRASE = "correct horse battery staple"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def backup(engine: Engine, http: httpx.AsyncClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the tests' installation, with some media in it."""
    world = await make_world(engine, http)
    await world.text_project(20)
    path: Path = tmp_path_factory.mktemp("backups") / "some.backup"
    await back_up(engine.settings, path, utc_now())
    return path


def left_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


@pytest.mark.parametrize("damage", ["cut", "last byte", "first table", "manifest"])
async def test_a_damaged_backup_leaves_nothing(backup: Path, tmp_path: Path, damage: str) -> None:
    content = bytearray(backup.read_bytes())
    places = {"last byte": len(content) - 2, "first table": content.index(b"tables/") + 530, "manifest": -4000}
    if damage == "cut":
        content = content[: len(content) // 2]
    else:
        content[places[damage]] ^= 1
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(BackupDamaged):
        verify_backup(tmp_path / "b")
    with pytest.raises(BackupDamaged):
        await restore(Settings(data_dir=tmp_path / "data"), tmp_path / "b")
    assert left_in(tmp_path) == ["b"]


async def test_nothing_is_restored_over_something(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine").write_text("precious")
    with pytest.raises(RestoreTargetInUse):
        await restore(Settings(data_dir=tmp_path / "data"), backup)
    assert left_in(tmp_path / "data") == ["mine"]
    (tmp_path / "file").write_text("precious")
    with pytest.raises(RestoreTargetInUse):
        await restore(Settings(data_dir=tmp_path / "file"), backup)
    assert left_in(tmp_path) == ["data", "file"]


async def test_an_empty_folder_may_be_there_already(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    await restore(Settings(data_dir=tmp_path / "data"), backup)
    assert "secret.key" in left_in(tmp_path / "data")
    assert left_in(tmp_path) == ["data"]
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


async def test_two_restores_into_one_folder_do_not_mix(backup: Path, tmp_path: Path) -> None:
    with built_aside(tmp_path / "data"), pytest.raises(RestoreRunning):
        await restore(Settings(data_dir=tmp_path / "data"), backup)
    assert left_in(tmp_path) == []


async def test_a_backup_of_a_newer_version_is_refused_before_anything_is_made(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karat.operations.aside.revisions", lambda: revisions()[:-1])
    with pytest.raises(SchemaTooNew):
        await restore(Settings(data_dir=tmp_path / "data"), backup)
    assert left_in(tmp_path) == []


async def test_a_backup_without_the_secret_needs_it_and_no_other(engine: Engine, tmp_path: Path) -> None:
    path, data = tmp_path / "b", tmp_path / "data"
    report = await back_up(engine.settings, path, utc_now(), with_secret=False)
    assert not report.has_secret
    assert (engine.settings.data_dir / "secret.key").read_bytes() not in path.read_bytes()
    with pytest.raises(SecretMissing):
        await restore(Settings(data_dir=data), path)
    (tmp_path / "other").write_bytes(bytes(32))
    with pytest.raises(SecretOfAnother):
        await restore(Settings(data_dir=data), path, secret_key=tmp_path / "other")
    assert left_in(tmp_path) == ["b", "other"]
    await restore(Settings(data_dir=data), path, secret_key=engine.settings.data_dir / "secret.key")
    async with open_engine(Settings(data_dir=data)) as restored:
        assert restored.public_key == engine.public_key


async def test_an_encrypted_backup_is_restored_by_its_passphrase(engine: Engine, tmp_path: Path) -> None:
    before = await digests(engine)
    assert (await back_up(engine.settings, tmp_path / "b", utc_now(), passphrase=PASSPHRASE)).is_sealed
    await restore(Settings(data_dir=tmp_path / "data"), tmp_path / "b", passphrase=PASSPHRASE)
    async with open_engine(Settings(data_dir=tmp_path / "data")) as restored:
        assert await digests(restored) == before


def test_the_signer_can_be_asked_for(backup: Path) -> None:
    with pytest.raises(SignerUnknown):
        verify_backup(backup, public_key="00" * 32)


async def test_there_is_nothing_to_back_up_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(NothingToBackUp):
        await back_up(Settings(data_dir=tmp_path / "none"), tmp_path / "b", utc_now())
    assert left_in(tmp_path) == []


async def test_while_a_backup_is_made_nothing_is_deleted_and_no_other_is_made(engine: Engine, tmp_path: Path) -> None:
    storage = FolderStorage(engine.settings.data_dir / "media")
    tenant_id = uuid4()
    (blob,) = await storage.put_many(tenant_id, [b"needed by the snapshot"])
    with storage.hold():
        assert await engine.storage.is_held()
        with pytest.raises(StorageHeld):
            await storage.delete(tenant_id, blob.sha256)
        with pytest.raises(BackupRunning):
            await back_up(engine.settings, tmp_path / "b", utc_now())
    assert await storage.exists(tenant_id, blob.sha256)
    await storage.delete(tenant_id, blob.sha256)
    assert not await storage.exists(tenant_id, blob.sha256)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
async def test_a_restore_that_is_stopped_leaves_no_installation_and_can_be_done_again(
    backup: Path, tmp_path: Path, how: signal.Signals
) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "karat", "restore", str(backup), "--data-dir", str(data)]
    for moment in (
        tmp_path.exists,
        (tmp_path / ".data.restoring" / "media").exists,
        (tmp_path / ".data.restoring" / "postgres").exists,
    ):
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        await _until(moment, process)
        os.kill(process.pid, how)
        await asyncio.to_thread(process.wait, 60)
        if process.returncode == 0:
            pytest.skip("it was done before it could be stopped")
        assert not data.exists()
        if how is signal.SIGINT:
            assert left_in(tmp_path) == []
    await restore(Settings(data_dir=data), backup)
    assert left_in(tmp_path) == ["data"]


async def _until(moment: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 30
    while not moment() and process.poll() is None and time.monotonic() < give_up:
        await asyncio.sleep(0.005)


async def test_it_goes_from_and_to_a_postgresql_of_ones_own_without_a_superuser(
    karat: Karat,  # noqa: F811
    engine: Engine,
    backup: Path,
    tmp_path: Path,
) -> None:
    async with postgresql(tmp_path / "server", "use-your-own-postgresql.md") as server:
        url = server.url(user="karat", database="karat")
        settings = Settings(data_dir=tmp_path / "data", database_url=url)
        first = await restore(settings, backup)
        second = await back_up(settings, tmp_path / "again", utc_now())
        assert (second.n_rows, second.n_media) == (first.n_rows, first.n_media)
        with pytest.raises(RestoreTargetInUse):
            await restore(settings.model_copy(update={"data_dir": tmp_path / "other"}), backup)
        assert not (tmp_path / "other").exists()
        whole = karat("audit", "verify", "--data-dir", tmp_path / "data", KARAT_DATABASE_URL=url)
        assert whole.returncode == 0, whole.stdout + whole.stderr
        async with open_engine(settings) as restored:
            tables, expected = await rules_at(server.url(database="karat")), await rules_at(owner_dsn(engine))
            assert tables == expected
            assert restored.public_key == engine.public_key
    await restore(Settings(data_dir=tmp_path / "back"), tmp_path / "again")


async def rules_at(dsn: str) -> list[str]:
    """Every constraint, and every table whose policies hold for its owner too."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT conrelid::regclass || conname AS name FROM pg_constraint ORDER BY 1")
        forced = await connection.fetch("SELECT relname AS name FROM pg_class WHERE relforcerowsecurity ORDER BY 1")
        return [row["name"] for row in (*rows, *forced) if "pg_" not in row["name"]]
    finally:
        await connection.close()


def test_commands_say_what_they_did_and_what_is_wrong(karat: Karat, backup: Path, tmp_path: Path) -> None:  # noqa: F811
    whole = karat("backup", "verify", backup)
    assert (whole.returncode, whole.stdout.split(":")[0]) == (0, "Whole"), whole.stderr
    data = tmp_path / "data"
    assert karat("restore", backup, "--data-dir", data).returncode == 0
    again = karat("restore", backup, "--data-dir", data)
    assert (again.returncode, "There is something here already" in again.stderr) == (1, True)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    sealed = ("--passphrase-file", tmp_path / "passphrase")
    made = karat("backup", tmp_path / "sealed", "--data-dir", data, *sealed)
    assert made.returncode == 0 and "encrypted" in made.stdout, made.stderr
    assert "give its passphrase" in karat("backup", "verify", tmp_path / "sealed").stderr
    assert karat("backup", "verify", tmp_path / "sealed", *sealed, "--json").returncode == 0
    assert "There is a file of this name" in karat("backup", tmp_path / "sealed", "--data-dir", data).stderr
    assert "cannot be read" in karat("backup", "verify", tmp_path / "nothing").stderr
    assert "There is no Karat here" in karat("backup", tmp_path / "x", "--data-dir", tmp_path / "none").stderr

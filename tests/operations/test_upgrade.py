"""Data of an earlier release are kept whole by this one: made by that release's own code, see scripts/make_upgrade_fixture.py."""

import json
import os
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from karat.api.app import create_app
from karat.api.engine import open_engine
from karat.audit.sealing import verify
from karat.config import Settings
from karat.database.embedded_folder import wheel_bin_dir
from karat.database.engine import APP_ROLE
from karat.database.migrate import current_revision, migrate, revisions
from karat.database.supervisor import embedded_postgres
from karat.kit import Caller, Role, utc_now
from karat.operations import MediaWanted, UpgradeNotBackedUp, back_up, kept_before_upgrade, restore, verify_backup
from karat.operations.upgrading import FOLDER
from karat.quality.verification import verify as verify_certificate
from tests.support.world import answer

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("revision-*.tar.gz"))


@dataclass
class Released:
    """A data folder as a release left it."""

    settings: Settings
    facts: dict[str, Any]

    async def counts(self) -> dict[str, int]:
        """Rows of the counted tables of the tenant, and of all tenants where a table knows none."""
        async with embedded_postgres(self.settings.data_dir) as server:
            connection = await asyncpg.connect(server.url())
            await connection.execute("SELECT set_config('app.tenant', $1, false)", self.facts["tenant_id"])
            found = {}
            for name in self.facts["counts"]:
                where = "" if name in {"tenant", "user"} else f"WHERE tenant_id = '{self.facts['tenant_id']}'"
                found[name] = await connection.fetchval(f'SELECT count(*) FROM "{name}" {where}')
            await connection.close()
            return found


@pytest.fixture(params=FIXTURES, ids=lambda path: path.name.split(".")[0])
async def released(request: pytest.FixtureRequest, tmp_path: Path) -> Released:
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    with tarfile.open(request.param) as archive:
        archive.extractall(data_dir, filter="data")
    async with embedded_postgres(data_dir) as server:
        connection = await asyncpg.connect(server.url())
        await connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        await connection.close()
        load = [wheel_bin_dir() / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", data_dir / "database.sql"]
        subprocess.run([*load, server.url()], check=True, capture_output=True)
    return Released(Settings(data_dir=data_dir), json.loads((data_dir / "facts.json").read_text()))


def test_there_is_a_fixture_of_the_first_release() -> None:
    assert "revision-0001.tar.gz" in [path.name for path in FIXTURES]


async def test_an_upgrade_keeps_everything_and_everybody(released: Released) -> None:
    facts = released.facts
    assert await released.counts() == facts["counts"]
    async with open_engine(released.settings) as engine:
        assert engine.public_key == facts["public_key"]
        app = create_app(engine)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
            await _everybody_gets_in(client, facts)
            await _labels_and_certificate_are_there(client, facts)
            await _work_goes_on(client, facts)
        tenant_id = UUID(facts["tenant_id"])
        for sha256 in facts["assets"]:
            assert await engine.storage.exists(tenant_id, sha256)
        await engine.runner().drain()
        async with engine.database.transaction(tenant_id) as db:
            assert await db.fetch_value("SELECT count(*) FROM job WHERE state = 'failed'") == 0
            caller = Caller(tenant_id=tenant_id, user_id=UUID(int=1), role=Role.OWNER)
            report = await verify(db, caller, engine.public_key)
            assert (report.broken, report.n_entries) == (None, facts["counts"]["audit_entry"])
    after = await released.counts()
    fewer = {name: (n, after[name]) for name, n in facts["counts"].items() if after[name] < n}
    assert fewer == {}


async def _everybody_gets_in(client: httpx.AsyncClient, facts: dict[str, Any]) -> None:
    for role, key in facts["keys"].items():
        answered = await client.get("/api/kinds", headers={"Authorization": f"Bearer {key}"})
        assert answered.status_code == 200, role
    strange = facts["keys"]["owner"][:-3] + "xyz"
    assert (await client.get("/api/kinds", headers={"Authorization": f"Bearer {strange}"})).status_code == 401


async def _labels_and_certificate_are_there(client: httpx.AsyncClient, facts: dict[str, Any]) -> None:
    owner = {"Authorization": f"Bearer {facts['keys']['owner']}"}
    ids = facts["ids"]
    document = await client.get(f"/api/certificates/{ids['certificate_id']}/file", headers=owner)
    assert document.text == facts["certificate"]
    assert verify_certificate(document.content, expected_public_key=facts["public_key"]).is_valid
    for path in (
        f"/api/certificates/{ids['certificate_id']}",
        f"/api/projects/{ids['project_id']}/overview",
        f"/api/tasks/{ids['task_id']}",
        f"/api/exports/{ids['export_id']}",
        f"/api/imports/{ids['import_id']}",
        f"/api/jobs/{ids['job_id']}",
        "/api/keys",
        "/api/members",
        "/api/audit",
    ):
        answered = await client.get(path, headers=owner)
        assert answered.status_code == 200, (path, answered.text)
    export = await client.get(f"/api/exports/{ids['export_id']}/file", headers=owner)
    assert export.status_code == 200


async def _work_goes_on(client: httpx.AsyncClient, facts: dict[str, Any]) -> None:
    annotator = {"Authorization": f"Bearer {facts['keys']['annotator']}"}
    path = f"/api/projects/{facts['ids']['project_id']}/next"
    taken = (await client.post(path, json={"count": 1}, headers=annotator)).json()["items"]
    path = f"/api/assignments/{taken[0]['assignment_id']}/submission"
    done = await client.post(path, json=answer(taken[0]), headers=annotator)
    assert done.status_code < 300, done.text


async def test_a_sign_in_link_of_the_release_still_signs_in(released: Released) -> None:
    async with open_engine(released.settings) as engine:
        async with engine.database.transaction(UUID(released.facts["tenant_id"])) as db:
            await db.execute("UPDATE sign_in_code SET expires_at = now() + interval '1 minute'")
        app = create_app(engine)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
            code = {"code": released.facts["sign_in_code"]}
            session = await client.post("/api/session", json=code)
            assert session.json()["role"] == "owner", session.text
            assert (await client.post("/api/session", json=code)).status_code >= 400, "once"


async def test_an_upgrade_that_fails_leaves_the_data_as_they_were(released: Released) -> None:
    async with embedded_postgres(released.settings.data_dir) as server:
        connection = await asyncpg.connect(server.url())
        await connection.execute("CREATE TABLE chore (mine text)")  # stands in the way of a migration
        with pytest.raises(Exception, match="chore"):
            await migrate(server.url())
        assert await current_revision(connection) == released.facts["revision"]
        assert await connection.fetchval("SELECT to_regclass('presence')") is None, "not one of the migrations is done"
        await connection.execute("DROP TABLE chore")
        await connection.close()
    assert await released.counts() == released.facts["counts"]


def kept_by(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / FOLDER).glob("*"))


async def test_the_rows_are_kept_before_an_upgrade_and_bring_the_release_back(
    released: Released, tmp_path: Path
) -> None:
    old = released.facts["revision"]
    async with open_engine(released.settings):
        pass
    (kept,) = kept_by(released.settings)
    assert kept.name.startswith(f"upgrade-{old}-to-{revisions()[-1]}-")
    assert (kept.stat().st_mode & 0o077, kept.parent.stat().st_mode & 0o077) == (0, 0)
    report = verify_backup(kept, public_key=released.facts["public_key"])
    assert (report.revision, report.has_media, report.n_media, report.has_secret) == (old, False, 0, True)
    async with open_engine(released.settings):
        assert kept_by(released.settings) == [kept], "no more once it is done"
    with pytest.raises(MediaWanted):
        await restore(Settings(data_dir=tmp_path / "back"), kept)
    back = Settings(data_dir=tmp_path / "back")
    done = await restore(back, kept, media=released.settings.data_dir / "media")
    assert (done.from_revision, done.n_missing) == (old, 0)
    assert done.n_media >= len(released.facts["assets"])
    assert await Released(back, released.facts).counts() == released.facts["counts"]


async def test_an_upgrade_without_room_for_the_backup_is_refused_unless_the_operator_says_so(
    released: Released,
) -> None:
    (released.settings.data_dir / FOLDER).write_text("in the way")
    with pytest.raises(UpgradeNotBackedUp, match="backups") as refused:
        async with open_engine(released.settings):
            pass
    assert "KARAT_UPGRADE_BACKUP=no" in refused.value.title()
    async with embedded_postgres(released.settings.data_dir) as server:
        connection = await asyncpg.connect(server.url())
        assert await current_revision(connection) == released.facts["revision"]
        await connection.close()
    without = Settings.load({"KARAT_UPGRADE_BACKUP": "no", "KARAT_DATA_DIR": str(released.settings.data_dir)})
    async with open_engine(without) as engine:
        assert engine.public_key == released.facts["public_key"]


async def test_what_the_database_refuses_to_the_backup_ends_the_start_with_one_clear_error(
    released: Released, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded_postgres(released.settings.data_dir) as server:
        connection = await asyncpg.connect(server.url())
        await connection.execute("ALTER ROLE CURRENT_USER SET lock_timeout = '50ms'")
        async with connection.transaction():
            await connection.execute("LOCK TABLE asset IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(UpgradeNotBackedUp, match="lock timeout"):
                await kept_before_upgrade(released.settings, server.url(), utc_now()).__aenter__()
        await connection.execute("ALTER ROLE CURRENT_USER RESET lock_timeout")

        async def torn(*_: Any, **__: Any) -> None:
            await connection.close()
            await connection.execute("SELECT 1")

        monkeypatch.setattr("karat.operations.upgrading.back_up", torn)
        with pytest.raises(UpgradeNotBackedUp, match="connection is closed"):
            await kept_before_upgrade(released.settings, server.url(), utc_now()).__aenter__()
    assert kept_by(released.settings) == []


async def test_an_upgrade_that_is_begun_again_and_again_keeps_one_backup_and_of_others_the_last(
    released: Released,
) -> None:
    settings, now = released.settings, utc_now()
    async with embedded_postgres(settings.data_dir) as server:
        made = []
        for minutes in range(3):
            async with kept_before_upgrade(settings, server.url(), now + timedelta(minutes=minutes)) as path:
                assert path is not None
                made.append(path)
        assert kept_by(settings) == made[-1:]
        for at, name in enumerate(["a", "b", "c"]):
            other = settings.data_dir / FOLDER / f"upgrade-000{at}-to-{name}-x.backup"
            other.touch()
            os.utime(other, (at, at))
        (settings.data_dir / FOLDER / "mine.backup").touch()
        async with kept_before_upgrade(settings, server.url(), now + timedelta(minutes=9)) as path:
            pass
    assert path is not None
    names = {"mine.backup", "upgrade-0001-to-b-x.backup", "upgrade-0002-to-c-x.backup", path.name}
    assert {one.name for one in kept_by(settings)} == names


async def test_data_of_this_version_and_new_ones_are_not_backed_up_by_themselves(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    for _ in range(2):
        async with open_engine(settings):
            assert kept_by(settings) == []


async def test_a_backup_of_the_release_made_by_this_version_is_restored_and_upgraded(
    released: Released, tmp_path: Path
) -> None:
    report = await back_up(released.settings, tmp_path / "old.backup", utc_now())
    assert report.revision == released.facts["revision"], "a backup upgrades nothing"
    done = await restore(Settings(data_dir=tmp_path / "new"), tmp_path / "old.backup")
    assert (done.from_revision, done.revision) == (released.facts["revision"], revisions()[-1])
    assert await Released(Settings(data_dir=tmp_path / "new"), released.facts).counts() == released.facts["counts"]

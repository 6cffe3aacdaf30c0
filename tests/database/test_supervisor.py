import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from karat.database.embedded_errors import (
    DatabaseDiskFull,
    DatabaseNotStarted,
    DataFolderTooNew,
    DataFolderTooOld,
    EmbeddedUnsupported,
)
from karat.database.embedded_folder import EmbeddedFolder, EmbeddedServer, socket_folder, wheel_bin_dir
from karat.database.supervisor import embedded_postgres, running_postgres

pytestmark = [pytest.mark.asyncio, pytest.mark.skipif(sys.platform != "linux", reason="embedded mode is for Linux")]

OWNER = """
import asyncio, sys
from pathlib import Path
import asyncpg
from karat.database.supervisor import embedded_postgres

async def own():
    async with embedded_postgres(Path(sys.argv[1])) as server:
        connection = await asyncpg.connect(server.url())
        await connection.execute("create table if not exists kept as select 42 as answer")
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(own())
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs the server of `tmp_path` until its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own with 75 MiB, which takes root and the right to mount."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=75m", "tmpfs", tmp_path]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


async def ask(server: EmbeddedServer, question: str) -> Any:
    connection = await asyncpg.connect(server.url())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def ask_until_answered(server: EmbeddedServer, question: str) -> Any:
    """As a client with a pool would: break, reconnect, ask again."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return await ask(server, question)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def postmaster(data_dir: Path) -> int:
    pid = EmbeddedFolder(data_dir).postmaster_pid()
    assert pid is not None
    return pid


async def test_a_killed_server_is_started_again_with_all_it_had_acknowledged(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as server:
        await ask(server, "create table kept as select 42 as answer")
        killed = postmaster(tmp_path)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: EmbeddedFolder(tmp_path).postmaster_pid() not in (killed, None))
        assert await ask_until_answered(server, "select answer from kept") == 42
    assert EmbeddedFolder(tmp_path).postmaster_pid() is None
    assert not server.socket_dir.exists()


async def test_killing_its_process_ends_the_server_and_loses_nothing(
    tmp_path: Path, owner: subprocess.Popen[str]
) -> None:
    pid = postmaster(tmp_path)
    owner.kill()
    await until(lambda: not Path(f"/proc/{pid}").exists())
    assert await running_postgres(tmp_path) is None
    async with embedded_postgres(tmp_path) as server:
        assert await ask(server, "select answer from kept") == 42


async def test_a_second_process_shares_the_server_and_leaves_it_running(
    tmp_path: Path, owner: subprocess.Popen[str]
) -> None:
    pid = postmaster(tmp_path)
    async with embedded_postgres(tmp_path) as server:
        assert await running_postgres(tmp_path) == server
        assert await ask(server, "select answer from kept") == 42
    assert postmaster(tmp_path) == pid
    assert owner.poll() is None


async def test_who_shares_takes_over_at_the_same_address_when_the_owner_goes(
    tmp_path: Path, owner: subprocess.Popen[str]
) -> None:
    async with embedded_postgres(tmp_path) as server:
        first = postmaster(tmp_path)
        owner.communicate()
        await until(lambda: EmbeddedFolder(tmp_path).postmaster_pid() not in (first, None))
        assert await ask_until_answered(server, "select answer from kept") == 42


async def test_many_that_start_at_once_get_one_server(tmp_path: Path) -> None:
    async def enter() -> int:
        async with embedded_postgres(tmp_path) as server:
            await all_in.wait()
            assert await ask(server, "select 1") == 1
            pid = postmaster(tmp_path)
            await all_done.wait()
            return pid

    all_in, all_done = asyncio.Barrier(5), asyncio.Barrier(5)
    assert len(set(await asyncio.gather(*(enter() for _ in range(5))))) == 1


@pytest.mark.parametrize(("version", "refusal"), [("99", DataFolderTooNew), ("12", DataFolderTooOld)])
async def test_a_folder_of_another_major_version_is_refused(
    tmp_path: Path, version: str, refusal: type[Exception]
) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text(f"{version}\n")
    with pytest.raises(refusal, match=version):
        async with embedded_postgres(tmp_path):
            pass


async def test_a_pid_file_that_names_a_stranger_does_not_keep_the_server_down(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as server:
        left_behind = (tmp_path / "postgres" / "postmaster.pid").read_text().splitlines()
    stranger = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join([str(stranger.pid), *left_behind[1:]]))
        async with embedded_postgres(tmp_path) as server:
            assert await ask(server, "select 1") == 1
    finally:
        stranger.kill()
        await stranger.wait()


async def test_a_folder_half_made_by_a_killed_process_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(tmp_path) as server:
        assert await ask(server, "select 1") == 1


async def test_a_start_that_fails_says_why_in_the_words_of_postgres(tmp_path: Path) -> None:
    with pytest.raises(DatabaseNotStarted, match="shared_buffers"):
        async with embedded_postgres(tmp_path, settings={"shared_buffers": "plenty"}):
            pass
    async with embedded_postgres(tmp_path) as server:  # and leaves no lock behind
        assert await ask(server, "select 1") == 1


async def test_a_disk_without_room_is_named_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(DatabaseDiskFull):
        async with embedded_postgres(tmp_path):
            pass
    assert not (tmp_path / "postgres").exists()


async def test_a_full_disk_is_told_to_the_client_and_takes_nothing_else_with_it(small_disk: Path) -> None:
    too_much = "create table filler as select repeat(md5(g::text), 50) from generate_series(1, 100000) g"
    with pytest.raises(asyncpg.DiskFullError):
        async with embedded_postgres(small_disk) as server:
            await ask(server, "create table kept as select 42 as answer")
            await ask(server, too_much)
    async with embedded_postgres(small_disk) as server:
        assert await ask(server, "select answer from kept") == 42
        assert await ask(server, "select to_regclass('filler')") is None


async def test_the_server_is_durable_unreachable_from_outside_and_knows_vectors(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as server:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert await ask(server, f"show {setting}") == "on"
        assert await ask(server, "show listen_addresses") == ""
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert await ask(server, "select datcollate || datlocale from pg_database limit 1") == "CC.UTF-8"
        await ask(server, "create extension vector")
        assert await ask(server, "select '[1,2]'::vector <-> '[1,4]'::vector") == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs the namespace")
async def test_root_runs_it_as_nobody_who_owns_the_same_files(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path):
        assert Path(f"/proc/{postmaster(tmp_path)}/uid_map").read_text().split() == ["65534", "0", "1"]
        assert (tmp_path / "postgres").stat().st_uid == 0


async def test_a_socket_folder_that_is_not_ours_alone_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr("karat.database.embedded_folder.LONGEST_SOCKET_FOLDER", 4096)
    usual = socket_folder(EmbeddedFolder(tmp_path))
    assert socket_folder(EmbeddedFolder(tmp_path)) == usual
    usual.chmod(0o777)
    opened = socket_folder(EmbeddedFolder(tmp_path))
    usual.rmdir()
    usual.symlink_to(opened)
    linked = socket_folder(EmbeddedFolder(tmp_path))
    usual.unlink()
    usual.touch()
    taken = socket_folder(EmbeddedFolder(tmp_path))
    assert len({usual, opened, linked, taken}) == 4
    assert {path.stat().st_mode & 0o777 for path in (opened, linked, taken)} == {0o700}


async def test_another_system_is_told_to_bring_its_own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(EmbeddedUnsupported):
        wheel_bin_dir()
    assert "KARAT_DATABASE_URL" in EmbeddedUnsupported.title()

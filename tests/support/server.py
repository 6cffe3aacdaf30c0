"""A real `karat serve` in a process of its own, that a test can kill and start again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


class RunningServer:
    """A server on its own data folder and port; the port stays the same over restarts, as it would for a browser."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = dict(settings or {})
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Start it; seconds until it answered a request that asks the database."""
        began = time.perf_counter()
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "KARAT_LOG_LEVEL": "error", **self._settings}
        command = [sys.executable, "-m", "karat", "serve", "--data-dir", self.data_dir, "--port", str(self.port)]
        with (self.data_dir.parent / f"{self.data_dir.name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        await self.until_healthy()
        return time.perf_counter() - began

    async def until_healthy(self) -> None:
        """Wait until a request that needs the database is answered."""
        give_up = time.monotonic() + PATIENCE_S
        async with httpx.AsyncClient(base_url=self.url, timeout=5) as client:
            while time.monotonic() < give_up:
                assert self.process is not None
                assert self.process.poll() is None, self.log()
                with suppress(httpx.TransportError, FileNotFoundError):
                    headers = {"authorization": f"Bearer {self.owner_key}"}
                    if (await client.get("/api/projects", headers=headers)).status_code == 200:
                        return
                await asyncio.sleep(0.02)
        raise TimeoutError(f"the server does not answer\n{self.log()}")

    @property
    def owner_key(self) -> str:
        """The key that the first start wrote down."""
        return (self.data_dir / "owner.key").read_text().strip()

    @property
    def database_pid(self) -> int:
        """The postmaster."""
        return int((self.data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])

    def kill(self) -> None:
        """SIGKILL the server: nothing of it runs any more when this returns."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def kill_database(self) -> None:
        """SIGKILL the postmaster; its children notice and end, and the supervisor starts it again."""
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(self.database_pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self) -> str:
        """What it said last."""
        return (self.data_dir.parent / f"{self.data_dir.name}.log").read_text()[-3000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found

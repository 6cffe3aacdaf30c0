"""`karat serve`: one process with the database's supervisor, the jobs and the HTTP door; stops cleanly on a signal."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from karat.access import FirstOwner, set_up
from karat.api.app import create_app
from karat.api.engine import Engine, open_engine
from karat.config import Settings
from karat.errors import Unavailable

OWNER_KEY = "owner.key"
STOP_PATIENCE_S = 10.0


class PortInUse(Unavailable):
    """The port is taken by another program; stop it, or choose another with --port."""

    code = "serve.port_in_use"


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers.

    Attributes:
        first_owner: what the first start made; None on every later one.
    """

    url: str
    engine: Engine
    first_owner: FirstOwner | None

    def sign_in_link(self, code: str) -> str:
        """The code travels in the fragment, which browsers never send."""
        return f"{self.url}/sign-in#{code}"


@asynccontextmanager
async def serving(settings: Settings, *, with_runner: bool = True) -> AsyncIterator[Serving]:
    """A running server, until the block ends.

    Raises:
        PortInUse: before anything is started.
    """
    port = free_port(settings.host, settings.port)
    settings = settings.model_copy(update={"port": port})
    async with open_engine(settings) as engine:
        first = await set_up(engine.database, "My organisation", "Owner")
        if first is not None:
            _write_key(settings.data_dir / OWNER_KEY, first.key)
        app = create_app(engine)
        runner = app.state.runner = engine.runner() if with_runner else None
        server = Server(
            app,
            address=settings.host,
            port=port,
            interface=Interfaces.ASGI,
            websockets=False,
            log_enabled=False,
            backlog=1024,
        )
        task = asyncio.create_task(server.serve())
        if runner:
            runner.start()
        try:
            await _until_it_answers(settings.host, port, task)
            yield Serving(settings.public_url or f"http://{_shown(settings.host)}:{port}", engine, first)
        finally:
            server.stop()  # type: ignore[no-untyped-call]
            if runner:
                await runner.stop()
            await asyncio.wait([task], timeout=STOP_PATIENCE_S)


async def stop_signal() -> None:
    """Returns when the process is asked to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def free_port(host: str, port: int) -> int:
    """The port itself, or a free one for 0.

    Raises:
        PortInUse: somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(port=port, reason=error.strerror) from error
        found: int = probe.getsockname()[1]
        return found


async def _until_it_answers(host: str, port: int, task: "asyncio.Task[None]") -> None:
    while True:
        if task.done():
            raise PortInUse(port=port) from task.exception()
        try:
            _, writer = await asyncio.open_connection(_shown(host), port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to


def _write_key(path: Path, key: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(key + "\n")

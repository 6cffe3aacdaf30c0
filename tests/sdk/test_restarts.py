"""The server is killed and comes back while the client is at work."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from karat_client import Client, ConnectionFailed, Progress, SourceUnusable
from karat_client.loads import PART_BYTES
from tests.sdk.conftest import make_photos, text_project, upload_texts
from tests.support.server import RunningServer


@pytest.fixture(scope="module")
async def mortal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """A server of this module's own."""
    running = RunningServer(tmp_path_factory.mktemp("mortal") / "data")
    await running.start()
    yield running
    running.stop()


@pytest.fixture
def client(mortal: RunningServer) -> Iterator[Client]:
    with Client(mortal.url, mortal.owner_key) as one:
        one.whoami()
        yield one


@pytest.fixture
def helper() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def restart(server: RunningServer) -> None:
    """Kill it and start it again, in this thread's own loop."""
    server.kill()
    asyncio.run(server.start())


class KillAt:
    """Has the server killed and started again once so many bytes have left."""

    def __init__(self, server: RunningServer, helper: ThreadPoolExecutor, at: int) -> None:
        self._server, self._helper, self._at = server, helper, at
        self.restarted: Future[None] | None = None
        self.lowest = 1 << 60

    def __call__(self, point: Progress) -> None:
        if self.restarted is None and point.unit == "bytes" and point.done >= self._at:
            self._server.kill()
            self.restarted = self._helper.submit(asyncio.run, self._server.start())  # type: ignore[arg-type]
        elif self.restarted and point.unit == "bytes":
            self.lowest = min(self.lowest, point.done)


def test_an_upload_goes_on_when_the_server_restarts_in_the_middle(
    mortal: RunningServer, client: Client, helper: ThreadPoolExecutor, tmp_path: Path
) -> None:
    dataset = client.datasets.create("Photos", "image")
    folder = make_photos(tmp_path / "photos", 5)
    (folder / "large.bin").write_bytes(bytes(30_000_000))
    kill = KillAt(mortal, helper, 12_000_000)

    done = client.datasets.upload(dataset, folder, progress=kill, timeout=120)

    assert kill.restarted
    assert kill.lowest >= 12_000_000 - PART_BYTES  # it did not begin anew
    assert (done.state, done.n_added) == ("done", 5)
    assert [one.id for one in client.imports.list(dataset)] == [done.id]
    assert client.uploads.list().to_list() == []


def test_an_upload_that_cannot_be_read_again_says_so(
    mortal: RunningServer, client: Client, helper: ThreadPoolExecutor
) -> None:
    dataset = client.datasets.create("Texts", "text")

    class Once:
        def __init__(self) -> None:
            self.left = 40

        def read(self, n: int) -> bytes:
            self.left -= 1
            return bytes(n) if self.left > 0 else b""

        def seekable(self) -> bool:
            return False

    kill = KillAt(mortal, helper, 3_000_000)
    with pytest.raises(SourceUnusable, match="can be read only once"):
        client.datasets.upload(dataset, Once(), filename="once.csv", progress=kill)  # type: ignore[arg-type]
    assert kill.restarted
    kill.restarted.result(60)


def test_waiting_survives_a_restart(mortal: RunningServer, client: Client, helper: ThreadPoolExecutor) -> None:
    dataset = client.datasets.create("Many", "text")
    started = upload_texts(client, dataset, 5000, wait=False)
    began = Event()
    waiting = helper.submit(client.imports.wait, started, timeout=180, progress=lambda _: began.set())
    assert began.wait(30)

    mortal.stop()  # an end in good order gives its jobs back at once
    asyncio.run(mortal.start())

    assert waiting.result(180).n_added == 5000


def test_watching_survives_a_restart(mortal: RunningServer, client: Client) -> None:
    project = text_project(client, 1)
    watching = client.projects.watch(project)
    assert next(watching).project_id == project.id

    restart(mortal)

    client.work.submit(client.work.next(project).items[0], "a")
    assert next(one for one in watching if one.answers.people).project_id == project.id
    watching.close()


def test_a_server_that_does_not_come_back_is_told_in_the_end(mortal: RunningServer) -> None:
    with Client(mortal.url, mortal.owner_key, retry_for=1) as client:
        assert client.whoami().role == "owner"
        mortal.kill()
        with pytest.raises(ConnectionFailed) as failed:
            client.whoami()
    assert failed.value.retryable
    assert mortal.url in str(failed.value)

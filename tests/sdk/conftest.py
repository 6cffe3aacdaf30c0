"""A real server in a process of its own, and clients of it."""

import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from karat_client import Client, Progress, QualityTarget
from karat_client.records import Dataset, Import, Project
from tests.support.server import RunningServer

NAMES = ("cat", "dog")


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """A server that all tests share; each makes datasets of its own. It may connect to this machine."""
    running = RunningServer(tmp_path_factory.mktemp("sdk") / "data", {"KARAT_OUTBOUND_ALLOW": "127.0.0.1"})
    await running.start()
    yield running
    running.stop()


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    """The owner's client."""
    with Client(server.url, server.owner_key) as one:
        yield one


class Tap(httpx.BaseTransport):
    """Passes requests on, and can watch, refuse or cut what goes by."""

    def __init__(self, on_request: Callable[[httpx.Request], httpx.Response | None] | None = None) -> None:
        self._inner = httpx.HTTPTransport()
        self._on_request = on_request
        self._lock = threading.Lock()
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
        answer = self._on_request(request) if self._on_request else None
        return answer or self._inner.handle_request(request)

    def paths(self) -> list[str]:
        return [f"{one.method} {one.url.path}" for one in self.requests]


@pytest.fixture
def tap(server: RunningServer) -> Iterator[tuple[Client, Tap]]:
    """The owner's client, and what it sends."""
    tapped = Tap()
    with Client(server.url, server.owner_key, transport=tapped) as one:
        yield one, tapped


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of small pictures whose names say what they show."""
    return make_photos(tmp_path / "photos", 6, nested=True)


def make_photos(folder: Path, n: int, *, nested: bool = False) -> Path:
    """Different pictures, every third of them in a folder below if they are to be nested."""
    (folder / "more").mkdir(parents=True)
    for at in range(n):
        place = folder / "more" if nested and at % 3 == 2 else folder
        Image.frombytes("RGB", (8, 8), os.urandom(192)).save(place / f"{NAMES[at % 2]}-{at}.png")
    return folder


def text_project(client: Client, n: int, **target: object) -> Project:
    """A project over texts that asks everybody at once."""
    dataset = client.datasets.create("Texts", "text")
    upload_texts(client, dataset, n)
    wanted = QualityTarget(**{"overlap": 1, **target})  # type: ignore[arg-type]
    project = client.projects.create("Texts", dataset, kind="text.class", classes=["a", "b"], target=wanted)
    until(lambda: client.projects.get(project).n_tasks == n)
    return project


def upload_texts(client: Client, dataset: Dataset, n: int, **options: object) -> Import:
    rows = "".join(f"text-{at},number {at} {uuid4()}\n" for at in range(n))
    return client.datasets.upload(dataset, f"id,text\n{rows}".encode(), filename="texts.csv", **options)


def until(is_so: Callable[[], object], patience_s: float = 30) -> None:
    """Ask again until it is so."""
    give_up = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < give_up, "it never was"
        time.sleep(0.05)


class Points(list[Progress]):
    """Everything that was told."""

    def __call__(self, point: Progress) -> None:
        self.append(point)

"""When one file cannot be sent, the others stop wherever they are, and nothing is left behind; no real server is needed."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from karat_client import Invalid, TooLarge, parts
from karat_client.retries import Backoff
from tests.sdk.uploads.conftest import PART, upload
from tests.sdk.uploads.fake_server import File, UploadsServer, problem

PAUSE_S = 20.0


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder of two files of three parts each."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("0.bin", "1.bin"):
        (folder / name).write_bytes(os.urandom(3 * PART))
    return folder


@pytest.mark.parametrize("broken", ["PUT", "GET"])
def test_a_file_that_waits_to_be_tried_again_stops_at_once(
    server: UploadsServer, two: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    waits = Event()

    def pause_s(*_said: object) -> float:
        waits.set()
        return PAUSE_S

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/files/1"):
            assert waits.wait(10)
            return problem(413, "request.too_large", max_bytes=1)
        if request.url.path.endswith("/files/0") and request.method in ("PUT", broken):
            raise httpx.ConnectError("no line")
        return None

    monkeypatch.setattr(Backoff, "pause_s", pause_s)
    server.on_request = answer
    began = time.monotonic()

    with pytest.raises(TooLarge):
        upload(server, two)

    assert time.monotonic() - began < PAUSE_S / 2


def test_a_file_that_is_under_way_begins_no_other_part(
    server: UploadsServer, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at_its_end, stops = Event(), Event()

    class Pool(ThreadPoolExecutor):
        def shutdown(self, *said: Any, **more: Any) -> None:
            stops.set()
            super().shutdown(*said, **more)

    def hold(file: File, piece: bytes) -> None:
        if file.offset + len(piece) == PART:
            is_at_its_end.set()
            assert stops.wait(10)

    def answer(request: httpx.Request) -> httpx.Response | None:
        return (
            problem(413, "request.too_large", max_bytes=1)
            if request.url.path.endswith("/files/1") and is_at_its_end.wait(10)
            else None
        )

    monkeypatch.setattr(parts, "ThreadPoolExecutor", Pool)
    server.on_piece, server.on_request = hold, answer

    with pytest.raises(TooLarge):
        upload(server, two)

    assert server.received == PART
    assert sum(one.startswith("PUT") and one.endswith("/files/0") for one in server.asked) == 1


@pytest.mark.parametrize("n_batches", [1, 2])
def test_an_upload_of_which_a_later_file_is_refused_when_it_is_announced_is_abandoned(
    server: UploadsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: Path, n_batches: int
) -> None:
    monkeypatch.setattr(parts, "ANNOUNCED_AT_ONCE", 2)
    for at in range(7):
        (tmp_path / f"{at}.bin").write_bytes(os.urandom(PART))

    def answer(request: httpx.Request) -> httpx.Response | None:
        is_more = request.method == "POST" and request.url.path.endswith("/files")
        n_files = sum(len(one.files) for one in server.uploads.values())
        return problem(422, "upload.name_invalid") if is_more and n_files == 2 * n_batches else None

    server.on_request = answer

    with pytest.raises(Invalid) as refused:
        upload(server, sorted(tmp_path.glob("*.bin")))

    assert refused.value.code == "upload.name_invalid"
    assert server.uploads == {} and not notes.exists()
    assert not any(one.startswith("PUT") for one in server.asked)

"""What tests of uploads in parts start from."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from karat_client import Client, loads, parts, sending
from karat_client.records import Import
from karat_client.retries import Backoff
from tests.sdk.uploads.fake_server import DATASET, File, UploadsServer

PART = 100_000
SIZE = 1_000_000


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of 100 kB, files of 50 kB count as large, and pauses of a hundredth."""
    for module in (loads, parts, sending):
        monkeypatch.setattr(module, "PART_BYTES", PART)
    monkeypatch.setattr(loads, "LARGE_FILE_BYTES", 50_000)
    monkeypatch.setattr("karat_client.sources.PIECE", 16_384)
    pause_s = Backoff.pause_s
    monkeypatch.setattr(Backoff, "pause_s", lambda *said: pause_s(*said) / 100)


@pytest.fixture(autouse=True)
def notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where uploads are noted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "karat-client" / "uploads"


@pytest.fixture
def server() -> UploadsServer:
    return UploadsServer()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of ten parts."""
    path = tmp_path / "large.csv"
    path.write_bytes(os.urandom(SIZE))
    return path


def upload(server: UploadsServer, source: Any, *, retry_for: float = 60, **options: Any) -> Import:
    with Client("http://karat.test", "k", transport=server, retry_for=retry_for) as client:
        return client.datasets.upload(DATASET, source, wait=False, **options)


def whole(server: UploadsServer, *contents: bytes) -> bool:
    """Whether these files arrived, each byte once."""
    (one,) = server.uploads.values()
    return {file.digest.hexdigest() for file in one.files} == {hashlib.sha256(each).hexdigest() for each in contents}


def break_at(at: int, error: Exception) -> Callable[[File, bytes], None]:
    """Breaks the line, once, when so many bytes of a file have come."""
    left = [error]

    def on_piece(file: File, piece: bytes) -> None:
        if left and file.offset + len(piece) >= at:
            raise left.pop()

    return on_piece

"""Which way a load goes, in one request or file by file; no real server is needed."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from karat_client import loads
from tests.sdk.uploads.conftest import PART, upload, whole
from tests.sdk.uploads.fake_server import DATASET, UploadsServer, an_import, ok


@pytest.mark.parametrize(("n_bytes", "n_sent"), [(PART // 2 - 200, 0), (PART // 2, 2)])
def test_files_whose_zip_alone_would_be_too_large_for_one_request_go_by_themselves(
    server: UploadsServer, tmp_path: Path, n_bytes: int, n_sent: int
) -> None:
    contents = [os.urandom(n_bytes) for _ in range(2)]

    assert _files_sent(server, tmp_path / "data", contents) == n_sent


@pytest.mark.parametrize(("n_files", "n_sent"), [(5, 0), (6, 6)])
def test_more_files_than_a_zip_may_hold_go_by_themselves_however_small(
    server: UploadsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_files: int, n_sent: int
) -> None:
    monkeypatch.setattr(loads, "MOST_ZIP_ENTRIES", 5)

    assert _files_sent(server, tmp_path / "data", [os.urandom(10) for _ in range(n_files)]) == n_sent


def _files_sent(server: UploadsServer, folder: Path, contents: list[bytes]) -> int:
    """How many files of a folder went by themselves, each whole; none if it went as a ZIP in one request."""
    folder.mkdir()
    for at, content in enumerate(contents):
        (folder / f"{at}.bin").write_bytes(content)
    server.on_request = lambda request: (
        ok(an_import(uuid4(), "data.zip"), 202) if request.url.path == f"/api/datasets/{DATASET}/imports" else None
    )

    upload(server, folder)

    n_sent = sum(one.startswith("PUT") for one in server.asked)
    assert whole(server, *contents) if n_sent else len(server.asked) == 1
    return n_sent

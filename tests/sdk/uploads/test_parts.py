"""Uploads in parts: whatever breaks, they go on; no real server is needed."""

import os
import tracemalloc
from itertools import count, pairwise
from pathlib import Path
from threading import Event

import httpx
import pytest

from karat_client import Conflict, ConnectionFailed, SourceUnusable, TooLarge, parts
from tests.sdk.conftest import Points
from tests.sdk.uploads.conftest import PART, SIZE, break_at, upload, whole
from tests.sdk.uploads.fake_server import File, UploadsServer, problem


def test_a_large_file_goes_part_by_part(server: UploadsServer, large: Path, notes: Path) -> None:
    told = Points()

    started = upload(server, large, progress=told)

    assert started.source == "files" and whole(server, large.read_bytes())
    assert sum(one.startswith("PUT") for one in server.asked) == SIZE // PART
    assert [point.done for point in told] == sorted(point.done for point in told)
    assert told[-1].is_over and told[-1].done == told[-1].total == SIZE
    assert list(notes.iterdir()) == []


@pytest.mark.parametrize(
    "error", [httpx.WriteError("reset"), httpx.ReadTimeout("silent"), httpx.RemoteProtocolError("gone")], ids=repr
)
def test_a_line_that_breaks_at_60_percent_costs_what_was_under_way_and_no_more(
    server: UploadsServer, large: Path, error: Exception
) -> None:
    server.on_piece = break_at(600_000, error)
    told = Points()

    upload(server, large, progress=told)

    assert whole(server, large.read_bytes())
    assert server.received == SIZE
    assert told[-1].done == SIZE


def test_progress_takes_back_what_left_and_did_not_arrive(server: UploadsServer, large: Path) -> None:
    lost = []

    def lose(file: File, piece: bytes) -> bool:
        if file.offset >= 300_000 and len(lost) < 4:
            lost.append(piece)
            if len(lost) == 4:
                raise httpx.WriteError("reset")
            return True
        return False

    server.on_piece = lose
    told = Points()

    upload(server, large, progress=told)

    assert whole(server, large.read_bytes())
    assert max(point.done for point in told) == told[-2].done == SIZE
    assert any(after.done < before.done for before, after in pairwise(told))


def test_a_line_that_breaks_again_and_again_is_good_enough_while_something_arrives(
    server: UploadsServer, large: Path
) -> None:
    came = count()

    def every_second(_file: File, _piece: bytes) -> None:
        if next(came) % 2:
            raise httpx.WriteError("reset")

    server.on_piece = every_second

    upload(server, large, retry_for=0.4)

    assert whole(server, large.read_bytes())


def test_a_file_that_changes_while_it_is_sent_is_refused_and_forgotten(
    server: UploadsServer, large: Path, notes: Path
) -> None:
    def touch(file: File, _piece: bytes) -> None:
        if file.offset > 500_000:
            os.utime(large, ns=(1, 1))

    server.on_piece = touch

    with pytest.raises(SourceUnusable, match="changed while it was sent"):
        upload(server, large)

    assert server.uploads == {} and list(notes.iterdir()) == []


def test_a_file_that_becomes_shorter_is_refused(server: UploadsServer, large: Path) -> None:
    server.on_piece = lambda file, _piece: os.truncate(large, 300_000) if file.offset > 200_000 else None

    with pytest.raises(SourceUnusable, match="shorter"):
        upload(server, large)


def test_bytes_go_in_parts_too_and_leave_no_note(server: UploadsServer, notes: Path) -> None:
    content = os.urandom(SIZE)
    server.on_piece = break_at(600_000, httpx.WriteError("reset"))

    upload(server, content, filename="a.parquet")

    assert whole(server, content) and server.received == SIZE
    assert not notes.exists()


def test_a_file_that_another_request_still_holds_is_waited_for(server: UploadsServer, large: Path) -> None:
    busy = [problem(409, "upload.busy", retryable=True) for _ in range(3)]
    server.on_request = lambda request: busy.pop() if request.method == "PUT" and busy else None

    upload(server, large)

    assert whole(server, large.read_bytes())


def test_a_place_that_the_server_knows_better_is_taken_from_it(server: UploadsServer, large: Path) -> None:
    content, took = large.read_bytes(), []

    def take_on_its_own(request: httpx.Request) -> None:
        (one,) = server.uploads.values() or [None]
        if request.method == "PUT" and one and one.files[0].offset == 3 * PART and not took:
            took.append(one.files[0].take(content[3 * PART : 3 * PART + 1234]))

    server.on_request = take_on_its_own  # type: ignore[assignment]

    upload(server, large)

    assert whole(server, content)


def test_one_that_was_completed_meanwhile_is_the_same_import(server: UploadsServer, large: Path) -> None:
    def complete(request: httpx.Request) -> None:
        for one in server.uploads.values():
            if one.files[0].offset > 400_000 and one.import_id is None:
                for file in one.files:
                    file.offset = file.size
                server.on_request = lambda _request: None
                server.handle_request(httpx.Request("POST", f"http://x/api/uploads/{one.id}/complete"))

    server.on_request = complete  # type: ignore[assignment]

    assert upload(server, large).id == next(iter(server.uploads.values())).import_id


def test_what_the_server_does_not_take_stops_all_files_and_is_told(server: UploadsServer, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for at in range(30):
        (folder / f"{at:02}.bin").write_bytes(os.urandom(200_000))
    server.on_piece = lambda _file, _piece: Event().wait(0.005)
    server.on_request = lambda request: (
        problem(413, "request.too_large", max_bytes=1) if request.url.path.endswith("/files/2") else None
    )

    with pytest.raises(TooLarge) as refused:
        upload(server, folder)

    assert refused.value.fields["max_bytes"] == 1
    assert server.received < 15 * 200_000


def test_more_files_than_one_request_tells_are_announced_once_each(
    server: UploadsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "ANNOUNCED_AT_ONCE", 4)
    folder = tmp_path / "data"
    folder.mkdir()
    contents = [os.urandom(60_000) for _ in range(11)]
    for at, content in enumerate(contents):
        (folder / f"{at:02}.bin").write_bytes(content)
    lost = []

    def lose(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path.endswith("/files") and not lost:
            lost.append(request)
            server.handle_request(request)
            raise httpx.ReadError("reset")

    server.on_request = lose  # type: ignore[assignment]

    upload(server, folder)

    (one,) = server.uploads.values()
    assert [file.name for file in one.files] == [f"{at:02}.bin" for at in range(11)]
    assert whole(server, *contents)


def test_files_of_no_bytes_are_announced_and_not_sent(server: UploadsServer, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.bin", "b.bin", "c.bin")]
    for file in files[:2]:
        file.write_bytes(os.urandom(400_000))
    files[2].touch()

    upload(server, files)

    assert not [one for one in server.asked if one.startswith("PUT") and one.endswith("/2")]


def test_a_server_that_does_not_come_back_is_told_and_keeps_what_came(server: UploadsServer, large: Path) -> None:
    def gone(file: File, _piece: bytes) -> None:
        if file.offset >= 300_000:
            raise httpx.WriteError("reset")

    server.on_piece = gone

    with pytest.raises(ConnectionFailed) as failed:
        upload(server, large, retry_for=1)

    assert failed.value.retryable
    (one,) = server.uploads.values()
    assert one.files[0].offset == 300_000


def test_an_incomplete_upload_is_told_with_what_is_missing(server: UploadsServer, large: Path) -> None:
    server.on_request = lambda request: (
        problem(409, "upload.incomplete", n_missing=1) if request.url.path.endswith("/complete") else None
    )

    with pytest.raises(Conflict) as refused:
        upload(server, large)

    assert refused.value.fields["n_missing"] == 1


def test_sending_a_large_folder_takes_little_memory(
    server: UploadsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "data"
    folder.mkdir()
    for at in range(3):
        with (folder / f"{at}.bin").open("wb") as file:
            file.truncate(20_000_000)
    tracemalloc.start()

    upload(server, folder)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert server.received == 60_000_000
    assert peak < 8_000_000

"""Uploads that another program goes on with, and what it may take for the same; no real server is needed."""

import hashlib
import os
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from karat_client import ConnectionFailed, SourceUnusable
from karat_client.loads import load_of
from karat_client.notes import Notes
from karat_client.tape import Tape
from tests.sdk.uploads.conftest import SIZE, break_at, upload, whole
from tests.sdk.uploads.fake_server import UploadsServer


def test_a_file_that_is_another_one_since_begins_anew(server: UploadsServer, large: Path) -> None:
    server.on_piece = break_at(500_000, httpx.WriteError("reset"))
    with pytest.raises(ConnectionFailed):
        upload(server, large, retry_for=0)
    large.write_bytes(os.urandom(SIZE))

    upload(server, large)

    assert len(server.uploads) == 2
    assert [*server.uploads.values()][1].files[0].digest.hexdigest() == hashlib.sha256(large.read_bytes()).hexdigest()


def test_a_note_that_leads_to_other_files_is_not_believed(server: UploadsServer, large: Path, notes: Path) -> None:
    def broken(path: Path) -> Path:
        server.on_piece = break_at(500_000, httpx.WriteError("reset"))
        before = set(notes.glob("*"))
        with pytest.raises(ConnectionFailed):
            upload(server, path, retry_for=0)
        return (set(notes.iterdir()) - before).pop()

    other = large.with_name("other.csv")
    other.write_bytes(os.urandom(SIZE))
    broken(large).write_text(broken(other).read_text())

    upload(server, large)

    assert [one.files[0].offset for one in server.uploads.values()][2:] == [SIZE]


def test_an_upload_that_the_server_has_forgotten_begins_anew(server: UploadsServer, large: Path) -> None:
    server.on_piece = break_at(500_000, httpx.WriteError("reset"))
    with pytest.raises(ConnectionFailed):
        upload(server, large, retry_for=0)
    server.uploads.clear()

    upload(server, large)

    assert whole(server, large.read_bytes())


def test_an_end_whose_answer_was_lost_is_the_same_import(server: UploadsServer, large: Path) -> None:
    def lose(request: httpx.Request) -> None:
        if request.url.path.endswith("/complete"):
            server.on_request = lambda _request: None
            server.handle_request(request)
            raise httpx.ReadError("reset")

    server.on_request = lose
    with pytest.raises(ConnectionFailed):
        upload(server, large, retry_for=0)
    (begun,) = server.uploads.values()
    assert begun.import_id

    assert upload(server, large).id == begun.import_id
    assert server.received == SIZE


@pytest.mark.parametrize("names", [["a.csv"], [f"{at}.png" for at in range(30)], ["a.bin", "b.bin", "c.bin"]], ids=len)
def test_another_program_goes_on_with_the_same_files(
    server: UploadsServer, tmp_path: Path, notes: Path, names: list[str]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(os.urandom(SIZE // len(names)))
    source = folder / names[0] if len(names) == 1 else folder
    n_files = len(names) if len(names) == 3 else 1  # thirty small ones are one ZIP
    server.on_piece = break_at(200_000, httpx.WriteError("reset"))
    with pytest.raises(ConnectionFailed):
        upload(server, source, retry_for=0)
    (begun,) = server.uploads.values()
    before = server.received
    assert 0 < before < SIZE and len(list(notes.iterdir())) == 1

    upload(server, source)

    (ended,) = server.uploads.values()
    assert ended is begun and len(ended.files) == n_files
    assert server.received == sum(file.size for file in ended.files)
    assert all(file.offset == file.size for file in ended.files)
    assert list(notes.iterdir()) == []


@pytest.mark.parametrize(
    ("sizes", "n_sources"),
    [([1000] * 30, 1), ([60_000] * 1, 1), ([60_000] * 2, 2), ([60_000, 1000, 1000], 1), ([30_000] * 3, 1)],
)
def test_many_small_files_are_one_zip_and_large_ones_go_by_themselves(
    tmp_path: Path, sizes: list[int], n_sources: int
) -> None:
    for at, size in enumerate(sizes):
        (tmp_path / f"{at}.bin").write_bytes(bytes(size))

    assert len(load_of(tmp_path).sources) == n_sources


def test_a_tape_gives_any_part_of_a_zip_as_if_it_had_been_read_from_its_beginning(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for at in range(5):
        (folder / f"{at}.bin").write_bytes(os.urandom(10_000))
    (source,) = load_of(folder).sources
    content = b"".join(source.read(0))
    tape = Tape(source)

    for begin, n_bytes in ((0, 100), (100, 20_000), (50, 7), (30_000, len(content) - 30_000), (0, len(content))):
        assert b"".join(tape.read(begin, n_bytes)) == content[begin : begin + n_bytes]
    with pytest.raises(SourceUnusable):
        b"".join(tape.read(len(content) - 5, 6))


def test_notes_that_cannot_be_kept_or_read_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    upload_id = uuid4()
    blocked = Notes(tmp_path / "file" / "below")
    blocked.keep("mark", upload_id)
    assert blocked.find("mark") is None
    notes = Notes(tmp_path / "notes")
    notes.keep("mark", upload_id)
    assert notes.find("mark") == upload_id and notes.find("other") is None
    next((tmp_path / "notes").iterdir()).write_text("{")
    assert notes.find("mark") is None
    monkeypatch.setenv("HOME", "")
    monkeypatch.delenv("XDG_CACHE_HOME")
    Notes().find("mark")

import os
import sys
from pathlib import Path

import pytest

from karat.datasets.limits import IngestLimits
from karat.datasets.readers import FoundAsset, FoundFault, read_file, read_folder


def assets(folder: Path, limits: IngestLimits | None = None, start: int = 0) -> dict[str, bytes]:
    found = read_folder(folder, limits or IngestLimits(), start=start)
    return {one.name: one.content for one in found if isinstance(one, FoundAsset)}


def faults(folder: Path, limits: IngestLimits | None = None) -> list[tuple[str, str]]:
    found = read_folder(folder, limits or IngestLimits())
    return [(one.fault.code, one.fault.where) for one in found if isinstance(one, FoundFault)]


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def test_files_come_sorted_with_their_path_below_the_folder_as_name_and_id(tmp_path: Path) -> None:
    make(tmp_path, "b.png", "a/10.png", "a/2.png", "a/c/😀 ü.png", "Z.png")
    found = list(read_folder(tmp_path))
    assert [one.position for one in found] == [0, 1, 2, 3, 4]
    assert [one.external_id for one in found if isinstance(one, FoundAsset)] == list(assets(tmp_path))
    assert list(assets(tmp_path)) == ["Z.png", "a/10.png", "a/2.png", "a/c/😀 ü.png", "b.png"]
    assert assets(tmp_path)["a/2.png"] == b"a/2.png"


def test_an_interrupted_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    make(tmp_path, *(f"{i}.png" for i in range(9)))
    whole = list(read_folder(tmp_path))
    for start in range(10):
        assert list(read_folder(tmp_path, start=start)) == whole[start:]


def test_hidden_files_and_what_systems_leave_behind_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, ".DS_Store", "a/Thumbs.db", ".git/config", "__MACOSX/x.png", "a/x.png", "a/..png")
    assert list(assets(tmp_path)) == ["a/x.png"]
    assert faults(tmp_path) == []


def test_links_that_lead_outside_or_to_folders_are_refused_and_others_kept(tmp_path: Path) -> None:
    make(tmp_path, "secret.txt", "in/a.png", "in/sub/b.png")
    (tmp_path / "in/alias.png").symlink_to("a.png")
    (tmp_path / "in/climbs.png").symlink_to("../secret.txt")
    (tmp_path / "in/absolute.png").symlink_to("/etc/passwd")
    (tmp_path / "in/loop").symlink_to(".")
    (tmp_path / "in/circle").symlink_to("circle")
    (tmp_path / "in/gone").symlink_to("nowhere")
    assert list(assets(tmp_path / "in")) == ["a.png", "alias.png", "sub/b.png"]
    assert faults(tmp_path / "in") == [
        ("file.outside", "file absolute.png"),
        ("file.unreadable", "file circle"),
        ("file.outside", "file climbs.png"),
        ("file.unreadable", "file gone"),
        ("file.not_regular", "file loop"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and raw names are those of POSIX")
def test_a_pipe_does_not_hang_and_a_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.png"))).write_bytes(b"x")
    (tmp_path / "line\nbreak.png").write_bytes(b"x")
    assert faults(tmp_path) == [
        ("file.name", "file caf\\udce9.png"),
        ("file.name", "file line\nbreak.png"),
        ("file.not_regular", "file pipe"),
    ]


def test_limits_on_number_and_size_keep_what_came_before(tmp_path: Path) -> None:
    make(tmp_path, "1", "22", "333", "4444")
    assert list(assets(tmp_path, IngestLimits(max_assets=2))) == ["1", "22"]
    assert faults(tmp_path, IngestLimits(max_assets=2)) == [("folder.too_many_files", "file 333")]
    assert faults(tmp_path, IngestLimits(max_assets=4)) == []
    assert list(assets(tmp_path, IngestLimits(max_total_bytes=3))) == ["1", "22"]
    assert faults(tmp_path, IngestLimits(max_total_bytes=3)) == [("folder.too_large", "file 333")]
    assert list(assets(tmp_path, IngestLimits(max_asset_bytes=3))) == ["1", "22", "333"]
    assert faults(tmp_path, IngestLimits(max_asset_bytes=3)) == [("file.too_large", "file 4444")]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path / "none") == [("file.unreadable", "file .")]


def test_a_single_file_keeps_the_last_part_of_the_name_that_its_sender_gave(tmp_path: Path) -> None:
    make(tmp_path, "0123abcd")
    for name in ("cat.png", "../../cat.png", "C:\\photos\\cat.png"):
        (found,) = read_file(tmp_path / "0123abcd", name)
        assert isinstance(found, FoundAsset)
        assert (found.name, found.content) == ("cat.png", b"0123abcd")
    assert list(read_file(tmp_path / "0123abcd", "cat.png", start=1)) == []

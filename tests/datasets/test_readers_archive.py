import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from karat.datasets.limits import IngestLimits
from karat.datasets.readers import FoundAsset, FoundFault, read_zip


def pack(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def read(data: bytes, limits: IngestLimits | None = None, start: int = 0) -> list[FoundAsset | FoundFault]:
    return list(read_zip(io.BytesIO(data), limits or IngestLimits(), start=start))


def names(found: list[FoundAsset | FoundFault]) -> list[str]:
    return [one.name for one in found if isinstance(one, FoundAsset)]


def faults(found: list[FoundAsset | FoundFault]) -> list[tuple[str, str]]:
    return [(one.fault.code, one.fault.where) for one in found if isinstance(one, FoundFault)]


def test_entries_come_in_the_order_of_the_list_and_junk_and_folders_are_passed_over() -> None:
    data = pack(("b/", b""), ("b/2.png", b"two"), ("a 😀.png", b"one"), ("__MACOSX/._a.png", b""), (".DS_Store", b""))
    found = read(data)
    assert names(found) == ["b/2.png", "a 😀.png"]
    assert faults(found) == []
    first = found[0]
    assert isinstance(first, FoundAsset)
    assert (first.content, first.external_id, first.where) == (b"two", "b/2.png", "entry b/2.png")


def test_an_archive_is_read_from_a_path_as_from_a_stream(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(pack(("a.png", b"one")))
    assert list(read_zip(tmp_path / "a.zip")) == read(pack(("a.png", b"one")))


def test_an_interrupted_reading_goes_on_where_it_stopped() -> None:
    data = pack(*((f"{i}.png", bytes([i])) for i in range(9)), ("../x", b""))
    whole = read(data)
    for start in range(11):
        assert read(data, start=start) == whole[start:]


@pytest.mark.parametrize(
    "name", ["../evil.png", "a/../../evil.png", "/etc/passwd", "..\\evil.png", "C:\\evil.png", "c:evil.png", "a/.."]
)
def test_a_path_that_leads_out_of_the_archive_is_refused_and_the_rest_kept(name: str) -> None:
    found = read(pack((name, b"x"), ("good.png", b"y")))
    assert [code for code, _ in faults(found)] == ["entry.unsafe_path"]
    assert names(found) == ["good.png"]


def test_links_and_devices_are_refused() -> None:
    kinds = {"link": stat.S_IFLNK, "pipe": stat.S_IFIFO, "device": stat.S_IFBLK}
    found = read(pack(*((entry(name, kind | 0o777), b"/etc/passwd") for name, kind in kinds.items())))
    assert faults(found) == [("entry.not_regular", f"entry {name}") for name in kinds]


@pytest.mark.parametrize("name", ["a\nb.png", "a\x1b[2J.png", "x" * 1001])
def test_names_with_control_characters_and_endless_names_are_refused(name: str) -> None:
    assert [code for code, _ in faults(read(pack((name, b"x"))))] == ["entry.name"]


def test_a_name_with_a_nul_is_not_taken_for_its_first_half() -> None:
    data = pack(("a.pngX.exe", b"x")).replace(b"a.pngX.exe", b"a.png\0.exe")
    assert [code for code, _ in faults(read(data))] == ["entry.name"]


def test_an_entry_that_unpacks_to_far_more_than_it_is_is_a_bomb() -> None:
    data = pack(("bomb.png", b"\0" * 30_000_000), ("good.png", b"y"))
    assert len(data) < 50_000
    found = read(data)
    assert faults(found) == [("entry.ratio", "entry bomb.png")]
    assert names(found) == ["good.png"]
    assert names(read(data, IngestLimits(max_ratio=2000))) == ["bomb.png", "good.png"]


def test_caps_on_number_entry_size_and_total() -> None:
    data = pack(("1", b"1"), ("22", b"22"), ("333", b"333"))
    assert faults(read(data, IngestLimits(max_assets=2))) == [("zip.too_many_entries", "archive")]
    assert faults(read(data, IngestLimits(max_assets=3))) == []
    assert faults(read(data, IngestLimits(max_asset_bytes=2))) == [("file.too_large", "entry 333")]
    found = read(data, IngestLimits(max_total_bytes=5))
    assert (names(found), faults(found)) == (["1", "22"], [("zip.too_large", "entry 333")])


def test_a_list_of_entries_that_would_fill_the_memory_is_refused_unread() -> None:
    data = pack(*((f"{i:04}/", b"") for i in range(500)))
    assert faults(read(data, IngestLimits(max_assets=10))) == [("zip.too_many_entries", "archive")]


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_said() -> None:
    data = bytearray(pack(("a.png", b"x" * 1000)))
    listed = data.rindex(b"PK\x01\x02")
    data[listed + 24 : listed + 28] = struct.pack("<I", 10)
    assert faults(read(bytes(data))) == [("entry.damaged", "entry a.png")]


def test_encrypted_repeated_and_oddly_packed_entries_are_refused() -> None:
    data = bytearray(pack(("a.png", b"x")))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert faults(read(bytes(data))) == [("entry.encrypted", "entry a.png")]
    data = bytearray(pack(("a.png", b"x")))
    data[data.rindex(b"PK\x01\x02") + 10] = 77
    assert faults(read(bytes(data))) == [("entry.damaged", "entry a.png")]
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = pack(("a.png", b"x"), ("a.png", b"y"))
    assert faults(read(twice)) == [("entry.repeated", "entry a.png")]


def test_an_entry_whose_checksum_differs_is_refused_and_the_next_one_kept() -> None:
    data = pack(("a.png", b"AAAA"), ("b.png", b"BBBB"), method=zipfile.ZIP_STORED).replace(b"AAAA", b"AAAB")
    found = read(data)
    assert faults(found) == [("entry.damaged", "entry a.png")]
    assert names(found) == ["b.png"]


def test_an_archive_that_is_cut_short_is_refused_as_a_whole() -> None:
    data = pack(*((f"{i}.png", b"content") for i in range(20)))
    for length in (0, 10, len(data) // 2, len(data) - 30, len(data) - 1):
        (found,) = read(data[:length])
        assert isinstance(found, FoundFault)
        assert (found.fault.code, found.ends_reading) == ("zip.damaged", True)


def test_an_archive_within_the_archive_is_content_like_any_other() -> None:
    assert names(read(pack(("inner.zip", pack(("../x", b"x")))))) == ["inner.zip"]


SAMPLE = pack(("a/b.png", b"one" * 50), ("c.png", b"two"))


@settings(max_examples=300, deadline=None)
@example([(SAMPLE.rindex(b"PK\x01\x02") + 28, 0)])
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_to_an_archive_raises(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for at, value in changes:
        data[at] = value
    for one in read(bytes(data)):
        assert isinstance(one, FoundFault) or ".." not in one.name.split("/")

"""JSONL, Parquet, tasks of Label Studio and lists of addresses: every row is taken or told with its place."""

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.datasets.readers import FoundAsset, FoundFault, FoundPointer, read_addresses, read_jsonl, read_tasks
from karat.datasets.readers.json_list import elements_of_list
from karat.datasets.readers.parquet import to_jsonl
from tests.datasets.test_ingest import bring, counts, png
from tests.support.world import World


def told(found: list[Any]) -> list[tuple[int, str]]:
    return [(one.position, one.fault.code if isinstance(one, FoundFault) else type(one).__name__) for one in found]


def lines(*rows: object) -> io.BytesIO:
    return io.BytesIO(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows))


def test_lines_bring_texts_and_pointers_and_each_fault_has_its_line() -> None:
    source = lines(
        {"id": 1, "text": "one", "n": 2, "deep": {"a": [1]}, "metadata": {"from": "web"}, "none": None},
        {"image": "https://example.com/a%20b.png?x=1"},
        {"id": "3"},
        {"text": "a", "image": "b"},
        b"{not json",
        b'{"text": "\xff"}',
        [1, 2],
        {"text": "  "},
        {"text": 5},
        {"id": 1, "text": "again"},
        {"image": "a.png"},
        b'{"text": "\\ud800"}',
        b'{"text": NaN}',
        {"text": "x", "a": "b\0"},
        b"[" * 100_000,
    )
    found = list(read_jsonl(source))
    assert told(found) == [
        (0, "FoundAsset"),
        (1, "FoundPointer"),
        (2, "row.no_content"),
        (3, "row.no_content"),
        (4, "row.malformed"),
        (5, "row.encoding"),
        (6, "row.not_an_object"),
        (7, "row.no_text"),
        (8, "row.wrong_type"),
        (9, "row.repeated_id"),
        (10, "row.no_folder"),
        (11, "row.encoding"),
        (12, "row.malformed"),
        (13, "row.nul"),
        (14, "row.malformed"),
    ]
    one = found[0]
    assert isinstance(one, FoundAsset)
    assert (one.external_id, dict(one.metadata)) == ("1", {"n": "2", "deep": '{"a": [1]}', "from": "web"})
    assert isinstance(found[1], FoundPointer) and found[1].name == "a b.png"
    assert found[9].fault.where == "line 10" and "line 1" in found[9].fault.message


def test_reading_goes_on_from_a_position_as_if_it_had_never_stopped() -> None:
    rows = [{"id": at % 7, "text": f"text {at}"} for at in range(20)]
    whole = list(read_jsonl(lines(*rows)))
    assert list(read_jsonl(lines(*rows), start=9)) == whole[9:]
    tasks = [{"id": at, "data": {"text": str(at)}, "annotations": [1]} for at in range(20)]
    whole = list(read_tasks(lines(tasks)))
    assert told(whole)[:3] == [(0, "FoundAsset"), (0, "task.labels_not_taken"), (1, "FoundAsset")]
    assert list(read_tasks(lines(tasks), start=5)) == [one for one in whole if one.position >= 5]


def test_tasks_of_label_studio_bring_their_data_and_say_that_labels_stay_behind() -> None:
    tasks = [
        {"id": 7, "data": {"image": "https://example.com/1.jpg", "city": "Bern"}, "predictions": []},
        {"id": 8, "data": {"photo": "https://example.com/2.jpg"}, "annotations": [{"result": []}]},
        {"data": {"text": "plain"}},
        {"id": 9, "data": {"image": "/data/upload/1/x.jpg"}},
        {"text": "a row without data"},
    ]
    found = list(read_tasks(lines(tasks)))
    assert told(found) == [
        (0, "FoundPointer"),
        (1, "FoundPointer"),
        (1, "task.labels_not_taken"),
        (2, "FoundAsset"),
        (3, "row.no_folder"),
        (4, "FoundAsset"),
    ]
    assert (found[0].external_id, dict(found[0].metadata)) == ("7", {"city": "Bern"})


@pytest.mark.parametrize("text", ["", "{}", "[1 2]", "[1,", "[{]", "nope", '[{"a": NaN}]', "[" * 5000])
def test_a_file_that_is_no_list_of_tasks_says_so_and_ends(text: str) -> None:
    found = list(read_tasks(io.BytesIO(text.encode())))
    assert found[-1].fault.code == "tasks.malformed"
    assert found[-1].ends_reading


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON), st.integers(1, 40), st.integers(0, 3))
def test_a_list_is_read_as_the_library_would_wherever_the_pieces_end(rows: list[Any], piece: int, indent: int) -> None:
    class InPieces(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(piece, size) if size and size > 0 else piece)

    text = json.dumps(rows, indent=indent or None, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if b"\xed" in text and any(0xD800 <= ord(one) < 0xE000 for one in text.decode("utf-8", "surrogatepass")):
        return
    assert list(elements_of_list(InPieces(text), 1 << 20)) == rows


def test_a_list_of_addresses_passes_over_remarks_and_blank_lines() -> None:
    found = list(
        read_addresses(io.BytesIO(b"\xef\xbb\xbf# list\nhttps://a.example/1.png\n\n  https://b.example/x/\r\n"))
    )
    assert [(one.position, one.url, one.where) for one in found if isinstance(one, FoundPointer)] == [
        (0, "https://a.example/1.png", "line 2"),
        (1, "https://b.example/x/", "line 4"),
    ]


def parquet(tmp_path: Path, **columns: Any) -> bytes:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path.read_bytes()


async def test_a_parquet_table_comes_in_with_pictures_in_its_cells(world: World, tmp_path: Path) -> None:
    pictures = [{"bytes": png(at), "path": f"{at}.png"} for at in range(5)]
    content = parquet(tmp_path, id=[f"p{at}" for at in range(5)], image=pictures, score=[0.5, float("nan"), 1, 2, 3])
    found, faults = await bring(world, "image", "pictures.parquet", content)
    assert (counts(found), faults) == (("done", 5, 0, 0), {})
    page = await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets")
    by_id = {one["external_id"]: one for one in page["items"]}
    assert (by_id["p0"]["metadata"], by_id["p1"]["metadata"]) == ({"score": "0.5"}, {})
    assert (await world.http.get(by_id["p3"]["media"]["url"])).content == png(3)


async def test_texts_of_a_parquet_table_come_in_and_its_faults_have_rows(world: World, tmp_path: Path) -> None:
    found, faults = await bring(world, "text", "t.parquet", parquet(tmp_path, text=["one", None, "two"]))
    assert counts(found) == ("done", 2, 0, 1)
    assert faults == {"row 2": "row.no_content"}


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda data: b"PAR1" + data[50:], lambda _: b"no parquet"])
async def test_a_damaged_parquet_table_is_one_fault(world: World, tmp_path: Path, damage: Any) -> None:
    found, faults = await bring(world, "text", "t.parquet", damage(parquet(tmp_path, text=["one"] * 50)))
    assert counts(found) == ("done", 0, 0, 1)
    assert list(faults.values()) == ["parquet.damaged"]


def test_a_parquet_table_that_unfolds_beyond_the_limit_stops(tmp_path: Path) -> None:
    from karat.datasets.limits import IngestLimits

    pq.write_table(pa.table({"text": ["a" * 1000] * 5000}), tmp_path / "table.parquet")
    source, target = tmp_path / "table.parquet", tmp_path / "lines"
    assert source.stat().st_size < 200_000
    fault = to_jsonl(str(source), str(target), IngestLimits(max_total_bytes=1_000_000))
    assert fault is not None and fault[0] == "rows.too_large"
    assert target.stat().st_size <= 1_000_000

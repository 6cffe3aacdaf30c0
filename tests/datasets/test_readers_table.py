import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.datasets.limits import IngestLimits
from karat.datasets.readers import FoundAsset, FoundFault, read_csv


def read(
    data: str | bytes, limits: IngestLimits | None = None, folder: Path | None = None, start: int = 0
) -> list[FoundAsset | FoundFault]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_csv(io.BytesIO(raw), limits or IngestLimits(), folder=folder, start=start))


def texts(found: list[FoundAsset | FoundFault]) -> list[str]:
    return [one.content.decode() for one in found if isinstance(one, FoundAsset)]


def faults(found: list[FoundAsset | FoundFault]) -> list[tuple[str, str]]:
    return [(one.fault.code, one.fault.where) for one in found if isinstance(one, FoundFault)]


def test_text_rows_come_with_id_and_every_other_column_as_metadata() -> None:
    found = read("id,Text,source,stars\nr1,Good 😀,web,5\n,plain,,\n")
    assert found == [
        FoundAsset(0, "r1", "r1", "Good 😀".encode(), "row 2", {"source": "web", "stars": "5"}),
        FoundAsset(1, None, "row 3", b"plain", "row 3", {"source": "", "stars": ""}),
    ]


def test_quotes_line_breaks_blank_rows_and_a_byte_order_mark_are_understood() -> None:
    assert texts(read('\ufefftext\r\n"a ""b"", c\r\nd"\r\n\r\nlast')) == ['a "b", c\r\nd', "last"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_separate(delimiter: str) -> None:
    assert texts(read(f"id{delimiter}text\n1{delimiter}a b\n")) == ["a b"]


def test_files_are_read_below_the_folder_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "in/sub").mkdir(parents=True)
    (tmp_path / "in/sub/a.png").write_bytes(b"A")
    (tmp_path / "secret").write_bytes(b"S")
    (tmp_path / "in/link.png").symlink_to("../secret")
    rows = ["sub/a.png", "../secret", str(tmp_path / "secret"), "link.png", "none.png", "", "sub"]
    found = read("id,file,k\n" + "".join(f"{i},{row},v\n" for i, row in enumerate(rows)), folder=tmp_path / "in")
    assert found[0] == FoundAsset(0, "0", "sub/a.png", b"A", "row 2", {"k": "v"})
    assert [code for code, _ in faults(found)] == [
        "file.outside",
        "file.outside",
        "file.outside",
        "file.unreadable",
        "row.no_file",
        "file.not_regular",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "csv.empty"),
        ("\n\n", "csv.empty"),
        ("id,label\n1,cat\n", "csv.missing_column"),
        ("text,file\na,b\n", "csv.missing_column"),
        ("text,a,a\n1,2,3\n", "csv.column_names"),
        ("text,,b\n1,2,3\n", "csv.column_names"),
        ("file\na.png\n", "csv.no_folder"),
        ('"text\nnever closed', "csv.open_quote"),
        ("text\nhello\n".encode("utf-16"), "csv.encoding"),
        (b"text,caf\xe9\na,b\n", "csv.encoding"),
    ],
)
def test_a_table_that_cannot_be_understood_is_one_fault_that_ends_the_reading(data: str | bytes, code: str) -> None:
    (found,) = read(data)
    assert isinstance(found, FoundFault)
    assert (found.fault.code, found.fault.where, found.ends_reading) == (code, "row 1", True)


def test_every_bad_row_is_told_by_its_number_and_the_good_ones_are_kept() -> None:
    data = b"id,text,k\n1,good,\n2,caf\xe9,\n3,n\0l,\n4,too,many,cells\n5,few\n6, ,\n1,again,\n" + b"i" * 501
    data += b',long,\n"7"x,odd,\n8,good too,\n'
    found = read(data)
    assert texts(found) == ["good", "good too"]
    assert faults(found) == [
        ("row.encoding", "row 3"),
        ("row.nul", "row 4"),
        ("row.ragged", "row 5"),
        ("row.ragged", "row 6"),
        ("row.no_text", "row 7"),
        ("row.repeated_id", "row 8"),
        ("row.too_long", "row 9"),
        ("row.malformed", "row 10"),
    ]
    assert [one.position for one in found] == list(range(10))


def test_a_quote_that_is_never_closed_is_told_where_it_opens() -> None:
    found = read('text\nfirst\n"open\nsecond\nthird\n')
    assert texts(found) == ["first"]
    assert faults(found) == [("csv.open_quote", "row 3")]


def test_ten_megabytes_of_text_in_a_cell_are_read_and_more_than_the_limit_is_a_fault_of_its_row() -> None:
    long = "x" * 10_000_000
    assert texts(read(f"text\n{long}\nb\n")) == [long, "b"]
    found = read("text\n12345\n123456\nääa\näää\n1\n", IngestLimits(max_text_bytes=5))
    assert texts(found) == ["12345", "ääa", "1"]
    assert faults(found) == [("row.too_long", "row 3"), ("row.too_long", "row 5")]


def test_caps_on_rows_and_bytes_keep_what_came_before() -> None:
    data = "text\n1\n22\n333\n"
    found = read(data, IngestLimits(max_assets=2))
    assert (texts(found), faults(found)) == (["1", "22"], [("csv.too_many_rows", "row 4")])
    assert faults(read(data, IngestLimits(max_assets=3))) == []
    found = read(data, IngestLimits(max_total_bytes=5))
    assert (texts(found), faults(found)) == (["1", "22"], [("csv.too_large", "row 4")])


def test_an_interrupted_reading_goes_on_and_still_knows_the_ids_before() -> None:
    data = 'id,text\n1,a\n2,b\n1,c\n4,\n"5"x,e\n6,f\n2,g\n'
    whole = read(data)
    assert [code for code, _ in faults(whole)] == ["row.repeated_id", "row.no_text", "row.malformed", "row.repeated_id"]
    for start in range(8):
        assert read(data, start=start) == whole[start:]


def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_is_only_text() -> None:
    assert texts(read('text\n=1+1\n@SUM(A1)\n"<script>alert(1)</script>"\n')) == [
        "=1+1",
        "@SUM(A1)",
        "<script>alert(1)</script>",
    ]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    lambda text: bool(text.strip())
)


@given(st.lists(cells, max_size=8))
def test_whatever_the_csv_module_writes_is_read_back(rows: list[str]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([["text"], *([row] for row in rows)])
    assert texts(read(out.getvalue())) == rows


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for one in read(b"id,text\n" + data):
        assert isinstance(one, FoundAsset | FoundFault)
    read(data)

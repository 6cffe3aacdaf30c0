import io
import zipfile
from pathlib import Path

from karat.datasets.readers import FoundAsset, FoundFault, read_upload


def upload(path: Path, content: bytes, filename: str) -> list[str]:
    path.write_bytes(content)
    return [one.fault.code if isinstance(one, FoundFault) else one.name for one in read_upload(path, filename)]


def test_a_zip_is_known_by_its_content_and_what_only_calls_itself_one_is_a_fault(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.png", b"x")
    assert upload(tmp_path / "u", out.getvalue(), "photos") == ["a.png"]
    assert upload(tmp_path / "u", b"text\nhello\n", "photos.ZIP") == ["zip.damaged"]
    assert upload(tmp_path / "u", b"", "photos.zip") == ["zip.damaged"]


def test_a_table_is_known_by_its_name(tmp_path: Path) -> None:
    assert upload(tmp_path / "u", b"id,text\n1,hello\n", "reviews.CSV") == ["1"]
    assert upload(tmp_path / "u", b"id\ttext\n1\thello\n", "reviews.tsv") == ["1"]


def test_anything_else_is_one_asset(tmp_path: Path) -> None:
    assert upload(tmp_path / "u", b"hello", "../note.txt") == ["note.txt"]
    (found,) = read_upload(tmp_path / "u", "note.txt")
    assert isinstance(found, FoundAsset)
    assert found.content == b"hello"

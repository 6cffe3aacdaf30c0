"""Data on their way in."""

import io
import os
from pathlib import Path
from threading import Thread

import pandas
import pyarrow
import pytest

from karat_client import Client, Invalid, JobCancelled, JobFailed, NotFound, SourceUnusable, WaitTimeout
from karat_client.listing import PAGE_SIZE
from tests.sdk.conftest import Points, Tap, upload_texts


def test_a_folder_becomes_a_dataset_with_its_paths_as_ids(client: Client, photos: Path) -> None:
    dataset = client.datasets.create("Photos", "image")
    told = Points()

    done = client.datasets.upload(dataset, photos, progress=told)

    assert (done.state, done.n_added, done.n_faults) == ("done", 6, 0)
    wanted = {path.relative_to(photos).as_posix(): path.read_bytes() for path in photos.rglob("*.png")}
    assets = client.datasets.assets(dataset).to_list()
    assert {one.external_id: client.datasets.read(one) for one in assets} == wanted
    assert "more/cat-2.png" in wanted
    assert client.datasets.get(dataset).n_assets == 6
    uploads = [point for point in told if point.unit == "bytes"]
    assert uploads[-1].is_over
    assert uploads[-1].done == uploads[-1].total == uploads[-2].done
    assert told[-1].unit == "rows" and told[-1].is_over and told[-1].done == 6


def test_files_bytes_and_open_files_are_taken_too(client: Client, photos: Path, tmp_path: Path) -> None:
    dataset = client.datasets.create("Photos", "image")
    files = sorted(photos.glob("*.png"))

    assert client.datasets.upload(dataset, files[:2]).n_added == 2
    assert client.datasets.upload(dataset, files[2]).n_added == 1
    assert client.datasets.upload(dataset, files[3].read_bytes(), filename="last.png").n_added == 1
    with files[3].open("rb") as stream:
        assert client.datasets.upload(dataset, stream).n_duplicates == 1
    assert {one.name for one in client.imports.list(dataset)} >= {"files.zip", "last.png", files[2].name}
    saved = client.datasets.save(client.datasets.assets(dataset, search="last").to_list()[0], tmp_path / "saved.png")
    assert saved.read_bytes() == files[3].read_bytes()


def test_files_of_one_name_keep_their_folders(client: Client, tmp_path: Path) -> None:
    dataset = client.datasets.create("Texts", "text")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(f"a note in {folder}")

    client.datasets.upload(dataset, [tmp_path / "a" / "note.txt", tmp_path / "b" / "note.txt"])

    assert {one.external_id for one in client.datasets.assets(dataset)} == {"a/note.txt", "b/note.txt"}


def test_rows_that_cannot_be_taken_are_told_with_their_places(client: Client) -> None:
    dataset = client.datasets.create("Texts", "text")

    done = client.datasets.upload(dataset, b"id,text\na,good\nb,\nc,also good\n", filename="some.csv")

    assert (done.n_added, done.n_faults) == (2, 1)
    (fault,) = client.imports.faults(done)
    assert (fault.code, fault.where) == ("row.no_text", "row 3")


@pytest.mark.parametrize("source", ["nothing.png", "empty", []])
def test_a_source_that_is_not_there_is_refused_before_anything_is_sent(
    tap: tuple[Client, Tap], tmp_path: Path, source: str | list[str]
) -> None:
    client, tapped = tap
    (tmp_path / "empty").mkdir()

    with pytest.raises(SourceUnusable) as refused:
        client.datasets.upload(
            "018f0000-0000-7000-8000-000000000000", [*source] if not isinstance(source, str) else tmp_path / source
        )

    assert tapped.requests == []
    assert refused.value.code == "client.source_unusable"


def test_bytes_without_a_name_are_refused(client: Client) -> None:
    dataset = client.datasets.create("Texts", "text")

    with pytest.raises(SourceUnusable, match="filename="):
        client.datasets.upload(dataset, b"something")
    with pytest.raises(SourceUnusable, match="rb"):
        client.datasets.upload(dataset, io.StringIO("text"), filename="a.txt")  # type: ignore[arg-type]


def test_a_stream_that_cannot_seek_is_sent_once(client: Client) -> None:
    dataset = client.datasets.create("Texts", "text")
    read, write = os.pipe()
    writer = Thread(target=lambda: (os.write(write, b"text\nfrom a pipe\n"), os.close(write)))
    writer.start()

    with os.fdopen(read, "rb") as stream:
        done = client.datasets.upload(dataset, stream, filename="pipe.csv")
    writer.join()

    assert done.n_added == 1


def test_a_data_frame_comes_back_as_it_was(client: Client) -> None:
    dataset = client.datasets.create("Mails", "text")
    frame = pandas.DataFrame(
        {
            "key": ["m1", "m2", "m3"],
            "mail": ['say "hi",\nyou', "ünï 😀", "=1+1"],
            "n": [1, None, 3],
            "ok": [True, False, None],
        }
    )

    done = client.datasets.from_pandas(dataset, frame, text="mail", id="key")

    assert (done.n_added, done.n_faults) == (3, 0)
    found = {one.external_id: one for one in client.datasets.assets(dataset)}
    assert {key: client.datasets.read(one).decode() for key, one in found.items()} == dict(
        zip(frame["key"], frame["mail"], strict=True)
    )
    assert found["m2"].metadata == {"n": "", "ok": "False"}


def test_an_arrow_table_is_taken_too(client: Client) -> None:
    dataset = client.datasets.create("Mails", "text")
    table = pyarrow.table({"text": [f"mail {at}" for at in range(1100)], "lang": ["en", None] * 550})

    assert client.datasets.from_arrow(dataset, table).n_added == 1100


def test_a_column_that_would_be_read_as_something_else_is_refused(client: Client) -> None:
    dataset = client.datasets.create("Mails", "text")

    with pytest.raises(SourceUnusable, match="'path'"):
        client.datasets.from_pandas(dataset, pandas.DataFrame({"body": ["a"], "path": ["b"]}), text="body")
    with pytest.raises(SourceUnusable, match="no column 'body'"):
        client.datasets.from_pandas(dataset, pandas.DataFrame({"mail": ["a"]}), text="body")


def test_a_list_of_several_pages_gives_every_item_once(tap: tuple[Client, Tap]) -> None:
    client, tapped = tap
    dataset = client.datasets.create("Many", "text")
    n = 2 * PAGE_SIZE + 50
    upload_texts(client, dataset, n)
    tapped.requests.clear()

    listed = client.datasets.assets(dataset)

    assert tapped.requests == []  # nothing is fetched before it is wanted
    first = listed.first()
    assert len(tapped.requests) == 1
    found = [one.external_id for one in listed]
    assert sorted(found) == sorted(f"text-{at}" for at in range(n))
    assert len(tapped.requests) == 1 + 3
    assert first and first.external_id == found[0]
    assert [one.external_id for one in listed] == found  # a loop begins anew


def test_an_import_that_is_cancelled_says_so(client: Client) -> None:
    dataset = client.datasets.create("Many", "text")
    started = upload_texts(client, dataset, 60_000, wait=False)
    client.imports.cancel(started)

    with pytest.raises(JobCancelled) as cancelled:
        client.imports.wait(started, timeout=60)

    assert cancelled.value.fields["import_id"] == str(started.id)
    assert client.imports.get(started).n_added < 60_000


def test_an_import_that_fails_says_why(client: Client) -> None:
    dataset = client.datasets.create("Broken", "text")

    try:
        done = client.datasets.upload(dataset, b"no,header,that,fits\n1,2,3,4\n", filename="broken.csv")
        faults = client.imports.faults(done).to_list()
    except JobFailed as error:
        faults = [*error.faults]

    assert [fault.code for fault in faults] == ["csv.missing_column"]


def test_waiting_ends_when_it_should_and_the_import_goes_on(client: Client) -> None:
    dataset = client.datasets.create("Many", "text")
    started = upload_texts(client, dataset, 2000, wait=False)

    with pytest.raises(WaitTimeout, match="not done after 0 s"):
        client.imports.wait(started, timeout=0)

    assert client.imports.wait(started, timeout=60).n_added == 2000


def test_what_is_not_there_is_not_found_and_what_is_not_right_is_invalid(client: Client) -> None:
    with pytest.raises(NotFound) as missing:
        client.datasets.get("018f0000-0000-7000-8000-000000000000")
    assert missing.value.code == "dataset.not_found"
    assert missing.value.fields["dataset_id"] == "018f0000-0000-7000-8000-000000000000"
    with pytest.raises(Invalid) as wrong:
        client.datasets.create("", "smell")
    assert {fault.where for fault in wrong.value.faults} == {"body.name", "body.modality"}
    with pytest.raises(ValueError, match="badly formed"):
        client.datasets.get("../keys")

"""Labels and certificates on their way out."""

import hashlib
import io
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pandas
import pyarrow.parquet
import pytest

from karat.quality.verification import verify
from karat_client import (
    AnswerUnreadable,
    Client,
    Conflict,
    ConnectionFailed,
    DownloadDamaged,
    JobCancelled,
    NotCertified,
    read_labels,
)
from karat_client.records import Export, Project
from tests.sdk.conftest import Points, Tap, text_project, until
from tests.support.server import RunningServer

N = 40


@pytest.fixture(scope="module")
def certified(server: RunningServer) -> Project:
    """A project of forty texts whose labels are certified."""
    with Client(server.url, server.owner_key) as client:
        project = text_project(client, N, overlap=None)
        client.work.answer_all(project, lambda work: "ab"[int(work.asset.external_id[5:]) % 2], timeout=120)
        return client.projects.get(project)


@pytest.fixture(scope="module")
def export(server: RunningServer, certified: Project) -> Export:
    """Its labels as Karat JSONL."""
    with Client(server.url, server.owner_key) as client:
        return client.exports.wait(client.exports.start(certified), timeout=60)


def test_certified_labels_are_read_as_records_and_as_tables(client: Client, certified: Project, tmp_path: Path) -> None:
    labels = client.projects.labels(certified, certified=True)

    assert len(labels) == N
    found = {label.external_id: label.label_class for label in labels}
    assert found == {f"text-{at}": "ab"[at % 2] for at in range(N)}
    assert all(label.certificate_id and label.sha256 for label in labels)
    frame = labels.to_pandas()
    assert dict(zip(frame["external_id"], frame["label"], strict=True)) == found
    assert set(frame["source"]) <= {"check", "review", "people", "model"}
    assert frame["confidence"].between(0, 1).all()
    table = labels.to_arrow()
    assert table.num_rows == N
    read = pyarrow.parquet.read_table(labels.to_parquet(tmp_path / "labels.parquet"))
    assert read.equals(table)
    shared = ["asset_id", "label", "confidence", "n_answers", "source", "certificate_id"]
    pandas.testing.assert_frame_equal(table.select(shared).to_pandas(), frame[shared], check_dtype=False)
    assert json.loads(table["annotations"][0].as_py()[0]["payload"]) == frame["annotations"][0][0]["payload"]
    objects = labels.objects_to_pandas()
    assert list(objects.columns) == ["asset_id", "external_id", "name", "kind", "label_class"]
    assert len(objects) == N


def test_the_file_behind_labels_goes_with_them(client: Client, export: Export) -> None:
    labels = client.exports.labels(export)
    first = next(iter(labels))
    path = labels._path
    assert first.provenance.posterior and path and path.exists()

    del labels

    assert not path.exists()


def test_the_certificate_that_was_fetched_verifies_with_the_labels_that_were_fetched(
    client: Client, certified: Project, export: Export, tmp_path: Path
) -> None:
    summary = client.certificates.list(certified).first()
    assert summary and client.certificates.get(summary) == summary
    certificate = client.certificates.download(summary, tmp_path)
    labels = client.exports.download(export, tmp_path)

    assert labels.suffix == ".jsonl"
    key = client.certificates.signing_key().public_key
    assert verify(certificate.read_bytes(), labels=io.BytesIO(labels.read_bytes()), expected_public_key=key).is_valid
    assert len(client.certificates.checks(summary).to_list()) == summary.n_checked
    assert client.certificates.link(summary).endswith(f"/projects/{certified.id}/quality")


def test_labels_without_a_certificate_are_only_given_to_those_who_take_them_so(client: Client) -> None:
    project = text_project(client, 2)

    with pytest.raises(NotCertified, match="The project is"):
        client.projects.labels(project, certified=True)

    assert [label.label_class for label in client.projects.labels(project)] == [None, None]
    assert client.projects.labels(project).to_pandas()["label"].isna().all()


def test_other_formats_come_as_files(client: Client, certified: Project, tmp_path: Path) -> None:
    told = Points()
    done = client.exports.wait(client.exports.start(certified, "csv"), progress=told)

    path = client.exports.download(done, tmp_path / "labels.csv", progress=told)

    assert len(pandas.read_csv(path)) == N
    assert told[-1].done == told[-1].total == path.stat().st_size
    assert {one.id for one in client.exports.list(certified)} >= {done.id}
    with pytest.raises(ValueError, match="csv"):
        client.exports.labels(done)


def test_an_export_that_was_cancelled_says_so_and_has_no_file(client: Client, certified: Project) -> None:
    for _ in range(20):  # until the cancelling came before the job's end
        started = client.exports.start(certified)
        assert started.job_id
        with suppress(Conflict):
            client.jobs.cancel(started.job_id)
        until(lambda: client.exports.get(started).state in ("done", "cancelled"))  # noqa: B023
        if client.exports.get(started).state == "cancelled":
            break
    with pytest.raises(JobCancelled) as cancelled:
        client.exports.wait(started)
    assert cancelled.value.fields["export_id"] == str(started.id)
    with pytest.raises(JobCancelled):
        client.jobs.wait(started.job_id)
    with pytest.raises(Conflict) as refused:
        client.exports.download(started, "nowhere")
    assert refused.value.code == "export.not_ready"
    assert refused.value.fields["state"] == "cancelled"


def test_jobs_are_listed_and_waited_for(client: Client, certified: Project) -> None:
    started = client.exports.start(certified)
    assert started.job_id

    done = client.jobs.wait(started.job_id, timeout=60)

    assert (done.state, client.jobs.get(done).id) == ("done", started.job_id)
    assert [one.id for one in client.jobs.list(started)] == [started.job_id]
    done_ones = client.jobs.list(started, states=("done", "failed"), name="delivery.export")
    assert [one.id for one in done_ones] == [started.job_id]
    assert client.jobs.list(started, states=("queued",)).to_list() == []
    assert client.jobs.counts().queued >= 0
    assert "tasks.expire_leases" in {one.name for one in client.jobs.chores()}
    with pytest.raises(Conflict):
        client.jobs.retry(started.job_id)


@pytest.fixture
def tampered(server: RunningServer, export: Export) -> Iterator[None]:
    """One byte of what the server stores is another, as long as the test runs."""
    (blob,) = (path for path in server.data_dir.rglob(f"*{(export.sha256 or '')[4:]}*") if path.is_file())
    before, mode = blob.read_bytes(), blob.stat().st_mode
    blob.chmod(0o600)
    blob.write_bytes(before.replace(b'"label_class":"a"', b'"label_class":"b"', 1))
    yield
    blob.write_bytes(before)
    blob.chmod(mode)


@pytest.mark.usefixtures("tampered")
def test_a_file_that_was_changed_on_the_server_is_refused_and_not_kept(
    client: Client, export: Export, tmp_path: Path
) -> None:
    with pytest.raises(DownloadDamaged) as damaged:
        client.exports.download(export, tmp_path / "labels.jsonl")

    assert damaged.value.fields["sha256_promised"] == export.sha256
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DownloadDamaged):
        next(iter(client.exports.labels(export)))


class Cut(httpx.SyncByteStream):
    """A body whose connection breaks after some bytes."""

    def __init__(self, inner: httpx.SyncByteStream, left: int) -> None:
        self._inner, self._left = inner, left

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._inner:
            yield piece[: self._left]
            self._left -= len(piece)
            if self._left <= 0:
                raise httpx.ReadError("the connection was reset")

    def close(self) -> None:
        self._inner.close()


class Breaking(Tap):
    """Cuts every download after so many bytes."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.url.path.endswith("/file") and self.after:
            assert isinstance(response.stream, httpx.SyncByteStream)
            response.stream = Cut(response.stream, self.after)
        return response


def ranges(tapped: Tap) -> list[str | None]:
    return [one.headers.get("range") for one in tapped.requests if one.url.path.endswith("/file")]


def test_a_download_that_breaks_off_goes_on_where_it_ended(
    server: RunningServer, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    breaking = Breaking(5000)
    with Client(server.url, server.owner_key, transport=breaking) as client:
        path = client.exports.download(export, tmp_path / "labels.jsonl")

    assert hashlib.sha256(path.read_bytes()).hexdigest() == export.sha256
    asked = ranges(breaking)
    assert asked[:3] == [None, "bytes=5000-", "bytes=10000-"]
    assert len(asked) == -(-(export.n_bytes or 0) // 5000)
    assert list(tmp_path.iterdir()) == [path]


def test_a_download_of_yesterday_is_gone_on_with(server: RunningServer, export: Export, tmp_path: Path) -> None:
    breaking = Breaking(7000)
    with Client(server.url, server.owner_key, transport=breaking, retry_for=0) as client:
        with pytest.raises(ConnectionFailed, match="7,000 bytes have arrived and are kept"):
            client.exports.download(export, tmp_path / "labels.jsonl")
        breaking.after = 0
        path = client.exports.download(export, tmp_path / "labels.jsonl")

    assert ranges(breaking) == [None, "bytes=7000-"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == export.sha256


def test_an_old_part_that_is_damaged_is_fetched_anew(tap: tuple[Client, Tap], export: Export, tmp_path: Path) -> None:
    client, tapped = tap
    (tmp_path / f".labels.jsonl.{(export.sha256 or '')[:16]}.part").write_bytes(b"x" * 100)

    path = client.exports.download(export, tmp_path / "labels.jsonl")

    assert ranges(tapped) == ["bytes=100-", None]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == export.sha256


def test_a_file_that_is_no_karat_jsonl_says_where(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    good = b'{"asset_id": "018f0000-0000-7000-8000-000000000000", "name": "a"}\n'
    for bad, said in ((b"{", "Line 2 is not JSON"), (b'{"name": "b"}', "Line 2: .*asset_id"), (b"[]", "Line 2")):
        path.write_bytes(good + bad)
        labels = iter(read_labels(path))
        assert next(labels).name == "a"
        with pytest.raises(AnswerUnreadable, match=said):
            next(labels)

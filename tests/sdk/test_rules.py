"""The client's pure parts."""

import io
import tempfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat_client import AnswerUnreadable, Label, Progress
from karat_client.decode import decode
from karat_client.progress import Bar, describe
from karat_client.retries import Backoff, can_pass, seconds_asked
from karat_client.zips import Entry, zip_size, zip_stream


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 300))
def test_a_pause_is_between_half_and_all_of_what_doubling_gives(tries: int, chance: float, asked: float | None) -> None:
    backoff = Backoff()
    pause = backoff.pause_s(tries, chance, asked)
    whole = min(backoff.most_s, backoff.first_s * 2 ** (tries - 1))

    assert pause >= (asked or 0)
    assert asked is not None or whole / 2 <= pause <= whole


@pytest.mark.parametrize(
    ("status", "retryable", "tries", "passes"),
    [
        (503, None, 9, True),
        (500, None, 1, False),
        (404, None, 1, False),
        (503, False, 1, False),
        (409, True, 9, True),
        (500, True, 2, True),
        (500, True, 3, False),
        (507, True, 3, False),
    ],
)
def test_whether_an_answer_can_pass(status: int, retryable: bool | None, tries: int, passes: bool) -> None:
    assert can_pass(status, retryable, tries) is passes


@pytest.mark.parametrize(
    ("said", "asked"), [("3", 3.0), ("-1", 0.0), ("1e9", 300.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), (None, None)]
)
def test_retry_after_is_read_as_seconds(said: str | None, asked: float | None) -> None:
    assert seconds_asked(said) == asked


names = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="/\\\0"), min_size=1, max_size=12)


@given(st.dictionaries(names, st.binary(max_size=2000), min_size=1, max_size=8))
def test_a_zip_that_is_made_while_it_is_sent_holds_the_files_and_has_the_size_that_was_said(
    contents: dict[str, bytes],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        entries = []
        for at, (name, content) in enumerate(contents.items()):
            path = Path(folder, str(at))
            path.write_bytes(content)
            entries.append(Entry(name, path))
        made = b"".join(zip_stream(entries))
        assert made == b"".join(zip_stream(entries))
        assert len(made) == zip_size(entries)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in contents} == contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    id: UUID
    at: datetime
    share: float
    word: Literal["a", "b"]
    parts: tuple[Part, ...]
    more: dict[str, Part] = field(default_factory=dict)
    last: Part | None = None
    anything: dict[str, Any] | None = None


GIVEN = {
    "id": "018f0000-0000-7000-8000-000000000000",
    "at": "2026-01-02T03:04:05.5Z",
    "share": 1,
    "word": "a",
    "parts": [{"n": 1}],
}


def test_json_becomes_a_record() -> None:
    found = decode(Whole, GIVEN | {"more": {"x": {"n": 2}}, "anything": {"k": [1]}})

    assert found.at == datetime(2026, 1, 2, 3, 4, 5, 500_000, UTC)
    assert (found.parts, found.more, found.last) == ((Part(n=1),), {"x": Part(n=2)}, None)
    assert isinstance(found.share, float) and found.anything == {"k": [1]}


def test_what_a_newer_server_adds_is_passed_over() -> None:
    assert decode(Whole, GIVEN | {"new": 1, "word": "c", "last": None}).word == "c"


@pytest.mark.parametrize(
    "change",
    [{"id": "x"}, {"at": "soon"}, {"parts": {"n": 1}}, {"parts": [{}]}, {"share": "much"}, {"word": 3}, {"last": []}],
)
def test_what_is_something_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(AnswerUnreadable, match="Whole"):
        decode(Whole, GIVEN | change)


def test_boxes_have_no_label_class_of_the_whole_asset() -> None:
    one = {"asset_id": GIVEN["id"], "name": "x"}
    box = {"kind": "image.box", "payload": {"label_class": "a", "x": 0.0}}
    whole = {"kind": "image.class", "payload": {"label_class": "a"}}

    assert decode(Label, one | {"annotations": [box]}).label_class is None
    assert decode(Label, one | {"annotations": [whole, whole]}).label_class is None
    assert decode(Label, one | {"annotations": [whole]}).label_class == "a"
    assert decode(Label, one).provenance.source == "none"


def test_a_bar_tells_how_far_it_is() -> None:
    assert (
        describe(Progress("Upload", 1_500_000, 3_000_000, "bytes"), 2.0, 4)
        == "Upload ██░░  50% 1.5 MB of 3.0 MB in 2 s"
    )
    assert describe(Progress("Import", 1200, None, "rows"), 0.4, 4) == "Import 1,200 rows in 0 s"


def test_a_log_gets_lines_and_not_every_point() -> None:
    stream = io.StringIO()
    bar = Bar(stream)
    for at in range(100):
        bar(Progress("Import", at, 100, "rows"))
    bar(Progress("Import", 100, 100, "rows", is_over=True))

    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()

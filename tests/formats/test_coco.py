import io
import json
import math
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.formats import DeliveredLabel, ListedClass, NotExpressible, Provenance, format_named, write
from karat.formats.coco.sections import DocumentMalformed, Sections
from karat.kit import Fault
from karat.modalities import Annotation, Media

COCO = format_named("coco")
COCO128 = Path(__file__).resolve().parents[3] / "shared/data/image/coco128/instances_boxes.json"
PHOTO = Media(modality="image", media_type="image/jpeg", width=640, height=480)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
names = texts.filter(lambda text: 0 < len(text) <= 200)
values = st.booleans() | st.floats(-1e9, 1e9) | texts | st.lists(texts, max_size=2)
boxes = st.builds(
    lambda name, x, y, attributes: Annotation(
        kind="image.box",
        payload={"label_class": name, "x": x, "y": y, "width": 10.25, "height": 0.1}
        | ({"attributes": attributes} if attributes else {}),
    ),
    names,
    st.floats(0, 600),
    st.floats(0, 400),
    st.dictionaries(names, values, max_size=2),
)
labels = st.builds(
    DeliveredLabel,
    asset_id=st.uuids(),
    external_id=st.none() | texts,
    name=texts,
    sha256=st.none() | st.just("ab" * 32),
    media=st.none() | st.just(PHOTO),
    metadata=st.dictionaries(texts | st.just("coco.image_id"), texts | st.sampled_from(["1", "2", "007"]), max_size=3),
    annotations=st.lists(boxes, max_size=3).map(tuple),
    provenance=st.builds(Provenance, confidence=st.none() | st.floats(0, 1), n_answers=st.integers(0, 9)),
    certificate_id=st.none() | st.uuids(),
)


def read(data: bytes) -> list[DeliveredLabel | Fault]:
    return list(COCO.read(io.BytesIO(data)))


def document(**changes: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 7, "file_name": "a.jpg", "width": 640, "height": 480}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 3.5, 4], "iscrowd": 0}],
        "categories": [{"id": 3, "name": "car"}],
        **changes,
    }


def faults(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in read(json.dumps(told).encode()) if isinstance(one, Fault)]


def annotation(**changes: Any) -> dict[str, Any]:
    return {**document()["annotations"][0], **changes}


@given(st.lists(labels, max_size=4))
def test_whatever_was_written_comes_back_the_same(items: list[DeliveredLabel]) -> None:
    assert read(b"".join(write(items, COCO))) == items


@given(st.lists(labels, max_size=6), st.lists(st.integers(0, 4) | st.none(), max_size=3))
def test_every_id_is_there_once(items: list[DeliveredLabel], numbers: list[int | None]) -> None:
    unique = [number for i, number in enumerate(numbers) if number is None or number not in numbers[:i]]
    listed = [ListedClass(name=f"c{i}", category_id=number) for i, number in enumerate(unique)]
    told = json.loads(b"".join(write(items, COCO, listed)))
    for section in ("images", "annotations", "categories"):
        ids = [one["id"] for one in told[section]]
        assert len(ids) == len(set(ids)), section
    by_name = {one["name"]: one["id"] for one in told["categories"]}
    assert all(by_name[one.name] == one.category_id for one in listed if one.category_id is not None)


@pytest.mark.skipif(not COCO128.exists(), reason="COCO128 is not here")
def test_coco128_is_the_same_in_pycocotools_after_reading_and_writing(tmp_path: Path) -> None:
    from pycocotools.coco import COCO as LOADED

    before = json.loads(COCO128.read_text())
    items = read(COCO128.read_bytes())
    assert not [one for one in items if isinstance(one, Fault)]
    listed = [ListedClass(name=one["name"], category_id=one["id"]) for one in before["categories"]]
    path = tmp_path / "again.json"
    path.write_bytes(b"".join(write(items, COCO, listed)))  # type: ignore[arg-type]
    old, new = LOADED(str(COCO128)), LOADED(str(path))
    assert new.cats == {number: {"id": number, "name": one["name"]} for number, one in old.cats.items()}
    for field in ("file_name", "width", "height"):
        assert {n: one[field] for n, one in new.imgs.items()} == {n: one[field] for n, one in old.imgs.items()}
    assert len(new.anns) == len(old.anns) == 929
    for number, one in old.anns.items():
        again = new.anns[number]
        assert all(again[field] == one[field] for field in ("image_id", "category_id", "bbox", "iscrowd"))
        assert again["area"] == pytest.approx(one["area"], abs=0.06)  # the file rounds it to one decimal


def test_a_plain_document_is_read_with_ids_that_follow_from_the_file_names() -> None:
    (one,), (again,) = read(json.dumps(document()).encode()), read(json.dumps(document()).encode())
    assert isinstance(one, DeliveredLabel)
    assert one == again
    assert (one.name, one.external_id, one.metadata) == ("a.jpg", "a.jpg", {"coco.image_id": "7"})
    assert one.annotations[0].payload == {"label_class": "car", "x": 1.0, "y": 2.0, "width": 3.5, "height": 4.0}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"category_id": 4}, [("coco.category_unknown", "annotations.0.category_id")]),
        ({"category_id": None}, [("coco.category_unknown", "annotations.0.category_id")]),
        ({"category_id": True}, [("coco.category_unknown", "annotations.0.category_id")]),
        ({"image_id": 8}, [("coco.image_unknown", "annotations.0.image_id")]),
        ({"image_id": "7"}, [("coco.image_unknown", "annotations.0.image_id")]),
        ({"id": -1}, [("coco.id_malformed", "annotations.0.id")]),
        ({"id": 2**70}, [("coco.id_malformed", "annotations.0.id")]),
        ({"bbox": None}, [("coco.bbox_missing", "annotations.0.bbox")]),
        (
            {"bbox": [], "segmentation": {"size": [4, 4], "counts": "abc"}},
            [("coco.bbox_missing", "annotations.0.bbox")],
        ),
        ({"bbox": [1, 2, 3]}, [("coco.bbox_malformed", "annotations.0.bbox")]),
        ({"bbox": ["1", 2, 3, 4]}, [("coco.bbox_malformed", "annotations.0.bbox")]),
        ({"bbox": [True, 2, 3, 4]}, [("coco.bbox_malformed", "annotations.0.bbox")]),
        ({"bbox": [10**400, 2, 3, 4]}, [("coco.bbox_malformed", "annotations.0.bbox")]),
        ({"bbox": [math.nan, 2, 3, 4]}, [("box.not_finite", "annotations.0.bbox")]),
        ({"bbox": [1, 2, math.inf, 4]}, [("box.not_finite", "annotations.0.bbox")]),
        ({"bbox": [1, 2, -3, 4]}, [("box.too_small", "annotations.0.bbox")]),
        ({"bbox": [1, 2, 0, 4]}, [("box.too_small", "annotations.0.bbox")]),
        ({"bbox": [-1, 2, 3, 4]}, [("box.outside", "annotations.0.bbox")]),
        ({"bbox": [638, 2, 3, 4]}, [("box.outside", "annotations.0.bbox")]),
        ({"iscrowd": 1}, [("coco.crowd", "annotations.0.iscrowd")]),
        ({"attributes": {"a": None}}, [("coco.attribute_malformed", "annotations.0.attributes.a")]),
        ({"attributes": [1]}, [("coco.attribute_malformed", "annotations.0.attributes")]),
    ],
)
def test_an_annotation_that_is_not_right_is_told_with_its_place_and_the_image_is_read(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    told = document(annotations=[annotation(**changes), annotation(id=2)])
    assert faults(told) == expected
    (one,) = [one for one in read(json.dumps(told).encode()) if isinstance(one, DeliveredLabel)]
    assert len(one.annotations) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"images": [{"id": 7, "width": 4, "height": 4}]}, "coco.image_malformed"),
        ({"images": [{"id": 7, "file_name": "a", "width": 0, "height": 4}]}, "coco.image_malformed"),
        ({"images": [{"id": 7.5, "file_name": "a"}]}, "coco.id_malformed"),
        ({"images": [7]}, "coco.malformed"),
        ({"images": {"7": "a.jpg"}}, "coco.malformed"),
        ({"categories": [{"id": 3, "name": ""}]}, "coco.category_malformed"),
        ({"categories": [{"id": 3, "name": "car"}, {"id": 4, "name": "car"}]}, "coco.category_repeated"),
        ({"categories": [{"id": 3, "name": "car"}, {"id": 3, "name": "dog"}]}, "coco.category_repeated"),
        ({"annotations": [annotation(), annotation()]}, "coco.id_repeated"),
        ({"images": document()["images"] * 2}, "coco.id_repeated"),
        ({"images": [{**document()["images"][0], "karat": {"asset_id": "x"}}]}, "coco.karat_malformed"),
        ({"images": [{**document()["images"][0], "karat": 3}]}, "coco.karat_malformed"),
    ],
)
def test_an_image_or_category_that_is_not_right_is_told(changes: dict[str, Any], expected: str) -> None:
    assert faults(document(**changes))[0][0] == expected


def test_outlines_beside_boxes_are_told_once_with_their_number() -> None:
    polygon = [[1, 2, 3, 4, 5, 6]]
    told = document(annotations=[annotation(id=i, segmentation=polygon if i else []) for i in range(5)])
    found = [one for one in read(json.dumps(told).encode()) if isinstance(one, Fault)]
    assert [(one.code, one.where) for one in found] == [("coco.segmentation_left_out", "annotations.1.segmentation")]
    assert found[0].message.startswith("4 annotations")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"nonsense",
        b'{"images": [',
        b'{"images": [{]}',
        b'{"a" 1}',
        b"{1: 2}",
        b'{"a": ' + b"[" * 9999,
        b"\xff{",
    ],
)
def test_what_is_no_document_is_told_without_raising(data: bytes) -> None:
    assert [one.code for one in read(data) if isinstance(one, Fault)] == ["coco.malformed"]


def test_lists_that_are_missing_are_named_and_empty_ones_are_right() -> None:
    assert [one for one, _ in faults({"images": [], "annotations": []})] == ["coco.section_missing"]
    assert faults(document(images=[], annotations=[], categories=[])) == []


def test_what_came_before_the_place_where_a_file_breaks_off_is_read() -> None:
    data = json.dumps(document()).encode()
    found = read(data[: data.index(b'"categories"') + 20])
    assert [one.code for one in found if isinstance(one, Fault)] == ["coco.malformed", "coco.category_unknown"]
    assert [one.name for one in found if isinstance(one, DeliveredLabel)] == ["a.jpg"]


@given(
    st.dictionaries(
        texts, st.lists(st.integers() | texts | st.dictionaries(texts, st.floats(0, 1), max_size=2), max_size=3) | texts
    ),
    st.integers(1, 7),
)
def test_a_document_read_in_small_pieces_is_the_same(told: dict[str, Any], step: int) -> None:
    class Slowly(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(step)

    found: dict[str, Any] = {name: [] for name, value in told.items() if isinstance(value, list)}
    for name, index, value in Sections(Slowly(json.dumps(told, ensure_ascii=False).encode())):
        if index is None:
            found[name] = value
        else:
            found[name].append(value)
    assert found == told


def test_a_document_that_ends_inside_a_character_is_malformed() -> None:
    with pytest.raises(DocumentMalformed, match="UTF-8"):
        list(Sections(io.BytesIO('{"a": "ü'.encode()[:-1])))


def test_other_kinds_and_other_media_are_refused_instead_of_dropped() -> None:
    one = Annotation(kind="image.class", payload={"label_class": "cat"})
    with pytest.raises(NotExpressible):
        list(write([DeliveredLabel(asset_id=UUID(int=1), name="a", annotations=(one,))], COCO))
    text = Media(modality="text", media_type="text/plain", length=3)
    with pytest.raises(NotExpressible):
        list(write([DeliveredLabel(asset_id=UUID(int=1), name="a", media=text)], COCO))


def test_twenty_thousand_boxes_do_not_sit_in_memory_when_written_and_read(tmp_path: Path) -> None:
    def many() -> Iterator[DeliveredLabel]:
        for i in range(2_000):
            box = {"label_class": f"c{i % 9}", "x": i % 600, "y": 1.5, "width": 10.25, "height": 20.5}
            kept = tuple(Annotation(kind="image.box", payload=box) for _ in range(10))
            yield DeliveredLabel(asset_id=UUID(int=i), name=f"{i}.jpg", media=PHOTO, annotations=kept)

    path = tmp_path / "many.json"
    tracemalloc.start()
    with path.open("wb") as file:
        file.writelines(write(many(), COCO))
    with path.open("rb") as stream:
        n_boxes = sum(len(one.annotations) for one in COCO.read(stream) if isinstance(one, DeliveredLabel))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_boxes == 20_000
    assert path.stat().st_size > 2_000_000
    assert peak < 1_900_000


def test_an_image_with_nothing_in_it_is_labelled_and_one_whose_boxes_are_wrong_or_missing_is_not() -> None:
    document = {
        "images": [{"id": at, "file_name": f"{at}.png", "width": 100, "height": 100} for at in (1, 2, 3)],
        "annotations": [{"id": 1, "image_id": 2, "category_id": 1, "bbox": [90, 90, 20, 20]}],
        "categories": [{"id": 1, "name": "cup"}],
    }
    document["images"][2]["karat"] = {"asset_id": str(UUID(int=3)), "name": "3.png"}
    found = [one for one in COCO.read(io.BytesIO(json.dumps(document).encode())) if isinstance(one, DeliveredLabel)]
    assert {one.name: one.is_empty for one in found} == {"1.png": True, "2.png": False, "3.png": False}
    again = [one for one in COCO.read(io.BytesIO(b"".join(write(found, COCO)))) if isinstance(one, DeliveredLabel)]
    assert [one.is_empty for one in again] == [one.is_empty for one in found]

"""Pictures as vectors, and who is near whom."""

import time

import cv2
import numpy as np
import pytest

from karat.models.features.image import ImageUnreadable, deskew, image_features
from karat.models.features.neighbours import nearest_neighbours


def stroke(slant: float, *, light: bool = False) -> np.ndarray:
    """A straight stroke of a pen, leaning by `slant` columns a row."""
    drawing = np.zeros((28, 28), dtype=np.uint8)
    cv2.line(drawing, (int(14 - 9 * slant), 23), (int(14 + 9 * slant), 5), 255, 3)
    return 255 - drawing if light else drawing


def lean(drawing: np.ndarray) -> float:
    """Columns between the centres of the ink in the upper and the lower half."""
    columns = np.arange(28)
    upper, lower = drawing[:14].sum(axis=0), drawing[14:].sum(axis=0)
    return abs(float((upper @ columns) / upper.sum() - (lower @ columns) / lower.sum()))


@pytest.mark.parametrize("slant", [-0.6, 0.6])
def test_a_leaning_stroke_is_set_upright(slant: float) -> None:
    assert lean(stroke(slant)) > 4
    assert lean(deskew(stroke(slant))) < 1


def test_ink_may_be_dark_on_light() -> None:
    assert lean(255 - deskew(stroke(0.6, light=True))) < 1


def test_leaning_and_upright_strokes_look_alike_and_others_do_not() -> None:
    circle = cv2.circle(np.zeros((28, 28), dtype=np.uint8), (14, 14), 8, 255, 2)
    upright, leaning, other = image_features([stroke(0.0), stroke(0.4), circle])
    assert np.linalg.norm(upright - leaning) < np.linalg.norm(upright - other) / 2


def test_a_file_and_its_pixels_give_the_same_vector() -> None:
    png = cv2.imencode(".png", stroke(0.3))[1].tobytes()
    from_file, from_pixels = image_features([png, stroke(0.3)])
    assert np.array_equal(from_file, from_pixels)


def test_photos_of_any_size_and_colour_have_the_same_length() -> None:
    rng = np.random.default_rng(0)
    photos = [rng.integers(0, 256, (height, width, 3), dtype=np.uint8) for height, width in ((480, 640), (5, 9))]
    features = image_features([*photos, np.full((30, 30), 200, dtype=np.uint8)])
    assert features.shape == (3, 432)
    assert features.dtype == np.float32
    assert not features[2].any()


def test_no_pictures_are_an_empty_table() -> None:
    assert image_features([]).shape == (0, 432)


@pytest.mark.parametrize("broken", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_named(broken: bytes) -> None:
    with pytest.raises(ImageUnreadable) as refused:
        image_features([stroke(0.0), broken])
    assert refused.value.data["index"] == 1


def test_two_thousand_digits_take_less_than_two_seconds() -> None:
    drawings = [stroke(slant) for slant in np.linspace(-0.5, 0.5, 2_000)]
    began = time.process_time()
    image_features(drawings)
    assert time.process_time() - began < 2


def test_neighbours_are_the_nearest_by_brute_force() -> None:
    points = np.random.default_rng(1).normal(size=(60, 5)).astype(np.float32)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert np.array_equal(nearest_neighbours(points, 4), np.argsort(distance, axis=1)[:, :4])


def test_long_vectors_keep_their_neighbours() -> None:
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(4, 300))
    points = (np.repeat(centres, 25, axis=0) + 0.05 * rng.normal(size=(100, 300))).astype(np.float32)
    assert (nearest_neighbours(points, 6) // 25 == np.arange(100)[:, None] // 25).all()


def test_few_assets_have_few_neighbours() -> None:
    assert nearest_neighbours(np.zeros((1, 3), dtype=np.float32)).shape == (1, 0)
    assert sorted(nearest_neighbours(np.eye(3, dtype=np.float32))[0].tolist()) == [1, 2]

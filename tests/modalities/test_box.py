import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.modalities import Media, Vocabulary
from karat.modalities.image.box import EDGE_ROUNDING, IMAGE_BOX, MIN_SIZE, BoxPayload
from karat.modalities.votes import weighted_median

PHOTO = Media(modality="image", media_type="image/jpeg", width=640, height=480)
CLASSES = Vocabulary.of_names(["car", "dog"])


@st.composite
def boxes(draw: st.DrawFn) -> BoxPayload:
    """As an editor makes them: two corners inside the photo, then a size by subtraction."""
    x, right = sorted((draw(st.floats(0, 640)), draw(st.floats(0, 640))))
    y, bottom = sorted((draw(st.floats(0, 480)), draw(st.floats(0, 480))))
    return BoxPayload(
        label_class=draw(st.sampled_from(["car", "dog"])),
        x=min(x, 640 - 2 * MIN_SIZE),
        y=min(y, 480 - 2 * MIN_SIZE),
        width=max(right - x, 2 * MIN_SIZE),
        height=max(bottom - y, 2 * MIN_SIZE),
    )


@given(st.lists(st.tuples(boxes(), st.floats(0.01, 1)), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_boxes_that_are_right_merge_to_one_that_is_right_in_any_order(
    told: list[tuple[BoxPayload, float]], random: object
) -> None:
    payloads, weights = [one for one, _ in told], [weight for _, weight in told]
    merged = IMAGE_BOX.merge(payloads, weights)
    assert all(not IMAGE_BOX.check(one, PHOTO, CLASSES) for one in [*payloads, merged])
    shuffled = sorted(told, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert IMAGE_BOX.merge([one for one, _ in shuffled], [weight for _, weight in shuffled]) == merged


@given(boxes(), boxes())
def test_overlap_is_a_symmetric_share_and_one_only_for_the_same_place(a: BoxPayload, b: BoxPayload) -> None:
    assert IMAGE_BOX.overlap(a, b) == IMAGE_BOX.overlap(b, a)
    assert 0 <= IMAGE_BOX.overlap(a, b) <= 1
    assert IMAGE_BOX.overlap(a, a) == 1


@given(boxes(), st.lists(st.floats(0.01, 1), min_size=1, max_size=5))
def test_equals_merge_to_exactly_themselves(box: BoxPayload, weights: list[float]) -> None:
    assert IMAGE_BOX.merge([box] * len(weights), weights) == box


@pytest.mark.parametrize("field", ["x", "y", "width", "height"])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_of_pixels_is_told_by_its_field(field: str, number: float) -> None:
    box = BoxPayload(label_class="car", **{"x": 1.0, "y": 1.0, "width": 5.0, "height": 5.0} | {field: number})
    found = IMAGE_BOX.check(box, PHOTO, CLASSES)
    assert [(one.code, one.where) for one in found] == [("box.not_finite", f"payload.{field}")]
    assert found[0].hint


@pytest.mark.parametrize(("beyond", "n_faults"), [(EDGE_ROUNDING / 2, 0), (EDGE_ROUNDING * 2, 1)])
def test_only_what_rounding_adds_may_lie_beyond_the_edge(beyond: float, n_faults: int) -> None:
    box = BoxPayload(label_class="car", x=600.0, y=0.0, width=40 + beyond, height=480.0)
    assert len(IMAGE_BOX.check(box, PHOTO, CLASSES)) == n_faults


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 5)), min_size=1, max_size=8))
def test_the_weighted_median_is_the_median_of_the_values_repeated_by_their_weights(told: list[tuple[int, int]]) -> None:
    repeated = sorted(value for value, weight in told for _ in range(weight))
    middle = (repeated[(len(repeated) - 1) // 2] + repeated[len(repeated) // 2]) / 2
    assert weighted_median([value for value, _ in told], [weight for _, weight in told]) == middle

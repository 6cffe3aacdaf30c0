"""Objects of several annotators: matched, grouped, believed."""

from itertools import permutations

import numpy as np
import pytest
from bench import boxes as simulation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from karat.measure import (
    AnswersInvalid,
    AssetAnswers,
    ObjectGroup,
    Sightings,
    believe_objects,
    existence_posterior,
    expected_object_loss,
    group_objects,
    match_objects,
    object_loss,
    reach_consensus,
)
from karat.measure.objects.beliefs import COINCIDENCE

matrices = hnp.arrays(np.float64, st.tuples(st.integers(0, 4), st.integers(0, 4)), elements=st.floats(0, 1))


def best_sum(overlap: np.ndarray, at_least: float) -> float:
    """Every way to match, tried."""
    counted = np.where(overlap >= at_least, overlap, 0)
    counted = counted if len(counted) <= counted.shape[1] else counted.T
    rows, columns = counted.shape
    return max(sum(counted[i, j] for i, j in enumerate(way)) for way in permutations(range(columns), rows))


@given(matrices, st.floats(0.1, 1))
def test_the_matches_have_the_largest_sum_that_any_way_of_matching_has(overlap: np.ndarray, at_least: float) -> None:
    pairs = match_objects(overlap, at_least=at_least)
    assert all(overlap[i, j] >= at_least for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert sum(overlap[i, j] for i, j in pairs) == pytest.approx(best_sum(overlap, at_least))


@given(matrices)
def test_two_annotators_groups_are_exactly_their_matches(overlap: np.ndarray) -> None:
    groups = group_objects(overlap.shape, lambda a, b: overlap, at_least=0.5)
    shared = sorted((one.members[0], one.members[1]) for one in groups if len(one.members) == 2)
    assert shared == [tuple(pair) for pair in match_objects(overlap, at_least=0.5).tolist()]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_every_object_is_in_one_group_and_no_group_has_two_of_one_annotator(counts: list[int], random: object) -> None:
    rng = np.random.default_rng(random.randint(0, 2**30))  # type: ignore[attr-defined]
    groups = group_objects(counts, lambda a, b: rng.random((counts[a], counts[b])), at_least=0.5)
    members = [member for one in groups for member in one.members.items()]
    assert sorted(members) == [(a, i) for a, n in enumerate(counts) for i in range(n)]


def test_a_chain_of_boxes_that_slowly_moves_away_is_not_one_thing() -> None:
    chain = {(0, 1): 0.6, (1, 2): 0.55, (0, 2): 0.2}
    groups = group_objects([1, 1, 1], lambda a, b: np.array([[chain[a, b]]]), at_least=0.5)
    assert groups == [ObjectGroup({0: 0, 1: 0}), ObjectGroup({2: 0})]


def test_nobody_saw_anything() -> None:
    assert group_objects([0, 0], lambda a, b: np.empty((0, 0)), at_least=0.5) == []
    found = reach_consensus([], n_annotators=2, n_classes=3)
    assert found.groups == () and found.beliefs.existence.shape == (0,)
    assert found.beliefs.class_posterior.shape == (0, 3)


def sightings(marks: list[tuple[int, int]], n_groups: int, n_annotators: int) -> Sightings:
    """All annotators looked at all groups and give class 0."""
    mark = np.array(marks, dtype=np.int64)
    looks = np.array([(g, a) for g in range(n_groups) for a in range(n_annotators)], dtype=np.int64)
    return Sightings(
        mark[:, 0], mark[:, 1], np.zeros(len(mark), np.int64), looks[:, 0], looks[:, 1], n_groups, n_annotators, 1
    )


def test_existence_is_as_bayes_says_for_marks_that_are_seen_only_if_there_is_one() -> None:
    seen = sightings([(0, 0), (0, 1), (1, 0)], 2, 2)
    posterior = existence_posterior(seen, np.array([0.8, 0.5]), np.array([0.5, 1.5]), 0.6)
    # There: somebody marks with 1 - 0.2 * 0.5 = 9/10. Nothing there: the first sees it 1 of 4 times, the second 3 of 4.
    # Both marked: 3/5 * (4/10)/(9/10) = 4/15 against 2/5 * 1/20 = 1/50, hence 40/43.
    # The first alone: 3/5 * (4/10)/(9/10) = 4/15 against 2/5 * 1/4 * 19/20 = 19/200, hence 160/217.
    assert posterior == pytest.approx([40 / 43, 160 / 217])


def test_the_rates_behind_many_marks_are_found_again() -> None:
    rng = np.random.default_rng(2)
    detection, n_true, n_false = np.array([0.9, 0.7, 0.8]), 4000, 1500
    there = rng.random((n_true, 3)) < detection
    first = np.eye(3, dtype=bool)[rng.choice(3, n_false, p=[0.2, 0.5, 0.3])]
    nothing = first | (rng.random((n_false, 3)) < COINCIDENCE)
    marks = np.concatenate([there[there.any(axis=1)], nothing])
    is_true = np.arange(len(marks)) < there.any(axis=1).sum()
    found = believe_objects(sightings(list(map(tuple, np.argwhere(marks))), len(marks), 3))
    assert found.detection == pytest.approx(detection, abs=0.03)
    assert found.prior == pytest.approx(is_true.mean(), abs=0.02)
    assert found.false_alarm == pytest.approx([0.6, 1.5, 0.9], abs=0.2)
    # The belief is right on average whoever the ones were that marked it.
    for pattern in [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]:
        alike = (marks == np.array(pattern, dtype=bool)).all(axis=1)
        assert found.existence[alike].mean() == pytest.approx(is_true[alike].mean(), abs=0.06), pattern


def test_a_few_marks_do_not_make_anybody_sure() -> None:
    found = believe_objects(sightings([(0, 0)], 1, 1))
    assert 0.5 < found.existence[0] < 0.95
    missed = believe_objects(sightings([(0, 0)], 1, 3))
    assert missed.existence[0] < found.existence[0]


def test_the_class_is_voted_for_by_those_who_marked_it() -> None:
    looks = np.array([0, 0, 0]), np.array([0, 1, 2])
    one = Sightings(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([2, 2, 0]), *looks, 1, 3, 4)
    posterior = believe_objects(one).class_posterior
    assert posterior.sum() == pytest.approx(1)
    assert posterior[0].argmax() == 2
    assert posterior[0, 0] > posterior[0, 1] == pytest.approx(posterior[0, 3])


def test_sightings_that_do_not_fit_are_told() -> None:
    with pytest.raises(AnswersInvalid) as caught:
        Sightings(np.array([0, 0]), np.array([0, 0]), np.array([0, 0]), np.array([1]), np.array([0]), 2, 1, 1)
    assert [one.code for one in caught.value.faults] == [
        "sightings.repeated",
        "sightings.not_looked",
        "sightings.unmarked",
    ]


def test_consensus_keeps_assets_and_positions_apart() -> None:
    same = AssetAnswers([3, 1], [[0], [0]], lambda a, b: np.array([[0.9]]))
    empty = AssetAnswers([0, 2], [[], []], lambda a, b: np.empty((0, 0)))
    apart = AssetAnswers([0, 3], [[1], [0]], lambda a, b: np.array([[0.1]]))
    found = reach_consensus([same, empty, apart], n_annotators=4, n_classes=2)
    assert found.groups == (ObjectGroup({0: 0, 1: 0}), ObjectGroup({0: 0}), ObjectGroup({1: 0}))
    assert [list(found.of_asset(position)) for position in range(3)] == [[0], [], [1, 2]]
    assert found.beliefs.existence[0] > max(found.beliefs.existence[1:])
    assert found.beliefs.class_posterior.argmax(axis=1).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((0, 0, 0), 0.0), ((0, 3, 0), 1.0), ((0, 0, 2), 1.0), ((2, 2, 2), 0.0), ((1, 2, 2), 0.5), ((2, 3, 2), 1 / 5)],
)
def test_the_loss_is_one_less_f1(counts: tuple[int, int, int], expected: float) -> None:
    assert object_loss(*counts) == pytest.approx(expected)


@pytest.mark.parametrize("counts", [(2, 1, 3), (-1, 1, 1), (1, 0, 0)])
def test_more_matches_than_objects_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="matches"):
        object_loss(*counts)


def test_the_expected_loss_follows_the_beliefs() -> None:
    assert expected_object_loss(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == 0.0
    assert expected_object_loss(np.empty(0), np.empty(0)) == 0.0
    # One delivered, 0.8 there and 0.9 of it in its class; 0.2 of another not delivered: 1 - 2 * 0.72 / (1 + 1.0)
    assert expected_object_loss(np.array([0.8, 0.2]), np.array([0.9, 0.9])) == pytest.approx(0.28)


def simulated(photos: list[simulation.Photo], names: list[str], seed: int) -> tuple[list[float], float, np.ndarray]:
    """AP of each annotator, of what they deliver together, and the loss of every photo."""
    rng = np.random.default_rng(seed)
    answers = [[one.answer(photo, names, rng) for one in simulation.LABELLERS] for photo in photos]
    merged = simulation.consensus(answers, names)
    together = [[b for b, is_in in zip(one.boxes, one.delivered, strict=True) if is_in] for one in merged]
    each = [[one[a] for one in answers] for a in range(3)]
    aps = [
        simulation.average_precision(photos, given, [[1.0] * len(one) for one in given], names)
        for given in [*each, together]
    ]
    return aps[:3], aps[3], simulation.losses(photos, together)


def test_three_careless_annotators_together_are_better_than_the_best_of_them_on_made_up_photos() -> None:
    alone, together, _ = simulated(*simulation.made_up_truth(60, np.random.default_rng(3)), seed=3)
    assert together > max(alone) + 0.05


@pytest.mark.skipif(not simulation.COCO128.exists(), reason="COCO128 is not here")
def test_three_careless_annotators_together_are_better_than_the_best_of_them_on_coco128() -> None:
    alone, together, lost = simulated(*simulation.truth_of(simulation.COCO128), seed=0)
    assert together > max(alone) + 0.05
    assert lost.mean() < 0.1


def test_a_certificate_over_boxes_holds_in_simulated_deliveries() -> None:
    _, _, lost = simulated(*simulation.made_up_truth(60, np.random.default_rng(4)), seed=4)
    over, false, certified = simulation.share_broken(lost, 500, lost.mean() * 0.95, 150, np.random.default_rng(6))
    assert certified > 0.9
    assert false <= over <= 0.05 + 3 * (0.05 * 0.95 / 150) ** 0.5

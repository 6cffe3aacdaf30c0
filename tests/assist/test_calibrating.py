"""Probabilities of models from elsewhere are as sure as people's answers show them to be, and a prior knows no evidence."""

from array import array

import numpy as np
import pytest

from karat.assist.learning import calibrate


def world(n: int, claimed: float, right: float, seed: int = 1) -> tuple["array[float]", list[int]]:
    """A model of three classes that always claims the same and is right in a share of its answers; and the truth."""
    rng = np.random.default_rng(seed)
    said = rng.integers(3, size=n)
    truth = np.where(rng.random(n) < right, said, (said + 1) % 3)
    rows = np.full((n, 3), (1 - claimed) / 2)
    rows[np.arange(n), said] = claimed
    return array("f", rows.astype(np.float32).tobytes()), truth.tolist()


def tops(flat: "array[float]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.asarray(flat, dtype=np.float64).reshape(-1, 3).max(axis=1)


@pytest.mark.parametrize(("claimed", "right"), [(0.99, 0.7), (0.5, 0.95), (0.8, 0.8)])
def test_a_model_becomes_as_sure_as_it_is_right(claimed: float, right: float) -> None:
    said, truth = world(2000, claimed, right)
    flat, metrics = calibrate(said, 3, list(range(1000)), truth[:1000], [1.0] * 1000, seed=7)
    share = float(np.mean(np.asarray(said).reshape(-1, 3).argmax(axis=1)[:1000] == truth[:1000]))
    assert abs(tops(flat)[1000:].mean() - share) < 0.03
    assert metrics["accuracy"] == pytest.approx(share)
    assert metrics["calibration_error"] < 0.03
    assert metrics["n_compared"] == 1000


def test_without_answers_only_the_impossible_becomes_possible() -> None:
    flat, metrics = calibrate(array("f", [1, 0, 0, 0.2, 0.3, 0.5]), 3, [], [], [], seed=1)
    rows = np.asarray(flat).reshape(2, 3)
    assert metrics == {}
    assert rows.min() > 0
    assert rows.sum(axis=1) == pytest.approx([1, 1])
    assert rows[1] == pytest.approx([0.2, 0.3, 0.5], abs=0.01)


def test_a_few_answers_change_little() -> None:
    said, _ = world(100, 0.9, 1.0)
    best = np.asarray(said).reshape(-1, 3).argmax(axis=1)
    flat, _ = calibrate(said, 3, [0, 1], [int(best[0]), int((best[1] + 1) % 3)], [1.0, 1.0], seed=1)
    assert 0.6 < tops(flat)[50] < 0.95


def test_an_answered_task_gets_its_prior_from_the_others() -> None:
    """If one answer is turned round, its own prior must not move."""
    said, truth = world(40, 0.8, 0.9)
    turned = [(truth[0] + 1) % 3, *truth[1:]]
    one, _ = calibrate(said, 3, list(range(40)), truth, [1.0] * 40, seed=3)
    other, _ = calibrate(said, 3, list(range(40)), turned, [1.0] * 40, seed=3)
    assert one[:3] == other[:3]
    assert one != other

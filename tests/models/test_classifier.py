"""The in-process model: right from few labels, honest about what it has not seen."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import solve

from karat.models import classifier
from karat.models.classifier import FitImpossible, fit_predict

Cloud = tuple[NDArray[np.float32], NDArray[np.int64]]


def clouds(n_each: int, spread: float, seed: int = 0, d: int = 8, k: int = 3) -> Cloud:
    """`k` round clouds of points; the class is the cloud."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(k), n_each)
    points = rng.normal(size=(k, d))[truth] * 2 + spread * rng.normal(size=(k * n_each, d))
    order = rng.permutation(len(truth))
    return points[order].astype(np.float32), truth[order].astype(np.int64)


def test_a_dozen_labels_name_three_clouds() -> None:
    points, truth = clouds(100, 0.8)
    index = np.arange(12)
    fit = fit_predict(points, index, truth[index], 3, seed=0)
    assert (fit.probabilities.argmax(axis=1) == truth).mean() > 0.97
    assert np.allclose(fit.probabilities.sum(axis=1), 1)


def test_a_class_nobody_has_seen_is_never_impossible() -> None:
    points, truth = clouds(30, 0.5)
    fit = fit_predict(points, np.arange(9), truth[:9], 5, seed=0)
    assert fit.probabilities.min() > 0


def test_labelled_rows_do_not_know_their_own_label() -> None:
    # Labels that are pure chance cannot be foretold: a fit that had seen them would be right nearly always.
    rng = np.random.default_rng(3)
    points = rng.normal(size=(300, 4)).astype(np.float32)
    fit = fit_predict(points, np.arange(300), rng.integers(0, 4, 300), 4, seed=0)
    assert fit.accuracy < 0.36
    assert fit.log_loss > 1.25  # guessing costs log 4 = 1.39


def test_the_closed_form_equals_leaving_out_one_by_one() -> None:
    points, truth = clouds(12, 2.0, seed=4)
    index, targets = np.arange(20), np.eye(3)[truth[:20]]
    scores = classifier._kernel_scores(points, index, targets, np.random.default_rng(0))
    centred = points - points.mean(axis=0)
    width = float(centred.var(axis=0).sum())
    for left_out in index:
        kept = np.delete(index, left_out)
        kernel = classifier._kernel(centred[kept], centred[kept], width) + classifier.RIDGE * np.eye(19)
        duals = solve(kernel, targets[kept] - 1 / 3)
        expected = classifier._kernel(centred[[left_out]], centred[kept], width) @ duals + 1 / 3
        assert np.allclose(scores[left_out], expected[0], atol=1e-4)


def test_confidence_means_what_it_says() -> None:
    points, truth = clouds(700, 2.6, seed=5)
    fit = fit_predict(points, np.arange(400), truth[:400], 3, seed=0)
    unseen = fit.probabilities[400:]
    confidence, is_right = unseen.max(axis=1), unseen.argmax(axis=1) == truth[400:]
    assert 0.6 < is_right.mean() < 0.95
    assert abs(confidence.mean() - is_right.mean()) < 0.05
    assert fit.calibration_error < 0.1


def test_soft_labels_teach_like_hard_ones() -> None:
    points, truth = clouds(60, 0.8, seed=6)
    hard = fit_predict(points, np.arange(30), truth[:30], 3, seed=0)
    soft = fit_predict(points, np.arange(30), np.eye(3)[truth[:30]], 3, seed=0)
    assert np.array_equal(hard.probabilities, soft.probabilities)


def test_the_same_seed_gives_the_same_fit() -> None:
    points, truth = clouds(60, 1.5, seed=7)
    a, b = (fit_predict(points, np.arange(30), truth[:30], 3, seed=9) for _ in range(2))
    assert np.array_equal(a.probabilities, b.probabilities)


def test_the_scale_of_the_features_does_not_matter() -> None:
    points, truth = clouds(60, 1.0, seed=8)
    a = fit_predict(points, np.arange(30), truth[:30], 3, seed=0)
    b = fit_predict(points * 1_000, np.arange(30), truth[:30], 3, seed=0)
    assert np.allclose(a.probabilities, b.probabilities, atol=1e-2)


@pytest.mark.parametrize("n_labelled", [0, 1, 2, 5])
def test_nearly_nothing_is_enough_to_answer(n_labelled: int) -> None:
    points, truth = clouds(5, 1.0)
    fit = fit_predict(points, np.arange(n_labelled), truth[:n_labelled], 3, seed=0)
    assert fit.n_labelled == n_labelled
    assert np.isfinite(fit.probabilities).all()
    if n_labelled == 0:
        assert np.allclose(fit.probabilities, 1 / 3)


def test_a_single_asset_and_even_features_are_no_error() -> None:
    flat = np.zeros((4, 3), dtype=np.float32)
    assert np.isfinite(fit_predict(flat, np.arange(2), np.array([0, 1]), 2, seed=0).probabilities).all()
    assert np.isfinite(fit_predict(flat[:1], np.arange(1), np.array([0]), 2, seed=0).probabilities).all()


def test_more_labels_than_cores_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "MOST_CORES", 40)
    points, truth = clouds(100, 0.8, seed=9)
    fit = fit_predict(points, np.arange(200), truth[:200], 3, seed=0)
    assert (fit.probabilities.argmax(axis=1) == truth).mean() > 0.97


def test_without_the_graph_the_kernel_machine_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "MOST_IN_GRAPH", 10)
    points, truth = clouds(100, 0.8, seed=10)
    fit = fit_predict(points, np.arange(40), truth[:40], 3, seed=0)
    assert (fit.probabilities.argmax(axis=1) == truth).mean() > 0.95


@pytest.mark.parametrize(
    ("index", "labels"),
    [([0, 0], [0, 1]), ([0, 99], [0, 1]), ([0, 1], [0, 3]), ([0, 1], [0]), ([0, 1], [[0.5, 0.5], [1.0, 0.0]])],
)
def test_labels_that_do_not_fit_are_refused(index: list[int], labels: list[int]) -> None:
    points, _ = clouds(5, 1.0)
    with pytest.raises(FitImpossible):
        fit_predict(points, np.array(index), np.array(labels), 3, seed=0)

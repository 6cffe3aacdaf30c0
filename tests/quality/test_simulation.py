"""The whole loop in memory: certified, cheap, and true."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from karat.measure.arrays import FloatArray, IntArray
from karat.models.classifier import fit_predict
from karat.models.features.image import image_features
from karat.models.features.neighbours import nearest_neighbours
from karat.quality.cycle import CycleSettings
from karat.quality.simulated_people import DEMO_ERROR_RATES, make_people
from karat.quality.simulation import Predict, simulate

SAMPLE = Path(__file__).parents[2] / "samples" / "mnist_t10k" / "mnist_t10k.npz"


@pytest.fixture(scope="module")
def digits() -> tuple[Predict, IntArray]:
    sample = np.load(SAMPLE)
    features = image_features(sample["images"])
    return learner(features, 10), sample["labels"].astype(np.int64)


def learner(features: np.ndarray, n_classes: int) -> Callable[[IntArray, FloatArray, int], FloatArray]:
    neighbours = nearest_neighbours(features)

    def predict(asset: IntArray, labels: FloatArray, seed: int) -> FloatArray:
        return fit_predict(features, asset, labels, n_classes, seed=seed, neighbours=neighbours).probabilities

    return predict


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_digits_are_certified_with_a_tenth_of_the_answers(
    digits: tuple[Predict, IntArray], seed: int
) -> None:
    predict, truth = digits
    report = simulate(predict, truth, make_people(), CycleSettings.for_project(len(truth)), seed=seed)
    assert report.is_certified
    assert report.n_answers == report.n_routed + report.n_reviewed + report.n_checked <= 3_000
    assert report.true_error <= report.error_upper_bound <= 0.01
    assert report.saved >= 0.9


def test_a_run_can_be_repeated(digits: tuple[Predict, IntArray]) -> None:
    predict, truth = digits
    settings = CycleSettings.for_project(len(truth))
    assert simulate(predict, truth, make_people(), settings, seed=5) == simulate(
        predict, truth, make_people(), settings, seed=5
    )


@pytest.mark.parametrize(("n", "n_people"), [(20, 1), (60, 1), (300, 3)])
def test_small_projects_end_with_a_certificate_too(n: int, n_people: int) -> None:
    rng = np.random.default_rng(n)
    truth = rng.integers(0, 3, n)
    features = (np.eye(3)[truth] * 3 + rng.normal(size=(n, 3))).astype(np.float32)
    people = make_people([0.03] * n_people, n_classes=3, alike=[(0, 1)])
    report = simulate(learner(features, 3), truth, people, CycleSettings.for_project(n), seed=0)
    assert report.is_certified
    assert report.true_error <= 0.01


def test_a_model_that_knows_nothing_costs_answers_but_never_the_truth() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 4, 200)

    def ignorant(asset: IntArray, labels: FloatArray, seed: int) -> FloatArray:
        return np.full((200, 4), 0.25)

    settings = CycleSettings.for_project(200, target_error=0.05)
    report = simulate(ignorant, truth, make_people([0.05] * 3, n_classes=4, alike=[]), settings, seed=0)
    assert report.is_certified
    assert report.true_error <= 0.05


def test_simulated_people_err_as_often_as_declared() -> None:
    for person, rate in zip(make_people(), DEMO_ERROR_RATES, strict=True):
        said = [person.answer(str(asset), asset % 10, seed=1) for asset in range(6_000)]
        wrong = sum(label != asset % 10 for asset, label in enumerate(said)) / 6_000
        assert abs(wrong - rate) < 4.5 * (rate * (1 - rate) / 6_000) ** 0.5


def test_a_simulated_person_never_contradicts_itself() -> None:
    person = make_people()[7]
    assert [person.answer("a", 4, 0)] * 5 == [person.answer("a", 4, 0) for _ in range(5)]
    assert len({person.answer(str(asset), 4, 0) for asset in range(300)}) > 1


def test_every_confusion_is_a_law_and_prefers_what_looks_alike() -> None:
    for person in make_people():
        assert all(sum(row) == pytest.approx(1) for row in person.confusion)
        assert person.confusion[4][9] > 10 * person.confusion[4][0]

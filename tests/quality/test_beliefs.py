"""The model and the people, each by their own error."""

import numpy as np
import pytest

from karat.measure import Answers
from karat.quality.beliefs import believe, lessons

MODEL = np.array([[0.7, 0.3], [0.98, 0.02], [0.5, 0.5]])


def test_an_asset_without_answers_is_believed_as_the_model_says() -> None:
    beliefs = believe(Answers.of([(0, 0, 0)], n_classes=2, n_items=3), MODEL)
    assert np.allclose(beliefs.posterior[1:], MODEL[1:])
    assert beliefs.gap[1] == pytest.approx(0.96)


def test_one_answer_from_an_unknown_person_counts_nineteen_to_one() -> None:
    # The answer w, once believed, is evidence about the person too: w solves
    # w / (1 - w) = (19 + w) / (20 + w) : (2 - w) / (21 - w), which is w = 0.9478; 19 to 1 alone were 0.95.
    beliefs = believe(Answers.of([(2, 0, 1)], n_classes=2, n_items=3), MODEL)
    assert beliefs.posterior[2, 1] == pytest.approx(0.9478, abs=1e-4)


def test_agreement_settles_and_dispute_stays_open() -> None:
    agreed = believe(Answers.of([(2, 0, 1), (2, 1, 1)], n_classes=2, n_items=3), MODEL)
    disputed = believe(Answers.of([(2, 0, 1), (2, 1, 0)], n_classes=2, n_items=3), MODEL)
    assert agreed.gap[2] > 0.99
    assert disputed.gap[2] < 0.01


def test_a_person_who_errs_often_is_believed_less() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 200)
    model = np.full((202, 3), 0.02)
    model[np.arange(200), truth] = 0.96
    model[200:] = 1 / 3
    rows = [(i, 0, int(t)) for i, t in enumerate(truth)]
    rows += [(i, 1, int(t) if rng.random() < 0.6 else int(rng.integers(0, 3))) for i, t in enumerate(truth)]
    beliefs = believe(Answers.of([*rows, (200, 0, 1), (201, 1, 1)], n_classes=3, n_items=202), model)
    assert beliefs.posterior[200, 1] > 0.95
    assert beliefs.posterior[201, 1] < 0.9


def test_what_the_reference_decided_stands() -> None:
    answers = Answers.of([(1, 0, 0), (1, 1, 0)], n_classes=2, n_items=3)
    beliefs = believe(answers, MODEL, verified={1: 1, 2: 0})
    assert beliefs.posterior[1].tolist() == [0, 1]
    assert beliefs.gap[[1, 2]].tolist() == [1, 1]


def test_before_anything_is_known_every_class_is_alike() -> None:
    beliefs = believe(Answers.of([], n_classes=4, n_items=2, n_annotators=0))
    assert np.allclose(beliefs.posterior, 0.25)


def test_the_model_learns_from_answered_and_verified_assets_only() -> None:
    answers = Answers.of([(2, 0, 1), (0, 0, 0)], n_classes=2, n_items=5)
    learned = lessons(answers, verified={4: 1})
    assert learned.asset.tolist() == [0, 2, 4]
    assert learned.labels.argmax(axis=1).tolist() == [0, 1, 1]


def test_the_models_own_table_is_not_changed() -> None:
    before = MODEL.copy()
    believe(Answers.of([(0, 0, 1)], n_classes=2, n_items=3), MODEL, verified={1: 1})
    assert np.array_equal(MODEL, before)

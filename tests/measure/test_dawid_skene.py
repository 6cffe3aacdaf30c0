"""Sparse Dawid-Skene against a plain loop, and against what it must know."""

from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.measure import Answers, AnswersInvalid, dawid_skene, majority


def plain_rounds(answers: Answers, n_rounds: int, smoothing: float, prior: np.ndarray | None) -> np.ndarray:
    """The same fit, written as the paper says it."""
    k = answers.n_classes
    rows = list(zip(answers.item.tolist(), answers.annotator.tolist(), answers.label.tolist(), strict=True))
    belief = (majority(answers) if prior is None else prior).tolist()
    for _ in range(n_rounds):
        counts = [[[smoothing] * k for _ in range(k)] for _ in range(answers.n_annotators)]
        for item, annotator, label in rows:
            for truth in range(k):
                counts[annotator][truth][label] += belief[item][truth]
        confusion = [[[c / sum(row) for c in row] for row in matrix] for matrix in counts]
        answered = {item for item, _, _ in rows}
        share = [(sum(belief[i][t] for i in answered) + 1 / k) / (len(answered) + 1) for t in range(k)]
        updated = []
        for item in range(answers.n_items):
            start = share if prior is None else prior[item].tolist()
            logs = [log(start[t]) for t in range(k)]
            for _, annotator, label in (row for row in rows if row[0] == item):
                logs = [logs[t] + log(confusion[annotator][t][label]) for t in range(k)]
            weights = [exp(value - max(logs)) for value in logs]
            updated.append([weight / sum(weights) for weight in weights])
        belief = updated
    return np.array(belief)


rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=25)


@settings(max_examples=40)
@given(rows, st.booleans(), st.integers(1, 5))
def test_the_sparse_fit_equals_the_plain_loop(rows: list[tuple[int, int, int]], with_prior: bool, n: int) -> None:
    answers = Answers.of(rows, n_classes=3, n_items=6, n_annotators=3)
    prior = np.random.default_rng(1).dirichlet([1, 1, 1], size=6) if with_prior else None
    fit = dawid_skene(answers, item_prior=prior, pseudo_counts=0.5, max_rounds=n, tolerance=0.0)
    assert np.allclose(fit.posterior, plain_rounds(answers, n, 0.5, prior), atol=1e-9)


def crowd(seed: int) -> tuple[Answers, np.ndarray]:
    """Two good annotators, one who guesses, one who always says 0."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, 400)
    rows = []
    for item, right in enumerate(truth):
        for annotator, skill in enumerate((0.9, 0.85)):
            said = right if rng.random() < skill else rng.integers(0, 3)
            rows.append((item, annotator, int(said)))
        rows += [(item, 2, int(rng.integers(0, 3))), (item, 3, 0)]
    return Answers.of(rows, n_classes=3), truth


def test_it_learns_whom_to_believe() -> None:
    answers, truth = crowd(3)
    fit = dawid_skene(answers)
    assert (fit.posterior.argmax(axis=1) == truth).mean() > (majority(answers).argmax(axis=1) == truth).mean() + 0.05
    assert fit.confusion[0].diagonal().min() > 0.85
    assert np.allclose(fit.confusion[3][:, 0], 1.0, atol=0.01)


def test_every_round_makes_the_answers_more_likely() -> None:
    answers, _ = crowd(4)
    courses = [dawid_skene(answers, max_rounds=n, tolerance=0.0).log_likelihood for n in range(1, 12)]
    assert all(after >= before - 1e-3 for before, after in pairwise(courses))


def test_an_item_without_answers_keeps_its_prior() -> None:
    prior = np.array([[0.2, 0.8], [0.6, 0.4]])
    fit = dawid_skene(Answers.of([(0, 0, 1)], n_classes=2, n_items=2), item_prior=prior)
    assert np.allclose(fit.posterior[1], prior[1])
    assert fit.posterior[0, 1] > 0.8


def test_a_known_confusion_is_used_as_it_is() -> None:
    known = np.array([[0.9, 0.1], [0.3, 0.7]])
    fit = dawid_skene(
        Answers.of([(0, 0, 1)], n_classes=2), item_prior=np.array([[0.5, 0.5]]), fixed_confusion={0: known}
    )
    assert np.array_equal(fit.confusion[0], known)
    assert fit.posterior[0, 1] == pytest.approx(0.7 / 0.8)  # 0.5 * 0.7 / (0.5 * 0.1 + 0.5 * 0.7)


def test_no_answers_at_all_are_no_error() -> None:
    fit = dawid_skene(Answers.of([], n_classes=2, n_items=3, n_annotators=1))
    assert np.allclose(fit.posterior, 0.5)
    assert fit.log_likelihood == 0.0


def test_inputs_are_not_changed() -> None:
    answers, _ = crowd(5)
    prior = np.full((answers.n_items, 3), 1.0)
    dawid_skene(answers, item_prior=prior)
    assert (prior == 1.0).all()


def test_every_fault_of_the_answers_is_named() -> None:
    with pytest.raises(AnswersInvalid) as refused:
        Answers.of([(0, 4, 9)], n_classes=3, n_annotators=2)
    assert {fault.where for fault in refused.value.faults} == {"annotator", "label"}


@pytest.mark.parametrize("prior", [np.ones((2, 3)), np.zeros((1, 3)), np.array([[1.0, -0.1, 0.1]])])
def test_a_prior_that_is_none_is_refused(prior: np.ndarray) -> None:
    with pytest.raises(AnswersInvalid):
        dawid_skene(Answers.of([(0, 0, 1)], n_classes=3), item_prior=prior)


def test_a_tied_vote_stays_tied_and_no_vote_is_even() -> None:
    shares = majority(Answers.of([(0, 0, 0), (0, 1, 2)], n_classes=3, n_items=2))
    assert np.allclose(shares, [[0.5, 0, 0.5], [1 / 3, 1 / 3, 1 / 3]])

"""Dawid-Skene: every annotator is an instrument with an own confusion matrix, learned together with the truth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from karat.errors import Fault
from karat.measure.aggregation.answers import Answers, AnswersInvalid
from karat.measure.aggregation.majority import majority
from karat.measure.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """What the answers say about the items and about the annotators.

    Attributes:
        posterior: (n_items, n_classes), rows sum to one. Items without answers keep their prior.
        confusion: (n_annotators, n_classes, n_classes); [a, t, l] is the chance that a says l when the truth is t.
        class_prior: (n_classes,) share of each class; the mean of the item priors where those were given.
        log_likelihood: of the answers, natural logarithm, at the last round's parameters, without the smoothing.
        n_rounds: rounds of expectation and maximisation that were needed.
    """

    posterior: FloatArray
    confusion: FloatArray
    class_prior: FloatArray
    log_likelihood: float
    n_rounds: int


def dawid_skene(
    answers: Answers,
    *,
    item_prior: FloatArray | None = None,
    pseudo_counts: float | FloatArray = 0.01,
    fixed_confusion: dict[int, FloatArray] | None = None,
    max_rounds: int = 200,
    tolerance: float = 1e-5,
) -> DawidSkene:
    """Fit by expectation maximisation; a round is two sparse matrix products. The same input gives the same result.

    Args:
        item_prior: (n_items, n_classes) belief about each item before any answer, in place of one class prior for all:
            a model's calibrated probabilities. It starts the fit; without it the majority does.
        pseudo_counts: answers imagined for every annotator, one number or (n_classes, n_classes) by truth and label:
            the Dirichlet prior of the confusions. A heavy diagonal says that annotators are mostly right, which people
            with few answers need.
        fixed_confusion: confusions that are known, by annotator; they are not fitted (a reference, a calibrated model).
        max_rounds, tolerance: the fit ends when no posterior moves by more than `tolerance`.

    Raises:
        AnswersInvalid: a prior or a confusion of the wrong shape, or with negative or all-zero rows.

    Source: A. P. Dawid & A. M. Skene, Maximum likelihood estimation of observer error-rates using the EM algorithm,
    Applied Statistics 28(1), 1979.
    """
    shape = (answers.n_classes, answers.n_classes)
    smoothing = np.broadcast_to(np.asarray(pseudo_counts, dtype=np.float64), shape)
    fixed = {a: _checked(known, shape, f"fixed_confusion[{a}]") for a, known in (fixed_confusion or {}).items()}
    prior = None
    if item_prior is not None:
        prior = _checked(item_prior, (answers.n_items, answers.n_classes), "item_prior")
    given = _given(answers)
    given_to, is_answered = given.T.tocsr(), np.diff(given.indptr) > 0
    posterior = majority(answers) if prior is None else prior
    n_rounds, moved = 0, np.inf
    while moved > tolerance and n_rounds < max_rounds:
        n_rounds += 1
        confusion = _confusion(given_to @ posterior, smoothing, answers.n_annotators)
        for annotator, known in fixed.items():
            confusion[annotator] = known
        class_prior = _class_prior(posterior[is_answered] if prior is None else prior)
        before = posterior
        posterior, item_log_likelihood = _expect(given, confusion, class_prior if prior is None else prior)
        moved = float(np.abs(posterior - before).max(initial=0.0))
    return DawidSkene(posterior, confusion, class_prior, float(item_log_likelihood[is_answered].sum()), n_rounds)


_TINY = 1e-300  # keeps log(0) finite; without smoothing a confusion can hold true zeros


def _given(answers: Answers) -> "csr_array[np.float64, tuple[int, int]]":
    """Row = item, column = (annotator, label): how often that annotator gave the item that label."""
    columns = answers.annotator * answers.n_classes + answers.label
    shape = (answers.n_items, answers.n_annotators * answers.n_classes)
    return csr_array((np.ones(len(answers)), (answers.item, columns)), shape=shape)


def _expect(
    given: "csr_array[np.float64, tuple[int, int]]", confusion: FloatArray, prior: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Posterior of every item, and the log likelihood of its answers (n_items,)."""
    # (annotator, label) in rows and truth in columns, so that one product sums the evidence of all answers.
    evidence = np.log(np.maximum(confusion, _TINY)).transpose(0, 2, 1).reshape(-1, confusion.shape[1])
    joint = given @ evidence + np.log(np.maximum(prior, _TINY))
    highest = joint.max(axis=1, keepdims=True)
    joint -= highest
    weight = np.exp(joint, out=joint)
    total = weight.sum(axis=1, keepdims=True)
    return weight / total, (highest + np.log(total))[:, 0]


def _confusion(counts: Any, smoothing: FloatArray, n_annotators: int) -> FloatArray:
    """From expected answers by (annotator, label) and truth: smoothed, and normalised over the labels of each truth."""
    n_classes = counts.shape[1]
    by_truth: FloatArray = counts.reshape(n_annotators, n_classes, n_classes).transpose(0, 2, 1) + smoothing
    total = by_truth.sum(axis=2, keepdims=True)
    # A truth that an annotator never met, without smoothing: nothing is known, every label is as likely.
    confusion = np.full_like(by_truth, 1.0 / n_classes)
    np.divide(by_truth, total, out=confusion, where=total > 0)
    return confusion


def _class_prior(posterior: FloatArray) -> FloatArray:
    """Share of each class, with one imagined item spread evenly: no class is impossible, no items are no error."""
    n_classes = posterior.shape[1]
    share: FloatArray = (posterior.sum(axis=0) + 1.0 / n_classes) / (len(posterior) + 1.0)
    return share


def _checked(rows: FloatArray, shape: tuple[int, int], where: str) -> FloatArray:
    """Rows that sum to one."""
    given = np.asarray(rows, dtype=np.float64)
    if given.shape != shape or not np.isfinite(given).all() or (given < 0).any() or (given.sum(axis=1) <= 0).any():
        message = f"Expected {shape[0]} rows of {shape[1]} probabilities."
        raise AnswersInvalid(faults=[Fault(code="answers.prior", message=message, where=where)])
    normal: FloatArray = given / given.sum(axis=1, keepdims=True)
    return normal

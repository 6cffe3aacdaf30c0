"""What is believed about each asset: the model's probabilities, updated by people, each by their own error."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from karat.measure import Answers, dawid_skene, posterior_gap
from karat.measure.arrays import FloatArray, IntArray

USUAL_SKILL = 0.95  # share of right answers that a person is expected to give before anything is known
USUAL_WEIGHT = 20.0  # imagined answers per class behind that expectation


@dataclass(frozen=True, slots=True)
class Beliefs:
    """The engine's belief about every asset.

    Attributes:
        posterior: (n_assets, n_classes), rows sum to one.
        label: (n_assets,) the most likely class.
        gap: (n_assets,) posterior gap, 0 undecided … 1 certain; assets that the reference decided have 1.
        confusion: (n_annotators, n_classes, n_classes) chance of each answer by truth and annotator.
    """

    posterior: FloatArray
    label: IntArray
    gap: FloatArray
    confusion: FloatArray


def believe(answers: Answers, model: FloatArray | None = None, *, verified: Mapping[int, int] | None = None) -> Beliefs:
    """Join the model and the people.

    The model's row is the prior of an asset, so it must not have learned from this asset's own answers (out-of-fold
    rows); the answers are evidence, weighed by Dawid-Skene confusions that are learned under that prior. Only
    answered assets take part in the fit: the others would say nothing about anybody.

    Args:
        answers: all answers of people so far, over all assets.
        model: (n_assets, n_classes) calibrated probabilities; without a model every class starts alike.
        verified: classes that the reference has decided, by asset; nothing weighs against them.
    """
    even = np.full((answers.n_items, answers.n_classes), 1.0 / answers.n_classes)
    posterior = even if model is None else model.copy()
    answered, position = np.unique(answers.item, return_inverse=True)
    those = Answers(position, answers.annotator, answers.label, len(answered), answers.n_annotators, answers.n_classes)
    fit = dawid_skene(those, item_prior=posterior[answered], pseudo_counts=_expected_answers(answers.n_classes))
    posterior[answered] = fit.posterior
    for asset, label in (verified or {}).items():
        posterior[asset] = np.eye(answers.n_classes)[label]
    return Beliefs(posterior, posterior.argmax(axis=1), posterior_gap(posterior), fit.confusion)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the model learns from.

    Attributes:
        asset: (m,) answered or verified assets, ascending.
        labels: (m, n_classes) beliefs about them.
    """

    asset: IntArray
    labels: FloatArray


def lessons(answers: Answers, model: FloatArray | None = None, *, verified: Mapping[int, int] | None = None) -> Lessons:
    """The labels for the next fit: what people said, weighed by what the model knew without them.

    Args:
        model: rows of the fit before, out of fold; None before the first.
    """
    beliefs = believe(answers, model, verified=verified)
    asset = np.union1d(answers.item, np.array(sorted(verified or {}), dtype=np.int64)).astype(np.int64)
    return Lessons(asset, beliefs.posterior[asset])


def _expected_answers(n_classes: int) -> FloatArray:
    """Imagined answers by truth and label: mostly right, a mistake may be anything."""
    mistake = USUAL_WEIGHT * (1 - USUAL_SKILL) / max(n_classes - 1, 1)
    expected = np.full((n_classes, n_classes), mistake)
    np.fill_diagonal(expected, USUAL_WEIGHT * USUAL_SKILL)
    return expected

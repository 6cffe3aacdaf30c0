"""Majority vote: the yardstick that every other aggregation has to beat."""

import numpy as np

from karat.measure.aggregation.answers import Answers
from karat.measure.arrays import FloatArray


def majority(answers: Answers) -> FloatArray:
    """Share of the votes that each class got on each item.

    Returns:
        (n_items, n_classes), rows sum to one. An item without answers has the same share everywhere. A tie stays a tie:
        the shares are equal, and `argmax` takes the lowest class.
    """
    counts = answers.counts()
    total = counts.sum(axis=1, keepdims=True)
    share = np.full_like(counts, 1.0 / answers.n_classes)
    np.divide(counts, total, out=share, where=total > 0)
    return share

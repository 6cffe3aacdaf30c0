"""Pure rules of the router: which assets a person should see next."""

from dataclasses import dataclass

import numpy as np

from karat.measure.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class BatchRule:
    """How a batch is put together.

    Attributes:
        size: assets in a batch.
        explore_share: part of the batch that is drawn at random instead of by doubt. It keeps the model honest about
            what it has never seen, and finds confident mistakes.
    """

    size: int
    explore_share: float


def posterior_gap(posterior: FloatArray) -> FloatArray:
    """(n_items,) distance between the two most likely classes: 0 is a coin toss, 1 is certain.

    With a single class there is nothing to confuse, and the gap is 1.
    """
    if posterior.shape[1] < 2:
        return np.ones(len(posterior))
    top = np.partition(posterior, -2, axis=1)
    gap: FloatArray = top[:, -1] - top[:, -2]
    return gap


def choose_batch(
    gap: FloatArray, rule: BatchRule, *, askable: BoolArray, unseen: BoolArray, rng: np.random.Generator
) -> IntArray:
    """Indexes of the next batch: most doubtful first, then the random part.

    Args:
        gap: (n_items,) posterior gap; ties are broken by the lower index.
        askable: (n_items,) True where somebody is left who may answer.
        unseen: (n_items,) True where nobody has answered; the random part is drawn from these, and from all that are
            askable when there are too few.
    """
    candidates = np.flatnonzero(askable)
    size = min(rule.size, len(candidates))
    n_explore = round(size * rule.explore_share)
    doubtful = candidates[np.argsort(gap[candidates], kind="stable")][: size - n_explore]
    rest = np.setdiff1d(candidates, doubtful)
    fresh, known = rest[unseen[rest]], rest[~unseen[rest]]
    pool = np.concatenate([rng.permutation(fresh), rng.permutation(known)])
    return np.concatenate([doubtful, pool[:n_explore]]).astype(np.int64)

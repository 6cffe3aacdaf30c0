"""An upper bound for the mean of losses between 0 and 1, valid whenever one stops looking.

N assets have losses x in [0, 1] with an unknown mean. They are drawn uniformly without replacement. A gambler who bets
against *the mean is m* holds, after the i-th draw, the capital

    K(m) = product over i of 1 - c (x_i - m_i) / (1 - m_i),     m_i = (N m - x_1 - … - x_(i-1)) / (N - i + 1)

where m_i is what the mean of the remaining assets would be. If m is true, K is a martingale that starts at 1 and is
never negative, so it ever reaches 1 / alpha with a chance of at most alpha (Ville); every m for which it did is given up.
K grows with m, hence what is left is an interval and its end the bound. The stake c, between 0 and 1, that grows fastest
depends on the losses: the gambler splits the first capital over a ladder of stakes, and a mixture of martingales is one.

Source: I. Waudby-Smith & A. Ramdas, Estimating means of bounded random variables by betting, Journal of the Royal
Statistical Society B 86(1), 2024, sections 4 and 5 (sampling without replacement); the same, Confidence sequences for
sampling without replacement, NeurIPS 2020.
"""

from collections.abc import Sequence

import numpy as np

from karat.errors import Invalid
from karat.measure.arrays import FloatArray

# Against no loss at all the whole stake is best, against many a small one; each gets the same share of the capital.
STAKES = np.concatenate([[1.0], 1 - np.geomspace(0.02, 0.98, 15)])
_ROUNDING = 1e-9  # of the bound, to the safe side


class LossesInvalid(Invalid):
    """The losses do not fit: each lies in 0 … 1, and there are no more of them than assets."""

    code = "measure.losses_invalid"


def mean_upper_bound(losses: Sequence[float] | FloatArray, n_total: int, alpha: float) -> float:
    """Largest plausible mean over all `n_total` assets before anything was repaired, at confidence 1 - alpha.

    Valid at every number of draws at once: draw, look, stop whenever it is good enough.

    Args:
        losses: (n_checked,) in the order of the draw.

    Returns:
        1.0 before the first draw; the very mean once all are drawn; never more than before with more draws.

    Raises:
        LossesInvalid: a loss outside 0 … 1, more losses than assets, or an alpha that is no chance.
    """
    drawn = _checked(losses, n_total, alpha)
    if n_total == 0:
        return 0.0
    found = float(drawn.sum())
    # The mean lies between: all the rest without loss, and all the rest lost.
    low, high = found / n_total, (found + n_total - len(drawn)) / n_total
    if len(drawn) == n_total or not len(drawn):
        return high
    before = np.concatenate([[0.0], np.cumsum(drawn)[:-1]])
    remaining = n_total - np.arange(len(drawn))
    while high - low > _ROUNDING:
        middle = (low + high) / 2
        expected = (n_total * middle - before) / remaining
        low, high = (low, middle) if _is_given_up(drawn, expected, alpha) else (middle, high)
    return high


def loss_left_upper_bound(losses: Sequence[float] | FloatArray, n_total: int, alpha: float) -> float:
    """Largest plausible mean over all `n_total` assets once the checked ones were repaired, so that they have no loss.

    The price of looking at any time: where losses are 0 or 1, N = 10,000 and alpha = 0.05, it is 1.17 to 1.41 times the
    exact bound of `wrong_upper_bound` for a number of checks fixed before (100 to 5,000 checks with 0 to 50 found wrong,
    median over 15 orders; `bench/boxes.py` prints it).

    Raises:
        LossesInvalid: as `mean_upper_bound`.
    """
    if n_total == 0:
        return 0.0
    left = mean_upper_bound(losses, n_total, alpha) - float(np.sum(losses)) / n_total
    return min(max(left, 0.0), (n_total - len(losses)) / n_total)


def _is_given_up(drawn: FloatArray, expected: FloatArray, alpha: float) -> bool:
    """Whether the capital against these expected means ever reached 1 / alpha."""
    if expected.max() >= 1:
        return True  # more loss would have to be left than there are assets
    # 1 - c (x - m) / (1 - m), written so that no digits cancel
    gain = (1 - drawn) / (1 - expected)
    with np.errstate(divide="ignore"):
        wealth = np.cumsum(np.log(1 - STAKES[:, None] + STAKES[:, None] * gain), axis=1)  # (n_stakes, n_checked)
    richest = wealth.max(axis=0)
    mixed = richest + np.log(np.exp(wealth - richest).mean(axis=0))
    return bool(mixed.max() >= np.log(1 / alpha))


def _checked(losses: Sequence[float] | FloatArray, n_total: int, alpha: float) -> FloatArray:
    drawn = np.asarray(losses, dtype=np.float64)
    fits = drawn.ndim == 1 and len(drawn) <= n_total and 0 < alpha < 1
    if not fits or not ((drawn >= 0) & (drawn <= 1)).all():
        raise LossesInvalid(n_losses=int(drawn.size), n_total=n_total, alpha=alpha)
    return drawn

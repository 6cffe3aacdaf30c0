"""The law of drawing without replacement, and the exact bound that follows from inverting it."""

from collections.abc import Callable
from math import exp, lgamma


def hypergeometric_pmf(n_found: int, *, n_labels: int, n_wrong: int, n_drawn: int) -> float:
    """Chance that a uniform draw of `n_drawn` out of `n_labels` holds exactly `n_found` of the `n_wrong` wrong ones."""
    if not max(0, n_drawn - (n_labels - n_wrong)) <= n_found <= min(n_drawn, n_wrong):
        return 0.0
    return exp(
        _log_choose(n_wrong, n_found)
        + _log_choose(n_labels - n_wrong, n_drawn - n_found)
        - _log_choose(n_labels, n_drawn)
    )


def hypergeometric_cdf(n_found: int, *, n_labels: int, n_wrong: int, n_drawn: int) -> float:
    """Chance that the draw holds at most `n_found` wrong ones."""
    terms = (hypergeometric_pmf(k, n_labels=n_labels, n_wrong=n_wrong, n_drawn=n_drawn) for k in range(n_found + 1))
    return min(1.0, sum(terms))


def wrong_upper_bound(n_labels: int, n_checked: int, n_found: int, alpha: float) -> int:
    """Most labels that can have been wrong before the draw, at confidence 1 - alpha, for one draw of fixed size.

    The largest number of wrong labels under which finding `n_found` or fewer still has a chance above alpha. Labels
    that the check repaired are counted: the wrong ones left are `wrong_upper_bound(…) - n_found`. A draw that was
    looked at while it grew needs the bound of its plan instead (`CheckPlan.wrong_left_upper_bound`).

    Source: J. P. Buonaccorsi, A note on confidence intervals for proportions in finite populations,
    The American Statistician 41(3), 1987.
    """

    def is_plausible(n_wrong: int) -> bool:
        return hypergeometric_cdf(n_found, n_labels=n_labels, n_wrong=n_wrong, n_drawn=n_checked) > alpha

    return last_true(is_plausible, n_found, n_labels - (n_checked - n_found))


def last_true(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The largest number from `low` to `high` for which `holds`; it holds at `low` and, once false, stays false."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

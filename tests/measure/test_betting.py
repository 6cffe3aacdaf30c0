"""The bound by betting: valid at every look, nearly as small as it can be at its worst."""

import math
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.measure import LossesInvalid, loss_left_upper_bound, mean_upper_bound, wrong_upper_bound

losses = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("n_wrong", "n_total", "alpha"), [(2, 7, 0.3), (1, 7, 0.2), (3, 7, 0.3), (1, 6, 0.1), (2, 6, 0.25), (5, 7, 0.1)]
)
def test_over_all_orders_the_bound_is_ever_too_low_in_at_most_alpha_of_them(
    n_wrong: int, n_total: int, alpha: float
) -> None:
    orders = set(permutations([1.0] * n_wrong + [0.0] * (n_total - n_wrong)))
    n_broken = sum(
        any(mean_upper_bound(order[:n], n_total, alpha) < n_wrong / n_total - 1e-9 for n in range(1, n_total + 1))
        for order in orders
    )
    assert n_broken / len(orders) <= alpha


@pytest.mark.parametrize("high", [1.0, 0.6])
@pytest.mark.parametrize(("n_total", "share", "alpha"), [(300, 0.05, 0.05), (1000, 0.02, 0.1), (400, 0.3, 0.2)])
def test_losses_of_two_values_nearly_break_it_but_not_more_often_than_alpha(
    n_total: int, share: float, alpha: float, high: float
) -> None:
    rng = np.random.default_rng(5)
    population = np.where(np.arange(n_total) < share * n_total, high, 0.0)
    n_runs, n_broken = 400, 0
    for _ in range(n_runs):
        order = rng.permutation(population)
        # The bound never rises, so what was too low at any look is too low later.
        n_broken += mean_upper_bound(order[: n_total * 3 // 4], n_total, alpha) < population.mean() - 1e-8
    # three standard errors of chance above alpha, and not useless: a fifth of alpha is really spent
    assert n_broken / n_runs <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / n_runs)
    assert n_broken / n_runs >= alpha / 5


@given(losses, st.integers(0, 40))
def test_more_draws_never_raise_the_bound_and_a_smaller_alpha_never_lowers_it(drawn: list[float], more: int) -> None:
    n_total = len(drawn) + more
    bounds = [mean_upper_bound(drawn[:n], n_total, 0.1) for n in range(len(drawn) + 1)]
    assert bounds[0] == 1.0
    # Once everything is drawn the mean is known, also where the bounds before it were among those that fail.
    assert all(later <= earlier + 1e-8 for earlier, later in pairwise(bounds[:n_total]))
    assert mean_upper_bound(drawn, n_total, 0.01) >= bounds[-1] - 1e-8


@given(losses, st.integers(0, 29))
def test_a_larger_loss_never_lowers_the_bound(drawn: list[float], position: int) -> None:
    worse = list(drawn)
    worse[position % len(drawn)] = 1.0
    assert mean_upper_bound(worse, 50, 0.1) >= mean_upper_bound(drawn, 50, 0.1) - 1e-8


@given(losses)
def test_a_census_leaves_no_doubt_and_after_repair_no_loss(drawn: list[float]) -> None:
    assert mean_upper_bound(drawn, len(drawn), 0.05) == pytest.approx(sum(drawn) / len(drawn))
    assert loss_left_upper_bound(drawn, len(drawn), 0.05) == pytest.approx(0.0, abs=1e-12)


def test_the_loss_left_counts_the_repaired_ones_as_none() -> None:
    drawn = [1.0, 0.0, 0.5] + [0.0] * 97
    assert loss_left_upper_bound(drawn, 1000, 0.05) == pytest.approx(mean_upper_bound(drawn, 1000, 0.05) - 0.0015)


def test_without_any_loss_found_the_bound_is_the_law_of_the_draw_at_a_sixteenth_of_alpha() -> None:
    # With the whole stake and no loss the capital is 1 / P(no loss in the draw); that stake holds 1/16 of it.
    exact = wrong_upper_bound(2000, 300, 0, 0.05 / 16) / 2000
    bound = mean_upper_bound([0.0] * 300, 2000, 0.05)
    assert wrong_upper_bound(2000, 300, 0, 0.05) / 2000 < bound <= exact + 1 / 2000


@pytest.mark.parametrize(("n", "n_wrong"), [(100, 0), (300, 3), (1000, 10), (1000, 50)])
def test_looking_at_any_time_costs_less_than_half_of_the_exact_bound_of_a_fixed_draw(n: int, n_wrong: int) -> None:
    rng = np.random.default_rng(1)
    orders = [(rng.permutation(n) < n_wrong).astype(float) for _ in range(9)]
    ours = float(np.median([loss_left_upper_bound(one, 10_000, 0.05) for one in orders]))
    exact = (wrong_upper_bound(10_000, n, n_wrong, 0.05) - n_wrong) / 10_000
    assert exact * 0.999 <= ours <= 1.5 * exact


def test_ten_thousand_checks_are_quick_and_keep_their_digits() -> None:
    drawn = np.full(10_000, 0.01)
    bound = mean_upper_bound(drawn, 1_000_000, 0.05)
    assert 0.01 < bound < 0.0112


@pytest.mark.parametrize(
    ("drawn", "n_total", "alpha"),
    [([1.1], 5, 0.1), ([-0.1], 5, 0.1), ([math.nan], 5, 0.1), ([0.0, 0.0], 1, 0.1), ([0.0], 5, 0.0), ([0.0], 5, 1.0)],
)
def test_what_is_no_loss_is_refused(drawn: list[float], n_total: int, alpha: float) -> None:
    with pytest.raises(LossesInvalid):
        mean_upper_bound(drawn, n_total, alpha)


def test_nothing_to_draw_from_has_no_loss() -> None:
    assert mean_upper_bound([], 0, 0.05) == loss_left_upper_bound([], 0, 0.05) == 0.0

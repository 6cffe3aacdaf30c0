"""Drawing without replacement, and the bound that inverts it."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from karat.measure import hypergeometric_pmf, wrong_upper_bound


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_chance_is_a_fraction_of_binomial_coefficients(n: int, wrong: int, drawn: int, found: int) -> None:
    wrong, drawn = min(wrong, n), min(drawn, n)
    exact = comb(wrong, found) * comb(n - wrong, drawn - found) / comb(n, drawn) if found <= drawn else 0.0
    assert hypergeometric_pmf(found, n_labels=n, n_wrong=wrong, n_drawn=drawn) == pytest.approx(exact, rel=1e-9)


def test_large_populations_agree_with_scipy() -> None:
    ours = hypergeometric_pmf(9, n_labels=1_000_000, n_wrong=10_000, n_drawn=1_200)
    assert ours == pytest.approx(hypergeom(1_000_000, 10_000, 1_200).pmf(9), rel=1e-8)


@pytest.mark.parametrize(("n", "checked", "alpha"), [(30, 10, 0.05), (50, 49, 0.1), (41, 7, 0.2)])
def test_the_bound_misses_at_most_alpha_and_nearly_that_somewhere(n: int, checked: int, alpha: float) -> None:
    bounds = [wrong_upper_bound(n, checked, found, alpha) for found in range(checked + 1)]
    misses = [
        sum(
            hypergeometric_pmf(found, n_labels=n, n_wrong=wrong, n_drawn=checked)
            for found in range(checked + 1)
            if bounds[found] < wrong
        )
        for wrong in range(n + 1)
    ]
    assert max(misses) <= alpha
    assert max(misses) > alpha / 2


def test_checking_everything_leaves_no_doubt() -> None:
    assert wrong_upper_bound(25, 25, 4, 0.05) == 4


def test_checking_nothing_says_nothing() -> None:
    assert wrong_upper_bound(25, 0, 0, 0.05) == 25

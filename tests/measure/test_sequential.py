"""The certificate's plan: valid for every number of wrong labels, and hardly more careful than it must be."""

import random
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.measure import CheckPlan, Decision, Look, PlanInvalid, plan_checks, wrong_upper_bound

DEMO = plan_checks(10_000, 0.01, 0.05)


@cache
def decide(plan: CheckPlan, n_checked: int, n_wrong: int) -> Decision:
    return plan.decision(n_checked, n_wrong, give_up=False)


def certifies_falsely(plan: CheckPlan, wrong: set[int], order: list[int]) -> bool:
    """Play the checks one label at a time, as the server does."""
    for look in plan.looks:
        found = sum(label in wrong for label in order[: look.n_checked])
        if decide(plan, look.n_checked, found).outcome == "certified":
            return len(wrong) - found > plan.tolerance
    return False


def test_no_number_of_wrong_labels_is_certified_falsely_more_often_than_alpha() -> None:
    every = [*range(300), *range(300, 10_001, 97)]
    assert max(DEMO.false_certificate_chance(n) for n in every) == DEMO.worst_chance() <= DEMO.alpha


@pytest.mark.parametrize("n_wrong", range(101, 113))
def test_the_plan_nearly_fails_at_every_worst_case(n_wrong: int) -> None:
    # Rung i spends alpha (1 - 0.4 ** (i + 1)) for D = 101 + i; whole labels cost it less than a percent of that.
    spent = DEMO.alpha * (1 - 0.4 ** (n_wrong - 100)) if n_wrong < 112 else DEMO.alpha
    assert 0.99 * spent < DEMO.false_certificate_chance(n_wrong) <= spent


def test_the_exact_chance_is_the_share_of_all_orders() -> None:
    plan = CheckPlan(
        n_labels=7,
        n_known=0,
        target_error=0.15,
        tolerance=1,
        alpha=0.5,
        looks=(Look(n_checked=2, max_wrong=0), Look(n_checked=4, max_wrong=1), Look(n_checked=5, max_wrong=2)),
    )
    orders = [list(order) for order in permutations(range(7))]
    for n_wrong in range(8):
        share = sum(certifies_falsely(plan, set(range(n_wrong)), order) for order in orders) / len(orders)
        assert plan.false_certificate_chance(n_wrong) == pytest.approx(share, abs=1e-12)


def test_two_thousand_bad_deliveries_are_seldom_certified() -> None:
    rng = random.Random(20)
    falsely = 0
    for run in range(2_000):
        n_wrong = 101 + run % 10
        order = rng.sample(range(10_000), DEMO.looks[-1].n_checked)
        falsely += certifies_falsely(DEMO, set(range(n_wrong)), order)
    assert falsely / 2_000 <= 0.062


@given(n_labels=st.integers(1, 2_000), target=st.floats(0.001, 0.4), alpha=st.floats(0.01, 0.3), known=st.floats(0, 1))
def test_a_certificate_never_promises_less_than_its_target(
    n_labels: int, target: float, alpha: float, known: float
) -> None:
    plan = plan_checks(n_labels, target, alpha, n_known=int(known * n_labels))
    assert plan.worst_chance() <= plan.alpha < alpha
    for look in plan.looks:
        for n_wrong in range(min(look.max_wrong, 12) + 1):
            decision = plan.decision(look.n_checked, n_wrong)
            assert decision.outcome == "certified"
            assert decision.wrong_left_upper_bound <= plan.tolerance


def test_the_bound_covers_the_truth_at_the_end_of_every_course() -> None:
    # 27 wrong of 400 are hard: 20 may be left, so the bound has to be right at the seventh rung.
    plan = plan_checks(400, 0.05, 0.2)
    rng = random.Random(7)
    misses = 0
    for _ in range(2_000):
        wrong, order = set(range(27)), rng.sample(range(400), 400)
        for look in plan.looks:
            found = sum(label in wrong for label in order[: look.n_checked])
            decision = decide(plan, look.n_checked, found)
            if decision.outcome != "continue":
                misses += 27 - found > decision.wrong_left_upper_bound
                break
    assert 0.10 < misses / 2_000 < plan.alpha + 0.03


def test_without_looks_in_between_the_bound_is_the_plain_one() -> None:
    first = DEMO.looks[0].n_checked
    plain = wrong_upper_bound(10_000, first, 0, DEMO.alpha)
    assert DEMO.wrong_left_upper_bound(first, 0) == plain


def test_the_first_look_costs_little_more_than_a_single_one_would() -> None:
    # (1 - 101/10,000)^n falls below 0.05 near n = 296; without replacement a little sooner.
    alone = next(n for n in range(1, 10_000) if wrong_upper_bound(10_000, n, 0, 0.05) <= 100)
    assert alone == 291
    assert alone < DEMO.looks[0].n_checked < 1.21 * alone


def test_attempts_together_stay_below_alpha() -> None:
    spent = 0.0
    for _ in range(6):
        plan = plan_checks(10_000, 0.01, 0.05, alpha_spent=spent)
        spent += plan.alpha
        assert spent < 0.05
    assert plan.looks[0].n_checked > DEMO.looks[0].n_checked


def test_a_full_check_always_certifies_and_leaves_nothing() -> None:
    plan = plan_checks(20, 0.01, 0.05)
    assert plan.looks == (Look(n_checked=20, max_wrong=20),)
    decision = plan.decision(20, 13)
    assert (decision.outcome, decision.error_upper_bound) == ("certified", 0.0)


def test_labels_the_reference_knows_are_not_checked_again() -> None:
    alone, helped = (plan_checks(300, 0.01, 0.05), plan_checks(300, 0.01, 0.05, n_known=150))
    assert helped.looks[0].n_checked < alone.looks[0].n_checked
    assert helped.tolerance == alone.tolerance == 3


def test_when_all_that_is_unknown_may_be_wrong_nothing_is_checked() -> None:
    plan = plan_checks(300, 0.01, 0.05, n_known=297)
    decision = plan.decision(0, 0)
    assert (decision.outcome, decision.error_upper_bound) == ("certified", 0.01)


def test_hopeless_labels_fail_early_unless_nothing_else_can_be_done() -> None:
    first = DEMO.looks[0].n_checked
    assert DEMO.decision(first, 1).outcome == "continue"
    assert DEMO.decision(first, 8).outcome == "failed"
    assert DEMO.decision(100, 12).outcome == "failed"
    assert DEMO.decision(first, 8, give_up=False).outcome == "continue"
    assert DEMO.decision(DEMO.looks[-1].n_checked, 12, give_up=False).outcome == "failed"


def test_small_deliveries_are_checked_to_the_end_rather_than_drawn_anew() -> None:
    plan = plan_checks(300, 0.01, 0.05)
    assert plan.decision(plan.looks[0].n_checked, 40).outcome == "continue"


def test_the_next_look_is_named() -> None:
    assert DEMO.decision(0, 0).next_n_checked == DEMO.looks[0].n_checked
    assert DEMO.decision(DEMO.looks[0].n_checked, 1).next_n_checked == DEMO.looks[1].n_checked


@pytest.mark.parametrize(
    ("target", "alpha", "spent", "known"),
    [(0, 0.05, 0, 0), (0.01, 1, 0, 0), (0.01, 0.05, 0.05, 0), (0.01, 0.05, 0, 11)],
)
def test_an_impossible_plan_is_refused(target: float, alpha: float, spent: float, known: int) -> None:
    with pytest.raises(PlanInvalid):
        plan_checks(10, target, alpha, alpha_spent=spent, n_known=known)


def test_rounding_of_floats_does_not_cost_a_label() -> None:
    assert plan_checks(100, 0.29, 0.05).tolerance == 29
    assert plan_checks(100, 0.07, 0.05).tolerance == 7

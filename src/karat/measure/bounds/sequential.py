"""The certificate's plan: random checks, looked at again and again, and a claim that still holds exactly.

N labels are frozen. Some of them, D, are wrong. They are checked one after the other in a uniform random order, and
every wrong one found is repaired. At fixed looks n1 < n2 < … the number k found so far is compared with a limit; when
it is small enough, checking ends and the claim is made: *at most `tolerance` labels are wrong*, namely D - k. The
claim is false when D - k is larger. A plan is a list of looks for which the chance of a false claim is at most alpha
**for every D**, computed exactly with the hypergeometric law from look to look, not by simulation or approximation.

Looks form a ladder: nothing found at the first, one at the second, two at the third … Then a claim on rung i is false
exactly if D > tolerance + i, a larger D only makes stopping rarer, and its worst case is D = tolerance + i + 1. Rungs
are laid one at a time as low as the alpha that may be spent up to there allows, so nothing is left unused.

Source: P. Armitage, Sequential medical trials, 1960 (repeated looks); C. Jennison & B. Turnbull, Technometrics 25(1),
1983 (exact bounds after a multistage test); A. Tsiatis, G. Rosner & C. Mehta, Biometrics 40(3), 1984 (stage-wise
order).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from karat.errors import Invalid
from karat.kit import Record
from karat.measure.bounds.hypergeometric import hypergeometric_cdf, hypergeometric_pmf, last_true

FIRST_SHARE = 0.6  # of alpha goes to the first rung, and the same share of what is left to each next one
MAX_RUNGS = 12
ATTEMPT_SHARE = 0.9  # of what is left of alpha goes into one attempt, the rest is kept for a fresh draw


class PlanInvalid(Invalid):
    """There is no such plan of checks."""

    code = "measure.plan_invalid"


class Look(Record):
    """After `n_checked` checks the labels are certified if at most `max_wrong` were found wrong so far."""

    n_checked: int
    max_wrong: int


class Decision(Record):
    """What follows from the checks so far.

    Attributes:
        outcome: certified; continue checking up to `next_n_checked`; failed, more labelling is needed first.
        error_upper_bound: share of all labels that can still be wrong after repair. At an end of checking (certified or
            failed) it holds with the plan's confidence; while checking goes on it only shows how far it has come.
    """

    outcome: Literal["certified", "continue", "failed"]
    error_upper_bound: float
    wrong_left_upper_bound: int
    next_n_checked: int | None = None


class CheckPlan(Record):
    """Looks under which a false certificate has a chance of at most `alpha`; all of it can be recomputed.

    Attributes:
        n_labels: labels that the claim covers.
        n_known: those among them that the reference has verified before; they are right and never drawn.
        tolerance: wrong labels that may be left.
        alpha: the level that this attempt may spend; the confidence of the claim over all attempts is 1 - the alpha
            that was asked for.
    """

    n_labels: int
    n_known: int
    target_error: float
    tolerance: int
    alpha: float
    looks: tuple[Look, ...]

    @property
    def n_drawn_from(self) -> int:
        """Labels that a check can hit."""
        return self.n_labels - self.n_known

    def decision(self, n_checked: int, n_wrong: int, *, give_up: bool = True) -> Decision:
        """What to do after the first `n_checked` of the draw held `n_wrong` wrong labels.

        Ask at every look, in order: a certificate is given at a look only. Giving up early never harms the claim, so it
        may follow a forecast: the labels fail once the checks do not seem to reach the ladder any more.

        Args:
            give_up: False goes on as long as there is a look, for when no more labelling is possible.
        """
        at_look = next((look for look in self.looks if look.n_checked == n_checked), None)
        left = self.wrong_left_upper_bound(n_checked, n_wrong)
        error = left / self.n_labels if self.n_labels else 0.0
        following = next((look.n_checked for look in self.looks if look.n_checked > n_checked), None)
        if at_look and n_wrong <= at_look.max_wrong:
            return Decision(outcome="certified", error_upper_bound=error, wrong_left_upper_bound=left)
        if following is None or (give_up and not self._is_in_reach(n_checked, n_wrong)):
            return Decision(outcome="failed", error_upper_bound=error, wrong_left_upper_bound=left)
        return Decision(
            outcome="continue", error_upper_bound=error, wrong_left_upper_bound=left, next_n_checked=following
        )

    def wrong_left_upper_bound(self, n_checked: int, n_wrong: int) -> int:
        """Most labels that are still wrong after repair, given that checking ends here.

        Inverts the sequential test: outcomes are ordered by the look that ended the checks, then by the number found,
        and D is plausible while an outcome as good as this one has a chance above alpha. So a certified outcome always
        bounds at or below the tolerance. Where an earlier look had certified with this number already, its bound holds.
        """
        earlier = [look.n_checked for look in self.looks if n_wrong <= look.max_wrong and look.n_checked <= n_checked]
        if earlier and n_checked < self.n_drawn_from:
            n_checked = min(earlier)
        most = self.n_drawn_from - (n_checked - n_wrong)

        def is_plausible(n_total: int) -> bool:
            return _chance_as_good(self, n_total, n_checked, n_wrong) > self.alpha

        return last_true(is_plausible, n_wrong, most) - n_wrong

    def false_certificate_chance(self, n_wrong: int) -> float:
        """Chance that these looks certify although more than the tolerance is left, if `n_wrong` labels are wrong."""
        chance = 0.0
        for look, going in _walk(self.n_drawn_from, n_wrong, self.looks):
            chance += sum(p for k, p in going.items() if k <= look.max_wrong and n_wrong - k > self.tolerance)
        return chance

    def worst_chance(self) -> float:
        """The largest chance of a false certificate over every possible number of wrong labels: the size of the test.

        Beyond tolerance + the largest limit + 1 every certificate is false and more wrong labels only make it rarer.
        """
        highest = max((look.max_wrong for look in self.looks if look.n_checked < self.n_drawn_from), default=0)
        first = self.tolerance + 1
        last = min(first + highest, self.n_drawn_from)
        return max((self.false_certificate_chance(n) for n in range(first, last + 1)), default=0.0)

    def _is_in_reach(self, n_checked: int, n_wrong: int) -> bool:
        """Whether the ladder is met before its top, going on at the rate seen so far.

        The rate is held towards half the target by as many imagined checks as the first look has: a few early finds are
        no evidence yet. Where the rest is no more than a fresh draw would need at least, checking goes on to the end.
        """
        prior, last = self.looks[0].n_checked, self.looks[-1].n_checked
        if last == self.n_drawn_from and last - n_checked <= prior:
            return True
        rate = (n_wrong + prior * self.target_error / 2) / (n_checked + prior)
        ahead = (look for look in self.looks if n_checked < look.n_checked < self.n_drawn_from)
        return any(n_wrong + rate * (look.n_checked - n_checked) <= look.max_wrong for look in ahead)


@lru_cache(maxsize=256)
def plan_checks(
    n_labels: int, target_error: float, alpha: float, *, alpha_spent: float = 0.0, n_known: int = 0
) -> CheckPlan:
    """Plan the checks of one attempt to certify that at most `target_error` of the labels are wrong.

    An attempt takes nine tenths of the alpha that is left. If it fails, its labels are improved and a fresh draw is
    planned with `alpha_spent` raised by this plan's `alpha`; the chances of a false claim add up to less than `alpha`.

    Args:
        n_labels: labels that the claim is about.
        alpha: 1 - the confidence that is promised, over all attempts.
        alpha_spent: the sum of `alpha` of the attempts before.
        n_known: labels already verified by the reference; the draw leaves them out.

    Raises:
        PlanInvalid: a level or target outside (0, 1), nothing left to spend, or more known labels than labels.
    """
    level = (alpha - alpha_spent) * ATTEMPT_SHARE
    if not (0 < target_error < 1 and 0 < alpha < 1 and level > 0 and 0 <= n_known <= n_labels):
        raise PlanInvalid(n_labels=n_labels, target_error=target_error, alpha=alpha, alpha_spent=alpha_spent)
    # The small term undoes the rounding of floats: 0.07 * 100 is 7.000000000000001, 0.29 * 100 is 28.999999999999996.
    tolerance = int(n_labels * target_error + 1e-9)
    looks = tuple(_ladder(n_labels - n_known, tolerance, level))
    return CheckPlan(
        n_labels=n_labels, n_known=n_known, target_error=target_error, tolerance=tolerance, alpha=level, looks=looks
    )


def _ladder(n_drawn_from: int, tolerance: int, alpha: float) -> Iterator[Look]:
    """Rungs, each as low as the alpha spent up to it allows; up to a full check where that is not far."""
    if n_drawn_from <= tolerance:
        yield Look(n_checked=0, max_wrong=0)
        return
    looks: tuple[Look, ...] = ()
    for rung in range(MAX_RUNGS):
        spent = alpha * (1 - (1 - FIRST_SHARE) ** (rung + 1)) if rung < MAX_RUNGS - 1 else alpha
        n_checked = _lowest_rung(n_drawn_from, tolerance + rung + 1, looks, spent)
        if n_checked >= n_drawn_from:
            break
        look = Look(n_checked=n_checked, max_wrong=rung)
        looks = (*looks, look)
        yield look
    if not looks or 2 * looks[-1].n_checked >= n_drawn_from:
        yield Look(n_checked=n_drawn_from, max_wrong=n_drawn_from)


def _lowest_rung(n_drawn_from: int, n_wrong: int, looks: tuple[Look, ...], spent: float) -> int:
    """Fewest checks after which `len(looks)` found or fewer keeps the chance of having stopped at or below `spent`."""
    if n_wrong > n_drawn_from:
        return n_drawn_from
    before, going = 0.0, {0: 1.0}
    for look, reached in _walk(n_drawn_from, n_wrong, looks, highest=len(looks)):
        before += sum(p for k, p in reached.items() if k <= look.max_wrong)
        going = {k: p for k, p in reached.items() if k > look.max_wrong}
    n_before = looks[-1].n_checked if looks else 0
    limit = len(looks)

    def is_too_early(n_checked: int) -> bool:
        reached = _draw(going, n_drawn_from, n_wrong, n_before, n_checked, highest=limit)
        return before + sum(reached.values()) > spent

    return last_true(is_too_early, n_before, n_drawn_from - 1) + 1


def _chance_as_good(plan: CheckPlan, n_wrong: int, n_checked: int, n_found: int) -> float:
    """Chance to have stopped at a look before `n_checked`, or to have found at most `n_found` there.

    That is the chance of so few at `n_checked` without any looks, and of those courses that a look had ended although
    more would have been found.
    """
    total = plan.n_drawn_from
    chance = hypergeometric_cdf(n_found, n_labels=total, n_wrong=n_wrong, n_drawn=n_checked)
    for look, reached in _walk(total, n_wrong, tuple(look for look in plan.looks if look.n_checked < n_checked)):
        for k, p in reached.items():
            if k <= look.max_wrong:
                more = hypergeometric_cdf(
                    n_found - k,
                    n_labels=total - look.n_checked,
                    n_wrong=n_wrong - k,
                    n_drawn=n_checked - look.n_checked,
                )
                chance += p * (1 - more)
    return chance


def _walk(
    n_drawn_from: int, n_wrong: int, looks: tuple[Look, ...], *, highest: int | None = None
) -> Iterator[tuple[Look, dict[int, float]]]:
    """At each look, the chance of every number found by then (up to `highest`), unless checking had ended before.

    A look at everything is left out: it leaves nothing wrong.
    """
    looks = tuple(look for look in looks if look.n_checked < n_drawn_from)
    top = max((look.max_wrong for look in looks), default=0) if highest is None else highest
    going, n_before = {0: 1.0}, 0
    for look in looks:
        reached = _draw(going, n_drawn_from, n_wrong, n_before, look.n_checked, highest=top)
        yield look, reached
        going = {k: p for k, p in reached.items() if k > look.max_wrong}
        n_before = look.n_checked


def _draw(
    going: dict[int, float], n_drawn_from: int, n_wrong: int, n_before: int, n_after: int, *, highest: int
) -> dict[int, float]:
    """Go on checking from `n_before` to `n_after`; numbers found above `highest` are dropped, they decide nothing."""
    reached: dict[int, float] = {}
    for found, chance in going.items():
        for more in range(min(highest - found, n_wrong - found, n_after - n_before) + 1):
            step = hypergeometric_pmf(
                more, n_labels=n_drawn_from - n_before, n_wrong=n_wrong - found, n_drawn=n_after - n_before
            )
            reached[found + more] = reached.get(found + more, 0.0) + chance * step
    return reached

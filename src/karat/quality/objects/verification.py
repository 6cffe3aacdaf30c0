"""What a verifier recomputes of a certificate of objects. Needs numpy and SciPy."""

from collections.abc import Iterator

from pydantic import ValidationError

from karat.errors import KaratError
from karat.measure import draw_checks
from karat.modalities import KindUnknown
from karat.quality.certificate import Attempt, confidence_of
from karat.quality.objects.certificate import STEPS, looks_of, loss_between, mean_loss, upper_bound
from karat.quality.objects.document import LossCheck, LossTerms, SignedLossCertificate, statement_of_losses
from karat.quality.verified import VerifiedCheck, ask, failed

TOLERANCE = 1.5 / STEPS  # another machine may round to the next step


def recompute_losses(one: SignedLossCertificate, attempt: Attempt) -> Iterator[VerifiedCheck]:
    """Everything that follows from the other fields."""
    yield ask("statement", one.statement == statement_of_losses(one), "The sentence says what the figures say.")
    terms = LossTerms(attempt=attempt, kind=one.kind, match_overlap=one.match_overlap, n_labels=one.n_labels)
    if not (0 < one.alpha < 1 and 0 < one.target_error < 1 and one.n_checked <= terms.n_drawn_from):
        yield failed("plan", "There is no plan of checks on these terms.")
        return
    is_plan = (one.attempt, one.alpha_spent_before, one.alpha_of_attempt) == (1, 0.0, one.alpha)
    is_plan = is_plan and one.confidence == confidence_of(one.alpha)
    yield ask("plan", is_plan, f"One attempt, with an alpha of {one.alpha:.4g}, that may be looked at after any check.")
    positions = draw_checks(terms.n_drawn_from, one.n_checked, one.seed)
    is_draw = tuple(check.position for check in one.checks) == positions
    yield ask("draw", is_draw, f"The {one.n_checked:,} checked positions follow from the seed.")
    yield _counts(one)
    yield _losses(one)
    yield _bound(one, terms)


def _counts(one: SignedLossCertificate) -> VerifiedCheck:
    checks, known = one.checks, set(one.verified_before)
    n_wrong = sum(check.loss > 0 for check in checks)
    n_repaired = sum(check.frozen is not None for check in checks)
    is_right = (one.n_checked, one.n_wrong, one.n_repaired) == (len(checks), n_wrong, n_repaired)
    is_right = is_right and all((check.frozen is None) == (check.reference is None) for check in checks)
    is_right = is_right and all(check.frozen is not None or check.loss == 0 for check in checks)
    is_right = is_right and len({check.asset_id for check in checks}) == one.n_checked
    is_right = is_right and not {check.asset_id for check in checks} & known
    is_right = is_right and len(known) == len(one.verified_before)
    return ask("counts", is_right, f"{n_wrong:,} of the {one.n_checked:,} listed checks found a loss.")


def _losses(one: SignedLossCertificate) -> VerifiedCheck:
    sentence = "Each loss follows from the label before and after the check."
    try:
        return ask("losses", all(_is_loss(one, check) for check in one.checks), sentence)
    except KindUnknown:
        return failed("losses", f"This Karat has no kind {one.kind!r}: install the package that brings it.")
    except (KaratError, ValidationError) as error:
        return failed("losses", f"The losses cannot be found again with this version of the program: {error}")


def _is_loss(one: SignedLossCertificate, check: LossCheck) -> bool:
    if check.frozen is None or check.reference is None:
        return check.loss == 0
    return check.loss == loss_between(one.kind, check.frozen, check.reference, one.match_overlap)


def _bound(one: SignedLossCertificate, terms: LossTerms) -> VerifiedCheck:
    losses = [check.loss for check in one.checks]
    bound = upper_bound(terms, losses)
    looks = looks_of(terms, losses, [look.n_checked for look in one.looks if look.n_checked <= one.n_checked])
    is_bound = (
        _is_near(one.error_upper_bound, bound)
        and one.error_upper_bound <= one.target_error
        and _is_near(one.mean_loss_checked, mean_loss(losses))
        and [look.n_checked for look in looks] == [look.n_checked for look in one.looks]
        and all(_is_near(a.error_upper_bound, b.error_upper_bound) for a, b in zip(looks, one.looks, strict=True))
        and all(_is_near(a.mean_loss, b.mean_loss) for a, b in zip(looks, one.looks, strict=True))
    )
    return ask("bound", is_bound, f"The losses leave a mean loss of at most {bound:.7f}.")


def _is_near(a: float, b: float) -> bool:
    return abs(a - b) <= TOLERANCE

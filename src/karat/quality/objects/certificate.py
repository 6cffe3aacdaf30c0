"""Drawing up the certificate of labels that are objects. Needs numpy and SciPy; `document.py` has the records."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from karat.measure import loss_left_upper_bound
from karat.modalities import Annotation
from karat.quality.certificate import AssetLabel, NotCertifiable, Origin, confidence_of, labels_digest
from karat.quality.objects.document import (
    LOSS,
    METHOD,
    LossCertificate,
    LossCheck,
    LossLook,
    LossTerms,
    statement_of_losses,
)
from karat.quality.objects.loss import asset_loss
from karat.quality.objects.reading import object_kind, read_objects

STEPS = 10_000_000
"""In one. The bound is rounded up to whole steps, so that another machine's arithmetic comes to the same."""


def certify_losses(
    origin: Origin,
    terms: LossTerms,
    frozen: Sequence[AssetLabel],
    checked: Sequence[AssetLabel],
    looked_at: Sequence[int],
    public_key: str,
) -> LossCertificate:
    """Draw up the certificate, if the checks carry it.

    Args:
        frozen: every label of the delivery as it was before the draw.
        checked: what the reference says about the drawn assets, in the order of the draw.
        looked_at: numbers of checks after which the bound was looked at.

    Raises:
        NotCertifiable: the bound is above the target, or other assets than the drawn ones were checked.
    """
    attempt, before = terms.attempt, {label.asset_id: label.annotations for label in frozen}
    drawn = attempt.drawn(before, len(checked))
    if [asset_id for _, asset_id in drawn] != [label.asset_id for label in checked]:
        raise NotCertifiable("The checked assets are not those of the draw.")
    checks = tuple(
        judge_check(terms, position, label, before[label.asset_id])
        for (position, _), label in zip(drawn, checked, strict=True)
    )
    losses = [check.loss for check in checks]
    bound = upper_bound(terms, losses)
    if bound > attempt.target_error:
        raise NotCertifiable(n_checked=len(checks), error_upper_bound=bound)
    after = before | {label.asset_id: label.annotations for label in checked}
    facts: dict[str, Any] = {
        **origin.model_dump(),
        "n_labels": len(before),
        "frozen_sha256": labels_digest(frozen),
        "delivered_sha256": labels_digest(AssetLabel(*item) for item in after.items()),
        "verified_before": tuple(sorted(attempt.verified_before)),
        "target_error": attempt.target_error,
        "confidence": confidence_of(attempt.alpha),
        "method": METHOD,
        "attempt": attempt.number,
        "alpha": attempt.alpha,
        "alpha_spent_before": attempt.alpha_spent_before,
        "alpha_of_attempt": attempt.alpha,
        "seed": attempt.seed,
        "n_checked": len(checks),
        "n_wrong": sum(loss > 0 for loss in losses),
        "n_repaired": sum(check.frozen is not None for check in checks),
        "error_upper_bound": bound,
        "public_key": public_key,
        "kind": terms.kind,
        "loss": LOSS,
        "match_overlap": terms.match_overlap,
        "mean_loss_checked": mean_loss(losses),
        "looks": looks_of(terms, losses, looked_at),
        "checks": checks,
    }
    unstated = LossCertificate.model_validate({**facts, "statement": ""})
    return unstated.model_copy(update={"statement": statement_of_losses(unstated)})


def judge_check(terms: LossTerms, position: int, reference: AssetLabel, frozen: tuple[Annotation, ...]) -> LossCheck:
    """What the check of a label found."""
    if reference.annotations == frozen:
        return LossCheck(position=position, asset_id=reference.asset_id, loss=0.0)
    loss = loss_between(terms.kind, frozen, reference.annotations, terms.match_overlap)
    return LossCheck(
        position=position, asset_id=reference.asset_id, loss=loss, frozen=frozen, reference=reference.annotations
    )


def loss_between(
    kind_name: str, frozen: Sequence[Annotation], reference: Sequence[Annotation], at_least: float
) -> float:
    """The loss of a label against the reference's.

    Raises:
        KindUnknown: no such kind of objects.
        ValidationError: annotations that their kind cannot read.
    """
    kind = object_kind(kind_name)
    sides = [read_objects(kind, [one.model_dump() for one in label]) for label in (frozen, reference)]
    return asset_loss(kind, sides[0], sides[1], at_least)


def looks_of(terms: LossTerms, losses: Sequence[float], looked_at: Sequence[int]) -> tuple[LossLook, ...]:
    """What was known at each of these numbers of checks, and at the end."""
    return tuple(
        LossLook(n_checked=n, mean_loss=mean_loss(losses[:n]), error_upper_bound=upper_bound(terms, losses[:n]))
        for n in sorted({*looked_at, len(losses)})
    )


def mean_loss(losses: Sequence[float]) -> float:
    """0 without losses; in whole steps."""
    return round(sum(losses) / len(losses) * STEPS) / STEPS if losses else 0.0


def upper_bound(terms: LossTerms, losses: Sequence[float]) -> float:
    """The mean loss over all labels that can be left after the checked ones were put right, in whole steps."""
    if not terms.n_labels:
        return 0.0
    left = loss_left_upper_bound(losses, terms.n_drawn_from, terms.attempt.alpha)
    return min(1.0, ceil(round(left * terms.n_drawn_from / terms.n_labels * STEPS, 3)) / STEPS)

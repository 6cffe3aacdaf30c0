"""The slow part of checks and certificates of objects, for the compute process."""

from typing import Any, Literal
from uuid import UUID

from karat.kit import Record
from karat.modalities import Annotation
from karat.quality.certificate import AssetLabel, Origin, labels_digest
from karat.quality.objects.certificate import certify_losses, judge_check, mean_loss, upper_bound
from karat.quality.objects.document import LossCertificate, LossTerms

Rows = list[tuple[UUID, list[dict[str, Any]]]]

LEAST_CHECKS = 10
MORE_SHARE = 0.1  # of the checks so far are made at least before the next look


class LossDecision(Record):
    """What follows at a look.

    Attributes:
        losses: in the order of the draw.
        next_n_checked: checks until the next look; those there are when checking ends.
    """

    outcome: Literal["certified", "continue"]
    losses: tuple[float, ...]
    mean_loss: float
    error_upper_bound: float
    next_n_checked: int


def digest(rows: Rows) -> str:
    """Digest of labels, given as (asset, annotations)."""
    return labels_digest(_labels(rows))


def first_look(terms: LossTerms) -> int:
    """Checks that certify when none of them has a loss."""
    return _next_look(terms, [])


def drawn(terms: LossTerms, asset_ids: list[UUID], n: int) -> list[UUID]:
    """The first `n` assets of the draw."""
    return [asset for _, asset in terms.attempt.drawn(asset_ids, n)]


def decide(terms: LossTerms, frozen: Rows, checked: Rows) -> LossDecision:
    """What follows from the checks so far: `frozen` and `checked` are of the same assets, in the order of the draw."""
    losses = [
        judge_check(terms, 0, reference, label.annotations).loss
        for label, reference in zip(_labels(frozen), _labels(checked), strict=True)
    ]
    bound = upper_bound(terms, losses)
    is_enough = bound <= terms.attempt.target_error
    return LossDecision(
        outcome="certified" if is_enough else "continue",
        losses=tuple(losses),
        mean_loss=mean_loss(losses),
        error_upper_bound=bound,
        next_n_checked=len(losses) if is_enough else _next_look(terms, losses),
    )


def draw_up(
    origin: Origin, terms: LossTerms, frozen: Rows, checked: Rows, looked_at: list[int], public_key: str
) -> LossCertificate:
    """The certificate, unsigned: the key stays in the server."""
    return certify_losses(origin, terms, _labels(frozen), _labels(checked), looked_at, public_key)


def _next_look(terms: LossTerms, losses: list[float]) -> int:
    """The fewest checks that can certify, if no more loss is found; some at least, and all where no fewer can."""
    low, high = len(losses), terms.n_drawn_from
    while low < high:
        middle = (low + high) // 2
        enough = upper_bound(terms, [*losses, *[0.0] * (middle - len(losses))]) <= terms.attempt.target_error
        low, high = (low, middle) if enough else (middle + 1, high)
    least = len(losses) + max(LEAST_CHECKS, int(MORE_SHARE * len(losses))) if losses else 0
    return min(max(low, least), terms.n_drawn_from)


def _labels(rows: Rows) -> list[AssetLabel]:
    return [AssetLabel(asset, tuple(Annotation.model_validate(one) for one in said)) for asset, said in rows]

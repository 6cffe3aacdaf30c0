"""The slow part of checks and certificates, for the compute process: digests, draws and plans over all labels."""

from typing import Any
from uuid import UUID

from karat.modalities import Annotation
from karat.quality.certificate import AssetLabel, Attempt, Certificate, Origin, certify, labels_digest

Rows = list[tuple[UUID, dict[str, Any]]]


def digest(rows: Rows) -> str:
    """Digest of frozen labels, given as (asset, annotation)."""
    return labels_digest(_labels(rows))


def first_look(terms: Attempt, n_labels: int) -> tuple[float, int]:
    """The alpha that the attempt may spend, and the checks until its first look."""
    plan = terms.plan(n_labels)
    return plan.alpha, plan.looks[0].n_checked


def drawn(terms: Attempt, asset_ids: list[UUID], n: int) -> list[UUID]:
    """The first `n` assets of the draw."""
    return [asset for _, asset in terms.drawn(asset_ids, n)]


def decide(terms: Attempt, n_labels: int, n_checked: int, n_wrong: int, give_up: bool) -> tuple[str, int]:
    """What follows at a look: the outcome, the checks until the next look."""
    decision = terms.plan(n_labels).decision(n_checked, n_wrong, give_up=give_up)
    return decision.outcome, decision.next_n_checked or n_checked


def draw_up(origin: Origin, terms: Attempt, frozen: Rows, checked: Rows, public_key: str) -> Certificate:
    """The certificate, unsigned: the key stays in the server."""
    return certify(origin, terms, _labels(frozen), _labels(checked), public_key)


def _labels(rows: Rows) -> list[AssetLabel]:
    return [AssetLabel(asset, (Annotation.model_validate(one),)) for asset, one in rows]

"""The loop as pure rules: what to ask next, when asking ends, what goes to review, when the check may begin.

The server and the in-memory simulation run these same functions, so that what is measured is what is shipped. One turn:
beliefs are refreshed, `next_step` says ask, review or check and why, `next_batch` and `assets_for_review` say which.
"""

from collections.abc import Sequence
from typing import Literal, Self

import numpy as np

from karat.kit import Record
from karat.kit.sayings import Words
from karat.measure import BatchRule, choose_batch
from karat.measure.arrays import BoolArray, IntArray
from karat.quality import sayings
from karat.quality.beliefs import Beliefs

CHECK_ALL_SHARE = 0.75  # of the labels: where a first look needs more, asking first does not pay


class CycleSettings(Record):
    """How a project's loop runs. `for_project` gives sensible ones for its size.

    Attributes:
        batch_size: assets that are asked about between two fits of the model.
        explore_share: part of a batch that is drawn at random.
        max_answers: people who may be asked about one asset before it goes to review.
        calm_batches, calm_changes: asking ends when each of the last `calm_batches` changed at most `calm_changes`
            labels. The posterior's own expected error is no guide: it is measured on the hard, chosen assets.
        unsure_gap: below this posterior gap a label is unsure.
    """

    target_error: float = 0.01
    confidence: float = 0.95
    batch_size: int = 50
    explore_share: float = 0.1
    max_answers: int = 5
    calm_batches: int = 3
    calm_changes: int = 15
    unsure_gap: float = 0.5

    @classmethod
    def for_project(cls, n_assets: int, *, target_error: float = 0.01, confidence: float = 0.95) -> Self:
        """Settings for a project of this size.

        Batches hold half a percent of the assets, 5 to 100. A label that is put right saves checks, about 15 of them at
        10,000 assets and a target of 1 %, and the more the fewer labels may be wrong: that many times less change is
        calm. It is never more than 15 % of the errors that may be left.
        """
        batch_size = min(max(n_assets // 200, 5), 100)
        worth_asking = 0.3 * batch_size * (n_assets / 10_000) * (target_error / 0.01) ** 2
        return cls(
            target_error=target_error,
            confidence=confidence,
            batch_size=batch_size,
            calm_changes=int(min(worth_asking, 0.15 * n_assets * target_error)),
        )

    @property
    def alpha(self) -> float:
        """The chance of a false certificate that is allowed, over all attempts."""
        return 1 - self.confidence


class Step(Record):
    """What the loop does next, and the reason in one sentence for people."""

    action: Literal["ask", "review", "check"]
    because: Words


def next_step(
    settings: CycleSettings,
    changes: Sequence[int],
    *,
    n_askable: int,
    n_for_review: int,
    n_for_check: int,
    n_unverified: int,
    n_owed: int = 0,
) -> Step:
    """Decide after a batch.

    Args:
        changes: labels that each finished batch changed, oldest first, since the start or since the last failed check.
        n_askable: assets that some person may still be asked about.
        n_for_review: unsure assets that nobody is left to ask about.
        n_for_check: checks until the plan's first look.
        n_unverified: assets that the reference has not decided.
        n_owed: answers that a failed check still demands (`answers_owed`).
    """
    is_calm = len(changes) >= settings.calm_batches and max(changes[-settings.calm_batches :]) <= settings.calm_changes
    is_tiny = len(changes) > 0 and n_for_check >= CHECK_ALL_SHARE * n_unverified
    if n_askable > 0 and not is_tiny and (n_owed > 0 or not is_calm):
        return Step(action="ask", because=_why_ask(settings, changes, n_owed))
    if n_for_review > 0 and not is_tiny:
        return Step(action="review", because=sayings.UNSURE(n=n_for_review))
    return Step(action="check", because=_why_check(settings, n_askable, n_for_check, is_tiny=is_tiny))


def answers_owed(n_answers: int, n_answers_at_failure: int) -> int:
    """Answers still to ask after a failed check: half as many again, so that attempts cannot follow each other idly."""
    return max(0, n_answers_at_failure + (n_answers_at_failure + 1) // 2 - n_answers)


def _why_ask(settings: CycleSettings, changes: Sequence[int], n_owed: int) -> Words:
    if n_owed > 0:
        return sayings.ANSWERS_OWED(n=n_owed)
    if not changes:
        return sayings.FIRST_BATCH()
    return sayings.GOES_ON(n_changed=int(changes[-1]), n_batches=settings.calm_batches, n_calm=settings.calm_changes)


def _why_check(settings: CycleSettings, n_askable: int, n_for_check: int, *, is_tiny: bool) -> Words:
    if is_tiny:
        return sayings.FEW_LABELS(n=n_for_check)
    if n_askable == 0:
        return sayings.ALL_ANSWERED(n=n_for_check)
    return sayings.CALM(n_batches=settings.calm_batches, n_calm=settings.calm_changes, n=n_for_check)


def next_batch(
    settings: CycleSettings,
    beliefs: Beliefs | None,
    n_answers: IntArray,
    *,
    askable: BoolArray,
    verified: BoolArray,
    rng: np.random.Generator,
) -> IntArray:
    """Assets to ask one person each about, most doubtful first; the very first batch is a random draw.

    A batch is at least a twentieth of the answers so far, so that fits grow rarer as they grow longer.

    Args:
        beliefs: None before anybody has answered.
        n_answers: (n_assets,) people who have answered each.
        askable: (n_assets,) False where everybody who is available has answered already: one person alone is asked
            about an asset once.
        verified: (n_assets,) True where the reference has decided.
    """
    allowed = askable & ~verified & (n_answers < settings.max_answers)
    share = 1.0 if beliefs is None else settings.explore_share
    gap = np.ones(len(n_answers)) if beliefs is None else beliefs.gap
    rule = BatchRule(size=max(settings.batch_size, int(n_answers.sum()) // 20), explore_share=share)
    return choose_batch(gap, rule, askable=allowed, unseen=n_answers == 0, rng=rng)


def assets_for_review(
    settings: CycleSettings, beliefs: Beliefs, n_answers: IntArray, *, askable: BoolArray, verified: BoolArray
) -> IntArray:
    """Answered assets that are unsure still, and that no further person may be asked about."""
    is_spent = (n_answers > 0) & (~askable | (n_answers >= settings.max_answers))
    return np.flatnonzero(is_spent & ~verified & (beliefs.gap < settings.unsure_gap)).astype(np.int64)

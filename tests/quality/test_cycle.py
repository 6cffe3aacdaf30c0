"""The loop's rules."""

from collections.abc import Sequence

import numpy as np
import pytest

from karat.measure.arrays import BoolArray, IntArray
from karat.quality.beliefs import Beliefs
from karat.quality.cycle import (
    CycleSettings,
    Step,
    answers_owed,
    assets_for_review,
    next_batch,
    next_step,
)

SETTINGS = CycleSettings(batch_size=4, explore_share=0.25, max_answers=2, calm_batches=2, calm_changes=3)


def step(
    changes: Sequence[int], n_askable: int = 10, n_for_review: int = 0, n_unverified: int = 10_000, n_owed: int = 0
) -> Step:
    return next_step(
        SETTINGS,
        changes,
        n_askable=n_askable,
        n_for_review=n_for_review,
        n_for_check=350,
        n_unverified=n_unverified,
        n_owed=n_owed,
    )


def beliefs(gaps: Sequence[float]) -> Beliefs:
    posterior = np.array([[(1 + gap) / 2, (1 - gap) / 2] for gap in gaps])
    return Beliefs(posterior, posterior.argmax(axis=1), np.array(gaps), np.zeros((0, 2, 2)))


def mask(n: int, *true: int) -> BoolArray:
    return np.isin(np.arange(n), true)


def batch(
    now: Beliefs | None, answers: Sequence[int], unaskable: Sequence[int] = (), verified: Sequence[int] = ()
) -> set[int]:
    chosen: IntArray = next_batch(
        SETTINGS,
        now,
        np.array(answers),
        askable=~mask(len(answers), *unaskable),
        verified=mask(len(answers), *verified),
        rng=np.random.default_rng(0),
    )
    return set(chosen.tolist())


@pytest.mark.parametrize(
    ("changes", "action"),
    [
        ([], "ask"),
        ([900], "ask"),
        ([2], "ask"),
        ([9, 3], "ask"),
        ([3, 9], "ask"),
        ([3, 3], "check"),
        ([50, 1, 0], "check"),
    ],
)
def test_asking_ends_after_two_calm_batches_in_a_row(changes: list[int], action: str) -> None:
    assert step(changes).action == action


def test_unsure_assets_are_reviewed_before_the_check() -> None:
    assert step([1, 1], n_for_review=2).action == "review"
    assert step([90, 90], n_for_review=2).action == "ask"


def test_when_everybody_has_answered_the_check_follows_however_unquiet() -> None:
    assert step([90], n_askable=0).action == "check"
    assert step([90], n_askable=0, n_for_review=1).action == "review"


def test_after_a_failed_check_half_as_much_is_asked_again_however_calm() -> None:
    assert answers_owed(400, 400) == 200
    assert answers_owed(650, 400) == 0
    assert step([0, 0], n_owed=50).action == "ask"
    assert step([0, 0], n_askable=0, n_owed=50).action == "check"


def test_so_few_labels_that_nearly_all_are_checked_are_checked_at_once() -> None:
    assert step([90], n_unverified=400).action == "check"
    assert step([90], n_unverified=500).action == "ask"
    assert step([], n_unverified=400).action == "ask"


def test_every_step_says_why_in_one_sentence() -> None:
    for taken in (
        step([]),
        step([40]),
        step([1, 2]),
        step([1, 1], n_for_review=3),
        step([9], n_askable=0),
        step([9], n_unverified=9),
    ):
        assert taken.because.text.endswith(".")
        assert "\n" not in taken.because.text
    assert "changed 40 labels" in step([40]).because.text


def test_the_first_batch_is_a_random_draw() -> None:
    draws = {
        tuple(
            next_batch(
                SETTINGS,
                None,
                np.zeros(50, dtype=np.int64),
                askable=~mask(50),
                verified=mask(50),
                rng=np.random.default_rng(seed),
            )
        )
        for seed in range(5)
    }
    assert len(draws) == 5


def test_doubtful_assets_are_asked_again_until_the_limit() -> None:
    now = beliefs([0.1, 0.2, 0.3, 0.4, 0.9, 0.9, 0.9])
    assert {0, 1, 2} < batch(now, [1, 0, 1, 0, 0, 0, 0])
    assert not {0, 2} & batch(now, [2, 0, 2, 0, 0, 0, 0])


def test_batches_grow_with_the_answers() -> None:
    gaps = [i / 200 for i in range(200)]
    assert len(batch(beliefs(gaps), [1] * 100 + [0] * 100)) == 5
    assert len(batch(beliefs(gaps), [1] * 200)) == 10


def test_nobody_is_asked_what_nobody_can_answer_anew() -> None:
    now = beliefs([0.1, 0.2, 0.3, 0.4, 0.9])
    assert batch(now, [1, 1, 0, 0, 0], unaskable=[0, 1], verified=[2]) == {3, 4}


def test_a_person_alone_reviews_what_stays_unsure() -> None:
    now = beliefs([0.1, 0.9, 0.1, 0.1, 0.1])
    answers = np.array([1, 1, 0, 2, 1])
    found = assets_for_review(SETTINGS, now, answers, askable=mask(5, 2, 3), verified=mask(5, 4))
    assert found.tolist() == [0, 3]


@pytest.mark.parametrize(("n", "batch_size"), [(20, 5), (500, 5), (2_000, 10), (10_000, 50), (1_000_000, 100)])
def test_settings_follow_the_size_of_the_project(n: int, batch_size: int) -> None:
    settings = CycleSettings.for_project(n)
    assert settings.batch_size == batch_size
    assert 0 <= settings.calm_changes <= 0.15 * n * settings.target_error

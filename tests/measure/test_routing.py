"""Which assets a person sees next."""

import numpy as np

from karat.measure import BatchRule, choose_batch, posterior_gap

RULE = BatchRule(size=8, explore_share=0.25)


def chosen(gap: list[float], askable: list[bool], unseen: list[bool], rule: BatchRule = RULE) -> list[int]:
    batch = choose_batch(
        np.array(gap), rule, askable=np.array(askable), unseen=np.array(unseen), rng=np.random.default_rng(0)
    )
    return batch.tolist()


def test_the_gap_is_between_the_two_most_likely() -> None:
    gap = posterior_gap(np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [1 / 3, 1 / 3, 1 / 3]]))
    assert np.allclose(gap, [0.2, 0.7, 0.0])
    assert posterior_gap(np.ones((2, 1))).tolist() == [1.0, 1.0]


def test_three_quarters_are_the_most_doubtful_and_a_quarter_is_anything_unseen() -> None:
    batch = chosen([i / 100 for i in range(100)], [True] * 100, [i % 2 == 0 for i in range(100)])
    assert batch[:6] == [0, 1, 2, 3, 4, 5]
    assert len(set(batch)) == 8
    assert all(i % 2 == 0 for i in batch[6:])


def test_what_cannot_be_asked_is_never_chosen() -> None:
    batch = chosen([0.1, 0.2, 0.3, 0.4], [False, True, False, True], [True] * 4)
    assert sorted(batch) == [1, 3]


def test_nothing_left_to_ask_is_an_empty_batch() -> None:
    assert chosen([0.1, 0.2], [False, False], [True, True]) == []


def test_the_random_part_falls_back_to_assets_that_were_seen() -> None:
    assert sorted(chosen([0.1] * 8, [True] * 8, [False] * 8)) == list(range(8))

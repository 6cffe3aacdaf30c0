"""The draw that an auditor repeats."""

from hashlib import sha256

from karat.measure import draw_checks


def test_the_documented_recipe_gives_the_same_draw() -> None:
    by_hand = sorted(range(500), key=lambda i: sha256(f"9f3a:{i}".encode()).hexdigest())
    assert draw_checks(500, 40, "9f3a") == tuple(by_hand[:40])


def test_more_checks_extend_the_same_order() -> None:
    assert draw_checks(100, 30, "s")[:12] == draw_checks(100, 12, "s")


def test_a_draw_is_a_permutation_and_the_seed_matters() -> None:
    assert sorted(draw_checks(50, 99, "a")) == list(range(50))
    assert draw_checks(50, 50, "a") != draw_checks(50, 50, "b")


def test_every_position_is_drawn_equally_often() -> None:
    drawn = [0] * 20
    for seed in range(4_000):
        for position in draw_checks(20, 5, str(seed)):
            drawn[position] += 1
    # 1,000 expected each, standard deviation sqrt(4000 * 0.25 * 0.75) = 27: five of them.
    assert all(abs(n - 1_000) < 137 for n in drawn)

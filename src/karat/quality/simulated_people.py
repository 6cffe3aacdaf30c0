"""Simulated people, who err in a known way: for the demo, and for knowing beforehand what a project would cost."""

from collections.abc import Sequence
from hashlib import sha256

from karat.kit import Record

# The digits that people take for each other in handwriting, with no order of importance.
DIGIT_PAIRS = ((4, 9), (1, 7), (3, 5), (3, 8), (5, 6), (0, 6), (7, 9), (2, 7), (5, 8), (2, 3))
# Share of wrong answers of the people of the demo: careful ones and hasty ones, 3.1 % on average.
DEMO_ERROR_RATES = (0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.05, 0.06)
ALIKE_SHARE = 0.8  # of the mistakes are between classes that look alike, the rest is anything


class SimulatedPerson(Record):
    """Somebody who errs in a known way.

    Attributes:
        confusion: by true class, the chance of each answer.
    """

    name: str
    confusion: tuple[tuple[float, ...], ...]

    def answer(self, asset: str, truth: int, seed: int) -> int:
        """What the person says about this asset: always the same, whenever and however often it is asked."""
        digest = sha256(f"{seed}:{self.name}:{asset}".encode()).digest()
        draw, reached = int.from_bytes(digest[:8], "big") / 2**64, 0.0
        for label, chance in enumerate(self.confusion[truth]):
            reached += chance
            if draw < reached:
                return label
        return truth


def make_people(
    error_rates: Sequence[float] = DEMO_ERROR_RATES,
    *,
    n_classes: int = 10,
    alike: Sequence[tuple[int, int]] = DIGIT_PAIRS,
) -> tuple[SimulatedPerson, ...]:
    """People with these shares of wrong answers, who mostly mistake classes that look alike."""
    partners = [[b if a == c else a for a, b in alike if c in (a, b)] for c in range(n_classes)]
    people = []
    for number, error in enumerate(error_rates, start=1):
        rows = []
        for truth in range(n_classes):
            near = partners[truth]
            anything = error * (1 - ALIKE_SHARE if near else 1.0) / (n_classes - 1)
            row = [anything + (error * ALIKE_SHARE / len(near) if c in near else 0.0) for c in range(n_classes)]
            row[truth] = 1 - error
            rows.append(tuple(row))
        people.append(SimulatedPerson(name=f"Simulated person {number}", confusion=tuple(rows)))
    return tuple(people)

"""No class is ever impossible: the least that a model's probability counts for."""

from collections.abc import Sequence

FLOOR = 0.005  # share of belief that is kept even over all classes, as in `models.classifier`


def above_floor(shares: Sequence[float]) -> list[float]:
    """The same probabilities, none of them zero."""
    return [(1 - FLOOR) * share + FLOOR / len(shares) for share in shares]

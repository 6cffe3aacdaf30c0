"""Merging by weight: votes, and the weighted median. Sums are rounded once, so the order of the answers never decides."""

import math
from collections.abc import Sequence


def check_weights(payloads: Sequence[object], weights: Sequence[float]) -> None:
    """Refuse what cannot be merged.

    Raises:
        ValueError: no payload, or weights that do not fit.
    """
    if not payloads or len(payloads) != len(weights):
        raise ValueError("merging needs at least one payload and one weight for each")
    if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
        raise ValueError("weights must be finite and not negative, and one of them above zero")


def most_votes(values: Sequence[str], weights: Sequence[float]) -> str:
    """The value with the largest sum of weights; of equals the first by Unicode code point."""
    votes: dict[str, list[float]] = {}
    for value, weight in zip(values, weights, strict=True):
        votes.setdefault(value, []).append(weight)
    totals = {value: math.fsum(parts) for value, parts in votes.items()}
    return min(totals, key=lambda value: (-totals[value], value))


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value with half of the weight on either side; the middle between two where they share it evenly."""
    ordered = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0)
    half = math.fsum(weight for _, weight in ordered) / 2
    for index, (value, _) in enumerate(ordered):
        reached = math.fsum(weight for _, weight in ordered[: index + 1])
        if reached > half:
            return value
        if reached == half:
            following = ordered[index + 1][0]
            return value if following == value else (value + following) / 2
    return ordered[-1][0]

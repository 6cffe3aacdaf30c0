"""From the objects that several annotators gave on one asset to the things that they meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from karat.measure.arrays import FloatArray
from karat.measure.objects.matching import match_objects


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """One candidate thing.

    Attributes:
        members: index of the object by annotator, ascending; at most one object of each annotator.
    """

    members: dict[int, int]


def group_objects(
    n_objects: Sequence[int], overlap: Callable[[int, int], FloatArray], *, at_least: float
) -> list[ObjectGroup]:
    """Objects of several annotators that mean the same thing; one that nobody shares is a group of its own.

    Every two annotators are matched (Hungarian). The pairs, best first, then join groups, as long as no group gets two
    objects of one annotator and the mean overlap between the two groups is at least `at_least`: so a chain of boxes that
    slowly moves away does not become one thing. With two annotators the groups are exactly the matches.

    Args:
        n_objects: by annotator; 0 for one who answered that there is nothing.
        overlap: (n_a, n_b) of annotators a < b, each in 0 … 1; asked once a pair.

    Returns:
        Every object is in exactly one group; ordered by their first members.
    """
    annotators = [a for a, n in enumerate(n_objects) if n]
    overlaps = {(a, b): overlap(a, b) for a, b in combinations(annotators, 2)}
    pairs = [
        (-float(matrix[i, j]), (a, int(i)), (b, int(j)))
        for (a, b), matrix in overlaps.items()
        for i, j in match_objects(matrix, at_least=at_least)
    ]
    groups = {(a, i): {a: i} for a in annotators for i in range(n_objects[a])}
    for _, first, second in sorted(pairs):
        one, other = groups[first], groups[second]
        if one.keys().isdisjoint(other) and _mean_overlap(one, other, overlaps) >= at_least:
            one.update(other)
            for member in other.items():
                groups[member] = one
    found = {id(group): dict(sorted(group.items())) for group in groups.values()}
    return [ObjectGroup(members) for members in sorted(found.values(), key=lambda one: next(iter(one.items())))]


def _mean_overlap(one: dict[int, int], other: dict[int, int], overlaps: dict[tuple[int, int], FloatArray]) -> float:
    shared = [
        overlaps[a, b][i, j] if a < b else overlaps[b, a][j, i]
        for (a, i), (b, j) in product(one.items(), other.items())
    ]
    return float(sum(shared) / len(shared))

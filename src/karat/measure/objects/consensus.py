"""One belief about every thing in many assets, from the objects that annotators gave: groups, existence, class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from karat.measure.arrays import FloatArray, IntArray
from karat.measure.objects.beliefs import ObjectBeliefs, Sightings, believe_objects
from karat.measure.objects.grouping import ObjectGroup, group_objects


@dataclass(frozen=True, slots=True)
class AssetAnswers:
    """The answers on one asset.

    Attributes:
        annotators: who answered, indexes over all assets; each once. A model is one of them.
        labels: for each of them the class index of every object, in order; empty where nothing was seen.
        overlap: (n_a, n_b) of the answers at positions a < b of `annotators`.
    """

    annotators: Sequence[int]
    labels: Sequence[Sequence[int]]
    overlap: Callable[[int, int], FloatArray]


@dataclass(frozen=True, slots=True)
class ObjectConsensus:
    """What is believed of all groups of all assets.

    Attributes:
        asset: (n_groups,) position of the group's asset, ascending.
        groups: members by *position* among the asset's answers.
        beliefs: rows as `groups`.
    """

    asset: IntArray
    groups: tuple[ObjectGroup, ...]
    beliefs: ObjectBeliefs

    def of_asset(self, position: int) -> range:
        """Rows of the groups of one asset."""
        first, last = np.searchsorted(self.asset, [position, position + 1])
        return range(int(first), int(last))


def reach_consensus(
    answers: Sequence[AssetAnswers], *, n_annotators: int, n_classes: int, at_least: float = 0.5
) -> ObjectConsensus:
    """Group the objects of every asset and believe in the groups; all assets share the annotators' rates.

    Args:
        at_least: overlap from which two objects can be the same thing.
    """
    groups: list[ObjectGroup] = []
    assets: list[int] = []
    marks: list[tuple[int, int, int]] = []
    looks: list[tuple[int, int]] = []
    for position, one in enumerate(answers):
        for group in group_objects([len(given) for given in one.labels], one.overlap, at_least=at_least):
            row = len(groups)
            groups.append(group)
            assets.append(position)
            marks += [(row, one.annotators[a], one.labels[a][i]) for a, i in group.members.items()]
            looks += [(row, annotator) for annotator in one.annotators]
    mark = np.array(marks, dtype=np.int64).reshape(-1, 3)
    look = np.array(looks, dtype=np.int64).reshape(-1, 2)
    sightings = Sightings(
        group=mark[:, 0],
        annotator=mark[:, 1],
        label=mark[:, 2],
        looked_group=look[:, 0],
        looked_annotator=look[:, 1],
        n_groups=len(groups),
        n_annotators=n_annotators,
        n_classes=n_classes,
    )
    return ObjectConsensus(np.array(assets, dtype=np.int64), tuple(groups), believe_objects(sightings))

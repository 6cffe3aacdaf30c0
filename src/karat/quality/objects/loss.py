"""How much of an asset's label is lost: matched objects of the label and of the reference. Needs numpy and SciPy."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from karat.kit import Record
from karat.measure import match_objects, object_loss
from karat.modalities import ObjectKind


def asset_loss(
    kind: ObjectKind[Any], delivered: Sequence[Record], reference: Sequence[Record], at_least: float
) -> float:
    """0 where every object has its match … 1 where none has; symmetric. Nothing against nothing is right.

    1 - F1 of the objects, matched one to one with the largest sum of overlaps where the class is the same and the overlap
    at least the threshold. Attributes do not count.
    """
    matched = 0
    if delivered and reference:
        overlap = np.array([[_alike(kind, one, other) for other in reference] for one in delivered], dtype=np.float64)
        matched = len(match_objects(overlap, at_least=at_least))
    return object_loss(matched, len(delivered), len(reference))


def _alike(kind: ObjectKind[Any], one: Record, other: Record) -> float:
    return kind.overlap(one, other) if kind.class_of(one) == kind.class_of(other) else 0.0
